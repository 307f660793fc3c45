import { areaNames } from "#modules/areas";
import { caseFacts, type CaseFacts } from "#modules/cases";
import { personCards } from "#modules/people";
import { completeTasks } from "#modules/tasks";
import { ProblemError } from "#kernel/errors";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import {
  contactById,
  contactRow,
  exposuresOf,
  lockContact,
  pageContacts,
  setExcluded,
  type StoredContact,
} from "./contacts.store.ts";
import type {
  AddTracks,
  ContactDetail,
  ContactExcludedData,
  ContactPerson,
  ContactQuery,
  ContactRow,
  ExcludeContact,
  Identified,
  IdentifyContacts,
  Investigation,
  Track,
} from "./tracing.model.ts";
import { mayChange } from "./tracing.rules.ts";
import {
  insertTracks,
  investigationOf,
  markDone,
  pageInvestigations,
  tracksOf,
  type NewTrack,
} from "./tracing.store.ts";

/** What tracers do: investigations, tracks, contacts. */

const write = "tracing.case.write";
const read = "tracing.contact.read";

interface OfCase {
  readonly caseId: string;
}
interface OfContact {
  readonly contactId: string;
}

export function missing(what: string): ProblemError {
  return new ProblemError("record.notFound", { what });
}

async function caseOf(tx: Tx, caseId: string): Promise<CaseFacts> {
  const [record] = await caseFacts(tx, [caseId]);
  if (!record) throw missing("case");
  return record;
}

async function areaOfCase(input: OfCase, tx: Tx): Promise<string> {
  return (await caseOf(tx, input.caseId)).areaCode;
}

export async function areaOfContact(input: OfContact, tx: Tx): Promise<string> {
  const contact = await contactById(tx, input.contactId);
  if (!contact) throw missing("contact");
  return contact.areaCode;
}

/** Locks a contact that may still be changed; throws otherwise. */
export async function openContact(tx: Tx, contactId: string): Promise<StoredContact> {
  const contact = await lockContact(tx, contactId);
  if (!contact) throw missing("contact");
  const may = mayChange(contact.state);
  if (!may.ok) throw new ProblemError(may.refusal.code, may.refusal.params);
  return contact;
}

/** Notes that the core activity track (INV-CORE) is written; closes its task. */
export const completeCore = useCase(
  { name: "tracing.completeCore", permission: write, kind: "write", area: areaOfCase },
  (tx, input: OfCase) => complete(tx, input.caseId, "core"),
);

/** Notes that the preliminary report (INV-REPORT) is written; closes its task. */
export const completeReport = useCase(
  { name: "tracing.completeReport", permission: write, kind: "write", area: areaOfCase },
  (tx, input: OfCase) => complete(tx, input.caseId, "report"),
);

const taskOf = { core: "coreTrack", report: "epiReport" } as const;

async function complete(tx: Tx, caseId: string, part: "core" | "report"): Promise<{ inTime: boolean }> {
  if (await markDone(tx, caseId, part)) {
    await completeTasks(tx, {
      subjectType: "case",
      subjectIds: [caseId],
      kind: taskOf[part],
      evidence: { note: `${part} written / 已完成` },
    });
    const record = await caseOf(tx, caseId);
    const name = part === "core" ? "tracing.coreDone" : "tracing.reportDone";
    await tx.emit({
      name,
      outbreakId: record.outbreakId,
      areaCode: record.areaCode,
      subjectType: "case",
      subjectId: caseId,
      data: { caseId },
    });
  }
  const found = await investigationOf(tx, caseId);
  if (!found) throw missing("investigation");
  const [done, due] = part === "core" ? [found.coreDoneAt, found.coreDueAt] : [found.reportDoneAt, found.reportDueAt];
  if (done === null) throw new ProblemError("state.notAllowed", { state: found.state });
  return { inTime: due === null || done <= due };
}

/** Adds places an interview brought to light to a case's track. */
export const addTracks = useCase(
  { name: "tracing.addTracks", permission: write, kind: "write", area: areaOfCase },
  async (tx, input: AddTracks): Promise<{ added: number }> => {
    const wrong = input.tracks.findIndex(
      (track) => track.toAt < track.fromAt || (track.venueId === undefined && track.place === undefined),
    );
    if (wrong >= 0)
      throw new ProblemError("request.invalid", {}, [
        { pointer: `/tracks/${wrong}`, detail: "needs a place, and an end after its start" },
      ]);
    const record = await caseOf(tx, input.caseId);
    const tracks = input.tracks.map((track): NewTrack => ({
      ...track,
      venueId: track.venueId ?? null,
      place: track.place ?? null,
      source: "interview",
    }));
    await insertTracks(tx, { outbreakId: record.outbreakId, caseId: record.id, areaCode: record.areaCode }, tracks);
    return { added: tracks.length };
  },
);

/**
 * Finds the contacts of a case from the registers and the tracer's own list, and classes them by the
 * protocol. The search runs as a reaction, because people met live in other counties too.
 */
export const identifyContacts = useCase(
  { name: "tracing.identifyContacts", permission: write, kind: "write", area: areaOfCase },
  async (tx, input: IdentifyContacts): Promise<Identified> => {
    const record = await caseOf(tx, input.caseId);
    if (record.state === "excluded") throw new ProblemError("state.notAllowed", { state: record.state });
    await tx.emit({
      name: "tracing.contactsSought",
      outbreakId: record.outbreakId,
      areaCode: record.areaCode,
      subjectType: "case",
      subjectId: record.id,
      data: input,
    });
    const found = await investigationOf(tx, input.caseId);
    if (!found) throw missing("investigation");
    return { close: found.closeFound, secondary: found.secondaryFound, general: found.generalFound };
  },
);

/** Takes a person off the contacts; only with a reason, which stays. */
export const excludeContact = useCase(
  { name: "tracing.excludeContact", permission: "tracing.contact.write", kind: "write", area: areaOfContact },
  async (tx, input: ExcludeContact): Promise<Record<string, never>> => {
    // spec: TRACE-10
    const contact = await openContact(tx, input.contactId);
    await exclude(tx, contact, input.reason);
    return {};
  },
);

/** Excludes a contact inside another step's transaction and tells the others. */
export async function exclude(tx: Tx, contact: StoredContact, reason: string): Promise<void> {
  await setExcluded(tx, [contact.id], reason);
  const data: ContactExcludedData = { contactId: contact.id, personId: contact.personId, reason };
  await tx.emit({
    name: "tracing.contactExcluded",
    outbreakId: contact.outbreakId,
    areaCode: contact.areaCode,
    subjectType: "contact",
    subjectId: contact.id,
    data,
  });
}

/** Adds the area's and the case's names to rows of contacts. */
async function named(tx: Tx, rows: readonly ContactRow[]): Promise<ContactRow[]> {
  const areas = await areaNames(tx, [...new Set(rows.map((row) => row.areaCode))]);
  const cases = new Map(
    (await caseFacts(tx, [...new Set(rows.map((row) => row.caseId))])).map((record) => [record.id, record]),
  );
  return rows.map((row) => {
    const record = cases.get(row.caseId);
    return {
      ...row,
      areaName: areas.get(row.areaCode) ?? null,
      caseNumber: (tx.lang === "en" ? record?.titleEn : record?.titleZh) ?? null,
    };
  });
}

/** Contacts of an area, the latest found first; nobody is named. */
export const listContacts = useCase(
  {
    name: "tracing.listContacts",
    permission: read,
    kind: "read",
    area: (input: ContactQuery, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  async (tx, query): Promise<Page<ContactRow>> => {
    const page = await pageContacts(tx, query);
    return { ...page, items: await named(tx, page.items) };
  },
);

/** One contact with every meeting and the rule that judged it, kept in the audit; the places only with a reason. */
export const getContact = useCase(
  { name: "tracing.getContact", permission: read, kind: "read", area: areaOfContact },
  async (tx, input: OfContact): Promise<ContactDetail> => {
    const contact = await contactById(tx, input.contactId);
    const row = await contactRow(tx, input.contactId);
    if (!contact || !row) throw missing("contact");
    await tx.audit({
      action: "tracing.contact.read",
      subjectType: "contact",
      subjectId: row.id,
      areaCode: row.areaCode,
    });
    const [shown] = await named(tx, [row]);
    const exposures = await exposuresOf(tx, contact.outbreakId, contact.personId);
    const placed = tx.reason === undefined ? exposures.map((exposure) => ({ ...exposure, place: null })) : exposures;
    return { ...(shown ?? row), exposures: placed };
  },
);

/** The person behind a contact; needs a reason, and the audit keeps who asked for whom. */
export const contactPerson = useCase(
  {
    name: "tracing.contactPerson",
    permission: "tracing.person.read",
    kind: "read",
    personal: true,
    area: areaOfContact,
  },
  async (tx, input: OfContact): Promise<ContactPerson> => {
    const contact = await contactById(tx, input.contactId);
    const [card] = contact ? await personCards(tx, [contact.personId]) : [];
    if (!contact || !card) throw missing("contact");
    await tx.audit({
      action: "tracing.person.read",
      subjectType: "contact",
      subjectId: contact.id,
      areaCode: contact.areaCode,
    });
    return {
      contactId: contact.id,
      personId: contact.personId,
      name: card.name,
      sex: card.sex,
      birthDate: card.birthDate,
      areaCode: contact.areaCode,
    };
  },
);

/** Investigations of an area, newest first. */
export const listInvestigations = useCase(
  {
    name: "tracing.listInvestigations",
    permission: read,
    kind: "read",
    area: (input: InvestigationQuery, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  (tx, query): Promise<Page<Investigation>> => pageInvestigations(tx, query),
);

/** The investigation of one case: its deadlines and the days in which it may have infected others. */
export const getInvestigation = useCase(
  { name: "tracing.getInvestigation", permission: read, kind: "read", area: areaOfCase },
  async (tx, input: OfCase): Promise<Investigation> => {
    const found = await investigationOf(tx, input.caseId);
    if (found === undefined) throw new ProblemError("record.notFound", { what: "investigation" });
    return found;
  },
);

interface InvestigationQuery {
  readonly areaCode?: string;
  readonly state?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** Where a case was; for a stated purpose only, and the reading is kept. */
export const caseTracks = useCase(
  { name: "tracing.caseTracks", permission: "tracing.track.read", kind: "read", personal: true, area: areaOfCase },
  async (tx, input: OfCase): Promise<Track[]> => {
    await tx.audit({ action: "tracing.track.read", subjectType: "case", subjectId: input.caseId });
    return tracksOf(tx, input.caseId);
  },
);
