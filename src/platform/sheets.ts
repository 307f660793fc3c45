import { stringify } from "csv-stringify/sync";
import Type from "typebox";
import writeXlsxFile from "write-excel-file/node";
import { exportRowsMax, pageSizeMax } from "#kernel/limits";
import { readSheetRows, type Both, type ReadRow, type RowFault, type Sheet, type SheetLanguage } from "#kernel/sheet";
import type { Ctx } from "./context.ts";
import { defineRoute, type Route, type TextAnswer } from "./http.ts";
import type { Page } from "./paging.ts";
import { readTable, type Table } from "./tables.ts";
import type { UseCase } from "./usecase.ts";
import { tryOut } from "./tryout.ts";

/** What an import took: new records, rows whose record was there before, and what was wrong with the others. */
export interface Taken {
  readonly taken: number;
  readonly known: number;
  readonly faults: readonly RowFault[];
}

/** The filters of an export; a list that has no such filter ignores it. */
export interface ExportQuery {
  readonly areaCode?: string;
  readonly state?: string;
  readonly cursor?: string;
  readonly limit: number;
}

/** One column that goes out. */
export interface OutColumn<R> {
  readonly heading: Both;
  readonly value: (row: R, lang: SheetLanguage) => string | number | null | undefined;
}

/** Records that come in and go out as a spreadsheet: `name` stands in the address and on the command line. */
export interface SheetDef {
  readonly name: string;
  readonly title: Both;
  readonly tag: string;
  readonly taking: {
    readonly columns: Sheet;
    readonly permission: string;
    readonly take: (ctx: Ctx, input: { rows: readonly ReadRow<Sheet>[] }) => Promise<Taken>;
    /** A file of any length comes in by parts of so many rows, each of which is kept by itself; null takes files whole. */
    readonly partRows: number | null;
  } | null;
  readonly giving: {
    readonly columns: readonly OutColumn<object>[];
    readonly permission: string;
    /** A reason is asked for and goes into the audit. */
    readonly personal: boolean;
    readonly list: (ctx: Ctx, query: ExportQuery) => Promise<Page<object>>;
  } | null;
}

/** Declares a sheet; `take` is a use case over the good rows, `list` one over a page of records. */
export function defineSheet<S extends Sheet, R extends object>(definition: {
  readonly name: string;
  readonly title: Both;
  readonly tag: string;
  readonly columns?: S;
  readonly take?: UseCase<{ rows: readonly ReadRow<S>[] }, Taken>;
  readonly partRows?: number;
  readonly out?: readonly OutColumn<R>[];
  readonly list?: UseCase<ExportQuery, Page<R>>;
}): SheetDef {
  const { name, title, tag, columns, take, out, list, partRows = null } = definition;
  const taking = columns && take ? { columns, permission: take.def.permission, take, partRows } : null;
  const giving =
    out && list ? { columns: out, permission: list.def.permission, personal: list.def.personal ?? false, list } : null;
  return { name, title, tag, taking, giving } as unknown as SheetDef;
}

/** An import with its rows as they came; a dry run does everything and then takes it back. */
export interface ImportOutcome {
  readonly rows: number;
  readonly taken: number;
  readonly known: number;
  readonly bad: number;
  readonly faults: readonly RowFault[];
  /** The bad rows as they came with what is wrong, as CSV; empty when every row is good. */
  readonly badRows: string;
}

/** Reads a table against a sheet and takes its good rows; the bad ones come back with their faults. */
export async function importSheet(ctx: Ctx, sheet: SheetDef, table: Table, dryRun: boolean): Promise<ImportOutcome> {
  const { taking } = sheet;
  if (!taking) throw new Error(`the sheet ${sheet.name} takes nothing in`);
  const read = readSheetRows(taking.columns, table, { lang: ctx.lang, within: ctx.actor.areaCode });
  const run = (inner: Ctx) => taking.take(inner, { rows: read.good });
  const nothing: Taken = { taken: 0, known: 0, faults: [] };
  const outcome = read.good.length === 0 ? nothing : await (dryRun ? tryOut(ctx, run) : run(ctx));
  const faults = [...read.faults, ...outcome.faults].toSorted((a, b) => a.row - b.row);
  return {
    rows: table.rows.length,
    taken: outcome.taken,
    known: outcome.known,
    bad: table.rows.length - outcome.taken - outcome.known,
    faults,
    badRows: badRowsCsv(table, faults, ctx.lang),
  };
}

/** Parts of a file in hand at a time: while the rows of one are read, those of the other are stored. */
const partsInHand = 2;

/** Imports a file that comes in parts; the bad rows are handed out part by part, in their order. */
export async function importSheetParts(
  ctx: Ctx,
  sheet: SheetDef,
  parts: AsyncGenerator<Table>,
  options: { readonly dryRun: boolean; readonly onBadRows: (csv: string) => void },
): Promise<Omit<ImportOutcome, "faults" | "badRows">> {
  const sum = { rows: 0, taken: 0, known: 0, bad: 0 };
  let told: Promise<void> = Promise.resolve();
  let isHeadTold = false;
  const lane = async (): Promise<void> => {
    for (let next = await parts.next(); !next.done; next = await parts.next()) {
      const outcome = importSheet(ctx, sheet, next.value, options.dryRun);
      const before = told;
      // A part is told after those before it, however long they take.
      told = outcome.then(async ({ rows, taken, known, bad, badRows }) => {
        await before;
        sum.rows += rows;
        sum.taken += taken;
        sum.known += known;
        sum.bad += bad;
        if (badRows === "") return;
        options.onBadRows(isHeadTold ? badRows.slice(badRows.indexOf("\n") + 1) : badRows);
        isHeadTold = true;
      });
      await told;
    }
  };
  await Promise.all(Array.from({ length: partsInHand }, lane));
  return sum;
}

/** The bad rows as they came, with their line and what is wrong, so that they can be mended and sent alone. */
function badRowsCsv(table: Table, faults: readonly RowFault[], lang: SheetLanguage): string {
  if (faults.length === 0) return "";
  const why = new Map<number, string[]>();
  for (const { row, field, message } of faults)
    why.set(row, [...(why.get(row) ?? []), field === "" ? message : `${field}: ${message}`]);
  const rows = table.rows.filter(({ line }) => why.has(line));
  const head = lang === "en" ? ["what is wrong", "line"] : ["错误说明", "行号"];
  const lines = rows.map(({ line, cells }) => [
    ...table.headings.map((heading) => cells[heading] ?? ""),
    (why.get(line) ?? []).join("; "),
    line,
  ]);
  // A fault of the whole table (a missing column) has no row of its own.
  const whole =
    rows.length === 0 ? [[...table.headings.map(() => ""), faults.map((f) => f.message).join("; "), 1]] : [];
  return csvText([[...table.headings, ...head], ...lines, ...whole]);
}

type Cell = string | number | null;

/** CSV with a byte order mark, so that spreadsheets read Chinese; a text never begins a formula. */
function csvText(rows: readonly (readonly Cell[])[]): string {
  const safe = rows.map((row) =>
    row.map((cell) => (typeof cell === "string" && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)),
  );
  return `\uFEFF${stringify(safe)}`;
}

async function xlsxOf(rows: readonly (readonly Cell[])[], name: string): Promise<Buffer> {
  const [head = [], ...rest] = rows;
  const bold = head.map((value) => ({ value: String(value ?? ""), fontWeight: "bold" as const }));
  // Excel refuses these signs in the name of a sheet, and more than 31 characters.
  const sheet = name.replace(/[\\/?*[\]:]/g, " ").slice(0, 31);
  return writeXlsxFile([bold, ...rest.map((row) => [...row])], { sheet, stickyRowsCount: 1 }).toBuffer();
}

export type SheetFormat = "csv" | "xlsx";

async function fileOf(rows: readonly (readonly Cell[])[], name: string, format: SheetFormat): Promise<TextAnswer> {
  if (format === "csv") return { contentType: "text/csv; charset=utf-8", text: csvText(rows), fileName: `${name}.csv` };
  return {
    contentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    text: await xlsxOf(rows, name),
    fileName: `${name}.xlsx`,
  };
}

/** The empty table to fill in: headings, one made-up row, and what may stand in each column. */
export async function templateOf(sheet: SheetDef, lang: SheetLanguage, format: SheetFormat): Promise<TextAnswer> {
  const columns = Object.values(sheet.taking?.columns ?? {});
  const name = sheet.title[lang];
  const table = [columns.map((of) => of.heading[lang]), columns.map((of) => of.example)];
  if (format === "csv") return fileOf(table, name, format);
  const words = lang === "en" ? ["column", "needed", "what may stand in it"] : ["列", "必填", "填写说明"];
  const yes = lang === "en" ? "yes" : "是";
  const help = [words, ...columns.map((of) => [of.heading[lang], of.required ? yes : "", of.hint[lang]])];
  const text = await writeXlsxFile([
    { data: table.map((row) => [...row]), sheet: lang === "en" ? "data" : "数据" },
    { data: help, sheet: lang === "en" ? "help" : "说明" },
  ]).toBuffer();
  return { ...(await fileOf(table, name, "xlsx")), text };
}

/** Every record of a list as a file, page by page, up to the limit of an export. */
export async function exportSheet(
  ctx: Ctx,
  sheet: SheetDef,
  query: Omit<ExportQuery, "limit" | "cursor">,
  format: SheetFormat,
): Promise<TextAnswer> {
  const { giving } = sheet;
  if (!giving) throw new Error(`the sheet ${sheet.name} gives nothing out`);
  const rows: Cell[][] = [giving.columns.map((of) => of.heading[ctx.lang])];
  let cursor: string | null = null;
  do {
    const page: Page<object> = await giving.list(ctx, { ...query, limit: pageSizeMax, ...(cursor ? { cursor } : {}) });
    for (const row of page.items) rows.push(giving.columns.map((of) => of.value(row, ctx.lang) ?? null));
    cursor = page.next;
  } while (cursor !== null && rows.length <= exportRowsMax);
  return fileOf(rows, sheet.title[ctx.lang], format);
}

const Format = Type.Union([Type.Literal("csv"), Type.Literal("xlsx")]);
const tableTextMax = 12_000_000;
const faultsShownMax = 200;

const Outcome = Type.Object({
  rows: Type.Integer(),
  taken: Type.Integer(),
  known: Type.Integer(),
  bad: Type.Integer(),
  faults: Type.Array(Type.Object({ row: Type.Integer(), field: Type.String(), message: Type.String() })),
  badRows: Type.String(),
});

/** The routes of a sheet: its template, its import and its export, as far as it has them. */
export function sheetRoutes(sheet: SheetDef): Route[] {
  const { name, tag, taking, giving } = sheet;
  const url = `/api/v1/sheets/${name}`;
  const operation = name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const routes: Route[] = [];
  if (taking)
    routes.push(
      defineRoute({
        method: "GET",
        url: `${url}/template`,
        operationId: `template${operation}`,
        tag,
        permission: taking.permission,
        summary: `${sheet.title.en}: the empty table to fill in`,
        query: Type.Object({ format: Type.Optional(Format) }),
        response: null,
        handler: (ctx, { query }) => templateOf(sheet, ctx.lang, query.format ?? "xlsx"),
      }),
      defineRoute({
        method: "POST",
        url: `${url}/import`,
        operationId: `import${operation}`,
        tag,
        permission: taking.permission,
        summary: `${sheet.title.en}: take the good rows of a table, or try it with dryRun`,
        body: Type.Object({
          format: Format,
          /** CSV as text, XLSX as base64. */
          content: Type.String({ minLength: 1, maxLength: tableTextMax }),
          dryRun: Type.Boolean(),
        }),
        response: Outcome,
        handler: async (ctx, { body }) => {
          const table = await readTable(
            Buffer.from(body.content, body.format === "csv" ? "utf8" : "base64"),
            body.format,
          );
          const outcome = await importSheet(ctx, sheet, table, body.dryRun);
          return { ...outcome, faults: outcome.faults.slice(0, faultsShownMax) };
        },
      }),
    );
  if (giving)
    routes.push(
      defineRoute({
        method: "GET",
        url: `${url}/export`,
        operationId: `export${operation}`,
        tag,
        permission: giving.permission,
        summary: `${sheet.title.en} as a spreadsheet${giving.personal ? " (a reason is needed)" : ""}`,
        query: Type.Object({
          format: Type.Optional(Format),
          areaCode: Type.Optional(Type.String({ maxLength: 20 })),
          state: Type.Optional(Type.String({ maxLength: 40 })),
        }),
        response: null,
        handler: (ctx, { query: { format, ...filters } }) => exportSheet(ctx, sheet, filters, format ?? "xlsx"),
      }),
    );
  return routes;
}
