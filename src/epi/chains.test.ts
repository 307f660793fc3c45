import { describe, expect, it } from "vitest";
import { prngOf } from "#kernel/prng";
import { chainStatistics, clusterRoots, offspringDispersion, type ChainCase } from "./chains.ts";

const cases: readonly ChainCase[] = [
  { id: "a", infectorId: null },
  { id: "b", infectorId: "a" },
  { id: "c", infectorId: "a" },
  { id: "d", infectorId: "c" },
  { id: "e", infectorId: null },
  { id: "f", infectorId: "e" },
  { id: "g", infectorId: "not listed" },
];

describe("chainStatistics", () => {
  it("counts offspring, generations and clusters", () => {
    const found = chainStatistics(cases);
    expect(found.offspring).toEqual([4, 2, 1]);
    expect(found.links).toBe(4);
    expect(found.meanOffspring).toBeCloseTo(4 / 7, 12);
    expect([...found.generations]).toEqual(
      expect.arrayContaining([
        ["a", 0],
        ["c", 1],
        ["d", 2],
        ["f", 1],
        ["g", 0],
      ]),
    );
    expect(found.byGeneration).toEqual([3, 3, 1]);
    expect(found.clusters).toEqual([4, 2, 1]);
    // Two of seven cases (a fifth, rounded up) made three of the four links.
    expect(found.topFifthShare).toBeCloseTo(0.75, 12);
  });

  it("does not depend on the order of the cases", () => {
    const prng = prngOf(4, "shuffle");
    for (let round = 0; round < 20; round++) {
      const shuffled = cases
        .map((entry) => ({ entry, key: prng.next() }))
        .toSorted((x, y) => x.key - y.key)
        .map(({ entry }) => entry);
      expect(Object.fromEntries(clusterRoots(shuffled))).toEqual(Object.fromEntries(clusterRoots(cases)));
      expect(chainStatistics(shuffled).clusters).toEqual(chainStatistics(cases).clusters);
      expect(chainStatistics(shuffled).byGeneration).toEqual(chainStatistics(cases).byGeneration);
    }
  });

  it("refuses a circle", () => {
    const circle = [
      { id: "a", infectorId: "b" },
      { id: "b", infectorId: "a" },
    ];
    expect(() => chainStatistics(circle)).toThrow("circle");
  });
});

describe("offspringDispersion", () => {
  it("finds the k of an exact negative binomial", () => {
    // k = 1 is the geometric distribution: half of the cases at each step, for a mean of one.
    const counts = Array.from({ length: 40 }, (_, n) => Math.round(1e9 * 0.5 ** (n + 1)));
    expect(offspringDispersion(counts)).toBeCloseTo(1, 3);
  });

  it("is infinite when counts are no more spread than a Poisson's, and null without links", () => {
    expect(offspringDispersion([0, 100])).toBe(Infinity);
    expect(offspringDispersion([100])).toBe(null);
    expect(offspringDispersion([])).toBe(null);
  });
});
