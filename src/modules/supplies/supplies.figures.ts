import type { Tx } from "#platform/context";

/** How the system stands, in the words of every system's tally. */
interface SuppliesTally {
  readonly in: number;
  readonly done: number;
  readonly late: number;
  readonly open: number;
}

/** Shortages, requests and deliveries: what came in, what is done, what is or was late, what is open. */
export async function suppliesTally(tx: Tx): Promise<SuppliesTally> {
  return tx.sql.one<SuppliesTally>(
    `with work as (
       select cleared_at as done_at, due_at from supply_alert
       union all
       select q.closed_at, q.needed_by from supply_request q
       union all
       select ended_at, due_at from supply_delivery)
     select count(*)::int as "in", count(done_at)::int as done,
       count(*) filter (where coalesce(done_at, $1::timestamptz) > due_at)::int as late,
       count(*) filter (where done_at is null)::int as open
     from work`,
    [tx.now],
  );
}
