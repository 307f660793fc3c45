import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type { SiteKind } from "./isolation.model.ts";
import type { CheckAnswer, LifeEvent, SiteCard, SiteLife } from "./life.model.ts";
import { stateOf } from "./life.rules.ts";
import { counts, siteColumns } from "./sites.store.ts";

/** SQL of a site's life: its step, the events behind it, the answers to the list. */

const cardColumns = `${siteColumns}, s.life, s.life_since as "lifeSince", s.life_due_at as "lifeDueAt", s.ordered_at as "orderedAt",
  exists (select 1 from site_duty d where d.site_id = s.id and d.role = 'countyLeader' and d.to_at is null) as leader,
  exists (select 1 from site_duty d where d.site_id = s.id and d.role = 'disciplineOfficer' and d.to_at is null) as officer,
  (select count(*)::int from site_duty d where d.site_id = s.id and d.to_at is null and d.role not in ('countyLeader', 'disciplineOfficer')) as groups`;

export interface LifeQuery {
  readonly areaCode?: string;
  readonly kind?: SiteKind;
  readonly life?: SiteLife;
  /** Only sites whose present step is late. */
  readonly overdue?: boolean;
  readonly sort?: SiteSort | `-${SiteSort}`;
  readonly limit?: number;
  readonly cursor?: string;
}

export type SiteSort = "area" | "due" | "free" | "rooms";
type SiteRow = SiteCard & { readonly no: number };

/** What is free of a site, added up from its few counters. */
const ofCounters = (what: string): string =>
  `(select coalesce(sum(${what}), 0) from isolation_counter c where c.site_id = s.id)::int`;

/**
 * What is free is counted for every site the reader sees: a city has hundreds, and each three counters at most, so it is
 * worked out where the page is cut and needs no index.
 */
const siteSorts: SortTable<SiteRow, SiteSort> = {
  keys: {
    area: { sql: "s.area_code", type: "text", of: (row) => row.areaCode },
    due: { sql: "coalesce(s.life_due_at, 'infinity')", type: "timestamptz", of: (row) => row.lifeDueAt ?? "infinity" },
    free: {
      sql: ofCounters("c.beds - c.in_use - c.reserved - c.cleaning - c.blocked"),
      type: "integer",
      of: (row) => row.free,
    },
    rooms: { sql: ofCounters("c.rooms - c.rooms_busy"), type: "integer", of: (row) => row.roomsFree },
  },
  tie: { sql: "s.no", type: "integer", of: (row) => row.no },
};

/** A page of sites with their step; counters are joined for the page's rows alone. */
export async function pageSiteCards(tx: Tx, query: LifeQuery): Promise<Page<SiteCard>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, siteSorts, "area", area);
  const rows = await tx.sql.many<SiteRow>(
    `with s as materialized (
       select * from isolation_site s
       where s.area_code >= $1 and s.area_code < $2 and ($3::text is null or s.kind = $3) and ($4::text is null or s.life = $4)
         and (not $5::boolean or s.life_due_at < $6::timestamptz)
         and ${sort.after(8)}
       order by ${sort.order} limit $7
     )
     select ${cardColumns}, s.no, c.* from s cross join lateral (select ${counts} from isolation_counter c where c.site_id = s.id) c
     order by ${sort.order}`,
    [lo, hi, query.kind ?? null, query.life ?? null, query.overdue ?? false, tx.now, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

export async function siteCard(tx: Tx, id: string): Promise<SiteCard | undefined> {
  return tx.sql.maybe<SiteCard>(
    `select ${cardColumns}, c.* from isolation_site s
       cross join lateral (select ${counts} from isolation_counter c where c.site_id = s.id) c where s.id = $1`,
    [id],
  );
}

export interface LifeFacts {
  readonly id: string;
  readonly areaCode: string;
  readonly kind: SiteKind;
  readonly name: string;
  readonly phase: number | null;
  readonly readyAt: Instant | null;
  readonly life: SiteLife;
  readonly dueAt: Instant | null;
  readonly convertedBy: string | null;
}

/** A site's step, locked, so that two who act on it at once do so one after the other. */
export async function lockLife(tx: Tx, id: string): Promise<LifeFacts | undefined> {
  return tx.sql.maybe<LifeFacts>(
    `select id, area_code as "areaCode", kind, name, phase, ready_at as "readyAt", life, life_due_at as "dueAt", converted_by as "convertedBy"
     from isolation_site where id = $1 for update`,
    [id],
  );
}

/** Writes a step and the event of it. */
export async function setLife(
  tx: Tx,
  site: LifeFacts,
  life: SiteLife,
  dueAt: Instant | null,
  note: string | null,
): Promise<void> {
  await tx.sql.run(
    `update isolation_site set life = $2, state = $3, life_since = $4::timestamptz, life_due_at = $5::timestamptz,
       ordered_at = case when $2 = 'converting' then $4::timestamptz else ordered_at end,
       ordered_by = case when $2 = 'converting' then $6 else ordered_by end,
       converted_at = case when $2 = 'converted' and life = 'converting' then $4::timestamptz else converted_at end,
       converted_by = case when $2 = 'converted' and life = 'converting' then $6 else converted_by end,
       checked_at = case when $2 = 'checked' then $4::timestamptz else checked_at end,
       opened_at = case when $2 = 'opened' then $4::timestamptz else opened_at end,
       closed_at = case when $2 = 'cleaning' then $4::timestamptz when $2 = 'stoodDown' then closed_at else null end
     where id = $1`,
    [site.id, life, stateOf(life), tx.now, dueAt, tx.actor.id],
  );
  await tx.sql.run(
    `insert into site_life_event (site_id, area_code, life, at, by, was_due_at, note) values ($1, $2, $3, $4, $5, $6, $7)`,
    [site.id, site.areaCode, life, tx.now, tx.actor.id, site.dueAt, note],
  );
}

const eventsShownMax = 200;

export async function lifeEvents(tx: Tx, siteId: string): Promise<LifeEvent[]> {
  return tx.sql.many<LifeEvent>(
    `select life, at, by, was_due_at as "wasDueAt", coalesce(at > was_due_at, false) as late, note
     from site_life_event where site_id = $1 order by no desc limit ${eventsShownMax}`,
    [siteId],
  );
}

export interface StoredCheck extends Pick<CheckAnswer, "item" | "met"> {
  readonly note: string | null;
  readonly checkedAt: Instant;
  readonly checkedBy: string;
}

export async function checksOf(tx: Tx, siteId: string): Promise<StoredCheck[]> {
  return tx.sql.many<StoredCheck>(
    `select item, met, note, checked_at as "checkedAt", checked_by as "checkedBy" from site_check where site_id = $1 order by item`,
    [siteId],
  );
}

export async function saveChecks(
  tx: Tx,
  site: Pick<LifeFacts, "id" | "areaCode">,
  answers: readonly CheckAnswer[],
): Promise<void> {
  await tx.sql.run(
    `insert into site_check (site_id, item, area_code, met, note, checked_at, checked_by)
     select $1, n.item, $2, n.met, n.note, $3, $4 from unnest($5::text[], $6::boolean[], $7::text[]) n (item, met, note)
     on conflict (site_id, item) do update set met = excluded.met, note = excluded.note, checked_at = excluded.checked_at, checked_by = excluded.checked_by`,
    [
      site.id,
      site.areaCode,
      tx.now,
      tx.actor.id,
      answers.map((answer) => answer.item),
      answers.map((answer) => answer.met),
      answers.map((answer) => answer.note ?? null),
    ],
  );
}

/** A new conversion is checked anew. */
export async function dropChecks(tx: Tx, siteId: string): Promise<void> {
  await tx.sql.run("delete from site_check where site_id = $1", [siteId]);
}

/** Keeps all but the first `open` free beds of a site back; their batch comes later. */
export async function blockBedsAfter(tx: Tx, siteId: string, open: number): Promise<number> {
  return tx.sql.run(
    `update bed set state = 'blocked' where id in (select id from bed where site_id = $1 and state = 'free' order by id offset $2)`,
    [siteId, open],
  );
}

/** Opens the next batch of a site's blocked beds. */
export async function unblockBeds(tx: Tx, siteId: string, beds: number): Promise<number> {
  return tx.sql.run(
    `update bed set state = 'free' where id in (select id from bed where site_id = $1 and state = 'blocked' order by id limit $2)`,
    [siteId, beds],
  );
}

/** The sites of an area and a name, for the rows of a table. */
export async function siteIdsByName(
  tx: Tx,
  rows: readonly { areaCode: string; name: string }[],
): Promise<Map<string, string>> {
  const found = await tx.sql.many<{ id: string; areaCode: string; name: string }>(
    `select s.id, s.area_code as "areaCode", s.name from isolation_site s
     join unnest($1::text[], $2::text[]) n (area_code, name) on s.area_code = n.area_code and s.name = n.name`,
    [rows.map((row) => row.areaCode), rows.map((row) => row.name)],
  );
  return new Map(found.map((row) => [`${row.areaCode} ${row.name}`, row.id]));
}

export interface InHand {
  readonly areaCode: string;
  readonly kind: SiteKind;
  readonly life: SiteLife;
  readonly dueAt: Instant | null;
  readonly rooms: number;
  readonly beds: number;
}

/** Sites that are not open yet, with what they will add. */
export async function sitesInHand(tx: Tx, areaCode: string): Promise<InHand[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<InHand>(
    `select left(s.area_code, 6) as "areaCode", s.kind, s.life, greatest(s.life_due_at, s.ready_at) as "dueAt",
       coalesce(sum(c.rooms), 0)::int as rooms, coalesce(sum(c.beds), 0)::int as beds
     from isolation_site s left join isolation_counter c on c.site_id = s.id
     where s.state = 'planned' and s.area_code >= $1 and s.area_code < $2 group by s.id order by s.no`,
    [lo, hi],
  );
}

/** Arrivals minus departures since an instant, by county and kind of site. */
export async function netByCounty(
  tx: Tx,
  areaCode: string,
  since: Instant,
): Promise<{ areaCode: string; kind: SiteKind; net: number }[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select left(s.area_code, 6) as "areaCode", s.kind, sum(n)::int as net from (
       select site_id, 1 as n from stay where arrived_at >= $3 and area_code >= $1 and area_code < $2
       union all select site_id, -1 from stay where left_at >= $3 and area_code >= $1 and area_code < $2
     ) moves join isolation_site s on s.id = moves.site_id group by 1, 2`,
    [lo, hi, since],
  );
}
