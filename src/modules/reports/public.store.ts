import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { BothTexts, PublicQuery, Publication, RequestKind, RequestRow, Rumour } from "./public.model.ts";

const publicationColumns = `id, area_code as "areaCode", kind, no, title, body, state, written_by as "writtenBy",
  written_at as "writtenAt", due_at as "dueAt", signed_by as "signedBy", signed_at as "signedAt", valid_to as "validTo",
  reason, sent_back as "sentBack"`;

export interface NewPublication {
  readonly id: string;
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly kind: Publication["kind"];
  readonly no: number | null;
  readonly freezeId: string | null;
  readonly title: BothTexts;
  readonly body: BothTexts;
  readonly dueAt: Instant;
  readonly validTo: Instant | null;
}

export async function insertPublication(tx: Tx, row: NewPublication): Promise<void> {
  await tx.sql.run(
    `insert into publication (id, outbreak_id, area_code, kind, no, freeze_id, title, body, state, written_by, written_at, due_at, valid_to)
     values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, 'draft', $9, $10, $11, $12)`,
    [
      row.id,
      row.outbreakId,
      row.areaCode,
      row.kind,
      row.no,
      row.freezeId,
      JSON.stringify(row.title),
      JSON.stringify(row.body),
      tx.actor.id,
      tx.now,
      row.dueAt,
      row.validTo,
    ],
  );
}

export async function lockPublication(tx: Tx, id: string): Promise<Publication | undefined> {
  return tx.sql.maybe(`select ${publicationColumns} from publication where id = $1 for update`, [id]);
}

/** The last bulletin's number and freeze, withdrawn ones included: a number is never given twice. */
export async function lastBulletin(
  tx: Tx,
  outbreakId: string,
): Promise<{ readonly no: number; readonly freezeId: string } | undefined> {
  return tx.sql.maybe(
    `select no, freeze_id as "freezeId" from publication where outbreak_id = $1 and no is not null order by no desc limit 1`,
    [outbreakId],
  );
}

export async function updateTexts(tx: Tx, id: string, title: BothTexts, body: BothTexts): Promise<void> {
  await tx.sql.run(
    "update publication set title = $2::jsonb, body = $3::jsonb, state = 'draft', written_by = $4 where id = $1",
    [id, JSON.stringify(title), JSON.stringify(body), tx.actor.id],
  );
}

export async function updateSubmitted(tx: Tx, id: string): Promise<void> {
  await tx.sql.run("update publication set state = 'submitted' where id = $1", [id]);
}

export async function updateSentBack(tx: Tx, id: string, reason: string): Promise<void> {
  await tx.sql.run("update publication set state = 'draft', reason = $2, sent_back = sent_back + 1 where id = $1", [
    id,
    reason,
  ]);
}

export async function updateSigned(tx: Tx, id: string): Promise<void> {
  await tx.sql.run(
    "update publication set state = 'published', signed_by = $2, signed_at = $3, reason = null where id = $1",
    [id, tx.actor.id, tx.now],
  );
}

export async function updateWithdrawn(tx: Tx, id: string, reason: string): Promise<void> {
  await tx.sql.run(
    "update publication set state = 'withdrawn', withdrawn_by = $2, withdrawn_at = $3, reason = $4 where id = $1",
    [id, tx.actor.id, tx.now, reason],
  );
}

export async function pagePublications(tx: Tx, query: PublicQuery): Promise<Page<Publication>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Publication>(
    `select ${publicationColumns} from publication
     where area_code >= $1 and area_code < $2 and ($3::text is null or state = $3) and ($4::text is null or kind = $4)
       and ($5::timestamptz is null or (written_at, id) < ($5::timestamptz, $6::uuid))
     order by written_at desc, id desc limit $7`,
    [lo, hi, query.state ?? null, query.kind ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.writtenAt, row.id]);
}

/** What is published now for an area: its own, what stands above it and what lies in it, the latest first. */
export async function shownPublications(tx: Tx, areaCode: string, limit: number): Promise<Publication[]> {
  return tx.sql.many(
    `select ${publicationColumns} from publication
     where state = 'published' and (valid_to is null or valid_to > $2)
       and (starts_with(area_code, $1) or starts_with($1, area_code))
     order by signed_at desc, id desc limit $3`,
    [areaCode, tx.now, limit],
  );
}

export interface StoredRequest extends Omit<RequestRow, "late"> {
  readonly textEnc: Buffer;
  readonly phoneEnc: Buffer | null;
  readonly answer: string | null;
  readonly answeredBy: string | null;
}

const requestColumns = `id, area_code as "areaCode", receipt, kind, asked_at as "askedAt", due_at as "dueAt", state,
  answered_at as "answeredAt", text_enc as "textEnc", phone_enc as "phoneEnc", answer, answered_by as "answeredBy"`;

export async function insertRequest(
  tx: Tx,
  row: {
    readonly id: string;
    readonly outbreakId: string;
    readonly areaCode: string;
    readonly receipt: string;
    readonly kind: RequestKind;
    readonly textEnc: Buffer;
    readonly phoneEnc: Buffer | null;
    readonly dueAt: Instant;
  },
): Promise<void> {
  await tx.sql.run(
    `insert into resident_request (id, outbreak_id, area_code, receipt, kind, text_enc, phone_enc, asked_at, due_at, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'asked')`,
    [row.id, row.outbreakId, row.areaCode, row.receipt, row.kind, row.textEnc, row.phoneEnc, tx.now, row.dueAt],
  );
}

export async function findRequest(tx: Tx, id: string): Promise<StoredRequest | undefined> {
  return tx.sql.maybe(`select ${requestColumns} from resident_request where id = $1 for update`, [id]);
}

export async function requestByReceipt(tx: Tx, receipt: string): Promise<StoredRequest | undefined> {
  return tx.sql.maybe(`select ${requestColumns} from resident_request where receipt = $1`, [receipt]);
}

export async function updateAnswered(tx: Tx, id: string, answer: string, referred: boolean): Promise<void> {
  await tx.sql.run(
    `update resident_request set state = $2, answer = $3, answered_by = $4, answered_at = $5,
       closed_at = case when $2 = 'answered' then $5::timestamptz end where id = $1`,
    [id, referred ? "referred" : "answered", answer, tx.actor.id, tx.now],
  );
}

export async function updateConfirmed(tx: Tx, receipt: string): Promise<number> {
  return tx.sql.run("update resident_request set state = 'confirmed' where receipt = $1 and state = 'answered'", [
    receipt,
  ]);
}

export async function pageRequests(tx: Tx, query: PublicQuery): Promise<Page<StoredRequest>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<StoredRequest>(
    `select ${requestColumns} from resident_request
     where area_code >= $1 and area_code < $2 and ($3::text is null or state = $3) and ($4::text is null or kind = $4)
       and ($5::timestamptz is null or (due_at, id) > ($5::timestamptz, $6::uuid))
     order by due_at, id limit $7`,
    [lo, hi, query.state ?? null, query.kind ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.dueAt, row.id]);
}

const rumourColumns = `id, area_code as "areaCode", claim, seen_where as "seenWhere", recorded_at as "recordedAt", due_at as "dueAt",
  state, verdict, fact, source, checked_by as "checkedBy", signed_by as "signedBy", signed_at as "signedAt"`;
export type StoredRumour = Omit<Rumour, "late">;

export async function insertRumour(
  tx: Tx,
  row: { id: string; outbreakId: string; areaCode: string; claim: string; seenWhere: string; dueAt: Instant },
): Promise<void> {
  await tx.sql.run(
    `insert into rumour (id, outbreak_id, area_code, claim, seen_where, recorded_by, recorded_at, due_at, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'recorded')`,
    [row.id, row.outbreakId, row.areaCode, row.claim, row.seenWhere, tx.actor.id, tx.now, row.dueAt],
  );
}

export async function lockRumour(tx: Tx, id: string): Promise<StoredRumour | undefined> {
  return tx.sql.maybe(`select ${rumourColumns} from rumour where id = $1 for update`, [id]);
}

export async function updateChecked(
  tx: Tx,
  id: string,
  found: { verdict: string; fact: BothTexts; source: string },
): Promise<void> {
  await tx.sql.run(
    `update rumour set state = 'checked', verdict = $2, fact = $3::jsonb, source = $4, checked_by = $5, checked_at = $6
     where id = $1`,
    [id, found.verdict, JSON.stringify(found.fact), found.source, tx.actor.id, tx.now],
  );
}

export async function updateRumourSigned(tx: Tx, id: string): Promise<void> {
  await tx.sql.run("update rumour set state = 'published', signed_by = $2, signed_at = $3 where id = $1", [
    id,
    tx.actor.id,
    tx.now,
  ]);
}

export async function pageRumours(tx: Tx, query: PublicQuery): Promise<Page<StoredRumour>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<StoredRumour>(
    `select ${rumourColumns} from rumour where area_code >= $1 and area_code < $2 and ($3::text is null or state = $3)
       and ($4::timestamptz is null or (recorded_at, id) < ($4::timestamptz, $5::uuid))
     order by recorded_at desc, id desc limit $6`,
    [lo, hi, query.state ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.recordedAt, row.id]);
}

export async function shownRumours(tx: Tx, limit: number): Promise<StoredRumour[]> {
  return tx.sql.many(
    `select ${rumourColumns} from rumour where state = 'published' order by signed_at desc, id desc limit $1`,
    [limit],
  );
}

/** Bulletins, notices, requests and rumours in one count. */
export async function countPublic(
  tx: Tx,
  outbreakId: string,
): Promise<{ readonly in: number; readonly done: number; readonly late: number; readonly open: number }> {
  return tx.sql.one(
    `select count(*)::int as in, count(*) filter (where done_at is not null)::int as done,
       count(*) filter (where coalesce(done_at, $2) > due_at)::int as late, count(*) filter (where done_at is null)::int as open
     from (
       select due_at, signed_at as done_at from publication where outbreak_id = $1
       union all select due_at, closed_at from resident_request where outbreak_id = $1
       union all select due_at, signed_at from rumour where outbreak_id = $1
     ) as item`,
    [outbreakId, tx.now],
  );
}
