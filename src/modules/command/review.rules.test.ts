import { describe, expect, it } from "vitest";
import { earlyActions, reviewStages, type EarlyAction } from "./review.rules.ts";

const all = (at: string | null) =>
  Object.fromEntries(earlyActions.map(({ id }) => [id, at])) as Record<EarlyAction, string | null>;
const day = (n: number, time = "00:00") => `2022-07-${String(n).padStart(2, "0")}T${time}:00.000Z`;

describe("REV-1: 7-1-7", () => {
  it.each([
    ["all in time", day(20), day(24), day(24, "12:00"), day(30), [true, true, true], [4, 0.5, 5.5]],
    ["on the last minute", day(17), day(24), day(25), "2022-08-01T00:00:00.000Z", [true, true, true], [7, 1, 7]],
    ["each too late", day(16), day(24), day(25, "00:01"), "2022-08-02T00:00:00.000Z", [false, false, false], [8, 1, 8]],
  ])("%s", (_what, emergence, detection, notification, last, met, days) => {
    const actions = { ...all(notification), told: last };
    const stages = reviewStages({ emergence, detection, notification, actions }, "2022-09-01T00:00:00.000Z");
    expect(stages.map((stage) => stage.met)).toEqual(met);
    expect(stages.map((stage) => stage.days)).toEqual(days);
  });

  it.each([
    ["still in time on its last minute", day(31), null],
    ["missed a minute later", day(31, "00:01"), false],
  ])("an interval without its end is %s", (_what, now, met) => {
    const actions = { ...all(day(24)), zoned: null };
    const stages = reviewStages({ emergence: day(20), detection: day(24), notification: day(24), actions }, now);
    expect(stages.map((stage) => stage.met)).toEqual([true, true, met]);
    expect(stages.at(-1)?.days).toBeNull();
  });
});
