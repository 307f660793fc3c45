import type { Both } from "#domain/reports";
import type { LoopClock } from "./board.model.ts";
import type { Proposal } from "./command.model.ts";

/** What a briefing looks at when it decides. */
export interface AgendaFacts {
  readonly areaCode: string;
  readonly late: readonly { readonly team: string; readonly count: number }[];
  readonly clocks: readonly LoopClock[];
  readonly arrowTeams: Readonly<Record<string, string>>;
  readonly round: {
    readonly action: "open" | "pause" | "openFinal" | "stop";
    readonly rule: string;
    readonly why: Both;
  } | null;
  readonly zonesRipe: readonly { readonly areaCode: string; readonly areaName: Both; readonly count: number }[];
  readonly places: readonly {
    readonly kind: "central" | "fangcang" | "hospital";
    readonly beds: number;
    readonly free: number;
  }[];
  readonly arrowNames: Readonly<Record<string, Both>>;
}

/** Below this share in time an arrow comes onto the agenda. */
export const inTimeShareWanted = 0.9;
/** Below this share of free beds more must be opened. */
export const freeShareWanted = 0.15;
/** Which team answers for an arrow of the loop. */
export const arrowTeams: Readonly<Record<string, string>> = {
  collectToReceive: "courier",
  receiveToResult: "lab",
  collectToResult: "screening",
  resultToHold: "cdc",
  positiveToRecheck: "doorSampling",
  preliminaryToReport: "cdc",
  positiveToCore: "tracing",
  contactToPlaced: "transport",
  secondaryToPlaced: "grid",
  positiveToControl: "transport",
  roundOpenToResulted: "screening",
  positiveToZone: "command",
};

const placeNames: Readonly<Record<string, Both>> = {
  central: { "zh-CN": "集中隔离点", en: "central quarantine" },
  fangcang: { "zh-CN": "方舱医院", en: "the fangcang hospital" },
  hospital: { "zh-CN": "定点医院", en: "the hospitals" },
};

const roundTexts: Readonly<Record<string, Both>> = {
  open: { "zh-CN": "按日继续区域核酸", en: "Open the next area round" },
  pause: { "zh-CN": "连续轮次无社会面感染，暂停区域核酸", en: "Pause area rounds: enough clean ones in a row" },
  openFinal: { "zh-CN": "暂停期满，组织最后一轮区域核酸", en: "The pause is over: open the final round" },
  stop: { "zh-CN": "达到停止条件，停止区域核酸", en: "Stop area rounds: the stop rule is met" },
};

function lateProposals(facts: AgendaFacts): Proposal[] {
  return facts.late.map(({ team, count }) => ({
    kind: "clearOverdue",
    rule: "CMD-5",
    areaCode: facts.areaCode,
    team,
    text: {
      "zh-CN": `当夜清零超期任务 ${count} 项并说明原因`,
      en: `Clear ${count} overdue tasks tonight and say why they were late`,
    },
  }));
}

function clockProposals(facts: AgendaFacts): Proposal[] {
  return facts.clocks
    .filter((clock) => clock.inTimeShare !== null && clock.inTimeShare < inTimeShareWanted)
    .map((clock) => {
      const name = facts.arrowNames[clock.arrow] ?? { "zh-CN": clock.arrow, en: clock.arrow };
      const share = Math.round((clock.inTimeShare ?? 0) * 100);
      return {
        kind: "speedUp",
        rule: clock.ruleId || "CMD-6",
        areaCode: facts.areaCode,
        team: facts.arrowTeams[clock.arrow] ?? "command",
        text: {
          "zh-CN": `${name["zh-CN"]}按时率 ${share}%，超时未完成 ${clock.lateOpen} 项，查明堵点并整改`,
          en: `${name.en}: ${share} % in time, ${clock.lateOpen} late and open; find the bottleneck and mend it`,
        },
      };
    });
}

function placeProposals(facts: AgendaFacts): Proposal[] {
  return facts.places
    .filter((place) => place.beds > 0 && place.free / place.beds < freeShareWanted)
    .map((place) => ({
      kind: "openPlaces",
      rule: "CMD-7",
      areaCode: facts.areaCode,
      team: "isolation",
      text: {
        "zh-CN": `${placeNames[place.kind]?.["zh-CN"]}空余 ${place.free} 张（共 ${place.beds} 张），启用后备场所`,
        en: `${place.free} of ${place.beds} beds free in ${placeNames[place.kind]?.en}: open the reserve`,
      },
    }));
}

/** What the protocol and the figures put before the briefing, most pressing first. spec: CMD-5 */
export function proposalsOf(facts: AgendaFacts): Proposal[] {
  const lift = facts.zonesRipe.map((row) => ({
    kind: "liftZones",
    rule: "ZONE-LIFT",
    areaCode: row.areaCode,
    team: "command",
    text: {
      "zh-CN": `${row.areaName["zh-CN"]} ${row.count} 个风险区已满足连续无新增天数，核对末日核酸后调整`,
      en: `${row.areaName.en}: ${row.count} zones have their clean days; check the last day's round and lower them`,
    },
  }));
  const round =
    facts.round === null
      ? []
      : [
          {
            kind: `round.${facts.round.action}`,
            rule: facts.round.rule,
            areaCode: facts.areaCode,
            team: "screening",
            text: {
              "zh-CN": `${roundTexts[facts.round.action]?.["zh-CN"]}（${facts.round.why["zh-CN"]}）`,
              en: `${roundTexts[facts.round.action]?.en} (${facts.round.why.en})`,
            },
          },
        ];
  return [...lateProposals(facts), ...round, ...placeProposals(facts), ...clockProposals(facts), ...lift];
}
