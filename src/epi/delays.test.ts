import { describe, expect, it } from "vitest";
import { quantileOf, summariseDelays, waitingCurve, waitingQuantile } from "./delays.ts";

const done = (minutes: number): { minutes: number; finished: boolean } => ({ minutes, finished: true });
const waits = (minutes: number): { minutes: number; finished: boolean } => ({ minutes, finished: false });

describe("quantileOf", () => {
  it.each([
    [[], 0.5, null],
    [[4], 0.9, 4],
    [[1, 2, 3, 4], 0.5, 2.5],
    [[4, 1, 3, 2], 0.9, 3.7],
  ])("of %j at %d is %j", (values, p, want) => {
    expect(quantileOf(values, p)).toEqual(want === null ? null : expect.closeTo(want, 10));
  });
});

describe("summariseDelays", () => {
  it("counts those that are late already, finished or not", () => {
    const delays = [done(60), done(100), done(300), waits(500), waits(30)];
    expect(summariseDelays(delays, 120)).toEqual({
      n: 3,
      waiting: 2,
      medianMinutes: 100,
      p90Minutes: 260,
      // Two in time; one finished late and one still waiting is late; one may still be in time.
      inTimeShare: 0.5,
    });
  });

  it("says nothing about nothing", () => {
    expect(summariseDelays([], 60)).toEqual({
      n: 0,
      waiting: 0,
      medianMinutes: null,
      p90Minutes: null,
      inTimeShare: null,
    });
  });
});

describe("waitingCurve", () => {
  it("is the textbook Kaplan–Meier curve", () => {
    // Times 6, 6, 6, 6+, 7, 9+, 10, 10+, 11+, 13: the start of Freireich's remission data with ten patients.
    const delays = [done(6), done(6), done(6), waits(6), done(7), waits(9), done(10), waits(10), waits(11), done(13)];
    const curve = waitingCurve(delays);
    expect(curve.map((step) => step.minutes)).toEqual([6, 7, 10, 13]);
    [0.7, (0.7 * 5) / 6, (((0.7 * 5) / 6) * 3) / 4, 0].forEach((share, i) => {
      expect(curve[i]?.waitingShare).toBeCloseTo(share, 12);
    });
    expect(waitingQuantile(delays, 0.3)).toBe(6);
    expect(waitingQuantile(delays, 0.5)).toBe(10);
    expect(waitingQuantile([done(5), waits(9)], 0.9)).toBe(null);
  });
});
