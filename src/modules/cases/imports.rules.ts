import { provenances, type Protocol, type Provenance } from "#domain/outbreaks";
import { addDays, type Day } from "#kernel/time";
import type { CaseMapping, DateFormat, FieldMap, RowError } from "./imports.model.ts";

/** Reading somebody else's rows through a mapping; pure, so a dry run is the same code as the real one. */

export type Row = Readonly<Record<string, string>>;
export type Read =
  | { readonly ok: true; readonly value: string | null }
  | { readonly ok: false; readonly message: string };

const taken = (value: string | null): Read => ({ ok: true, value });
const fault = (message: string): Read => ({ ok: false, message });

function cellOf(map: FieldMap, row: Row): string {
  const columns = map.column === undefined ? [] : typeof map.column === "string" ? [map.column] : map.column;
  const cells = columns.map((column) => (row[column] ?? "").trim());
  return cells.find((cell) => cell !== "" && !(map.empty ?? []).includes(cell)) ?? "";
}

/** Reads one field; the message of a fault never repeats the cell, which may be personal. */
export function readField(map: FieldMap | undefined, row: Row): Read {
  // spec: CASE-15
  if (map === undefined) return taken(null);
  if (map.value !== undefined) return taken(map.value);
  const cell = cellOf(map, row);
  if (cell === "") {
    if (map.required) return fault("is empty but needed");
    return taken(map.otherwise ?? null);
  }
  if (map.date !== undefined) return readDate(cell, map.date);
  const mapped = translated(map, cell);
  if (mapped !== undefined) return taken(mapped);
  if (map.values === undefined && map.patterns === undefined) return taken(cell);
  return map.otherwise === undefined ? fault("has a value the mapping does not know") : taken(map.otherwise);
}

function translated(map: FieldMap, cell: string): string | undefined {
  const lower = cell.toLowerCase();
  const exact = Object.entries(map.values ?? {}).find(([from]) => from.toLowerCase() === lower);
  if (exact) return exact[1];
  return map.patterns?.find((pattern) => new RegExp(pattern.match, "i").test(cell))?.value;
}

const dateShapes: Readonly<Record<DateFormat, RegExp>> = {
  "yyyy-MM-dd": /^(?<y>\d{4})-(?<m>\d{1,2})-(?<d>\d{1,2})$/,
  "yyyy/MM/dd": /^(?<y>\d{4})\/(?<m>\d{1,2})\/(?<d>\d{1,2})$/,
  "dd/MM/yyyy": /^(?<d>\d{1,2})\/(?<m>\d{1,2})\/(?<y>\d{4})$/,
  "MM/dd/yyyy": /^(?<m>\d{1,2})\/(?<d>\d{1,2})\/(?<y>\d{4})$/,
  "dd.MM.yyyy": /^(?<d>\d{1,2})\.(?<m>\d{1,2})\.(?<y>\d{4})$/,
  yyyyMMdd: /^(?<y>\d{4})(?<m>\d{2})(?<d>\d{2})$/,
};

function readDate(cell: string, format: DateFormat): Read {
  const parts = dateShapes[format].exec(cell)?.groups;
  if (!parts) return fault(`is not a date of the form ${format}`);
  const day = `${parts["y"]}-${(parts["m"] ?? "").padStart(2, "0")}-${(parts["d"] ?? "").padStart(2, "0")}`;
  // The 31st of a short month is caught by going through the calendar and back.
  return Number.isNaN(Date.parse(`${day}T00:00:00.000Z`)) || addDays(day, 0) !== day
    ? fault("is not a day of the calendar")
    : taken(day);
}

/** A case as a foreign file gives it; days are calendar days of the outbreak's zone. */
export interface ForeignCase {
  readonly line: number;
  readonly ref: string;
  readonly areaCode: string;
  readonly sex: "male" | "female" | "unknown";
  readonly age: number | null;
  readonly state: "suspect" | "confirmed" | "asymptomatic";
  readonly severity: string | null;
  readonly provenance: Provenance;
  readonly onsetDay: Day | null;
  readonly sampledDay: Day | null;
  readonly diagnosedDay: Day;
  readonly quarantinedDay: Day | null;
  readonly admittedDay: Day | null;
  readonly outcome: "inCare" | "recovered" | "died";
  readonly outcomeDay: Day | null;
  readonly cluster: string | null;
}

const ageMax = 150;
const states: readonly string[] = ["suspect", "confirmed", "asymptomatic"];
const sexes: readonly string[] = ["male", "female", "unknown"];
const ends: readonly string[] = ["inCare", "recovered", "died"];

/** Every fault of one row, or the case it holds. `line` counts from 1 with the heading as 1. */
export function readCase(
  mapping: CaseMapping,
  protocol: Protocol,
  row: Row,
  line: number,
): { readonly record: ForeignCase } | { readonly errors: RowError[] } {
  const errors: RowError[] = [];
  const get = (field: keyof CaseMapping["fields"]): string | null => {
    const read = readField(mapping.fields[field], row);
    if (read.ok) return read.value;
    errors.push({ line, field, message: read.message });
    return null;
  };
  const among = (
    field: keyof CaseMapping["fields"],
    words: readonly string[],
    absent: string | null,
  ): string | null => {
    const value = get(field) ?? absent;
    if (value === null || words.includes(value)) return value;
    errors.push({ line, field, message: `must be one of ${words.join(", ")}` });
    return null;
  };
  const ageText = get("age");
  const age = ageText === null ? null : Math.floor(Number(ageText));
  if (age !== null && !(age >= 0 && age <= ageMax))
    errors.push({ line, field: "age", message: `must be a number from 0 to ${ageMax}` });
  const record = {
    line,
    age,
    ref: get("ref"),
    areaCode: get("areaCode"),
    sex: among("sex", sexes, "unknown"),
    state: among("state", states, null),
    severity: among(
      "severity",
      protocol.cases.severities.map((s) => s.id),
      null,
    ),
    provenance: among("provenance", provenances, null),
    onsetDay: get("onsetDay"),
    sampledDay: get("sampledDay"),
    diagnosedDay: get("diagnosedDay"),
    quarantinedDay: get("quarantinedDay"),
    admittedDay: get("admittedDay"),
    outcome: among("outcome", ends, "inCare"),
    outcomeDay: get("outcomeDay"),
    cluster: get("cluster"),
  };
  for (const field of ["ref", "areaCode", "state", "provenance", "diagnosedDay"] as const)
    if (record[field] === null && !errors.some((error) => error.field === field))
      errors.push({ line, field, message: "is empty but needed" });
  return errors.length > 0 ? { errors } : { record: record as ForeignCase };
}

/** A case as the choice between several named infectors sees it. */
export interface LinkCandidate {
  readonly id: string;
  /** Onset, or the report when there was no onset: what orders a chain. */
  readonly reference: string;
  /** The published order, which settles equal days. */
  readonly order: number;
}

/**
 * The infector among those an investigation names: the first to fall ill. A candidate who names the
 * infectee as his own possible infector and fell ill later is left out.
 */
export function chooseInfector(
  infectee: LinkCandidate,
  candidates: readonly LinkCandidate[],
  namedBack: (candidate: LinkCandidate) => boolean,
): LinkCandidate | undefined {
  // spec: CASE-14
  return candidates
    .filter((candidate) => candidate.id !== infectee.id && !(namedBack(candidate) && before(infectee, candidate)))
    .toSorted((a, b) => (before(a, b) ? -1 : 1))[0];
}

function before(a: LinkCandidate, b: LinkCandidate): boolean {
  return a.reference < b.reference || (a.reference === b.reference && a.order < b.order);
}
