import { describe, expect, it } from "vitest";
import { nextSort, ordered, shownSort } from "./row-order.ts";

describe("the order of a table", () => {
  it.each([
    // Without an order that a heading stands for, the third press goes back to it.
    [undefined, undefined, "due"],
    ["due", undefined, "-due"],
    ["-due", undefined, undefined],
    // With one, a press always turns the column round.
    [undefined, "due", "-due"],
    ["-due", "due", "due"],
    [undefined, "-due", "due"],
    [undefined, "area", "due"],
  ])("asked %s, usually %s: a press on the heading asks for %s", (asked, usual, next) => {
    expect(nextSort("due", { asked, usual })).toBe(next);
  });

  it("is said of the column that stands for it, asked or usual", () => {
    expect(shownSort("due", { asked: undefined, usual: "-due" })).toBe("descending");
    expect(shownSort("due", { asked: "area", usual: "-due" })).toBe("none");
  });

  it("puts rows without a value last both ways", () => {
    const rows = [{ n: 2 }, { n: null }, { n: 3 }, { n: 1 }];
    expect(ordered(rows, ({ n }) => n, false).map(({ n }) => n)).toEqual([1, 2, 3, null]);
    expect(ordered(rows, ({ n }) => n, true).map(({ n }) => n)).toEqual([3, 2, 1, null]);
  });
});
