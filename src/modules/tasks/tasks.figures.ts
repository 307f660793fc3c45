import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";

/** Tasks past their deadline, by county. */
export async function overdueByCounty(tx: Tx, areaCode: string): Promise<{ areaCode: string; count: number }[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select left(area_code, 6) as "areaCode", count(*)::int as count from task
     where state in ('open', 'started', 'submitted') and due_at < $1 and area_code >= $2 and area_code < $3
     group by 1 order by 1`,
    [tx.now, lo, hi],
  );
}

/** How one kind of task of one team went: how many, how late, how often escalated or sent back. */
export interface LateKind {
  readonly kind: string;
  readonly team: string;
  readonly areaCode: string;
  readonly tasks: number;
  readonly late: number;
  readonly open: number;
  readonly medianLateMin: number | null;
  readonly worstLateMin: number | null;
  readonly escalated: number;
  readonly reopened: number;
}

/** Tasks of an outbreak by kind, team and county that were or are late, the latest kinds first; cancelled ones are left out. */
export async function lateByKind(
  tx: Tx,
  input: { readonly outbreakId: string; readonly areaCode: string; readonly limit: number },
): Promise<LateKind[]> {
  const { lo, hi } = areaRange(input.areaCode);
  // Tasks equally late are counted before anything is sorted: the sort of a whole city's went to the disk.
  return tx.sql.many(
    `with equally_late as materialized (
       select kind, owner_team as team, left(area_code, 6) as county,
         greatest((date_part('epoch', coalesce(submitted_at, closed_at, $2::timestamptz) - due_at) / 60)::int, 0) as late,
         count(*)::int as tasks, count(*) filter (where coalesce(submitted_at, closed_at) is null)::int as open,
         count(*) filter (where escalated_level > 0)::int as escalated, sum(reopened_count)::int as reopened
       from task where outbreak_id = $1 and state <> 'cancelled' and area_code >= $3 and area_code < $4 group by 1, 2, 3, 4
     ), ranked as (
       select *, sum(case when late > 0 then tasks else 0 end) over (partition by kind, team, county order by late)::int as upto,
         sum(case when late > 0 then tasks else 0 end) over (partition by kind, team, county)::int as late_tasks
       from equally_late
     )
     select kind, team, county as "areaCode", sum(tasks)::int as tasks, max(late_tasks)::int as late, sum(open)::int as open,
       ((min(late) filter (where upto >= (late_tasks + 1) / 2) + min(late) filter (where upto >= late_tasks / 2 + 1)) / 2.0::float8)::int as "medianLateMin",
       max(late) as "worstLateMin", sum(escalated)::int as escalated, sum(reopened)::int as reopened
     from ranked where late_tasks > 0 group by 1, 2, 3 order by max(late_tasks) desc, 1, 2, 3 limit $5`,
    [input.outbreakId, tx.now, lo, hi, input.limit],
  );
}
