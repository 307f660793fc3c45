import { daysBetween, type Day } from "./time.ts";

/** A condition with what is and what must be, as the rules state it. */
interface Condition {
  readonly id: string;
  readonly met: boolean;
  readonly value: string | number | null;
  readonly target: string | number | null;
}

/** A condition that a zone still lacks, with what its words need. */
export interface Missing {
  readonly id: "cleanDays" | "lastDayRound" | "noRule";
  /** Days still to pass. */
  readonly days: number;
  /** The day from which a round counts. */
  readonly day: Day | null;
}

/** What a zone still lacks, in the order of the rule. */
export function missingOf(conditions: readonly Condition[]): Missing[] {
  return conditions.flatMap(({ id, value, target }): Missing[] => {
    if (id === "cleanDays") return [{ id, days: Math.max(0, Number(target) - Number(value)), day: null }];
    if (id === "lastDayRound") return [{ id, days: 0, day: typeof target === "string" ? target : null }];
    return id === "noRule" ? [{ id, days: 0, day: null }] : [];
  });
}

/** Whole days from today; never less than none. */
export function daysUntil(day: Day, today: Day): number {
  return Math.max(0, daysBetween(today, day));
}

const dayMeasures: ReadonlySet<string> = new Set(["communityCleanDays", "cleanDays", "daysSinceLastCase"]);

/** The days that a phase is away at the least, by its conditions that count days; null where none of them is open. */
export function daysToPhase(criteria: readonly Condition[]): number | null {
  const open = criteria.filter(({ id, met }) => !met && dayMeasures.has(id));
  const days = open.flatMap(({ value, target }) =>
    typeof target === "number" ? [target - (typeof value === "number" ? value : 0)] : [],
  );
  return days.length === 0 ? null : Math.max(...days);
}

const yearChars = 5;

/** MM-DD of a day. */
export function shortDay(day: Day): string {
  return day.slice(yearChars);
}
