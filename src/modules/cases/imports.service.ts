import { currentOutbreak, type Outbreak } from "#modules/outbreaks";
import { registerPeople } from "#modules/people";
import { isWithin } from "#kernel/area";
import path from "node:path";
import { need } from "#kernel/assert";
import { instantAt, type Instant } from "#kernel/time";
import type { Ctx, Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import type { ImportedData } from "./cases.model.ts";
import { caseTitle, inCommunity, type Classified } from "./cases.rules.ts";
import { casesByRef, takeNumbers } from "./cases.store.ts";
import { CaseMapping, type ImportCases, type ImportReport, type RowError } from "./imports.model.ts";
import { readCase, type ForeignCase, type Row } from "./imports.rules.ts";
import { readImportFiles, type ImportFiles } from "./imports.files.ts";
import { firstRowLine, readMapping, readRows, reportOf } from "./imports.source.ts";
import { insertImported, type ImportedCase } from "./imports.store.ts";

/** Imports a line list of cases through a mapping file; a dry run does all but write. spec: CASE-15 */
export const importCases = useCase(
  { name: "cases.import", permission: "cases.case.import", kind: "write" },
  async (tx, input: ImportCases): Promise<ImportReport> => {
    const outbreak = await currentOutbreak(tx);
    const mapping = readMapping(CaseMapping, input.mapping);
    const rows = readRows(input.text, mapping.delimiter);
    const errors: RowError[] = [];
    const good = readAll(tx, outbreak, mapping, rows, errors);
    const known = new Set(
      (
        await casesByRef(
          tx,
          outbreak.id,
          good.map((record) => record.ref),
        )
      ).map((row) => row.ref),
    );
    const fresh = good.filter((record) => !known.has(record.ref));
    if (!input.dryRun && fresh.length > 0) await store(tx, outbreak, mapping, fresh);
    return reportOf({ dryRun: input.dryRun, rows, errors, taken: fresh.length, known: good.length - fresh.length });
  },
);

/** The same from files, for the command line. */
export async function importCasesFromFile(ctx: Ctx, input: ImportFiles): Promise<ImportReport> {
  const folder = path.join(import.meta.dirname, "mappings");
  return importCases(ctx, await readImportFiles(input, folder, ".cases.yaml"));
}

function readAll(
  tx: Tx,
  outbreak: Outbreak,
  mapping: CaseMapping,
  rows: readonly Row[],
  errors: RowError[],
): ForeignCase[] {
  const good: ForeignCase[] = [];
  const lineOf = new Map<string, number>();
  for (const [i, row] of rows.entries()) {
    const line = i + firstRowLine;
    const read = readCase(mapping, outbreak.protocol, row, line);
    if ("errors" in read) {
      errors.push(...read.errors);
      continue;
    }
    const first = lineOf.get(read.record.ref);
    if (first !== undefined) errors.push({ line, field: "ref", message: `is the same as on line ${first}` });
    else if (!isWithin(read.record.areaCode, tx.actor.areaCode))
      errors.push({ line, field: "areaCode", message: "lies outside your area" });
    else {
      lineOf.set(read.record.ref, line);
      good.push(read.record);
    }
  }
  return good;
}

async function store(tx: Tx, outbreak: Outbreak, mapping: CaseMapping, records: readonly ForeignCase[]): Promise<void> {
  const ids = await registerPeople(tx, {
    register: mapping.register,
    people: records.map((record) => ({
      ref: record.ref,
      areaCode: record.areaCode,
      name: record.ref,
      sex: record.sex,
    })),
  });
  const ordered = records
    .map((record, i) => ({ record, personId: need(ids[i], "every row was registered") }))
    .toSorted((a, b) =>
      a.record.diagnosedDay < b.record.diagnosedDay
        ? -1
        : a.record.diagnosedDay > b.record.diagnosedDay
          ? 1
          : a.record.line - b.record.line,
    );
  const cases: ImportedCase[] = [];
  for (const state of ["confirmed", "asymptomatic", "suspect"] as const) {
    const ofState = ordered.filter(({ record }) => record.state === state);
    if (ofState.length === 0) continue;
    const first = await takeNumbers(tx, outbreak.id, state, ofState.length);
    cases.push(
      ...ofState.map(({ record, personId }, i) =>
        importedCase(tx.newId(), outbreak, record, personId, state, first + i),
      ),
    );
  }
  await insertImported(tx, outbreak.id, outbreak.protocol.version, cases);
  const data: ImportedData = { register: mapping.register, count: cases.length };
  await tx.emit({
    name: "cases.imported",
    outbreakId: outbreak.id,
    areaCode: tx.actor.areaCode,
    subjectType: "register",
    subjectId: mapping.register,
    data,
  });
}

function importedCase(
  id: string,
  outbreak: Outbreak,
  record: ForeignCase,
  personId: number,
  state: Classified["state"],
  number: number,
): ImportedCase {
  const at = (day: string | null): Instant | null => (day === null ? null : instantAt(day, "00:00", outbreak.timeZone));
  const diagnosedAt = instantAt(record.diagnosedDay, "00:00", outbreak.timeZone);
  const title = caseTitle(outbreak.protocol, state, number);
  const quarantinedAt = at(record.quarantinedDay);
  const admittedAt = at(record.admittedDay);
  const controlled = [quarantinedAt, admittedAt].filter((moment) => moment !== null).toSorted();
  return {
    id,
    personId,
    state,
    number,
    quarantinedAt,
    admittedAt,
    diagnosedAt,
    titleZh: title.zh,
    titleEn: title.en,
    areaCode: record.areaCode,
    severity: record.severity,
    provenance: record.provenance,
    inCommunity: inCommunity(outbreak.protocol, record.provenance),
    ref: record.ref,
    age: record.age,
    cluster: record.cluster,
    sampledAt: at(record.sampledDay),
    positiveAt: at(record.sampledDay) ?? diagnosedAt,
    onsetAt: at(record.onsetDay),
    controlAt: controlled[0] ?? null,
    outcome: record.outcome,
    outcomeAt: at(record.outcomeDay),
  };
}
