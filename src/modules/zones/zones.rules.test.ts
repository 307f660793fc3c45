import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { loadProtocol } from "#modules/outbreaks";
import { countyLevel, isInside, liftCheck, nextLift, overlapMeaning, proposeZones } from "./zones.rules.ts";
import type { CasePlace, LiftFacts, ProposalFacts, ZoneRound } from "./zones.rules.ts";

const folder = join(import.meta.dirname, "../../../protocols");
const nine = await loadProtocol(join(folder, "covid-19.cn-9.yaml"));
const twenty = await loadProtocol(join(folder, "covid-19.cn-20-measures.yaml"));
const mers = await loadProtocol(join(folder, "mers.who.yaml"));

const clean = (day: string): ZoneRound => ({ day, due: 500, complete: true, positive: 0 });

/** A zone drawn on 26 July, as the first of Heze were. */
function zone(change: Partial<LiftFacts>): LiftFacts {
  return {
    level: "high",
    cameFrom: null,
    levelSince: "2022-07-26",
    extendedFrom: null,
    lastInfection: null,
    rounds: [],
    today: "2022-08-02",
    ...change,
  };
}

const medium = { level: "medium" } as const;
const fromHigh = { level: "medium", cameFrom: "high", levelSince: "2022-08-04" } as const;

describe("lifting by domain.md §1.6", () => {
  test.each<[rule: string, what: string, facts: Partial<LiftFacts>, to: string | null]>([
    ["ZONE-H-LIFT", "day 7 and all negative on day 7", { rounds: [clean("2022-08-02")] }, "medium"],
    ["ZONE-H-LIFT", "day 6", { today: "2022-08-01", rounds: [clean("2022-08-01")] }, null],
    ["ZONE-H-LIFT", "day 7 without a round", {}, null],
    ["ZONE-H-LIFT", "a round on day 6 is not the day-7 round", { rounds: [clean("2022-08-01")] }, null],
    ["ZONE-H-LIFT", "one resident without a result", { rounds: [{ ...clean("2022-08-02"), complete: false }] }, null],
    ["ZONE-H-LIFT", "one positive", { rounds: [{ ...clean("2022-08-02"), positive: 1 }] }, null],
    ["ZONE-H-LIFT", "nobody was due", { rounds: [{ ...clean("2022-08-02"), due: 0 }] }, null],
    ["ZONE-H-LIFT", "a round held on day 8", { today: "2022-08-03", rounds: [clean("2022-08-03")] }, "medium"],
    ["ZONE-HM-LIFT", "three days after coming down, no round", { ...fromHigh, today: "2022-08-07" }, "low"],
    ["ZONE-HM-LIFT", "two days after coming down", { ...fromHigh, today: "2022-08-06" }, null],
    [
      "ZONE-HM-LIFT",
      "an infection on its second day",
      { ...fromHigh, today: "2022-08-07", lastInfection: "2022-08-06" },
      null,
    ],
    ["ZONE-M-LIFT", "day 7 and all negative", { ...medium, rounds: [clean("2022-08-02")] }, "low"],
    ["ZONE-M-LIFT", "day 7 without a round", medium, null],
    ["ZONE-M-LIFT", "a medium zone from the start has no 3-day way", { ...medium, today: "2022-07-30" }, null],
    [
      "ZONE-EXT",
      "an infection on day 4: day 7 counts from it",
      { lastInfection: "2022-07-30", rounds: [clean("2022-08-02")] },
      null,
    ],
    [
      "ZONE-EXT",
      "seven days after that infection",
      { lastInfection: "2022-07-30", today: "2022-08-06", rounds: [clean("2022-08-06")] },
      "medium",
    ],
    [
      "ZONE-EXT",
      "headquarters extended from 1 August",
      { extendedFrom: "2022-08-01", today: "2022-08-07", rounds: [clean("2022-08-07")] },
      null,
    ],
    [
      "ZONE-EXT",
      "seven days after the extension",
      { extendedFrom: "2022-08-01", today: "2022-08-08", rounds: [clean("2022-08-08")] },
      "medium",
    ],
    [
      "ZONE-H-LIFT",
      "an infection before the level changes nothing",
      { lastInfection: "2022-07-25", rounds: [clean("2022-08-02")] },
      "medium",
    ],
    ["ZONE-L", "a low zone has nothing to lift", { level: "low", today: "2022-08-30" }, null],
  ])("%s: %s", (rule, _, change, to) => {
    const decision = liftCheck(nine, zone(change));
    expect(decision.allowed).toBe(to !== null);
    if (to !== null) expect(decision.to).toBe(to);
    expect(decision.reasons.map((reason) => reason.rule)).toContain(rule);
  });

  test("ZONE-H-LIFT then ZONE-HM-LIFT: from high to low takes at least ten days", () => {
    const down = liftCheck(nine, zone({ rounds: [clean("2022-08-02")] }));
    const low = zone({ ...medium, cameFrom: "high", levelSince: "2022-08-02", today: "2022-08-05" });
    expect([down.earliest, liftCheck(nine, low)]).toMatchObject([
      "2022-08-02",
      { allowed: true, to: "low", rule: "ZONE-HM-LIFT", cleanDays: 3 },
    ]);
    expect(liftCheck(nine, { ...low, today: "2022-08-04" }).allowed).toBe(false);
  });

  test("ZONE-H-LIFT-5: the 20 measures lift a high zone to low on day 5", () => {
    const facts = zone({ today: "2022-07-31", rounds: [clean("2022-07-31")] });
    expect(liftCheck(twenty, facts)).toMatchObject({ allowed: true, to: "low", rule: "ZONE-H-LIFT-5" });
    expect(liftCheck(nine, facts).allowed).toBe(false);
  });

  test("the reasons say what is and what must be", () => {
    expect(liftCheck(nine, zone({ today: "2022-08-01", lastInfection: "2022-07-27" }))).toEqual({
      allowed: false,
      to: "medium",
      rule: "ZONE-H-LIFT",
      cleanDays: 5,
      earliest: "2022-08-03",
      reasons: [
        { id: "cleanDays", rule: "ZONE-H-LIFT", met: false, value: 5, target: 7 },
        { id: "lastDayRound", rule: "ZONE-H-LIFT", met: false, value: null, target: "2022-08-03" },
        { id: "newInfection", rule: "ZONE-EXT", met: true, value: "2022-07-27", target: null },
      ],
    });
  });

  test("the next lift is midnight of the zone's own day", () => {
    expect(nextLift(nine, zone({}), "Asia/Shanghai")).toBe("2022-08-01T16:00:00.000Z");
    expect(nextLift(nine, zone({ level: "low" }), "Asia/Shanghai")).toBeNull();
  });

  test("ZONE-L and ZONE-NONE: the county around the zones", () => {
    expect(countyLevel(nine, 3)).toEqual({ level: "low", rule: "ZONE-L" });
    expect(countyLevel(nine, 0)).toEqual({ level: null, rule: "ZONE-NONE" });
    expect(countyLevel(mers, 0)).toBeNull();
  });
});

describe("drawing by domain.md §1.6", () => {
  const at = "2022-07-25T04:00:00.000Z";
  const place = (name: CasePlace["place"], stayMinutes: number, lastAt = at): CasePlace => ({
    unit: name === "residence" ? "village" : "venue",
    unitCode: name === "residence" ? "371721100201" : "V1",
    areaCode: "371721100201",
    place: name,
    stayMinutes,
    lastAt,
  });
  const facts = (places: readonly CasePlace[], change: Partial<ProposalFacts> = {}): ProposalFacts => ({
    provenance: "clinic",
    anchorAt: at,
    places,
    levels: new Map(),
    ...change,
  });

  test.each<[rule: string, what: string, facts: ProposalFacts, expected: [string, string, string][]]>([
    ["ZONE-H", "residence", facts([place("residence", 0)]), [["371721100201", "high", "draw"]]],
    ["ZONE-H", "workplace with long activity", facts([place("frequentActivity", 480)]), [["V1", "high", "draw"]]],
    ["ZONE-M", "short activity", facts([place("frequentActivity", 60)]), [["V1", "medium", "draw"]]],
    ["ZONE-M", "a stay of half an hour", facts([place("stay", 30)]), [["V1", "medium", "draw"]]],
    ["ZONE-M", "a stay of ten minutes is none", facts([place("stay", 10)]), []],
    ["ZONE-M", "a stay three days earlier is none", facts([place("stay", 60, "2022-07-22T03:00:00.000Z")]), []],
    [
      "ZONE-H",
      "the strictest level of a unit",
      facts([place("stay", 60), place("frequentActivity", 480)]),
      [["V1", "high", "draw"]],
    ],
    [
      "ZONE-EXT",
      "inside a high zone",
      facts([place("residence", 0)], { levels: new Map([["371721100201", "high"]]) }),
      [["371721100201", "high", "review"]],
    ],
    [
      "ZONE-EXT",
      "inside a medium zone",
      facts([place("residence", 0)], { levels: new Map([["371721100201", "medium"]]) }),
      [["371721100201", "high", "raise"]],
    ],
    [
      "ZONE-EXT",
      "found in central quarantine",
      facts([place("residence", 0)], { provenance: "centralQuarantine" }),
      [],
    ],
  ])("%s: %s", (rule, _, given, expected) => {
    const proposals = proposeZones(nine, given);
    expect(proposals.map((p) => [p.unitCode, p.level, p.action])).toEqual(expected);
    if (expected.length > 0) expect(proposals.flatMap((p) => p.reasons.map((r) => r.rule))).toContain(rule);
  });

  test("a protocol without zones proposes none", () => {
    expect(proposeZones(mers, facts([place("residence", 0)]))).toEqual([]);
    expect([isInside(nine, "highZone"), isInside(nine, "centralQuarantine"), isInside(mers, "clinic")]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("no medium class under the 20 measures", () => {
    expect(proposeZones(twenty, facts([place("stay", 600), place("frequentActivity", 60)]))).toEqual([]);
  });
});

describe("ZONE-7: a zone that is there already", () => {
  it.each([
    ["village", "published", "high", "high", "same"],
    ["village", "published", "medium", "high", "raise"],
    ["village", "published", "high", "medium", "stays"],
    ["village", "proposed", "high", "high", "proposed"],
    ["village", "proposed", "medium", "high", "proposed"],
    ["venue", "published", "high", "high", "unitInside"],
    ["compound", "proposed", "medium", "high", "unitInside"],
  ] as const)("a %s that is %s %s, wanted %s: %s", (unit, state, level, wanted, meaning) => {
    expect(overlapMeaning({ unit, state, level }, wanted)).toBe(meaning);
  });
});
