import { describe, expect, it } from "vitest";
import { chainLayout, collapseBy, groupOf, type ChainPoint } from "./domain.ts";

const dayMs = 86_400_000;
const point = (id: string, day: number, parent: string | null = null, cluster = "a"): ChainPoint => ({
  id,
  at: day * dayMs,
  parent,
  cluster,
});

describe("the picture of chains, TRACE-12", () => {
  it("puts dates on x and an infector between its first and last infectee", () => {
    const { placed, rows, days } = chainLayout([
      point("a", 1),
      point("b", 3, "a"),
      point("c", 4, "a"),
      point("d", 5, "c"),
      point("e", 6, "c"),
    ]);
    const at = Object.fromEntries(placed.map(({ point: { id }, x, row }) => [id, [x, row]]));
    expect(at).toEqual({ a: [0, 0.75], b: [2, 0], c: [3, 1.5], d: [4, 1], e: [5, 2] });
    expect([rows, days]).toEqual([3, 5]);
  });

  it("draws the larger chain first and lets cases without a chain share rows", () => {
    const { placed, rows } = chainLayout([
      point("x", 1, null, "x"),
      point("y", 9, null, "y"),
      point("z", 1, null, "z"),
      point("a", 1),
      point("b", 2, "a"),
      point("c", 2, "a"),
    ]);
    const row = Object.fromEntries(placed.map((one) => [one.point.id, one.row]));
    expect(row).toEqual({ a: 0.5, b: 0, c: 1, x: 2, y: 2, z: 3 });
    expect(rows).toBe(4);
  });

  it("gives no two leaves the same row, however long the chain", () => {
    const long = Array.from({ length: 20_000 }, (_, i) => point(String(i), i % 60, i === 0 ? null : String(i - 1)));
    expect(chainLayout(long).placed).toHaveLength(20_000);
    const wide = Array.from({ length: 20_000 }, (_, i) => point(String(i), i % 60, i === 0 ? null : "0"));
    const rows = chainLayout(wide).placed.filter(({ point: { id } }) => id !== "0");
    expect(new Set(rows.map(({ row }) => row)).size).toBe(19_999);
  });

  it("draws a household as one point with what it infected hanging on it", () => {
    const points = [point("a", 1), point("b", 2, "a"), point("c", 3, "b"), point("d", 4, "c")];
    const household: Record<string, string | null> = { a: null, b: "h", c: "h", d: null };
    expect(collapseBy(points, ({ id }) => household[id] ?? null)).toEqual([
      { id: "a", at: dayMs, cluster: "a", parent: null, members: ["a"], group: null },
      { id: "b", at: 2 * dayMs, cluster: "a", parent: "a", members: ["b", "c"], group: "h" },
      { id: "d", at: 4 * dayMs, cluster: "a", parent: "b", members: ["d"], group: null },
    ]);
  });

  it("draws a market's cases as one though nobody knows who infected whom, and loses nobody", () => {
    const market = Array.from({ length: 30 }, (_, i) => point(`m${i}`, 2 + (i % 5), null, `m${i}`));
    const after = market.map(({ id, cluster }) => point(`${id}x`, 8, id, cluster));
    const grouped = collapseBy([...market, ...after], ({ id }) => (id.endsWith("x") ? null : "market"));
    expect(grouped[0]).toMatchObject({ id: "m0", at: 2 * dayMs, parent: null, group: "market" });
    expect(grouped[0]?.members).toHaveLength(30);
    expect(grouped.slice(1).every(({ parent, members }) => parent === "m0" && members.length === 1)).toBe(true);
    expect(chainLayout(grouped).placed).toHaveLength(31);
  });

  it("keeps every case in the picture when a chain leaves a village and comes back", () => {
    const points = [point("a", 1), point("b", 2, "a"), point("c", 3, "b"), point("d", 4, "c")];
    const village: Record<string, string> = { a: "v", b: "w", c: "v", d: "w" };
    const grouped = collapseBy(points, ({ id }) => village[id] ?? null);
    expect(grouped.map(({ id, parent, members }) => [id, parent, members])).toEqual([
      ["a", null, ["a", "c"]],
      ["b", "a", ["b", "d"]],
    ]);
    expect(chainLayout(grouped).placed).toHaveLength(2);
    // Dates that contradict each other: the infectee shows itself before the infector.
    const wrong = [point("a", 5, "b"), point("b", 4, "c"), point("c", 6, "d"), point("d", 3)];
    const group: Record<string, string> = { a: "1", b: "2", c: "1", d: "2" };
    const twisted = [...wrong.slice(0, 3), point("d", 3, "a")];
    for (const one of [wrong, twisted]) {
      const drawn = chainLayout(collapseBy(one, ({ id }) => group[id] ?? null)).placed;
      expect(drawn.flatMap(({ point: { members } }) => members).toSorted()).toEqual(["a", "b", "c", "d"]);
    }
  });

  it("says what a case has in common with others by what is drawn together", () => {
    const node = { cluster: "c", areaCode: "371721123201", householdId: 7, venue: 2 };
    expect((["none", "household", "village", "venue"] as const).map((collapse) => groupOf(node, collapse))).toEqual([
      null,
      "c 7",
      "c 371721123201",
      "venue 2",
    ]);
    const alone = { ...node, householdId: null, venue: null };
    expect(groupOf(alone, "household")).toBeNull();
    expect(groupOf(alone, "venue")).toBeNull();
  });

  it("draws 20,000 cases of one venue together at once", () => {
    const points = Array.from({ length: 20_000 }, (_, i) => point(String(i), i % 60, i === 0 ? null : String(i - 1)));
    expect(collapseBy(points, () => "one")).toMatchObject([{ id: "0", parent: null, group: "one" }]);
  });
});
