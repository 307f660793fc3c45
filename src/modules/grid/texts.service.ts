import { ProblemError } from "#kernel/errors";
import { wallClock } from "#kernel/time";
import type { ZoneLevel } from "#domain/outbreaks";
import { areaByCode } from "#modules/areas";
import { progressOf } from "#modules/screening";
import type { Tx } from "#platform/context";
import type { TextAnswer } from "#platform/http";
import { useCase } from "#platform/usecase";
import type { TextQuery, TextTemplates } from "./grid.model.ts";
import { fillText } from "./grid.rules.ts";
import { gridWork } from "./grids.service.ts";
import { zoneAt } from "./streets.store.ts";

/** What each level is called, and what it asks of people. */
const levelWords: Readonly<Record<ZoneLevel, Readonly<Record<"zh-CN" | "en", readonly [string, string]>>>> = {
  high: {
    "zh-CN": ["高风险区", "足不出户、上门服务"],
    en: ["high-risk area", "stay at home, services come to the door"],
  },
  medium: {
    "zh-CN": ["中风险区", "人不出区、错峰取物"],
    en: ["medium-risk area", "stay inside the area and fetch goods in turn"],
  },
  low: { "zh-CN": ["低风险区", "个人防护、避免聚集"], en: ["low-risk area", "protect yourself and avoid gatherings"] },
};

/** What is known of the place and the round, as words of the reader's language. */
async function factsOf(tx: Tx, query: TextQuery, timeZone: string): Promise<Record<string, string>> {
  const area = await areaByCode(tx, query.areaCode);
  if (!area) throw new ProblemError("record.notFound", { what: "area" });
  const moment = (at: string): string => {
    const { day, time } = wallClock(at, timeZone);
    return `${day} ${time}`;
  };
  const facts: Record<string, string> = { area: tx.lang === "en" ? area.nameEn : area.name };
  const zone = await zoneAt(tx, query.areaCode);
  const [level, stay] = levelWords[zone?.level ?? "low"][tx.lang];
  Object.assign(facts, { level, stay });
  if (zone) facts["since"] = moment(zone.since);
  if (query.roundId !== undefined) {
    const round = await progressOf(tx, query.roundId);
    Object.assign(facts, { no: String(round.no), opens: moment(round.openedAt) });
    if (round.dueAt !== null) facts["until"] = moment(round.dueAt);
  }
  return facts;
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign);

function htmlOf(lang: string, title: string, body: string): string {
  return `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<style>body{font:20px/1.9 serif;max-width:32em;margin:3em auto}h1{text-align:center;font-size:1.6em}@media print{body{margin:0 auto}}</style>
</head><body><h1>${escaped(title)}</h1>
${body
  .split("\n")
  .map((line) => `<p>${escaped(line)}</p>`)
  .join("\n")}
</body></html>
`;
}

/** A leaflet or a loudspeaker text about a zone or a round, in the reader's language. spec: GRID-9 */
export const renderText = useCase(
  { name: "grid.renderText", permission: "grid.text.read", kind: "read", area: (input: TextQuery) => input.areaCode },
  async (tx, query): Promise<TextAnswer> => {
    const { outbreak, grid } = await gridWork(tx);
    const template = grid.texts.find((text) => text.id === query.template);
    if (!template) throw new ProblemError("record.notFound", { what: "text" });
    const facts = await factsOf(tx, query, outbreak.timeZone);
    const title = fillText(template.title[tx.lang], facts);
    const body = fillText(template.body[tx.lang], facts);
    if (query.format === "text") return { contentType: "text/plain; charset=utf-8", text: `${title}\n\n${body}\n` };
    return { contentType: "text/html; charset=utf-8", text: htmlOf(tx.lang, title, body) };
  },
);

export const listTexts = useCase(
  { name: "grid.texts", permission: "grid.text.read", kind: "read" },
  async (tx, _input: null): Promise<TextTemplates> => {
    const { grid } = await gridWork(tx);
    return { items: grid.texts.map((text) => ({ id: text.id, kind: text.kind, title: text.title[tx.lang] })) };
  },
);
