import { caseFacts, setInfector, type CaseFacts } from "#modules/cases";
import { outbreakById, type Outbreak } from "#modules/outbreaks";
import { cancelTasks, createTasks, type NewTask } from "#modules/tasks";
import { dueAt } from "#domain/outbreaks";
import type { ExcludedData, PreliminaryData } from "#domain/cases";
import type { ResultedTube } from "#domain/screening";
import { need } from "#kernel/assert";
import type { Tx } from "#platform/context";
import {
  contactById,
  contactsOfCase,
  convertedInto,
  countNegatives,
  linkedTo,
  openContactOf,
  otherCaseOf,
  raiseContacts,
  setConverted,
  setReopened,
  type StoredContact,
} from "./contacts.store.ts";
import { registerTracks } from "./exposures.service.ts";
import type { ContactConvertedData, ContactEscalatedData, ContactsIdentifiedData } from "./tracing.model.ts";
import { escalates, exposureWindow, placeDue } from "./tracing.rules.ts";
import { exclude } from "./tracing.service.ts";
import { cancelInvestigation, insertInvestigation, insertTracks } from "./tracing.store.ts";

/** What tracing does when a case appears, is withdrawn, or a contact is tested; in the transaction that says so. */

/** Reaction to `cases.preliminary`: the investigation's clocks start, and a contact who is a case now is converted. */
export async function onPreliminary(tx: Tx, data: PreliminaryData): Promise<void> {
  const record = need((await caseFacts(tx, [data.caseId]))[0], "a preliminary positive is stored before it is told");
  const outbreak = await outbreakById(tx, record.outbreakId);
  await openInvestigation(tx, outbreak, record);
  const contact = await openContactOf(tx, outbreak.id, record.personId);
  if (contact) await convert(tx, outbreak, contact, record);
}

/** spec: TRACE-8 (INV-CORE, INV-REPORT, domain.md §1.2) */
async function openInvestigation(tx: Tx, outbreak: Outbreak, record: CaseFacts): Promise<void> {
  const { protocol } = outbreak;
  const window = exposureWindow(protocol, record, outbreak.timeZone, tx.now);
  const coreDueAt = dueAt(protocol, "coreTrack", record.positiveAt) ?? null;
  const reportDueAt = dueAt(protocol, "epiReport", record.positiveAt) ?? null;
  const opened = await insertInvestigation(tx, {
    id: tx.newId(),
    outbreakId: outbreak.id,
    caseId: record.id,
    personId: record.personId,
    areaCode: record.areaCode,
    coreDueAt,
    reportDueAt,
    window,
  });
  if (!opened) return;
  await insertTracks(
    tx,
    { outbreakId: outbreak.id, caseId: record.id, areaCode: record.areaCode },
    await registerTracks(tx, outbreak, record, window),
  );
  const task = (kind: string, due: string | null): NewTask[] =>
    due === null
      ? []
      : [
          {
            outbreakId: outbreak.id,
            kind,
            ownerTeam: "tracing",
            areaCode: record.areaCode,
            subjectType: "case",
            subjectId: record.id,
            dueAt: due,
          },
        ];
  await createTasks(tx, [...task("coreTrack", coreDueAt), ...task("epiReport", reportDueAt)]);
}

/** A contact who turns positive is counted as a case, not twice; those linked to them may become close contacts. */
async function convert(tx: Tx, outbreak: Outbreak, contact: StoredContact, record: CaseFacts): Promise<void> {
  // spec: TRACE-9
  await setConverted(tx, contact.id, record.id);
  const data: ContactConvertedData = {
    contactId: contact.id,
    personId: contact.personId,
    caseId: record.id,
    kind: contact.kind,
  };
  await tx.emit({
    name: "tracing.contactConverted",
    outbreakId: outbreak.id,
    areaCode: contact.areaCode,
    subjectType: "contact",
    subjectId: contact.id,
    data,
  });
  if (record.infectorCaseId === null && contact.kind !== "general") await linkTo(tx, contact, record);
  if (contact.kind === "close") await escalateLinked(tx, outbreak, contact, record);
}

/** The case behind the contact is the presumed infector; of a secondary contact, the person between, if they are a case. */
async function linkTo(tx: Tx, contact: StoredContact, record: CaseFacts): Promise<void> {
  const between = contact.linkedContactId === null ? undefined : await contactById(tx, contact.linkedContactId);
  const infectorCaseId = contact.kind === "close" ? contact.caseId : (between?.convertedCaseId ?? null);
  if (infectorCaseId === null || infectorCaseId === record.id) return;
  const [infector] = await caseFacts(tx, [infectorCaseId]);
  // Found first is not infected first when the presumed infector was traced from this very person.
  if (infector && infector.infectorCaseId !== record.id) await setInfector(tx, { caseId: record.id, infectorCaseId });
}

/** spec: TRACE-7 (SC→CC, domain.md §1.4) */
async function escalateLinked(tx: Tx, outbreak: Outbreak, contact: StoredContact, record: CaseFacts): Promise<void> {
  const step = escalates(outbreak.protocol, contact.negativeTests);
  if (!step) return;
  const linked = await linkedTo(tx, contact.id);
  const due = placeDue(outbreak.protocol, step.to, tx.now);
  await raiseContacts(
    tx,
    linked.map((row) => ({
      id: row.id,
      caseId: record.id,
      kind: step.to,
      criterionId: "escalated",
      ruleId: step.rule,
      setting: row.setting,
      higherRisk: true,
      lastExposureAt: row.lastExposureAt,
      dueAt: due,
    })),
  );
  for (const row of linked) {
    const data: ContactEscalatedData = {
      contactId: row.id,
      personId: row.personId,
      from: row.kind,
      to: step.to,
      lastExposureAt: row.lastExposureAt,
      areaCode: row.areaCode,
      dueAt: due,
    };
    await tx.emit({
      name: "tracing.contactEscalated",
      outbreakId: outbreak.id,
      areaCode: row.areaCode,
      subjectType: "contact",
      subjectId: row.id,
      data,
    });
  }
}

/** Reaction to `cases.excluded`: contacts met nobody else go, and a converted contact is a contact again. */
export async function onExcluded(tx: Tx, data: ExcludedData): Promise<void> {
  await cancelInvestigation(tx, data.caseId);
  await cancelTasks(tx, { subjectType: "case", subjectIds: [data.caseId] });
  for (const contact of await contactsOfCase(tx, data.caseId))
    if (!(await otherCaseOf(tx, contact))) await exclude(tx, contact, "caseExcluded");
  for (const contact of await convertedInto(tx, data.caseId)) {
    await setReopened(tx, contact.id);
    const told: ContactsIdentifiedData = {
      caseId: contact.caseId,
      contacts: [
        {
          contactId: contact.id,
          personId: contact.personId,
          kind: contact.kind,
          lastExposureAt: contact.lastExposureAt,
          areaCode: contact.areaCode,
          dueAt: contact.dueAt,
          linkedContactId: contact.linkedContactId,
        },
      ],
    };
    await tx.emit({
      name: "tracing.contactsIdentified",
      outbreakId: contact.outbreakId,
      areaCode: contact.areaCode,
      subjectType: "case",
      subjectId: contact.caseId,
      data: told,
    });
  }
}

/** Reaction to `screening.resultsRecorded`: counts the negative tests of contacts, which the escalation asks for. */
export async function onResults(tx: Tx, tubes: readonly ResultedTube[]): Promise<void> {
  const negative = tubes
    .filter((tube) => tube.result === "negative" && tube.recheckOf === null)
    .flatMap((tube) => tube.personIds);
  if (negative.length > 0) await countNegatives(tx, negative);
}
