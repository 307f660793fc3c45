import { wallClock, type Day, type Instant } from "#kernel/time";
import { printedDocument, printedTable, type Html } from "#public/document";
import { escapeHtml } from "#public/page";
import type { Finding, FindingState, Severity } from "./domain.ts";

const stateWords: Readonly<Record<FindingState, string>> = {
  open: "待整改 · to be put right",
  rectified: "待复查 · to be re-checked",
  closed: "已销号 · closed",
  sentBack: "退回 · sent back",
  escalated: "超期升级 · late, escalated",
};
const severityWords: Readonly<Record<Severity, string>> = {
  severe: "严重 · severe",
  serious: "较重 · serious",
  minor: "一般 · minor",
};

const heads = [
  "序号 · No",
  "地点 · place",
  "问题 · problem",
  "程度 · grade",
  "责任专班 · owner",
  "发现 · found",
  "期限 · due",
  "状态 · state",
];

function table(rows: readonly Finding[], now: Instant, shown: (at: Instant) => string): string {
  const line = (row: Finding, i: number): (string | number | Html)[] => {
    const late = row.state !== "closed" && row.state !== "rectified" && row.dueAt < now;
    const repeats = row.repeats > 0 ? `<small>重复 ${row.repeats + 1} 次 · found ${row.repeats + 1} times</small>` : "";
    return [
      i + 1,
      { html: `${escapeHtml(row.placeName)}<small>${escapeHtml(row.placeId)}</small>` },
      { html: `${escapeHtml(row.text)}<small>${escapeHtml(row.textEn)}</small>${repeats}` },
      { html: severityWords[row.severity] + (row.fixNow ? "<small>立行立改 · fix now</small>" : "") },
      row.ownerTeam,
      shown(row.foundAt),
      { html: `<span${late ? ' class="late"' : ""}>${shown(row.dueAt)}</span>` },
      stateWords[row.state],
    ];
  };
  return printedTable(heads, rows.map(line));
}

/** The day's problem list as a page to print, in both languages, a county a table. spec: INS-14 */
export function problemListHtml(input: {
  readonly day: Day;
  readonly zone: string;
  readonly now: Instant;
  readonly rows: readonly Finding[];
  readonly areas: ReadonlyMap<string, { readonly name: string; readonly nameEn: string }>;
}): string {
  const { day, zone, now, rows, areas } = input;
  const shown = (at: Instant): string => {
    const clock = wallClock(at, zone);
    return `${clock.day.slice(5)} ${clock.time}`;
  };
  const counties = [...new Set(rows.map((row) => row.areaCode.slice(0, 6)))].toSorted();
  const parts = counties.map((code) => {
    const area = areas.get(code);
    const own = rows.filter((row) => row.areaCode.startsWith(code));
    const open = own.filter((row) => row.state !== "closed").length;
    const title = `${area?.name ?? code} · ${area?.nameEn ?? code}`;
    const counts = `未销号 ${open} · open ${open}, 已销号 ${own.length - open} · closed ${own.length - open}`;
    return `<h2>${escapeHtml(title)}</h2><p>${counts}</p>${table(own, now, shown)}`;
  });
  const none = rows.length === 0 ? "<p>无问题 · no problems</p>" : "";
  return printedDocument({
    lang: "zh-CN",
    title: `问题清单 · problem list ${day}`,
    head: `<h1>督导检查问题清单 · Problem list of inspection, ${day}</h1><p>${rows.length} 项 · items</p>`,
    body: none + parts.join(""),
    wide: true,
  });
}
