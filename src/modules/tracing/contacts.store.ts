import { areaRange } from "#kernel/area";
import type { ContactClass } from "#domain/outbreaks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type { ContactQuery, ContactRow, ContactState, ExposureRow, Judged } from "./tracing.model.ts";

/** Rows of contacts and exposures; what touches many people is one statement. */

export interface StoredContact {
  readonly id: string;
  readonly outbreakId: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly caseId: string;
  readonly linkedContactId: string | null;
  readonly kind: ContactClass;
  readonly setting: string;
  readonly higherRisk: boolean;
  readonly lastExposureAt: string;
  readonly identifiedAt: string;
  readonly dueAt: string | null;
  readonly placedAt: string | null;
  readonly state: ContactState;
  readonly convertedCaseId: string | null;
  readonly negativeTests: number;
}

const storedColumns = `id, outbreak_id as "outbreakId", person_id as "personId", area_code as "areaCode", case_id as "caseId",
  linked_contact_id as "linkedContactId", kind, setting, higher_risk as "higherRisk", last_exposure_at as "lastExposureAt",
  identified_at as "identifiedAt", due_at as "dueAt", placed_at as "placedAt", state, converted_case_id as "convertedCaseId",
  negative_tests as "negativeTests"`;
const openStates = "('identified', 'ordered', 'placed')";

/** The open contact records of people, and those excluded from this very case. */
export async function contactsOfPersons(
  tx: Tx,
  outbreakId: string,
  personIds: readonly number[],
  caseId: string,
): Promise<StoredContact[]> {
  return tx.sql.many(
    `select ${storedColumns} from contact where outbreak_id = $1 and person_id = any($2::bigint[])
       and (state in ${openStates} or (state = 'excluded' and case_id = $3)) order by person_id, id`,
    [outbreakId, personIds, caseId],
  );
}

export async function openContactOf(tx: Tx, outbreakId: string, personId: number): Promise<StoredContact | undefined> {
  return tx.sql.maybe(
    `select ${storedColumns} from contact where outbreak_id = $1 and person_id = $2 and state in ${openStates} for update`,
    [outbreakId, personId],
  );
}

export async function contactById(tx: Tx, id: string): Promise<StoredContact | undefined> {
  return tx.sql.maybe(`select ${storedColumns} from contact where id = $1`, [id]);
}

export async function lockContact(tx: Tx, id: string): Promise<StoredContact | undefined> {
  return tx.sql.maybe(`select ${storedColumns} from contact where id = $1 for update`, [id]);
}

/** Open secondary contacts linked to a contact. */
export async function linkedTo(tx: Tx, contactId: string): Promise<StoredContact[]> {
  return tx.sql.many(
    `select ${storedColumns} from contact where linked_contact_id = $1 and kind = 'secondary' and state in ${openStates} order by person_id for update`,
    [contactId],
  );
}

/** Open contacts of a case, or those who were converted into it. */
export async function contactsOfCase(tx: Tx, caseId: string): Promise<StoredContact[]> {
  return tx.sql.many(
    `select ${storedColumns} from contact where case_id = $1 and state in ${openStates} order by person_id for update`,
    [caseId],
  );
}
export async function convertedInto(tx: Tx, caseId: string): Promise<StoredContact[]> {
  return tx.sql.many(
    `select ${storedColumns} from contact where converted_case_id = $1 order by person_id for update`,
    [caseId],
  );
}

export interface NewContact {
  readonly id: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly caseId: string;
  readonly linkedContactId: string | null;
  readonly kind: ContactClass;
  readonly criterionId: string;
  readonly ruleId: string;
  readonly setting: string;
  readonly higherRisk: boolean;
  readonly lastExposureAt: string;
  readonly dueAt: string | null;
  readonly state: ContactState;
  readonly convertedCaseId: string | null;
  readonly source: "tracing" | "import";
}

export async function insertContacts(tx: Tx, outbreakId: string, rows: readonly NewContact[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.sql.run(
    `insert into contact (id, outbreak_id, person_id, area_code, case_id, linked_contact_id, kind, criterion_id, rule_id, setting,
       higher_risk, last_exposure_at, identified_at, due_at, state, converted_case_id, source)
     select id, $2, "personId", "areaCode", "caseId", "linkedContactId", kind, "criterionId", "ruleId", setting, "higherRisk",
       "lastExposureAt", $3, "dueAt", state, "convertedCaseId", source
     from jsonb_to_recordset($1::jsonb) as new (id uuid, "personId" bigint, "areaCode" text, "caseId" uuid, "linkedContactId" uuid, kind text,
       "criterionId" text, "ruleId" text, setting text, "higherRisk" boolean, "lastExposureAt" timestamptz, "dueAt" timestamptz, state text,
       "convertedCaseId" uuid, source text)
     on conflict (outbreak_id, person_id) where source = 'import' do nothing`,
    [JSON.stringify(rows), outbreakId, tx.now],
  );
}

export interface Stronger {
  readonly id: string;
  readonly caseId: string;
  /** The close contact a secondary contact met; a general contact that becomes one has it from now on. */
  readonly linkedContactId?: string | null;
  readonly kind: ContactClass;
  readonly criterionId: string;
  readonly ruleId: string;
  readonly setting: string;
  readonly higherRisk: boolean;
  readonly lastExposureAt: string;
  readonly dueAt: string | null;
}

/** Raises contacts to a stricter class; the class they had is kept beside it. */
export async function raiseContacts(tx: Tx, rows: readonly Stronger[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.sql.run(
    `update contact set escalated_from = contact.kind, escalated_at = $2, kind = new.kind, case_id = new."caseId", criterion_id = new."criterionId",
       rule_id = new."ruleId", setting = new.setting, higher_risk = new."higherRisk", due_at = new."dueAt",
       last_exposure_at = greatest(contact.last_exposure_at, new."lastExposureAt"), state = 'identified', placed_at = null, ordered_at = null,
       linked_contact_id = coalesce(new."linkedContactId", contact.linked_contact_id)
     from jsonb_to_recordset($1::jsonb) as new (id uuid, "caseId" uuid, "linkedContactId" uuid, kind text, "criterionId" text, "ruleId" text, setting text,
       "higherRisk" boolean, "lastExposureAt" timestamptz, "dueAt" timestamptz)
     where contact.id = new.id`,
    [JSON.stringify(rows), tx.now],
  );
}

export async function moveLastExposure(tx: Tx, rows: readonly { id: string; lastExposureAt: string }[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.sql.run(
    `update contact set last_exposure_at = new.at from unnest($1::uuid[], $2::timestamptz[]) as new (id, at) where contact.id = new.id`,
    [rows.map((row) => row.id), rows.map((row) => row.lastExposureAt)],
  );
}

export interface NewExposure extends Judged {
  readonly caseId: string;
  readonly viaContactId: string | null;
  readonly areaCode: string;
}

function exposureKey(row: NewExposure): string {
  return [row.source, row.setting, row.viaPersonId ?? "", row.venueId ?? row.place ?? ""].join("|");
}

/** Stores exposures; the same meeting found again keeps its longest time and its last moment. */
export async function insertExposures(
  tx: Tx,
  outbreakId: string,
  protocolVersion: string,
  rows: readonly NewExposure[],
): Promise<void> {
  if (rows.length === 0) return;
  const keyed = new Map<string, object>();
  for (const row of rows) {
    const key = exposureKey(row);
    const name = `${row.personId} ${row.caseId} ${key}`;
    const before = keyed.get(name) as { overlap: number; last_at: string } | undefined;
    if (
      before &&
      (before.overlap > row.overlapMinutes || (before.overlap === row.overlapMinutes && before.last_at >= row.lastAt))
    )
      continue;
    keyed.set(name, {
      id: tx.newId(),
      case_id: row.caseId,
      via: row.viaContactId,
      person_id: row.personId,
      area_code: row.areaCode,
      key,
      setting: row.setting,
      venue_id: row.venueId ?? null,
      place: row.place ?? null,
      last_at: row.lastAt,
      overlap: Math.round(row.overlapMinutes),
      gap: Math.round(row.gapMinutes),
      protected: row.protected ?? false,
      source: row.source,
      class: row.class,
      criterion_id: row.criterionId,
      rule_id: row.ruleId,
    });
  }
  await tx.sql.run(
    `insert into exposure (id, outbreak_id, case_id, via_contact_id, person_id, area_code, key, setting, venue_id, place, last_at,
       overlap_minutes, gap_minutes, protected, source, class, criterion_id, rule_id, protocol_version, found_at)
     select id, $2, case_id, via, person_id, area_code, key, setting, venue_id, place, last_at, overlap, gap, protected, source, class,
       criterion_id, rule_id, $3, $4
     from jsonb_to_recordset($1::jsonb) as new (id uuid, case_id uuid, via uuid, person_id bigint, area_code text, key text, setting text,
       venue_id uuid, place text, last_at timestamptz, overlap integer, gap integer, protected boolean, source text, class text, criterion_id text, rule_id text)
     on conflict (person_id, case_id, key) do update set last_at = greatest(exposure.last_at, excluded.last_at),
       overlap_minutes = greatest(exposure.overlap_minutes, excluded.overlap_minutes), gap_minutes = least(exposure.gap_minutes, excluded.gap_minutes),
       class = excluded.class, criterion_id = excluded.criterion_id, rule_id = excluded.rule_id, protocol_version = excluded.protocol_version`,
    [JSON.stringify([...keyed.values()]), outbreakId, protocolVersion, tx.now],
  );
}

export async function exposuresOf(tx: Tx, outbreakId: string, personId: number): Promise<ExposureRow[]> {
  return tx.sql.many(
    `select case_id as "caseId", setting, place, last_at as "lastAt", overlap_minutes as "overlapMinutes", gap_minutes as "gapMinutes",
       protected, source, class, criterion_id as "criterionId", rule_id as "ruleId", protocol_version as "protocolVersion"
     from exposure where outbreak_id = $1 and person_id = $2 order by last_at desc, id`,
    [outbreakId, personId],
  );
}

/** Does the person have a meeting with another case that alone makes them a contact? */
export async function otherCaseOf(tx: Tx, contact: StoredContact): Promise<boolean> {
  const row = await tx.sql.maybe(
    "select 1 as one from exposure where outbreak_id = $1 and person_id = $2 and case_id <> $3 and class is not null limit 1",
    [contact.outbreakId, contact.personId, contact.caseId],
  );
  return row !== undefined;
}

export async function setExcluded(tx: Tx, ids: readonly string[], reason: string): Promise<void> {
  await tx.sql.run("update contact set state = 'excluded', excluded_reason = $2 where id = any($1::uuid[])", [
    ids,
    reason,
  ]);
}
export async function setConverted(tx: Tx, id: string, caseId: string): Promise<void> {
  await tx.sql.run("update contact set state = 'converted', converted_case_id = $2 where id = $1", [id, caseId]);
}
/** A case that was none after all leaves its person the contact they were. */
export async function setReopened(tx: Tx, id: string): Promise<void> {
  await tx.sql.run(
    "update contact set state = 'identified', converted_case_id = null, ordered_at = null, placed_at = null where id = $1",
    [id],
  );
}

/** Follows isolation: ordered, placed, released; contacts of the people who are open. */
export async function followIsolation(
  tx: Tx,
  personIds: readonly number[],
  step: "ordered" | "placed" | "released",
): Promise<void> {
  await tx.sql.run(
    `update contact set state = $2,
       ordered_at = case when $2 = 'ordered' then $3 else ordered_at end,
       placed_at = case when $2 = 'placed' then coalesce(placed_at, $3) else placed_at end,
       released_at = case when $2 = 'released' then $3 else released_at end
     where person_id = any($1::bigint[]) and state in ${openStates} and not ($2 = 'ordered' and state = 'placed')`,
    [personIds, step, tx.now],
  );
}

/** Counts a negative test of people who are contacts now. */
export async function countNegatives(tx: Tx, personIds: readonly number[]): Promise<void> {
  await tx.sql.run(
    `update contact set negative_tests = negative_tests + 1 where person_id = any($1::bigint[]) and state in ${openStates}`,
    [personIds],
  );
}

export async function setHandedOver(tx: Tx, id: string, toArea: string, outside: boolean): Promise<void> {
  await tx.sql.run(
    "update contact set area_code = case when $3 then area_code else $2 end, state = case when $3 then 'handedOver' else state end where id = $1",
    [id, toArea, outside],
  );
}

const rowColumns = `id, case_id as "caseId", null::text as "caseNumber", area_code as "areaCode", null::text as "areaName", kind, setting,
  criterion_id as "criterionId", rule_id as "ruleId", last_exposure_at as "lastExposureAt", identified_at as "identifiedAt", due_at as "dueAt",
  placed_at as "placedAt", released_at as "releasedAt", state, excluded_reason as "excludedReason", escalated_from as "escalatedFrom",
  linked_contact_id as "linkedContactId", converted_case_id as "convertedCaseId"`;

export async function contactRow(tx: Tx, id: string): Promise<ContactRow | undefined> {
  return tx.sql.maybe(`select ${rowColumns} from contact where id = $1`, [id]);
}

/** Only what the index by area holds as well. */
const contactSorts: SortTable<ContactRow, "identified"> = {
  keys: { identified: { sql: "identified_at", type: "timestamptz", of: (row) => row.identifiedAt } },
  tie: { sql: "id", type: "uuid", of: (row) => row.id },
};

export async function pageContacts(tx: Tx, query: ContactQuery): Promise<Page<ContactRow>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, contactSorts, "-identified", area);
  const rows = await tx.sql.many<ContactRow>(
    `select ${rowColumns} from contact
     where area_code >= $1 and area_code < $2 and ($3::text is null or state = $3) and ($4::text is null or kind = $4)
       and ($5::uuid is null or case_id = $5) and (not $6::boolean or (state in ('identified', 'ordered') and due_at < $7))
       and ${sort.after(9)}
     order by ${sort.order} limit $8`,
    [
      lo,
      hi,
      query.state ?? null,
      query.kind ?? null,
      query.caseId ?? null,
      query.overdue ?? false,
      tx.now,
      sort.limit + 1,
      ...sort.values,
    ],
  );
  return sort.page(rows);
}
