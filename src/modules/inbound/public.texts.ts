import type { Both } from "#kernel/sheet";
import type { Inbound, Protocol } from "#domain/outbreaks";
import type { ArrivalLevel } from "./inbound.model.ts";
import { planFor } from "./inbound.rules.ts";

/** What a traveller is told after declaring: the level, the plan by its name in the protocol, who comes and when. */

const levels: Readonly<Record<ArrivalLevel, Both>> = {
  abroad: { "zh-CN": "您来自境外。", en: "You come from abroad." },
  high: { "zh-CN": "您来自高风险地区。", en: "You come from a high-risk area." },
  medium: { "zh-CN": "您来自中风险地区。", en: "You come from a medium-risk area." },
  low: { "zh-CN": "您来自低风险地区或涉疫县区。", en: "You come from a low-risk area or an affected county." },
  none: {
    "zh-CN": "您所来的地区目前不在重点地区名单内。",
    en: "The place you come from is not on the list of key regions today.",
  },
};

const roads: Readonly<Record<"escorted" | "tested" | "passed", Both>> = {
  escorted: {
    "zh-CN": "请勿自行乘坐公共交通，到站或到卡口后向工作人员出示登记号，由专人专车点对点接回。",
    en: "Do not take public transport. Show your number at the station or the checkpoint: you will be met and driven home.",
  },
  tested: {
    "zh-CN": "到站或到卡口后出示登记号，并做落地检。",
    en: "Show your number at the station or the checkpoint and take a test on arrival.",
  },
  passed: { "zh-CN": "到站或到卡口后出示登记号即可通行。", en: "Show your number at the station or the checkpoint." },
};

/** The texts for a level, in one language. */
export function nextTexts(protocol: Protocol, rules: Inbound, level: ArrivalLevel, lang: keyof Both): string[] {
  const texts = [levels[level][lang]];
  const { plan } = planFor(rules, level);
  const name = plan === null ? undefined : protocol.plans[plan]?.name;
  if (name) texts.push(lang === "en" ? `What applies to you: ${name.en}.` : `适用的管理措施：${name["zh-CN"]}。`);
  texts.push(roads[level === "none" ? "passed" : (rules.levels[level]?.road ?? "passed")][lang]);
  const hours = Math.round(rules.visit.declaredMinutes / 60);
  texts.push(
    lang === "en"
      ? `Your village or community will contact you within ${hours} hours of your arrival.`
      : `您到达后 ${hours} 小时内，村（社区）会与您联系。`,
  );
  const fever = rules.road.feverCelsius;
  texts.push(
    lang === "en"
      ? `If you have a temperature of ${fever} °C or more, or a cough, tell the staff and go to a fever clinic, not to a pharmacy.`
      : `如体温达到 ${fever}℃ 或有咳嗽等症状，请主动告知工作人员并到发热门诊就诊，不要自行购药。`,
  );
  return texts;
}
