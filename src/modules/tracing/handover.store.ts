import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { ChainLink, Handover, HandoverQuery } from "./tracing.model.ts";

/** Rows of hand-overs and of links between cases. */

const handoverColumns = `id, contact_id as "contactId", area_code as "areaCode", from_area as "fromArea", outside, note, offered_at as "offeredAt",
  due_at as "dueAt", answer, answered_at as "answeredAt", reason`;

export interface NewHandover {
  readonly id: string;
  readonly outbreakId: string;
  readonly contactId: string;
  readonly toArea: string;
  readonly fromArea: string;
  readonly outside: boolean;
  readonly note: string;
  readonly dueAt: string;
}

/** Offers a contact; false while an earlier offer waits for its answer. */
export async function insertHandover(tx: Tx, row: NewHandover): Promise<boolean> {
  const count = await tx.sql.run(
    `insert into contact_handover (id, outbreak_id, contact_id, area_code, from_area, outside, note, offered_at, offered_by, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (contact_id) where answer is null do nothing`,
    [
      row.id,
      row.outbreakId,
      row.contactId,
      row.toArea,
      row.fromArea,
      row.outside,
      row.note,
      tx.now,
      tx.actor.id,
      row.dueAt,
    ],
  );
  return count === 1;
}

export async function lockHandover(tx: Tx, id: string): Promise<(Handover & { outbreakId: string }) | undefined> {
  return tx.sql.maybe(
    `select ${handoverColumns}, outbreak_id as "outbreakId" from contact_handover where id = $1 for update`,
    [id],
  );
}

export async function answerHandover(
  tx: Tx,
  id: string,
  answer: "accepted" | "refused",
  reason: string | null,
): Promise<void> {
  await tx.sql.run(
    "update contact_handover set answer = $2, answered_at = $3, answered_by = $4, reason = $5 where id = $1",
    [id, answer, tx.now, tx.actor.id, reason],
  );
}

export async function pageHandovers(tx: Tx, query: HandoverQuery): Promise<Page<Handover>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Handover>(
    `select ${handoverColumns} from contact_handover where area_code >= $1 and area_code < $2 and ($3::boolean is null or (answer is null) = $3)
       and ($4::timestamptz is null or (offered_at, id) < ($4::timestamptz, $5::uuid)) order by offered_at desc, id desc limit $6`,
    [lo, hi, query.open ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.offeredAt, row.id]);
}

export interface NewLink extends ChainLink {
  readonly areaCode: string;
}

export async function insertLinks(tx: Tx, outbreakId: string, rows: readonly NewLink[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.sql.run(
    `insert into case_link (outbreak_id, case_a, case_b, area_code, relation, directed, setting)
     select $7, a, b, area_code, relation, directed, setting
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::boolean[], $6::text[]) as new (a, b, area_code, relation, directed, setting)
     on conflict (case_a, case_b, relation) do nothing`,
    [
      rows.map((r) => r.a),
      rows.map((r) => r.b),
      rows.map((r) => r.areaCode),
      rows.map((r) => r.relation),
      rows.map((r) => r.directed),
      rows.map((r) => r.setting),
      outbreakId,
    ],
  );
}

/** Which of these links the outbreak's books hold already, as `a b relation`. */
export async function knownLinks(
  tx: Tx,
  rows: readonly Pick<ChainLink, "a" | "b" | "relation">[],
): Promise<Set<string>> {
  const found = await tx.sql.many<{ key: string }>(
    `select case_a || ' ' || case_b || ' ' || relation as key from case_link
     join unnest($1::uuid[], $2::uuid[], $3::text[]) as new (a, b, r) on case_a = a and case_b = b and relation = r`,
    [rows.map((r) => r.a), rows.map((r) => r.b), rows.map((r) => r.relation)],
  );
  return new Set(found.map((row) => row.key));
}

export async function linksOf(tx: Tx, outbreakId: string): Promise<ChainLink[]> {
  return tx.sql.many(
    "select case_a as a, case_b as b, relation, directed, setting from case_link where outbreak_id = $1 order by case_a, case_b, relation",
    [outbreakId],
  );
}
