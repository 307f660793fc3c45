import Type from "typebox";
import { Value } from "typebox/value";
import type { Both } from "#kernel/sheet";
import { wallClock } from "#kernel/time";
import { areasBelow } from "#modules/areas";
import { findCurrentOutbreak } from "#modules/outbreaks";
import type { Ctx } from "#platform/context";
import { defineRoute, htmlAnswer, type Route, type TextAnswer } from "#platform/http";
import { useCase } from "#platform/usecase";
import { escapeHtml, publicForm, publicPage, type PublicField } from "#public/page";
import { AskForHelp, requestKinds, type Publication, type RequestKind, type RequestStatus } from "./public.model.ts";
import { publishedNow } from "./publications.service.ts";
import { askForHelp, requestStatus } from "./requests.service.ts";
import { answeredRumours } from "./rumours.service.ts";

const tag = "public information";
const open = { public: "a page for everybody; shows no person" };

const kindWords: Readonly<Record<RequestKind, Both>> = {
  medicalCare: { "zh-CN": "急病就医", en: "Urgent medical care" },
  medicine: { "zh-CN": "药品", en: "Medicine" },
  dialysis: { "zh-CN": "透析、放化疗等", en: "Dialysis, chemotherapy" },
  food: { "zh-CN": "生活物资", en: "Food and daily goods" },
  mask: { "zh-CN": "口罩、酒精等防护用品", en: "Masks, alcohol" },
  transport: { "zh-CN": "出行、转运", en: "Transport" },
  testing: { "zh-CN": "核酸检测", en: "Testing" },
  travel: { "zh-CN": "往来政策", en: "Travel rules" },
  other: { "zh-CN": "其他", en: "Other" },
};
const stateWords: Readonly<Record<RequestStatus["state"], Both>> = {
  asked: { "zh-CN": "已受理，正在办理", en: "Received; being worked on" },
  referred: { "zh-CN": "已转有关部门办理", en: "Passed on to those who can help" },
  answered: { "zh-CN": "已答复", en: "Answered" },
  confirmed: { "zh-CN": "已办结", en: "Done" },
};
const titles = {
  bulletins: { "zh-CN": "疫情通报和公告", en: "Bulletins and notices" },
  rumours: { "zh-CN": "传言与事实", en: "Rumours and facts" },
  requests: { "zh-CN": "居民求助", en: "Ask for help" },
  received: { "zh-CN": "已收到您的求助", en: "Your request was received" },
  status: { "zh-CN": "求助办理情况", en: "Your request" },
} as const satisfies Readonly<Record<string, Both>>;

interface Setting {
  readonly drill: boolean;
  readonly timeZone: string;
}
type Towns = readonly { readonly value: string; readonly label: Both }[];

/** What every public page needs of the outbreak: is it a drill, and its clock. */
const setting = useCase(
  { name: "reports.publicSetting", permission: "reports.public.read", kind: "read" },
  async (tx, _input: Record<string, never>): Promise<Setting> => {
    const outbreak = await findCurrentOutbreak(tx);
    return { drill: outbreak?.drill ?? false, timeZone: outbreak?.timeZone ?? "UTC" };
  },
);

/** Where people live: the towns of the outbreak's area, for the form. */
const townChoices = useCase(
  { name: "reports.publicTowns", permission: "reports.public.read", kind: "read" },
  async (tx, _input: Record<string, never>): Promise<Towns> => {
    const area = (await findCurrentOutbreak(tx))?.areaCode ?? "";
    const county = new Map((await areasBelow(tx, area, "county")).map((row) => [row.code, row]));
    return (await areasBelow(tx, area, "town")).map((town) => {
      const above = county.get(town.parentCode ?? "");
      return {
        value: town.code,
        label: { "zh-CN": `${above?.name ?? ""}${town.name}`, en: `${town.nameEn}, ${above?.nameEn ?? ""}` },
      };
    });
  },
);

async function pageFor(
  ctx: Ctx,
  title: Both,
  body: (at: (instant: string) => string) => string | Promise<string>,
): Promise<TextAnswer> {
  const facts = await setting(ctx, {});
  const at = (instant: string): string => {
    const { day, time } = wallClock(instant, facts.timeZone);
    return `${day} ${time}`;
  };
  return htmlAnswer(publicPage({ lang: ctx.lang, title, drill: facts.drill, body: await body(at) }));
}

function article(lang: "zh-CN" | "en", item: Publication, at: (instant: string) => string): string {
  const lines = item.body[lang].split("\n").map((line) => `<p>${escapeHtml(line)}</p>`);
  return `<article><h2>${escapeHtml(item.title[lang])}</h2><p><time>${at(item.signedAt ?? item.writtenAt)}</time></p>${lines.join("")}</article>`;
}

function fieldsFor(towns: Towns): PublicField[] {
  return [
    {
      name: "areaCode",
      label: { "zh-CN": "您所在的乡镇（街道）", en: "Your town or sub-district" },
      kind: "area",
      choices: towns,
      required: true,
    },
    {
      name: "kind",
      label: { "zh-CN": "需要什么帮助", en: "What help you need" },
      kind: "choice",
      choices: requestKinds.map((value) => ({ value, label: kindWords[value] })),
      required: true,
    },
    {
      name: "text",
      label: { "zh-CN": "具体情况（住址、需要的时间和数量）", en: "Details (address, when, how much)" },
      kind: "long",
      required: true,
      max: 1_000,
    },
    { name: "phone", label: { "zh-CN": "联系电话", en: "Telephone" }, kind: "phone" },
  ];
}

const statusFields: readonly PublicField[] = [
  { name: "receipt", label: { "zh-CN": "回执号", en: "Receipt number" }, kind: "text", required: true, max: 20 },
];

function requestForm(lang: "zh-CN" | "en", towns: Towns, sent?: Record<string, string>): string {
  const wrong: Both = { "zh-CN": "请填写", en: "Please fill this in" };
  const faults =
    sent && Object.fromEntries(Value.Errors(AskForHelp, sent).map((error) => [faultyField(error), wrong] as const));
  return publicForm({
    lang,
    action: "/public/requests",
    submit: { "zh-CN": "提交", en: "Send" },
    fields: fieldsFor(towns),
    ...(sent ? { values: sent } : {}),
    ...(faults ? { faults } : {}),
  });
}

function faultyField(error: ReturnType<typeof Value.Errors>[number]): string {
  if (error.keyword === "required") return error.params.requiredProperties[0] ?? "";
  return error.instancePath.slice(1);
}

function statusForm(lang: "zh-CN" | "en"): string {
  return publicForm({
    lang,
    action: "/public/requests/status",
    submit: { "zh-CN": "查询", en: "Look up" },
    fields: statusFields,
  });
}

function statusHtml(lang: "zh-CN" | "en", status: RequestStatus, at: (instant: string) => string): string {
  const rows: readonly (readonly [Both, string])[] = [
    [{ "zh-CN": "回执号", en: "Receipt number" }, status.receipt],
    [{ "zh-CN": "类别", en: "Kind" }, kindWords[status.kind][lang]],
    [{ "zh-CN": "状态", en: "State" }, stateWords[status.state][lang]],
    [{ "zh-CN": "最迟答复", en: "Answer by" }, at(status.dueAt)],
    ...(status.answer === null ? [] : [[{ "zh-CN": "答复", en: "Answer" }, status.answer] as const]),
  ];
  return `<dl>${rows.map(([label, value]) => `<dt>${escapeHtml(label[lang])}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>`;
}

const noneYet: Both = { "zh-CN": "目前没有发布内容。", en: "Nothing is published at present." };
const keepReceipt: Both = {
  "zh-CN": "请记下回执号，可凭它查询办理情况。紧急情况请直接拨打 120。",
  en: "Keep the receipt number: with it you can see what became of your request. In an emergency call 120.",
};
const Sent = Type.Record(Type.String(), Type.String({ maxLength: 2_000 }));

export const publicPages: readonly Route[] = [
  defineRoute({
    method: "GET",
    url: "/public/bulletins",
    operationId: "bulletinsPage",
    tag,
    permission: open,
    summary: "Bulletins and notices, as a page",
    title: titles.bulletins,
    response: null,
    handler: (ctx) =>
      pageFor(ctx, titles.bulletins, async (at) => {
        const items = await publishedNow(ctx, {});
        if (items.length === 0) return `<p>${noneYet[ctx.lang]}</p>`;
        return items.map((item) => article(ctx.lang, item, at)).join("\n");
      }),
  }),
  defineRoute({
    method: "GET",
    url: "/public/rumours",
    operationId: "rumoursPage",
    tag,
    permission: open,
    summary: "Rumours and the facts that answer them, as a page",
    title: titles.rumours,
    response: null,
    handler: (ctx) =>
      pageFor(ctx, titles.rumours, async () => {
        const items = await answeredRumours(ctx, {});
        if (items.length === 0) return `<p>${noneYet[ctx.lang]}</p>`;
        return items
          .map(
            (item) =>
              `<article><h2>${escapeHtml(item.claim)}</h2><p>${escapeHtml(item.fact?.[ctx.lang] ?? "")}</p><p><small>${escapeHtml(item.source ?? "")}</small></p></article>`,
          )
          .join("\n");
      }),
  }),
  defineRoute({
    method: "GET",
    url: "/public/requests",
    operationId: "requestsPage",
    tag,
    permission: open,
    summary: "Ask for help, as a page",
    title: titles.requests,
    response: null,
    handler: (ctx) =>
      pageFor(
        ctx,
        titles.requests,
        async () =>
          `${requestForm(ctx.lang, await townChoices(ctx, {}))}<h2>${titles.status[ctx.lang]}</h2>${statusForm(ctx.lang)}`,
      ),
  }),
  defineRoute({
    method: "POST",
    url: "/public/requests",
    operationId: "sendRequest",
    tag,
    permission: { public: "anybody may ask for help" },
    summary: "Send the form for help",
    body: Sent,
    response: null,
    handler: async (ctx, { body }) => {
      const { lang: _lang, ...sent } = body;
      if (!Value.Check(AskForHelp, sent))
        return pageFor(ctx, titles.requests, async () => requestForm(ctx.lang, await townChoices(ctx, {}), sent));
      const status = await askForHelp(ctx, sent);
      return pageFor(
        ctx,
        titles.received,
        (at) => `<p>${keepReceipt[ctx.lang]}</p>${statusHtml(ctx.lang, status, at)}`,
      );
    },
  }),
  defineRoute({
    method: "POST",
    url: "/public/requests/status",
    operationId: "requestStatusPage",
    tag,
    permission: { public: "whoever holds the receipt sees that request's state" },
    summary: "What became of a request, as a page",
    body: Sent,
    response: null,
    handler: async (ctx, { body }) => {
      const status = await requestStatus(ctx, { receipt: body["receipt"] ?? "" });
      return pageFor(ctx, titles.status, (at) => statusHtml(ctx.lang, status, at));
    },
  }),
];
