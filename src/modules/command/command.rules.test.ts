import { beforeAll, describe, expect, it } from "vitest";
import { protocolById } from "#modules/outbreaks";
import type { Protocol } from "#domain/outbreaks";
import {
  arrowTargets,
  cleanDays,
  communityCleanDays,
  criteriaOf,
  isCommunityZero,
  loopClock,
  measure,
  nextBriefing,
  phasesToEnter,
  slotDue,
  type DayFinds,
  type PhaseFacts,
} from "./command.rules.ts";

let cn: Protocol;
let mers: Protocol;
beforeAll(async () => {
  cn = await protocolById("covid-19.cn-9");
  mers = await protocolById("mers.who");
});

const find = (day: string, provenance: string, count = 1): DayFinds => ({ day, provenance, count });
const facts = (more: Partial<PhaseFacts>): PhaseFacts => ({
  today: "2022-07-24",
  finds: [],
  lastCaseDay: null,
  zonesAboveLow: 0,
  openContacts: 0,
  patientsInCare: 0,
  ...more,
});

describe("clean days (domain.md §1.8)", () => {
  const rows: readonly [
    rule: string,
    what: string,
    finds: DayFinds[],
    today: string,
    community: number,
    all: number,
  ][] = [
    ["SOC-ZERO", "nothing found: nothing is shown", [], "2022-08-04", 0, 0],
    ["SOC-ZERO", "the day of the find is not clean", [find("2022-07-31", "community")], "2022-07-31", 0, 0],
    ["SOC-ZERO", "the day after has not ended", [find("2022-07-31", "community")], "2022-08-01", 0, 0],
    ["SOC-ZERO", "three full days", [find("2022-07-31", "community")], "2022-08-04", 3, 3],
    [
      "SOC-CASE",
      "a find in quarantine is not a community find",
      [find("2022-07-31", "community"), find("2022-08-02", "centralQuarantine", 36)],
      "2022-08-04",
      3,
      1,
    ],
    [
      "SOC-CASE",
      "the loose reading leaves high zones out",
      [find("2022-07-31", "community"), find("2022-08-02", "highZone")],
      "2022-08-04",
      3,
      1,
    ],
    [
      "SOC-CASE",
      "a medium zone counts as community",
      [find("2022-07-31", "community"), find("2022-08-02", "mediumZone")],
      "2022-08-04",
      1,
      1,
    ],
    ["SOC-CASE", "a clinic find counts as community", [find("2022-08-03", "clinic")], "2022-08-04", 0, 0],
    [
      "SOC-CASE",
      "only controlled finds: counted from the first",
      [find("2022-07-31", "centralQuarantine")],
      "2022-08-04",
      3,
      3,
    ],
    [
      "SOC-ZERO",
      "a day without a count is no find",
      [find("2022-07-31", "community"), find("2022-08-03", "community", 0)],
      "2022-08-04",
      3,
      3,
    ],
  ];
  it.each(rows)("%s: %s", (_rule, _what, finds, today, community, all) => {
    expect(communityCleanDays(cn, finds, today)).toBe(community);
    expect(cleanDays(finds, today)).toBe(all);
  });

  it("SOC-ZERO: is declared on the first day after three full days, never before", () => {
    const finds = [find("2022-07-31", "community")];
    const declared = ["2022-08-01", "2022-08-02", "2022-08-03", "2022-08-04", "2022-08-05"].map((day) =>
      isCommunityZero(cn, finds, day),
    );
    expect(declared).toEqual([false, false, false, true, true]);
    expect(isCommunityZero(cn, [], "2022-08-04")).toBe(false);
  });

  it("SOC-CASE: the strict reading, which drops the zones from the list, is one change of data", () => {
    const strict: Protocol = {
      ...cn,
      communityZero: {
        ...cn.communityZero,
        controlledProvenances: ["centralQuarantine", "homeQuarantine", "closedLoop"],
      },
    };
    expect(
      communityCleanDays(strict, [find("2022-07-31", "community"), find("2022-08-02", "highZone")], "2022-08-04"),
    ).toBe(1);
  });
});

describe("phases", () => {
  const community = [
    find("2022-07-24", "clinic"),
    find("2022-07-31", "community"),
    find("2022-08-07", "centralQuarantine"),
  ];
  const rows: readonly [
    rule: string,
    what: string,
    from: "activation" | "containment" | "communityZero" | "lifting",
    more: Partial<PhaseFacts>,
    entered: string[],
  ][] = [
    ["RPT-FIRST", "no positive yet", "activation", {}, []],
    ["RPT-FIRST", "the first positive", "activation", { finds: [find("2022-07-24", "clinic")] }, ["containment"]],
    ["SOC-ZERO", "two clean days do not do", "containment", { finds: community, today: "2022-08-03" }, []],
    [
      "SOC-ZERO",
      "three do",
      "containment",
      { finds: community.slice(0, 2), today: "2022-08-04", zonesAboveLow: 90, openContacts: 9 },
      ["communityZero", "lifting"],
    ],
    [
      "PHASE-ZERO",
      "finds in quarantine hold the lifting back",
      "containment",
      { finds: community, today: "2022-08-08" },
      ["communityZero"],
    ],
    [
      "PHASE-ZERO",
      "three days without any find",
      "communityZero",
      { finds: community, today: "2022-08-11", zonesAboveLow: 3 },
      ["lifting"],
    ],
    ["PHASE-ZONES", "one zone left", "lifting", { finds: community, today: "2022-08-20", zonesAboveLow: 1 }, []],
    ["PHASE-CONTACTS", "one contact left", "lifting", { finds: community, today: "2022-08-20", openContacts: 1 }, []],
    ["PHASE-PATIENTS", "one patient left", "lifting", { finds: community, today: "2022-08-20", patientsInCare: 1 }, []],
    ["PHASE-PATIENTS", "the last patient out", "lifting", { finds: community, today: "2022-08-26" }, ["allClear"]],
  ];
  it.each(rows)("%s: %s", (_rule, _what, from, more, entered) => {
    expect(phasesToEnter(cn, from, measure(cn, facts(more)))).toEqual(entered);
  });

  it("MERS-END: another protocol, another ladder, the same code", () => {
    const finds = [find("2022-05-01", "community")];
    const measured = measure(mers, facts({ finds, lastCaseDay: "2022-05-01", today: "2022-05-29" }));
    expect(phasesToEnter(mers, "containment", measured)).toEqual(["communityZero", "allClear"]);
    expect(
      phasesToEnter(
        mers,
        "communityZero",
        measure(mers, facts({ finds, lastCaseDay: "2022-05-01", today: "2022-05-28" })),
      ),
    ).toEqual([]);
  });

  it("CMD-1: shows each condition with its value and target", () => {
    const measured = measure(cn, facts({ finds: community, today: "2022-08-10", zonesAboveLow: 4, openContacts: 1 }));
    expect(criteriaOf(cn, "allClear", measured)).toEqual([
      { id: "zonesAboveLow", rule: "PHASE-ZONES", met: false, value: 4, target: 0 },
      { id: "openContacts", rule: "PHASE-CONTACTS", met: false, value: 1, target: 0 },
      { id: "patientsInCare", rule: "PHASE-PATIENTS", met: true, value: 0, target: 0 },
    ]);
  });
});

describe("briefings", () => {
  const zone = "Asia/Shanghai";
  it("CMD-4: 08:30 and 19:30 by the outbreak's wall clock, for two hours", () => {
    expect(slotDue("2022-07-28T00:29:00.000Z", zone)).toBeUndefined();
    expect(slotDue("2022-07-28T00:30:00.000Z", zone)).toEqual({
      day: "2022-07-28",
      slot: "08:30",
      at: "2022-07-28T00:30:00.000Z",
    });
    expect(slotDue("2022-07-28T02:31:00.000Z", zone)).toBeUndefined();
    expect(slotDue("2022-07-28T11:35:00.000Z", zone)?.slot).toBe("19:30");
    expect(nextBriefing("2022-07-28T00:30:00.000Z", zone)).toBe("2022-07-28T11:30:00.000Z");
    expect(nextBriefing("2022-07-28T11:30:00.000Z", zone)).toBe("2022-07-29T00:30:00.000Z");
  });
});

describe("clocks", () => {
  it("CMD-6: targets come from the protocol; what it does not set has none", () => {
    const targets = new Map(arrowTargets(cn).map((row) => [row.arrow, row]));
    expect(targets.get("collectToReceive")).toMatchObject({ ruleId: "NAT-TRANSIT", targetMin: 240 });
    expect(targets.get("preliminaryToReport")).toMatchObject({ ruleId: "RPT-2H", targetMin: 120 });
    expect(targets.get("contactToPlaced")).toMatchObject({ ruleId: "TRF-CC", targetMin: 480 });
    expect(targets.get("collectToResult")).toMatchObject({ ruleId: "NAT-TRANSIT+NAT-LAB", targetMin: 600 });
    expect(targets.get("resultToHold")).toMatchObject({ targetMin: 0 });
    expect(arrowTargets(mers).find((row) => row.arrow === "roundOpenToResulted")).toMatchObject({
      ruleId: "",
      targetMin: null,
    });
  });

  it("CMD-6: what is late and open lowers the share in time", () => {
    const target = { arrow: "contactToPlaced", ruleId: "TRF-CC", targetMin: 480 };
    expect(loopClock(target, { n: 9, medianMin: 200, p90Min: 400, inTime: 9, lateOpen: 1 }).inTimeShare).toBe(0.9);
    expect(loopClock(target, undefined)).toMatchObject({ n: 0, medianMin: null, inTimeShare: null, lateOpen: 0 });
    expect(
      loopClock({ ...target, targetMin: null }, { n: 9, medianMin: 200, p90Min: 400, inTime: 0, lateOpen: 0 })
        .inTimeShare,
    ).toBeNull();
  });
});
