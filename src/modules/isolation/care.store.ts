import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { CareKind, CareRow, CareState, HomecomingRow, HomecomingState } from "./life.model.ts";

/** SQL of what guests ask for and of people coming home. */

const careColumns = `r.id, r.order_id as "orderId", r.person_id as "personId", r.site_id as "siteId", s.name as "siteName", s.name_en as "siteNameEn", r.area_code as "areaCode",
  r.kind, r.state, r.asked_at as "askedAt", r.due_at as "dueAt", r.answered_at as "answeredAt", r.answer, r.confirmed_at as "confirmedAt",
  r.sent_back as "sentBack"`;

export interface CareQuery {
  readonly areaCode?: string;
  readonly siteId?: string;
  readonly state?: CareState;
  readonly kind?: CareKind;
  readonly overdue?: boolean;
  readonly limit?: number;
  readonly cursor?: string;
}

export async function pageCare(tx: Tx, query: CareQuery): Promise<Page<CareRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 3);
  const rows = await tx.sql.many<CareRow>(
    `select ${careColumns} from care_request r join isolation_site s on s.id = r.site_id
     where r.area_code >= $1 and r.area_code < $2 and ($3::text is null or r.state = $3) and ($4::text is null or r.kind = $4)
       and (not $5::boolean or (r.state = 'asked' and r.due_at < $6::timestamptz)) and ($7::uuid is null or r.site_id = $7)
       and ($8::text is null or (r.area_code, r.due_at, r.id::text) > ($8::text, $9::timestamptz, $10::text))
     order by r.area_code, r.due_at, r.id::text limit $11`,
    [
      lo,
      hi,
      query.state ?? null,
      query.kind ?? null,
      query.overdue ?? false,
      tx.now,
      query.siteId ?? null,
      after?.[0] ?? null,
      after?.[1] ?? null,
      after?.[2] ?? null,
      limit + 1,
    ],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.dueAt, row.id]);
}

export interface Guest {
  readonly orderId: string;
  readonly personId: number;
  readonly siteId: string;
  readonly areaCode: string;
}

/** Who lives in a site now, among these orders. */
export async function guestsOf(tx: Tx, orderIds: readonly string[]): Promise<Map<string, Guest>> {
  const rows = await tx.sql.many<Guest>(
    `select order_id as "orderId", person_id as "personId", site_id as "siteId", area_code as "areaCode" from stay
     where order_id = any($1::uuid[]) and state = 'inUse'`,
    [orderIds],
  );
  return new Map(rows.map((row) => [row.orderId, row]));
}

export interface NewCare extends Guest {
  readonly id: string;
  readonly kind: CareKind;
  readonly dueAt: Instant;
}

export async function insertCare(tx: Tx, rows: readonly NewCare[]): Promise<void> {
  await tx.sql.run(
    `insert into care_request (id, order_id, person_id, site_id, area_code, kind, state, asked_at, due_at)
     select id, order_id, person_id, site_id, area_code, kind, 'asked', $8, due_at
     from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::timestamptz[])
       n (id, order_id, person_id, site_id, area_code, kind, due_at)`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.orderId),
      rows.map((row) => row.personId),
      rows.map((row) => row.siteId),
      rows.map((row) => row.areaCode),
      rows.map((row) => row.kind),
      rows.map((row) => row.dueAt),
      tx.now,
    ],
  );
}

export interface CareFacts {
  readonly id: string;
  readonly areaCode: string;
  readonly kind: CareKind;
  readonly state: CareState;
  readonly answeredBy: string | null;
}

export async function lockCare(tx: Tx, ids: readonly string[]): Promise<CareFacts[]> {
  return tx.sql.many<CareFacts>(
    `select id, area_code as "areaCode", kind, state, answered_by as "answeredBy" from care_request
     where id = any($1::uuid[]) order by id for update`,
    [ids],
  );
}

export async function setAnswered(tx: Tx, ids: readonly string[], answer: string): Promise<void> {
  await tx.sql.run(
    "update care_request set state = 'answered', answered_at = $2, answered_by = $3, answer = $4 where id = any($1::uuid[])",
    [ids, tx.now, tx.actor.id, answer],
  );
}

export async function setConfirmed(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.sql.run(
    "update care_request set state = 'confirmed', confirmed_at = $2, confirmed_by = $3 where id = any($1::uuid[])",
    [ids, tx.now, tx.actor.id],
  );
}

/** The answer did not help: the request is open again, with its time beginning anew. */
export async function setSentBack(tx: Tx, rows: readonly { id: string; dueAt: Instant }[]): Promise<void> {
  await tx.sql.run(
    `update care_request r set state = 'asked', answered_at = null, answered_by = null, answer = null, due_at = n.due_at, sent_back = sent_back + 1
     from unnest($1::uuid[], $2::timestamptz[]) n (id, due_at) where r.id = n.id`,
    [rows.map((row) => row.id), rows.map((row) => row.dueAt)],
  );
}

/** What a guest asked for is void when he has left the site; returns the requests called off. */
export async function cancelCareOfGone(tx: Tx): Promise<string[]> {
  const rows = await tx.sql.many<{ id: string }>(
    `update care_request r set state = 'cancelled' where r.state = 'asked'
       and not exists (select 1 from stay y where y.order_id = r.order_id and y.site_id = r.site_id and y.state = 'inUse') returning r.id`,
  );
  return rows.map((row) => row.id).toSorted();
}

/** Who got home in these vehicles, and where they live. */
export async function arrivedHome(
  tx: Tx,
  transferIds: readonly string[],
): Promise<{ transferId: string; personId: number; areaCode: string; arrivedBy: string }[]> {
  return tx.sql.many(
    `select p.transfer_id as "transferId", p.person_id as "personId", o.area_code as "areaCode", t.arrived_by as "arrivedBy"
     from transfer t join transfer_person p on p.transfer_id = t.id join isolation_order o on o.id = p.order_id
     where t.id = any($1::uuid[]) and t.direction = 'home' order by p.person_id`,
    [transferIds],
  );
}

export interface NewHomecoming {
  readonly id: string;
  readonly outbreakId: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly transferId: string | null;
  readonly fromPlace: string | null;
  readonly expectedAt: Instant;
  readonly dueAt: Instant;
  /** Who signed for bringing them; null when they are still expected. */
  readonly handedBy: string | null;
}

/** Stores homecomings; one that is there already stays. Returns the ids of the new ones. */
export async function insertHomecomings(tx: Tx, rows: readonly NewHomecoming[]): Promise<string[]> {
  const stored = await tx.sql.many<{ id: string }>(
    `insert into homecoming (id, outbreak_id, person_id, area_code, origin, transfer_id, from_place, state, expected_at, due_at, handed_at, handed_by)
     select id, outbreak_id, person_id, area_code, case when transfer_id is null then 'outside' else 'site' end, transfer_id, from_place,
       case when handed_by is null then 'expected' else 'handedOver' end, expected_at, due_at, case when handed_by is null then null else $2::timestamptz end, handed_by
     from jsonb_to_recordset($1::jsonb) as n (id uuid, outbreak_id uuid, person_id bigint, area_code text, transfer_id uuid, from_place text,
       expected_at timestamptz, due_at timestamptz, handed_by text)
     on conflict (person_id, expected_at) do nothing returning id`,
    [
      JSON.stringify(
        rows.map((row) => ({
          id: row.id,
          outbreak_id: row.outbreakId,
          person_id: row.personId,
          area_code: row.areaCode,
          transfer_id: row.transferId,
          from_place: row.fromPlace,
          expected_at: row.expectedAt,
          due_at: row.dueAt,
          handed_by: row.handedBy,
        })),
      ),
      tx.now,
    ],
  );
  return stored.map((row) => row.id);
}

export interface HomecomingQuery {
  readonly areaCode?: string;
  readonly state?: HomecomingState;
  readonly overdue?: boolean;
  readonly limit?: number;
  readonly cursor?: string;
}

export async function pageHomecomings(tx: Tx, query: HomecomingQuery): Promise<Page<HomecomingRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 3);
  const rows = await tx.sql.many<HomecomingRow>(
    `select id, person_id as "personId", area_code as "areaCode", origin, transfer_id as "transferId", from_place as "fromPlace", state,
       expected_at as "expectedAt", due_at as "dueAt", handed_at as "handedAt", handed_by as "handedBy", received_at as "receivedAt", received_by as "receivedBy"
     from homecoming h
     where area_code >= $1 and area_code < $2 and ($3::text is null or state = $3)
       and (not $4::boolean or (state in ('expected', 'handedOver') and due_at < $5::timestamptz))
       and ($6::text is null or (area_code, due_at, id::text) > ($6::text, $7::timestamptz, $8::text))
     order by area_code, due_at, id::text limit $9`,
    [
      lo,
      hi,
      query.state ?? null,
      query.overdue ?? false,
      tx.now,
      after?.[0] ?? null,
      after?.[1] ?? null,
      after?.[2] ?? null,
      limit + 1,
    ],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.dueAt, row.id]);
}

export interface HomecomingFacts {
  readonly id: string;
  readonly areaCode: string;
  readonly state: HomecomingState;
  readonly handedBy: string | null;
}

export async function lockHomecomings(tx: Tx, ids: readonly string[]): Promise<HomecomingFacts[]> {
  return tx.sql.many<HomecomingFacts>(
    `select id, area_code as "areaCode", state, handed_by as "handedBy" from homecoming where id = any($1::uuid[]) order by id for update`,
    [ids],
  );
}

export async function setHandedOver(tx: Tx, ids: readonly string[], dueAt: Instant): Promise<void> {
  await tx.sql.run(
    "update homecoming set state = 'handedOver', handed_at = $2, handed_by = $3, due_at = $4 where id = any($1::uuid[])",
    [ids, tx.now, tx.actor.id, dueAt],
  );
}

export async function setReceived(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.sql.run(
    "update homecoming set state = 'received', received_at = $2, received_by = $3 where id = any($1::uuid[])",
    [ids, tx.now, tx.actor.id],
  );
}
