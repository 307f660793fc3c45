import Type from "typebox";
import type { Both } from "#kernel/sheet";
import { needKinds } from "#domain/outbreaks";
import type { Ctx } from "#platform/context";
import { defineRoute, htmlAnswer, type Route, type TextAnswer } from "#platform/http";
import { escapeHtml, publicForm, publicPage, type PublicField } from "#public/page";
import { PublicNeed, PublicReceipt } from "./grid.model.ts";
import { askInPublic, needFormFacts } from "./needs.service.ts";
import { needWords } from "./words.ts";

const why = { public: "households ask for what they need; the answer holds nobody's record" };
const url = "/public/needs";
const tag = "grid";
const title: Both = { "zh-CN": "居民需求登记", en: "Ask for what you need" };
const submit: Both = { "zh-CN": "提交", en: "Send" };

const fields: readonly PublicField[] = [
  { name: "areaCode", label: { "zh-CN": "所在村（社区）", en: "Your village" }, kind: "area", required: true },
  { name: "place", label: { "zh-CN": "门牌", en: "Your door" }, kind: "text", required: true, max: 200 },
  {
    name: "kind",
    label: { "zh-CN": "需要什么", en: "What you need" },
    kind: "choice",
    required: true,
    choices: needKinds.map((value) => ({ value, label: needWords[value] })),
  },
  { name: "note", label: { "zh-CN": "说明", en: "More about it" }, kind: "long", max: 400 },
];

const Posted = Type.Object(
  Object.fromEntries(fields.map(({ name }) => [name, Type.Optional(Type.String({ maxLength: 400 }))])),
);
const wrong: Both = { "zh-CN": "请核对", en: "please check this" };

function page(ctx: Ctx, drill: boolean, body: string): TextAnswer {
  return htmlAnswer(publicPage({ lang: ctx.lang, title, drill, body }));
}

async function posted(ctx: Ctx, body: Readonly<Record<string, string | undefined>>): Promise<TextAnswer> {
  const { drill } = await needFormFacts(ctx, null);
  const { areaCode = "", place = "", note = "" } = body;
  const kind = needKinds.find((one) => one === body["kind"]);
  const faults: Record<string, Both> = {};
  if (place.trim() === "") faults["place"] = wrong;
  if (kind === undefined) faults["kind"] = wrong;
  const receipt =
    kind === undefined || place.trim() === "" ? null : await askInPublic(ctx, { areaCode, place, kind, note });
  if (receipt === null || receipt.number === null) {
    if (receipt !== null) faults["areaCode"] = wrong;
    return page(ctx, drill, publicForm({ lang: ctx.lang, action: url, submit, fields, values: body, faults }));
  }
  const label = ctx.lang === "en" ? "Your number" : "您的登记号";
  return page(
    ctx,
    drill,
    `<p>${label}: <strong>${escapeHtml(receipt.number)}</strong></p><p>${escapeHtml(receipt.next)}</p>`,
  );
}

/** The page and the API by which a household asks, without an account. */
export const publicRoutes: readonly Route[] = [
  defineRoute({
    method: "GET",
    url,
    title,
    operationId: "showNeedForm",
    tag,
    permission: why,
    summary: "The form by which a household asks for food, medicine, dialysis, masks",
    response: null,
    handler: async (ctx) => {
      const { drill } = await needFormFacts(ctx, null);
      return page(ctx, drill, publicForm({ lang: ctx.lang, action: url, submit, fields }));
    },
  }),
  defineRoute({
    method: "POST",
    url,
    operationId: "postNeedForm",
    tag,
    permission: why,
    summary: "The form sent: a number and what happens next, as a page",
    body: Posted,
    response: null,
    handler: (ctx, { body }) => posted(ctx, body as Record<string, string | undefined>),
  }),
  defineRoute({
    method: "POST",
    url: "/api/v1/public/needs",
    operationId: "askNeedInPublic",
    tag,
    permission: why,
    summary: "The same as JSON",
    body: PublicNeed,
    response: PublicReceipt,
    handler: (ctx, { body }) => askInPublic(ctx, body),
  }),
];
