import { areaRange, everywhere } from "#kernel/area";
import type { Day, Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { planOnce } from "#platform/db";
import { setBounds } from "#platform/fence";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type {
  AbsenceReason,
  Counters,
  NotSampledQuery,
  NotSampledRow,
  Purpose,
  Round,
  RoundQuery,
} from "./screening.model.ts";
import { lockedInOrder } from "./counters.store.ts";
import type { PastRound } from "./screening.rules.ts";

const plansTexts = {
  anew: "set local plan_cache_mode = force_custom_plan; set local enable_seqscan = on",
  byKey:
    "set local plan_cache_mode = force_custom_plan; set local enable_seqscan = on; set local enable_bitmapscan = off",
  once: `${planOnce("true")}; set local enable_seqscan = off; set local enable_bitmapscan = off`,
} as const;

/**
 * Lifts the jurisdiction fence for the rest of this use case: the caller has checked its site, laboratory
 * or round, and members of a tube may live anywhere. Plans are made anew each time, because one made while the
 * sample table was small would scan it once it is large. What is read by key alone is read without bitmaps: the planner
 * takes every area for a narrow one, and would lay the bitmap of a box over that of all the city's tubes, a hundred
 * milliseconds in a city of nine million. Where a call is small and comes a hundred times a second they
 * are made once a connection, of look-ups by key and nothing else: making them took longer than what they plan.
 */
export async function enterBulk(tx: Tx, plans: keyof typeof plansTexts): Promise<void> {
  await setBounds(tx.sql, everywhere, plansTexts[plans]);
}

/** Numbers as the text of a PostgreSQL array, which is quicker to make than the driver's own. */
export function numbersOf(values: readonly number[]): string {
  return `{${values.join(",")}}`;
}

export interface RoundRow {
  readonly id: string;
  readonly outbreakId: string;
  readonly kind: Purpose;
  readonly no: number;
  readonly areaCode: string;
  readonly villages: readonly string[] | null;
  readonly areaType: string;
  readonly stage: "regular" | "final" | "standing";
  readonly day: Day;
  readonly poolSize: number;
  readonly householdSize: number;
  readonly openedAt: Instant;
  readonly dueAt: Instant | null;
  readonly closedAt: Instant | null;
  readonly state: "open" | "closed";
  readonly communityPositives: number;
}

export const roundColumns = `r.id, r.outbreak_id as "outbreakId", r.kind, r.no, r.area_code as "areaCode", r.scope->'villages' as villages,
  r.area_type as "areaType", r.stage, r.day, r.pool_size as "poolSize", r.household_size as "householdSize", r.opened_at as "openedAt",
  r.due_at as "dueAt", r.closed_at as "closedAt", r.state, r.community_positives as "communityPositives"`;

export const sums = `coalesce(sum(c.due), 0)::int as due, coalesce(sum(c.sampled), 0)::int as sampled, coalesce(sum(c.excused), 0)::int as excused,
  coalesce(sum(c.at_site), 0)::int as "atSite", coalesce(sum(c.in_transit), 0)::int as "inTransit", coalesce(sum(c.received), 0)::int as received,
  coalesce(sum(c.resulted), 0)::int as resulted, coalesce(sum(c.positive), 0)::int as positive, coalesce(sum(c.lost), 0)::int as lost`;

export interface NewRound extends Omit<RoundRow, "no" | "closedAt" | "state" | "communityPositives"> {
  readonly protocolVersion: string;
}

/** Stores a round under the next number of its kind and area; returns undefined when the day's standing round is there. */
export async function insertRound(tx: Tx, round: NewRound): Promise<number | undefined> {
  const scope = round.villages === null ? {} : { villages: round.villages };
  const row = await tx.sql.maybe<{ no: number }>(
    `insert into round (id, outbreak_id, kind, no, area_code, scope, area_type, stage, day, pool_size, household_size, protocol_version, opened_at, due_at, state)
     select $1, $2, $3, coalesce(max(no), 0) + 1, $4, $5::jsonb, $6, $7, $8::date, $9, $10, $11, $12, $13, 'open'
     from round where outbreak_id = $2 and kind = $3 and area_code = $4
     on conflict do nothing returning no`,
    [
      round.id,
      round.outbreakId,
      round.kind,
      round.areaCode,
      JSON.stringify(scope),
      round.areaType,
      round.stage,
      round.day,
      round.poolSize,
      round.householdSize,
      round.protocolVersion,
      round.openedAt,
      round.dueAt,
    ],
  );
  return row?.no;
}

export async function standingRound(
  tx: Tx,
  key: { outbreakId: string; kind: Purpose; areaCode: string; day: Day },
): Promise<string | undefined> {
  const row = await tx.sql.maybe<{ id: string }>(
    "select id from round where outbreak_id = $1 and kind = $2 and area_code = $3 and day = $4 and kind <> 'area'",
    [key.outbreakId, key.kind, key.areaCode, key.day],
  );
  return row?.id;
}

/** Counts who is due by village and excuses those who are in isolation; returns both sums. */
export async function fillCoverage(
  tx: Tx,
  round: { id: string; areaCode: string; villages: readonly string[] | null },
): Promise<{ due: number; excused: number }> {
  const { lo, hi } = areaRange(round.areaCode);
  const args = [round.id, lo, hi, round.villages];
  const inScope = "area_code >= $2 and area_code < $3 and ($4::text[] is null or area_code = any($4::text[]))";
  await tx.sql.run(
    `insert into coverage (round_id, area_code, due)
     select $1, area_code, count(*) from person where ${inScope} group by area_code order by area_code`,
    args,
  );
  await tx.sql.run(
    `with gone as (
       insert into absence (round_id, person_id, area_code, reason, recorded_at, recorded_by)
       select $1, person_id, area_code, 'quarantined', $5, $6 from isolated_person where ${inScope}
       on conflict do nothing returning area_code)
     update coverage c set excused = c.excused + g.n from (select area_code, count(*)::int as n from gone group by 1) g
     where c.round_id = $1 and c.area_code = g.area_code`,
    [...args, tx.now, tx.actor.id],
  );
  return tx.sql.one<{ due: number; excused: number }>(
    "select coalesce(sum(due), 0)::int as due, coalesce(sum(excused), 0)::int as excused from coverage where round_id = $1",
    [round.id],
  );
}

export async function findRound(tx: Tx, id: string): Promise<RoundRow | undefined> {
  return tx.sql.maybe<RoundRow>(`select ${roundColumns} from round r where r.id = $1`, [id]);
}

export async function lockRound(tx: Tx, id: string): Promise<RoundRow | undefined> {
  return tx.sql.maybe<RoundRow>(`select ${roundColumns} from round r where r.id = $1 for update`, [id]);
}

/** The sums of a round over the part of it the reader may see. */
export async function roundCounters(tx: Tx, roundId: string): Promise<Counters> {
  return tx.sql.one<Counters>(`select ${sums} from coverage c where c.round_id = $1`, [roundId]);
}

/** Tubes of the round without a result, and positive ones. */
export async function roundTubes(tx: Tx, roundId: string): Promise<{ waiting: number; positive: number }> {
  return tx.sql.one(
    `select count(*) filter (where state in ('open', 'closed', 'in_transit', 'received'))::int as waiting,
       count(*) filter (where result = 'positive')::int as positive from tube where round_id = $1`,
    [roundId],
  );
}

export async function markClosed(tx: Tx, roundId: string): Promise<void> {
  await tx.sql.run("update round set state = 'closed', closed_at = $2 where id = $1", [roundId, tx.now]);
}

/** Rounds are few: a handful a day for a whole city, so that sorting them needs no index. */
const roundSorts: SortTable<RoundRow & Counters, "opened" | "due"> = {
  keys: {
    opened: { sql: "opened_at", type: "timestamptz", of: (row) => row.openedAt },
    due: { sql: "coalesce(due_at, 'infinity')", type: "timestamptz", of: (row) => row.dueAt ?? "infinity" },
  },
  tie: { sql: "id", type: "uuid", of: (row) => row.id },
};

/** Rounds over, inside or around the area, newest first. */
export async function pageRounds(tx: Tx, query: RoundQuery): Promise<Page<Omit<Round, "areaName">>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const sort = sortOf(query, roundSorts, "-opened");
  const rows = await tx.sql.many<RoundRow & Counters>(
    `select ${roundColumns}, s.* from (
       select * from round
       where (starts_with(area_code, $1) or starts_with($1, area_code)) and ($2::text is null or kind = $2) and ($3::text is null or state = $3)
         and ${sort.after(5)}
       order by ${sort.order} limit $4) r
     cross join lateral (select ${sums} from coverage c where c.round_id = r.id) s
     order by ${sort.order}`,
    [area, query.kind === "all" ? null : (query.kind ?? "area"), query.state ?? null, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

/** The newest area round that covers the area or lies in it. */
export async function newestAreaRound(tx: Tx, outbreakId: string, area: string): Promise<RoundRow | undefined> {
  return tx.sql.maybe<RoundRow>(
    `select ${roundColumns} from round r where outbreak_id = $1 and kind = 'area' and (starts_with(area_code, $2) or starts_with($2, area_code))
     order by opened_at desc, id desc limit 1`,
    [outbreakId, area],
  );
}

/** People of the round who are in no tube of it, with the reason if one is recorded. */
export async function pageNotSampled(
  tx: Tx,
  round: RoundRow,
  query: NotSampledQuery,
): Promise<Page<Omit<NotSampledRow, "personName">>> {
  const limit = pageSize(query.limit);
  const scope = areaRange(round.areaCode);
  const wanted = areaRange(query.areaCode ?? tx.actor.areaCode);
  const lo = scope.lo > wanted.lo ? scope.lo : wanted.lo;
  const hi = scope.hi < wanted.hi ? scope.hi : wanted.hi;
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Omit<NotSampledRow, "personName">>(
    `select p.id as "personId", p.area_code as "areaCode", p.household_id as "householdId", a.reason
     from person p left join absence a on a.person_id = p.id and a.round_id = $1
     where p.area_code >= $2 and p.area_code < $3
       and ($4::text[] is null or p.area_code = any($4::text[]))
       and not exists (select from sample s where s.person_id = p.id and s.round_id = $1)
       and ($5::text is null or a.reason = $5 or ($5 = 'none' and a.reason is null))
       and ($6::text is null or (p.area_code, p.id) > ($6, $7::bigint))
     order by p.area_code, p.id limit $8`,
    [round.id, lo, hi, round.villages, query.reason ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.personId]);
}

/** Records why people are not sampled; a later reason replaces the earlier one. People already in a tube are passed over. */
export async function insertAbsences(
  tx: Tx,
  roundId: string,
  people: readonly { personId: number; reason: AbsenceReason }[],
): Promise<{ recorded: number; sampled: number; unknown: number }> {
  const unique = [...new Map(people.map((row) => [row.personId, row.reason])).entries()].toSorted(
    (a, b) => a[0] - b[0],
  );
  return tx.sql.one(
    `with p as materialized (select id, area_code from person where id = any($2::bigint[])),
     s as materialized (select person_id, tube_id from sample where person_id = any($2::bigint[]) and round_id = $1),
     w as materialized (select * from unnest($2::bigint[], $3::text[]) w (person_id, reason)),
     wanted as (
       select w.person_id, w.reason, p.area_code, s.tube_id from w
       left join p on p.id = w.person_id left join s on s.person_id = w.person_id),
     put as (
       insert into absence as a (round_id, person_id, area_code, reason, recorded_at, recorded_by)
       select $1, person_id, area_code, reason, $4, $5 from wanted where area_code is not null and tube_id is null
       on conflict (person_id, round_id) do update set reason = excluded.reason, recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by
       returning area_code, xmax = 0 as fresh),
     counted as (
       insert into coverage as c (round_id, area_code, excused)
       select $1, area_code, count(*) from put where fresh group by area_code order by area_code
       on conflict (round_id, area_code) do update set excused = c.excused + excluded.excused returning 1)
     select (select count(*)::int from put) as recorded,
       (select count(*)::int from wanted where tube_id is not null) as sampled,
       (select count(*)::int from wanted where area_code is null and tube_id is null) as unknown`,
    [roundId, numbersOf(unique.map((row) => row[0])), unique.map((row) => row[1]), tx.now, tx.actor.id],
  );
}

/** Marks people as in isolation and excuses them in the open area rounds that cover them. */
export async function excuseIsolated(tx: Tx, personIds: readonly number[]): Promise<void> {
  const ids = numbersOf(personIds.toSorted((a, b) => a - b));
  await tx.sql.run(
    `insert into isolated_person (person_id, area_code, since)
     select id, area_code, $2 from person where id = any($1::bigint[]) order by id on conflict do nothing`,
    [ids, tx.now],
  );
  await tx.sql.run(
    `with p as materialized (select id, area_code from person where id = any($1::bigint[])),
     s as materialized (select person_id, round_id from sample where person_id = any($1::bigint[])),
     gone as (
       insert into absence (round_id, person_id, area_code, reason, recorded_at, recorded_by)
       select r.id, p.id, p.area_code, 'quarantined', $2, $3
       from round r join p on starts_with(p.area_code, r.area_code)
         and (r.scope->'villages' is null or r.scope->'villages' ? p.area_code)
       where r.kind = 'area' and r.state = 'open'
         and not exists (select from s where s.person_id = p.id and s.round_id = r.id)
       on conflict do nothing returning round_id, area_code),
     moved as (select round_id, area_code, count(*)::int as n from gone group by 1, 2),
     ${lockedInOrder}
     update coverage c set excused = c.excused + m.n from moved m, locked where c.round_id = m.round_id and c.area_code = m.area_code`,
    [ids, tx.now, tx.actor.id],
  );
}

export async function forgetIsolated(tx: Tx, personIds: readonly number[]): Promise<void> {
  await tx.sql.run("delete from isolated_person where person_id = any($1::bigint[])", [numbersOf(personIds)]);
}

/**
 * Attributes a community find to the area round whose positive tube held the person, else to the newest
 * round over their village; once a person and round. Returns false when no round covers them.
 */
export async function addFind(tx: Tx, personId: number, foundAt: Instant): Promise<boolean> {
  const added = await tx.sql.run(
    `with place as materialized (select area_code from person where id = $1),
     s as materialized (select round_id, tube_id from sample where person_id = $1),
     chosen as (
       select r.id from round r cross join place left join s on s.round_id = r.id
       left join tube t on t.id = s.tube_id and t.result = 'positive'
       where r.kind = 'area' and r.opened_at <= $2 and starts_with(place.area_code, r.area_code)
         and (r.scope->'villages' is null or r.scope->'villages' ? place.area_code)
       order by (t.id is not null) desc, r.opened_at desc, r.id limit 1),
     put as (
       insert into round_find (round_id, person_id, area_code, found_at)
       select chosen.id, $1, place.area_code, $2 from chosen cross join place on conflict do nothing returning round_id)
     update round r set community_positives = community_positives + 1 from put where r.id = put.round_id`,
    [personId, foundAt],
  );
  return added > 0;
}

/** Takes a find back when the person turns out not to be a case. */
export async function removeFind(tx: Tx, personId: number): Promise<void> {
  await tx.sql.run(
    `with gone as (delete from round_find where person_id = $1 returning round_id)
     update round r set community_positives = community_positives - 1 from gone where r.id = gone.round_id`,
    [personId],
  );
}

/** The closed area rounds of exactly this area, oldest first, with their days in a zone. */
export async function pastRounds(
  tx: Tx,
  outbreakId: string,
  areaCode: string,
  timeZone: string,
  limit: number,
): Promise<PastRound[]> {
  return tx.sql.many<PastRound>(
    `select * from (
       select no, day, (closed_at at time zone $3)::date as "closedDay", community_positives as "communityPositives"
       from round where outbreak_id = $1 and kind = 'area' and area_code = $2 and state = 'closed' order by no desc limit $4) r order by no`,
    [outbreakId, areaCode, timeZone, limit],
  );
}

/** Somebody due in a round who is in no tube of it and not excused: nobody knows why, or they refused. */
export interface UntestedPerson {
  readonly personId: number;
  readonly areaCode: string;
  readonly householdId: number | null;
}

/**
 * The untested of a round in an area, for those who go to their doors. The counters say in which villages somebody
 * is missing without a reason, so that a whole city is not compared swab by swab.
 */
export async function untestedIn(tx: Tx, roundId: string, areaCode: string): Promise<UntestedPerson[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<UntestedPerson>(
    `with c as materialized (
       select area_code from coverage
       where round_id = $1 and area_code >= $2 and area_code < $3 and sampled + excused < due)
     select p.id as "personId", p.area_code as "areaCode", p.household_id as "householdId"
     from absence a join person p on p.id = a.person_id
     where a.round_id = $1 and a.reason = 'refused' and a.area_code >= $2 and a.area_code < $3
     union all
     select p.id, p.area_code, p.household_id from c join person p on p.area_code = c.area_code
     where not exists (select from sample s where s.person_id = p.id and s.round_id = $1)
       and not exists (select from absence a where a.person_id = p.id and a.round_id = $1)
     order by 2, 1`,
    [roundId, lo, hi],
  );
}

/** Which of these people have a swab taken at or after a moment. */
export async function sampledSince(tx: Tx, personIds: readonly number[], since: Instant): Promise<ReadonlySet<number>> {
  const rows = await tx.sql.many<{ id: number }>(
    "select distinct person_id as id from sample where person_id = any($1::bigint[]) and at >= $2",
    [numbersOf(personIds), since],
  );
  return new Set(rows.map((row) => row.id));
}
