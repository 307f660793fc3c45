import { describe, expect, it } from "vitest";
import { baselineOf, deviation, ears } from "./aberration.ts";

describe("baselineOf", () => {
  it("is the mean and the sample standard deviation", () => {
    // 2, 4, 4, 4, 5, 5, 7, 9: sum 40, mean 5, squares 9+1+1+1+0+0+4+16 = 32, 32 / 7 = 4.571, root 2.138.
    expect(baselineOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, sd: expect.closeTo(Math.sqrt(32 / 7), 12) });
    expect(baselineOf([3])).toBeNull();
  });

  it("does not divide by a quiet baseline", () => {
    expect(deviation(3, { mean: 0, sd: 0 }, 1)).toBe(3);
    expect(deviation(9, { mean: 5, sd: 2 }, 1)).toBe(2);
  });
});

describe("ears", () => {
  /*
   * Days 1–12, by hand: 10 12 11 9 13 10 12 | 11 14 12 20 30.
   * C1 of day 12: days 5–11 are 13 10 12 11 14 12 20: mean 92/7, squares sum 1274 − 92²/7 = 64.857, sd √(64.857/6) = 3.288.
   * C2 of day 12: days 3–9 are 11 9 13 10 12 11 14: mean 80/7, squares sum 932 − 80²/7 = 17.714, sd √(17.714/6) = 1.718.
   * C2 of day 11: days 2–8 are 12 11 9 13 10 12 11: mean 78/7, squares sum 880 − 78²/7 = 10.857, sd √(10.857/6) = 1.345.
   * C2 of day 10: days 1–7 are 10 12 11 9 13 10 12: mean 11, squares 1+1+0+4+4+1+1 = 12, sd √2 = 1.414.
   */
  const counts = [10, 12, 11, 9, 13, 10, 12, 11, 14, 12, 20, 30];
  it("is C1, C2 and C3 as worked by hand", () => {
    const found = ears(counts, 0.5);
    expect(found.expected).toBeCloseTo(92 / 7, 12);
    expect(found.c1).toBeCloseTo((30 - 92 / 7) / Math.sqrt((1274 - 92 ** 2 / 7) / 6), 10);
    expect(found.c1).toBeCloseTo(5.1274, 3);
    expect(found.c2).toBeCloseTo(10.8083, 3);
    // (10.8083 − 1) + (6.5843 − 1); day 10 has (12 − 11) / 1.414 = 0.707, below 1, and adds nothing.
    expect(found.c3).toBeCloseTo(9.8083 + 5.5843, 3);
  });

  it("says nothing while the series is too short", () => {
    expect(ears(counts.slice(0, 7), 1)).toEqual({ c1: null, c2: null, c3: null, expected: null });
    expect(ears(counts.slice(0, 8), 1)).toMatchObject({ c1: 0, c2: null, c3: null });
    expect(ears(counts.slice(0, 10), 1).c2).toBeCloseTo(1 / Math.sqrt(2), 12);
    expect(ears(counts.slice(0, 11), 1).c3).toBeNull();
  });
});
