import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readFileSync } from "node:fs";
import type { Inbound, Protocol } from "#domain/outbreaks";
import type { SeenPass } from "./control.model.ts";
import type { ArrivalLevel } from "./inbound.model.ts";
import {
  decidePass,
  levelOf,
  mayAnswer,
  mayRelease,
  mustRegister,
  mustRotate,
  nextTestOn,
  planFor,
  stricter,
  visitDue,
} from "./inbound.rules.ts";

const protocol = parse(readFileSync("protocols/covid-19.cn-9.yaml", "utf8")) as Protocol & { inbound: Inbound };
const rules = protocol.inbound;
const region = (place: string, level: "high" | "medium" | "low", fromDay: string, toDay: string | null = null) => ({
  place,
  level,
  fromDay,
  toDay,
});

describe("INB-1: the level of an origin", () => {
  const lists = [
    region("320411", "medium", "2022-07-20"),
    region("320411100", "high", "2022-07-22", "2022-07-30"),
    region("3415", "low", "2022-07-01", "2022-07-10"),
  ];
  it.each<[string, string, string, string, ArrivalLevel]>([
    ["a listed county", "320411", "2022-07-24", "2022-07-25", "high"],
    [
      "a town of it that is not listed itself takes the county's level",
      "320411200",
      "2022-07-24",
      "2022-07-25",
      "medium",
    ],
    ["a listed town", "320411100201", "2022-07-24", "2022-07-25", "high"],
    ["after the town's last day only the county counts", "320411100201", "2022-07-31", "2022-07-31", "medium"],
    ["who left within seven days before the list", "320411200", "2022-07-13", "2022-07-20", "medium"],
    ["who left eight days before the list", "320411200", "2022-07-12", "2022-07-19", "none"],
    ["on the seventh day after leaving", "320411200", "2022-07-24", "2022-07-31", "medium"],
    ["on the eighth day after leaving", "320411200", "2022-07-24", "2022-08-01", "none"],
    ["a list that ended", "341502", "2022-07-11", "2022-07-12", "none"],
    ["a place on no list", "110101", "2022-07-24", "2022-07-25", "none"],
    ["a country", "Myanmar", "2022-07-24", "2022-07-25", "abroad"],
  ])("%s", (_, origin, leftOn, today, level) => {
    expect(levelOf(rules, lists, { origin, leftOn, today })).toBe(level);
  });

  it("the strictest stands", () => {
    expect(stricter("low", "medium")).toBe("medium");
    expect(stricter("abroad", "high")).toBe("abroad");
    expect(stricter("none", "low")).toBe("low");
  });
});

describe("INB-2, INB-4: plan and deadline", () => {
  it.each<[ArrivalLevel, string | null, string]>([
    ["abroad", "inbound", "PLAN-INBOUND"],
    ["high", "highZone", "PLAN-ZONE-H"],
    ["medium", "mediumZone", "PLAN-ZONE-M"],
    ["low", "lowZone", "PLAN-ZONE-L"],
    ["none", null, "INB-2"],
  ])("%s → %s", (level, plan, rule) => {
    expect(planFor(rules, level)).toEqual({ plan, rule });
  });

  it.each([
    ["public", "2022-07-25T10:00:00.000Z", "2022-07-26T10:00:00.000Z"],
    ["public", "2022-07-20T10:00:00.000Z", "2022-07-25T12:00:00.000Z"],
    ["list", "2022-07-25T10:00:00.000Z", "2022-07-25T00:00:00.000Z"],
  ] as const)("INB-4: %s arriving %s is visited until %s", (source, arrivesAt, due) => {
    expect(visitDue(rules, source, arrivesAt, "2022-07-24T12:00:00.000Z")).toBe(due);
  });
});

describe("INB-5, INB-6: the road", () => {
  const person = (of: Partial<SeenPass> = {}): SeenPass => ({ kind: "person", ...of });
  it.each<[string, SeenPass, ArrivalLevel, string, string]>([
    ["a proof of 47 hours", person({ proofHours: 47 }), "none", "passed", "clear"],
    ["a proof of 49 hours", person({ proofHours: 49 }), "none", "tested", "noProof"],
    ["no proof and no test", person({ testDeclined: true }), "none", "refused", "testDeclined"],
    ["from a low-risk place, with proof", person({ proofHours: 10 }), "low", "tested", "fromKeyRegion"],
    ["from a medium-risk place", person({ proofHours: 10 }), "medium", "escorted", "fromKeyRegion"],
    ["from a high-risk place, declining", person({ testDeclined: true }), "high", "escorted", "fromKeyRegion"],
    ["37.2 °C", person({ temperature: 37.2, proofHours: 1 }), "none", "passed", "clear"],
    ["37.3 °C", person({ temperature: 37.3, proofHours: 1 }), "none", "tested", "fever"],
    ["37.3 °C from a high-risk place", person({ temperature: 37.3 }), "high", "escorted", "fever"],
    ["goods of a key region", { kind: "goods" }, "medium", "refused", "notDisinfected"],
    ["the same, disinfected", { kind: "goods", disinfected: true }, "medium", "passed", "clear"],
    ["a lorry of a key region", { kind: "vehicle" }, "high", "tested", "vehicleOfKeyRegion"],
    ["a lorry of elsewhere", { kind: "vehicle" }, "none", "passed", "clear"],
  ])("%s", (_, seen, level, outcome, reason) => {
    expect(decidePass(rules, seen, level)).toEqual({ outcome, reason });
  });

  it("INB-6: only undeclared travellers of listed places who come in are registered", () => {
    const tested = { outcome: "tested", reason: "fromKeyRegion" } as const;
    expect(mustRegister(tested, "low", false)).toBe(true);
    expect(mustRegister(tested, "low", true)).toBe(false);
    expect(mustRegister(tested, "none", false)).toBe(false);
    expect(mustRegister({ outcome: "refused", reason: "testDeclined" }, "low", false)).toBe(false);
  });
});

describe("INB-8, INB-10, INB-11", () => {
  it("INB-8: a letter is answered after its receipt and with every outcome", () => {
    expect(mayAnswer({ receipted: false, pending: 0 }).ok).toBe(false);
    expect(mayAnswer({ receipted: true, pending: 1 }).ok).toBe(false);
    expect(mayAnswer({ receipted: true, pending: 0 }).ok).toBe(true);
  });

  it("INB-10: the next test and the end of a shift", () => {
    expect(nextTestOn(1, null, "2022-07-24")).toBe("2022-07-24");
    expect(nextTestOn(3, "2022-07-24", "2022-07-20")).toBe("2022-07-27");
    expect(mustRotate(14, "2022-07-10", "2022-07-23")).toBe(false);
    expect(mustRotate(14, "2022-07-10", "2022-07-24")).toBe(true);
    expect(mustRotate(null, "2022-01-01", "2022-07-24")).toBe(false);
  });

  it.each([
    [{ samples: 2, positives: 0, disinfected: true }, false],
    [{ samples: 3, positives: null, disinfected: true }, false],
    [{ samples: 3, positives: 1, disinfected: true }, false],
    [{ samples: 3, positives: 0, disinfected: false }, false],
    [{ samples: 3, positives: 0, disinfected: true }, true],
  ])("INB-11: %o → %s", (goods, released) => {
    expect(mayRelease(rules, goods).ok).toBe(released);
  });
});
