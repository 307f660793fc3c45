import { areaRange } from "#kernel/area";
import type { BareTx, Tx } from "#platform/context";
import { CopyWriter } from "#platform/copy";
import { inTurn } from "#platform/pipeline";
import { isSpread } from "#platform/spread";
import { addVisitDays, insertScans, missingDays } from "./scan.store.ts";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { NewVenue, Venue, VenueQuery } from "./venues.model.ts";
import type { VisitInput } from "./venues.rules.ts";

const venueColumns = `id, code, area_code as "areaCode", kind, name, name_en as "nameEn", lat, lon, capacity`;

/** Adds venues, or corrects those whose code is known; a venue's code never moves to another area's venue. */
export async function upsertVenues(tx: Tx, venues: readonly NewVenue[]): Promise<number> {
  return tx.sql.run(
    `insert into venue (id, code, area_code, kind, name, name_en, lat, lon, capacity, created_at)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::float8[], $9::int[])
       as new (id, code, area_code, kind, name, name_en, lat, lon, capacity), (values ($10::timestamptz)) as at
     on conflict (code) do update set kind = excluded.kind, name = excluded.name, name_en = excluded.name_en,
       lat = excluded.lat, lon = excluded.lon, capacity = excluded.capacity where venue.area_code = excluded.area_code`,
    [
      venues.map(() => tx.newId()),
      venues.map((v) => v.code),
      venues.map((v) => v.areaCode),
      venues.map((v) => v.kind),
      venues.map((v) => v.name),
      venues.map((v) => v.nameEn ?? v.name),
      venues.map((v) => v.lat ?? null),
      venues.map((v) => v.lon ?? null),
      venues.map((v) => v.capacity ?? null),
      tx.now,
    ],
  );
}

export async function pageVenues(tx: Tx, query: VenueQuery): Promise<Page<Venue>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Venue>(
    `select ${venueColumns} from venue where area_code >= $1 and area_code < $2 and ($3::text is null or kind = $3)
       and ($4::text is null or (area_code, code) > ($4, $5)) order by area_code, code limit $6`,
    [lo, hi, query.kind ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.code]);
}

export async function findVenue(tx: Tx, id: string): Promise<Venue | undefined> {
  return tx.sql.maybe<Venue>(`select ${venueColumns} from venue where id = $1`, [id]);
}

/** How many venues of each kind stand in some villages. */
export async function venueKindsIn(
  tx: Tx,
  villages: readonly string[],
): Promise<{ readonly kind: string; readonly count: number }[]> {
  return tx.sql.many(
    `select kind, count(*)::int as count from venue where area_code = any($1::text[]) group by kind order by count desc, kind`,
    [villages],
  );
}

/** The short numbers of venues by code; codes the reader may not see are missing. */
export async function venueNumbers(tx: Tx, codes: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.sql.many<{ code: string; no: number }>(
    "select code, no from venue where code = any($1::text[])",
    [codes],
  );
  return new Map(rows.map((row) => [row.code, row.no]));
}

const uniqueViolation = "23505";

/** Makes the day's partition if the day before it has one, so that no batch of scans has to at midnight. */
export async function addNextDay(tx: Tx, day: string): Promise<void> {
  await tx.sql.run(
    `select wuyang.add_visit_day($1::date) where to_regclass(wuyang.part_of('visit', $1::date - 1)) is not null
       and to_regclass(wuyang.part_of('visit', $1::date)) is null`,
    [day],
  );
}

function* visitRows(visits: readonly VisitInput[]): Generator<Buffer> {
  const writer = new CopyWriter();
  const midnights = new Map([...new Set(visits.map(({ day }) => day))].map((day) => [day, Date.parse(day)]));
  for (const visit of visits) {
    writer.row(5);
    writer.date(midnights.get(visit.day) ?? 0);
    writer.int4(visit.venueNo);
    writer.int4(visit.personId);
    writer.int4(visit.s);
    writer.int4(visit.len);
    if (writer.isFull) yield writer.take();
  }
  yield writer.end();
}

/**
 * Adds many visits, to the second, and returns the places of those that were here already, or that repeat another among
 * them; these may only get a later leaving, which the venue's gateway sends with the same arrival. spec: VEN-2, VEN-7
 * COPY is the fastest way in, and refuses all when one is there; repeats are rare, so only then are they inserted.
 */
export async function insertVisits(tx: BareTx, visits: readonly VisitInput[]): Promise<ReadonlySet<number>> {
  const days = visits.map((visit) => visit.day);
  await addVisitDays(tx, await missingDays(tx, days));
  await tx.sql.script("savepoint visits");
  try {
    await tx.sql.copyInBinary("visit (day, venue_no, person_id, s, len)", visitRows(visits));
    await tx.sql.script("release visits");
    return new Set();
  } catch (error) {
    await tx.sql.script("rollback to visits; release visits");
    if ((error as { readonly code?: unknown }).code !== uniqueViolation) throw error;
    return insertScans({ ...tx, sql: inTurn(tx.sql) }, visits);
  }
}

/** Venues by their short numbers; those the reader may not see are missing. */
export async function venuesByNo(tx: Tx, numbers: readonly number[]): Promise<Map<number, Venue>> {
  const rows = await tx.sql.many<Venue & { no: number }>(
    `select no, ${venueColumns} from venue where no = any($1::bigint[])`,
    [numbers],
  );
  return new Map(rows.map((row) => [row.no, row]));
}

/** Drops whole days that are older than the protocol keeps visits; returns how many. */
export async function dropDaysBefore(tx: Tx, day: string): Promise<number> {
  return (await tx.sql.one<{ n: number }>("select wuyang.drop_visit_days($1) as n", [day])).n;
}

const visitTables = ["visit_by_venue", "visit_closing", "visit"] as const;

/** One look into an index a venue, the smallest index first, and none at the day as a whole, which has thirty million visits. */
const useByVenue = `
  select left(venue.area_code, $5) as "areaCode", venue.kind, count(*)::int as venues, count(*) filter (where used.yes)::int as scanned
  from venue cross join lateral (select ${visitTables
    .map(
      (table) =>
        `exists (select from ${table} v where v.venue_no = venue.no and v.day >= $3::date and v.day <= $4::date offset 0)`,
    )
    .join(" or ")} as yes) used
  where venue.area_code >= $1 and venue.area_code < $2 group by 1, 2 order by 1, 2`;

/** The same where Citus spreads the visits, and asks no shard about rows that are on none: each reads its days. */
const useOfSpread = `
  with used as materialized (${visitTables
    .map((table) => `select venue_no from ${table} where day >= $3::date and day <= $4::date`)
    .join(" union ")})
  select left(venue.area_code, $5) as "areaCode", venue.kind, count(*)::int as venues, count(used.venue_no)::int as scanned
  from venue left join used on used.venue_no = venue.no
  where venue.area_code >= $1 and venue.area_code < $2 group by 1, 2 order by 1, 2`;

/** How many venues an area's divisions have by kind, and how many of them somebody scanned between two days. */
export async function venueUse(
  tx: Tx,
  input: { readonly areaCode: string; readonly from: string; readonly to: string; readonly codeLength: number },
): Promise<{ areaCode: string; kind: string; venues: number; scanned: number }[]> {
  const { lo, hi } = areaRange(input.areaCode);
  const text = (await isSpread(tx.sql, "visit")) ? useOfSpread : useByVenue;
  return tx.sql.many(text, [lo, hi, input.from, input.to, input.codeLength]);
}

/** The venues among the given codes that the reader may see, by code, with their areas. */
export async function venueAreas(tx: Tx, codes: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.sql.many<{ code: string; area_code: string }>(
    "select code, area_code from venue where code = any($1::text[])",
    [codes],
  );
  return new Map(rows.map((row) => [row.code, row.area_code]));
}

/** Names of venues by their short number, as the register of workplaces knows them. */
export async function venuesByNumber(
  tx: Tx,
  numbers: readonly number[],
): Promise<Map<number, { readonly name: string; readonly nameEn: string }>> {
  const rows = await tx.sql.many<{ no: number; name: string; nameEn: string }>(
    `select no, name, name_en as "nameEn" from venue where no = any($1::int[])`,
    [numbers],
  );
  return new Map(rows.map(({ no, ...venue }) => [no, venue]));
}

/** The public names of venues by id. */
export async function venueNames(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { readonly name: string; readonly nameEn: string; readonly kind: string }>> {
  const rows = await tx.sql.many<{ id: string; name: string; nameEn: string; kind: string }>(
    `select id, name, name_en as "nameEn", kind from venue where id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map(({ id, ...venue }) => [id, venue]));
}
