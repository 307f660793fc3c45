import fc from "fast-check";
import { expect, test } from "vitest";
import { drawnRows, filledAtOnce, type RowRange } from "./row-range.ts";

const margin = 6;
const size = ({ first, last }: RowRange): number => last - first + 1;

test("a small step of the window fills what came into it at once", () => {
  expect(drawnRows({ first: 94, last: 125 }, { first: 97, last: 128 }, margin)).toEqual({ first: 97, last: 128 });
  expect(drawnRows({ first: 94, last: 125 }, { first: 91, last: 122 }, margin)).toEqual({ first: 91, last: 122 });
});

test("after a leap the first row in sight is filled first, and no more than a step allows", () => {
  expect(drawnRows({ first: 0, last: 31 }, { first: 494, last: 525 }, margin)).toEqual({
    first: 500,
    last: 500 + filledAtOnce - 1,
  });
});

test("a window that stands still is filled after a few steps, whatever was filled before", () => {
  const range = fc
    .tuple(fc.integer({ min: -6, max: 1_000 }), fc.integer({ min: 14, max: 80 }))
    .map(([first, rows]): RowRange => ({ first, last: first + rows }));
  fc.assert(
    fc.property(range, range, (before, wanted) => {
      let drawn = before;
      for (let step = 0; step < Math.ceil(size(wanted) / filledAtOnce) + 1; step++) {
        const next = drawnRows(drawn, wanted, margin);
        const kept = Math.max(0, Math.min(drawn.last, wanted.last) - Math.max(drawn.first, wanted.first) + 1);
        expect(next.first).toBeGreaterThanOrEqual(wanted.first);
        expect(next.last).toBeLessThanOrEqual(wanted.last);
        expect(size(next) - kept).toBeLessThanOrEqual(filledAtOnce);
        drawn = next;
      }
      expect(drawn).toEqual(wanted);
    }),
  );
});
