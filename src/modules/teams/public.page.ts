import { ProblemError } from "#kernel/errors";
import type { Both } from "#kernel/sheet";
import { findCurrentOutbreak } from "#modules/outbreaks";
import type { Ctx } from "#platform/context";
import { htmlAnswer, type TextAnswer } from "#platform/http";
import { useCase } from "#platform/usecase";
import { escapeHtml, publicForm, publicPage, type PublicField } from "#public/page";
import { skills, type VolunteerApplication } from "./teams.model.ts";
import { registerVolunteer } from "./volunteers.service.ts";
import { skillWords } from "./words.rules.ts";

const title: Both = { "zh-CN": "志愿者报名", en: "Volunteer" };
const fields: readonly PublicField[] = [
  { name: "name", label: { "zh-CN": "姓名", en: "Name" }, kind: "text", required: true, max: 100 },
  { name: "phone", label: { "zh-CN": "手机号", en: "Phone" }, kind: "phone", required: true },
  {
    name: "areaCode",
    label: { "zh-CN": "愿意服务的社区（村）", en: "Where you can help" },
    kind: "area",
    required: true,
  },
  {
    name: "skill",
    label: { "zh-CN": "擅长", en: "What you can do" },
    kind: "choice",
    choices: skills.map((value) => ({ value, label: skillWords[value] })),
  },
  { name: "note", label: { "zh-CN": "补充说明", en: "Anything else" }, kind: "long", max: 500 },
];

const faultWords: Readonly<Record<string, Both>> = {
  name: { "zh-CN": "请填写姓名", en: "must be filled in" },
  phone: { "zh-CN": "手机号有误", en: "is not a phone number" },
  areaCode: { "zh-CN": "没有这个区划", en: "there is no such area" },
  skill: { "zh-CN": "请从列表中选择", en: "choose one of the list" },
};

const isDrill = useCase(
  { name: "teams.publicDrill", permission: "teams.public.read", kind: "read" },
  async (tx, _input: null): Promise<boolean> => (await findCurrentOutbreak(tx))?.drill ?? false,
);

async function page(ctx: Ctx, body: string): Promise<TextAnswer> {
  return htmlAnswer(publicPage({ lang: ctx.lang, title, drill: await isDrill(ctx, null), body }));
}

const submit: Both = { "zh-CN": "提交报名", en: "Send" };
const action = "/public/volunteer";

/** The empty form by which a resident offers to help. */
export async function volunteerForm(ctx: Ctx): Promise<TextAnswer> {
  return page(ctx, publicForm({ lang: ctx.lang, action, submit, fields }));
}

/** Takes the form; what is wrong comes back beside its field, what is right with a receipt and what happens next. */
export async function sendVolunteerForm(ctx: Ctx, sent: VolunteerApplication): Promise<TextAnswer> {
  try {
    const { receipt, decideBy } = await registerVolunteer(ctx, sent);
    const next =
      ctx.lang === "en"
        ? `We have received it. Your receipt is <strong>${escapeHtml(receipt)}</strong>. You will be answered by ${escapeHtml(decideBy)} (UTC).`
        : `报名已收到，回执号 <strong>${escapeHtml(receipt)}</strong>。最迟于 ${escapeHtml(decideBy)}（UTC）前答复。`;
    return await page(ctx, `<p>${next}</p>`);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== "request.invalid") throw error;
    const faults = Object.fromEntries(
      error.fields.flatMap(({ pointer }) => {
        const words = faultWords[pointer.slice(1)];
        return words ? [[pointer.slice(1), words]] : [];
      }),
    );
    return page(ctx, publicForm({ lang: ctx.lang, action, submit, fields, values: { ...sent }, faults }));
  }
}
