import { describe, expect, it } from "vitest";
import { protocolById } from "#modules/outbreaks";
import type { Sentinel } from "#domain/outbreaks";
import {
  aberrationOf,
  afterTest,
  afterVisit,
  answerAlert,
  isLate,
  lastDueDay,
  missingDays,
  nameFault,
  signalClocks,
  signalFault,
} from "./domain.ts";

const zone = "Asia/Shanghai";
const sentinel = (await protocolById("covid-19.cn-9")).sentinel as Sentinel;

describe("signals", () => {
  it.each([
    ["SEN-1 a full name", "王小明", null],
    ["SEN-1 one character", "王", "full name"],
    ["SEN-1 an asterisk", "王**", "real name"],
    ["SEN-1 no name", "匿名", "real name"],
    ["SEN-1 a minority name", "阿依古丽·买买提", null],
  ])("%s", (_rule, name, want) => {
    const fault = nameFault(name);
    if (want === null) expect(fault).toBeNull();
    else expect(fault).toContain(want);
  });

  it.each([
    ["SEN-2 37.3 is a fever", 37.3, [], [], null],
    ["SEN-2 37.2 is none", 37.2, [], [], "temperature"],
    ["SEN-2 medicine is enough", null, ["cough"], [], null],
    ["SEN-2 a class outside the four", null, ["vitamins"], [], "drugClasses"],
    ["SEN-2 a symptom is enough", 36.5, [], ["cough"], null],
  ] as const)("%s", (_rule, temperature, drugClasses, symptoms, field) => {
    expect(signalFault(sentinel, { temperature, drugClasses, symptoms })?.field ?? null).toBe(field);
  });

  it("SEN-3: a visit in four hours, a test in a day", () => {
    expect(signalClocks(sentinel, "2022-07-20T02:00:00.000Z")).toEqual({
      visitDueAt: "2022-07-20T06:00:00.000Z",
      testDueAt: "2022-07-21T02:00:00.000Z",
    });
  });

  it.each([
    ["SEN-4 to be tested", "open", "toTest", null, "visited"],
    ["SEN-4 swab taken", "visited", "sampled", null, "tested"],
    ["SEN-5 another cause needs a reason", "open", "otherCause", null, "rule.refused"],
    ["SEN-5 another cause", "open", "otherCause", "tonsillitis", "closed"],
    ["SEN-4 lost and found", "lost", "toTest", null, "visited"],
    ["SEN-4 a result is final", "negative", "toTest", null, "state.notAllowed"],
  ] as const)("%s", (_rule, state, outcome, reason, want) => {
    const next = afterVisit(state, outcome, reason);
    expect(next.ok ? next.value : next.refusal.code).toBe(want);
  });

  it.each([
    ["SEN-10 positive wins", ["negative", "positive"], "positive"],
    ["SEN-10 negative", ["invalid", "negative"], "negative"],
    ["SEN-10 unclear is no answer", ["grey"], "tested"],
    ["SEN-10 in the laboratory", [null], "tested"],
    ["SEN-10 never sampled", [], null],
  ] as const)("%s", (_rule, results, want) => {
    expect(afterTest(results.map((result) => ({ result })))).toBe(want);
  });
});

describe("counts", () => {
  it("SEN-6: late is after the unit's own time of day", () => {
    expect(isLate("2022-07-20", "18:00", "2022-07-20T10:00:00.000Z", zone)).toBe(false);
    expect(isLate("2022-07-20", "18:00", "2022-07-20T10:00:01.000Z", zone)).toBe(true);
  });

  it("SEN-7: days are missing from the day after the last return to the last day due", () => {
    expect(lastDueDay("18:00", "2022-07-20T09:59:00.000Z", zone)).toBe("2022-07-19");
    expect(lastDueDay("18:00", "2022-07-20T10:00:00.000Z", zone)).toBe("2022-07-20");
    expect(missingDays("2022-07-15", "2022-07-20", "2022-07-20")).toBe(0);
    expect(missingDays("2022-07-15", "2022-07-18", "2022-07-20")).toBe(2);
    expect(missingDays("2022-07-15", null, "2022-07-20")).toBe(6);
    expect(missingDays("2022-07-21", null, "2022-07-20")).toBe(0);
  });

  const quiet = [4, 5, 6, 5, 4, 6, 5, 5, 4, 6];
  it.each([
    ["SEN-8 nothing stands out", [...quiet, 6], null],
    ["SEN-8 every statistic", [5, ...quiet, 12], ["ratio", "deviation", "c1", "c2", "c3"]],
    ["SEN-8 too few to bother", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4], null],
    ["SEN-8 an absolute number without history", [31], ["absolute"]],
    ["SEN-8 a silent day is no zero", [...quiet, null], null],
    // 3, 3, 4, 4 … and a gap: the run that EARS needs is broken, the mean and its deviation still count.
    ["SEN-8 a gap stops EARS", [...quiet, null, 10], ["deviation"]],
    ["SEN-8 a slow rise hides from C1 only", [5, 5, 5, 5, 5, 5, 5, 5, 6, 7, 8, 9, 10], ["deviation", "c2", "c3"]],
  ] as const)("%s", (_rule, counts, rules) => {
    expect(aberrationOf(sentinel, { measure: "fever", counts })?.rules ?? null).toEqual(rules);
  });

  it.each([
    ["SEN-9 verified", "raised", true, null, "verified"],
    ["SEN-9 dismissed without a reason", "raised", false, null, "rule.refused"],
    ["SEN-9 dismissed", "raised", false, "a school party", "dismissed"],
    ["SEN-9 answered once", "verified", false, "x", "state.notAllowed"],
  ] as const)("%s", (_rule, state, real, reason, want) => {
    const next = answerAlert(state, real, reason);
    expect(next.ok ? next.value : next.refusal.code).toBe(want);
  });
});
