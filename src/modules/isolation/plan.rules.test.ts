import { describe, expect, it } from "vitest";
import { protocolById } from "#modules/outbreaks";
import type { Plan, PlanClass } from "#domain/outbreaks";
import { addDays } from "#kernel/time";
import { isStricter, segmentWindow, testCalendar, type SegmentFacts } from "./plan.rules.ts";
import { allMet, caseChecks, contactChecks, passingRun, type TestFact } from "./release.rules.ts";

const protocol = await protocolById("covid-19.cn-9");

function plan(name: PlanClass): Plan {
  const found = protocol.plans[name];
  if (!found) throw new Error(`no plan ${name}`);
  return found;
}

function facts(name: PlanClass, index: number, more: Partial<SegmentFacts>): SegmentFacts {
  const segment = plan(name).segments[index];
  if (!segment) throw new Error("no such stretch");
  return {
    segment,
    anchorDay: "2022-07-24",
    observationDay: "2022-07-25",
    beginDay: "2022-07-25",
    previousEndDay: null,
    ...more,
  };
}

describe("the calendar of a plan (domain.md §1.4): two anchors", () => {
  it.each([
    [
      "PLAN-CC placed the day after exposure",
      facts("close", 0, {}),
      "2022-07-31",
      ["1 07-25", "2 07-26", "3 07-27", "5 07-29", "7 07-31"],
    ],
    [
      "PLAN-CC placed on the day of exposure: duration from exposure, tests from observation",
      facts("close", 0, { observationDay: "2022-07-24", beginDay: "2022-07-24" }),
      "2022-07-31",
      ["1 07-24", "2 07-25", "3 07-26", "5 07-28", "7 07-30"],
    ],
    [
      "PLAN-CC found late: the tests end with the duration",
      facts("close", 0, { observationDay: "2022-07-29", beginDay: "2022-07-29" }),
      "2022-07-31",
      ["1 07-29", "2 07-30", "7 07-31"],
    ],
    [
      "PLAN-CC found after the end: one day and one test",
      facts("close", 0, { observationDay: "2022-08-03", beginDay: "2022-08-03" }),
      "2022-08-03",
      ["7 08-03"],
    ],
    [
      "PLAN-CC home stretch: 3 days after the 7, test on its day 3",
      facts("close", 1, { beginDay: "2022-07-31", previousEndDay: "2022-07-31" }),
      "2022-08-03",
      ["3 08-03"],
    ],
    [
      "PLAN-CC home stretch begun late",
      facts("close", 1, { beginDay: "2022-08-02", previousEndDay: "2022-07-31" }),
      "2022-08-03",
      ["3 08-03"],
    ],
    ["PLAN-SC", facts("secondary", 0, {}), "2022-07-31", ["1 07-25", "4 07-28", "7 07-31"]],
    ["PLAN-GC", facts("general", 0, {}), "2022-07-31", ["1 07-25", "3 07-27"]],
    [
      "PLAN-INBOUND",
      facts("inbound", 0, { anchorDay: "2022-07-25" }),
      "2022-08-01",
      ["1 07-25", "2 07-26", "3 07-27", "5 07-29", "7 07-31"],
    ],
    ["PLAN-ZONE-H", facts("highZone", 0, {}), "2022-07-31", ["1 07-25", "2 07-26", "3 07-27", "5 07-29", "7 07-31"]],
    ["PLAN-ZONE-M", facts("mediumZone", 0, {}), "2022-07-31", ["1 07-25", "4 07-28", "7 07-31"]],
    [
      "PLAN-POST counts from observation",
      facts("highRiskPost", 0, { anchorDay: "2022-07-01" }),
      "2022-07-31",
      ["1 07-25", "4 07-28", "7 07-31"],
    ],
    [
      "EXIT-HOME",
      facts("discharged", 0, { observationDay: "2022-07-24", beginDay: "2022-07-24" }),
      "2022-07-31",
      ["7 07-31"],
    ],
  ])("%s", (_name, given, endDay, tests) => {
    expect(segmentWindow(given).endDay).toBe(endDay);
    expect(testCalendar(given).map((test) => `${test.dayNo} ${test.dueDay.slice(5)}`)).toEqual(tests);
  });

  it("every test lies within the stretch, whenever the person is found", () => {
    for (let late = 0; late < 15; late++) {
      const given = facts("close", 0, {
        observationDay: addDays("2022-07-24", late),
        beginDay: addDays("2022-07-24", late),
      });
      const { endDay } = segmentWindow(given);
      const days = testCalendar(given).map((test) => test.dueDay);
      expect(days.every((day) => day >= given.beginDay && day <= endDay)).toBe(true);
      expect(new Set(days).size).toBe(days.length);
      expect(days.at(-1)).toBeDefined();
    }
  });

  it.each([
    ["close", "secondary", true],
    ["secondary", "close", false],
    ["secondary", "general", true],
    ["close", "close", false],
  ])("ISO-5 %s stricter than %s: %s", (a, b, expected) => expect(isStricter(a, b)).toBe(expected));
});

const at = (hour: number): string => new Date(Date.UTC(2022, 6, 24, hour)).toISOString();
const test = (result: TestFact["result"], hour = 0, ct: number | null = null): TestFact => ({
  result,
  sampledAt: result === null ? null : at(hour),
  ctN: ct,
  ctOrf: ct,
});
const neg = (hour = 0) => test("negative", hour);

describe("release of contacts (domain.md §1.4)", () => {
  const close = { plan: plan("close"), day: "2022-07-31", plannedEndDay: "2022-07-31", linked: null };
  const secondary = { plan: plan("secondary"), day: "2022-07-31", plannedEndDay: "2022-07-31" };
  it.each([
    ["PLAN-CC all done", { ...close, tests: [neg(), neg()] }, []],
    ["PLAN-CC a day early", { ...close, day: "2022-07-30", tests: [neg()] }, ["duration"]],
    ["PLAN-CC a test open", { ...close, tests: [neg(), test(null)] }, ["testsDone"]],
    ["PLAN-CC a positive", { ...close, tests: [neg(), test("positive")] }, ["testsNegative"]],
    [
      "PLAN-SC the linked contact's first two negative",
      { ...secondary, tests: [neg()], linked: [neg(), neg(), test(null)] },
      [],
    ],
    [
      "PLAN-SC only one of the linked contact's first two",
      { ...secondary, tests: [neg()], linked: [neg(), test(null)] },
      ["linkedTests"],
    ],
    [
      "PLAN-SC the linked contact positive in the first two",
      { ...secondary, tests: [neg()], linked: [neg(), test("positive")] },
      ["linkedTests"],
    ],
    [
      "PLAN-SC the linked contact positive later",
      { ...secondary, tests: [neg()], linked: [neg(), neg(), test("positive")] },
      [],
    ],
    ["PLAN-SC the linked contact not tested yet", { ...secondary, tests: [neg()], linked: [] }, ["linkedTests"]],
    ["PLAN-SC the linked contact found late, one test in all", { ...secondary, tests: [neg()], linked: [neg()] }, []],
    ["PLAN-SC the linked contact excluded", { ...secondary, tests: [neg()], linked: null }, []],
    ["PLAN-ZONE-L tests a day apart", { ...close, plan: plan("lowZone"), tests: [neg(0), neg(24)] }, []],
    ["PLAN-ZONE-L tests too near", { ...close, plan: plan("lowZone"), tests: [neg(0), neg(20)] }, ["testGap"]],
  ])("%s", (_name, given, unmet) => {
    expect(
      contactChecks(given)
        .filter((check) => !check.met)
        .map((check) => check.item),
    ).toEqual(unmet);
  });
});

describe("exit from hospital and fangcang (domain.md §1.5)", () => {
  const { exit } = protocol;
  const asymptomatic = { exit, day: "2022-08-05", symptomatic: false, feverFreeSince: null, clinical: [] };
  const well = {
    exit,
    day: "2022-08-05",
    symptomatic: true,
    tests: [neg(0), neg(24)],
    clinical: ["respiratoryBetter", "imagingAbsorbing"],
  };
  it.each([
    ["EXIT-1 two negative a day apart", { ...asymptomatic, tests: [neg(0), neg(24)] }, []],
    ["EXIT-1 two Ct ≥ 35", { ...asymptomatic, tests: [test("positive", 0, 35), test("positive", 24, 38)] }, []],
    [
      "EXIT-1 one Ct below",
      { ...asymptomatic, tests: [test("positive", 0, 35), test("positive", 24, 34.9)] },
      ["exitTests"],
    ],
    ["EXIT-1 less than 24 h apart", { ...asymptomatic, tests: [neg(0), neg(23)] }, ["exitTests"]],
    ["EXIT-1 three tests, first and last far enough", { ...asymptomatic, tests: [neg(0), neg(12), neg(24)] }, []],
    [
      "EXIT-1 a low Ct between breaks the run",
      { ...asymptomatic, tests: [neg(0), test("positive", 24, 30), neg(48)] },
      ["exitTests"],
    ],
    ["EXIT-1 only one", { ...asymptomatic, tests: [neg(0)] }, ["exitTests"]],
    [
      "EXIT-1 positive without a Ct",
      { ...asymptomatic, tests: [test("positive", 0), test("positive", 24)] },
      ["exitTests"],
    ],
    ["EXIT-2 met", { ...well, feverFreeSince: "2022-08-01" }, []],
    ["EXIT-2 fever-free for 3 days is not more than 3", { ...well, feverFreeSince: "2022-08-02" }, ["symptoms"]],
    ["EXIT-2 fever not recorded", { ...well, feverFreeSince: null }, ["symptoms"]],
    [
      "EXIT-2 imaging not absorbing",
      { ...well, feverFreeSince: "2022-08-01", clinical: ["respiratoryBetter"] },
      ["symptoms"],
    ],
  ])("%s", (_name, given, unmet) => {
    expect(
      caseChecks(given)
        .filter((check) => !check.met)
        .map((check) => check.item),
    ).toEqual(unmet);
  });
  it("counts the run from the last test back", () => {
    expect(passingRun(exit, [neg(0), neg(24), neg(48)])).toBe(3);
    expect(allMet([])).toBe(true);
  });
});
