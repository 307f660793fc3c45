import { describe, expect, it } from "vitest";
import { metresBetween, villagesIn, withinLimit, type Shape } from "./draw.rules.ts";

const villages = [
  { code: "home", lat: 34.8, lon: 115.5 },
  { code: "near", lat: 34.805, lon: 115.5 },
  { code: "east", lat: 34.8, lon: 115.52 },
  { code: "far", lat: 34.9, lon: 115.5 },
  { code: "nowhere", lat: null, lon: null },
];
const home = { lat: 34.8, lon: 115.5 };
const ring = (...corners: readonly (readonly [number, number])[]): Shape => ({
  kind: "ring",
  points: corners.map(([lat, lon]) => ({ lat, lon })),
});

describe("choosing villages by what is drawn", () => {
  it("measures metres: a hundredth of a degree of latitude is 1.1 km, of longitude less", () => {
    expect(metresBetween(home, { lat: 34.81, lon: 115.5 })).toBeCloseTo(1_112, -1);
    expect(metresBetween(home, { lat: 34.8, lon: 115.51 })).toBeCloseTo(913, -1);
    expect(metresBetween(home, home)).toBe(0);
  });

  it.each([
    ["a circle of 500 m", { kind: "circle", centre: home, metres: 500 }, ["home"]],
    ["a circle of 600 m", { kind: "circle", centre: home, metres: 600 }, ["home", "near"]],
    ["a circle of 2 km", { kind: "circle", centre: home, metres: 2_000 }, ["home", "near", "east"]],
    [
      "a rectangle, drawn from whichever corner",
      { kind: "box", from: { lat: 34.81, lon: 115.51 }, to: { lat: 34.79, lon: 115.49 } },
      ["home", "near"],
    ],
    ["a triangle", ring([34.79, 115.48], [34.79, 115.55], [34.803, 115.505]), ["home"]],
    [
      "a ring with a bay that leaves the home out",
      ring(
        [34.79, 115.48],
        [34.82, 115.48],
        [34.82, 115.53],
        [34.79, 115.53],
        [34.79, 115.505],
        [34.803, 115.5],
        [34.79, 115.495],
      ),
      ["near", "east"],
    ],
    ["two points, which are no ring", ring([34.79, 115.49], [34.82, 115.55]), []],
  ] as const)("%s", (_what, shape, codes) => {
    expect(villagesIn(shape as Shape, villages)).toEqual(codes);
  });

  it("says what found no room, and counts nothing twice", () => {
    expect(withinLimit(["a", "b"], ["b", "c", "d"], 3)).toEqual({ added: ["c"], left: 1 });
    expect(withinLimit(["a", "b", "c"], ["a"], 3)).toEqual({ added: [], left: 0 });
    expect(withinLimit([], ["a", "b"], 3)).toEqual({ added: ["a", "b"], left: 0 });
  });
});
