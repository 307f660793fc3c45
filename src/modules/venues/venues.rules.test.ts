import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byIndex, joinRepeats, type VisitInput } from "./venues.rules.ts";

/** Few values each, so that most lists hold repeats. */
const visit: fc.Arbitrary<VisitInput> = fc.record({
  day: fc.constant("2022-07-22"),
  venueNo: fc.integer({ min: 1, max: 3 }),
  personId: fc.integer({ min: 1, max: 3 }),
  s: fc.integer({ min: 0, max: 2 }),
  len: fc.option(fc.integer({ min: 0, max: 5 })),
});

describe("joinRepeats", () => {
  it("names every scan once, the first of each visit before its repeats, with the latest leaving, in the index's order", () => {
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 40 }), (visits) => {
        const joined = joinRepeats(visits);
        expect(joined.flatMap(({ places }) => places).toSorted((a, b) => a - b)).toEqual([...visits.keys()]);
        for (const { visit: one, places } of joined) {
          const same = places.map((place) => visits[place]!);
          expect(places).toEqual(places.toSorted((a, b) => a - b));
          expect(same.every((other) => byIndex(one, other) === 0)).toBe(true);
          const lengths = same.flatMap(({ len }) => (len === null ? [] : [len]));
          expect(one.len).toBe(lengths.length === 0 ? null : Math.max(...lengths));
        }
        const shown = joined.map((one) => one.visit);
        expect(shown.every((one, i) => i === 0 || byIndex(shown[i - 1]!, one) < 0)).toBe(true);
      }),
    );
  });
});
