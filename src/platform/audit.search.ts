import { areaRange, type AreaCode } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Sql } from "./db.ts";
import type { Page } from "./paging.ts";
import { sortOf, type SortTable } from "./sorting.ts";

/** One line of the audit: who did or looked at what, when, where and what for. */
export interface AuditLine {
  readonly seq: number;
  readonly at: Instant;
  readonly actorName: string;
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly areaCode: AreaCode;
  readonly reason: string | null;
  readonly count: number;
}

export interface AuditQuery {
  readonly areaCode?: AreaCode;
  /** The name of who acted. */
  readonly actor?: string;
  /** The beginning of the action's name, such as `cases.`. */
  readonly action?: string;
  readonly from?: Instant;
  readonly to?: Instant;
  /** Only what was read or done for a stated reason. */
  readonly reasoned?: boolean;
  readonly sort?: "at" | "-at";
  readonly limit?: number;
  readonly cursor?: string;
}

const auditSorts: SortTable<AuditLine, "at"> = {
  keys: { at: { sql: "at", type: "timestamptz", of: (row) => row.at } },
  tie: { sql: "seq", type: "bigint", of: (row) => row.seq },
};

/** The lines of an area, the latest first; the time index carries it, so a narrow span is the quick question. */
export async function pageAudit(sql: Sql, within: AreaCode, query: AuditQuery): Promise<Page<AuditLine>> {
  const { lo, hi } = areaRange(query.areaCode ?? within);
  const sort = sortOf(query, auditSorts, "-at");
  const rows = await sql.many<AuditLine>(
    `select seq, at, actor_name as "actorName", action, subject_type as "subjectType", subject_id as "subjectId",
       area_code as "areaCode", reason, count from audit
     where area_code >= $1 and area_code < $2 and ($3::text is null or actor_name = $3)
       and ($4::text is null or starts_with(action, $4)) and ($5::timestamptz is null or at >= $5)
       and ($6::timestamptz is null or at < $6) and (not $7::boolean or reason is not null)
       and ${sort.after(9)}
     order by ${sort.order} limit $8`,
    [
      lo,
      hi,
      query.actor ?? null,
      query.action ?? null,
      query.from ?? null,
      query.to ?? null,
      query.reasoned ?? false,
      sort.limit + 1,
      ...sort.values,
    ],
  );
  return sort.page(rows);
}
