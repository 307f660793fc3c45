import { describe, expect, it } from "vitest";
import {
  fillText,
  gridCode,
  gridCount,
  gridNoOf,
  halfAt,
  lanesMissing,
  needRefusal,
  outreachDue,
  visitVerdict,
  type VisitFacts,
} from "./grid.rules.ts";

const village = "371721123201";
const visit: VisitFacts = {
  item: { state: "open", areaCode: village, gridCode: `${village}G01`, dueAt: "2022-07-24T12:00:00.000Z", attempts: 0 },
  worker: { areaCode: village, gridCode: `${village}G01`, active: true },
  outcome: "done",
  method: "qr",
  at: "2022-07-24T11:00:00.000Z",
  now: "2022-07-24T13:00:00.000Z",
  notHomeMax: 2,
};

describe("rules of grid work", () => {
  it.each([
    [0, 1],
    [100, 1],
    [449, 1],
    [450, 2],
    [900, 3],
    [1_049, 3],
  ])("GRID-1: %i households make %i grids of about 300", (households, grids) => {
    expect(gridCount(households, 300)).toBe(grids);
  });

  it("GRID-1: neighbours stay together and grids differ by one household", () => {
    const sizes = [0, 0, 0];
    let last = 1;
    for (let i = 0; i < 1_000; i++) {
      const no = gridNoOf(i, 1_000, 3);
      expect(no).toBeGreaterThanOrEqual(last);
      last = no;
      sizes[no - 1] = (sizes[no - 1] ?? 0) + 1;
    }
    expect(sizes.toSorted((a, b) => a - b)).toEqual([333, 333, 334]);
    expect(gridCode(village, 7)).toBe(`${village}G07`);
  });

  it.each<[string, Partial<VisitFacts>, object]>([
    ["proven, in time, by its worker", {}, { ok: true, counted: true }],
    ["at the deadline itself", { at: "2022-07-24T12:00:00.000Z" }, { ok: true, counted: true }],
    ["a minute after the deadline", { at: "2022-07-24T12:01:00.000Z" }, { ok: true, counted: false }],
    ["without proof", { method: null }, { ok: false, rule: "GRID-3" }],
    ["a swab is the laboratory's proof, not a visit's", { method: "swab" }, { ok: false, rule: "GRID-3" }],
    ["by nobody's worker", { worker: null }, { ok: false, rule: "GRID-3" }],
    ["by a worker who left", { worker: { ...visit.worker!, active: false } }, { ok: false, rule: "GRID-3" }],
    [
      "by the next grid's worker",
      { worker: { ...visit.worker!, gridCode: `${village}G02` } },
      { ok: false, rule: "GRID-3" },
    ],
    ["by a cadre of the whole village", { worker: { ...visit.worker!, gridCode: null } }, { ok: true, counted: true }],
    ["in the future", { at: "2022-07-24T14:00:00.000Z" }, { ok: false, rule: "GRID-3" }],
    ["of a door that is done", { item: { ...visit.item!, state: "done" } }, { ok: false, rule: "state.notAllowed" }],
    ["of a door elsewhere", { item: null }, { ok: false, rule: "record.notFound" }],
    ["nobody at home, first", { outcome: "notHome", method: null }, { ok: true, counted: false, escalate: false }],
    [
      "nobody at home, again",
      { outcome: "notHome", method: null, item: { ...visit.item!, state: "notHome", attempts: 1 } },
      { ok: true, counted: false, escalate: true },
    ],
  ])("GRID-3: a visit %s", (_, change, verdict) => {
    expect(visitVerdict({ ...visit, ...change })).toMatchObject(verdict);
  });

  it.each([
    ["asked", "accepted", null, null],
    ["asked", "confirmed", "household", "state.notAllowed"],
    ["delivered", "confirmed", "household", null],
    ["delivered", "confirmed", null, "GRID-6"],
    ["delivered", "confirmed", "w1", "GRID-6"],
    ["delivered", "refused", null, "state.notAllowed"],
    ["confirmed", "delivered", null, "state.notAllowed"],
  ] as const)("GRID-6: %s to %s confirmed by %s: %s", (state, to, by, rule) => {
    expect(needRefusal({ state, deliveredBy: "w1" }, to, by)?.rule ?? null).toBe(rule);
  });

  const opened = "2022-07-24T00:00:00.000Z";
  const metSince = "2022-07-23T12:00:00.000Z";
  it.each([
    ["never met", null, null, false, opened, "notTested"],
    ["tested in the round, met", "2022-07-24T02:00:00.000Z", "2022-07-24T02:00:00.000Z", false, opened, null],
    ["tested before the round", "2022-07-24T02:00:00.000Z", "2022-07-23T02:00:00.000Z", false, opened, "notTested"],
    ["swab in a tube of the round", "2022-07-24T02:00:00.000Z", null, true, opened, null],
    ["no round, met long ago", "2022-07-22T00:00:00.000Z", null, false, null, "notMet"],
    ["no round, met today", "2022-07-24T00:00:00.000Z", null, false, null, null],
  ])("GRID-8: %s", (_, lastMetAt, lastTestedAt, sampled, roundOpenedAt, why) => {
    expect(outreachDue({ lastMetAt, lastTestedAt, sampled }, { roundOpenedAt, metSince })).toBe(why);
  });

  it.each([
    ["2022-07-24T21:59:00.000Z", null],
    ["2022-07-24T22:00:00.000Z", "morning"],
    ["2022-07-25T01:59:00.000Z", "morning"],
    ["2022-07-25T02:00:00.000Z", null],
    ["2022-07-25T08:00:00.000Z", "evening"],
    ["2022-07-25T12:00:00.000Z", null],
  ])("GRID-7: at %s it is %s", (at, half) => {
    const windows = { morning: { from: "06:00", until: "10:00" }, evening: { from: "16:00", until: "20:00" } };
    const found = halfAt(windows, at, "Asia/Shanghai");
    expect(found?.half ?? null).toBe(half);
    if (found) expect(found.day).toBe("2022-07-25");
  });

  it("GRID-7: names the lanes that were not walked", () => {
    expect(lanesMissing(["一巷", "二巷", "三巷"], ["二巷"])).toEqual(["一巷", "三巷"]);
  });

  it("GRID-9: fills the blanks, and an unknown one shows", () => {
    expect(fillText("{area}: {level} {nothing}", { area: "A", level: "high" })).toBe("A: high –");
  });
});
