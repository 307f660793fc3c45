import { wallClock, type Instant } from "#kernel/time";
import { arrowName, teamName } from "#modules/reports";
import { escapeHtml } from "#public/page";
import type { ChronicleLine } from "./command.model.ts";
import type { Review } from "./review.model.ts";

/** In which language, of which outbreak, on which clock a document is printed. */
export interface DocumentContext {
  readonly lang: "zh-CN" | "en";
  readonly title: { readonly "zh-CN": string; readonly en: string };
  readonly drill: boolean;
  readonly timeZone: string;
  readonly areaName: (code: string) => string;
}

const words = {
  drill: { "zh-CN": "演练 · 不是真实疫情", en: "DRILL – no real outbreak" },
  chronicle: { "zh-CN": "大事记", en: "Chronicle" },
  review: { "zh-CN": "处置复盘", en: "After-action review" },
  stages: { "zh-CN": "7-1-7 时限", en: "7-1-7" },
  detect: { "zh-CN": "发现（首例发病或采样 → 首例阳性）", en: "Detect (first onset or sample → first positive)" },
  notify: { "zh-CN": "报告（首例阳性 → 首次网络直报）", en: "Notify (first positive → first statutory report)" },
  respond: { "zh-CN": "处置（首次报告 → 早期措施全部启动）", en: "Respond (first report → every early action begun)" },
  days: { "zh-CN": "天数", en: "Days" },
  target: { "zh-CN": "目标（天）", en: "Target (days)" },
  met: { "zh-CN": "达标", en: "met" },
  missed: { "zh-CN": "未达标", en: "missed" },
  unknown: { "zh-CN": "尚无", en: "not yet" },
  actions: { "zh-CN": "早期措施首次完成时间", en: "Early actions, first done" },
  held: { "zh-CN": "阳性管人员先行管控", en: "People of a positive tube held" },
  tested: { "zh-CN": "完成首轮核酸", en: "First round finished" },
  traced: { "zh-CN": "判定首批密接", en: "First contacts identified" },
  placed: { "zh-CN": "首批人员隔离到位", en: "First people in their rooms" },
  zoned: { "zh-CN": "划定首个风险区", en: "First zone published" },
  commanded: { "zh-CN": "首次调度会", en: "First briefing" },
  told: { "zh-CN": "首次发布通报", en: "First bulletin published" },
  phases: { "zh-CN": "阶段", en: "Phases" },
  clocks: { "zh-CN": "环节用时", en: "The loop's clocks" },
  arrow: { "zh-CN": "环节", en: "Arrow" },
  median: { "zh-CN": "中位（分）", en: "Median (min)" },
  inTime: { "zh-CN": "按时率", en: "In time" },
  late: { "zh-CN": "哪些晚了", en: "What was late" },
  kind: { "zh-CN": "任务", en: "Task" },
  team: { "zh-CN": "责任方", en: "Team" },
  area: { "zh-CN": "县区", en: "County" },
  tasks: { "zh-CN": "任务数", en: "Tasks" },
  lateCount: { "zh-CN": "超时", en: "Late" },
  medianLate: { "zh-CN": "超时中位（分）", en: "Median lateness (min)" },
  worst: { "zh-CN": "最长超时（分）", en: "Worst (min)" },
  escalated: { "zh-CN": "升级", en: "Escalated" },
  reopened: { "zh-CN": "退回重办", en: "Reopened" },
  nothingLate: { "zh-CN": "没有超时的任务。", en: "Nothing was late." },
} as const;
type Word = keyof typeof words;

const style = `
  body { font: 15px/1.6 "Noto Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif; color: #1c2430; margin: 0 auto; max-width: 900px; padding: 24px; }
  .drill { background: #8c1d18; color: #fff; font-weight: 700; padding: 8px 14px; text-align: center; }
  h1 { font-size: 25px; } h2 { border-bottom: 2px solid #8c1d18; font-size: 18px; margin-top: 30px; padding-bottom: 4px; }
  table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #c9d1db; font-variant-numeric: tabular-nums; padding: 4px 8px; text-align: left; }
  ol { list-style: none; padding-left: 0; } ol li { border-left: 3px solid #1f5fa8; margin: 4px 0; padding: 2px 0 2px 12px; } time { color: #46535f; margin-right: 8px; }
  .bad { color: #8c1d18; font-weight: 700; }
  @media print { body { max-width: none; padding: 0; } h2 { break-after: avoid; } tr, li { break-inside: avoid; } }`;

function page(context: DocumentContext, name: Word, body: string): string {
  const { lang, drill } = context;
  const title = escapeHtml(`${context.title[lang]} · ${words[name][lang]}`);
  return `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${style}</style></head><body>
${drill ? `<div class="drill">${words.drill[lang]}</div>` : ""}
<h1>${title}</h1>
${body}
</body></html>
`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = (row: readonly (string | number)[], tag: "th" | "td") =>
    row.map((cell) => `<${tag}>${escapeHtml(String(cell))}</${tag}>`).join("");
  return `<table><thead><tr>${cells(head, "th")}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("")}</tbody></table>`;
}

/** The chronicle by calendar day of the outbreak, newest last. */
export function chronicleHtml(lines: readonly ChronicleLine[], context: DocumentContext): string {
  const days = new Map<string, string[]>();
  for (const line of lines) {
    const { day, time } = wallClock(line.at, context.timeZone);
    const told = days.get(day) ?? [];
    told.push(`<li><time>${time}</time>${escapeHtml(line.text[context.lang])}</li>`);
    days.set(day, told);
  }
  const body = [...days].map(([day, told]) => `<h2>${day}</h2><ol>${told.join("\n")}</ol>`).join("\n");
  return page(context, "chronicle", body);
}

/** The after-action review: 7-1-7, early actions, phases, clocks, and what was late. */
export function reviewHtml(review: Review, context: DocumentContext): string {
  const { lang } = context;
  const w = (key: Word) => words[key][lang];
  const at = (instant: Instant | null): string => {
    if (instant === null) return w("unknown");
    const { day, time } = wallClock(instant, context.timeZone);
    return `${day} ${time}`;
  };
  const stages = review.stages.map(({ stage, from, to, days, targetDays, met }) => [
    w(stage as Word),
    at(from),
    at(to),
    days ?? "–",
    targetDays,
    met === null ? w("unknown") : w(met ? "met" : "missed"),
  ]);
  const clocks = review.clocks.map((clock) => [
    arrowName(lang, clock.arrow),
    clock.n,
    clock.medianMin ?? "–",
    clock.inTimeShare === null ? "–" : `${Math.round(clock.inTimeShare * 100)} %`,
  ]);
  const late = review.late.map((row) => [
    row.kind,
    teamName(lang, row.team),
    context.areaName(row.areaCode),
    row.tasks,
    row.late,
    row.medianLateMin ?? "–",
    row.worstLateMin ?? "–",
    row.escalated,
    row.reopened,
  ]);
  const lateHead = [w("kind"), w("team"), w("area"), w("tasks"), w("lateCount"), w("medianLate"), w("worst")];
  const lateTable = table([...lateHead, w("escalated"), w("reopened")], late);
  return page(
    context,
    "review",
    `<h2>${w("stages")}</h2>${table(["", "→", "", w("days"), w("target"), ""], stages)}
<h2>${w("actions")}</h2>${table(
      ["", ""],
      review.actions.map((action) => [w(action.id as Word), at(action.at)]),
    )}
<h2>${w("phases")}</h2>${table(
      ["", ""],
      review.phases.map((phase) => [phase.phase, at(phase.enteredAt)]),
    )}
<h2>${w("clocks")}</h2>${table([w("arrow"), "n", w("median"), w("inTime")], clocks)}
<h2>${w("late")}</h2>${late.length === 0 ? `<p>${w("nothingLate")}</p>` : lateTable}`,
  );
}
