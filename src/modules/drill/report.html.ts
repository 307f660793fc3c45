import { wallClock } from "#kernel/time";
import { chronicle, situationReports } from "#modules/command";
import { arrowName, curveHtml, situationReportHtml, type SitrepDocument } from "#modules/reports";
import { printedDocument, printedTable } from "#public/document";
import { escapeHtml } from "#public/page";
import type { Tx } from "#platform/context";
import type { DrillSummary } from "./drill.model.ts";
import type { Scenario } from "./scenario.model.ts";
import type { PlayedSystem } from "./systems/system.ts";

type Cell = string | number;

const style = `
  body{max-width:1080px}h1{font-size:20pt;margin:16px 0 4px}h2{border-bottom:2px solid #8c1d18;margin-top:30px;padding-bottom:4px}p{text-indent:0!important}
  .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(210px,1fr));gap:10px;padding:0}.facts li{list-style:none;border:1px solid #c9d1db;border-radius:6px;padding:8px 12px}.facts b{display:block;font-size:15pt}
  details{border:1px solid #c9d1db;border-radius:6px;margin:8px 0;padding:6px 12px}summary{cursor:pointer;font-weight:600}iframe{width:100%;height:900px;border:0}main{overflow-x:auto}
  @media print{body{max-width:none}main{overflow:visible}details{break-inside:avoid}}`;

function shown(at: string | null, timeZone: string): string {
  if (at === null) return "未达到 · not reached";
  const { day, time } = wallClock(at, timeZone);
  return `${day} ${time}`;
}

function facts(summary: DrillSummary, scenario: Scenario): string {
  const zone = scenario.timeZone;
  const real = scenario.real;
  const rows: readonly (readonly [string, string, string])[] = [
    ["首例阳性 · First positive", shown(summary.firstPositive, zone), real ? shown(real.firstPositive, zone) : ""],
    ["社会面清零 · Community zero", shown(summary.communityZero, zone), real?.communityZero ?? ""],
    [
      "响应终止 · All-clear",
      shown(summary.allClear, zone),
      real?.zonesLifted ? `风险区解除 zones lifted ${shown(real.zonesLifted, zone)}` : "",
    ],
    ["单日高峰 · Peak day", summary.peak ? `${summary.peak.new} · ${summary.peak.date}` : "—", peakOfReal(scenario)],
    [
      "确诊 + 无症状 · Confirmed + asymptomatic",
      `${summary.total.confirmed} + ${summary.total.asymptomatic}`,
      totalOfReal(scenario),
    ],
    [
      "实际感染 · Truly infected (model)",
      `${summary.truth.infections}，${summary.truth.beforeFirstPositive} 早于首例 before the first positive`,
      "",
    ],
  ];
  return `<ul class="facts">${rows
    .map(
      ([label, value, happened]) =>
        `<li>${escapeHtml(label)}<b>${escapeHtml(value)}</b>${happened ? `实际 real: ${escapeHtml(happened)}` : ""}</li>`,
    )
    .join("")}</ul>`;
}

function peakOfReal(scenario: Scenario): string {
  const top = scenario.real?.days.toSorted((a, b) => b.total - a.total)[0];
  return top ? `${top.total} · ${top.day}` : "";
}

function totalOfReal(scenario: Scenario): string {
  if (!scenario.real || scenario.real.days.length === 0) return "";
  const confirmed = scenario.real.days.reduce((sum, day) => sum + (day.confirmed ?? 0), 0);
  const total = scenario.real.days.reduce((sum, day) => sum + day.total, 0);
  return `${confirmed} + ${total - confirmed}`;
}

function clocks(summary: DrillSummary): string {
  const rows = Object.entries(summary.clocks).map(([arrow, clock]): Cell[] => [
    `${arrowName("zh-CN", arrow)} · ${arrowName("en", arrow)}`,
    clock.n,
    clock.medianMin ?? "—",
    clock.p90Min ?? "—",
    clock.inTimeShare === null ? "—" : `${Math.round(clock.inTimeShare * 1_000) / 10} %`,
  ]);
  return printedTable(["环节 · arrow", "n", "中位 median (min)", "P90 (min)", "按时 in time"], rows);
}

function invariants(summary: DrillSummary): string {
  return printedTable(
    ["不变量 · invariant", "检查 checked", "违反 broken"],
    Object.entries(summary.invariants).map(([id, count]) => [id, count.checked, count.broken]),
  );
}

function systems(summary: DrillSummary, played: readonly PlayedSystem[]): string {
  return printedTable(
    ["系统 · system", "进 in", "办结 done", "超时 late", "未结 open"],
    played.map(({ system }): Cell[] => {
      const count = summary.systems[system.name];
      const name = `${system.title["zh-CN"]} · ${system.title.en}`;
      return [name, count?.in ?? "—", count?.done ?? "—", count?.late ?? "—", count?.open ?? "—"];
    }),
  );
}

function briefings(documents: readonly SitrepDocument[]): string {
  return documents
    .map((document) => {
      const page = situationReportHtml(document, "zh-CN");
      return `<details><summary>第 ${document.number} 期 · No. ${document.number}</summary><iframe loading="lazy" title="No. ${document.number}" srcdoc="${escapeHtml(page)}"></iframe></details>`;
    })
    .join("\n");
}

/** The whole drill as one page: the outcome beside what happened, the clocks, the curve, every briefing, the chronicle. */
export async function drillReport(
  tx: Tx,
  summary: DrillSummary,
  { scenario, systems: played }: { readonly scenario: Scenario; readonly systems: readonly PlayedSystem[] },
): Promise<string> {
  const documents = await situationReports(tx);
  const last = documents.at(-1);
  const lines = await chronicle(tx);
  const curve = last ? curveHtml(last, "zh-CN", "curve-all") : "";
  const chronicleHtml = lines
    .map(
      (line) =>
        `<li><time>${shown(line.at, scenario.timeZone)}</time>${escapeHtml(line.text["zh-CN"])}<br><small>${escapeHtml(line.text.en)}</small></li>`,
    )
    .join("\n");
  return printedDocument({
    lang: "zh-CN",
    title: `${scenario.name["zh-CN"]} · 演练报告 DRILL`,
    drill: "演练 · DRILL　不是真实疫情数据 not real surveillance data",
    head: `<h1>${escapeHtml(scenario.name["zh-CN"])} · ${escapeHtml(scenario.name.en)}</h1>
<p>种子 seed ${summary.seed} · 规模 scale ${summary.scale}（${summary.people.toLocaleString("en")} 人 people）· ${escapeHtml(summary.protocol)} · digest <code>${summary.digest.slice(0, 16)}</code></p>`,
    body: `${facts(summary, scenario)}
<h2>疫情曲线，与真实序列对照 · The curve beside the real series</h2>${curve}
<h2>环节用时 · The loop's clocks</h2>${clocks(summary)}
<h2>各系统 · Systems beside the loop</h2>${systems(summary, played)}
<h2>不变量 · Invariants</h2>${invariants(summary)}
<h2>核酸轮次 · Rounds</h2>${printedTable(
      ["轮次 no", "区域 area", "开始 opened", "应采 due", "已采 sampled", "社会面阳性 community positives"],
      summary.rounds.map((round) => [
        round.no,
        round.areaCode,
        shown(round.openedAt, scenario.timeZone),
        round.due,
        round.sampled,
        round.positives,
      ]),
    )}
<h2>大事记 · Chronicle</h2><ol class="told">${chronicleHtml}</ol>
<h2>调度会 · Briefings</h2>${briefings(documents)}`,
    style,
  });
}
