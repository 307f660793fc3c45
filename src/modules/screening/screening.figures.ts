import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import { delaysOf, type DelayRow, type DelayScope } from "#modules/outbreaks";
import type { Tx } from "#platform/context";

/** Counts of this module's records for the reports and the live board, from the kept counters. */

const stages = `coalesce(sum(c.due), 0)::int as due, coalesce(sum(c.sampled), 0)::int as sampled,
  coalesce(sum(c.excused), 0)::int as excused, coalesce(sum(c.in_transit), 0)::int as "inTransit",
  coalesce(sum(c.received), 0)::int as received, coalesce(sum(c.resulted), 0)::int as resulted,
  coalesce(sum(c.positive), 0)::int as positive`;

export interface StageCounts {
  readonly due: number;
  readonly sampled: number;
  readonly excused: number;
  readonly inTransit: number;
  readonly received: number;
  readonly resulted: number;
  readonly positive: number;
}

export interface RoundFigures extends StageCounts {
  readonly id: string;
  readonly no: number;
  readonly areaCode: string;
  readonly openedAt: Instant;
  readonly dueAt: Instant | null;
  readonly closedAt: Instant | null;
  readonly state: string;
}

/** The newest area rounds with their people by stage inside an area, newest first. */
export async function roundFigures(
  tx: Tx,
  input: { outbreakId: string; areaCode: string; limit: number },
): Promise<RoundFigures[]> {
  const { lo, hi } = areaRange(input.areaCode);
  return tx.sql.many(
    `with newest as (
       select * from round where outbreak_id = $1 and kind = 'area' and ($2 like area_code || '%' or area_code like $2 || '%')
       order by opened_at desc, id desc limit $5
     )
     select r.id, r.no, r.area_code as "areaCode", r.opened_at as "openedAt", r.due_at as "dueAt", r.closed_at as "closedAt", r.state, ${stages}
     from newest r left join coverage c on c.round_id = r.id and c.area_code >= $3 and c.area_code < $4
     group by r.id, r.no, r.area_code, r.opened_at, r.due_at, r.closed_at, r.state
     order by r.opened_at desc, r.id desc`,
    [input.outbreakId, input.areaCode, lo, hi, input.limit],
  );
}

/** The people of a round by stage and county. */
export async function roundByCounty(
  tx: Tx,
  input: { roundId: string; areaCode: string },
): Promise<(StageCounts & { areaCode: string })[]> {
  const { lo, hi } = areaRange(input.areaCode);
  return tx.sql.many(
    `select left(c.area_code, 6) as "areaCode", ${stages}
     from coverage c where c.round_id = $1 and c.area_code >= $2 and c.area_code < $3 group by 1 order by 1`,
    [input.roundId, lo, hi],
  );
}

/** People sampled and people with a result in all rounds so far, from the kept counters. */
export async function testedSoFar(
  tx: Tx,
  input: { outbreakId: string; areaCode: string },
): Promise<{ sampled: number; resulted: number }> {
  const { lo, hi } = areaRange(input.areaCode);
  return tx.sql.one(
    `select coalesce(sum(c.sampled), 0)::int as sampled, coalesce(sum(c.resulted), 0)::int as resulted
     from round r join coverage c on c.round_id = r.id
     where r.outbreak_id = $1 and c.area_code >= $2 and c.area_code < $3`,
    [input.outbreakId, lo, hi],
  );
}

// One scan of the tubes serves three arrows; a round's tubes are read through its index.
const tubePairs = `
  select span.arrow, span.start, span.stop from round r
  join tube t on t.round_id = r.id and t.area_code >= $4 and t.area_code < $5 and t.state not in ('rejected', 'lost')
  cross join lateral (values
    ('collectToReceive', t.collected_at, t.received_at),
    ('receiveToResult', t.received_at, t.resulted_at),
    ('collectToResult', t.collected_at, t.resulted_at)
  ) as span (arrow, start, stop)
  where r.outbreak_id = $3 and ($6::timestamptz is null or r.opened_at >= $6)
  union all
  select 'roundOpenToResulted', opened_at, closed_at from round
  where outbreak_id = $3 and kind = 'area' and ($6::timestamptz is null or opened_at >= $6)
    and ($7 like area_code || '%' or area_code like $7 || '%')`;

/** The clocks of tubes and rounds, on the rounds opened since a moment. */
export async function screeningDelays(tx: Tx, scope: DelayScope): Promise<DelayRow[]> {
  const { lo, hi } = areaRange(scope.areaCode);
  return tx.sql.many(delaysOf(tubePairs), [
    JSON.stringify(scope.targets),
    tx.now,
    scope.outbreakId,
    lo,
    hi,
    scope.since,
    scope.areaCode,
  ]);
}

export interface OpenSite {
  readonly id: string;
  readonly areaCode: string;
  readonly name: string;
  readonly nameEn: string;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly capacity: number;
}

/** Open sampling sites of an area with their tables, by area. */
export async function openSites(tx: Tx, areaCode: string, limit: number): Promise<OpenSite[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select id, area_code as "areaCode", name, name_en as "nameEn", lat, lon, tables::int as capacity from site
     where area_code >= $1 and area_code < $2 and state = 'open' order by area_code, code limit $3`,
    [lo, hi, limit],
  );
}

/** How many sampling sites are open in each county of an area. */
export async function sitesByCounty(
  tx: Tx,
  areaCode: string,
  limit: number,
): Promise<{ readonly areaCode: string; readonly count: number }[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select left(area_code, 6) as "areaCode", count(*)::int as count from site
     where area_code >= $1 and area_code < $2 and state = 'open' group by 1 order by 1 limit $3`,
    [lo, hi, limit],
  );
}

/** Open laboratories of an area with the tubes each can do a day, by area. */
export async function openLabs(tx: Tx, areaCode: string, limit: number): Promise<OpenSite[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select id, area_code as "areaCode", name, name_en as "nameEn", lat, lon, capacity_tubes_day as capacity from lab
     where area_code >= $1 and area_code < $2 and state = 'open' order by area_code, code limit $3`,
    [lo, hi, limit],
  );
}
