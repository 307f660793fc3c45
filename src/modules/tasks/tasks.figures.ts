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
  // Only what is counted goes through the sort: whole tasks would go to the disk.
  return tx.sql.many(
    `select kind, team, county as "areaCode", count(*)::int as tasks,
       count(*) filter (where late > 0)::int as late, count(*) filter (where done_at is null)::int as open,
       (percentile_cont(0.5) within group (order by late) filter (where late > 0))::int as "medianLateMin",
       max(late) filter (where late > 0) as "worstLateMin",
       count(*) filter (where escalated_level > 0)::int as escalated, sum(reopened_count)::int as reopened
     from (
       select kind, owner_team as team, left(area_code, 6) as county, coalesce(submitted_at, closed_at) as done_at, escalated_level,
         reopened_count, (date_part('epoch', coalesce(submitted_at, closed_at, $2::timestamptz) - due_at) / 60)::int as late
       from task where outbreak_id = $1 and state <> 'cancelled' and area_code >= $3 and area_code < $4
     ) as task_late
     group by 1, 2, 3 having count(*) filter (where late > 0) > 0
     order by count(*) filter (where late > 0) desc, 1, 2, 3 limit $5`,
    [input.outbreakId, tx.now, lo, hi, input.limit],
  );
}
