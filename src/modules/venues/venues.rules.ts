import { minutesBetween, type Instant } from "#kernel/time";
import type { Scan, visitFaults } from "./venues.model.ts";

/** A stay whose end nobody recorded lasts this long: the usual time at a shop counter or a meal table (assumed). */
export const stayMinutesAssumed = 30;

/** How far a device's clock may run ahead before its scans are refused. */
export const clockSkewMinutesMax = 10;

/** What is wrong with a scan whose venue is known, or null. spec: VEN-3 */
export function scanFault(
  scan: Pick<Scan, "at" | "until">,
  now: Instant,
): { readonly field: string; readonly code: (typeof visitFaults)[number] } | null {
  if (!Number.isFinite(Date.parse(scan.at))) return { field: "at", code: "notATime" };
  if (minutesBetween(now, scan.at) > clockSkewMinutesMax) return { field: "at", code: "inFuture" };
  if (scan.until === undefined) return null;
  if (!Number.isFinite(Date.parse(scan.until))) return { field: "until", code: "notATime" };
  return minutesBetween(scan.at, scan.until) < 0 ? { field: "until", code: "leftBeforeCame" } : null;
}
