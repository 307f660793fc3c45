import { describe, expect, it } from "vitest";
import { epicurveSvg } from "./epicurve.svg.ts";
import { sitrepFixture } from "./sitrep.fixture.ts";
import { situationReportHtml } from "./sitrep.html.ts";
import type { SitrepDay } from "./sitrep.model.ts";

const texts = {
  title: "Curve",
  byReport: "By report",
  bySampling: "By sampling",
  confirmed: "Confirmed",
  asymptomatic: "Asymptomatic",
  real: "Real",
  cases: "Cases",
  day: "Day",
};
const day = (n: number, confirmed: number, asymptomatic: number): SitrepDay => ({
  day: `2022-07-${n}`,
  byReport: { confirmed, asymptomatic },
  bySampling: { confirmed: 0, asymptomatic: 0 },
  byProvenance: {},
});
const boxes = (svg: string): { y: number; height: number; fill: string }[] =>
  [...svg.matchAll(/<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)" fill="([^"]+)" class="b"\/>/g)].map(
    (m) => ({
      y: Number(m[1]),
      height: Number(m[2]),
      fill: m[3] ?? "",
    }),
  );

describe("epicurveSvg", () => {
  it("REP-2: draws a box a case, touching and stacked, hatched where asymptomatic", () => {
    const drawn = boxes(epicurveSvg({ days: [day(24, 1, 2), day(25, 0, 0)], marks: [], texts, id: "c" })).slice(0, 3);
    expect(drawn.map((box) => box.fill)).toEqual(["#8c1d18", "url(#c-hatch)", "url(#c-hatch)"]);
    drawn.slice(1).forEach((box, i) => expect(box.y + box.height).toBeCloseTo(drawn[i]?.y ?? -1, 1));
  });

  it("REP-2: draws one bar a class when a day has more cases than boxes can show", () => {
    const drawn = boxes(epicurveSvg({ days: [day(24, 5, 93)], marks: [], texts, id: "c" })).slice(0, 2);
    expect(drawn[1]?.height).toBeGreaterThan((drawn[0]?.height ?? 0) * 10);
  });

  it("REP-2: marks measures on their day, keeps labels inside, escapes them, and is the same each time", () => {
    const input = {
      days: [day(24, 1, 0), day(25, 2, 0)],
      marks: [{ day: "2022-07-25", label: "<stop> & go" }],
      texts,
      id: "c",
    };
    const svg = epicurveSvg(input);
    expect(svg).toContain("&lt;stop&gt; &amp; go");
    expect(svg).toBe(epicurveSvg(input));
    expect(epicurveSvg({ ...input, days: [] })).toContain("</svg>");
  });
});

describe("situationReportHtml", () => {
  it.each(["zh-CN", "en"] as const)("REP-1: prints the frozen figures in %s", (lang) => {
    const html = situationReportHtml(sitrepFixture, lang);
    expect(html).toContain(`<html lang="${lang}">`);
    expect(html).toContain("@page{size:A4");
    expect(html).toContain('counter(page) " / " counter(pages)');
    for (const figure of ["163", "1234", "888", "30306", "57", "91.3 %", "2022-07-28 19:30"])
      expect(html).toContain(figure);
    expect(html).not.toMatch(/undefined|NaN|\[object/);
    expect(html.match(/<h2>/g)).toHaveLength(11);
  });

  it("REP-1: has the red head, number, week and cut-off in Chinese, and says it is a drill", () => {
    const html = situationReportHtml(sitrepFixture, "zh-CN");
    for (const text of [
      "菏泽市疫情防控指挥部",
      "第 9 期",
      "2022 年第 30 流行病学周",
      "数据截至 2022-07-28 19:30",
      "演练 · 非真实疫情",
      "新增确诊病例 5 例、无症状感染者 93 例",
      "新增感染者中社会面检出 26 例",
      "十一、",
    ])
      expect(html).toContain(text);
    expect(
      situationReportHtml({ ...sitrepFixture, outbreak: { ...sitrepFixture.outbreak, drill: false } }, "en"),
    ).not.toContain("DRILL");
  });

  it("FIG-4: says aloud when the figures do not add up, and which", () => {
    const figures = sitrepFixture.figures.map((row) => (row.figure === "held" ? { ...row, value: 58 } : row));
    const html = situationReportHtml({ ...sitrepFixture, reconciled: false, figures }, "en");
    expect(html).toContain("do not reconcile");
    expect(html).toContain("Held ⚠");
    expect(html).not.toContain("Confirmed ⚠");
  });
});
