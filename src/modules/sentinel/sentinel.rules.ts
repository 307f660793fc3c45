import { baselineOf, deviation, ears } from "#epi/aberration";
import { ok, refuse, type Result } from "#kernel/result";
import { addHours, dayOf, instantAt, addDays, daysBetween, type Day, type Instant } from "#kernel/time";
import type { Sentinel } from "#domain/outbreaks";
import type { AlertState, SignalState, Symptom, VisitOutcome } from "./sentinel.model.ts";

const nameCharsMin = 2;

/** What is wrong with a reported name; null when it can be a real one. */
export function nameFault(name: string): string | null {
  // spec: SEN-1 (domain.md §4: pharmacies keep a real-name log)
  const text = name.trim();
  if (text.length < nameCharsMin) return "is not a full name / 须为真实全名";
  if (/[\d*?_#×＊]|匿名|不详|未知|anonymous|unknown/i.test(text)) return "is not a real name / 须为真实姓名";
  return null;
}

/** What a unit saw of one person. */
export interface Sighting {
  readonly temperature: number | null;
  readonly drugClasses: readonly string[];
  readonly symptoms: readonly Symptom[];
}

/** Whether it is a signal at all: a fever, a symptom, or a medicine of the listed classes. */
export function signalFault(sentinel: Sentinel, seen: Sighting): { field: string; message: string } | null {
  // spec: SEN-2 (domain.md §4)
  const known = new Set<string>(sentinel.drugClasses.map((row) => row.id));
  if (seen.drugClasses.some((drug) => !known.has(drug)))
    return { field: "drugClasses", message: "names a class the protocol does not / 药品类别不在方案之内" };
  const fever = seen.temperature !== null && seen.temperature >= sentinel.feverC;
  if (fever || seen.drugClasses.length > 0 || seen.symptoms.length > 0) return null;
  return {
    field: "temperature",
    message: `is below ${sentinel.feverC} °C without symptom or medicine / 体温低于 ${sentinel.feverC}℃ 且无症状、无四类药`,
  };
}

/** By when the community visits and the person is tested. spec: SEN-3 (domain.md §4) */
export function signalClocks(sentinel: Sentinel, at: Instant): { visitDueAt: Instant; testDueAt: Instant } {
  return { visitDueAt: addHours(at, sentinel.visitHours), testDueAt: addHours(at, sentinel.testHours) };
}

const ended: readonly SignalState[] = ["negative", "positive", "closed"];
const stateAfter: Readonly<Record<VisitOutcome, SignalState>> = {
  toTest: "visited",
  sampled: "tested",
  otherCause: "closed",
  notFound: "lost",
};

/** The state a visit leads to. */
export function afterVisit(state: SignalState, outcome: VisitOutcome, reason: string | null): Result<SignalState> {
  // spec: SEN-4: somebody who was lost may still be found; a result or a closing is final.
  if (ended.includes(state)) return refuse("state.notAllowed", { state });
  const next = stateAfter[outcome];
  // spec: SEN-5
  if ((next === "closed" || next === "lost") && reason === null)
    return refuse("rule.refused", { rule: "SEN-5", why: "a reason is needed / 须填写原因" });
  return ok(next);
}

/** The state an alert's answer leads to. */
export function answerAlert(state: AlertState, real: boolean, reason: string | null): Result<AlertState> {
  if (state !== "raised") return refuse("state.notAllowed", { state });
  // spec: SEN-9
  if (!real && reason === null)
    return refuse("rule.refused", { rule: "SEN-9", why: "dismissing needs a reason / 排除须填写原因" });
  return ok(real ? "verified" : "dismissed");
}

/** Whether a return came after the time of day by which it was due. */
export function isLate(day: Day, reportsBy: string, receivedAt: Instant, timeZone: string): boolean {
  // spec: SEN-6
  return receivedAt > instantAt(day, reportsBy, timeZone);
}

/** The last day whose return is due by now, by a unit's own time of day. */
export function lastDueDay(reportsBy: string, now: Instant, timeZone: string): Day {
  const today = dayOf(now, timeZone);
  return now >= instantAt(today, reportsBy, timeZone) ? today : addDays(today, -1);
}

/** Days without a return up to the last one due; silent from the protocol's number on. spec: SEN-7 */
export function missingDays(reportsFrom: Day, lastDay: Day | null, dueDay: Day): number {
  const from = lastDay === null || lastDay < reportsFrom ? addDays(reportsFrom, -1) : lastDay;
  return Math.max(0, daysBetween(from, dueDay));
}

/** One series of daily sums: the day looked at is the last; null is a day on which nobody reported. */
export interface Series {
  readonly measure: "fever" | "respiratory" | "drugs";
  readonly counts: readonly (number | null)[];
}

export interface Aberration {
  /** The rules that fired, in the protocol's order. */
  readonly rules: readonly string[];
  readonly observed: number;
  readonly expected: number | null;
}

/** Which thresholds the last day of a series breaks; null when none does. An alert is something to verify, no more. */
export function aberrationOf(sentinel: Sentinel, series: Series): Aberration | null {
  const observed = series.counts.at(-1) ?? null;
  if (observed === null) return null;
  const before = series.counts.slice(0, -1).filter((n) => n !== null);
  const baseline = before.length >= sentinel.history.daysMin ? baselineOf(before) : null;
  // EARS needs consecutive days: the run without a gap that ends on this day.
  const gap = series.counts.lastIndexOf(null);
  const run = series.counts.slice(gap + 1).map((n) => n ?? 0);
  const { sdMin } = sentinel.history;
  const found = ears(run, sdMin);
  const statistic: Readonly<Record<string, number | null>> = {
    ratio: baseline === null ? null : observed / Math.max(baseline.mean, sdMin),
    deviation: baseline === null ? null : deviation(observed, baseline, sdMin),
    c1: found.c1,
    c2: found.c2,
    c3: found.c3,
  };
  // spec: SEN-8 (domain.md §5)
  const rules = sentinel.thresholds.filter((row) => {
    if (!row.measures.includes(series.measure) || observed < row.countMin) return false;
    if (row.kind === "absolute") return observed >= row.above;
    const value = statistic[row.kind] ?? null;
    return value !== null && value > row.above;
  });
  if (rules.length === 0) return null;
  return { rules: [...new Set(rules.map((row) => row.kind))], observed, expected: baseline?.mean ?? found.expected };
}

/** A test result of a signalled person, and what it makes of the signal; null while nothing is known. */
export function afterTest(results: readonly { readonly result: string | null }[]): SignalState | null {
  // spec: SEN-10: the latest known result counts; an invalid or grey one is no answer.
  if (results.some((row) => row.result === "positive")) return "positive";
  if (results.some((row) => row.result === "negative")) return "negative";
  return results.length > 0 ? "tested" : null;
}
