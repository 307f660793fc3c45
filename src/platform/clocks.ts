import { randomBytes } from "node:crypto";
import { instantOf, epochMs, type Clock, type Instant } from "#kernel/time";
import type { Prng } from "#kernel/prng";

/** The machine's clock. */
export const wallClock: Clock = { now: () => instantOf(Date.now()) };

/** A clock that someone moves: the drill, or the server that follows it. */
export interface MovableClock extends Clock {
  set(at: Instant): void;
}

/** Makes a clock that stands until it is set. */
export function movableClock(start: Instant): MovableClock {
  let now = epochMs(start);
  return { now: () => instantOf(now), set: (at) => (now = epochMs(at)) };
}

/** Random bits of the operating system, for ids outside drills. */
export const systemPrng: Prng = {
  bits: () => randomBytes(4).readUInt32LE(),
  next: () => (randomBytes(4).readUInt32LE() + 0.5) / 4294967296,
  int: (below) => Math.floor(((randomBytes(4).readUInt32LE() + 0.5) / 4294967296) * below),
};

/** Measures how long a piece of work takes on the machine, whatever the outbreak's clock shows: milliseconds so far. */
export function stopwatch(): () => number {
  const start = performance.now();
  return () => performance.now() - start;
}
