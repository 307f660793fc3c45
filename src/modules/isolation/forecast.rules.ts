import { addMinutes, type Instant } from "#kernel/time";

/** What the last days say about the days to come. */
export interface RunOut {
  readonly netPerDay: number;
  readonly daysLeft: number | null;
  readonly runsOutAt: Instant | null;
}

const dayMinutes = 24 * 60;

/** When the free beds run out if the mean net inflow of the given days goes on; null = never at this pace. spec: ISO-16 */
export function forecastRunOut(free: number, netByDay: readonly number[], now: Instant): RunOut {
  const netPerDay = netByDay.length === 0 ? 0 : netByDay.reduce((sum, n) => sum + n, 0) / netByDay.length;
  if (free > 0 && netPerDay <= 0) return { netPerDay, daysLeft: null, runsOutAt: null };
  const daysLeft = free <= 0 ? 0 : free / netPerDay;
  return { netPerDay, daysLeft, runsOutAt: addMinutes(now, Math.floor(daysLeft * dayMinutes)) };
}
