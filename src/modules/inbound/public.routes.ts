import Type from "typebox";
import type { Both } from "#kernel/sheet";
import { instantAt } from "#kernel/time";
import { idKinds, type IdKind } from "#domain/people";
import type { Ctx } from "#platform/context";
import { defineRoute, htmlAnswer, type Route, type TextAnswer } from "#platform/http";
import { escapeHtml, publicForm, publicPage, type PublicField } from "#public/page";
import { declare, declareForm, declareProblem } from "./declare.service.ts";
import { Declare, Declared } from "./inbound.model.ts";

const why = { public: "travellers declare before they come; the answer holds nobody's record" };
const url = "/public/declare";
const title: Both = { "zh-CN": "来（返）人员行前报备", en: "Declare your journey" };
const submit: Both = { "zh-CN": "提交", en: "Send" };
const idKindWords: Readonly<Record<IdKind, Both>> = {
  residentId: { "zh-CN": "居民身份证", en: "Resident identity card" },
  passport: { "zh-CN": "护照", en: "Passport" },
  hkMacaoPermit: { "zh-CN": "港澳通行证", en: "Hong Kong–Macao permit" },
  taiwanPermit: { "zh-CN": "台胞证", en: "Taiwan permit" },
  foreignPermit: { "zh-CN": "外国人永居证", en: "Foreigner's permit" },
  other: { "zh-CN": "其他", en: "Other" },
};

const fields: readonly PublicField[] = [
  { name: "name", label: { "zh-CN": "姓名", en: "Name" }, kind: "text", required: true, max: 100 },
  {
    name: "idKind",
    label: { "zh-CN": "证件类型", en: "Kind of identity" },
    kind: "choice",
    required: true,
    choices: idKinds.map((value) => ({ value, label: idKindWords[value] })),
  },
  { name: "idNumber", label: { "zh-CN": "证件号码", en: "Its number" }, kind: "idNumber", required: true, max: 40 },
  { name: "phone", label: { "zh-CN": "手机号", en: "Telephone" }, kind: "phone", required: true, max: 20 },
  {
    name: "areaCode",
    label: { "zh-CN": "目的地村（社区）或乡镇", en: "Village or town you go to" },
    kind: "area",
    required: true,
  },
  {
    name: "origin",
    label: { "zh-CN": "从何地来（区划代码；境外填国家名）", en: "Where from (area code; from abroad the country)" },
    kind: "text",
    required: true,
    max: 80,
    hint: { "zh-CN": "填到县（区），如 320411", en: "to the county, such as 320411" },
  },
  { name: "leftOn", label: { "zh-CN": "离开日期", en: "Day you left" }, kind: "day", required: true },
  { name: "arrivesAt", label: { "zh-CN": "预计到达时间", en: "When you arrive" }, kind: "moment", required: true },
  { name: "via", label: { "zh-CN": "途经地", en: "Places on the way" }, kind: "text", max: 200 },
  { name: "vehicle", label: { "zh-CN": "车次或车牌号", en: "Train or plate number" }, kind: "text", max: 40 },
];

const Posted = Type.Object(
  Object.fromEntries(fields.map(({ name }) => [name, Type.Optional(Type.String({ maxLength: 300 }))])),
);
type Values = Readonly<Record<string, string>>;

const needed: Both = { "zh-CN": "必填", en: "must be filled in" };
const wrongForm: Both = { "zh-CN": "格式有误", en: "is not written rightly" };

const dayForm = /^\d{4}-\d{2}-\d{2}$/;
const momentForm = /^(\d{4}-\d{2}-\d{2})[T ]([01]\d|2[0-3]):([0-5]\d)/;

/** Reads the posted form; each fault stands at its field. */
function readForm(values: Values, timeZone: string): { input: Declare } | { faults: Record<string, Both> } {
  const faults: Record<string, Both> = {};
  for (const { name, required } of fields) if (required && !values[name]) faults[name] = needed;
  const text = (name: string): string => values[name] ?? "";
  const moment = momentForm.exec(text("arrivesAt"));
  if (!faults["arrivesAt"] && moment === null) faults["arrivesAt"] = wrongForm;
  if (!faults["leftOn"] && !dayForm.test(text("leftOn"))) faults["leftOn"] = wrongForm;
  const idKind = idKinds.find((kind) => kind === text("idKind"));
  if (!faults["idKind"] && idKind === undefined) faults["idKind"] = wrongForm;
  if (Object.keys(faults).length > 0 || moment === null || idKind === undefined) return { faults };
  const [, day = "", hour = "", minute = ""] = moment;
  const input: Declare = {
    areaCode: text("areaCode"),
    name: text("name"),
    idKind,
    idNumber: text("idNumber"),
    phone: text("phone"),
    origin: text("origin").trim(),
    leftOn: text("leftOn"),
    arrivesAt: instantAt(day, `${hour}:${minute}`, timeZone),
    ...(text("via") === "" ? {} : { via: text("via") }),
    ...(text("vehicle") === "" ? {} : { vehicle: text("vehicle") }),
  };
  return { input };
}

function page(ctx: Ctx, drill: boolean, body: string): TextAnswer {
  return htmlAnswer(publicPage({ lang: ctx.lang, title, drill, body }));
}

function formPage(ctx: Ctx, drill: boolean, values: Values = {}, faults: Record<string, Both> = {}): TextAnswer {
  return page(ctx, drill, publicForm({ lang: ctx.lang, action: url, submit, fields, values, faults }));
}

async function posted(ctx: Ctx, body: object): Promise<TextAnswer> {
  const values = Object.fromEntries(Object.entries(body).map(([name, text]) => [name, String(text).trim()]));
  const { timeZone, drill } = await declareForm(ctx, {});
  const read = readForm(values, timeZone);
  if ("faults" in read) return formPage(ctx, drill, values, read.faults);
  const outcome = await declare(ctx, read.input);
  if ("faults" in outcome) return formPage(ctx, drill, values, outcome.faults);
  const { receipt, next } = outcome.declared;
  const label = ctx.lang === "en" ? "Your number" : "您的登记号";
  const lines = next.map((line) => `<li>${escapeHtml(line)}</li>`).join("");
  return page(ctx, drill, `<p>${label}: <strong>${escapeHtml(receipt)}</strong></p><ol>${lines}</ol>`);
}

/** The pages and the API for travellers, without an account. */
export const publicRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url,
    title,
    operationId: "showDeclareForm",
    tag: "inbound",
    permission: why,
    summary: "The form by which a traveller declares a journey",
    response: null,
    handler: async (ctx) => formPage(ctx, (await declareForm(ctx, {})).drill),
  }),
  defineRoute({
    method: "POST",
    url,
    operationId: "postDeclareForm",
    tag: "inbound",
    permission: why,
    summary: "The form sent: a number and what happens next, as a page",
    body: Posted,
    response: null,
    handler: (ctx, { body }) => posted(ctx, body),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/public/declare",
    operationId: "declareJourney",
    tag: "inbound",
    permission: why,
    summary: "Declare a journey: a number and what happens next",
    body: Declare,
    response: Declared,
    handler: async (ctx, { body }) => {
      const outcome = await declare(ctx, body);
      if ("faults" in outcome) throw declareProblem(outcome.faults, ctx.lang);
      return outcome.declared;
    },
  }),
];
