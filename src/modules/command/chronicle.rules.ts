import type { Both } from "#domain/reports";
import { dayOf, type Day, type Instant } from "#kernel/time";
import type { ChronicleLine } from "./command.model.ts";

/** An event as the chronicle reads it. */
export interface ChronicleFact {
  readonly at: Instant;
  readonly name: string;
  readonly areaCode: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ChronicleContext {
  readonly timeZone: string;
  readonly areaCode: string;
  readonly areaName: (code: string) => Both;
  readonly phaseName: (phase: string) => Both;
}

/** The events the chronicle tells of. */
export const chronicleEvents = [
  "outbreaks.opened",
  "outbreaks.responseLevelChanged",
  "outbreaks.protocolMoved",
  "outbreaks.closed",
  "screening.roundOpened",
  "screening.roundClosed",
  "screening.tubePositive",
  "cases.preliminary",
  "cases.diagnosed",
  "cases.reclassified",
  "zones.published",
  "zones.levelChanged",
  "isolation.siteOpened",
  "command.phaseReached",
  "command.briefingHeld",
  "command.directiveRelayed",
  "command.reopened",
  "command.suspended",
] as const;

type Line = Omit<ChronicleLine, "at" | "areaCode">;

function text(zh: string, en: string): Both {
  return { "zh-CN": zh, en };
}

function words(data: Readonly<Record<string, unknown>>, name: string): string {
  const value = data[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

type Teller = (fact: ChronicleFact, context: ChronicleContext) => Line | undefined;

const placeNames: Readonly<Record<string, Both>> = {
  central: text("集中隔离点", "central quarantine site"),
  fangcang: text("方舱医院", "fangcang hospital"),
  hospital: text("定点医院", "designated hospital"),
};

/** Events told one by one. */
const single: Readonly<Record<string, Teller>> = {
  "outbreaks.opened": (fact) => ({
    kind: "opened",
    text: text(
      `启动疫情处置，执行 ${words(fact.data, "protocolId")}`,
      `Response opened under ${words(fact.data, "protocolId")}`,
    ),
  }),
  "outbreaks.responseLevelChanged": (fact) => ({
    kind: "level",
    text: text(
      `响应级别 ${words(fact.data, "from")} → ${words(fact.data, "to")}`,
      `Response level ${words(fact.data, "from")} → ${words(fact.data, "to")}`,
    ),
  }),
  "outbreaks.protocolMoved": (fact) => ({
    kind: "protocol",
    text: text(
      `方案调整：${words(fact.data, "from")} → ${words(fact.data, "to")}`,
      `Protocol moved: ${words(fact.data, "from")} → ${words(fact.data, "to")}`,
    ),
  }),
  "outbreaks.closed": () => ({ kind: "closed", text: text("疫情处置结束", "Response closed") }),
  "screening.roundOpened": (fact, { areaName }) => {
    if (fact.data["kind"] !== "area") return undefined;
    const name = areaName(fact.areaCode);
    const [no, due] = [words(fact.data, "no"), words(fact.data, "due")];
    return {
      kind: "round",
      text: text(
        `${name["zh-CN"]}第 ${no} 轮区域核酸开始，应采 ${due} 人`,
        `Area round ${no} opened in ${name.en}: ${due} people due`,
      ),
    };
  },
  "screening.roundClosed": (fact, { areaName }) => {
    if (fact.data["kind"] !== "area") return undefined;
    const name = areaName(fact.areaCode);
    const [no, finds] = [words(fact.data, "no"), words(fact.data, "communityPositives")];
    return {
      kind: "round",
      text: text(
        `${name["zh-CN"]}第 ${no} 轮区域核酸结束，社会面检出 ${finds} 例`,
        `Area round ${no} closed in ${name.en}: ${finds} community finds`,
      ),
    };
  },
  "isolation.siteOpened": (fact, { areaName }) => {
    const name = areaName(fact.areaCode.slice(0, 6));
    const kind = placeNames[words(fact.data, "kind")] ?? text(words(fact.data, "kind"), words(fact.data, "kind"));
    const [phase, beds] = [words(fact.data, "phase"), words(fact.data, "beds")];
    const [zhPhase, enPhase] = phase === "" ? ["", ""] : [`第 ${phase} 期`, ` phase ${phase}`];
    return {
      kind: "site",
      text: text(
        `${name["zh-CN"]}启用${kind["zh-CN"]}${zhPhase}，床位 ${beds} 张`,
        `Opened in ${name.en}: ${kind.en}${enPhase}, ${beds} beds`,
      ),
    };
  },
  "command.phaseReached": (fact, { phaseName }) => {
    const name = phaseName(words(fact.data, "phase"));
    return { kind: "phase", text: text(`进入阶段：${name["zh-CN"]}`, `Phase reached: ${name.en}`) };
  },
  "command.reopened": stepTold,
  "command.suspended": stepTold,
  "command.directiveRelayed": (fact) => ({
    kind: "directive",
    text: text(
      `传达第 ${words(fact.data, "no")} 号部署：${words(fact.data, "titleZh")}`,
      `Directive ${words(fact.data, "no")} relayed: ${words(fact.data, "titleEn")}`,
    ),
  }),
  "command.briefingHeld": (fact) => {
    const [no, slot, decisions] = [words(fact.data, "no"), words(fact.data, "slot"), words(fact.data, "decisions")];
    const [confirmed, asymptomatic] = [words(fact.data, "newConfirmed"), words(fact.data, "newAsymptomatic")];
    return {
      kind: "briefing",
      text: text(
        `${slot} 调度会（第 ${no} 期）：新增确诊 ${confirmed}、无症状 ${asymptomatic}，部署 ${decisions} 项`,
        `Briefing ${no} (${slot}): ${confirmed} new confirmed, ${asymptomatic} new asymptomatic, ${decisions} directives`,
      ),
    };
  },
};

const steps: Readonly<Record<string, Both>> = {
  "command.reopened": text("恢复", "Reopened"),
  "command.suspended": text("再次管控", "Closed again"),
};

function stepTold(fact: ChronicleFact): Line {
  const word = steps[fact.name] ?? text("", "");
  return {
    kind: "reopening",
    text: text(`${word["zh-CN"]}：${words(fact.data, "nameZh")}`, `${word.en}: ${words(fact.data, "nameEn")}`),
  };
}

/** Events of which only the first of the outbreak is told. */
const firstOnly: Readonly<Record<string, Teller>> = {
  "screening.tubePositive": () => ({ kind: "firstTube", text: text("首个阳性管", "First positive tube") }),
  "cases.preliminary": (fact, { areaName }) => {
    const name = areaName(fact.areaCode.slice(0, 6));
    return {
      kind: "firstPositive",
      text: text(`首例初筛阳性（${name["zh-CN"]}）`, `First preliminary positive (${name.en})`),
    };
  },
};

interface DayCount {
  readonly at: Instant;
  readonly counts: Map<string, number>;
}

/** Events that come in numbers are told once a day, with how many there were, at the time of the last. */
function tallies(facts: readonly ChronicleFact[], timeZone: string): Map<string, Map<Day, DayCount>> {
  const byName = new Map<string, Map<Day, DayCount>>();
  for (const fact of facts) {
    if (fact.name in single || fact.name in firstOnly) continue;
    const days = byName.get(fact.name) ?? new Map<Day, DayCount>();
    byName.set(fact.name, days);
    const day = dayOf(fact.at, timeZone);
    const counts = days.get(day)?.counts ?? new Map<string, number>();
    const key = words(fact.data, "state") || words(fact.data, "to") || words(fact.data, "level");
    counts.set(key, (counts.get(key) ?? 0) + 1);
    days.set(day, { at: fact.at, counts });
  }
  return byName;
}

function tallyLine(name: string, counts: ReadonlyMap<string, number>): Line | undefined {
  const n = (key: string): number => counts.get(key) ?? 0;
  if (name === "cases.diagnosed")
    return {
      kind: "cases",
      text: text(
        `当日诊断确诊病例 ${n("confirmed")} 例、无症状感染者 ${n("asymptomatic")} 例`,
        `Diagnosed on the day: ${n("confirmed")} confirmed, ${n("asymptomatic")} asymptomatic`,
      ),
    };
  if (name === "cases.reclassified")
    return {
      kind: "reclassified",
      text: text(
        `当日转归/订正 ${[...counts.values()].reduce((a, b) => a + b, 0)} 例`,
        `Reclassified on the day: ${[...counts.values()].reduce((a, b) => a + b, 0)}`,
      ),
    };
  if (name === "zones.published")
    return {
      kind: "zones",
      text: text(
        `当日划定高风险区 ${n("high")} 个、中风险区 ${n("medium")} 个`,
        `Zones drawn on the day: ${n("high")} high, ${n("medium")} medium`,
      ),
    };
  if (name === "zones.levelChanged")
    return {
      kind: "zones",
      text: text(
        `当日风险区调整：升高 ${n("high")}、转中 ${n("medium")}、解除 ${n("low")}`,
        `Zone levels changed on the day: ${n("high")} to high, ${n("medium")} to medium, ${n("low")} lifted`,
      ),
    };
  return undefined;
}

/** The outbreak's story in order, in both languages; it counts people and names none. spec: CMD-8 */
export function chronicleOf(facts: readonly ChronicleFact[], context: ChronicleContext): ChronicleLine[] {
  const lines: ChronicleLine[] = [];
  const told = new Set<string>();
  for (const fact of facts) {
    const once = firstOnly[fact.name];
    if (once !== undefined && told.has(fact.name)) continue;
    told.add(fact.name);
    const line = (once ?? single[fact.name])?.(fact, context);
    if (line !== undefined) lines.push({ at: fact.at, areaCode: fact.areaCode, ...line });
  }
  for (const [name, days] of tallies(facts, context.timeZone))
    for (const { at, counts } of days.values()) {
      const line = tallyLine(name, counts);
      if (line !== undefined) lines.push({ at, areaCode: context.areaCode, ...line });
    }
  // The sort is stable: what happened at one moment stays in the order in which it happened.
  return lines.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
