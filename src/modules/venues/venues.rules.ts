import type { Day } from "#kernel/time";
import { epochS } from "./segment.rules.ts";
import type { Scan, visitFaults } from "./venues.model.ts";

/** A stay whose end nobody recorded lasts this long: the usual time at a shop counter or a meal table (assumed). */
export const stayMinutesAssumed = 30;

/** How far a device's clock may run ahead before its scans are refused. */
export const clockSkewMinutesMax = 10;

/** What is wrong with a scan, by its field. */
export interface ScanFault {
  readonly field: string;
  readonly code: (typeof visitFaults)[number];
}

/** When a stay began and how long it lasted: seconds since `epochS`, and seconds or null where nobody recorded the leaving. */
export interface ScanTimes {
  readonly epochMs: number;
  readonly s: number;
  readonly len: number | null;
}

/** A visit as a row. */
export interface VisitInput {
  readonly day: Day;
  readonly venueNo: number;
  readonly personId: number;
  /** Seconds since the epoch of segment.rules.ts. */
  readonly s: number;
  /** Seconds, or null where nobody recorded the leaving. */
  readonly len: number | null;
}

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

function secondOf(epochMs: number): number {
  return Math.floor(epochMs / secondMs) - epochS;
}

/** The times of a scan whose venue is known, to the second, or what is wrong with it. spec: VEN-3, VEN-7 */
export function scanTimes(scan: Pick<Scan, "at" | "until">, nowMs: number): ScanTimes | ScanFault {
  const epochMs = Date.parse(scan.at);
  if (!Number.isFinite(epochMs)) return { field: "at", code: "notATime" };
  if (epochMs - nowMs > clockSkewMinutesMax * minuteMs) return { field: "at", code: "inFuture" };
  const s = secondOf(epochMs);
  if (scan.until === undefined) return { epochMs, s, len: null };
  const untilMs = Date.parse(scan.until);
  if (!Number.isFinite(untilMs)) return { field: "until", code: "notATime" };
  if (untilMs < epochMs) return { field: "until", code: "leftBeforeCame" };
  return { epochMs, s, len: secondOf(untilMs) - s };
}

const unknownVenue: ScanFault = { field: "venueCode", code: "unknownVenue" };

/** The visit that a scan records, or what is wrong with it; `venueNo` is undefined for a venue its sender does not have. */
export function visitOf(
  scan: Scan,
  venueNo: number | undefined,
  nowMs: number,
  dayAt: (epochMs: number) => Day,
): VisitInput | ScanFault {
  if (venueNo === undefined) return unknownVenue;
  const times = scanTimes(scan, nowMs);
  if ("code" in times) return times;
  return { day: dayAt(times.epochMs), venueNo, personId: scan.personId, s: times.s, len: times.len };
}

/** The order of the index: neighbours go to the same page of it, and two that write the same rows cannot wait for each other. */
export function byIndex(a: VisitInput, b: VisitInput): number {
  return a.venueNo - b.venueNo || a.s - b.s || a.personId - b.personId;
}

/** A visit that one or more scans record, with the places of these scans: the first of them is new, the others repeat it. */
export interface JoinedVisit {
  readonly visit: VisitInput;
  readonly places: readonly number[];
}

/** The visits without their repeats, each with the latest leaving, in the order of the index. spec: VEN-2 */
export function joinRepeats(visits: readonly VisitInput[]): JoinedVisit[] {
  const joined: { visit: VisitInput; readonly places: number[] }[] = [];
  const inOrder = visits.map((visit, place) => ({ visit, place })).toSorted((a, b) => byIndex(a.visit, b.visit));
  for (const { visit, place } of inOrder) {
    const last = joined.at(-1);
    if (!last || byIndex(last.visit, visit) !== 0) {
      joined.push({ visit, places: [place] });
      continue;
    }
    last.places.push(place);
    if ((visit.len ?? -1) > (last.visit.len ?? -1)) last.visit = visit;
  }
  return joined;
}
