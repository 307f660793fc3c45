import path from "node:path";
import {
  casesNamed,
  firstRowLine,
  linkMany,
  readImportFiles,
  readMapping,
  readRows,
  reportOf,
  type CaseFacts,
  type ImportFiles,
} from "#modules/cases";
import { currentOutbreak, type Outbreak } from "#modules/outbreaks";
import type { ImportReport, LinkCandidate, RowError } from "#domain/cases";
import { need } from "#kernel/assert";
import type { Ctx, Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { insertContacts, insertExposures, type NewContact, type NewExposure } from "./contacts.store.ts";
import { insertLinks, knownLinks } from "./handover.store.ts";
import { ContactMapping, type ImportContacts } from "./imports.model.ts";
import { infectorsOf, readLink, type ForeignLink } from "./imports.rules.ts";
import type { ContactsImportedData, Judged } from "./tracing.model.ts";
import { isHigherRisk, judge, strongestOf } from "./tracing.rules.ts";

/** A link of the list with the two cases it joins, the earlier one first where the list gives no direction. */
interface Joined {
  readonly link: ForeignLink;
  readonly from: CaseFacts;
  readonly to: CaseFacts;
}

/** Imports who met whom among cases that were imported before; a dry run does all but write. spec: TRACE-13 */
export const importContacts = useCase(
  { name: "tracing.importContacts", permission: "tracing.contact.import", kind: "write" },
  async (tx, input: ImportContacts): Promise<ImportReport> => {
    const outbreak = await currentOutbreak(tx);
    const mapping = readMapping(ContactMapping, input.mapping);
    const rows = readRows(input.text, mapping.delimiter);
    const errors: RowError[] = [];
    const links: ForeignLink[] = [];
    for (const [i, row] of rows.entries()) {
      const read = readLink(mapping, row, i + firstRowLine);
      if ("errors" in read) errors.push(...read.errors);
      else links.push(read.link);
    }
    const joined = await join(tx, outbreak, mapping, links, errors);
    const known = await knownLinks(
      tx,
      joined.map(({ link, from, to }) => ({ a: from.id, b: to.id, relation: link.relation })),
    );
    const fresh = joined.filter(({ link, from, to }) => !known.has(`${from.id} ${to.id} ${link.relation}`));
    if (!input.dryRun && fresh.length > 0) await store(tx, outbreak, mapping, joined);
    return reportOf({ dryRun: input.dryRun, rows, errors, taken: fresh.length, known: joined.length - fresh.length });
  },
);

/** The same from files, for the command line. */
export async function importContactsFromFile(ctx: Ctx, input: ImportFiles): Promise<ImportReport> {
  const folder = path.join(import.meta.dirname, "mappings");
  return importContacts(ctx, await readImportFiles(input, folder, ".contacts.yaml"));
}

function referenceOf(record: CaseFacts): string {
  return record.onsetAt ?? record.diagnosedAt ?? record.positiveAt;
}

function earlier(a: CaseFacts, b: CaseFacts): boolean {
  return referenceOf(a) < referenceOf(b) || (referenceOf(a) === referenceOf(b) && (a.number ?? 0) < (b.number ?? 0));
}

async function join(
  tx: Tx,
  outbreak: Outbreak,
  mapping: ContactMapping,
  links: readonly ForeignLink[],
  errors: RowError[],
): Promise<Joined[]> {
  const refs = [...new Set(links.flatMap((link) => [link.from, link.to]))].toSorted();
  const cases = new Map((await casesNamed(tx, outbreak.id, refs)).map((record) => [record.ref, record]));
  return links.flatMap((link) => {
    const from = cases.get(link.from);
    const to = cases.get(link.to);
    for (const [field, end] of [
      ["from", from],
      ["to", to],
    ] as const)
      if (!end) errors.push({ line: link.line, field, message: "names no case of this outbreak" });
    if (!from || !to) return [];
    return mapping.directed || earlier(from, to) ? [{ link, from, to }] : [{ link, from: to, to: from }];
  });
}

async function store(tx: Tx, outbreak: Outbreak, mapping: ContactMapping, joined: readonly Joined[]): Promise<void> {
  await insertLinks(
    tx,
    outbreak.id,
    joined.map(({ link, from, to }) => ({
      a: from.id,
      b: to.id,
      areaCode: to.areaCode,
      relation: link.relation,
      directed: mapping.directed,
      setting: link.setting,
    })),
  );
  const infectors = mapping.directed ? chosenInfectors(joined) : new Map<string, string>();
  await linkMany(
    tx,
    [...infectors].map(([infectee, infector]) => ({ infectee, infector })),
  );
  const exposures = joined.map((row): NewExposure => ({
    ...judged(outbreak, row),
    caseId: row.from.id,
    viaContactId: null,
    areaCode: row.to.areaCode,
  }));
  await insertExposures(tx, outbreak.id, outbreak.protocol.version, exposures);
  await insertContacts(tx, outbreak.id, convertedContacts(tx, exposures, joined, infectors));
  const data: ContactsImportedData = { register: mapping.register, links: joined.length };
  await tx.emit({
    name: "tracing.contactsImported",
    outbreakId: outbreak.id,
    areaCode: tx.actor.areaCode,
    subjectType: "register",
    subjectId: mapping.register,
    data,
  });
}

function chosenInfectors(joined: readonly Joined[]): Map<string, string> {
  const candidates = new Map<string, LinkCandidate>();
  for (const record of joined.flatMap((row) => [row.from, row.to]))
    candidates.set(record.id, { id: record.id, reference: referenceOf(record), order: record.number ?? 0 });
  return infectorsOf(
    joined.map((row) => ({ from: row.from.id, to: row.to.id })),
    candidates,
  );
}

/** The list does not say when they last met; the infectee's own onset is the latest it can have mattered. */
function judged(outbreak: Outbreak, { link, to }: Joined): Judged {
  return judge(outbreak.protocol, {
    personId: to.personId,
    setting: link.setting,
    overlapMinutes: link.overlapMinutes,
    gapMinutes: link.gapMinutes,
    lastAt: referenceOf(to),
    place: link.relation,
    source: "import",
  });
}

/** Everybody met is a case by now, so the contact is stored as the converted one it was; the strictest meeting gives the class. */
function convertedContacts(
  tx: Tx,
  exposures: readonly NewExposure[],
  joined: readonly Joined[],
  infectors: ReadonlyMap<string, string>,
): NewContact[] {
  const cases = new Map(joined.map((row) => [row.to.personId, row.to]));
  return [...strongestOf(exposures)]
    .toSorted(([a], [b]) => a - b)
    .map(([personId, found]): NewContact => {
      const record = need(cases.get(personId), "every exposed person is the end of a link");
      const met = need(
        exposures.find((row) => row.personId === personId && row.criterionId === found.criterionId),
        "the strongest meeting is one of them",
      );
      return {
        id: tx.newId(),
        personId,
        areaCode: record.areaCode,
        caseId: infectors.get(record.id) ?? met.caseId,
        linkedContactId: null,
        kind: need(found.class, "a contact has a class"),
        criterionId: need(found.criterionId, "a class has a criterion"),
        ruleId: need(found.ruleId, "a class has a rule"),
        setting: found.setting,
        higherRisk: isHigherRisk(found),
        lastExposureAt: found.lastAt,
        dueAt: null,
        state: "converted",
        convertedCaseId: record.id,
        source: "import",
      };
    });
}
