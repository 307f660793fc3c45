import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { ExposureRow, NewExposure } from "./duty.model.ts";

/** Stores an exposure; undefined when the same one is known. */
export async function insertExposure(
  tx: Tx,
  exposure: NewExposure & { readonly memberId: number; readonly areaCode: string; readonly followUpBy: string },
): Promise<string | undefined> {
  const id = tx.newId();
  const stored = await tx.sql.run(
    `insert into team_exposure (id, area_code, member_id, at, kind, protection, note, recorded_at, recorded_by, follow_up_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (member_id, at, kind) do nothing`,
    [
      id,
      exposure.areaCode,
      exposure.memberId,
      exposure.at,
      exposure.kind,
      exposure.protection,
      exposure.note ?? "",
      tx.now,
      tx.actor.id,
      exposure.followUpBy,
    ],
  );
  return stored === 1 ? id : undefined;
}

export async function lockExposure(
  tx: Tx,
  id: string,
): Promise<{ id: string; areaCode: string; outcome: string | null } | undefined> {
  return tx.sql.maybe(`select id, area_code as "areaCode", outcome from team_exposure where id = $1 for update`, [id]);
}

export async function setOutcome(tx: Tx, id: string, outcome: string): Promise<void> {
  await tx.sql.run("update team_exposure set outcome = $2, followed_up_at = $3, followed_up_by = $4 where id = $1", [
    id,
    outcome,
    tx.now,
    tx.actor.id,
  ]);
}

export async function pageExposures(
  tx: Tx,
  query: { areaCode?: string; limit?: number; cursor?: string },
): Promise<Page<ExposureRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const key = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<ExposureRow>(
    `select e.id, e.area_code as "areaCode", m.id::text as "memberId", m.code as "memberCode", e.at, e.kind, e.protection, e.follow_up_by as "followUpBy",
       e.followed_up_at as "followedUpAt", e.outcome, (coalesce(e.followed_up_at, $6) > e.follow_up_by) as late
     from team_exposure e join team_member m on m.id = e.member_id
     where e.area_code >= $1 and e.area_code < $2
       and ($3::timestamptz is null or (e.follow_up_by, e.id::text) < ($3::timestamptz, $4))
     order by e.follow_up_by desc, e.id::text desc limit $5`,
    [lo, hi, key?.[0] ?? null, key?.[1] ?? null, limit + 1, tx.now],
  );
  return pageOf(rows, limit, (row) => [row.followUpBy, row.id]);
}
