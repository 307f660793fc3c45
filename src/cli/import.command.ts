import { appendFileSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { Argument, Command } from "commander";
import { ProblemError } from "#kernel/errors";
import { importAreasFromFile } from "#modules/areas";
import { importCasesFromFile } from "#modules/cases";
import { importPeopleFromFile } from "#modules/people";
import { importContactsFromFile } from "#modules/tracing";
import { wallClock } from "#platform/clocks";
import { readConfig } from "#platform/config";
import type { Ctx } from "#platform/context";
import { openStore } from "#platform/store";
import { importSheet, importSheetParts, type SheetDef } from "#platform/sheets";
import { csvParts, errorsCsv, readTableFile } from "#platform/tables";
import { sheets } from "#server/modules";
import { makeServices, systemCtx } from "#server/start";
import { areaOption } from "./area.option.ts";

const ownKinds = ["areas", "people", "cases", "contacts"] as const;
const kinds: readonly string[] = [...ownKinds, ...sheets.filter((sheet) => sheet.taking).map((sheet) => sheet.name)];
/** One of the four with their own command, or the name of a sheet. */
type ImportKind = string;

/** What to import, from which file, and whether to write. */
export interface ImportOrder {
  readonly kind: ImportKind;
  readonly file: string;
  /** Mapping for cases and contacts, how the file's columns become ours: a YAML file, or the name of one that comes along. */
  readonly map?: string;
  /** The register people come from; with a person's number in it they are found again. */
  readonly register?: string;
  readonly apply: boolean;
}

/** What an import did, or with a dry run would do. */
export interface ImportOutcome {
  readonly rows: number;
  readonly taken: number;
  /** Rows whose record was there before. */
  readonly known: number;
  readonly bad: number;
  /** The row errors as CSV; empty when every row is good, null when they stand in their file already. */
  readonly errorFile: string | null;
}

function needed(value: string | undefined, option: string, kind: ImportKind): string {
  if (value === undefined) throw new Error(`import ${kind} needs ${option}.`);
  return value;
}

/** Imports one file within the context's area; throws a ProblemError when the file as a whole cannot be read. */
export async function runImport(ctx: Ctx, order: ImportOrder): Promise<ImportOutcome> {
  const { kind, file } = order;
  const dryRun = !order.apply;
  if (kind === "areas") {
    const { total, good, bad, errors } = await importAreasFromFile(ctx, file, { dryRun });
    return { rows: total, taken: good, known: 0, bad, errorFile: bad > 0 ? errorsCsv(errors) : "" };
  }
  if (kind === "people") {
    const register = needed(order.register, "--register <name>", kind);
    const { total, added, matched, bad, errors } = await importPeopleFromFile(ctx, file, { dryRun, register });
    return { rows: total, taken: added, known: matched, bad, errorFile: bad > 0 ? errorsCsv(errors) : "" };
  }
  const sheet = sheets.find(({ name }) => name === kind);
  if (sheet?.taking?.partRows && isCsv(file)) return importParts(ctx, sheet, sheet.taking.partRows, file, dryRun);
  if (sheet) {
    const { rows, taken, known, bad, badRows } = await importSheet(ctx, sheet, await readTableFile(file), dryRun);
    return { rows, taken, known, bad, errorFile: badRows };
  }
  const input = { file, dryRun, mapping: needed(order.map, "--map <mapping>", kind) };
  const report = await (kind === "cases" ? importCasesFromFile(ctx, input) : importContactsFromFile(ctx, input));
  const { rows, taken, known, bad, errorFile } = report;
  return { rows, taken, known, bad, errorFile };
}

function isCsv(file: string): boolean {
  return !file.toLowerCase().endsWith(".xlsx");
}

/** A file of any length, of which only some parts are in memory; its bad rows go to their file as they are found. */
async function importParts(
  ctx: Ctx,
  sheet: SheetDef,
  partRows: number,
  file: string,
  dryRun: boolean,
): Promise<ImportOutcome> {
  const errorPath = errorPathOf(file);
  rmSync(errorPath, { force: true });
  const sum = await importSheetParts(ctx, sheet, csvParts(file, partRows), {
    dryRun,
    onBadRows: (csv) => appendFileSync(errorPath, csv),
  });
  return { ...sum, errorFile: null };
}

/** The outcome in words; `errorPath` is where the row errors were written. */
export function outcomeText(order: ImportOrder, outcome: ImportOutcome, errorPath: string): string {
  const { rows, taken, known, bad } = outcome;
  const lines = [
    `${rows} rows read: ${taken} ${order.apply ? "taken" : "would be taken"}, ${known} known before, ${bad} not taken.`,
  ];
  if (bad > 0) lines.push(`What is wrong with them stands in ${errorPath}: mend those rows and send only them.`);
  if (!order.apply) lines.push("This was a dry run and nothing was written; add --apply to write.");
  return `${lines.join("\n")}\n`;
}

function errorPathOf(file: string): string {
  return `${file}.errors.csv`;
}

/** Writes the row errors beside the file, or takes away those of an earlier run; returns the path. */
export function writeErrors(file: string, outcome: ImportOutcome): string {
  const errorPath = errorPathOf(file);
  if (outcome.errorFile === null) return errorPath;
  if (outcome.errorFile === "") rmSync(errorPath, { force: true });
  else writeFileSync(errorPath, outcome.errorFile);
  return errorPath;
}

/** The one refusal whose way out the catalogue cannot know: the database has no outbreak yet. */
function explained(error: unknown): never {
  if (error instanceof ProblemError && error.params["what"] === "outbreak")
    throw new Error(
      "No outbreak is open in this database. Open one first (operation openResponse), or name another by --database.",
    );
  throw error;
}

interface Options {
  readonly map?: string;
  readonly register?: string;
  readonly area: string;
  readonly apply?: boolean;
  readonly database?: string;
}

const someRowsBadExitCode = 2;

async function importFile(kind: ImportKind, file: string, options: Options): Promise<void> {
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  const order: ImportOrder = { kind, file, ...options, apply: options.apply ?? false };
  if (kind === "people") needed(order.register, "--register <name>", kind);
  if (kind === "cases" || kind === "contacts") needed(order.map, "--map <mapping>", kind);
  const config = readConfig(process.env);
  const tell = (text: string) => process.stderr.write(`${text}\n`);
  tell("Opening the database …");
  const store = await openStore(config, options.database === undefined ? {} : { database: options.database });
  try {
    const system = systemCtx(store.pool, makeServices(config), wallClock);
    const ctx: Ctx = {
      ...system,
      actor: { ...system.actor, id: "command-line", name: "command line", areaCode: options.area },
    };
    tell(`${order.apply ? "Importing" : "Checking"} ${kind} of ${file} …`);
    const started = performance.now();
    const outcome = await runImport(ctx, order).catch(explained);
    const errorPath = writeErrors(file, outcome);
    tell(`Done in ${((performance.now() - started) / 1_000).toFixed(1)} s.`);
    process.stdout.write(outcomeText(order, outcome, errorPath));
    if (outcome.bad > 0) process.exitCode = someRowsBadExitCode;
  } finally {
    await store.close();
  }
}

/** `wuyang import`: somebody else's file into the system; checks only, unless told to write. */
export function importCommand(): Command {
  return new Command("import")
    .description("read a CSV or XLSX file; a dry run unless --apply is given; exit code 2 when rows were bad")
    .addArgument(new Argument("<what>", "what the file holds").choices(kinds))
    .argument("<file>", "CSV (UTF-8 or GB 18030) or XLSX; cases and contacts: CSV in UTF-8")
    .option(
      "--map <mapping>",
      "cases and contacts: a mapping file (YAML), or the name of one that comes along, such as tianjin",
    )
    .option("--register <name>", "people: the register the file comes from")
    .option("--area <code>", "take only rows inside this area", areaOption, "")
    .option("--apply", "write what is good; without it nothing is written")
    .option("--database <name>", "a database other than the installation's own (a drill's)")
    .addHelpText(
      "after",
      `
Examples
  wuyang import areas areas.csv --apply
  wuyang import people people.xlsx --register household --area 371721 --apply
  wuyang import cases linelist.csv --map tianjin
  wuyang import contacts links.csv --map tianjin --apply
  wuyang import people-register-entries hukou.csv --apply     (a CSV of any length)

Cases and contacts go to the outbreak that is open. The row errors go to <file>.errors.csv.
An empty table to fill in: wuyang template <what>.`,
    )
    .action(importFile);
}
