import type { Tx } from "#platform/context";

/** Doors, needs and street rounds together: what came in, what was done, what was or is late, what is open. */
export async function tallyRows(tx: Tx): Promise<{ in: number; done: number; late: number; open: number }> {
  return tx.sql.one(
    `with facts as (
       select state in ('open', 'notHome') as open, coalesce(visited_at, $1::timestamptz) > due_at and state <> 'lapsed' as late from door_item
       union all
       select state in ('asked', 'accepted'), coalesce(delivered_at, $1::timestamptz) > due_at and state <> 'refused' from household_need
       union all
       select state <> 'done', coalesce(done_at, $1::timestamptz) > due_at from street_round)
     select count(*)::int as "in", (count(*) filter (where not open))::int as done, (count(*) filter (where late))::int as late,
       (count(*) filter (where open))::int as open from facts`,
    [tx.now],
  );
}

export interface GridFigures {
  readonly grids: number;
  readonly workers: number;
  readonly doorsOpen: number;
  readonly doorsLate: number;
  readonly needsOpen: number;
  readonly needsLate: number;
  readonly streetsOpen: number;
  readonly hardToReach: number;
}

/** How grid work stands in the reader's area. */
export async function figureRow(tx: Tx, lo: string, hi: string): Promise<GridFigures> {
  return tx.sql.one<GridFigures>(
    `select (select count(*)::int from grid where area_code >= $2 and area_code < $3) as grids,
       (select count(*)::int from grid_worker where active and area_code >= $2 and area_code < $3) as workers,
       d.n as "doorsOpen", d.late as "doorsLate", n.n as "needsOpen", n.late as "needsLate",
       (select count(*)::int from street_round where state <> 'done' and area_code >= $2 and area_code < $3) as "streetsOpen",
       (select count(*)::int from hard_to_reach where active and area_code >= $2 and area_code < $3) as "hardToReach"
     from (select count(*)::int as n, (count(*) filter (where due_at < $1))::int as late from door_item
         where state in ('open', 'notHome') and area_code >= $2 and area_code < $3) d,
       (select count(*)::int as n, (count(*) filter (where due_at < $1))::int as late from household_need
         where state in ('asked', 'accepted') and area_code >= $2 and area_code < $3) n`,
    [tx.now, lo, hi],
  );
}
