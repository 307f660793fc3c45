import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";

/** Counts of this module's records. */

export interface InboundTally {
  readonly in: number;
  readonly done: number;
  readonly late: number;
  readonly open: number;
}

const rows = `
  select closed_at is not null or state = 'classified' as done, coalesce(classified_at, closed_at, $1::timestamptz) > due_at as late
    from inbound_declaration
  union all select state = 'answered', coalesce(answered_at, $1::timestamptz) > due_at from inbound_letter
  union all select state in ('delivered', 'cancelled'), state <> 'cancelled' and coalesce(delivered_at, $1::timestamptz) > due_at from inbound_escort
  union all select state <> 'held', coalesce(ended_at, $1::timestamptz) > due_at from inbound_goods
  union all select true, day > due_on from inbound_worker_test
  union all select true, false from inbound_pass`;

/** Arrivals, letters, escorts, goods, tests of posts and passes: how many came in, are done, late, open. */
export async function inboundTally(tx: Tx): Promise<InboundTally> {
  return tx.sql.one<InboundTally>(
    `select count(*)::int as "in", (count(*) filter (where done))::int as done, (count(*) filter (where late))::int as late,
       (count(*) filter (where not done))::int as open from (${rows}) r`,
    [tx.now],
  );
}

export interface InboundDay {
  readonly level: string;
  readonly arrivals: number;
  readonly visited: number;
  readonly late: number;
}

/** Arrivals of an area by level: how many, how many visited, how many late. */
export async function arrivalCounts(tx: Tx, areaCode: string): Promise<InboundDay[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<InboundDay>(
    `select level, count(*)::int as arrivals, (count(*) filter (where classified_at is not null))::int as visited,
       (count(*) filter (where state <> 'cancelled' and coalesce(classified_at, $1::timestamptz) > due_at))::int as late
     from inbound_declaration where area_code >= $2 and area_code < $3 group by level order by level`,
    [tx.now, lo, hi],
  );
}

/** A checkpoint or a post on the map, if its position is known. */
export interface StandingPlace {
  readonly id: string;
  readonly areaCode: string;
  readonly name: string;
  readonly lat: number | null;
  readonly lon: number | null;
}

/** Exposed posts of an area, by area. */
export async function postsIn(tx: Tx, areaCode: string, limit: number): Promise<StandingPlace[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select id, area_code as "areaCode", name, lat, lon from inbound_post
     where area_code >= $1 and area_code < $2 order by area_code, code limit $3`,
    [lo, hi, limit],
  );
}

/** Open checkpoints of an area, by area. */
export async function openCheckpoints(tx: Tx, areaCode: string, limit: number): Promise<StandingPlace[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select id, area_code as "areaCode", name, lat, lon from inbound_checkpoint
     where area_code >= $1 and area_code < $2 and state = 'open' order by area_code, code limit $3`,
    [lo, hi, limit],
  );
}
