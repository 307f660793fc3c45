import { assert } from "#kernel/assert";
import { gammaCdf, gammaQuantile } from "./gamma.ts";

/** The reproduction number over one window of days, both ends included; day 1 is the first of the series. */
export interface RtWindow {
  readonly startDay: number;
  readonly endDay: number;
  readonly mean: number;
  readonly sd: number;
  readonly low95: number;
  readonly median: number;
  readonly high95: number;
}

export interface RtPrior {
  readonly mean: number;
  readonly sd: number;
}

/** EpiEstim's prior: mean 5, standard deviation 5. */
export const defaultPrior: RtPrior = { mean: 5, sd: 5 };

/**
 * The serial interval in days 0, 1, 2 …: a gamma moved by one day and cut into days, as in the web
 * appendix of Cori et al. 2013 (Am J Epidemiol 178:1505). `mean` must be above 1.
 */
export function discreteSerialInterval(mean: number, sd: number, days: number): number[] {
  assert(mean > 1 && sd > 0, "a moved gamma needs a mean above one day");
  const shape = ((mean - 1) / sd) ** 2;
  const scale = sd ** 2 / (mean - 1);
  const cdf = (x: number, more: number): number => (x <= 0 ? 0 : gammaCdf(x / scale, shape + more));
  return Array.from({ length: days }, (_, k) => {
    const own = k * cdf(k, 0) + (k - 2) * cdf(k - 2, 0) - 2 * (k - 1) * cdf(k - 1, 0);
    const moved = shape * scale * (2 * cdf(k - 1, 1) - cdf(k - 2, 1) - cdf(k, 1));
    return Math.max(0, own + moved);
  });
}

/** The total infectiousness on each day: past cases weighted by the serial interval; day 1 has none. */
export function totalInfectiousness(incidence: readonly number[], serialInterval: readonly number[]): number[] {
  return incidence.map((_, day) => {
    let sum = 0;
    for (let lag = 0; lag <= day; lag++) sum += (incidence[day - lag] ?? 0) * (serialInterval[lag] ?? 0);
    return sum;
  });
}

export interface RtInput {
  /** New cases a day, without gaps. */
  readonly incidence: readonly number[];
  /** Cases infected elsewhere, a day; the first day's cases always count as imported. */
  readonly imported?: readonly number[];
  /** Probability of each interval, from 0 days on. */
  readonly serialInterval: readonly number[];
  readonly windowDays: number;
  readonly prior?: RtPrior;
}

/**
 * The reproduction number by the method of Cori et al. 2013 with imported cases (Thompson et al. 2019).
 *
 * By report date it lags the true turning point and is inflated by the first rounds of mass testing;
 * a screen that shows it must say by which date it is computed.
 */
export function estimateRt(input: RtInput): RtWindow[] {
  const { incidence, serialInterval, windowDays, imported = [], prior = defaultPrior } = input;
  assert(Number.isInteger(windowDays) && windowDays >= 1, "a window is one day or more");
  const shape = (prior.mean / prior.sd) ** 2;
  const rate = prior.mean / prior.sd ** 2;
  const lambda = totalInfectiousness(incidence, serialInterval);
  const windows: RtWindow[] = [];
  for (let end = windowDays + 1; end <= incidence.length; end++) {
    const start = end - windowDays + 1;
    let cases = 0;
    let pressure = 0;
    for (let day = start; day <= end; day++) {
      cases += (incidence[day - 1] ?? 0) - (imported[day - 1] ?? 0);
      pressure += lambda[day - 1] ?? 0;
    }
    const a = shape + cases;
    const b = 1 / (rate + pressure);
    windows.push({
      startDay: start,
      endDay: end,
      mean: a * b,
      sd: Math.sqrt(a) * b,
      low95: gammaQuantile(0.025, a, b),
      median: gammaQuantile(0.5, a, b),
      high95: gammaQuantile(0.975, a, b),
    });
  }
  return windows;
}
