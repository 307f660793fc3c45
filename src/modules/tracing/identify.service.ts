import { caseFacts, casesAmong, type CaseFacts } from "#modules/cases";
import { outbreakById, type Outbreak } from "#modules/outbreaks";
import { personCards } from "#modules/people";
import type { ContactClass } from "#domain/outbreaks";
import { need } from "#kernel/assert";
import type { Tx } from "#platform/context";
import {
  contactsOfPersons,
  insertContacts,
  insertExposures,
  moveLastExposure,
  raiseContacts,
  type NewContact,
  type NewExposure,
  type StoredContact,
  type Stronger,
} from "./contacts.store.ts";
import { homesOf, interviewed, meetingsOf } from "./exposures.service.ts";
import type {
  Candidate,
  ContactEscalatedData,
  ContactsIdentifiedData,
  IdentifiedContact,
  IdentifyContacts,
  Judged,
} from "./tracing.model.ts";
import {
  exposureWindow,
  isHigherRisk,
  judge,
  mergeFound,
  placeDue,
  strongestOf,
  type ExposureWindow,
} from "./tracing.rules.ts";
import { updateFound } from "./tracing.store.ts";

/** From a case's meetings to contact records; it sees every county, for people met live anywhere. */

interface Work {
  readonly tx: Tx;
  readonly outbreak: Outbreak;
  readonly record: CaseFacts;
  readonly window: ExposureWindow;
}

/** What one pass over a class of meetings has done. */
interface Pass {
  /** The contact record of each person, old or new. */
  readonly contactOf: Map<number, { id: string; kind: ContactClass; higherRisk: boolean; lastExposureAt: string }>;
  readonly told: IdentifiedContact[];
  readonly raised: ContactEscalatedData[];
}

/** Finds, judges and records the contacts of a case. spec: TRACE-2 … TRACE-6, TRACE-9 */
export async function identify(tx: Tx, input: IdentifyContacts): Promise<void> {
  const record = need((await caseFacts(tx, [input.caseId]))[0], "the case was found before");
  const outbreak = await outbreakById(tx, record.outbreakId);
  const window = exposureWindow(outbreak.protocol, record, outbreak.timeZone, tx.now);
  const work: Work = { tx, outbreak, record, window };
  const interview = interviewed(input, window);
  const direct = [
    ...(await meetingsOf(tx, outbreak, record, window, new Set(input.without ?? []))),
    ...interview.filter((row) => row.viaPersonId === undefined),
  ];
  const first = await recordPass(work, direct, new Map());
  const second = await secondary(work, first, interview);
  await updateFound(tx, record.id, window, counts([first, second]));
  await tell(work, [first, second]);
}

async function secondary(work: Work, first: Pass, interview: readonly Candidate[]): Promise<Pass> {
  if (work.outbreak.protocol.contacts.secondary === null) return { contactOf: new Map(), told: [], raised: [] };
  const close = [...first.contactOf].filter(([, contact]) => contact.kind === "close");
  const higher = new Map(
    close.filter(([, contact]) => contact.higherRisk).map(([personId, contact]) => [personId, contact.lastExposureAt]),
  );
  const closeIds = new Set(close.map(([personId]) => personId));
  const candidates = [
    ...(await homesOf(work.tx, higher)),
    ...interview.filter((row) => row.viaPersonId !== undefined && closeIds.has(row.viaPersonId)),
  ].filter((row) => row.personId !== work.record.personId && !closeIds.has(row.personId));
  return recordPass(work, candidates, first.contactOf);
}

/** Records the meetings of one pass; `linked` gives the contact record of each person met through. */
async function recordPass(work: Work, candidates: readonly Candidate[], linked: Pass["contactOf"]): Promise<Pass> {
  const { tx, outbreak, record } = work;
  const pass: Pass = { contactOf: new Map(), told: [], raised: [] };
  if (candidates.length === 0) return pass;
  const personIds = [...new Set(candidates.map((row) => row.personId))].toSorted((a, b) => a - b);
  const areas = new Map((await personCards(tx, personIds)).map((card) => [card.id, card.areaCode]));
  const judged = candidates.filter((row) => areas.has(row.personId)).map((row) => judge(outbreak.protocol, row));
  const cases = new Set((await casesAmong(tx, outbreak.id, personIds)).map((row) => row.personId));
  const known = new Map(
    (await contactsOfPersons(tx, outbreak.id, personIds, record.id)).map((row) => [row.personId, row]),
  );
  const linkOf = (row: Judged): string | null =>
    row.viaPersonId === undefined ? null : (linked.get(row.viaPersonId)?.id ?? null);
  const fresh: NewContact[] = [];
  const stronger: Stronger[] = [];
  const later: { id: string; lastExposureAt: string }[] = [];
  for (const [personId, found] of [...strongestOf(judged)].toSorted(([a], [b]) => a - b)) {
    // A case is no contact, and who was excluded from this case with a reason is not found again.
    const open = known.get(personId);
    if (cases.has(personId) || open?.state === "excluded") continue;
    const row = contactRow(
      work,
      found,
      need(areas.get(personId), "people without an area were left out"),
      linkOf(found),
    );
    if (open === undefined) {
      fresh.push(row);
      keep(pass, row.id, row);
    } else mergeInto(pass, open, row, stronger, later);
  }
  await insertContacts(tx, outbreak.id, fresh);
  await raiseContacts(tx, stronger);
  await moveLastExposure(tx, later);
  const exposures = judged.map((row): NewExposure => ({
    ...row,
    caseId: record.id,
    viaContactId: linkOf(row),
    areaCode: need(areas.get(row.personId), "people without an area were left out"),
  }));
  await insertExposures(tx, outbreak.id, outbreak.protocol.version, exposures);
  return pass;
}

function contactRow(work: Work, found: Judged, areaCode: string, linkedContactId: string | null): NewContact {
  const kind = need(found.class, "only meetings with a class make a contact");
  return {
    id: work.tx.newId(),
    personId: found.personId,
    areaCode,
    caseId: work.record.id,
    linkedContactId,
    kind,
    criterionId: need(found.criterionId, "a class comes from a criterion"),
    ruleId: need(found.ruleId, "a criterion has a rule"),
    setting: found.setting,
    higherRisk: isHigherRisk(found),
    lastExposureAt: found.lastAt,
    dueAt: placeDue(work.outbreak.protocol, kind, work.tx.now),
    state: "identified",
    convertedCaseId: null,
    source: "tracing",
  };
}

function keep(pass: Pass, contactId: string, row: NewContact): void {
  pass.contactOf.set(row.personId, {
    id: contactId,
    kind: row.kind,
    higherRisk: row.higherRisk,
    lastExposureAt: row.lastExposureAt,
  });
  pass.told.push({
    contactId,
    personId: row.personId,
    kind: row.kind,
    lastExposureAt: row.lastExposureAt,
    areaCode: row.areaCode,
    dueAt: row.dueAt,
    linkedContactId: row.linkedContactId,
  });
}

function mergeInto(
  pass: Pass,
  open: StoredContact,
  row: NewContact,
  stronger: Stronger[],
  later: { id: string; lastExposureAt: string }[],
): void {
  const merge = mergeFound(open, { class: row.kind, lastAt: row.lastExposureAt });
  const contact = { id: open.id, kind: open.kind, higherRisk: open.higherRisk, lastExposureAt: open.lastExposureAt };
  if (merge === "stronger") {
    stronger.push({ ...row, id: open.id });
    pass.contactOf.set(open.personId, {
      ...contact,
      kind: row.kind,
      higherRisk: row.higherRisk,
      lastExposureAt: row.lastExposureAt,
    });
    pass.raised.push({
      contactId: open.id,
      personId: open.personId,
      from: open.kind,
      to: row.kind,
      lastExposureAt: row.lastExposureAt,
      areaCode: open.areaCode,
      dueAt: row.dueAt,
    });
    return;
  }
  pass.contactOf.set(open.personId, contact);
  if (merge !== "later") return;
  later.push({ id: open.id, lastExposureAt: row.lastExposureAt });
  // Told again with the later moment: the days of quarantine count from it.
  pass.told.push({
    contactId: open.id,
    personId: open.personId,
    kind: open.kind,
    lastExposureAt: row.lastExposureAt,
    areaCode: open.areaCode,
    dueAt: open.dueAt,
    linkedContactId: open.linkedContactId,
  });
}

function counts(passes: readonly Pass[]): { close: number; secondary: number; general: number } {
  const found = { close: 0, secondary: 0, general: 0 };
  for (const pass of passes) for (const contact of pass.contactOf.values()) found[contact.kind] += 1;
  return found;
}

async function tell(work: Work, passes: readonly Pass[]): Promise<void> {
  const { tx, outbreak, record } = work;
  for (const data of passes.flatMap((pass) => pass.raised))
    await tx.emit({
      name: "tracing.contactEscalated",
      outbreakId: outbreak.id,
      areaCode: data.areaCode,
      subjectType: "contact",
      subjectId: data.contactId,
      data,
    });
  const contacts = passes.flatMap((pass) => pass.told);
  if (contacts.length === 0) return;
  const data: ContactsIdentifiedData = { caseId: record.id, contacts };
  await tx.emit({
    name: "tracing.contactsIdentified",
    outbreakId: outbreak.id,
    areaCode: record.areaCode,
    subjectType: "case",
    subjectId: record.id,
    data,
  });
}
