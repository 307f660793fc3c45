import { assert } from "#kernel/assert";

/**
 * Early aberration detection on daily counts: EARS C1, C2 and C3 (Hutwagner, Thompson, Seeman and Treadwell,
 * J Urban Health 2003; 80 (2 Suppl 1): i89–i96; written out in Fricker, Hegler and Dunfee, Stat Med 2008; 27: 3407–3429).
 */

const baselineDays = 7;
const lagDays = 2;
const c3Days = 3;

/** Mean and sample standard deviation (n − 1) of some days. */
export interface Baseline {
  readonly mean: number;
  readonly sd: number;
}

/** Mean and sample standard deviation of counts; null when there are fewer than two. */
export function baselineOf(counts: readonly number[]): Baseline | null {
  if (counts.length < 2) return null;
  const mean = counts.reduce((sum, n) => sum + n, 0) / counts.length;
  const squares = counts.reduce((sum, n) => sum + (n - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (counts.length - 1)) };
}

/** How many standard deviations a count lies above its baseline; a quiet baseline is given at least `sdMin`. */
export function deviation(count: number, baseline: Baseline, sdMin: number): number {
  assert(sdMin > 0, "the smallest standard deviation is positive");
  return (count - baseline.mean) / Math.max(baseline.sd, sdMin);
}

/** The statistics of the last day of a series; null where the series is too short. */
export interface Ears {
  /** Against days t−7 … t−1; an alarm above 3. */
  readonly c1: number | null;
  /** Against days t−9 … t−3, so that a slow rise does not hide in its own baseline; an alarm above 3. */
  readonly c2: number | null;
  /** Σ max(0, C2 − 1) over t−2 … t; an alarm above 2. */
  readonly c3: number | null;
  /** The expected count of C1's baseline. */
  readonly expected: number | null;
}

function lagged(counts: readonly number[], end: number, lag: number, sdMin: number): number | null {
  const from = end - lag - baselineDays;
  const count = counts[end];
  const baseline = from < 0 || count === undefined ? null : baselineOf(counts.slice(from, end - lag));
  return baseline === null || count === undefined ? null : deviation(count, baseline, sdMin);
}

/** C1, C2 and C3 of the last day of a series of consecutive days, oldest first. */
export function ears(counts: readonly number[], sdMin: number): Ears {
  const end = counts.length - 1;
  const c2s = Array.from({ length: c3Days }, (_, back) => lagged(counts, end - back, lagDays, sdMin));
  const expected = end < baselineDays ? null : (baselineOf(counts.slice(end - baselineDays, end))?.mean ?? null);
  return {
    c1: lagged(counts, end, 0, sdMin),
    c2: c2s[0] ?? null,
    c3: c2s.includes(null) ? null : c2s.reduce<number>((sum, c2) => sum + Math.max(0, (c2 ?? 0) - 1), 0),
    expected,
  };
}
