import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import { orderColumns, type OrderRow } from "./orders.store.ts";

/** SQL of who may leave, on which day. */

export const releaseGroups = ["contacts", "patients"] as const;
export type ReleaseGroup = (typeof releaseGroups)[number];

export interface ReleaseQuery {
  readonly group: ReleaseGroup;
  readonly areaCode?: string;
  readonly sort?: "end" | "-end" | "since" | "-since";
  readonly limit?: number;
  readonly cursor?: string;
}

export interface LeavingRow extends OrderRow {
  readonly siteName: string | null;
  readonly siteNameEn: string | null;
}

/** By the last day of the plan, or by when it began; a patient in care has no last day, and stands last. */
const leavingSorts: SortTable<LeavingRow, "end" | "since"> = {
  keys: {
    end: {
      sql: "coalesce(o.planned_end_day, 'infinity')",
      type: "date",
      of: (row) => row.plannedEndDay ?? "infinity",
    },
    since: { sql: "coalesce(o.start_at, '-infinity')", type: "timestamptz", of: (row) => row.startAt ?? "-infinity" },
  },
  tie: { sql: "o.id::text", type: "text", of: (row) => row.id },
};

/** Contacts whose plan is over by `day`, or patients in care, the longest here first. */
export async function pageLeaving(tx: Tx, query: ReleaseQuery & { readonly day: string }): Promise<Page<LeavingRow>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const contacts = query.group === "contacts";
  const sort = sortOf(query, leavingSorts, contacts ? "end" : "since", area);
  const rows = await tx.sql.many<LeavingRow>(
    `with o as materialized (
       select * from isolation_order o
       where o.state = 'active' and o.transfer_id is null and o.area_code >= $1 and o.area_code < $2
         and ${contacts ? "o.last_segment and o.planned_end_day <= $3::date" : "o.category = 'case' and o.mode in ('fangcang', 'hospital') and $3::date is not null"}
         and ${sort.after(5)}
       order by ${sort.order} limit $4
     )
     select ${orderColumns}, s.name as "siteName", s.name_en as "siteNameEn"
     from o left join isolation_site s on s.id = o.site_id
     order by ${sort.order}`,
    [lo, hi, query.day, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

export interface EndingDay {
  readonly day: string;
  /** Plans that end: these people may be free. */
  readonly release: number;
  /** Stretches in a site that end: these people go on at home. */
  readonly home: number;
}

/** How many plans and stretches end on each day of a span. */
export async function endingDays(
  tx: Tx,
  query: { readonly areaCode: string; readonly from: string; readonly to: string },
): Promise<EndingDay[]> {
  const { lo, hi } = areaRange(query.areaCode);
  return tx.sql.many<EndingDay>(
    `select d::date as day, count(o.id) filter (where o.last_segment)::int as release, count(o.id) filter (where not o.last_segment)::int as home
     from generate_series($3::date, $4::date, interval '1 day') d
     left join isolation_order o on o.state = 'active' and o.area_code >= $1 and o.area_code < $2 and o.planned_end_day = d::date
     group by d order by d`,
    [lo, hi, query.from, query.to],
  );
}

export interface PaperRow {
  readonly orderId: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly planClass: string;
  readonly state: string;
  readonly siteName: string | null;
  readonly siteNameEn: string | null;
  readonly startAt: string | null;
  readonly endedAt: string | null;
  readonly negatives: number;
}

/** What a paper of release says of an order. */
export async function papersOf(tx: Tx, orderIds: readonly string[]): Promise<PaperRow[]> {
  return tx.sql.many<PaperRow>(
    `select o.id as "orderId", o.person_id as "personId", o.area_code as "areaCode", o.plan_class as "planClass", o.state, s.name as "siteName", s.name_en as "siteNameEn",
       o.start_at as "startAt", o.ended_at as "endedAt",
       (select count(*)::int from test_due t where t.person_id = o.person_id and t.order_id = o.id and t.result = 'negative') as negatives
     from isolation_order o left join isolation_site s on s.id = o.site_id
     where o.id = any($1::uuid[]) order by o.area_code, o.person_id`,
    [orderIds],
  );
}
