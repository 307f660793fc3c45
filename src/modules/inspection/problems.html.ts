import { wallClock, type Day, type Instant } from "#kernel/time";
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

const style = `
  body { font: 14px/1.5 "Noto Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif; color: #1c2430; margin: 24px; }
  h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 24px 0 6px; border-bottom: 2px solid #8c1d18; }
  table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #c9d1db; padding: 4px 6px; text-align: left; vertical-align: top; }
  thead { display: table-header-group; } tr { break-inside: avoid; } .late { color: #8c1d18; font-weight: 700; } small { color: #46535f; display: block; }`;

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
  const line = (row: Finding, i: number): string => {
    const late = row.state !== "closed" && row.state !== "rectified" && row.dueAt < now;
    const repeats = row.repeats > 0 ? `<small>重复 ${row.repeats + 1} 次 · found ${row.repeats + 1} times</small>` : "";
    const cells = [
      String(i + 1),
      `${escapeHtml(row.placeName)}<small>${escapeHtml(row.placeId)}</small>`,
      `${escapeHtml(row.text)}<small>${escapeHtml(row.textEn)}</small>${repeats}`,
      severityWords[row.severity] + (row.fixNow ? "<small>立行立改 · fix now</small>" : ""),
      escapeHtml(row.ownerTeam),
      shown(row.foundAt),
      `<span${late ? ' class="late"' : ""}>${shown(row.dueAt)}</span>`,
      stateWords[row.state],
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  };
  return `<table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead><tbody>${rows
    .map(line)
    .join("")}</tbody></table>`;
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
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>问题清单 · problem list ${day}</title><style>${style}</style></head>
<body><h1>督导检查问题清单 · Problem list of inspection, ${day}</h1><p>${rows.length} 项 · items</p>${none}${parts.join("")}</body></html>`;
}
