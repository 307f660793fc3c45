import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";

/** Figures for the board, the briefings and the auditor, read from tubes and counters; no person is read. */

export interface StageBalance {
  readonly checked: number;
  readonly broken: number;
  /** People whose swab was collected, and where it is now. */
  readonly collected: number;
  readonly atSite: number;
  readonly inTransit: number;
  readonly received: number;
  readonly resulted: number;
  readonly lost: number;
}

/**
 * I2: round by round, the counters kept on write against the tubes themselves: collected = at the
 * site + in transit + received + resulted + lost. `broken` counts rounds where any of them differs.
 */
export async function stageBalance(tx: Tx): Promise<StageBalance> {
  return tx.sql.one<StageBalance>(
    `with facts as (
       select round_id, collected as k0, at_site as k1, in_transit as k2, received as k3, resulted as k4, lost as k5, positive as k6,
         0 as s0, 0 as s1, 0 as s2, 0 as s3, 0 as s4, 0 as s5, 0 as s6 from coverage
       union all
       select round_id, 0, 0, 0, 0, 0, 0, 0, case when state <> 'rejected' then size else 0 end, case when state in ('open', 'closed') then size else 0 end,
         case when state = 'in_transit' then size else 0 end, case when state = 'received' then size else 0 end,
         case when state = 'resulted' then size else 0 end, case when state = 'lost' then size else 0 end,
         case when state = 'resulted' and result = 'positive' then size else 0 end from tube),
     sums as (
       select round_id, sum(k0) as k0, sum(k1) as k1, sum(k2) as k2, sum(k3) as k3, sum(k4) as k4, sum(k5) as k5, sum(k6) as k6,
         sum(s0) as s0, sum(s1) as s1, sum(s2) as s2, sum(s3) as s3, sum(s4) as s4, sum(s5) as s5, sum(s6) as s6 from facts group by round_id)
     select count(*)::int as checked,
       (count(*) filter (where (k0, k1, k2, k3, k4, k5, k6) is distinct from (s0, s1, s2, s3, s4, s5, s6) or k0 <> k1 + k2 + k3 + k4 + k5))::int as broken,
       coalesce(sum(k0), 0)::int as collected, coalesce(sum(k1), 0)::int as "atSite", coalesce(sum(k2), 0)::int as "inTransit",
       coalesce(sum(k3), 0)::int as received, coalesce(sum(k4), 0)::int as resulted, coalesce(sum(k5), 0)::int as lost
     from sums`,
  );
}

/**
 * I1: every swab is in a tube of its own round that has not been rejected or lost, and each tube holds
 * as many as its size says. Reads every swab taken at or after `since`.
 */
export async function sampleOnce(tx: Tx, since: Instant): Promise<{ checked: number; broken: number }> {
  return tx.sql.one(
    `with t as materialized (select id, size, state, round_id from tube where collected_at >= $1),
     s as materialized (
       select sample.tube_id, sample.round_id, count(*)::int as n from t join sample on sample.tube_id = t.id group by sample.tube_id, sample.round_id),
     held as (
       select t.id, t.size, t.state, coalesce(sum(s.n), 0)::int as n, count(*) filter (where s.round_id is distinct from t.round_id and s.round_id is not null) as astray
       from t left join s on s.tube_id = t.id group by t.id, t.size, t.state)
     select coalesce(sum(n), 0)::int as checked,
       (count(*) filter (where astray > 0 or n <> case when state in ('rejected', 'lost') then 0 else size end))::int as broken from held`,
    [since],
  );
}

/** How a round over a village stands, for the rule that lifts a zone. */
export interface VillageRound {
  readonly unitCode: string;
  readonly roundId: string;
  readonly openedAt: Instant;
  readonly due: number;
  readonly sampled: number;
  readonly excused: number;
  /** Nobody due is missing, and every swab has its result. */
  readonly complete: boolean;
  readonly positive: number;
}

/** The area rounds opened in [from, to) over areas (villages, or all villages of a wider code), oldest first. */
export async function villageRounds(
  tx: Tx,
  unitCodes: readonly string[],
  from: Instant,
  to: Instant,
): Promise<VillageRound[]> {
  return tx.sql.many<VillageRound>(
    `select u.code as "unitCode", r.id as "roundId", r.opened_at as "openedAt", sum(c.due)::int as due, sum(c.sampled)::int as sampled,
       sum(c.excused)::int as excused, bool_and(c.sampled + c.excused >= c.due and c.resulted = c.sampled) as complete, sum(c.positive)::int as positive
     from unnest($1::text[], $4::text[]) u (code, hi)
     join coverage c on c.area_code >= u.code collate "C" and c.area_code < u.hi collate "C" join round r on r.id = c.round_id
     where r.kind = 'area' and r.opened_at >= $2 and r.opened_at < $3 group by u.code, r.id, r.opened_at order by u.code, r.opened_at, r.area_code, r.no`,
    [unitCodes, from, to, unitCodes.map((code) => areaRange(code).hi)],
  );
}

/** Positive tubes of an outbreak with a result in [from, to), with their members, in the order of barcodes. */
export async function positiveTubes(
  tx: Tx,
  outbreakId: string,
  from: Instant,
  to: Instant,
): Promise<{ tubeId: number; barcode: string; purpose: string; resultedAt: Instant; personIds: number[] }[]> {
  return tx.sql.many(
    `with t as materialized (
       select id, barcode, purpose, resulted_at from tube
       where outbreak_id = $1 and result = 'positive' and state = 'resulted' and resulted_at >= $2 and resulted_at < $3),
     s as materialized (select sample.tube_id, sample.person_id from t join sample on sample.tube_id = t.id)
     select t.id as "tubeId", t.barcode, t.purpose, t.resulted_at as "resultedAt", json_agg(s.person_id order by s.person_id) as "personIds"
     from t join s on s.tube_id = t.id group by t.id, t.barcode, t.purpose, t.resulted_at order by t.barcode`,
    [outbreakId, from, to],
  );
}
