import { assert } from "#kernel/assert";

/** One arrow of the loop: how long it took, or how long it has been waiting. */
export interface Delay {
  readonly minutes: number;
  /** False while it still waits: `minutes` is then only a lower bound. */
  readonly finished: boolean;
}

export interface DelaySummary {
  /** Finished ones. */
  readonly n: number;
  readonly waiting: number;
  readonly medianMinutes: number | null;
  readonly p90Minutes: number | null;
  /** Share in time of those whose fate is known: finished, or already late. */
  readonly inTimeShare: number | null;
}

/** The quantile of a list by linear interpolation between order statistics (R's type 7); null when empty. */
export function quantileOf(values: readonly number[], p: number): number | null {
  assert(p >= 0 && p <= 1, "a quantile needs p in [0, 1]");
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * p;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) return null;
  return low + (high - low) * (place - Math.floor(place));
}

/** Median, 90th percentile and share in time of the finished delays, and how many still wait. */
export function summariseDelays(delays: readonly Delay[], limitMinutes: number): DelaySummary {
  const finished = delays.filter((delay) => delay.finished).map((delay) => delay.minutes);
  const late = delays.filter((delay) => delay.minutes > limitMinutes).length;
  const inTime = finished.filter((minutes) => minutes <= limitMinutes).length;
  return {
    n: finished.length,
    waiting: delays.length - finished.length,
    medianMinutes: quantileOf(finished, 0.5),
    p90Minutes: quantileOf(finished, 0.9),
    inTimeShare: inTime + late === 0 ? null : inTime / (inTime + late),
  };
}

export interface SurvivalStep {
  readonly minutes: number;
  /** Share still waiting just after this time. */
  readonly waitingShare: number;
}

/** The Kaplan–Meier curve of the share still waiting; it uses those that wait for as long as they have waited. */
export function waitingCurve(delays: readonly Delay[]): SurvivalStep[] {
  const sorted = delays.toSorted((a, b) => a.minutes - b.minutes);
  const steps: SurvivalStep[] = [];
  let share = 1;
  let index = 0;
  while (index < sorted.length) {
    const minutes = sorted[index]?.minutes ?? 0;
    const atRisk = sorted.length - index;
    let done = 0;
    for (; sorted[index]?.minutes === minutes; index++) if (sorted[index]?.finished) done += 1;
    if (done === 0) continue;
    share *= 1 - done / atRisk;
    steps.push({ minutes, waitingShare: share });
  }
  return steps;
}

/** The time by which a share p is done on the Kaplan–Meier curve; null when the curve does not reach it. */
export function waitingQuantile(delays: readonly Delay[], p: number): number | null {
  const step = waitingCurve(delays).find((entry) => entry.waitingShare <= 1 - p + 1e-12);
  return step?.minutes ?? null;
}
