import { wallClock, type Instant } from "#kernel/time";
import { escapeHtml } from "#public/page";
import { epicurveSvg, marksIn } from "./epicurve.svg.ts";
import { figureNames, type FigureName } from "./figures.model.ts";
import { brokenOf, totalOf } from "./figures.rules.ts";
import type { ReportLanguage, SitrepClock, SitrepDocument } from "./sitrep.model.ts";
import { arrowName, figureName, teamName, word, type SitrepWord } from "./sitrep.text.ts";
import { isoWeek } from "./week.rules.ts";

type Cell = string | number;

/** A table whose first column is text and whose other columns are figures when they hold numbers. */
function table(head: readonly string[], rows: readonly (readonly Cell[])[], caption?: string): string {
  const cell = (value: Cell, i: number): string =>
    i === 0
      ? `<th scope="row">${escapeHtml(String(value))}</th>`
      : `<td${typeof value === "number" ? ' class="n"' : ""}>${escapeHtml(String(value))}</td>`;
  return `<table>${caption ? `<caption>${escapeHtml(caption)}</caption>` : ""}<thead><tr>${head
    .map((title) => `<th scope="col">${escapeHtml(title)}</th>`)
    .join("")}</tr></thead><tbody>${rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("")}</tbody></table>`;
}

/** What every section is written with. */
interface Writer {
  readonly doc: SitrepDocument;
  readonly lang: ReportLanguage;
  w(key: SitrepWord, params?: Readonly<Record<string, string | number>>): string;
  at(instant: Instant): string;
}

function writerOf(doc: SitrepDocument, lang: ReportLanguage): Writer {
  return {
    doc,
    lang,
    w: (key, params) => word(lang, key, params),
    at: (instant) => {
      const { day, time } = wallClock(instant, doc.outbreak.timeZone);
      return `${day} ${time}`;
    },
  };
}

const ordinals = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一"] as const;

function sectionsOf({ lang, w }: Writer, parts: readonly (readonly [SitrepWord, string])[]): string {
  return parts
    .map(([key, body], i) => {
      const number = lang === "en" ? `${i + 1}. ` : `${ordinals[i] ?? i + 1}、`;
      return `<section><h2>${number}${escapeHtml(w(key))}</h2>${body}</section>`;
    })
    .join("\n");
}

function paragraphs(lines: readonly string[]): string {
  return lines.map((line) => `<p>${escapeHtml(line)}</p>`).join("");
}

function figureOf(
  doc: SitrepDocument,
  figure: FigureName,
  details?: readonly string[],
  areaCode = "",
): { value: number; change: number } {
  return totalOf(doc.figures, figure, { areaCode, ...(details ? { details } : {}) });
}

function highlights({ doc, lang, w }: Writer): string {
  const confirmed = figureOf(doc, "confirmed");
  const asymptomatic = figureOf(doc, "asymptomatic");
  const open = Object.keys(doc.outbreak.provenances).filter((id) => !doc.outbreak.controlledProvenances.includes(id));
  const community = figureOf(doc, "confirmed", open).change + figureOf(doc, "asymptomatic", open).change;
  const first = doc.outbreak.firstPositiveAt;
  const hours =
    first === null ? 0 : Math.max(0, Math.floor((Date.parse(doc.cutoffAt) - Date.parse(first)) / 3_600_000));
  return paragraphs([
    w("highlightNew", {
      confirmed: confirmed.change,
      asymptomatic: asymptomatic.change,
      total: confirmed.value + asymptomatic.value,
    }),
    w("highlightCommunity", { n: community }),
    w("highlightPhase", { phase: doc.outbreak.phase[lang], level: doc.outbreak.responseLevel, hours }),
    w("highlightLate", { n: doc.late.total }),
  ]);
}

function context({ doc, lang }: Writer): string {
  const measures = doc.measures.map((measure) => `<li>${escapeHtml(measure[lang])}</li>`).join("");
  return `<ul class="measures">${measures}</ul>`;
}

const caseColumns: readonly (readonly [SitrepWord, FigureName, "value" | "change"])[] = [
  ["newConfirmed", "confirmed", "change"],
  ["newAsymptomatic", "asymptomatic", "change"],
  ["allConfirmed", "confirmed", "value"],
  ["allAsymptomatic", "asymptomatic", "value"],
  ["inCare", "inCare", "value"],
  ["recovered", "recovered", "value"],
  ["died", "died", "value"],
];

function epidemiology(writer: Writer): string {
  const { doc, lang, w } = writer;
  const row = (name: string, code: string): Cell[] => [
    name,
    ...caseColumns.map(([, figure, part]) => figureOf(doc, figure, undefined, code)[part]),
  ];
  const counties = doc.counties.map((county) => row(county.name[lang], county.code));
  const byCounty = table([w("area"), ...caseColumns.map(([title]) => w(title))], [...counties, row(w("total"), "")]);
  const found = Object.entries(doc.outbreak.provenances)
    .map(([id, name]) => {
      const confirmed = figureOf(doc, "confirmed", [id]);
      const asymptomatic = figureOf(doc, "asymptomatic", [id]);
      const side = doc.outbreak.controlledProvenances.includes(id) ? w("controlled") : w("community");
      return [name[lang], side, confirmed.change + asymptomatic.change, confirmed.value + asymptomatic.value] as const;
    })
    .filter((line) => line[3] > 0);
  const byProvenance = table([w("provenance"), "", w("newCount"), w("allCount")], found, w("provenanceTitle"));
  return `${byCounty}${found.length > 0 ? byProvenance : ""}${curveFigure(writer)}`;
}

/** The curve with its caption; also used by the drill's report. */
export function curveHtml(doc: Pick<SitrepDocument, "curve" | "marks">, lang: ReportLanguage, id: string): string {
  const w = (key: SitrepWord): string => word(lang, key);
  const svg = epicurveSvg({
    days: doc.curve,
    marks: marksIn(doc.marks, lang),
    id,
    texts: {
      title: w("curveTitle"),
      byReport: w("byReport"),
      bySampling: w("bySampling"),
      confirmed: w("confirmed"),
      asymptomatic: w("asymptomatic"),
      real: w("real"),
      cases: w("cases"),
      day: w("day"),
    },
  });
  return `<figure>${svg}<figcaption>${escapeHtml(`${w("curveTitle")}. ${w("curveNote")}`)}</figcaption></figure>`;
}

function curveFigure({ doc, lang }: Writer): string {
  return doc.curve.length === 0 ? "" : curveHtml(doc, lang, `curve${doc.number}`);
}

function testing({ doc, lang, w, at }: Writer): string {
  const rows = doc.rounds.map((round) => [
    `${round.no} · ${round.areaName[lang]}`,
    at(round.openedAt),
    round.closedAt === null ? w("open") : at(round.closedAt),
    round.due,
    round.sampled,
    round.excused,
    round.resulted,
    round.positive,
  ]);
  const note = w("testedNote", {
    ...doc.tests,
    tubes: figureOf(doc, "positiveTubes").value,
    held: figureOf(doc, "held").value,
  });
  const head = [
    w("round"),
    w("opened"),
    w("closed"),
    w("due"),
    w("sampled"),
    w("excused"),
    w("resulted"),
    w("positivePeople"),
  ];
  return `${paragraphs([note])}${rows.length > 0 ? table(head, rows) : ""}`;
}

function tracing({ doc, w }: Writer): string {
  const line = (key: SitrepWord, figure: FigureName, details?: string[]): Cell[] => {
    const { value, change } = figureOf(doc, figure, details);
    return [w(key), change, value];
  };
  return table(
    ["", w("newCount"), w("allCount")],
    [
      line("close", "contacts", ["close"]),
      line("secondary", "contacts", ["secondary"]),
      line("general", "contacts", ["general"]),
      line("excludedContacts", "contactsExcluded"),
      line("convertedContacts", "contactsConverted"),
    ],
  );
}

function isolation({ doc, w }: Writer): string {
  const places = (["central", "fangcang", "hospital"] as const).map((kind): Cell[] => {
    const place = doc[kind];
    return [w(kind), figureOf(doc, "placed", [kind]).value, place.sites, place.beds, place.inUse, place.free];
  });
  const homes = (["home", "homeMonitor"] as const).map((mode): Cell[] => [
    w(mode),
    figureOf(doc, "placed", [mode]).value,
    "",
    "",
    "",
    "",
  ]);
  const released: Cell[] = [w("released"), figureOf(doc, "released").value, "", "", "", ""];
  return table(["", w("people"), w("sites"), w("beds"), w("inUse"), w("free")], [...places, ...homes, released]);
}

function zones({ doc, lang, w, at }: Writer): string {
  if (doc.zones.length === 0) return paragraphs([w("zonesNone")]);
  const level = (name: string): string => (name === "high" || name === "medium" || name === "low" ? w(name) : name);
  const rows = doc.zones.map((zone) => [
    zone.name,
    zone.areaName[lang],
    level(zone.level),
    at(zone.since),
    zone.cleanDays,
  ]);
  return table([w("zone"), w("area"), w("level"), w("since"), w("cleanDays")], rows);
}

function duration({ w, lang }: Writer, minutes: number | null): string {
  if (minutes === null) return "–";
  const space = lang === "en" ? " " : "";
  return minutes < 120
    ? `${Math.round(minutes)}${space}${w("minutes")}`
    : `${(minutes / 60).toFixed(1)}${space}${w("hours")}`;
}

function clocks(writer: Writer): string {
  const { doc, lang, w } = writer;
  const rows = doc.clocks.map((clock: SitrepClock): Cell[] => [
    arrowName(lang, clock.arrow),
    clock.ruleId,
    clock.n,
    duration(writer, clock.medianMin),
    duration(writer, clock.p90Min),
    duration(writer, clock.targetMin),
    clock.inTimeShare === null ? "–" : `${(clock.inTimeShare * 100).toFixed(1)} %`,
    clock.lateOpen,
  ]);
  return table([w("arrow"), w("rule"), w("n"), w("median"), w("p90"), w("target"), w("inTime"), w("lateOpen")], rows);
}

function late({ doc, lang, w, at }: Writer): string {
  if (doc.late.total === 0) return paragraphs([w("lateNone")]);
  const rows = doc.late.rows.map((row) => [
    teamName(lang, row.team),
    row.areaName[lang],
    row.count,
    at(row.oldestDueAt),
  ]);
  return table([w("team"), w("area"), w("count"), w("oldest")], rows);
}

function steps({ doc, lang, w, at }: Writer): string {
  if (doc.steps.length === 0) return paragraphs([w("stepsNone")]);
  const rows = doc.steps.map((step) => [step.text[lang], teamName(lang, step.team), at(step.dueAt)]);
  return table([w("step"), w("team"), w("until")], rows);
}

function reconciliation({ doc, lang, w }: Writer): string {
  const broken = new Set(brokenOf(doc.figures).map((row) => row.figure));
  const rows = figureNames.flatMap((figure): Cell[][] => {
    const lines = doc.figures.filter((row) => row.figure === figure);
    if (lines.length === 0) return [];
    const sum = (part: "previous" | "change" | "value"): number => lines.reduce((all, row) => all + row[part], 0);
    const mark = broken.has(figure) ? " ⚠" : "";
    return [[figureName(lang, figure) + mark, sum("previous"), sum("change"), sum("value")]];
  });
  return table([w("figure"), w("previous"), w("change"), w("value")], rows, w("changes"));
}

function sources(writer: Writer): string {
  const { doc, lang, w } = writer;
  const { outbreak } = doc;
  const controlled = outbreak.controlledProvenances
    .map((id) => outbreak.provenances[id]?.[lang] ?? id)
    .join(lang === "en" ? ", " : "、");
  const lines = [
    w("source1"),
    w("source2", {
      protocol: outbreak.protocol[lang],
      version: outbreak.protocolVersion,
      controlled: controlled || w("none"),
    }),
    w("source3"),
    w("source4"),
  ];
  return paragraphs(lines) + reconciliation(writer);
}

function styleOf({ doc, w }: Writer): string {
  const drill = doc.outbreak.drill ? `@top-right{content:"${w("drill")}";color:#8c1d18;font-size:9pt}` : "";
  return `@page{size:A4;margin:20mm 17mm 18mm;@bottom-center{content:counter(page) " / " counter(pages);font-size:9pt}@top-left{content:"${w("internal")}";font-size:9pt}${drill}}
:root{font-family:"Noto Serif CJK SC","Source Han Serif SC","Songti SC",SimSun,serif;color:#1a1a1a}
body{max-width:180mm;margin:0 auto;padding:8mm 4mm;font-size:11pt;line-height:1.6}
header{text-align:center;border-bottom:3px solid #c00;padding-bottom:6px;margin-bottom:10px}
header .organ{color:#c00;font-size:22pt;font-weight:700;letter-spacing:.08em;margin:0}
html[lang="en"] header .organ{font-size:18pt;letter-spacing:0}
header h1{font-size:15pt;margin:4px 0}
header .facts{display:flex;flex-wrap:wrap;justify-content:space-between;gap:4px 16px;font-size:10pt}
.drill{border:2px solid #8c1d18;color:#8c1d18;font-weight:700;text-align:center;padding:2px;margin-bottom:8px}
.broken{border:2px solid #8c1d18;background:#fff4e5;padding:6px 8px}
h2{font-size:13pt;margin:14px 0 4px;break-after:avoid}
html[lang="zh-CN"] p{text-indent:2em}p{margin:2px 0}
table{border-collapse:collapse;width:100%;font-size:9.5pt;margin:6px 0;font-variant-numeric:tabular-nums}
thead{display:table-header-group}tr{break-inside:avoid}caption{text-align:left;font-weight:600;padding:4px 0}
th,td{border:1px solid #999;padding:2px 5px;text-align:left}th[scope=row]{font-weight:400}thead th{background:#f2f2f2}td.n{text-align:right}
figure{margin:8px 0;break-inside:avoid}svg{width:100%;height:auto}figcaption{font-size:9pt;color:#555}
@media print{body{max-width:none;padding:0}thead th{-webkit-print-color-adjust:exact;print-color-adjust:exact}svg{-webkit-print-color-adjust:exact;print-color-adjust:exact}}`;
}

function headOf({ doc, lang, w, at }: Writer): string {
  const { outbreak } = doc;
  const week = isoWeek(wallClock(doc.cutoffAt, outbreak.timeZone).day);
  const facts = [
    w("serial", { n: doc.number }),
    w("issued", { time: at(doc.issuedAt) }),
    w("week", { ...week }),
    w("cutoff", { time: at(doc.cutoffAt) }),
  ];
  return `<header><p class="organ">${escapeHtml(w("organ", { area: outbreak.areaName[lang] }))}</p>
<h1>${escapeHtml(w("kind"))} · ${escapeHtml(outbreak.name[lang])}</h1>
<div class="facts">${facts.map((fact) => `<span>${escapeHtml(fact)}</span>`).join("")}</div></header>`;
}

/**
 * The situation report as one HTML page that needs nothing else and prints on A4: red head, numbered
 * sections, page numbers, the curve as SVG. The same document gives the same text. spec: REP-1 (ui.md §6)
 */
export function situationReportHtml(doc: SitrepDocument, lang: ReportLanguage): string {
  const writer = writerOf(doc, lang);
  const { w } = writer;
  const title = `${w("kind")} ${w("serial", { n: doc.number })}`;
  const drill = doc.outbreak.drill ? `<div class="drill">${escapeHtml(w("drill"))}</div>` : "";
  const broken = doc.reconciled ? "" : `<p class="broken" role="alert">${escapeHtml(w("notReconciled"))}</p>`;
  const body = sectionsOf(writer, [
    ["highlights", highlights(writer)],
    ["context", context(writer)],
    ["epidemiology", epidemiology(writer)],
    ["testing", testing(writer)],
    ["tracing", tracing(writer)],
    ["isolation", isolation(writer)],
    ["zones", zones(writer)],
    ["clocks", clocks(writer)],
    ["late", late(writer)],
    ["steps", steps(writer)],
    ["sources", sources(writer)],
  ]);
  return `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="renderer" content="webkit">
<title>${escapeHtml(title)}</title><style>${styleOf(writer)}</style></head>
<body>${drill}${headOf(writer)}${broken}
<main>${body}</main></body></html>
`;
}
