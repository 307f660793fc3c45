import type { Breathe } from "./sort.rules.ts";
import { personIdMax, type RecordAnswer, type Scan } from "./venues.model.ts";

/** Scans as lines of JSON (NDJSON), the form in which gateways send many at once. */

const codeCharsMax = 60;

/** The scans of a body, and for each its line; lines that are no scan are named. */
export interface ScanLines {
  readonly scans: readonly Scan[];
  /** The line of each scan, from 0; empty lines count. */
  readonly lineOf: readonly number[];
  readonly bad: RecordAnswer["bad"];
}

function isScan(value: unknown): value is Scan {
  if (typeof value !== "object" || value === null) return false;
  const { venueCode, personId, at, until } = value as Readonly<Record<string, unknown>>;
  return (
    typeof venueCode === "string" &&
    venueCode.length > 0 &&
    venueCode.length <= codeCharsMax &&
    Number.isSafeInteger(personId) &&
    Number(personId) > 0 &&
    Number(personId) <= personIdMax &&
    typeof at === "string" &&
    (until === undefined || typeof until === "string")
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** How many lines are read before whoever waits for the process gets a turn: a fraction of a millisecond's work. */
export const linesPerTurn = 100;

/**
 * Reads a body of lines; a line that is no scan is returned by its number and stops no other. Others get a turn after every
 * `linesPerTurn`. spec: VEN-3
 */
export async function scanLines(text: string, breathe: Breathe): Promise<ScanLines> {
  const scans: Scan[] = [];
  const lineOf: number[] = [];
  const bad: RecordAnswer["bad"] = [];
  for (const [row, line] of text.split("\n").entries()) {
    if (row % linesPerTurn === linesPerTurn - 1) await breathe();
    if (line.trim() === "") continue;
    const value = parsed(line);
    if (isScan(value)) {
      scans.push(value);
      lineOf.push(row);
    } else bad.push({ row, field: "line", code: "notAScan" });
  }
  return { scans, lineOf, bad };
}
