import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import type { CaseTotals, CurveDay, Delay, DelayMoment } from "./cases.model.ts";

/** Counts over cases, holds and positive tubes. */

/** Where the bounds of a figure come from: the outbreak and an area. */
export interface FigureScope {
  readonly outbreakId: string;
  readonly areaCode: string;
}

interface CurveRow {
  readonly day: string;
  readonly by: "report" | "sampling" | "turned";
  readonly class: "confirmed" | "asymptomatic";
  readonly provenance: string;
  readonly community: boolean;
  readonly n: number;
}

/** New infections by day; a case counts once, in the class it was first given. */
export async function curveRows(tx: Tx, scope: FigureScope, timeZone: string): Promise<CurveRow[]> {
  const { lo, hi } = areaRange(scope.areaCode);
  return tx.sql.many(
    `with counted as (
       select c.diagnosed_at, coalesce(c.sampled_at, c.positive_at) as sampled, c.provenance, c.in_community,
         coalesce(first.class, c.state) as class
       from case_record c left join lateral (
         select from_state as class from reclassification r
         where r.case_id = c.id and r.from_state in ('confirmed', 'asymptomatic') order by r.at, r.id limit 1
       ) first on true
       where c.outbreak_id = $1 and c.area_code >= $2 and c.area_code < $3 and c.state in ('confirmed', 'asymptomatic')
     )
     select (diagnosed_at at time zone $4)::date as day, 'report' as by, class, provenance, in_community as community, count(*)::int as n
     from counted group by 1, 3, 4, 5
     union all
     select (sampled at time zone $4)::date, 'sampling', class, provenance, in_community, count(*)::int from counted group by 1, 3, 4, 5
     union all
     select (r.at at time zone $4)::date, 'turned', 'confirmed', '', false, count(*)::int from reclassification r
     where r.outbreak_id = $1 and r.area_code >= $2 and r.area_code < $3 and r.from_state = 'asymptomatic' and r.to_state = 'confirmed'
     group by 1
     order by 1, 2, 3, 4, 5`,
    [scope.outbreakId, lo, hi, timeZone],
  );
}

/** Gathers the rows of each day; days without a case are not in the list. */
export function curveDays(rows: readonly CurveRow[]): CurveDay[] {
  const days = new Map<string, CurveDay>();
  for (const row of rows) {
    const day = days.get(row.day) ?? {
      day: row.day,
      byReport: { confirmed: 0, asymptomatic: 0 },
      bySampling: { confirmed: 0, asymptomatic: 0 },
      byProvenance: {},
      community: 0,
      turned: 0,
    };
    days.set(row.day, day);
    if (row.by === "turned") day.turned += row.n;
    else if (row.by === "sampling") day.bySampling[row.class] += row.n;
    else {
      day.byReport[row.class] += row.n;
      day.byProvenance[row.provenance] = (day.byProvenance[row.provenance] ?? 0) + row.n;
      if (row.community) day.community += row.n;
    }
  }
  return [...days.values()].toSorted((a, b) => (a.day < b.day ? -1 : 1));
}

const momentColumn: Readonly<Record<DelayMoment, string>> = {
  onset: "onset_at",
  sampled: "sampled_at",
  positive: "positive_at",
  diagnosed: "diagnosed_at",
  reported: "reported_at",
  quarantined: "quarantined_at",
  admitted: "admitted_at",
  control: "control_at",
  outcome: "outcome_at",
};

/** The time between two moments of the cases that have both, in days. */
export async function delayRow(tx: Tx, scope: FigureScope, from: DelayMoment, to: DelayMoment): Promise<Delay> {
  const { lo, hi } = areaRange(scope.areaCode);
  const days = `(extract(epoch from (${momentColumn[to]} - ${momentColumn[from]})) / 86400)::double precision`;
  return tx.sql.one(
    `select count(*)::int as n, avg(${days}) as "meanDays", percentile_cont(0.5) within group (order by ${days}) as "medianDays",
       percentile_cont(0.9) within group (order by ${days}) as "p90Days", count(*) filter (where ${days} < 0)::int as negative
     from case_record where outbreak_id = $1 and area_code >= $2 and area_code < $3 and state <> 'excluded'
       and ${momentColumn[from]} is not null and ${momentColumn[to]} is not null`,
    [scope.outbreakId, lo, hi],
  );
}

/** Cases, outcomes, held people and tubes still open. */
export async function totalsRow(tx: Tx, scope: FigureScope): Promise<CaseTotals> {
  const { lo, hi } = areaRange(scope.areaCode);
  return tx.sql.one(
    `select count(*) filter (where state = 'confirmed')::int as confirmed, count(*) filter (where state = 'asymptomatic')::int as asymptomatic,
       count(*) filter (where state = 'preliminary')::int as preliminary, count(*) filter (where state = 'suspect')::int as suspect,
       count(*) filter (where outcome = 'inCare')::int as "inCare", count(*) filter (where outcome = 'recovered')::int as recovered,
       count(*) filter (where outcome = 'died')::int as died,
       (select count(distinct person_id)::int from hold
        where lifted_at is null and outbreak_id = $1 and area_code >= $2 and area_code < $3) as held,
       (select count(*)::int from positive_tube
        where state = 'open' and outbreak_id = $1 and area_code >= $2 and area_code < $3) as "positiveTubesOpen"
     from case_record where outbreak_id = $1 and area_code >= $2 and area_code < $3 and state <> 'excluded'`,
    [scope.outbreakId, lo, hi],
  );
}
