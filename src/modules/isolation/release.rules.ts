import type { Plan, Protocol } from "#domain/outbreaks";
import { daysBetween, minutesBetween, type Day, type Instant } from "#kernel/time";
import type { CheckItem } from "./isolation.model.ts";

/** Release check-lists: every line says its rule, what was measured and what was needed. */

export interface TestFact {
  readonly result: "negative" | "positive" | null;
  readonly sampledAt: Instant | null;
  readonly ctN: number | null;
  readonly ctOrf: number | null;
}

export interface ContactFacts {
  readonly plan: Plan;
  readonly day: Day;
  readonly plannedEndDay: Day;
  /** The tests of the calendar so far, in order. */
  readonly tests: readonly TestFact[];
  /** The linked close contact's tests in order; null when there is none, or he was excluded. */
  readonly linked: readonly TestFact[] | null;
}

/** May a contact leave this stretch of the plan? */
export function contactChecks(facts: ContactFacts): CheckItem[] {
  const { plan, day, plannedEndDay, tests, linked } = facts;
  const checks: CheckItem[] = [
    { item: "duration", rule: plan.rule, met: day >= plannedEndDay, value: day, target: plannedEndDay },
  ];
  if (plan.release.ownTestsNegative) {
    const done = tests.filter((test) => test.result !== null);
    const negative = done.filter((test) => test.result === "negative");
    checks.push({
      item: "testsDone",
      rule: plan.rule,
      met: done.length === tests.length,
      value: done.length,
      target: tests.length,
    });
    checks.push({
      item: "testsNegative",
      rule: plan.rule,
      met: negative.length === done.length,
      value: negative.length,
      target: done.length,
    });
  }
  const first = plan.release.linkedFirstNegativeTests;
  if (first !== undefined && linked !== null) {
    const negative = linked.slice(0, first).filter((test) => test.result === "negative").length;
    const target = Math.min(first, Math.max(linked.length, 1));
    checks.push({ item: "linkedTests", rule: plan.rule, met: negative >= target, value: negative, target });
  }
  const gap = plan.release.minTestGapHours;
  if (gap !== undefined && tests.length > 1) {
    const hours = gapHours(tests);
    checks.push({ item: "testGap", rule: plan.rule, met: hours !== null && hours >= gap, value: hours, target: gap });
  }
  return checks;
}

/** Hours between the last two samples; null with fewer than two. */
function gapHours(tests: readonly TestFact[]): number | null {
  const times = tests.flatMap((test) => (test.sampledAt === null ? [] : [test.sampledAt])).toSorted();
  const [a, b] = [times.at(-2), times.at(-1)];
  return a === undefined || b === undefined ? null : minutesBetween(a, b) / 60;
}

export interface CaseFacts {
  readonly exit: Protocol["exit"];
  readonly day: Day;
  readonly tests: readonly TestFact[];
  readonly symptomatic: boolean;
  /** The first day of normal temperature. */
  readonly feverFreeSince: Day | null;
  /** Clinical conditions a doctor has recorded as met. */
  readonly clinical: readonly string[];
}

/** Does a test count towards the exit: negative, or every gene it found at or above the limit? spec: EXIT-1 (domain.md §1.5) */
export function testPasses(exit: Protocol["exit"], test: TestFact): boolean {
  if (test.result === "negative") return true;
  if (exit.ctMin === null || test.result === null) return false;
  const found = [test.ctN, test.ctOrf].filter((ct) => ct !== null);
  return found.length > 0 && found.every((ct) => ct >= (exit.ctMin ?? Infinity));
}

/** The tests of the unbroken passing run at the end, each at least the gap from the next. */
export function passingRun(exit: Protocol["exit"], tests: readonly TestFact[]): number {
  const done = tests
    .flatMap((test) => (test.result === null || test.sampledAt === null ? [] : [{ test, at: test.sampledAt }]))
    .toSorted((a, b) => (a.at < b.at ? 1 : -1));
  let count = 0;
  let lastAt: Instant | null = null;
  for (const { test, at } of done) {
    if (!testPasses(exit, test)) break;
    if (lastAt !== null && minutesBetween(at, lastAt) < exit.gapHours * 60) continue;
    count += 1;
    lastAt = at;
  }
  return count;
}

/** May a patient leave hospital or fangcang? */
export function caseChecks(facts: CaseFacts): CheckItem[] {
  const { exit, day, symptomatic, feverFreeSince, clinical } = facts;
  const run = passingRun(exit, facts.tests);
  const checks: CheckItem[] = [
    { item: "exitTests", rule: exit.rule, met: run >= exit.tests, value: run, target: exit.tests },
  ];
  if (symptomatic) {
    const { rule, feverFreeDays, requires } = exit.symptomatic;
    const days = feverFreeSince === null ? 0 : daysBetween(feverFreeSince, day);
    const missing = requires.filter((need) => !clinical.includes(need));
    const met = days > feverFreeDays && missing.length === 0;
    checks.push({
      item: "symptoms",
      rule,
      met,
      value: missing.length > 0 ? missing.join(" ") : days,
      target: feverFreeDays,
    });
  }
  return checks;
}

/** Are all lines of a check-list met? */
export function allMet(checks: readonly CheckItem[]): boolean {
  return checks.every((check) => check.met);
}
