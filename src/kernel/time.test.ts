import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayMs, instantOf } from "./time.ts";

describe("instantOf", () => {
  const asDate = (ms: number): string => new Date(ms).toISOString();

  it("writes every moment as a Date does, in whatever order they come", () => {
    const moment = fc.oneof(
      fc.integer({ min: 0, max: 4_102_444_800_000 }),
      fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }),
      fc.double({ min: -1e12, max: 2e12, noNaN: true }),
      fc.tuple(fc.integer({ min: -3, max: 20_000 }), fc.constantFrom(-1, 0, 1)).map(([day, by]) => day * dayMs + by),
    );
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 20 }), (all) => {
        expect(all.map(instantOf)).toEqual(all.map(asDate));
      }),
    );
  });

  it("refuses what is no moment, and is not misled by it afterwards", () => {
    expect(() => instantOf(Number.NaN)).toThrow(RangeError);
    expect(() => instantOf(8_640_000_000_000_001)).toThrow(RangeError);
    expect(instantOf(0)).toBe(asDate(0));
  });
});
