import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { isSpread } from "#platform/spread";
import type { StoredCounter } from "./reconcile.model.ts";
import { areaSlices, noCounts, tubeSlices, type Counts, type TubeSpan, type VillageCounts } from "./reconcile.rules.ts";
import type { RoundRow } from "./rounds.store.ts";

/**
 * The recount of a round's counters from the rows: people, swabs with their tubes, absences and traces, in one
 * statement, so that what is written meanwhile is in both or in neither. Why it is written as it is, with what the
 * alternatives take, stands in docs/decisions/recount.md.
 */

/** Where each counter's people are found; the numbers stand for the kinds of rows in the statement. */
const kinds = { due: 0, atSite: 1, inTransit: 2, received: 3, negative: 4, positive: 5, excused: 6, lost: 7 } as const;

const stageKind = `case t.state when 'open' then ${kinds.atSite} when 'closed' then ${kinds.atSite} when 'in_transit' then ${kinds.inTransit}
  when 'received' then ${kinds.received} when 'resulted' then case when t.result = 'positive' then ${kinds.positive} else ${kinds.negative} end end`;

const partsOf = (count: number, part: (from: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => part(i + 1));

/** Swabs by village in the order of tubes: those of a tube become one row before the tube is looked at. $1 round, $2 bounds. */
const inOrder = (i: number): string => `
  select s.area_code, ${stageKind} as kind, sum(s.n)::bigint as n
  from (select tube_id, round_id, area_code, count(*) as n from sample
    where tube_id >= ($2::bigint[])[${i}] and tube_id < ($2::bigint[])[${i + 1}] and round_id = $1 group by tube_id, round_id, area_code) s
  join tube t on t.id = s.tube_id and t.round_id = s.round_id
  where t.round_id = $1 and t.id >= ($2::bigint[])[${i}] and t.id < ($2::bigint[])[${i + 1}] group by 1, 2`;

/** The same where a round's tubes stand among those of others. */
const eachTube = `
  select s.area_code, ${stageKind} as kind, sum(s.n)::bigint as n from tube t
  cross join lateral (select area_code, count(*) as n from sample where tube_id = t.id and round_id = t.round_id group by area_code offset 0) s
  where t.round_id = $1 and $2::bigint[] is not null group by 1, 2`;

/** $3 bounds of the round's area, $4 its villages or null. */
const people = (i: number): string => `
  select area_code, ${kinds.due} as kind, count(*) as n from person
  where area_code >= ($3::text[])[${i}] and area_code < ($3::text[])[${i + 1}] and ($4::text[] is null or area_code = any($4::text[]))
  group by area_code`;

/** Who registered after the round closed is not due in it. $5 when it closed, or null. */
const others = [
  `
  select area_code, ${kinds.due} as kind, -count(*) as n from person
  where registered_at > $5::timestamptz and area_code >= $6 and area_code < $7 and ($4::text[] is null or area_code = any($4::text[]))
  group by area_code`,
  `
  select area_code, ${kinds.excused} as kind, count(*) as n from absence where round_id = $1 group by area_code`,
  `
  select area_code, ${kinds.lost} as kind, count(*) as n from sample_trace where round_id = $1 and why = 'lost' group by area_code`,
];

const countedOf = (counter: string, of: string): string =>
  `coalesce(sum(x.n) filter (where x.kind in (${of})), 0)::int as ${counter}`;

const countedColumns = [
  countedOf("due", `${kinds.due}`),
  countedOf("excused", `${kinds.excused}`),
  countedOf("at_site", `${kinds.atSite}`),
  countedOf("in_transit", `${kinds.inTransit}`),
  countedOf("received", `${kinds.received}`),
  countedOf("resulted", `${kinds.negative}, ${kinds.positive}`),
  countedOf("positive", `${kinds.positive}`),
  countedOf("lost", `${kinds.lost}`),
].join(", ");

const columns = ["due", "excused", "at_site", "in_transit", "received", "resulted", "positive", "lost"] as const;
const pairOf = (alias: string, prefix: string): string =>
  columns.map((name) => `${alias}.${name} as ${prefix}${name}`).join(", ");

const besideKept = (parts: readonly string[]): string => `
  with counted as (select x.area_code, ${countedColumns} from (${parts.join("\n  union all")}) x group by x.area_code)
  select coalesce(n.area_code, k.area_code) as "areaCode", ${pairOf("n", "n_")}, ${pairOf("k", "k_")}
  from counted n full join (select * from coverage where round_id = $1) k on k.area_code = n.area_code order by 1`;

const slices = 8;
const areaInOrder = besideKept([...partsOf(slices, inOrder), ...partsOf(slices, people), ...others]);
const areaEach = besideKept([eachTube, ...partsOf(slices, people), ...others]);

/**
 * The same where Citus spreads people and swabs: each machine counts its own, and the sums are joined with the tubes. There
 * is no moment that all machines share, so who is registered or sampled in that instant may be seen by one part alone;
 * counters are set right by a second count, when their villages are locked. $2 and $3 bounds of the area, $4 its villages
 * or null, $5 when it closed or null.
 */
const areaOfSpread = `
  with held as materialized (
    select tube_id, area_code, count(*)::bigint as n from sample where round_id = $1 group by tube_id, area_code),
  listed as materialized (
    select area_code, count(*)::bigint as n from person
    where area_code >= $2 and area_code < $3 and ($4::text[] is null or area_code = any($4::text[]))
      and (registered_at > $5::timestamptz) is not true group by area_code),
  away as materialized (select area_code, count(*)::bigint as n from absence where round_id = $1 group by area_code),
  counted as (select x.area_code, ${countedColumns} from (
    select s.area_code, ${stageKind} as kind, sum(s.n)::bigint as n from held s join tube t on t.id = s.tube_id
    where t.round_id = $1 group by 1, 2
    union all select area_code, ${kinds.due}, n from listed
    union all select area_code, ${kinds.excused}, n from away
    union all select area_code, ${kinds.lost}, count(*) from sample_trace where round_id = $1 and why = 'lost' group by area_code
    ) x group by x.area_code)
  select coalesce(n.area_code, k.area_code) as "areaCode", ${pairOf("n", "n_")}, ${pairOf("k", "k_")}
  from counted n full join (select * from coverage where round_id = $1) k on k.area_code = n.area_code order by 1`;

type Pair = Readonly<Record<`${"n" | "k"}_${string}`, number | null>> & { readonly areaCode: string };

function countsOf(row: Pair, prefix: "n" | "k"): Counts | null {
  const of = (name: string): number | null => row[`${prefix}_${name}`] ?? null;
  if (of("due") === null) return null;
  const counts: Record<StoredCounter, number> = {
    due: of("due") ?? 0,
    excused: of("excused") ?? 0,
    atSite: of("at_site") ?? 0,
    inTransit: of("in_transit") ?? 0,
    received: of("received") ?? 0,
    resulted: of("resulted") ?? 0,
    positive: of("positive") ?? 0,
    lost: of("lost") ?? 0,
  };
  return counts;
}

function villageOf(row: Pair): VillageCounts {
  return { areaCode: row.areaCode, counted: countsOf(row, "n") ?? noCounts, kept: countsOf(row, "k") };
}

/** Processes that help with a round of more tubes than one process counts in the time it takes to start another. */
const helpers = 2;
const tubesAloneMax = 20_000;

/**
 * Plans for whole rounds. The fence's bounds are not known when a plan is made, so the planner takes a two-hundredth
 * of each table for granted and would look up row by row; and a slice is worth a process though it gives few rows.
 */
const wholeRound = (tubes: number): Readonly<Record<string, string>> => ({
  enable_hashjoin: "off",
  enable_nestloop: "off",
  enable_sort: "off",
  max_parallel_workers_per_gather: tubes < tubesAloneMax ? "0" : String(helpers),
  parallel_setup_cost: "0",
  parallel_tuple_cost: "0",
  // A slice is one process's work: it is not divided again.
  min_parallel_table_scan_size: "4TB",
  min_parallel_index_scan_size: "4TB",
});

/** Reads with settings of the planner that end with the reading. */
async function withPlans<T>(tx: Tx, settings: Readonly<Record<string, string>>, read: () => Promise<T>): Promise<T> {
  await tx.sql.script("savepoint plans");
  await tx.sql.run("select set_config(name, value, true) from unnest($1::text[], $2::text[]) s (name, value)", [
    Object.keys(settings),
    Object.values(settings),
  ]);
  const found = await read();
  await tx.sql.script("rollback to plans; release plans");
  return found;
}

async function tubesOf(tx: Tx, roundId: string): Promise<TubeSpan> {
  return tx.sql.one<TubeSpan>(
    "select count(*)::int as tubes, coalesce(min(id), 0) as first, coalesce(max(id), 0) as last from tube where round_id = $1",
    [roundId],
  );
}

/** The villages of a round with what its rows count and what its counters say. */
export async function recountArea(tx: Tx, round: RoundRow): Promise<VillageCounts[]> {
  const range = areaRange(round.areaCode);
  if (await isSpread(tx.sql, "sample")) {
    const asked = [round.id, range.lo, range.hi, round.villages, round.closedAt];
    return (await tx.sql.many<Pair>(areaOfSpread, asked)).map(villageOf);
  }
  const villages = await tx.sql.many<{ code: string }>(
    "select area_code as code from coverage where round_id = $1 and area_code >= $2 and area_code < $3 order by 1",
    [round.id, range.lo, range.hi],
  );
  const span = await tubesOf(tx, round.id);
  const tubes = tubeSlices(span);
  const areas = areaSlices(
    range,
    villages.map((village) => village.code),
  );
  const closedAt: Instant | null = round.closedAt;
  const args = [round.id, tubes ?? [], areas, round.villages, closedAt, range.lo, range.hi];
  const rows =
    tubes === null
      ? await tx.sql.many<Pair>(areaEach, args)
      : await withPlans(tx, wholeRound(span.tubes), () => tx.sql.many<Pair>(areaInOrder, args));
  return rows.map(villageOf);
}

/** Everybody's swab is in a tube of its round here; nobody is due by area. $1 rounds. */
const standing = `
  with parts as (
    select t.round_id, s.area_code, ${stageKind} as kind, sum(s.n)::bigint as n from tube t
    cross join lateral (select area_code, count(*) as n from sample where tube_id = t.id and round_id = t.round_id group by area_code offset 0) s
    where t.round_id = any($1::uuid[]) group by 1, 2, 3
    union all select round_id, area_code, ${kinds.excused}, count(*) from absence where round_id = any($1::uuid[]) group by 1, 2
    union all select round_id, area_code, ${kinds.lost}, count(*) from sample_trace where round_id = any($1::uuid[]) and why = 'lost' group by 1, 2),
  counted as (select x.round_id, x.area_code, ${countedColumns} from parts x group by 1, 2)
  select coalesce(n.round_id, k.round_id) as "roundId", coalesce(n.area_code, k.area_code) as "areaCode", ${pairOf("n", "n_")}, ${pairOf("k", "k_")}
  from counted n full join (select * from coverage where round_id = any($1::uuid[])) k on k.round_id = n.round_id and k.area_code = n.area_code
  order by 1, 2`;

/** The same where Citus spreads the swabs. */
const standingOfSpread = `
  with held as materialized (
    select round_id, tube_id, area_code, count(*)::bigint as n from sample where round_id = any($1::uuid[]) group by round_id, tube_id, area_code),
  away as materialized (
    select round_id, area_code, count(*)::bigint as n from absence where round_id = any($1::uuid[]) group by round_id, area_code),
  parts as (
    select t.round_id, s.area_code, ${stageKind} as kind, sum(s.n)::bigint as n
    from held s join tube t on t.id = s.tube_id and t.round_id = s.round_id group by 1, 2, 3
    union all select round_id, area_code, ${kinds.excused}, n from away
    union all select round_id, area_code, ${kinds.lost}, count(*) from sample_trace where round_id = any($1::uuid[]) and why = 'lost' group by 1, 2),
  counted as (select x.round_id, x.area_code, ${countedColumns} from parts x group by 1, 2)
  select coalesce(n.round_id, k.round_id) as "roundId", coalesce(n.area_code, k.area_code) as "areaCode", ${pairOf("n", "n_")}, ${pairOf("k", "k_")}
  from counted n full join (select * from coverage where round_id = any($1::uuid[])) k on k.round_id = n.round_id and k.area_code = n.area_code
  order by 1, 2`;

/** The same for rounds that collect a day's single tubes, many at once because each is small. */
export async function recountStanding(tx: Tx, roundIds: readonly string[]): Promise<Map<string, VillageCounts[]>> {
  const text = (await isSpread(tx.sql, "sample")) ? standingOfSpread : standing;
  const rows = await tx.sql.many<Pair & { readonly roundId: string }>(text, [roundIds]);
  const byRound = new Map<string, VillageCounts[]>(roundIds.map((id) => [id, []]));
  for (const row of rows) byRound.get(row.roundId)?.push(villageOf(row));
  return byRound;
}
