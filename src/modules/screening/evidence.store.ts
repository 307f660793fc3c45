import type { Tx } from "#platform/context";
import type { Accounted, RoundEvidence } from "./reconcile.rules.ts";
import type { RoundRow } from "./rounds.store.ts";

/** What the rows of a round tell about counters that differ; asked only where one does. */

type ByVillage<K extends string> = { readonly areaCode: string } & Readonly<Record<K, number>>;

/** People who registered while the round was open, less those who were counted when they did: the event says so. */
export async function registeredUncounted(
  tx: Tx,
  round: RoundRow,
  villages: readonly string[],
): Promise<ByVillage<"registered">[]> {
  return tx.sql.many(
    `with came as materialized (
       select area_code, count(*)::int as n from person
       where registered_at > $1 and ($2::timestamptz is null or registered_at <= $2::timestamptz) and area_code = any($3::text[]) group by 1),
     told as (
       select v->>'areaCode' as area_code, sum((v->>'people')::int)::int as n
       from event e cross join lateral jsonb_array_elements(e.data->'villages') v
       where e.name = 'people.registered' and e.at > $1 and ($2::timestamptz is null or e.at <= $2::timestamptz) group by 1)
     select came.area_code as "areaCode", greatest(came.n - coalesce(told.n, 0), 0) as registered
     from came left join told on told.area_code = came.area_code`,
    [round.openedAt, round.closedAt, villages],
  );
}

/** People with a swab or an absence of the round in another village than the one they live in now, or in none. */
export async function movedPeople(
  tx: Tx,
  roundId: string,
  villages: readonly string[],
): Promise<ByVillage<"moved" | "gone">[]> {
  return tx.sql.many(
    `with come as (
       select p.area_code, count(*)::int as n from person p
       where p.area_code = any($2::text[])
         and (exists (select from sample s where s.person_id = p.id and s.round_id = $1 and s.area_code <> p.area_code)
           or exists (select from absence a where a.person_id = p.id and a.round_id = $1 and a.area_code <> p.area_code)) group by 1),
     held as (
       select person_id, area_code from sample where round_id = $1 and area_code = any($2::text[])
       union select person_id, area_code from absence where round_id = $1 and area_code = any($2::text[])),
     away as (
       select h.area_code, (count(*) filter (where p.id is not null))::int as n, (count(*) filter (where p.id is null))::int as gone
       from held h left join person p on p.id = h.person_id where p.area_code is distinct from h.area_code group by 1)
     select coalesce(come.area_code, away.area_code) as "areaCode", coalesce(come.n, 0) - coalesce(away.n, 0) as moved,
       coalesce(away.gone, 0) as gone
     from come full join away on away.area_code = come.area_code`,
    [roundId, villages],
  );
}

/** People who are excused and in a tube at once. */
export async function absentSampled(
  tx: Tx,
  roundId: string,
  villages: readonly string[],
): Promise<ByVillage<"absentSampled">[]> {
  return tx.sql.many(
    `select a.area_code as "areaCode", count(*)::int as "absentSampled" from absence a
     join sample s on s.person_id = a.person_id and s.round_id = a.round_id
     where a.round_id = $1 and a.area_code = any($2::text[]) group by 1`,
    [roundId, villages],
  );
}

/** Swabs in tubes that are rejected or lost, and swabs whose tube is of another round or not there. */
export async function strayedSwabs(tx: Tx, roundId: string): Promise<ByVillage<"ended" | "astray">[]> {
  return tx.sql.many(
    `with held as materialized (select tube_id, area_code, count(*) as n from sample where round_id = $1 group by tube_id, round_id, area_code)
     select h.area_code as "areaCode", coalesce(sum(h.n) filter (where t.id is not null), 0)::int as ended,
       coalesce(sum(h.n) filter (where t.id is null), 0)::int as astray
     from held h left join tube t on t.id = h.tube_id and t.round_id = $1
     where t.id is null or t.state in ('rejected', 'lost') group by 1`,
    [roundId],
  );
}

const stageOf = `case t.state when 'in_transit' then 'inTransit' when 'received' then 'received' when 'resulted' then 'resulted' else 'atSite' end`;

export interface OddTubes {
  /** Null for the tubes of the round together, each once. */
  readonly areaCode: string | null;
  readonly stage: "atSite" | "inTransit" | "received" | "resulted";
  readonly short: number;
  readonly over: number;
}

/** Tubes that hold fewer or more people than they say, by the villages of those they hold. */
export async function oddTubes(tx: Tx, roundId: string): Promise<OddTubes[]> {
  return tx.sql.many<OddTubes>(
    `with held as (select tube_id, area_code, count(*) as n from sample where round_id = $1 group by tube_id, round_id, area_code),
     whole as (select tube_id, sum(n) as n from held group by 1),
     odd as (
       select t.id, ${stageOf} as stage, t.size - coalesce(w.n, 0) as missing from tube t left join whole w on w.tube_id = t.id
       where t.round_id = $1 and t.state not in ('rejected', 'lost') and t.size <> coalesce(w.n, 0))
     select h.area_code as "areaCode", o.stage, sum(greatest(o.missing, 0))::int as short, sum(greatest(-o.missing, 0))::int as over
     from odd o join held h on h.tube_id = o.id group by 1, 2
     union all select null, 'atSite', coalesce(sum(greatest(missing, 0)), 0)::int, coalesce(sum(greatest(-missing, 0)), 0)::int from odd`,
    [roundId],
  );
}

/** Members of tubes that are positive though nobody was told, or were told to be and are not. */
export async function toldResults(tx: Tx, round: RoundRow): Promise<ByVillage<"untold" | "told">[]> {
  return tx.sql.many(
    `with told as (
       select distinct e.subject_id::bigint as id from event e
       where e.name = 'screening.tubePositive' and e.at >= $2 and (e.data->>'roundId')::uuid = $1),
     odd as materialized (
       select t.id, true as untold from tube t
       where t.round_id = $1 and t.state = 'resulted' and t.result = 'positive' and t.id not in (select id from told)
       union all
       select t.id, false from told join tube t on t.id = told.id where t.state = 'resulted' and t.result <> 'positive')
     select s.area_code as "areaCode", (count(*) filter (where o.untold))::int as untold, (count(*) filter (where not o.untold))::int as told
     from odd o join sample s on s.tube_id = o.id and s.round_id = $1 group by 1`,
    [round.id, round.openedAt],
  );
}

/** Members of lost tubes without a trace of the loss, and traces of a loss beyond the members of lost tubes. */
export async function lostTraces(tx: Tx, roundId: string): Promise<Pick<RoundEvidence, "tracesGone" | "tracesAdded">> {
  return tx.sql.one(
    `with traced as (select from_tube_id as id, count(*)::int as n from sample_trace where round_id = $1 and why = 'lost' group by 1),
     lost as (select id, size::int as n from tube where round_id = $1 and state = 'lost')
     select coalesce(sum(greatest(coalesce(l.n, 0) - coalesce(t.n, 0), 0)), 0)::int as "tracesGone",
       coalesce(sum(greatest(coalesce(t.n, 0) - coalesce(l.n, 0), 0)), 0)::int as "tracesAdded"
     from lost l full join traced t on t.id = l.id`,
    [roundId],
  );
}

/** What corrections of the round's counters were explained by before. */
export async function accountedFor(tx: Tx, roundId: string): Promise<Accounted[]> {
  return tx.sql.many<Accounted>(
    `select d.area_code as "areaCode", s->>'cause' as cause, sum((s->>'people')::int)::int as people
     from reconciliation r join reconciliation_difference d on d.reconciliation_id = r.id cross join lateral jsonb_array_elements(d.causes) s
     where r.round_id = $1 and r.reason = 'setRight' and d.counter not in ('collected', 'sampled') group by 1, 2 order by 1, 2`,
    [roundId],
  );
}
