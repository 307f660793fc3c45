import { describe, expect, it } from "vitest";
import { chainLayout, collapseBy, type ChainPoint } from "./domain.ts";

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
      { id: "a", at: dayMs, cluster: "a", parent: null, members: ["a"] },
      { id: "b", at: 2 * dayMs, cluster: "a", parent: "a", members: ["b", "c"] },
      { id: "d", at: 4 * dayMs, cluster: "a", parent: "b", members: ["d"] },
    ]);
  });
});
