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
  const rows = lines.slice(1).flatMap(({ line, cells }) => {
    if (cells.every((cell) => cell.trim() === "")) return [];
    return [{ line, cells: Object.fromEntries(headings.map((heading, i) => [heading, (cells[i] ?? "").trim()])) }];
  });
  return { headings, rows };
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

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

function csvLines(content: Buffer): Line[] {
  const text = textOf(content);
  const firstLine = text.slice(0, text.indexOf("\n") < 0 ? undefined : text.indexOf("\n"));
  const delimiter = [",", ";", "\t"].toSorted((a, b) => firstLine.split(b).length - firstLine.split(a).length)[0];
  const records = parse(text, {
    bom: true,
    info: true,
    delimiter: delimiter ?? ",",
    relaxColumnCount: true,
    skipEmptyLines: true,
  }) as unknown as { info: { lines: number }; record: string[] }[];
  // A record that holds line breaks is named by its last line, as editors show it.
  return records.map(({ info, record }) => ({ line: info.lines, cells: record }));
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
