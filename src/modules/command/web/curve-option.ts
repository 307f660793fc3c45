import type { EChartsCoreOption } from "echarts/core";
import type { CurveDay } from "#domain/command";
import { fontStack, seriesColours } from "#web/theme";
import type { ThemeName } from "#web/preferences";

export type CurveBy = "byReport" | "bySampling" | "byProvenance";

interface Series {
  readonly name: string;
  readonly type: "bar";
  readonly stack: string;
  readonly data: readonly number[];
  readonly itemStyle: object;
  readonly barMaxWidth: number;
  readonly barGap: string;
}

interface Words {
  readonly confirmed: string;
  readonly asymptomatic: string;
  readonly realConfirmed: string;
  readonly realAsymptomatic: string;
  readonly provenance: (name: string) => string;
  readonly axis: string;
}

function bar(name: string, stack: string, color: string, data: readonly number[]): Series {
  return { name, type: "bar", stack, data, itemStyle: { color }, barMaxWidth: 22, barGap: "8%" };
}

/** The kinds of provenance that occur, the commonest first, so that colours keep their place. */
export function provenances(days: readonly CurveDay[]): string[] {
  const sums = new Map<string, number>();
  for (const day of days) {
    for (const [name, count] of Object.entries(day.byProvenance)) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return [...sums].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
}

function seriesOf(days: readonly CurveDay[], by: CurveBy, words: Words, theme: ThemeName): Series[] {
  const colours = seriesColours[theme];
  if (by === "byProvenance") {
    return provenances(days).map((name, index) =>
      bar(
        words.provenance(name),
        "ours",
        colours.others[index % colours.others.length] ?? colours.confirmed,
        days.map((day) => day.byProvenance[name] ?? 0),
      ),
    );
  }
  const ours = [
    bar(
      words.confirmed,
      "ours",
      colours.confirmed,
      days.map((day) => day[by].confirmed),
    ),
    bar(
      words.asymptomatic,
      "ours",
      colours.asymptomatic,
      days.map((day) => day[by].asymptomatic),
    ),
  ];
  if (!days.some((day) => day.real)) return ours;
  return [
    ...ours,
    bar(
      words.realConfirmed,
      "real",
      colours.realConfirmed,
      days.map((day) => day.real?.confirmed ?? 0),
    ),
    bar(
      words.realAsymptomatic,
      "real",
      colours.realAsymptomatic,
      days.map((day) => day.real?.asymptomatic ?? 0),
    ),
  ];
}

const deskFontPx = 12;

/** The epidemic curve: our days as one stack, what really happened as another beside it. */
export function curveOption(
  days: readonly CurveDay[],
  by: CurveBy,
  words: Words,
  theme: ThemeName,
  fontSize: number = deskFontPx,
): EChartsCoreOption {
  // Room for the letters, however large they are.
  const letters = fontSize / deskFontPx;
  const ink = theme === "dark" ? "#c4ced8" : "#3c4752";
  const line = theme === "dark" ? "#2b3743" : "#dde2e7";
  return {
    animation: false,
    textStyle: { fontFamily: fontStack, fontSize },
    grid: { left: 40 * letters, right: 8, top: (letters > 1 ? 74 : 44) * letters, bottom: 24 * letters },
    legend: {
      // Nobody turns the pages of a legend on a wall.
      type: fontSize > deskFontPx ? "plain" : "scroll",
      top: 0,
      left: 0,
      itemWidth: fontSize,
      itemHeight: fontSize,
      itemGap: 14,
      textStyle: { color: ink, fontSize },
    },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true },
    xAxis: {
      type: "category",
      data: days.map((day) => day.day.slice(5)),
      axisLabel: { color: ink, hideOverlap: true, fontSize },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink } },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      name: words.axis,
      nameGap: 8,
      nameTextStyle: { color: ink, fontSize, align: "left", padding: [0, 0, 0, -32 * letters] },
      axisLabel: { color: ink, fontSize },
      splitLine: { lineStyle: { color: line } },
    },
    series: seriesOf(days, by, words, theme),
  };
}
