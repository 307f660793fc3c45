import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { DirectiveCard, DirectiveKind, Minutes, Relay, RelayQuery } from "./orders.model.ts";
import type { DirectiveTimes } from "./orders.rules.ts";

interface Texts {
  readonly "zh-CN": string;
  readonly en: string;
}

export interface DirectiveRow extends DirectiveTimes {
  readonly id: string;
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly no: number;
  readonly kind: DirectiveKind;
  readonly issuedBy: string;
  readonly documentNo: string | null;
  readonly title: Texts;
  readonly body: Texts;
  readonly receivedAt: Instant;
}

/** The next number of a directive; two people who relay at the same time take one after the other. */
export async function nextDirectiveNo(tx: Tx, outbreakId: string): Promise<number> {
  await tx.sql.run("select pg_advisory_xact_lock(771022, hashtext($1))", [outbreakId]);
  const row = await tx.sql.one<{ no: number }>(
    "select coalesce(max(no), 0)::int + 1 as no from directive where outbreak_id = $1",
    [outbreakId],
  );
  return row.no;
}

export async function insertDirective(tx: Tx, row: DirectiveRow): Promise<void> {
  await tx.sql.run(
    `insert into directive (id, outbreak_id, area_code, no, kind, issued_by, document_no, title, body, received_at,
       relay_due_at, relayed_at, relayed_by, receipt_due_at, report_due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9::jsonb, $10, $11, $12, $13, $14, $15)`,
    [
      row.id,
      row.outbreakId,
      row.areaCode,
      row.no,
      row.kind,
      row.issuedBy,
      row.documentNo,
      JSON.stringify(row.title),
      JSON.stringify(row.body),
      row.receivedAt,
      row.relayDueAt,
      tx.now,
      tx.actor.id,
      row.receiptDueAt,
      row.reportDueAt,
    ],
  );
}

/** One relay for each area; returns their ids in the order of the areas. */
export async function insertRelays(tx: Tx, directive: DirectiveRow, areaCodes: readonly string[]): Promise<string[]> {
  const ids = areaCodes.map(() => tx.newId());
  await tx.sql.run(
    `insert into directive_relay (id, directive_id, outbreak_id, area_code, state, receipt_due_at, report_due_at)
     select id, $3, $4, area_code, 'relayed', $5, $6 from unnest($1::uuid[], $2::text[]) as new (id, area_code)`,
    [ids, areaCodes, directive.id, directive.outbreakId, directive.receiptDueAt, directive.reportDueAt],
  );
  return ids;
}

const lateRelay = `(coalesce(r.received_at, $2) > r.receipt_due_at
  or (case when r.state in ('reported', 'accepted') then r.reported_at else $2 end) > r.report_due_at)`;

const cardText = `select d.id, d.no, d.kind, d.area_code as "areaCode", d.issued_by as "issuedBy", d.document_no as "documentNo",
    d.title, d.body, d.received_at as "receivedAt", d.relay_due_at as "relayDueAt", d.relayed_at as "relayedAt",
    d.receipt_due_at as "receiptDueAt", d.report_due_at as "reportDueAt", n.counties, n.received, n.reported, n.accepted, n.late
  from directive d cross join lateral (
    select count(*)::int as counties, count(r.received_at)::int as received,
      (count(*) filter (where r.state in ('reported', 'accepted')))::int as reported,
      (count(*) filter (where r.state = 'accepted'))::int as accepted, (count(*) filter (where ${lateRelay}))::int as late
    from directive_relay r where r.directive_id = d.id
  ) n`;

/** Directives, the newest first, with how far the counties the reader sees are. */
export async function pageDirectives(
  tx: Tx,
  outbreakId: string,
  query: { limit?: number; cursor?: string },
): Promise<Page<DirectiveCard>> {
  const limit = pageSize(query.limit);
  const before = cursorKey(query.cursor, 1);
  const rows = await tx.sql.many<DirectiveCard>(
    `${cardText} where d.outbreak_id = $1 and ($3::int is null or d.no < $3) order by d.no desc limit $4`,
    [outbreakId, tx.now, before?.[0] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.no]);
}

export async function directiveById(tx: Tx, id: string): Promise<DirectiveCard | undefined> {
  return tx.sql.maybe(`${cardText} where d.id = $1`, [id, tx.now]);
}

/** The directive that a document of an issuer became. */
export async function directiveOfDocument(
  tx: Tx,
  outbreakId: string,
  issuedBy: string,
  documentNo: string,
): Promise<{ readonly id: string } | undefined> {
  return tx.sql.maybe("select id from directive where outbreak_id = $1 and issued_by = $2 and document_no = $3", [
    outbreakId,
    issuedBy,
    documentNo,
  ]);
}

export type StoredRelay = Omit<Relay, "receiptLate" | "reportLate">;

const relayColumns = `r.id, r.directive_id as "directiveId", d.no, d.title, r.area_code as "areaCode", r.state,
  r.receipt_due_at as "receiptDueAt", r.received_at as "receivedAt", r.received_by as "receivedBy",
  r.report_due_at as "reportDueAt", r.reported_at as "reportedAt", r.reported_by as "reportedBy", r.report, r.photos,
  r.accepted_at as "acceptedAt", r.accepted_by as "acceptedBy", r.sent_back_count as "sentBack",
  r.sent_back_reason as "sentBackReason"`;

export async function lockRelay(tx: Tx, id: string): Promise<StoredRelay | undefined> {
  return tx.sql.maybe(
    `select ${relayColumns} from directive_relay r join directive d on d.id = r.directive_id where r.id = $1 for update of r`,
    [id],
  );
}

export async function relaysOf(tx: Tx, directiveId: string): Promise<StoredRelay[]> {
  return tx.sql.many(
    `select ${relayColumns} from directive_relay r join directive d on d.id = r.directive_id
     where r.directive_id = $1 order by r.area_code`,
    [directiveId],
  );
}

/** Relays of an area by the deadline of their reports, the earliest first. */
export async function pageRelays(tx: Tx, outbreakId: string, query: RelayQuery): Promise<Page<StoredRelay>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<StoredRelay>(
    `select ${relayColumns} from directive_relay r join directive d on d.id = r.directive_id
     where r.outbreak_id = $1 and r.area_code >= $3 and r.area_code < $4 and ($5::text is null or r.state = $5)
       and (not $6::boolean or ${lateRelay})
       and ($7::timestamptz is null or (r.report_due_at, r.id) > ($7::timestamptz, $8::uuid))
     order by r.report_due_at, r.id limit $9`,
    [
      outbreakId,
      tx.now,
      lo,
      hi,
      query.state ?? null,
      query.late ?? false,
      after?.[0] ?? null,
      after?.[1] ?? null,
      limit + 1,
    ],
  );
  return pageOf(rows, limit, (row) => [row.reportDueAt, row.id]);
}

export async function updateReceived(tx: Tx, id: string): Promise<void> {
  await tx.sql.run("update directive_relay set state = 'received', received_at = $2, received_by = $3 where id = $1", [
    id,
    tx.now,
    tx.actor.id,
  ]);
}

export async function updateReported(tx: Tx, id: string, report: string, photos: readonly string[]): Promise<void> {
  await tx.sql.run(
    `update directive_relay set state = 'reported', reported_at = $2, reported_by = $3, report = $4, photos = $5 where id = $1`,
    [id, tx.now, tx.actor.id, report, photos],
  );
}

export async function updateAccepted(tx: Tx, id: string): Promise<void> {
  await tx.sql.run("update directive_relay set state = 'accepted', accepted_at = $2, accepted_by = $3 where id = $1", [
    id,
    tx.now,
    tx.actor.id,
  ]);
}

export async function updateRelaySentBack(tx: Tx, id: string, reason: string, reportDueAt: Instant): Promise<void> {
  await tx.sql.run(
    `update directive_relay set state = 'sentBack', sent_back_count = sent_back_count + 1, sent_back_reason = $2, report_due_at = $3
     where id = $1`,
    [id, reason, reportDueAt],
  );
}

const minutesColumns = `version, present, body as text, due_at as "dueAt", written_at as "writtenAt", written_by as "writtenBy"`;

/** The minutes of a briefing as they were last written. */
export async function newestMinutes(tx: Tx, briefingId: string): Promise<Minutes | undefined> {
  return tx.sql.maybe(
    `select ${minutesColumns} from briefing_minutes where briefing_id = $1 order by version desc limit 1`,
    [briefingId],
  );
}

export async function allMinutes(tx: Tx, briefingId: string): Promise<Minutes[]> {
  return tx.sql.many(`select ${minutesColumns} from briefing_minutes where briefing_id = $1 order by version`, [
    briefingId,
  ]);
}

export async function insertMinutes(
  tx: Tx,
  row: { briefingId: string; outbreakId: string; version: number; present: string; text: string; dueAt: Instant },
): Promise<void> {
  await tx.sql.run(
    `insert into briefing_minutes (briefing_id, version, outbreak_id, present, body, due_at, written_at, written_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [row.briefingId, row.version, row.outbreakId, row.present, row.text, row.dueAt, tx.now, tx.actor.id],
  );
}

export interface Tally {
  readonly in: number;
  readonly done: number;
  readonly late: number;
  readonly open: number;
}

/** Relays, steps of the reopening and minutes of an outbreak in one count. */
export async function countOrders(
  tx: Tx,
  input: { outbreakId: string; minutesHours: number; reopeningHours: number },
): Promise<Tally> {
  return tx.sql.one(
    `select count(*)::int as in, (count(*) filter (where done))::int as done,
       (count(*) filter (where coalesce(done_at, $2) > due_at))::int as late, (count(*) filter (where not done))::int as open
     from (
       select state = 'accepted' as done, report_due_at as due_at,
         case when state in ('reported', 'accepted') then reported_at end as done_at
       from directive_relay where outbreak_id = $1
       union all
       select state <> 'planned', planned_at + make_interval(secs => $3::float8 * 3600), reopened_at from reopening_step where outbreak_id = $1
       union all
       select m.written_at is not null, b.held_at + make_interval(secs => $4::float8 * 3600), m.written_at
       from briefing b left join briefing_minutes m on m.briefing_id = b.id and m.version = 1 where b.outbreak_id = $1
     ) as item`,
    [input.outbreakId, tx.now, input.reopeningHours, input.minutesHours],
  );
}
