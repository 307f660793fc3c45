import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { readSheet } from "read-excel-file/node";
import { ProblemError } from "#kernel/errors";
import { bodyBytesMax, importRowsMax } from "#kernel/limits";

/** One row of an imported table: its cells by heading, trimmed, and the line of the file it stands on. */
export interface TableRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface Table {
  readonly headings: readonly string[];
  readonly rows: readonly TableRow[];
}

export type TableFormat = "csv" | "xlsx";

/** One bad cell: the line of the file, the heading, and what is wrong; never the cell's own text. */
export interface CellError {
  readonly row: number;
  readonly field: string;
  readonly message: string;
}

/** Reads a CSV or XLSX table whose first row is the headings; refuses more than the rows an import may have. */
export async function readTable(content: Buffer, format: TableFormat): Promise<Table> {
  if (content.length > bodyBytesMax * 8)
    throw new ProblemError("limit.exceeded", { limit: `${bodyBytesMax * 8} bytes` });
  const lines = format === "xlsx" ? await sheetLines(content) : csvLines(content);
  const head = lines[0];
  if (!head) return { headings: [], rows: [] };
  if (lines.length - 1 > importRowsMax) throw new ProblemError("limit.exceeded", { limit: `${importRowsMax} rows` });
  const headings = head.cells.map((heading) => heading.trim());
  return { headings, rows: rowsOf(headings, lines.slice(1)) };
}

/** The rows that are not empty, their cells by heading. */
function rowsOf(headings: readonly string[], lines: readonly Line[]): TableRow[] {
  return lines.flatMap(({ line, cells }) => {
    if (cells.every((cell) => cell.trim() === "")) return [];
    return [{ line, cells: Object.fromEntries(headings.map((heading, i) => [heading, (cells[i] ?? "").trim()])) }];
  });
}

/** A part is parsed when so much text has come; a record that is longer than the limit is none. */
const partChars = 4_000_000;
const recordCharsMax = 16_000_000;

/** Reads a CSV file of any length as tables of at most so many rows: only one of them is in memory. */
export async function* csvParts(path: string, rowsMax: number): AsyncGenerator<Table> {
  let headings: string[] | null = null;
  let delimiter = ",";
  let line = 0;
  let rest = "";
  let wanted = partChars;
  function* tables(text: string): Generator<Table> {
    const lines = recordsOf(text, delimiter, line);
    line += text.split("\n").length - 1;
    headings ??= lines.shift()?.cells.map((heading) => heading.trim()) ?? null;
    for (let at = 0; headings !== null && at < lines.length; at += rowsMax)
      yield { headings, rows: rowsOf(headings, lines.slice(at, at + rowsMax)) };
  }
  for await (const text of decodedFile(path)) {
    rest += text;
    if (rest.length < wanted) continue;
    if (headings === null) delimiter = delimiterOf(rest);
    const end = lastRecordEnd(rest);
    if (end === 0 && rest.length > recordCharsMax)
      throw new ProblemError("limit.exceeded", { limit: `${recordCharsMax} characters in a record` });
    yield* tables(rest.slice(0, end));
    rest = rest.slice(end);
    wanted = rest.length + partChars;
  }
  if (headings === null) delimiter = delimiterOf(rest);
  yield* tables(rest);
}

/** The text of a file as it is read; spreadsheets save CSV in the system's encoding. */
async function* decodedFile(path: string): AsyncGenerator<string> {
  const encoding = (await isUtf8File(path)) ? "utf-8" : "gb18030";
  const decoder = new TextDecoder(encoding);
  for await (const chunk of createReadStream(path)) yield decoder.decode(chunk as Buffer, { stream: true });
  yield decoder.decode();
}

async function isUtf8File(path: string): Promise<boolean> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of createReadStream(path)) decoder.decode(chunk as Buffer, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Where the last whole record of a text ends: behind a line break that stands in no quotes. */
function lastRecordEnd(text: string): number {
  let isQuoted = false;
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quoteUnit) isQuoted = !isQuoted;
    else if (unit === lineBreakUnit && !isQuoted) end = at + 1;
  }
  return end;
}

/** Reads a table file by its ending: `.xlsx`, anything else is CSV. */
export async function readTableFile(path: string): Promise<Table> {
  return readTable(await readFile(path), path.toLowerCase().endsWith(".xlsx") ? "xlsx" : "csv");
}

/** The row errors as a CSV file (with a byte order mark, so that spreadsheets read Chinese). */
export function errorsCsv(errors: readonly CellError[]): string {
  const rows = errors.map((error) => [error.row, error.field, error.message]);
  return `\uFEFF${stringify([["row", "field", "message"], ...rows])}`;
}

const quoteUnit = 34;
const lineBreakUnit = 10;

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

function csvLines(content: Buffer): Line[] {
  const text = textOf(content);
  return recordsOf(text, delimiterOf(text), 0);
}

function delimiterOf(text: string): string {
  const firstLine = text.slice(0, text.indexOf("\n") < 0 ? undefined : text.indexOf("\n"));
  return [",", ";", "\t"].toSorted((a, b) => firstLine.split(b).length - firstLine.split(a).length)[0] ?? ",";
}

function recordsOf(text: string, delimiter: string, linesBefore: number): Line[] {
  const records = parse(text, {
    bom: true,
    info: true,
    delimiter,
    relaxColumnCount: true,
    skipEmptyLines: true,
  }) as unknown as { info: { lines: number }; record: string[] }[];
  // A record that holds line breaks is named by its last line, as editors show it.
  return records.map(({ info, record }) => ({ line: linesBefore + info.lines, cells: record }));
}

/** Spreadsheets save CSV in the system's encoding: UTF-8 where it is valid, else GB 18030. */
function textOf(content: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    return new TextDecoder("gb18030").decode(content);
  }
}

async function sheetLines(content: Buffer): Promise<Line[]> {
  const data = await readSheet(content);
  return data.map((cells, i) => ({ line: i + 1, cells: cells.map(cellText) }));
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) return cell.toISOString().slice(0, cell.getTime() % 86_400_000 === 0 ? 10 : 19);
  return typeof cell === "string" || typeof cell === "number" || typeof cell === "boolean" ? String(cell) : "";
}
