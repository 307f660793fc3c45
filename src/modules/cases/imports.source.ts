import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import type { Static, TSchema } from "typebox";
import { Errors } from "typebox/value";
import { LineCounter, parseDocument } from "yaml";
import { ProblemError } from "#kernel/errors";
import { importRowsMax } from "#kernel/limits";
import type { ImportReport, RowError } from "./imports.model.ts";
import type { Row } from "./imports.rules.ts";

/** Texts in and texts out of an import: the mapping file, the rows, the file of row errors. */

/** Reads a mapping file (YAML); throws request.invalid that names the line or the field at fault. */
export function readMapping<T extends TSchema>(schema: T, text: string): Static<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const broken = document.errors[0];
  if (broken) throw mappingFault(`line ${lines.linePos(broken.pos[0]).line}: ${broken.message.split("\n")[0] ?? ""}`);
  const value: unknown = document.toJS({ maxAliasCount: 20 });
  const [fault] = Errors(schema, value);
  if (fault) throw mappingFault(`${fault.instancePath || "/"} ${fault.message}`);
  return value as Static<T>;
}

function mappingFault(detail: string): ProblemError {
  return new ProblemError("request.invalid", {}, [{ pointer: "/mapping", detail }]);
}

/** Reads a delimited file whose first line is its heading. */
export function readRows(text: string, delimiter = ","): Row[] {
  let rows: Row[];
  try {
    rows = parse(text, {
      columns: true,
      delimiter,
      bom: true,
      skip_empty_lines: true,
      relax_column_count: true,
      trim: false,
    });
  } catch (error) {
    throw new ProblemError("request.invalid", {}, [{ pointer: "/text", detail: (error as Error).message }]);
  }
  if (rows.length > importRowsMax) throw new ProblemError("limit.exceeded", { limit: importRowsMax });
  return rows;
}

/** The heading is line 1, so the first row stands on line 2. */
export const firstRowLine = 2;

/** The rows not taken, with what is wrong with each, to be mended and sent again. */
export function errorFileOf(rows: readonly Row[], errors: readonly RowError[]): string {
  if (errors.length === 0) return "";
  const byLine = new Map<number, string[]>();
  for (const error of errors)
    byLine.set(error.line, [...(byLine.get(error.line) ?? []), `${error.field}: ${error.message}`]);
  const bad = [...byLine]
    .toSorted(([a], [b]) => a - b)
    .map(([line, texts]) => ({ ...rows[line - firstRowLine], line, error: texts.join("; ") }));
  return stringify(bad, { header: true });
}

const shownErrorsMax = 100;

/** The answer to an import. */
export function reportOf(input: {
  dryRun: boolean;
  rows: readonly Row[];
  errors: readonly RowError[];
  taken: number;
  known: number;
}): ImportReport {
  const { dryRun, rows, errors, taken, known } = input;
  const sorted = errors.toSorted((a, b) => a.line - b.line);
  return {
    dryRun,
    taken,
    known,
    rows: rows.length,
    bad: new Set(errors.map((error) => error.line)).size,
    errors: sorted.slice(0, shownErrorsMax),
    errorFile: errorFileOf(rows, sorted),
  };
}
