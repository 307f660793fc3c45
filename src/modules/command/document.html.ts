import { wallClock, type Instant } from "#kernel/time";
import { arrowName, teamName } from "#modules/reports";
import { printedDocument, printedSections, printedTable, redHead } from "#public/document";
import { escapeHtml } from "#public/page";
import type { ChronicleLine } from "./command.model.ts";
import type { Review } from "./review.model.ts";

/** In which language, of which outbreak, on which clock a document is printed. */
export interface DocumentContext {
  readonly lang: "zh-CN" | "en";
  readonly title: { readonly "zh-CN": string; readonly en: string };
  readonly drill: boolean;
  readonly timeZone: string;
  /** Whose paper it is, and until when it tells. */
  readonly area: { readonly "zh-CN": string; readonly en: string };
  readonly at: Instant;
  readonly areaName: (code: string) => string;
  readonly phaseName: (phase: string) => string;
}

const words = {
  organ: { "zh-CN": "{area}疫情防控指挥部", en: "Outbreak command post of {area}" },
  internal: { "zh-CN": "内部资料 · 不予公开", en: "Internal – not for publication" },
  cutoff: { "zh-CN": "数据截至 {time}", en: "Data as of {time}" },
  ownPart: {
    "zh-CN": "本页只统计{area}的记录，不代表全市。",
    en: "This page counts the records of {area} only, not of the whole outbreak.",
  },
  stage: { "zh-CN": "时限", en: "Stage" },
  from: { "zh-CN": "起", en: "From" },
  to: { "zh-CN": "止", en: "To" },
  result: { "zh-CN": "结果", en: "Result" },
  action: { "zh-CN": "措施", en: "Action" },
  first: { "zh-CN": "首次完成", en: "First done" },
  phase: { "zh-CN": "阶段", en: "Phase" },
  entered: { "zh-CN": "进入时间", en: "Entered" },
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

function page(context: DocumentContext, name: Word, body: string): string {
  const { lang, drill, timeZone } = context;
  const { day, time } = wallClock(context.at, timeZone);
  const kind = words[name][lang];
  return printedDocument({
    lang,
    title: `${context.title[lang]} · ${kind}`,
    internal: words.internal[lang],
    ...(drill ? { drill: words.drill[lang] } : {}),
    head: redHead({
      organ: words.organ[lang].replace("{area}", context.area[lang]),
      title: `${kind} · ${context.title[lang]}`,
      facts: [words.cutoff[lang].replace("{time}", `${day} ${time}`)],
    }),
    body,
  });
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
  const body = [...days].map(([day, told]) => `<h2>${day}</h2><ol class="told">${told.join("\n")}</ol>`).join("\n");
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
    met === null ? w("unknown") : met ? w("met") : { html: `<span class="bad">${w("missed")}</span>` },
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
  const lateTable = printedTable([...lateHead, w("escalated"), w("reopened")], late);
  const part = `<p><b>${escapeHtml(w("ownPart").replace("{area}", context.areaName(review.areaCode)))}</b></p>`;
  const sections = printedSections(lang, [
    [w("stages"), printedTable([w("stage"), w("from"), w("to"), w("days"), w("target"), w("result")], stages)],
    [
      w("actions"),
      printedTable(
        [w("action"), w("first")],
        review.actions.map((action) => [w(action.id as Word), at(action.at)]),
      ),
    ],
    [
      w("phases"),
      printedTable(
        [w("phase"), w("entered")],
        review.phases.map((phase) => [context.phaseName(phase.phase), at(phase.enteredAt)]),
      ),
    ],
    [w("clocks"), printedTable([w("arrow"), "n", w("median"), w("inTime")], clocks)],
    [w("late"), late.length === 0 ? `<p>${w("nothingLate")}</p>` : lateTable],
  ]);
  return page(context, "review", (review.whole ? "" : part) + sections);
}
