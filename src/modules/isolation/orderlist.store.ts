import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type { Category, Order, OrderMode, OrderState } from "./isolation.model.ts";

/** SQL of the list of orders. */

export interface OrderQuery {
  readonly areaCode?: string;
  readonly state?: OrderState;
  readonly mode?: OrderMode;
  readonly category?: Category;
  readonly siteId?: string;
  readonly overdue?: boolean;
  readonly sort?: "due" | "-due" | "ordered" | "-ordered" | "end" | "-end";
  readonly limit?: number;
  readonly cursor?: string;
}

/** What an order has not reached yet comes last. */
const orderSorts: SortTable<Order, "due" | "ordered" | "end"> = {
  keys: {
    due: { sql: "o.due_at", type: "timestamptz", of: (row) => row.dueAt },
    ordered: { sql: "o.ordered_at", type: "timestamptz", of: (row) => row.orderedAt },
    end: {
      sql: "coalesce(o.planned_end_day, 'infinity')",
      type: "date",
      of: (row) => row.plannedEndDay ?? "infinity",
    },
  },
  tie: { sql: "o.id", type: "uuid", of: (row) => row.id },
};

export async function pageOrders(tx: Tx, query: OrderQuery): Promise<Page<Order>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, orderSorts, "due", area);
  // The page is cut before the sites are joined: joined first, every order of the county is compared with every site.
  const rows = await tx.sql.many<Order>(
    `with o as materialized (
       select * from isolation_order o
       where ((o.area_code >= $1 and o.area_code < $2) or (o.site_area_code >= $1 and o.site_area_code < $2))
         and ($3::text is null or o.state = $3) and ($4::text is null or o.mode = $4) and ($5::text is null or o.category = $5)
         and ($6::uuid is null or o.site_id = $6) and (not $7::boolean or (o.state in ('pending', 'transferring') and o.due_at < $8))
         and ${sort.after(10)}
       order by ${sort.order} limit $9
     )
     select o.id, o.person_id as "personId", o.area_code as "areaCode", o.category, o.plan_class as "planClass", o.segment, o.mode, o.state,
       o.contact_id as "contactId", o.case_id as "caseId", o.site_id as "siteId", s.name as "siteName", s.name_en as "siteNameEn", o.placement_rule as "placementRule",
       o.ordered_at as "orderedAt", o.due_at as "dueAt", o.due_rule as "dueRule", o.late_at as "lateAt", o.start_at as "startAt",
       o.planned_end_day as "plannedEndDay", o.ended_at as "endedAt", o.end_reason as "endReason"
     from o left join isolation_site s on s.id = o.site_id
     order by ${sort.order}`,
    [
      lo,
      hi,
      query.state ?? null,
      query.mode ?? null,
      query.category ?? null,
      query.siteId ?? null,
      query.overdue ?? false,
      tx.now,
      sort.limit + 1,
      ...sort.values,
    ],
  );
  return sort.page(rows);
}
