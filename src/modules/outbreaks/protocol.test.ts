import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  caseNumber,
  criterionFor,
  ctShift,
  diagnose,
  dueAt,
  isCommunity,
  nextPhase,
  planOf,
  readCt,
  secondaryCriterionFor,
  tubeRuleFor,
  type Measured,
} from "./domain.ts";
import { loadProtocol, loadProtocols, readProtocolText } from "./protocol.load.ts";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "protocols");
const nine = await loadProtocol(join(folder, "covid-19.cn-9.yaml"));
const twenty = await loadProtocol(join(folder, "covid-19.cn-20-measures.yaml"));
const mers = await loadProtocol(join(folder, "mers.who.yaml"));
const nineText = readFileSync(join(folder, "covid-19.cn-9.yaml"), "utf8");

/** The line on which a text stands, counted from 1. */
function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split("\n").length;
}

describe("protocol files", () => {
  test("every file of protocols/ is valid and named after its id", async () => {
    const all = await loadProtocols(folder);
    expect(all.map((p) => `${p.id}.yaml`)).toEqual(readdirSync(folder).toSorted());
  });

  test("a wrong value gives the line and the field", () => {
    const text = nineText.replace("  lookbackDays: 2 #", "  lookbackDays: two #");
    const parsed = readProtocolText(text);
    expect(parsed).toEqual({
      ok: false,
      faults: [
        {
          pointer: "/contacts/lookbackDays",
          message: "must be integer",
          line: lineOf(text, "lookbackDays: two"),
        },
      ],
    });
  });

  test("a mistyped field is named, and so is the one it leaves missing", () => {
    const text = nineText.replace("  everyDays: 1 #", "  everyDay: 1 #");
    const parsed = readProtocolText(text);
    const faults = parsed.ok ? [] : parsed.faults;
    expect(faults).toContainEqual({
      pointer: "/rounds/everyDay",
      message: "is not a field of a protocol",
      line: lineOf(text, "1 # B\n  counts"),
    });
    expect(faults.map((fault) => fault.pointer)).toContain("/rounds/everyDays");
  });

  test("broken YAML gives its line", () => {
    const parsed = readProtocolText("id: a\nversion: [1\neffective: x\n");
    expect(parsed.ok ? 0 : parsed.faults[0]?.line).toBeGreaterThan(1);
  });

  test.each([
    [
      "a fact nobody lists",
      "facts: { natPositive: true } }",
      "facts: { pcr: true } }",
      "/cases/definitions/0/anyOf/0/facts/pcr",
    ],
    [
      "a test day after the plan's end",
      "testDays: [1, 4, 7]",
      "testDays: [1, 4, 8]",
      "/plans/secondary/segments/0/testDays",
    ],
    [
      "a provenance nobody lists",
      "    - { id: closedLoop",
      "    - { id: keyGroup",
      "/communityZero/controlledProvenances/3",
    ],
    ["a level that lifts to itself", "from: high, to: medium", "from: high, to: high", "/zones/lift/0/to"],
    ["rounds without their clock", "  natRound:", "  labYellow2:", "/clocks/labYellow2"],
    ["a class without a plan", "class: general", "class: secondary", undefined],
    ["an unreal day", 'effective: "2022-06-28"', 'effective: "2022-13-28"', "/effective"],
    ["a grey range upside down", "greyMax: 40", "greyMax: 30", "/ct/greyMax"],
  ])("refuses %s", (_, from, to, pointer) => {
    const parsed = readProtocolText(nineText.replace(from, to));
    const pointers = parsed.ok ? [] : parsed.faults.map((fault) => fault.pointer);
    if (pointer === undefined) expect(parsed.ok).toBe(true);
    else expect(pointers).toContain(pointer);
  });

  test("a disease without pooled testing, rounds or zones is a protocol too", () => {
    expect([mers.pooling, mers.rounds, mers.zones, mers.ct]).toEqual([null, null, null, null]);
    expect(tubeRuleFor(mers, { zone: "high" })).toBeUndefined();
    expect(mers.plans.close?.segments[0]).toMatchObject({
      mode: "homeMonitor",
      days: 14,
      testDays: [],
    });
  });

  test("nothing in src/ knows a disease", () => {
    const names = /covid|sars|mers-?cov|\bmers\b|omicron|measles|新冠|冠状病毒/i;
    const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter(
      (name) => /\.tsx?$/.test(name) && !/(\.(test|fixture|bench)|\btesting\.\w+)\.ts$/.test(name),
    );
    expect(files.length).toBeGreaterThan(10);
    const found = files.filter((name) => names.test(withoutComments(readFileSync(join(root, "src", name), "utf8"))));
    expect(found).toEqual([]);
    expect(names.test(withoutComments('const disease = "COVID-19"; // a'))).toBe(true);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$|\s\/\/ .*$/gm, "");
}

describe("the 9th edition (domain.md §1)", () => {
  const at = "2022-07-24T00:00:00.000Z";
  test.each([
    ["reportStatutory", "RPT-2H", 2],
    ["reportPreliminary", "RPT-PRELIM", 2],
    ["coreTrack", "INV-CORE", 4],
    ["epiReport", "INV-REPORT", 24],
    ["placeClose", "TRF-CC", 8],
    ["placeSecondary", "TRF-SC", 12],
    ["natRound", "NAT-24H", 24],
    ["natTransit", "NAT-TRANSIT", 4],
    ["labFeverClinic", "LAB-TAT", 6],
  ] as const)("%s is %s: %i hours", (clock, rule, hours) => {
    expect(nine.clocks[clock]?.rule).toBe(rule);
    expect(dueAt(nine, clock, at)).toBe(new Date(Date.parse(at) + hours * 3_600_000).toISOString());
  });

  test.each([
    [
      "CASE-CONF",
      { epiHistory: true, feverOrRespiratory: true, imagingFeatures: true, natPositive: true },
      "confirmed",
    ],
    [
      "CASE-CONF",
      {
        feverOrRespiratory: true,
        imagingFeatures: true,
        bloodCount: true,
        igmPositive: true,
        iggPositive: true,
      },
      "confirmed",
    ],
    ["CASE-ASX", { epiHistory: true, natPositive: true }, "asymptomatic"],
    ["CASE-SUSP", { epiHistory: true, feverOrRespiratory: true, bloodCount: true }, "suspect"],
    ["CASE-SUSP", { feverOrRespiratory: true, bloodCount: true, imagingFeatures: true }, "suspect"],
    ["none", { feverOrRespiratory: true, bloodCount: true }, undefined],
  ])("%s", (rule, facts, state) => {
    expect(diagnose(nine, facts)).toEqual(state && { state, rule });
  });

  test("contacts take the first criterion that fits", () => {
    const meet = (setting: "household" | "meal" | "shop", overlapMinutes: number, gapMinutes = 0) =>
      criterionFor(nine, { setting, overlapMinutes, gapMinutes })?.class;
    expect(meet("household", 0, 600)).toBe("close");
    expect(meet("meal", 30)).toBe("close");
    expect(meet("meal", 5)).toBe("general");
    expect(meet("shop", 0, 30)).toBe("general");
    expect(meet("shop", 0, 61)).toBeUndefined();
    expect(criterionFor(nine, { setting: "meal", overlapMinutes: 30, gapMinutes: 0, protected: true })).toBeUndefined();
    expect(secondaryCriterionFor(nine, { setting: "meal", overlapMinutes: 60, gapMinutes: 0 })?.rule).toBe("SC");
    expect(secondaryCriterionFor(twenty, { setting: "meal", overlapMinutes: 60, gapMinutes: 0 })).toBeUndefined();
  });

  test("tubes by group before zone; Ct by its two limits", () => {
    expect(tubeRuleFor(nine, { group: "quarantine", zone: "low" })?.kind).toBe("single");
    expect(tubeRuleFor(nine, { zone: "high" })?.kind).toBe("household");
    expect(tubeRuleFor(nine, { zone: "medium" })?.size).toBe(10);
    expect(tubeRuleFor(nine, {})?.size).toBe(20);
    expect(tubeRuleFor(twenty, { zone: "medium" })?.size).toBe(20);
    expect([readCt(nine, 25, 27), readCt(nine, 38, null), readCt(nine, null, null)]).toEqual([
      "positive",
      "grey",
      "negative",
    ]);
    expect([ctShift(nine, 1), ctShift(nine, 10), ctShift(nine, 15)]).toEqual([0, 1.5, 1.5]);
  });

  test("SOC-CASE and the ladder of phases", () => {
    expect(isCommunity(nine, "community")).toBe(true);
    expect(isCommunity(nine, "centralQuarantine")).toBe(false);
    const measured: Measured = {
      positives: 512,
      communityCleanDays: 3,
      cleanDays: 2,
      daysSinceLastCase: 2,
      zonesAboveLow: 60,
      openContacts: 900,
      patientsInCare: 300,
    };
    expect(nextPhase(nine, "activation", measured)).toBe("containment");
    expect(nextPhase(nine, "containment", measured)).toBe("communityZero");
    expect(nextPhase(nine, "communityZero", measured)).toBeUndefined();
    expect(
      nextPhase(nine, "lifting", {
        ...measured,
        zonesAboveLow: 0,
        openContacts: 0,
        patientsInCare: 0,
      }),
    ).toBe("allClear");
    expect(nextPhase(nine, "allClear", measured)).toBeUndefined();
  });

  test("what changed with the 20 measures (domain.md §1.9)", () => {
    expect(planOf(nine, "close")?.segments.map((s) => [s.mode, s.days, s.testDays])).toEqual([
      ["central", 7, [1, 2, 3, 5, 7]],
      ["homeMonitor", 3, [3]],
    ]);
    expect(planOf(twenty, "close")?.segments.map((s) => [s.mode, s.days, s.testDays])).toEqual([
      ["central", 5, [1, 2, 3, 5]],
      ["home", 3, [1, 3]],
    ]);
    expect(planOf(twenty, "secondary")).toBeUndefined();
    expect(planOf(twenty, "highZone")?.segments[0]).toMatchObject({
      mode: "home",
      days: 7,
      testDays: [1, 3, 5, 7],
    });
    expect(twenty.zones?.lift).toMatchObject([{ from: "high", to: "low", cleanDays: 5 }]);
  });

  test("a case is published by its class and running number", () => {
    expect(caseNumber(nine, "asymptomatic", 7, "zh-CN")).toBe("无症状感染者7");
    expect(caseNumber(nine, "confirmed", 1, "en")).toBe("Confirmed case 1");
  });
});
