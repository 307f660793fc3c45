import type { Tx } from "#platform/context";

/** Calls, needs and exposures: in, done, late and open, one row each. */
export async function tallyCounts(tx: Tx): Promise<{ in: number; done: number; late: number; open: number }[]> {
  return tx.sql.many(
    `select coalesce(sum(k.called), 0)::int as "in", coalesce(sum(k.answered + k.absent + k.unanswered), 0)::int as done,
       coalesce(sum(k.late + k.unanswered
         + case when c.answer_by < $1 then k.called - k.answered - k.absent - k.unanswered else 0 end), 0)::int as late,
       coalesce(sum(k.called - k.answered - k.absent - k.unanswered), 0)::int as open
     from team_call_up_count k join team_call_up c on c.id = k.call_up_id
     union all
     select count(*)::int, count(*) filter (where state <> 'open')::int,
       count(*) filter (where coalesce(filled_at, ended_at, $1) > from_at)::int, count(*) filter (where state = 'open')::int
     from team_need
     union all
     select count(*)::int, count(followed_up_at)::int,
       count(*) filter (where coalesce(followed_up_at, $1) > follow_up_by)::int, count(*) filter (where followed_up_at is null)::int
     from team_exposure`,
    [tx.now],
  );
}
