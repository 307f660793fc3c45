import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { Investigation, Track } from "./tracing.model.ts";
import type { ExposureWindow } from "./tracing.rules.ts";

/** Rows of investigations and tracks. */

const investigationColumns = `id, case_id as "caseId", area_code as "areaCode", state, opened_at as "openedAt", core_due_at as "coreDueAt",
  core_done_at as "coreDoneAt", report_due_at as "reportDueAt", report_done_at as "reportDoneAt", window_from as "windowFrom",
  window_to as "windowTo", identified_at as "identifiedAt", close_found as "closeFound", secondary_found as "secondaryFound",
  general_found as "generalFound"`;

export interface NewInvestigation {
  readonly id: string;
  readonly outbreakId: string;
  readonly caseId: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly coreDueAt: string | null;
  readonly reportDueAt: string | null;
  readonly window: ExposureWindow;
}

/** Opens an investigation; false when the case has one. */
export async function insertInvestigation(tx: Tx, row: NewInvestigation): Promise<boolean> {
  const count = await tx.sql.run(
    `insert into investigation (id, outbreak_id, case_id, person_id, area_code, state, opened_at, core_due_at, report_due_at, window_from, window_to)
     values ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10) on conflict (case_id) do nothing`,
    [
      row.id,
      row.outbreakId,
      row.caseId,
      row.personId,
      row.areaCode,
      tx.now,
      row.coreDueAt,
      row.reportDueAt,
      row.window.from,
      row.window.to,
    ],
  );
  return count === 1;
}

export async function investigationOf(tx: Tx, caseId: string): Promise<Investigation | undefined> {
  return tx.sql.maybe(`select ${investigationColumns} from investigation where case_id = $1`, [caseId]);
}

/** Notes that a part of an investigation is done; false when it was before. */
export async function markDone(tx: Tx, caseId: string, part: "core" | "report"): Promise<boolean> {
  const changed = await tx.sql.run(
    `update investigation set ${part}_done_at = $2, ${part}_done_by = $3,
       state = case when ${part === "core" ? "report" : "core"}_done_at is not null then 'done' else state end
     where case_id = $1 and state = 'open' and ${part}_done_at is null`,
    [caseId, tx.now, tx.actor.id],
  );
  return changed === 1;
}

export async function cancelInvestigation(tx: Tx, caseId: string): Promise<void> {
  await tx.sql.run("update investigation set state = 'cancelled' where case_id = $1 and state <> 'cancelled'", [
    caseId,
  ]);
}

export async function updateFound(
  tx: Tx,
  caseId: string,
  window: ExposureWindow,
  found: { close: number; secondary: number; general: number },
): Promise<void> {
  await tx.sql.run(
    `update investigation set window_from = $2, window_to = $3, identified_at = $4, close_found = $5, secondary_found = $6, general_found = $7
     where case_id = $1`,
    [caseId, window.from, window.to, tx.now, found.close, found.secondary, found.general],
  );
}

export interface NewTrack extends Track {
  readonly source: "visit" | "household" | "workplace" | "interview";
}

export async function insertTracks(
  tx: Tx,
  of: { outbreakId: string; caseId: string; areaCode: string },
  tracks: readonly NewTrack[],
): Promise<void> {
  if (tracks.length === 0) return;
  await tx.sql.run(
    `insert into track (id, outbreak_id, case_id, area_code, venue_id, place, setting, from_at, to_at, source, added_at)
     select id, $7, $8, $9, venue_id, place, setting, from_at, to_at, source, $10
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $11::text[])
       as new (id, venue_id, place, setting, from_at, to_at, source)`,
    [
      tracks.map(() => tx.newId()),
      tracks.map((t) => t.venueId),
      tracks.map((t) => t.place),
      tracks.map((t) => t.setting),
      tracks.map((t) => t.fromAt),
      tracks.map((t) => t.toAt),
      of.outbreakId,
      of.caseId,
      of.areaCode,
      tx.now,
      tracks.map((t) => t.source),
    ],
  );
}

export async function tracksOf(tx: Tx, caseId: string): Promise<Track[]> {
  return tx.sql.many(
    `select venue_id as "venueId", place, setting, from_at as "fromAt", to_at as "toAt", source from track
     where case_id = $1 order by from_at, to_at, id`,
    [caseId],
  );
}

/** The stays of several cases in order of time. */
export async function tracksOfCases(tx: Tx, caseIds: readonly string[]): Promise<Track[]> {
  return tx.sql.many(
    `select venue_id as "venueId", place, setting, from_at as "fromAt", to_at as "toAt", source from track
     where case_id = any($1::uuid[]) order by from_at, to_at, id`,
    [caseIds],
  );
}

export async function pageInvestigations(
  tx: Tx,
  query: { areaCode?: string; state?: string; limit?: number; cursor?: string },
): Promise<Page<Investigation>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Investigation>(
    `select ${investigationColumns} from investigation where area_code >= $1 and area_code < $2 and ($3::text is null or state = $3)
       and ($4::timestamptz is null or (opened_at, id) < ($4::timestamptz, $5::uuid)) order by opened_at desc, id desc limit $6`,
    [lo, hi, query.state ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.openedAt, row.id]);
}
