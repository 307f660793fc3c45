import type { Precondition, ReopeningMeasure } from "#domain/outbreaks";
import { ok, refuse, type Result } from "#kernel/result";
import { addHours, daysBetween, type Day, type Instant } from "#kernel/time";
import type { PhaseCriterion } from "./board.model.ts";
import type { ReopeningState } from "./reopening.model.ts";

/** What the conditions of a step are measured on. */
export type StepMeasured = Readonly<Record<ReopeningMeasure, number>>;

export interface StepFacts {
  readonly today: Day;
  /** Zones above low in force in the step's area. */
  readonly zonesAboveLow: number;
  /** The last day on which somebody was found in the step's area, and the outbreak's first. */
  readonly lastFind: Day | null;
  readonly firstFind: Day | null;
  readonly communityCleanDays: number;
  readonly openContacts: number;
  readonly batch: number;
  readonly batches: readonly { readonly batch: number; readonly steps: number; readonly reopened: number }[];
}

/** 1 when every step of the nearest batch before is open, and for the first batch; else 0. spec: REO-2 */
export function batchBefore(batch: number, batches: StepFacts["batches"]): number {
  const before = batches.filter((row) => row.batch < batch).toSorted((a, b) => b.batch - a.batch)[0];
  return before === undefined || before.reopened === before.steps ? 1 : 0;
}

/** What the conditions ask about; a place without any find counts from the outbreak's first. spec: REO-2 */
export function measureStep(facts: StepFacts): StepMeasured {
  const since = facts.lastFind ?? facts.firstFind;
  return {
    zonesAboveLow: facts.zonesAboveLow,
    daysSinceLastFind: since === null ? 0 : Math.max(0, daysBetween(since, facts.today)),
    communityCleanDays: facts.communityCleanDays,
    batchBefore: batchBefore(facts.batch, facts.batches),
    openContacts: facts.openContacts,
  };
}

/** Each condition with what it measures. spec: REO-1 */
export function stepCriteria(preconditions: readonly Precondition[], measured: StepMeasured): PhaseCriterion[] {
  return preconditions.map(({ measure, op, value: target }) => {
    const value = measured[measure];
    return { id: measure, met: op === "atLeast" ? value >= target : value <= target, value, target };
  });
}

/** May the step be reopened now? The unmet conditions are named. spec: REO-1 */
export function mayReopen(state: ReopeningState, criteria: readonly PhaseCriterion[]): Result<true> {
  if (state === "reopened") return refuse("state.notAllowed", { state });
  const unmet = criteria.filter((criterion) => !criterion.met);
  if (unmet.length === 0) return ok(true);
  const why = unmet.map(({ id, value, target }) => `${id} ${value} / ${target}`).join(", ");
  return refuse("rule.refused", { rule: "REO-1", why });
}

/** A step not open long after its plan, or opened so late. spec: REO-4 */
export function stepLate(
  step: { readonly plannedAt: Instant; readonly reopenedAt: Instant | null },
  toleratedHours: number,
  now: Instant,
): boolean {
  return (step.reopenedAt ?? now) > addHours(step.plannedAt, toleratedHours);
}
