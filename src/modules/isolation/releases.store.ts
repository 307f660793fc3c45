import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import { orderColumns, type OrderRow } from "./orders.store.ts";

/** SQL of who may leave, on which day. */

export const releaseGroups = ["contacts", "patients"] as const;
export type ReleaseGroup = (typeof releaseGroups)[number];

export interface ReleaseQuery {
  readonly group: ReleaseGroup;
  readonly areaCode?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

export interface LeavingRow extends OrderRow {
  readonly siteName: string | null;
  readonly siteNameEn: string | null;
  /** What the page goes by: the last day of a contact's plan, the first of a patient's care. */
  readonly key: string;
}

/** Contacts whose plan is over by `day`, or patients in care, the longest here first. */
export async function pageLeaving(tx: Tx, query: ReleaseQuery & { readonly day: string }): Promise<Page<LeavingRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const contacts = query.group === "contacts";
  const key = contacts
    ? "o.planned_end_day::text"
    : "to_char(o.start_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')";
  const rows = await tx.sql.many<LeavingRow>(
    `select ${orderColumns}, s.name as "siteName", s.name_en as "siteNameEn", ${key} as key
     from isolation_order o left join isolation_site s on s.id = o.site_id
     where o.state = 'active' and o.transfer_id is null and o.area_code >= $1 and o.area_code < $2
       and ${contacts ? "o.last_segment and o.planned_end_day <= $3::date" : "o.category = 'case' and o.mode in ('fangcang', 'hospital') and $3::date is not null"}
       and ($4::text is null or (${key}, o.id::text) > ($4::text, $5::text))
     order by ${key}, o.id::text limit $6`,
    [lo, hi, query.day, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.key, row.id]);
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
