import { wallClock, type Instant } from "#kernel/time";
import { printedDocument, printedSections, printedTable, redHead } from "#public/document";
import { escapeHtml } from "#public/page";
import { epicurveSvg, marksIn } from "./epicurve.svg.ts";
import { figureNames, type FigureName } from "./figures.model.ts";
import { brokenOf, totalOf } from "./figures.rules.ts";
import type { ReportLanguage, SitrepClock, SitrepDocument } from "./sitrep.model.ts";
import { arrowName, figureName, teamName, word, type SitrepWord } from "./sitrep.text.ts";
import { isoWeek } from "./week.rules.ts";

type Cell = string | number;

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

function sectionsOf({ lang, w }: Writer, parts: readonly (readonly [SitrepWord, string])[]): string {
  return printedSections(
    lang,
    parts.map(([key, body]) => [w(key), body]),
  );
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
  const byCounty = printedTable(
    [w("area"), ...caseColumns.map(([title]) => w(title))],
    [...counties, row(w("total"), "")],
  );
  const found = Object.entries(doc.outbreak.provenances)
    .map(([id, name]) => {
      const confirmed = figureOf(doc, "confirmed", [id]);
      const asymptomatic = figureOf(doc, "asymptomatic", [id]);
      const side = doc.outbreak.controlledProvenances.includes(id) ? w("controlled") : w("community");
      return [name[lang], side, confirmed.change + asymptomatic.change, confirmed.value + asymptomatic.value] as const;
    })
    .filter((line) => line[3] > 0);
  const byProvenance = printedTable([w("provenance"), "", w("newCount"), w("allCount")], found, w("provenanceTitle"));
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
  return `${paragraphs([note])}${rows.length > 0 ? printedTable(head, rows) : ""}`;
}

function tracing({ doc, w }: Writer): string {
  const line = (key: SitrepWord, figure: FigureName, details?: string[]): Cell[] => {
    const { value, change } = figureOf(doc, figure, details);
    return [w(key), change, value];
  };
  return printedTable(
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
  return printedTable(["", w("people"), w("sites"), w("beds"), w("inUse"), w("free")], [...places, ...homes, released]);
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
  return printedTable([w("zone"), w("area"), w("level"), w("since"), w("cleanDays")], rows);
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
  return printedTable(
    [w("arrow"), w("rule"), w("n"), w("median"), w("p90"), w("target"), w("inTime"), w("lateOpen")],
    rows,
  );
}

function late({ doc, lang, w, at }: Writer): string {
  if (doc.late.total === 0) return paragraphs([w("lateNone")]);
  const rows = doc.late.rows.map((row) => [
    teamName(lang, row.team),
    row.areaName[lang],
    row.count,
    at(row.oldestDueAt),
  ]);
  return printedTable([w("team"), w("area"), w("count"), w("oldest")], rows);
}

function steps({ doc, lang, w, at }: Writer): string {
  if (doc.steps.length === 0) return paragraphs([w("stepsNone")]);
  const rows = doc.steps.map((step) => [step.text[lang], teamName(lang, step.team), at(step.dueAt)]);
  return printedTable([w("step"), w("team"), w("until")], rows);
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
  return printedTable([w("figure"), w("previous"), w("change"), w("value")], rows, w("changes"));
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

function headOf({ doc, lang, w, at }: Writer): string {
  const { outbreak } = doc;
  const week = isoWeek(wallClock(doc.cutoffAt, outbreak.timeZone).day);
  const facts = [
    w("serial", { n: doc.number }),
    w("issued", { time: at(doc.issuedAt) }),
    w("week", { ...week }),
    w("cutoff", { time: at(doc.cutoffAt) }),
  ];
  return redHead({
    organ: w("organ", { area: outbreak.areaName[lang] }),
    title: `${w("kind")} · ${outbreak.name[lang]}`,
    facts,
  });
}

/**
 * The situation report as one HTML page that needs nothing else and prints on A4: red head, numbered
 * sections, page numbers, the curve as SVG. The same document gives the same text. spec: REP-1 (ui.md §6)
 */
export function situationReportHtml(doc: SitrepDocument, lang: ReportLanguage): string {
  const writer = writerOf(doc, lang);
  const { w } = writer;
  const title = `${w("kind")} ${w("serial", { n: doc.number })}`;
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
  return printedDocument({
    lang,
    title,
    internal: w("internal"),
    ...(doc.outbreak.drill ? { drill: w("drill") } : {}),
    head: headOf(writer) + broken,
    body,
  });
}
