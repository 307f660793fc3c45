import { areaRange, type AreaCode } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Sql } from "./db.ts";
import { cursorKey, pageOf, pageSize, type Page } from "./paging.ts";

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
  readonly limit?: number;
  readonly cursor?: string;
}

/** The lines of an area, the latest first; the time index carries it, so a narrow span is the quick question. */
export async function pageAudit(sql: Sql, within: AreaCode, query: AuditQuery): Promise<Page<AuditLine>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? within);
  const after = cursorKey(query.cursor, 2);
  const rows = await sql.many<AuditLine>(
    `select seq, at, actor_name as "actorName", action, subject_type as "subjectType", subject_id as "subjectId",
       area_code as "areaCode", reason, count from audit
     where area_code >= $1 and area_code < $2 and ($3::text is null or actor_name = $3)
       and ($4::text is null or starts_with(action, $4)) and ($5::timestamptz is null or at >= $5)
       and ($6::timestamptz is null or at < $6) and (not $7::boolean or reason is not null)
       and ($8::timestamptz is null or (at, seq) < ($8::timestamptz, $9::bigint))
     order by at desc, seq desc limit $10`,
    [
      lo,
      hi,
      query.actor ?? null,
      query.action ?? null,
      query.from ?? null,
      query.to ?? null,
      query.reasoned ?? false,
      after?.[0] ?? null,
      after?.[1] ?? null,
      limit + 1,
    ],
  );
  return pageOf(rows, limit, (row) => [row.at, row.seq]);
}
