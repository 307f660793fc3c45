import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addDays, addHours, dayOf, daysBetween } from "#kernel/time";
import type { Both } from "#kernel/sheet";
import { idFault, isDay, normalId, normalPhone } from "#domain/people";
import { areasByCode } from "#modules/areas";
import { currentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { addArrivals, inboundRules } from "./arrivals.service.ts";
import type { Declare, Declared } from "./inbound.model.ts";
import { nextTexts } from "./public.texts.ts";

const aheadDaysMax = 30;
const agoDaysMax = 60;
/** A traveller may have crossed zones: a day further is no mistake. */
const eastmostHours = 14;
const villageDigits = 9;

const faults = {
  area: { "zh-CN": "请填写目的地的乡镇或村（社区）代码", en: "choose the town or village you go to" },
  idNumber: { "zh-CN": "证件号码有误", en: "this number is not right" },
  phone: { "zh-CN": "电话号码有误", en: "this is not a telephone number" },
  leftOn: { "zh-CN": "日期有误", en: "this day is not right" },
  arrivesAt: { "zh-CN": "到达时间有误", en: "this time is not right" },
} satisfies Record<string, Both>;

/** What is wrong with a declaration, by field; empty when nothing is. spec: INB-7 */
async function declareFaults(tx: Tx, input: Declare, timeZone: string): Promise<Record<string, Both>> {
  const today = dayOf(tx.now, timeZone);
  const found: Record<string, Both> = {};
  const known = await areasByCode(tx, [input.areaCode]);
  if (input.areaCode.length < villageDigits || !known.has(input.areaCode)) found["areaCode"] = faults.area;
  const latest = addHours(tx.now, eastmostHours).slice(0, 10);
  if (idFault(input.idKind, normalId(input.idKind, input.idNumber), { today: latest }) !== null)
    found["idNumber"] = faults.idNumber;
  if (input.phone !== undefined && normalPhone(input.phone) === null) found["phone"] = faults.phone;
  const arrivalDay = dayOf(input.arrivesAt, timeZone);
  if (!isDay(input.leftOn) || input.leftOn > addDays(arrivalDay, 1) || daysBetween(input.leftOn, today) > agoDaysMax)
    found["leftOn"] = faults.leftOn;
  if (arrivalDay > addDays(today, aheadDaysMax) || daysBetween(arrivalDay, today) > agoDaysMax)
    found["arrivesAt"] = faults.arrivesAt;
  return found;
}

/** What a public declaration comes to: an answer, or what to mend. */
export type DeclareOutcome = { readonly declared: Declared } | { readonly faults: Record<string, Both> };

/**
 * A traveller declares without an account. The answer is made from what was just sent and the public lists, so it
 * tells nothing of anybody's earlier record. spec: INB-7
 */
export const declare = useCase(
  { name: "inbound.declare", permission: "inbound.public.write", kind: "write" },
  async (tx, input: Declare): Promise<DeclareOutcome> => {
    const outbreak = await currentOutbreak(tx);
    const rules = inboundRules(outbreak);
    const wrong = await declareFaults(tx, input, outbreak.timeZone);
    if (Object.keys(wrong).length > 0) return { faults: wrong };
    const { rows } = await addArrivals(tx, outbreak, "public", [input]);
    const { receipt, level } = need(rows[0], "one traveller, one row");
    return { declared: { receipt, level, next: nextTexts(outbreak.protocol, rules, level, tx.lang) } };
  },
);

/** What the public page needs to show its form. */
export const declareForm = useCase(
  { name: "inbound.declareForm", permission: "inbound.public.read", kind: "read" },
  async (tx, _input: Record<string, never>): Promise<{ timeZone: string; drill: boolean }> => {
    const { timeZone, drill } = await currentOutbreak(tx);
    return { timeZone, drill };
  },
);

/** The fields at fault as the API names them. */
export function declareProblem(wrong: Readonly<Record<string, Both>>, lang: keyof Both): ProblemError {
  const fields = Object.entries(wrong).map(([name, text]) => ({ pointer: `/${name}`, detail: text[lang] }));
  return new ProblemError("request.invalid", {}, fields);
}
