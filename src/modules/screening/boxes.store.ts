import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import { lockedInOrder } from "./counters.store.ts";
import { numbersOf } from "./rounds.store.ts";
import type { Box, BoxQuery, BoxState, Lab, NewLab, NewSite, PlaceQuery, Site } from "./boxes.model.ts";

export interface BoxRow {
  readonly id: string;
  readonly code: string;
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly siteId: string;
  readonly state: BoxState;
  readonly tubes: number;
  readonly seal: string | null;
  readonly courier: string | null;
  readonly handedOverAt: Instant | null;
  readonly receivedAt: Instant | null;
  readonly labId: string | null;
}

const boxColumns = `id, code, outbreak_id as "outbreakId", area_code as "areaCode", site_id as "siteId", state, tubes, seal, courier,
  handed_over_at as "handedOverAt", received_at as "receivedAt", lab_id as "labId"`;

/** Finds the boxes of an outbreak by code, making those that are not there yet; all are locked. */
export async function ensureBoxes(
  tx: Tx,
  place: { outbreakId: string; siteId: string; areaCode: string },
  codes: readonly string[],
): Promise<Map<string, BoxRow>> {
  const found = await lockBoxes(tx, place.outbreakId, codes);
  const missing = codes.filter((code) => !found.has(code));
  if (missing.length === 0) return found;
  await tx.sql.run(
    `insert into box (id, outbreak_id, code, area_code, site_id, state)
     select n.id, $1, n.code, $2, $3, 'open' from unnest($4::uuid[], $5::text[]) n (id, code) on conflict do nothing`,
    [place.outbreakId, place.areaCode, place.siteId, missing.map(() => tx.newId()), missing],
  );
  return lockBoxes(tx, place.outbreakId, codes);
}

export async function lockBoxes(tx: Tx, outbreakId: string, codes: readonly string[]): Promise<Map<string, BoxRow>> {
  const rows = await tx.sql.many<BoxRow>(
    `select ${boxColumns} from box where outbreak_id = $1 and code = any($2::text[]) order by code for update`,
    [outbreakId, codes],
  );
  return new Map(rows.map((row) => [row.code, row]));
}

/** Seals boxes; what is in them is closed. */
export async function sealBoxes(tx: Tx, boxes: readonly { id: string; seal: string }[]): Promise<void> {
  await tx.sql.run(
    `update box b set state = 'sealed', seal = n.seal, sealed_at = $3, sealed_by = $4 from unnest($1::uuid[], $2::text[]) n (id, seal) where b.id = n.id`,
    [boxes.map((box) => box.id), boxes.map((box) => box.seal), tx.now, tx.actor.id],
  );
  await tx.sql.run("update tube set state = 'closed' where box_id = any($1::uuid[]) and state = 'open'", [
    boxes.map((box) => box.id),
  ]);
}

export interface Moved {
  readonly tubes: number;
  readonly people: number;
}

const settle = (change: string) => `,
  moved as (select s.round_id, s.area_code, count(*)::int as n from taken join sample s on s.tube_id = taken.id group by s.round_id, s.area_code),
  ${lockedInOrder},
  counted as (update coverage c set ${change} from moved m, locked where c.round_id = m.round_id and c.area_code = m.area_code)
  select count(*)::int as tubes, coalesce(sum(size), 0)::int as people from taken`;

/** The courier has the boxes: their tubes are in transit, and the counters with them. */
export async function sendBoxes(tx: Tx, boxIds: readonly string[], courier: string): Promise<Moved> {
  await tx.sql.run(
    "update box set state = 'in_transit', handed_over_at = $2, handed_over_by = $3, courier = $4 where id = any($1::uuid[])",
    [boxIds, tx.now, tx.actor.id, courier],
  );
  return tx.sql.one<Moved>(
    `with taken as (
       update tube set state = 'in_transit', handed_over_at = $2 where box_id = any($1::uuid[]) and state in ('open', 'closed') returning id, size)
     ${settle("at_site = c.at_site - m.n, in_transit = c.in_transit + m.n")}`,
    [boxIds, tx.now],
  );
}

/** The laboratory has the boxes and counted them; tubes it names as missing stay in transit. */
export async function takeBoxes(
  tx: Tx,
  labId: string,
  boxes: readonly { id: string; counted: number }[],
  missing: readonly string[],
): Promise<Moved> {
  const ids = boxes.map((box) => box.id);
  await tx.sql.run(
    `update box b set state = 'received', received_at = $3, received_by = $4, lab_id = $5, counted = n.counted
     from unnest($1::uuid[], $2::int[]) n (id, counted) where b.id = n.id`,
    [ids, numbersOf(boxes.map((box) => box.counted)), tx.now, tx.actor.id, labId],
  );
  return tx.sql.one<Moved>(
    `with taken as (
       update tube set state = 'received', received_at = $2, lab_id = $3
       where box_id = any($1::uuid[]) and state = 'in_transit' and not (barcode = any($4::text[])) returning id, size)
     ${settle("in_transit = c.in_transit - m.n, received = c.received + m.n")}`,
    [ids, tx.now, labId, missing],
  );
}

export interface NewDiscrepancy {
  readonly box: BoxRow;
  readonly counted: number;
  readonly missing: readonly string[];
}

export async function insertDiscrepancies(tx: Tx, labId: string, rows: readonly NewDiscrepancy[]): Promise<void> {
  for (const row of rows) {
    await tx.sql.run(
      `insert into box_discrepancy (id, box_id, area_code, lab_id, expected, counted, missing, found_at, found_by)
       values ($1, $2, $3, $4, $5, $6, $7::text[], $8, $9)`,
      [tx.newId(), row.box.id, row.box.areaCode, labId, row.box.tubes, row.counted, row.missing, tx.now, tx.actor.id],
    );
  }
}

/** A box that has not come so far yet stands before all that have. */
const boxSorts: SortTable<Box, "area" | "handedOver" | "received"> = {
  keys: {
    area: { sql: "area_code", type: "text", of: (row) => row.areaCode },
    handedOver: {
      sql: "coalesce(handed_over_at, '-infinity')",
      type: "timestamptz",
      of: (row) => row.handedOverAt ?? "-infinity",
    },
    received: {
      sql: "coalesce(received_at, '-infinity')",
      type: "timestamptz",
      of: (row) => row.receivedAt ?? "-infinity",
    },
  },
  tie: { sql: "code", type: "text", of: (row) => row.code },
};

export async function pageBoxes(tx: Tx, query: BoxQuery): Promise<Page<Box>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, boxSorts, "area", area);
  const rows = await tx.sql.many<Box>(
    `select ${boxColumns}, counted from box where area_code >= $1 and area_code < $2 and ($3::text is null or state = $3)
       and ${sort.after(5)} order by ${sort.order} limit $4`,
    [lo, hi, query.state ?? null, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

export interface SiteRow {
  readonly id: string;
  readonly areaCode: string;
  readonly state: "open" | "closed";
}

export async function findSite(tx: Tx, id: string): Promise<SiteRow | undefined> {
  return tx.sql.maybe<SiteRow>(`select id, area_code as "areaCode", state from site where id = $1`, [id]);
}

export async function findLab(tx: Tx, id: string): Promise<SiteRow | undefined> {
  return tx.sql.maybe<SiteRow>(`select id, area_code as "areaCode", state from lab where id = $1`, [id]);
}

/** Stores sites, or their new facts when the code is known; returns the ids by code. */
export async function upsertSites(tx: Tx, sites: readonly NewSite[]): Promise<Map<string, string>> {
  const rows = await tx.sql.many<{ id: string; code: string }>(
    `insert into site (id, code, area_code, name, name_en, tables, lat, lon, state, created_at)
     select n.*, 'open', $9::timestamptz from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::float8[], $8::float8[]) n
     on conflict (code) do update set name = excluded.name, name_en = excluded.name_en, tables = excluded.tables, lat = excluded.lat, lon = excluded.lon
     returning id, code`,
    [
      sites.map(() => tx.newId()),
      sites.map((s) => s.code),
      sites.map((s) => s.areaCode),
      sites.map((s) => s.name),
      sites.map((s) => s.nameEn ?? s.name),
      sites.map((s) => s.tables ?? 1),
      sites.map((s) => s.lat ?? null),
      sites.map((s) => s.lon ?? null),
      tx.now,
    ],
  );
  return new Map(rows.map((row) => [row.code, row.id]));
}

export async function upsertLabs(tx: Tx, labs: readonly NewLab[]): Promise<Map<string, string>> {
  const rows = await tx.sql.many<{ id: string; code: string }>(
    `insert into lab (id, code, area_code, name, name_en, capacity_tubes_day, lat, lon, state, created_at)
     select n.*, 'open', $9::timestamptz from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::float8[], $8::float8[]) n
     on conflict (code) do update set name = excluded.name, name_en = excluded.name_en, capacity_tubes_day = excluded.capacity_tubes_day,
       lat = excluded.lat, lon = excluded.lon
     returning id, code`,
    [
      labs.map(() => tx.newId()),
      labs.map((l) => l.code),
      labs.map((l) => l.areaCode),
      labs.map((l) => l.name),
      labs.map((l) => l.nameEn ?? l.name),
      labs.map((l) => l.capacityTubesDay),
      labs.map((l) => l.lat ?? null),
      labs.map((l) => l.lon ?? null),
      tx.now,
    ],
  );
  return new Map(rows.map((row) => [row.code, row.id]));
}

/** The areas of the places that have any of the codes. */
export async function knownPlaces(
  tx: Tx,
  table: "site" | "lab",
  codes: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.sql.many<{ code: string; areaCode: string }>(
    `select code, area_code as "areaCode" from ${table === "site" ? "site" : "lab"} where code = any($1::text[])`,
    [codes],
  );
  return new Map(rows.map((row) => [row.code, row.areaCode]));
}

export async function pageSites(tx: Tx, query: PlaceQuery): Promise<Page<Site>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Site>(
    `select id, code, area_code as "areaCode", name, name_en as "nameEn", tables, lat, lon, state from site
     where area_code >= $1 and area_code < $2 and ($3::text is null or (area_code, code) > ($3, $4)) order by area_code, code limit $5`,
    [lo, hi, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.code]);
}

export async function pageLabs(tx: Tx, query: PlaceQuery): Promise<Page<Lab>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Lab>(
    `select id, code, area_code as "areaCode", name, name_en as "nameEn", capacity_tubes_day as "capacityTubesDay", lat, lon, state,
       (select count(*)::int from tube where tube.lab_id = lab.id and tube.state = 'received') as backlog
     from lab where area_code >= $1 and area_code < $2 and ($3::text is null or (area_code, code) > ($3, $4)) order by area_code, code limit $5`,
    [lo, hi, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.code]);
}
