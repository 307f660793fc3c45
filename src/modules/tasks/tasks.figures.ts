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
