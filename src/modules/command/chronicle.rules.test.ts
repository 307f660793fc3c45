import { describe, expect, it } from "vitest";
import { chronicleOf, type ChronicleFact } from "./chronicle.rules.ts";

const both = (text: string) => ({ "zh-CN": text, en: text });
const context = { timeZone: "Asia/Shanghai", areaCode: "3717", areaName: both, phaseName: both };
const fact = (at: string, name: string, data: Record<string, unknown> = {}, areaCode = "371721"): ChronicleFact => ({
  at,
  name,
  areaCode,
  data,
});

describe("chronicleOf", () => {
  it("CMD-8: tells the first of its kind once, tallies what comes in numbers by the day, in order", () => {
    const lines = chronicleOf(
      [
        fact("2022-07-24T01:00:00.000Z", "outbreaks.opened", { protocolId: "p" }, "3717"),
        fact("2022-07-24T02:00:00.000Z", "cases.preliminary", { caseId: "a" }, "371721102201"),
        fact("2022-07-24T03:00:00.000Z", "cases.preliminary", { caseId: "b" }, "371721102201"),
        fact("2022-07-24T04:00:00.000Z", "cases.diagnosed", { state: "confirmed" }),
        fact("2022-07-24T05:00:00.000Z", "cases.diagnosed", { state: "asymptomatic" }),
        fact("2022-07-24T15:59:00.000Z", "cases.diagnosed", { state: "asymptomatic" }),
        fact("2022-07-24T16:01:00.000Z", "cases.diagnosed", { state: "asymptomatic" }),
        fact("2022-07-25T00:30:00.000Z", "command.briefingHeld", {
          no: 1,
          slot: "08:30",
          decisions: 2,
          newConfirmed: 1,
          newAsymptomatic: 3,
        }),
        fact("2022-07-25T01:00:00.000Z", "screening.roundOpened", { kind: "recheck", no: 4, due: 3 }),
        fact("2022-07-25T02:00:00.000Z", "screening.roundOpened", { kind: "area", no: 1, due: 800 }),
        fact("2022-07-25T03:00:00.000Z", "isolation.siteOpened", { kind: "fangcang", phase: 2, beds: 2000 }),
      ],
      context,
    );
    expect(lines.map((line) => line.text.en)).toEqual([
      "Response opened under p",
      "First preliminary positive (371721)",
      "Diagnosed on the day: 1 confirmed, 2 asymptomatic",
      "Diagnosed on the day: 0 confirmed, 1 asymptomatic",
      "Briefing 1 (08:30): 1 new confirmed, 3 new asymptomatic, 2 directives",
      "Area round 1 opened in 371721: 800 people due",
      "Opened in 371721: fangcang hospital phase 2, 2000 beds",
    ]);
    expect(lines.every((line) => line.text["zh-CN"].length > 0)).toBe(true);
  });
});
