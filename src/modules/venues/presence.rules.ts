import { addDays } from "#kernel/time";
import { stayMinutesAssumed } from "./venues.rules.ts";

/** When two stays meet, in whole seconds; the same arithmetic for rows and for packed visits. */

const secondsPerMinute = 60;
/** A recorded stay counts for at most this long: a leaving the next morning is a forgotten one (assumed). */
export const stayHoursMax = 12;
export const stayMaxS = stayHoursMax * 60 * secondsPerMinute;
export const stayAssumedS = stayMinutesAssumed * secondsPerMinute;

/** One person's stay at a venue, in seconds since the codec's epoch. */
export interface Stay {
  readonly person: number;
  readonly venue: number;
  readonly s: number;
  /** Seconds, or -1 where nobody recorded the leaving. */
  readonly len: number;
}

/** The second in which a stay ends, recorded or assumed. spec: VEN-6 */
export function stayEndS(s: number, len: number): number {
  return s + (len < 0 ? stayAssumedS : Math.min(len, stayMaxS));
}

/** A span of seconds, both ends in it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What somebody must touch to have met a stay, `gapS` seconds before or after counting too. */
export function reachOf(stay: Stay, gapS: number): Span {
  return { from: stay.s - gapS, to: stayEndS(stay.s, stay.len) + gapS };
}

/** Whether a stay touches a span. */
export function touches(s: number, len: number, span: Span): boolean {
  return s <= span.to && stayEndS(s, len) >= span.from;
}

/** The earliest arrival of a stay of unknown length that touches a span. */
export function earliestOf(span: Span): number {
  return span.from - stayAssumedS;
}

/** Minutes together and minutes apart of two stays at one venue; one of them is 0. */
export function meetingOf(
  a: Stay,
  b: Stay,
): { fromS: number; toS: number; overlapMinutes: number; gapMinutes: number } {
  const fromS = Math.max(a.s, b.s);
  const end = Math.min(stayEndS(a.s, a.len), stayEndS(b.s, b.len));
  return {
    fromS,
    toS: Math.max(end, fromS),
    overlapMinutes: Math.max(0, end - fromS) / secondsPerMinute,
    gapMinutes: Math.max(0, fromS - end) / secondsPerMinute,
  };
}

/** The spans of many stays at one venue as few: who touches one of the many touches one of the few, and the other way round. */
export function mergedSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && span.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else merged.push(span);
  }
  return merged;
}

/** A packed day: the seconds of its first arrival and its last leaving, and when it was packed last. */
export interface PackedDay {
  readonly day: string;
  readonly firstS: number;
  readonly endS: number;
  readonly sealedAt: string;
}

/** Days that are searched together, both in it; `within`, if known, is all that they hold. */
export interface DaySlice {
  readonly firstDay: string;
  readonly lastDay: string;
  readonly within: Span | null;
}

/** A window of days as its packed days, in order, each by itself, and what lies before, between and after them. */
export function daySlices(firstDay: string, lastDay: string, packed: readonly PackedDay[]): DaySlice[] {
  const slices: DaySlice[] = [];
  let next = firstDay;
  for (const { day, firstS, endS } of packed) {
    if (next < day) slices.push({ firstDay: next, lastDay: addDays(day, -1), within: null });
    slices.push({ firstDay: day, lastDay: day, within: { from: firstS, to: endS } });
    next = addDays(day, 1);
  }
  if (next <= lastDay) slices.push({ firstDay: next, lastDay, within: null });
  return slices;
}
