import { describe, expect, it } from "vitest";
import { bulletinTexts, mergedPlaces, privacyFaults, publicDefaults, requestDueAt, timeBand } from "./public.rules.ts";
import type { FrozenFigure } from "./figures.model.ts";

const both = (text: string) => ({ "zh-CN": text, en: "text" });

describe("PUB-2: what may be published", () => {
  it.each([
    ["a count", "新增确诊3例", []],
    ["a public place", "7月24日上午 庄寨镇农贸市场", []],
    ["an identity number", "患者 371721199001011234", ["identityNumber"]],
    ["a telephone", "联系 13800001234", ["phone"]],
    ["a household", "某小区3号楼2单元501室", ["household"]],
    ["a plate", "车辆鲁R12345", ["plate"]],
    ["a case's name", "感染者张三丰系", ["personName"]],
  ])("%s", (_what, text, faults) => {
    expect(privacyFaults(both(text), ["张三丰", "李"])).toEqual(faults);
  });

  it.each([
    ["2022-07-23T21:59:00.000Z", "night"],
    ["2022-07-23T22:00:00.000Z", "morning"],
    ["2022-07-24T03:00:00.000Z", "noon"],
    ["2022-07-24T06:00:00.000Z", "afternoon"],
    ["2022-07-24T10:00:00.000Z", "evening"],
  ])("gives %s as %s in Shanghai", (at, band) => {
    expect(timeBand(at, "Asia/Shanghai")).toBe(band);
  });

  it("lists the same place and band once, whoever was there", () => {
    const market = { name: "市场", nameEn: "market", day: "2022-07-24", band: "morning" as const };
    const shop = { ...market, name: "商店", day: "2022-07-23" };
    expect(mergedPlaces([market, shop, { ...market }])).toEqual([shop, market]);
  });
});

describe("PUB-1, PUB-5", () => {
  it("writes the change since the freeze before, by county, in both languages", () => {
    const row = (figure: string, areaCode: string, value: number, previous: number): FrozenFigure => ({
      figure,
      areaCode,
      detail: "",
      value,
      previous,
      change: value - previous,
    });
    const { title, body } = bulletinTexts({
      no: 5,
      cutoffAt: "2022-07-28T00:30:00.000Z",
      timeZone: "Asia/Shanghai",
      area: { "zh-CN": "菏泽市", en: "Heze" },
      drill: true,
      figures: [
        row("confirmed", "371721", 15, 10),
        row("asymptomatic", "371721", 290, 200),
        row("asymptomatic", "371702", 8, 5),
      ],
      places: [],
      nameOf: (code) => ({ "zh-CN": code === "371721" ? "曹县" : "牡丹区", en: code === "371721" ? "Cao" : "Mudan" }),
    });
    expect(title).toEqual({ "zh-CN": "菏泽市疫情通报（第5号）", en: "Heze: outbreak bulletin no. 5" });
    expect(body["zh-CN"]).toContain("新增本土确诊病例5例、无症状感染者93例");
    expect(body["zh-CN"]).toContain("曹县新增确诊5例、无症状感染者90例");
    expect(body["zh-CN"]).toContain("演练");
    expect(body.en).toContain("15 confirmed, 298 asymptomatic");
  });

  it("gives each kind of request its hours", () => {
    const rules = { ...publicDefaults, requestHours: { dialysis: 4, otherwise: 24 } };
    expect(requestDueAt(rules, "dialysis", "2022-07-24T00:00:00.000Z")).toBe("2022-07-24T04:00:00.000Z");
    expect(requestDueAt(rules, "food", "2022-07-24T00:00:00.000Z")).toBe("2022-07-25T00:00:00.000Z");
  });
});
