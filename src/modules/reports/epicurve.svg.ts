import { daysBetween } from "#kernel/time";
import type { SitrepCount, SitrepDay, SitrepMark } from "./sitrep.model.ts";

/** Texts of one curve, in the reader's language. */
export interface EpicurveTexts {
  readonly title: string;
  readonly byReport: string;
  readonly bySampling: string;
  readonly confirmed: string;
  readonly asymptomatic: string;
  readonly real: string;
  readonly cases: string;
  readonly day: string;
}

export interface EpicurveInput {
  readonly days: readonly SitrepDay[];
  readonly marks: readonly { readonly day: string; readonly label: string }[];
  readonly texts: EpicurveTexts;
  /** Gives ids that are unique on a page with several curves. */
  readonly id: string;
}

const width = 900;
const left = 46;
const right = 12;
const panelHeight = 190;
const markRowHeight = 13;
const panelGap = 58;
/** Above so many cases a day single boxes are too small to see, and bars are drawn (CDC practice). */
const boxesPerDayMax = 40;
const dayLabelsMax = 16;

// Red and orange of different lightness: told apart by the colour-blind and in grey print; the hatch is a second sign.
const colours = { confirmed: "#8c1d18", asymptomatic: "#f0b06a", real: "#1f5fa8", ink: "#222", mark: "#555" } as const;

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function total(count: SitrepCount): number {
  return count.confirmed + count.asymptomatic;
}

/** A round step that gives at most six ticks. */
function tickStep(max: number): number {
  for (let power = 1; ; power *= 10) for (const step of [1, 2, 5]) if (max / (step * power) <= 6) return step * power;
}

interface Frame {
  readonly top: number;
  readonly dayWidth: number;
  readonly unit: number;
  readonly max: number;
  readonly boxes: boolean;
}

function axisOf(frame: Frame, input: EpicurveInput, title: string): string {
  const bottom = frame.top + panelHeight;
  const parts = [`<text x="${left}" y="${frame.top - 8}" class="t">${escaped(title)}</text>`];
  const step = tickStep(frame.max);
  for (let value = 0; value <= frame.max; value += step) {
    const y = bottom - value * frame.unit;
    parts.push(`<line x1="${left}" x2="${width - right}" y1="${y}" y2="${y}" class="g"/>`);
    parts.push(`<text x="${left - 6}" y="${y + 4}" class="n">${value}</text>`);
  }
  const every = Math.max(1, Math.ceil(input.days.length / dayLabelsMax));
  input.days.forEach((day, i) => {
    const x = left + (i + 0.5) * frame.dayWidth;
    if (i % every === 0) parts.push(`<text x="${x}" y="${bottom + 15}" class="d">${day.day.slice(5)}</text>`);
  });
  const middle = frame.top + panelHeight / 2;
  parts.push(`<line x1="${left}" x2="${width - right}" y1="${bottom}" y2="${bottom}" class="a"/>`);
  parts.push(`<line x1="${left}" x2="${left}" y1="${frame.top}" y2="${bottom}" class="a"/>`);
  parts.push(`<text transform="translate(12 ${middle}) rotate(-90)" class="d">${escaped(input.texts.cases)}</text>`);
  parts.push(`<text x="${(left + width) / 2}" y="${bottom + 30}" class="d">${escaped(input.texts.day)}</text>`);
  return parts.join("");
}

/** One day's stack: a box a case while boxes can be seen, else one bar a class. */
function stackOf(frame: Frame, id: string, i: number, count: SitrepCount): string {
  const bottom = frame.top + panelHeight;
  const x = (left + i * frame.dayWidth).toFixed(2);
  const w = frame.dayWidth.toFixed(2);
  let y = bottom;
  let text = "";
  for (const name of ["confirmed", "asymptomatic"] as const) {
    const pieces = frame.boxes ? count[name] : Math.min(1, count[name]);
    const height = frame.boxes ? frame.unit : count[name] * frame.unit;
    for (let piece = 0; piece < pieces; piece++) {
      y -= height;
      const fill = name === "confirmed" ? colours.confirmed : `url(#${id}-hatch)`;
      text += `<rect x="${x}" y="${y.toFixed(2)}" width="${w}" height="${height.toFixed(2)}" fill="${fill}" class="b"/>`;
    }
  }
  return text;
}

function realOf(frame: Frame, input: EpicurveInput): string {
  const points = input.days.flatMap((day, i) =>
    day.real === undefined
      ? []
      : [{ x: left + (i + 0.5) * frame.dayWidth, y: frame.top + panelHeight - total(day.real) * frame.unit }],
  );
  if (points.length === 0) return "";
  const line = points.map((p) => `${p.x.toFixed(1)},${p.y.toFixed(1)}`).join(" ");
  const dots = points.map((p) => `<circle cx="${p.x.toFixed(1)}" cy="${p.y.toFixed(1)}" r="3" class="r"/>`).join("");
  return `<polyline points="${line}" class="rl"/>${dots}`;
}

function marksOf(input: EpicurveInput, top: number, bottom: number, dayWidth: number): string {
  const first = input.days[0]?.day;
  if (first === undefined) return "";
  return input.marks
    .map((mark, row) => {
      const at = daysBetween(first, mark.day);
      if (at < 0 || at >= input.days.length) return "";
      const x = left + at * dayWidth;
      const y = top + row * markRowHeight;
      // Labels near the right edge stand left of their line, so that none is cut off.
      const end = at > input.days.length * 0.7;
      const anchor = end ? `x="${x - 4}" text-anchor="end"` : `x="${x + 4}"`;
      return `<line x1="${x}" x2="${x}" y1="${y}" y2="${bottom}" class="m"/><text ${anchor} y="${y + 9}" class="ml">${escaped(mark.label)}</text>`;
    })
    .join("");
}

function legendOf(input: EpicurveInput, y: number): string {
  const items = [
    [`<rect x="0" y="-10" width="12" height="12" fill="${colours.confirmed}" class="b"/>`, input.texts.confirmed],
    [`<rect x="0" y="-10" width="12" height="12" fill="url(#${input.id}-hatch)" class="b"/>`, input.texts.asymptomatic],
  ];
  if (input.days.some((day) => day.real !== undefined))
    items.push(['<circle cx="6" cy="-4" r="3" class="r"/>', input.texts.real]);
  return items
    .map(
      ([sign, text], i) =>
        `<g transform="translate(${left + i * 230} ${y})">${sign}<text x="18" y="0">${escaped(text ?? "")}</text></g>`,
    )
    .join("");
}

/** How many cases the tallest day of either panel has. */
function tallest(days: readonly SitrepDay[]): number {
  return days.reduce(
    (most, day) =>
      Math.max(most, total(day.byReport), total(day.bySampling), day.real === undefined ? 0 : total(day.real)),
    1,
  );
}

/**
 * The epidemic curve as SVG: stacked counts by report day and, below it, by sampling day; both panels
 * have one scale, boxes touch, and the measures stand where they were taken. The same input gives the same text.
 */
export function epicurveSvg(input: EpicurveInput): string {
  const marksHeight = input.marks.length * markRowHeight;
  const top = 40 + marksHeight;
  const second = top + panelHeight + panelGap;
  const height = second + panelHeight + 64;
  const max = tallest(input.days);
  const dayWidth = (width - left - right) / Math.max(1, input.days.length);
  const shared = { dayWidth, unit: panelHeight / max, max, boxes: max <= boxesPerDayMax };
  const panels = [
    { frame: { ...shared, top }, title: input.texts.byReport, key: "byReport" },
    { frame: { ...shared, top: second }, title: input.texts.bySampling, key: "bySampling" },
  ] as const;
  const body = panels.map(({ frame, title, key }) => {
    const stacks = input.days.map((day, i) => stackOf(frame, input.id, i, day[key])).join("");
    return axisOf(frame, input, title) + stacks + (key === "byReport" ? realOf(frame, input) : "");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(input.texts.title)}" class="epicurve">
<style>.epicurve text{font-size:11px;fill:${colours.ink}}.epicurve .t{font-weight:600;font-size:13px}.epicurve .n{text-anchor:end}.epicurve .d{text-anchor:middle}.epicurve .g{stroke:#ddd;stroke-width:.6}.epicurve .a{stroke:${colours.ink};stroke-width:1}.epicurve .b{stroke:#fff;stroke-width:.5}.epicurve .m{stroke:${colours.mark};stroke-dasharray:3 3}.epicurve .ml{fill:${colours.mark}}.epicurve .r{fill:#fff;stroke:${colours.real};stroke-width:1.6}.epicurve .rl{fill:none;stroke:${colours.real};stroke-width:1.4}</style>
<defs><pattern id="${input.id}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="${colours.asymptomatic}"/><line x1="0" y1="0" x2="0" y2="5" stroke="#7a4a12" stroke-width="1.2"/></pattern></defs>
${body.join("\n")}
${marksOf(input, 24, top + panelHeight, dayWidth)}
${legendOf(input, height - 12)}
</svg>`;
}

/** The marks in the reader's language. */
export function marksIn(marks: readonly SitrepMark[], lang: "zh-CN" | "en"): { day: string; label: string }[] {
  return marks.map((mark) => ({ day: mark.day, label: mark.label[lang] }));
}
