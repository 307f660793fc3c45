import { describe, expect, it, test } from "vitest";
import type { LiftDecision } from "#domain/zones";
import { daysToPhase, daysUntil, missingOf, shortDay } from "#kernel/countdown";
import { besideOf, laidOut } from "#kernel/map-marks";
import {
  areasOfPlace,
  isTogether,
  liftRow,
  placeAt,
  placesInside,
  type KnownPlace,
  type Position,
  type Standing,
} from "./places.rules.ts";

const lab: KnownPlace = {
  id: "l1",
  areaCode: "371721102",
  name: "实验室",
  nameEn: "Laboratory",
  lat: null,
  lon: null,
  count: 1,
  capacity: 900,
};
const county = { lat: 34.8, lon: 115.5 };

describe("CMD-9: places on the map", () => {
  it("stand where they are, else in the middle of their area, else of its county, else nowhere", () => {
    const areas = new Map<string, Position>([
      ["371721102", { lat: null, lon: null }],
      ["371721", county],
    ]);
    expect(placeAt({ ...lab, lat: 34.9, lon: 115.6 }, areas)).toMatchObject([{ lat: 34.9, lon: 115.6, exact: true }]);
    expect(placeAt(lab, areas)).toMatchObject([{ ...county, exact: false }]);
    expect(placeAt(lab, new Map())).toEqual([]);
    expect(areasOfPlace("371721")).toEqual(["371721"]);
  });

  test.each([
    ["", true],
    ["3717", true],
    ["371721", false],
    ["371721102", false],
  ])("sampling sites of %j are shown together: %s", (areaCode, together) => {
    expect(isTogether(areaCode)).toBe(together);
  });

  it("lie beside each other where several share a point", () => {
    const at = (id: string, exact: boolean) => ({ ...lab, ...county, id, exact });
    const rows = laidOut("laboratory", [at("a", false), at("b", false), at("c", true)]);
    expect(rows.map(({ beside }) => beside)).toEqual([
      besideOf("laboratory", 0),
      besideOf("laboratory", 1),
      { x: 0, y: 0 },
    ]);
    const all = (["sampling", "laboratory", "checkpoint"] as const).flatMap((kind) =>
      [0, 1, 2, 3].map((nth) => `${besideOf(kind, nth).x} ${besideOf(kind, nth).y}`),
    );
    expect(new Set(all).size).toBe(all.length);
  });
});

describe("CMD-10: what stands in the chosen villages", () => {
  const villages = [
    { code: "371721102201", lat: 34.8, lon: 115.5 },
    { code: "371721102202", lat: 34.9, lon: 115.5 },
    { code: "371721103201", lat: 34.81, lon: 115.5 },
    { code: "371721103202", lat: null, lon: null },
  ];
  const place = (id: string, areaCode: string, lat: number | null): Standing => ({
    id,
    areaCode,
    name: id,
    nameEn: id,
    lat,
    lon: lat === null ? null : 115.5,
  });
  const chosen = new Set(["371721102201"]);

  it.each([
    ["its own village, chosen", place("a", "371721102201", null), ["a"], false, 0],
    ["its own village, not chosen", place("a", "371721102202", 34.8), [], false, 0],
    ["the village nearest in its town", place("a", "371721102", 34.82), ["a"], true, 0],
    ["another village nearer in its county", place("a", "371721", 34.812), [], true, 0],
    ["a town of which nothing is chosen", place("a", "371721103", 34.8), [], true, 0],
    ["its town alone", place("a", "371721102", null), [], true, 1],
    ["its county alone", place("a", "371721", null), [], true, 1],
  ] as const)("%s", (_what, one, ids, byPoint, unknown) => {
    const found = placesInside([one], chosen, villages);
    expect(found.inside.map(({ id }) => id)).toEqual(ids);
    if (ids.length > 0) expect(found.inside[0]?.byPoint).toBe(byPoint);
    expect(found.unknown).toBe(unknown);
  });
});

const zone = { id: "z", name: "前韩村", nameEn: "Qianhan", areaCode: "371721102201", level: "high" } as const;

function check(change: Partial<LiftDecision>): LiftDecision {
  const reasons: LiftDecision["reasons"] = [
    { id: "cleanDays", rule: "ZONE-H-LIFT", met: false, value: 4, target: 7 },
    { id: "lastDayRound", rule: "ZONE-H-LIFT", met: false, value: null, target: "2022-08-02" },
  ];
  return {
    allowed: false,
    to: "medium",
    rule: "ZONE-H-LIFT",
    cleanDays: 4,
    earliest: "2022-08-02",
    reasons,
    ...change,
  };
}

describe("CMD-9: the countdown to lifting", () => {
  it("says clean days, days needed, the day, and what is missing", () => {
    const row = liftRow(zone, check({}), "2022-07-30");
    expect(row).toMatchObject({ cleanDays: 4, daysNeeded: 7, expected: "2022-08-02", to: "medium", allowed: false });
    expect(missingOf(row.missing)).toEqual([
      { id: "cleanDays", days: 3, day: null },
      { id: "lastDayRound", days: 0, day: "2022-08-02" },
    ]);
  });

  it("expects a zone whose day has passed today, and one that no rule lifts never", () => {
    expect(liftRow(zone, check({}), "2022-08-04").expected).toBe("2022-08-04");
    const none = check({
      to: null,
      earliest: null,
      reasons: [{ id: "noRule", rule: "ZONE-L", met: false, value: "low", target: null }],
    });
    const row = liftRow(zone, none, "2022-08-04");
    expect(row).toMatchObject({ expected: null, daysNeeded: null });
    expect(missingOf(row.missing).map(({ id }) => id)).toEqual(["noRule"]);
  });

  it("leaves out what is met and what only explains", () => {
    const reasons: LiftDecision["reasons"] = [
      { id: "cleanDays", rule: "ZONE-H-LIFT", met: true, value: 7, target: 7 },
      { id: "newInfection", rule: "ZONE-EXT", met: true, value: "2022-07-26", target: null },
    ];
    expect(missingOf(liftRow(zone, check({ allowed: true, reasons }), "2022-08-02").missing)).toEqual([]);
  });

  it("counts days, never below none", () => {
    expect(daysUntil("2022-08-02", "2022-07-30")).toBe(3);
    expect(daysUntil("2022-08-02", "2022-08-05")).toBe(0);
    expect(shortDay("2022-08-02")).toBe("08-02");
  });

  it("SOC-ZERO: a phase is as far away as its furthest condition in days", () => {
    const days = (id: string, value: number | null, met = false) => ({ id, met, value, target: 3 });
    expect(daysToPhase([days("communityCleanDays", 1), days("cleanDays", null)])).toBe(3);
    expect(daysToPhase([days("communityCleanDays", 2)])).toBe(1);
    expect(daysToPhase([days("communityCleanDays", 3, true), days("openContacts", 9)])).toBeNull();
  });
});
