import { describe, expect, it } from "vitest";
import { prngOf } from "#kernel/prng";
import {
  arrayTestsPerPerson,
  bestPoolSize,
  impliedPrevalence,
  pooledSensitivity,
  poolingUselessAbove,
  poolPositiveShare,
  switchPrevalence,
  testsPerPerson,
} from "./pooling.ts";

// spec: the table of domain.md §6; p and shares in per cent.
const table = [
  [0.01, 101, 0.02, 0.2005, 0.101, 0.052, 0.2],
  [0.05, 45, 0.044, 0.2025, 0.105, 0.06, 1.0],
  [0.1, 32, 0.063, 0.205, 0.11, 0.07, 2.0],
  [0.2, 23, 0.089, 0.21, 0.12, 0.089, 3.9],
  [0.5, 15, 0.139, 0.225, 0.149, 0.145, 9.5],
  [1, 11, 0.196, 0.249, 0.196, 0.232, 18],
  [2, 8, 0.274, 0.296, 0.283, 0.382, 33],
  [5, 5, 0.426, 0.426, 0.501, 0.692, 64],
  [10, 4, 0.594, 0.61, 0.751, 0.928, 88],
] as const;

describe("Dorfman pooling", () => {
  it.each(table)("at %d %%", (percent, best, bestTests, of5, of10, of20, positiveOf20) => {
    const p = percent / 100;
    expect(bestPoolSize(p)).toBe(best);
    // The table is rounded to three decimals; 0.08848 stands there as 0.089.
    expect(Math.abs(testsPerPerson(p, best) - bestTests)).toBeLessThan(0.00053);
    expect(Math.abs(testsPerPerson(p, 5) - of5)).toBeLessThan(0.00051);
    expect(Math.abs(testsPerPerson(p, 10) - of10)).toBeLessThan(0.00051);
    expect(Math.abs(testsPerPerson(p, 20) - of20)).toBeLessThan(0.00051);
    expect(Math.abs(100 * poolPositiveShare(p, 20) - positiveOf20)).toBeLessThan(0.51);
  });

  it("switches between sizes where the costs meet, and is useless above 30.66 %", () => {
    expect(100 * switchPrevalence(10, 20)).toBeCloseTo(0.54, 1);
    expect(100 * switchPrevalence(5, 10)).toBeCloseTo(2.4, 1);
    expect(100 * poolingUselessAbove).toBeCloseTo(30.66, 2);
    expect(bestPoolSize(0.31)).toBe(1);
    expect(bestPoolSize(0.3)).toBe(3);
  });

  it("counts tests like a simulated line of people, with an imperfect test", () => {
    const quality = { poolSensitivity: 0.9, poolSpecificity: 0.98, singleSensitivity: 0.95 };
    const prng = prngOf(11, "pools");
    const [p, size, pools] = [0.02, 10, 40_000];
    let tests = 0;
    for (let pool = 0; pool < pools; pool++) {
      let infected = 0;
      for (let person = 0; person < size; person++) if (prng.next() < p) infected += 1;
      const positive = prng.next() < (infected > 0 ? quality.poolSensitivity : 1 - quality.poolSpecificity);
      tests += positive ? 1 + size : 1;
    }
    const share = poolPositiveShare(p, size, quality);
    const standardError = Math.sqrt((share * (1 - share)) / pools);
    expect(Math.abs(tests / pools / size - testsPerPerson(p, size, quality))).toBeLessThan(3 * standardError);
    expect(pooledSensitivity(quality)).toBeCloseTo(0.855, 12);
  });

  it("knows the square array and the prevalence behind positive pools", () => {
    expect(arrayTestsPerPerson(0.005, 20)).toBeCloseTo(0.113, 3);
    expect(arrayTestsPerPerson(0.05, 10)).toBeCloseTo(0.38, 2);
    expect(impliedPrevalence(18, 1000, 10)).toBeCloseTo(1 - 0.982 ** 0.1, 12);
    expect(impliedPrevalence(0, 0, 10)).toBe(null);
  });
});
