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
