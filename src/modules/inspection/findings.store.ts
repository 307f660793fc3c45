import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type {
  Finding,
  FindingQuery,
  FindingState,
  NewSanction,
  Photo,
  PhotoStage,
  Sanction,
  AreaQuery,
} from "./domain.ts";

/** SQL of findings, their photos, and what followed. */

const findingColumns = `id, area_code as "areaCode", visit_id as "visitId", team_code as "teamCode", place_type as "placeType",
  place_id as "placeId", place_name as "placeName", checklist_version as "checklistVersion", item_id as item, text, text_en as "textEn", note,
  severity, fix_now as "fixNow", owner_team as "ownerTeam", found_at as "foundAt", found_by as "foundBy", due_at as "dueAt", repeats, state,
  task_id as "taskId", fixed_by as "fixedBy", fixed_at as "fixedAt", fixed_note as "fixedNote", checked_by as "checkedBy",
  checked_at as "checkedAt", checked_note as "checkedNote", closed_by as "closedBy", closed_at as "closedAt",
  sent_back_count as "sentBackCount", escalated_level as "escalatedLevel", escalated_to as "escalatedTo"`;

export interface StoredFinding {
  readonly id: string;
  readonly areaCode: string;
  readonly visitId: string | null;
  readonly teamCode: string;
  readonly placeType: string;
  readonly placeId: string;
  readonly placeName: string;
  readonly checklistId: string;
  readonly checklistVersion: string;
  readonly item: string;
  readonly text: string;
  readonly textEn: string;
  readonly note: string | null;
  readonly severity: string;
  readonly fixNow: boolean;
  readonly ownerTeam: string;
  readonly foundAt: string;
  readonly dueAt: string;
  readonly repeatDays: number;
}

/** Adds findings with the count of their repeats; those that are there already are left alone. spec: INS-9, INS-10 */
export async function insertFindings(
  tx: Tx,
  outbreakId: string,
  rows: readonly StoredFinding[],
): Promise<Map<string, number>> {
  const stored = await tx.sql.many<{ id: string; repeats: number }>(
    `insert into inspection_finding (id, outbreak_id, area_code, visit_id, team_code, place_type, place_id, place_name, checklist_id,
       checklist_version, item_id, text, text_en, note, severity, fix_now, owner_team, found_at, found_by, due_at, repeats, state)
     select new.id, $1, new.area_code, new.visit_id, new.team_code, new.place_type, new.place_id, new.place_name, new.checklist_id,
       new.checklist_version, new.item_id, new.text, new.text_en, new.note, new.severity, new.fix_now, new.owner_team, new.found_at, $2, new.due_at,
       (select count(*) from inspection_finding old where old.place_id = new.place_id and old.item_id = new.item_id
          and old.found_at < new.found_at and old.found_at >= new.found_at - new.repeat_days * interval '1 day'), 'open'
     from unnest($3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[],
       $13::text[], $14::text[], $15::text[], $16::text[], $17::boolean[], $18::text[], $19::timestamptz[], $20::timestamptz[], $21::int[])
       as new (id, area_code, visit_id, team_code, place_type, place_id, place_name, checklist_id, checklist_version, item_id, text, text_en,
         note, severity, fix_now, owner_team, found_at, due_at, repeat_days)
     on conflict (place_id, item_id, found_at) do nothing returning id, repeats`,
    [
      outbreakId,
      tx.actor.id,
      rows.map((r) => r.id),
      rows.map((r) => r.areaCode),
      rows.map((r) => r.visitId),
      rows.map((r) => r.teamCode),
      rows.map((r) => r.placeType),
      rows.map((r) => r.placeId),
      rows.map((r) => r.placeName),
      rows.map((r) => r.checklistId),
      rows.map((r) => r.checklistVersion),
      rows.map((r) => r.item),
      rows.map((r) => r.text),
      rows.map((r) => r.textEn),
      rows.map((r) => r.note),
      rows.map((r) => r.severity),
      rows.map((r) => r.fixNow),
      rows.map((r) => r.ownerTeam),
      rows.map((r) => r.foundAt),
      rows.map((r) => r.dueAt),
      rows.map((r) => r.repeatDays),
    ],
  );
  return new Map(stored.map((row) => [row.id, row.repeats]));
}

/** Ties findings to the tasks that were made for them. */
export async function tieTasks(tx: Tx, findingIds: readonly string[], taskIds: readonly string[]): Promise<void> {
  await tx.sql.run(
    `update inspection_finding set task_id = tie.task_id from unnest($1::uuid[], $2::uuid[]) as tie (id, task_id)
     where inspection_finding.id = tie.id`,
    [findingIds, taskIds],
  );
}

export async function findFinding(tx: Tx, id: string): Promise<Finding | undefined> {
  return tx.sql.maybe<Finding>(`select ${findingColumns} from inspection_finding where id = $1`, [id]);
}

export async function lockFinding(tx: Tx, id: string): Promise<Finding | undefined> {
  return tx.sql.maybe<Finding>(`select ${findingColumns} from inspection_finding where id = $1 for update`, [id]);
}

/** The finding of a task, locked. */
export async function lockFindingOfTask(tx: Tx, taskId: string): Promise<Finding | undefined> {
  return tx.sql.maybe<Finding>(`select ${findingColumns} from inspection_finding where task_id = $1 for update`, [
    taskId,
  ]);
}

const findingSorts: SortTable<Finding, "due" | "found" | "repeats"> = {
  keys: {
    due: { sql: "due_at", type: "timestamptz", of: (row) => row.dueAt },
    found: { sql: "found_at", type: "timestamptz", of: (row) => row.foundAt },
    repeats: { sql: "repeats", type: "integer", of: (row) => row.repeats },
  },
  tie: { sql: "id", type: "uuid", of: (row) => row.id },
};

export async function pageFindings(tx: Tx, query: FindingQuery): Promise<Page<Finding>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, findingSorts, "due", area);
  const unresolved = query.state === "unresolved";
  const rows = await tx.sql.many<Finding>(
    `select ${findingColumns} from inspection_finding
     where area_code >= $1 and area_code < $2
       and ($3::text is null or state = $3) and (not $4::boolean or state <> 'closed')
       and ($5::text is null or place_type = $5) and (not $6::boolean or (state in ('open', 'sentBack', 'escalated') and due_at < $7))
       and ${sort.after(9)}
     order by ${sort.order} limit $8`,
    [
      lo,
      hi,
      unresolved ? null : (query.state ?? null),
      unresolved,
      query.placeType ?? null,
      query.overdue ?? false,
      tx.now,
      sort.limit + 1,
      ...sort.values,
    ],
  );
  return sort.page(rows);
}

/** The problem list of a day: everything not closed when the day ended, and what was closed on the day itself. */
export async function problemsOf(
  tx: Tx,
  areaCode: string,
  from: string,
  to: string,
  limit: number,
): Promise<Finding[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<Finding>(
    `select ${findingColumns} from inspection_finding
     where area_code >= $1 and area_code < $2 and found_at < $4 and (closed_at is null or closed_at >= $3)
     order by area_code, due_at, place_id, item_id limit $5`,
    [lo, hi, from, to, limit],
  );
}

/** What a step changes in a finding. */
export interface FindingChange {
  readonly state: FindingState;
  readonly fixed?: boolean;
  readonly checked?: boolean;
  readonly sentBack?: boolean;
}

export async function updateFinding(tx: Tx, id: string, change: FindingChange): Promise<void> {
  await tx.sql.run(
    `update inspection_finding set state = $2,
       fixed_by = case when $3 then $6 else fixed_by end, fixed_at = case when $3 then $7::timestamptz else fixed_at end,
       checked_by = case when $4 then $6 else checked_by end, checked_at = case when $4 then $7::timestamptz else checked_at end,
       closed_by = case when $2 = 'closed' then $6 end, closed_at = case when $2 = 'closed' then $7::timestamptz end,
       sent_back_count = sent_back_count + case when $5 then 1 else 0 end
     where id = $1`,
    [id, change.state, change.fixed ?? false, change.checked ?? false, change.sentBack ?? false, tx.actor.id, tx.now],
  );
}

/** Writes what the doer or the checker says beside the step itself. */
export async function noteFinding(tx: Tx, id: string, notes: { fixed?: string; checked?: string }): Promise<void> {
  await tx.sql.run(
    "update inspection_finding set fixed_note = coalesce($2, fixed_note), checked_note = coalesce($3, checked_note) where id = $1",
    [id, notes.fixed ?? null, notes.checked ?? null],
  );
}

/** Findings past their deadline that nobody put right and whose next level may have come. */
export async function lateFindings(
  tx: Tx,
  limit: number,
): Promise<{ id: string; area_code: string; due_at: string; state: FindingState; escalated_level: number }[]> {
  return tx.sql.many(
    `select id, area_code, due_at, state, escalated_level from inspection_finding
     where state in ('open', 'sentBack', 'escalated') and due_at < $1 order by due_at, id limit $2`,
    [tx.now, limit],
  );
}

export async function markEscalated(
  tx: Tx,
  rows: readonly { readonly id: string; readonly level: number; readonly to: string }[],
): Promise<void> {
  await tx.sql.run(
    `update inspection_finding set state = 'escalated', escalated_level = up.level, escalated_to = up.to_code
     from unnest($1::uuid[], $2::int[], $3::text[]) as up (id, level, to_code) where inspection_finding.id = up.id`,
    [rows.map((r) => r.id), rows.map((r) => r.level), rows.map((r) => r.to)],
  );
}

/** Keeps a photo; the same picture twice is one. */
export async function insertPhoto(
  tx: Tx,
  photo: Omit<Photo, "id"> & { readonly findingId: string; readonly areaCode: string; readonly bytes: Buffer },
): Promise<void> {
  await tx.sql.run(
    `insert into inspection_photo (id, finding_id, area_code, stage, name, content_type, sha256, taken_at, added_at, added_by, bytes)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing`,
    [
      tx.newId(),
      photo.findingId,
      photo.areaCode,
      photo.stage,
      photo.name,
      photo.contentType,
      photo.sha256,
      photo.takenAt,
      tx.now,
      tx.actor.id,
      photo.bytes,
    ],
  );
}

export async function photosOf(tx: Tx, findingId: string): Promise<Photo[]> {
  return tx.sql.many<Photo>(
    `select id, stage, name, content_type as "contentType", sha256, taken_at as "takenAt" from inspection_photo
     where finding_id = $1 order by taken_at, sha256`,
    [findingId],
  );
}

/** Was a photo of the stage added since a moment? */
export async function hasPhotoSince(tx: Tx, findingId: string, stage: PhotoStage, since: string): Promise<boolean> {
  const row = await tx.sql.maybe(
    "select 1 as one from inspection_photo where finding_id = $1 and stage = $2 and taken_at >= $3 limit 1",
    [findingId, stage, since],
  );
  return row !== undefined;
}

export async function photoBytes(tx: Tx, id: string): Promise<{ content_type: string; bytes: Buffer } | undefined> {
  return tx.sql.maybe("select content_type, bytes from inspection_photo where id = $1", [id]);
}

/** Writes a penalty or a commendation; undefined when the finding was answered by one of this kind already. */
export async function insertSanction(tx: Tx, input: NewSanction): Promise<string | undefined> {
  const row = await tx.sql.maybe<{ id: string }>(
    `insert into inspection_sanction (id, area_code, kind, subject, place_id, finding_id, reason, decided_by, decided_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (finding_id, kind) do nothing returning id`,
    [
      tx.newId(),
      input.areaCode,
      input.kind,
      input.subject,
      input.placeId ?? null,
      input.findingId ?? null,
      input.reason,
      tx.actor.id,
      tx.now,
    ],
  );
  return row?.id;
}

export async function pageSanctions(tx: Tx, query: AreaQuery & { readonly kind?: string }): Promise<Page<Sanction>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Sanction>(
    `select id, area_code as "areaCode", kind, subject, place_id as "placeId", finding_id as "findingId", reason,
       decided_by as "decidedBy", decided_at as "decidedAt" from inspection_sanction
     where area_code >= $1 and area_code < $2 and ($6::text is null or kind = $6)
       and ($3::timestamptz is null or (decided_at, id) < ($3::timestamptz, $4::uuid))
     order by decided_at desc, id desc limit $5`,
    [lo, hi, after?.[0] ?? null, after?.[1] ?? null, limit + 1, query.kind ?? null],
  );
  return pageOf(rows, limit, (row) => [row.decidedAt, row.id]);
}
