import { areaRange } from "#kernel/area";
import type { IdKind } from "#domain/people";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { Letter, LetterPerson, LetterPersonQuery, LetterQuery } from "./control.model.ts";

/** SQL of co-investigation letters and the people they name. */

const columns = `l.id, l.area_code as "areaCode", l.direction, l.counterpart, l.reference, l.state, l.at, l.due_at as "dueAt",
  l.receipt_at as "receiptAt", l.answered_at as "answeredAt", coalesce(l.answered_at, $1::timestamptz) > l.due_at as late,
  (select count(*)::int from inbound_letter_person p where p.letter_id = l.id) as people,
  (select count(*)::int from inbound_letter_person p where p.letter_id = l.id and p.outcome is null) as pending`;

export interface NewLetterRow {
  readonly id: string;
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly direction: Letter["direction"];
  readonly counterpart: string;
  readonly reference: string;
  readonly dueAt: string;
}

/** Stores a letter; false when the same reference of the same office is there. */
export async function insertLetter(tx: Tx, row: NewLetterRow): Promise<boolean> {
  const stored = await tx.sql.run(
    `insert into inbound_letter (id, outbreak_id, area_code, direction, counterpart, reference, state, at, due_at)
     values ($1, $2, $3, $4, $5, $6, 'open', $7, $8) on conflict (direction, counterpart, reference) do nothing`,
    [row.id, row.outbreakId, row.areaCode, row.direction, row.counterpart, row.reference, tx.now, row.dueAt],
  );
  return stored === 1;
}

export async function findLetter(tx: Tx, id: string): Promise<Letter | undefined> {
  return tx.sql.maybe<Letter>(`select ${columns} from inbound_letter l where l.id = $2`, [tx.now, id]);
}

/** A letter by its office and reference, for imports. */
export async function letterByReference(
  tx: Tx,
  of: Pick<Letter, "direction" | "counterpart" | "reference">,
): Promise<Letter | undefined> {
  return tx.sql.maybe<Letter>(
    `select ${columns} from inbound_letter l where l.direction = $2 and l.counterpart = $3 and l.reference = $4`,
    [tx.now, of.direction, of.counterpart, of.reference],
  );
}

/** A letter under lock, so that two answers do not cross. */
export async function lockLetter(tx: Tx, id: string): Promise<Letter | undefined> {
  await tx.sql.maybe("select 1 as one from inbound_letter where id = $1 for update", [id]);
  return findLetter(tx, id);
}

export async function setLetter(
  tx: Tx,
  id: string,
  change: { state: Letter["state"]; receipt?: true; answer?: true },
): Promise<void> {
  await tx.sql.run(
    `update inbound_letter set state = $2, receipt_at = case when $4 then $3::timestamptz else receipt_at end,
       answered_at = case when $5 then $3::timestamptz end where id = $1`,
    [id, change.state, tx.now, change.receipt ?? false, change.answer ?? false],
  );
}

export async function pageLetters(tx: Tx, query: LetterQuery): Promise<Page<Letter>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Letter>(
    `select ${columns} from inbound_letter l
     where l.area_code >= $2 and l.area_code < $3 and ($4::text is null or l.state = $4)
       and ($5::timestamptz is null or (l.due_at, l.id::text) > ($5::timestamptz, $6))
     order by l.due_at, l.id::text limit $7`,
    [tx.now, lo, hi, query.state ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.dueAt, row.id]);
}

export interface NewLetterPerson {
  readonly id: string;
  readonly areaCode: string;
  readonly line: number;
  readonly name: string;
  readonly idKind: IdKind | null;
  readonly idHash: Buffer | null;
  readonly idEnc: Buffer | null;
  readonly phoneEnc: Buffer | null;
  readonly origin: string;
  readonly leftOn: string;
}

export async function insertLetterPeople(tx: Tx, letterId: string, rows: readonly NewLetterPerson[]): Promise<void> {
  await tx.sql.run(
    `insert into inbound_letter_person (id, letter_id, area_code, line, name, id_kind, id_hash, id_enc, phone_enc, origin, left_on)
     select id, $1, area_code, line, name, id_kind, id_hash, id_enc, phone_enc, origin, left_on
     from unnest($2::uuid[], $3::text[], $4::int[], $5::text[], $6::text[], $7::bytea[], $8::bytea[], $9::bytea[], $10::text[], $11::date[])
       as n (id, area_code, line, name, id_kind, id_hash, id_enc, phone_enc, origin, left_on)`,
    [
      letterId,
      rows.map((row) => row.id),
      rows.map((row) => row.areaCode),
      rows.map((row) => row.line),
      rows.map((row) => row.name),
      rows.map((row) => row.idKind),
      rows.map((row) => row.idHash),
      rows.map((row) => row.idEnc),
      rows.map((row) => row.phoneEnc),
      rows.map((row) => row.origin),
      rows.map((row) => row.leftOn),
    ],
  );
}

/** A person of a letter with the sealed identity. */
export interface LetterPersonRow extends Omit<LetterPerson, "idLast4"> {
  readonly idKind: IdKind | null;
  readonly idEnc: Buffer | null;
  readonly phoneEnc: Buffer | null;
}

const personColumns = `p.id, p.letter_id as "letterId", l.reference, p.line, p.area_code as "areaCode", p.name, p.id_kind as "idKind", p.id_enc as "idEnc",
  p.phone_enc as "phoneEnc", p.origin, p.left_on as "leftOn", p.outcome`;

/** The people of a letter whom the reader may see, by their lines. */
export async function lockLetterPeople(tx: Tx, letterId: string, lines: readonly number[]): Promise<LetterPersonRow[]> {
  return tx.sql.many<LetterPersonRow>(
    `select ${personColumns} from inbound_letter_person p join inbound_letter l on l.id = p.letter_id
     where p.letter_id = $1 and p.line = any($2::int[]) order by p.line for update of p`,
    [letterId, lines],
  );
}

export async function setLetterOutcomes(
  tx: Tx,
  rows: readonly { id: string; outcome: string; declarationId: string | null }[],
): Promise<void> {
  await tx.sql.run(
    `update inbound_letter_person p set outcome = n.outcome, outcome_at = $4, declaration_id = n.declaration_id
     from unnest($1::uuid[], $2::text[], $3::uuid[]) n (id, outcome, declaration_id) where p.id = n.id`,
    [rows.map((r) => r.id), rows.map((r) => r.outcome), rows.map((r) => r.declarationId), tx.now],
  );
}

export async function pageLetterPeople(tx: Tx, query: LetterPersonQuery): Promise<Page<LetterPersonRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 3);
  const rows = await tx.sql.many<LetterPersonRow>(
    `select ${personColumns} from inbound_letter_person p join inbound_letter l on l.id = p.letter_id
     where p.area_code >= $1 and p.area_code < $2 and ($3::uuid is null or p.letter_id = $3)
       and ($4::text is null or (p.area_code, p.letter_id, p.line) > ($4, $5::uuid, $6::int))
     order by p.area_code, p.letter_id, p.line limit $7`,
    [lo, hi, query.letterId ?? null, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.letterId, row.line]);
}
