import { areaRange } from "#kernel/area";
import type { Day, Instant } from "#kernel/time";
import { delaysOf, type CountedFigure, type DelayRow, type DelayScope, type FigureScope } from "#modules/outbreaks";
import type { Tx } from "#platform/context";

/** Counts of this module's records for the reports, the phases and the live board; nobody is named. */

type CaseFigure =
  | "confirmed"
  | "asymptomatic"
  | "suspect"
  | "preliminary"
  | "excluded"
  | "inCare"
  | "recovered"
  | "died";

function caseFigureText(subject: string, where: string): string {
  return `with counted as (
      select ${subject} as "subjectId", left(area_code, 6) as "areaCode", state, provenance, outcome from case_record where ${where}
    )
    select "subjectId", figure, "areaCode", detail, count(*)::int as value from (
      select "subjectId", state as figure, "areaCode", provenance as detail from counted
      union all
      select "subjectId", outcome, "areaCode", '' from counted
      where outcome is not null and state in ('confirmed', 'asymptomatic')
    ) cell group by 1, 2, 3, 4`;
}

/** Cases by class and provenance, and by outcome. */
export async function caseFigures(tx: Tx, scope: FigureScope): Promise<CountedFigure<CaseFigure>[]> {
  if (scope.ids) return tx.sql.many(caseFigureText("id::text", "id = any($1::uuid[])"), [scope.ids]);
  const { lo, hi } = areaRange(scope.areaCode);
  return tx.sql.many(caseFigureText("''", "outbreak_id = $1 and area_code >= $2 and area_code < $3"), [
    scope.outbreakId,
    lo,
    hi,
  ]);
}

/** The ids of every case of an outbreak, for records that came in without an event each. */
export async function caseIdsOf(tx: Tx, outbreakId: string): Promise<string[]> {
  const rows = await tx.sql.many<{ id: string }>("select id from case_record where outbreak_id = $1 order by id", [
    outbreakId,
  ]);
  return rows.map((row) => row.id);
}

function tubeFigureText(subject: string, tubes: string, holds: string): string {
  return `select ${subject} as "subjectId", 'positiveTubes' as figure, left(area_code, 6) as "areaCode", purpose as detail, count(*)::int as value
      from positive_tube where cause = 'positive' and ${tubes} group by 1, 3, 4
    union all
    select ${subject}, 'held', left(area_code, 6), '', count(*)::int
      from hold where lifted_at is null and ${holds} group by 1, 3`;
}

/** Positive tubes by purpose and the holds in force because of them. */
export async function tubeFigures(tx: Tx, scope: FigureScope): Promise<CountedFigure<"positiveTubes" | "held">[]> {
  if (scope.ids) {
    const where = "tube_id = any($1::bigint[])";
    return tx.sql.many(tubeFigureText("tube_id::text", where, where), [scope.ids]);
  }
  const { lo, hi } = areaRange(scope.areaCode);
  const where = "outbreak_id = $1 and area_code >= $2 and area_code < $3";
  return tx.sql.many(tubeFigureText("''", where, where), [scope.outbreakId, lo, hi]);
}

/** Infections by the day their test turned positive and by provenance, excluded ones left out. */
export async function findsByDay(
  tx: Tx,
  input: { outbreakId: string; timeZone: string },
): Promise<{ day: Day; provenance: string; count: number }[]> {
  return tx.sql.many(
    `select (positive_at at time zone $2)::date as day, provenance, count(*)::int as count
     from case_record where outbreak_id = $1 and state <> 'excluded' group by 1, 2 order by 1, 2`,
    [input.outbreakId, input.timeZone],
  );
}

/** Patients neither recovered nor dead, and the last day somebody fell ill or turned positive. */
export async function patientFacts(
  tx: Tx,
  input: { outbreakId: string; timeZone: string },
): Promise<{ inCare: number; lastCaseDay: Day | null }> {
  return tx.sql.one(
    `select (count(*) filter (where outcome is null or outcome = 'inCare'))::int as "inCare",
       max((greatest(positive_at, onset_at) at time zone $2)::date) as "lastCaseDay"
     from case_record where outbreak_id = $1 and state <> 'excluded'`,
    [input.outbreakId, input.timeZone],
  );
}

/** When the outbreak began as far as its cases tell (the first onset or sample), and when the last of them was found. */
export async function caseSpan(
  tx: Tx,
  outbreakId: string,
  areaCode: string,
): Promise<{ firstBegun: Instant | null; lastFind: Instant | null }> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.one(
    `select min(coalesce(onset_at, sampled_at, positive_at)) as "firstBegun", max(positive_at) as "lastFind"
     from case_record where outbreak_id = $1 and area_code >= $2 and area_code < $3 and state <> 'excluded'`,
    [outbreakId, lo, hi],
  );
}

/** Cases by county with those reported today. */
export async function casesByCounty(
  tx: Tx,
  input: { outbreakId: string; areaCode: string; timeZone: string; today: Day },
): Promise<{ areaCode: string; cases: number; newToday: number }[]> {
  const { lo, hi } = areaRange(input.areaCode);
  return tx.sql.many(
    `select left(area_code, 6) as "areaCode", count(*)::int as cases,
       (count(*) filter (where (diagnosed_at at time zone $4)::date = $5::date))::int as "newToday"
     from case_record where outbreak_id = $1 and area_code >= $2 and area_code < $3 and state in ('confirmed', 'asymptomatic')
     group by 1 order by 1`,
    [input.outbreakId, lo, hi, input.timeZone, input.today],
  );
}

const casePairs = `
  select 'resultToHold' as arrow, resulted_at as start, held_at as stop from positive_tube
  where outbreak_id = $3 and area_code >= $4 and area_code < $5 and ($6::timestamptz is null or resulted_at >= $6)
  union all
  select 'positiveToRecheck', resulted_at, settled_at from positive_tube
  where outbreak_id = $3 and area_code >= $4 and area_code < $5 and ($6::timestamptz is null or resulted_at >= $6) and kind <> 'single'
  union all
  select 'preliminaryToReport', diagnosed_at, reported_at from case_record
  where outbreak_id = $3 and area_code >= $4 and area_code < $5 and ($6::timestamptz is null or diagnosed_at >= $6)
    and diagnosed_at is not null and source <> 'import' and state <> 'excluded'
  union all
  select 'positiveToControl', coalesce(signal_at, positive_at), control_at from case_record
  where outbreak_id = $3 and area_code >= $4 and area_code < $5 and ($6::timestamptz is null or positive_at >= $6) and source <> 'import' and state <> 'excluded'`;

/** The clocks from a positive tube to the report and to the person in the designated place. */
export async function caseDelays(tx: Tx, scope: DelayScope): Promise<DelayRow[]> {
  const { lo, hi } = areaRange(scope.areaCode);
  return tx.sql.many(delaysOf(casePairs), [
    JSON.stringify(scope.targets),
    tx.now,
    scope.outbreakId,
    lo,
    hi,
    scope.since,
  ]);
}
