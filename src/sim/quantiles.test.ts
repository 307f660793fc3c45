import { describe, expect, it } from "vitest";
import { hash32, uniform } from "#kernel/prng";
import { gammaDraw, lognormalDraw, normalDraw, uniformDraw } from "./draws.ts";
import { gammaOfShape, normalQuantile, poissonQuantile } from "./quantiles.ts";

describe("normalQuantile", () => {
  it.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.025, -1.959963984540054],
    [0.9, 1.2815515655446004],
    [1e-6, -4.753424308822899],
    [0.999999, 4.753424308822899],
  ])("of %d is %d", (u, z) => {
    expect(normalQuantile(u)).toBeCloseTo(z, 7);
  });
});

describe("gammaOfShape", () => {
  it("is the exponential at shape 1", () => {
    const gamma = gammaOfShape(1, 2);
    for (const u of [1e-6, 0.01, 0.3, 0.5, 0.9, 0.999, 0.999999]) {
      expect(gamma.of(u) / (-2 * Math.log1p(-u))).toBeCloseTo(1, 3);
    }
  });

  it("is half the squared normal at shape one half", () => {
    const gamma = gammaOfShape(0.5, 2);
    for (const u of [0.001, 0.2, 0.5, 0.95, 0.9999]) {
      expect(gamma.of(u) / normalQuantile((1 + u) / 2) ** 2).toBeCloseTo(1, 3);
    }
  });

  it.each([0.1, 0.33, 0.6, 1.875, 3.516, 40, 900])("has the mean and variance of shape %d", (shape) => {
    const gamma = gammaOfShape(shape, 1 / shape);
    const steps = 200_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < steps; i++) {
      const x = gamma.of((i + 0.5) / steps);
      sum += x;
      squares += x * x;
    }
    const mean = sum / steps;
    expect(mean).toBeCloseTo(1, 2);
    expect((squares / steps - mean * mean) * shape).toBeGreaterThan(0.98);
    expect((squares / steps - mean * mean) * shape).toBeLessThan(1.02);
  });
});

it("keeps drawing the same when more shapes are in use than tables are kept", () => {
  const before = gammaOfShape(2.25, 1).of(0.3);
  for (let i = 0; i < 600; i++) gammaOfShape(3 + i / 1_000, 1);
  expect(gammaOfShape(2.25, 1).of(0.3)).toBe(before);
});

describe("poissonQuantile", () => {
  it("has the Poisson mean and never falls when the mean rises", () => {
    for (const mean of [0.1, 0.75, 4, 60]) {
      let sum = 0;
      for (let i = 0; i < 50_000; i++) {
        const u = uniform(3, i);
        const count = poissonQuantile(u, mean);
        sum += count;
        expect(poissonQuantile(u, mean * 1.1)).toBeGreaterThanOrEqual(count);
      }
      const standardError = Math.sqrt(mean / 50_000);
      expect(Math.abs(sum / 50_000 - mean)).toBeLessThan(3.5 * standardError);
    }
  });
});

describe("draws", () => {
  it("give the same number for the same key and another for another", () => {
    expect(uniformDraw(1, "lab", "tube 7")).toBe(uniformDraw(1, "lab", "tube 7"));
    const others = [uniformDraw(2, "lab", "tube 7"), uniformDraw(1, "lab2", "tube 7"), uniformDraw(1, "lab", "tube 8")];
    expect(new Set([uniformDraw(1, "lab", "tube 7"), ...others]).size).toBe(4);
  });

  it("have the moments they are asked for", () => {
    const n = 20_000;
    const mean = (draw: (i: number) => number): number => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += draw(i);
      return sum / n;
    };
    expect(mean((i) => normalDraw(5, "a", i, 10, 2))).toBeCloseTo(10, 1);
    expect(mean((i) => gammaDraw(5, "b", i, 6, 3))).toBeCloseTo(6, 1);
    const below = (limit: number): number => mean((i) => (lognormalDraw(5, "c", i, 60, 180) < limit ? 1 : 0));
    expect(below(60)).toBeCloseTo(0.5, 1.7);
    expect(below(180)).toBeCloseTo(0.9, 1.7);
  });

  it("are as uniform as 64 cells of 64,000 draws can show", () => {
    const cells = new Int32Array(64);
    for (let i = 0; i < 64_000; i++) cells[hash32(9, 30, i) >>> 26]! += 1;
    const chi = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // The 99.9 % point of chi-squared with 63 degrees of freedom.
    expect(chi).toBeLessThan(103.4);
  });
});
