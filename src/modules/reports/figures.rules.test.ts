import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Contribution, FigureValue } from "./figures.model.ts";
import { brokenOf, changesOf, reconcile, totalOf } from "./figures.rules.ts";
import { isoWeek } from "./week.rules.ts";

const part = (subjectId: string, figure: Contribution["figure"], detail: string, value = 1): Contribution => ({
  subjectId,
  figure,
  areaCode: "371721",
  detail,
  value,
});

describe("changesOf", () => {
  it("FIG-2: a reclassified case leaves one class and enters the other", () => {
    const changes = changesOf([part("a", "confirmed", "clinic")], [part("a", "asymptomatic", "clinic")]);
    expect(changes.map((row) => [row.figure, row.change])).toEqual([
      ["asymptomatic", -1],
      ["confirmed", 1],
    ]);
  });

  it("FIG-2: an event told twice changes nothing the second time", () => {
    expect(changesOf([part("a", "held", "", 10)], [part("a", "held", "", 10)])).toEqual([]);
  });

  it("FIG-2: whatever the order of events, the ledger ends at what the records say", () => {
    const step = fc.array(
      fc.record({
        id: fc.constantFrom("a", "b", "c"),
        detail: fc.constantFrom("x", "y"),
        value: fc.integer({ min: 0, max: 9 }),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let ledger: Contribution[] = [];
        let now: Contribution[] = [];
        for (const rows of steps) {
          now = rows.map((row) => part(row.id, "contacts", row.detail, row.value));
          ledger = [...ledger, ...changesOf(now, ledger).map((row) => ({ ...row, value: row.change }))];
        }
        return changesOf(now, ledger).length === 0;
      }),
    );
  });
});

describe("reconcile", () => {
  const value = (n: number): FigureValue => ({ figure: "confirmed", areaCode: "371721", detail: "clinic", value: n });
  it("FIG-3: previous + changes = now, else the row is broken", () => {
    expect(brokenOf(reconcile([value(5)], [value(2)], [value(7)]))).toEqual([]);
    expect(brokenOf(reconcile([value(5)], [value(2)], [value(8)]))).toMatchObject([
      { previous: 5, change: 2, value: 8 },
    ]);
    expect(brokenOf(reconcile([value(5)], [], []))).toMatchObject([{ previous: 5, change: 0, value: 0 }]);
  });

  it("adds up over counties and details; new is the difference from the freeze before", () => {
    const rows = [
      ...reconcile([value(5)], [value(2)], [value(7)]),
      { figure: "confirmed", areaCode: "371702", detail: "community", value: 3, previous: 3, change: 0 },
    ];
    expect(totalOf(rows, "confirmed")).toEqual({ value: 10, change: 2 });
    expect(totalOf(rows, "confirmed", { areaCode: "371702" })).toEqual({ value: 3, change: 0 });
    expect(totalOf(rows, "confirmed", { details: ["clinic"] })).toEqual({ value: 7, change: 2 });
  });
});

describe("isoWeek", () => {
  // The dates on which week numbering goes wrong, with the ISO 8601 answer.
  const rows: readonly [string, number, number][] = [
    ["2022-01-02", 2021, 52],
    ["2022-01-03", 2022, 1],
    ["2022-07-28", 2022, 30],
    ["2020-12-31", 2020, 53],
    ["2021-01-03", 2020, 53],
    ["2024-12-30", 2025, 1],
  ];
  it.each(rows)("%s is week %i-W%i", (day, year, week) => expect(isoWeek(day)).toEqual({ year, week }));
});
