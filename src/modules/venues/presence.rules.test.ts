import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PersonSet } from "./person-set.rules.ts";
import { daySlices, type PackedDay } from "./presence.rules.ts";

const packed = (day: string): PackedDay => ({ day, firstS: 5, endS: 9, sealedAt: "2022-08-01T00:00:00.000Z" });
const within = { from: 5, to: 9 };

describe("a window of days", () => {
  it("VEN-10: is cut into its packed days and what lies before, between and after them", () => {
    expect(
      daySlices("2022-07-30", "2022-08-05", [packed("2022-07-31"), packed("2022-08-01"), packed("2022-08-04")]),
    ).toEqual([
      { firstDay: "2022-07-30", lastDay: "2022-07-30", within: null },
      { firstDay: "2022-07-31", lastDay: "2022-07-31", within },
      { firstDay: "2022-08-01", lastDay: "2022-08-01", within },
      { firstDay: "2022-08-02", lastDay: "2022-08-03", within: null },
      { firstDay: "2022-08-04", lastDay: "2022-08-04", within },
      { firstDay: "2022-08-05", lastDay: "2022-08-05", within: null },
    ]);
  });

  it("is one piece where no day is packed, and nothing is left over where all are", () => {
    expect(daySlices("2022-07-30", "2022-08-05", [])).toEqual([
      { firstDay: "2022-07-30", lastDay: "2022-08-05", within: null },
    ]);
    expect(daySlices("2022-07-30", "2022-07-31", [packed("2022-07-30"), packed("2022-07-31")])).toHaveLength(2);
  });
});

describe("a set of people", () => {
  it("loses exactly those who are in the other", () => {
    const numbers = fc.array(fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 100_000 })));
    fc.assert(
      fc.property(numbers, numbers, (own, others) => {
        const set = PersonSet.of(own);
        set.deleteAll(PersonSet.of(others));
        const left = [...new Set(own)].filter((person) => !others.includes(person)).toSorted((a, b) => a - b);
        expect([...set.values()]).toEqual(left);
        expect(set.size).toBe(left.length);
      }),
    );
  });
});
