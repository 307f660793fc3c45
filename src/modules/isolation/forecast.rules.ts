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

/** Rooms that come in later. */
export interface Gain {
  readonly rooms: number;
  readonly at: Instant;
}

/**
 * When rooms run out if those in hand are opened on their days: what runs out before a gain comes has run out.
 * spec: ISO-26
 */
export function runsOutWith(free: number, netPerDay: number, gains: readonly Gain[], now: Instant): Instant | null {
  if (netPerDay <= 0) return free > 0 || gains.length > 0 ? null : now;
  let rooms = free;
  for (const gain of gains.toSorted((a, b) => (a.at < b.at ? -1 : 1))) {
    const end = addMinutes(now, Math.floor((Math.max(0, rooms) / netPerDay) * dayMinutes));
    if (end < gain.at) return end;
    rooms += gain.rooms;
  }
  return addMinutes(now, Math.floor((Math.max(0, rooms) / netPerDay) * dayMinutes));
}
