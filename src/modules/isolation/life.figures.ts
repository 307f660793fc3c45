import type { Tx } from "#platform/context";

/** Counts of a site's life for the drill's summary. */

export interface LifeTally {
  readonly in: number;
  readonly done: number;
  readonly late: number;
  readonly open: number;
}

/** Conversions, daily logs, staff tests, requests of guests and homecomings: what came in, what was done, what was late. */
export async function isolationLifeTally(tx: Tx): Promise<LifeTally> {
  const row = await tx.sql.one<{ done: number; late: number; open: number }>(
    `select sum(done)::int as done, sum(late)::int as late, sum(open)::int as open from (
       select count(*) filter (where life not in ('converting', 'converted', 'checked', 'cleaning')) as done,
         count(*) filter (where life_due_at < $1::timestamptz) as late,
         count(*) filter (where life in ('converting', 'converted', 'checked', 'cleaning')) as open
       from isolation_site where ordered_at is not null or life in ('cleaning', 'stoodDown')
       union all select 0, count(*) filter (where at > was_due_at), 0 from site_life_event
       union all select count(*), count(*) filter (where entered_at > due_at), 0 from site_log
       union all select count(*), count(*) filter (where sampled_at > due_at), 0 from site_staff_test
       union all select 0, count(*) filter (where due_at < $1::timestamptz), count(*) from site_staff where due_at is not null
       union all select count(*) filter (where state <> 'asked'),
         count(*) filter (where coalesce(answered_at, $1::timestamptz) > due_at and state <> 'cancelled'), count(*) filter (where state = 'asked')
       from care_request
       union all select count(*) filter (where state in ('received', 'cancelled')),
         count(*) filter (where coalesce(received_at, $1::timestamptz) > due_at and state <> 'cancelled'),
         count(*) filter (where state in ('expected', 'handedOver'))
       from homecoming
     ) part`,
    [tx.now],
  );
  return { in: row.done + row.open, ...row };
}
