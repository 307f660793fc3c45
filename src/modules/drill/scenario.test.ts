import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { diseaseOf } from "#sim/disease";
import { loadScenario, readScenarioText } from "./scenario.load.ts";
import { delayMinutes } from "./scenario.rules.ts";

const heze = "scenarios/heze-2022/scenario.yaml";

describe("scenario files", () => {
  it("hold the census, the capacities and the real series of the account", async () => {
    const scenario = await loadScenario(heze);
    expect(scenario.population.units).toHaveLength(11);
    expect(scenario.population.total).toBe(8_795_939);
    expect(scenario.isolation.rooms).toEqual({ value: 30_306, source: "account" });
    expect(scenario.isolation.fangcang.map((phase) => phase.beds.value)).toEqual([2000, 2000, 1000]);
    const days = scenario.real?.days ?? [];
    expect(days.reduce((n, day) => n + day.total, 0)).toBe(17 + 495);
    expect(days.reduce((n, day) => n + (day.confirmed ?? 0), 0)).toBe(17);
    expect(days.find((day) => day.day === "2022-07-28")).toMatchObject({ confirmed: 5, asymptomatic: 93 });
    const counties = scenario.real?.counties ?? [];
    expect(counties.reduce((n, county) => n + county.asymptomatic, 0)).toBe(495);
  });

  it("hold a second disease in a small town", async () => {
    const scenario = await loadScenario("scenarios/rongcheng-port/scenario.yaml");
    expect(scenario.real).toBeNull();
    expect(scenario.isolation.fangcang).toEqual([]);
    const disease = diseaseOf(parse(readFileSync("scenarios/rongcheng-port/disease.yaml", "utf8")));
    expect(disease.name).toBe("MERS-CoV");
  });

  it("keep the census's mean household size in the shares of each unit", async () => {
    const { population } = await loadScenario(heze);
    const cao = population.units.find((unit) => unit.code === "371721");
    const mean = (cao?.householdSizes ?? []).reduce((n, share, i) => n + share * (i + 1), 0);
    expect(mean).toBeCloseTo(2.91, 1);
  });

  it("name the line of what is wrong", () => {
    const text = readFileSync(heze, "utf8");
    const lineOf = (part: string): number => text.split("\n").findIndex((line) => line.includes(part)) + 1;
    const cases: readonly (readonly [string, string, string])[] = [
      ["total: 8795939", "total: 8795938", "the units add to 8795939"],
      ["briefingsSource: account", "briefingsSource: nobody", "no source is named nobody"],
      ["rooms: { value: 30306, source: account }", "rooms: { value: many, source: account }", "number"],
      ["drive: { medianMin: 60, p90Min: 130", "drive: { medianMin: 60, p90Min: 13", "p90Min is below"],
    ];
    for (const [from, to, message] of cases) {
      const parsed = readScenarioText(text.replace(from, to));
      expect(parsed.ok, to).toBe(false);
      if (parsed.ok) continue;
      const fault = parsed.faults.find((f) => f.message.includes(message));
      expect(fault?.line, to).toBe(lineOf(from));
    }
  });
});

describe("delayMinutes", () => {
  it("goes through the median and the 90th percentile", () => {
    const delay = { medianMin: 60, p90Min: 150 };
    expect(delayMinutes(delay, 0.5)).toBeCloseTo(60, 6);
    expect(delayMinutes(delay, 0.9)).toBeCloseTo(150, 4);
    expect(delayMinutes(delay, 0.001)).toBeGreaterThan(0);
    expect(delayMinutes(delay, 0.999)).toBeGreaterThan(150);
  });
});
