/** One row of the error catalogue; `title` and `next` are shown to people in both languages. */
export interface ErrorRow {
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;
  readonly title: { readonly en: string; readonly "zh-CN": string };
  /** What the person can do about it. */
  readonly next: { readonly en: string; readonly "zh-CN": string };
}

/** Turns the catalogue's literal into typed rows without losing its keys. */
function rows<K extends string>(table: Record<K, ErrorRow>): Record<K, ErrorRow> {
  return table;
}

/**
 * Every error the system can show. A new error is a new row here: the docs page
 * and the API's problem+json are made from it.
 */
export const errorCatalogue = rows({
  "request.invalid": {
    status: 400,
    title: { en: "The request is not valid", "zh-CN": "请求内容有误" },
    next: { en: "Correct the named field and send it again.", "zh-CN": "请改正所指字段后重新提交。" },
  },
  "auth.required": {
    status: 401,
    title: { en: "Log in first", "zh-CN": "请先登录" },
    next: { en: "Log in, then repeat the action.", "zh-CN": "登录后重试。" },
  },
  "auth.badCredentials": {
    status: 401,
    title: { en: "Wrong log-in or password", "zh-CN": "账号或密码错误" },
    next: {
      en: "Check both, or ask the administrator to reset the password.",
      "zh-CN": "请核对，或请管理员重置密码。",
    },
  },
  "auth.forbidden": {
    status: 403,
    title: { en: "Your role does not allow this", "zh-CN": "您的角色无此权限" },
    next: {
      en: "Ask your duty officer for someone who holds {permission}.",
      "zh-CN": "请联系值班人员，由具有 {permission} 权限的人员办理。",
    },
  },
  "auth.outsideJurisdiction": {
    status: 403,
    title: { en: "This lies outside your area", "zh-CN": "超出您的辖区" },
    next: { en: "Ask the area that owns it, or your parent area.", "zh-CN": "请联系所属辖区或上级处理。" },
  },
  "auth.reasonRequired": {
    status: 422,
    title: { en: "A reason is needed to read personal data", "zh-CN": "查询个人信息须填写事由" },
    next: { en: "Give the purpose; it is kept in the audit.", "zh-CN": "请填写用途，系统将留痕审计。" },
  },
  "record.notFound": {
    status: 404,
    title: { en: "No such {what}", "zh-CN": "未找到该{what}" },
    next: { en: "It may be outside your area, or the address is wrong.", "zh-CN": "可能不在您的辖区，或地址有误。" },
  },
  "record.conflict": {
    status: 409,
    title: { en: "Someone changed this first", "zh-CN": "他人已先行修改" },
    next: { en: "Reload, look at the change, then repeat yours.", "zh-CN": "请刷新查看后再操作。" },
  },
  "record.duplicate": {
    status: 409,
    title: { en: "This {what} already exists", "zh-CN": "该{what}已存在" },
    next: { en: "Open the existing one instead.", "zh-CN": "请直接使用已有记录。" },
  },
  "key.reused": {
    status: 409,
    title: { en: "The idempotency key was used for another request", "zh-CN": "幂等键已用于其他请求" },
    next: { en: "Make a new key for a new request.", "zh-CN": "新请求请使用新键。" },
  },
  "state.notAllowed": {
    status: 409,
    title: { en: "Not possible in the state «{state}»", "zh-CN": "当前状态“{state}”不允许此操作" },
    next: { en: "Look at the record's timeline for what must come first.", "zh-CN": "请查看时间线，先完成前置步骤。" },
  },
  "rule.refused": {
    status: 422,
    title: { en: "Refused by rule {rule}", "zh-CN": "规则 {rule} 不允许" },
    next: { en: "{why}", "zh-CN": "{why}" },
  },
  "rows.invalid": {
    status: 422,
    title: { en: "{bad} of {total} rows were not taken", "zh-CN": "{total} 行中有 {bad} 行未导入" },
    next: {
      en: "Download the error file, mend those rows and send only them.",
      "zh-CN": "请下载错误文件，改正后仅重传这些行。",
    },
  },
  "limit.exceeded": {
    status: 413,
    title: { en: "Too large: at most {limit}", "zh-CN": "超出上限 {limit}" },
    next: { en: "Send it in smaller parts.", "zh-CN": "请分批提交。" },
  },
  "rate.limited": {
    status: 429,
    title: { en: "Too many requests", "zh-CN": "请求过于频繁" },
    next: { en: "Wait a moment and try again.", "zh-CN": "请稍候再试。" },
  },
  "server.unavailable": {
    status: 503,
    title: { en: "Not ready yet", "zh-CN": "系统尚未就绪" },
    next: { en: "Try again in a few seconds.", "zh-CN": "请几秒后重试。" },
  },
  "server.busy": {
    status: 503,
    title: { en: "Too much at once", "zh-CN": "当前请求过多" },
    next: {
      en: "Nothing was saved. Send the same again in a second: sent twice it is saved once.",
      "zh-CN": "本次未保存。请一秒后原样重发：重复发送只保存一次。",
    },
  },
  "write.unsure": {
    status: 503,
    title: { en: "It is not certain that this was saved", "zh-CN": "无法确定是否已保存" },
    next: {
      en: "Send the same again: what was saved already is not saved twice.",
      "zh-CN": "请原样重发：已保存的不会重复保存。",
    },
  },
  "server.failed": {
    status: 500,
    title: { en: "Something failed on our side", "zh-CN": "系统内部错误" },
    next: {
      en: "Nothing was saved. Try again; if it stays, give the duty engineer the request id.",
      "zh-CN": "本次操作未保存。请重试；如仍失败，请将请求编号告知值班工程师。",
    },
  },
});

export type ErrorCode = keyof typeof errorCatalogue;

/** Thrown by use cases, turned into RFC 9457 problem+json at the edge; never holds personal data. */
export class ProblemError extends Error {
  readonly code: ErrorCode;
  readonly params: Readonly<Record<string, string | number>>;
  /** JSON pointers of the fields at fault. */
  readonly fields: readonly { readonly pointer: string; readonly detail: string }[];

  constructor(
    code: ErrorCode,
    params: Readonly<Record<string, string | number>> = {},
    fields: readonly { readonly pointer: string; readonly detail: string }[] = [],
  ) {
    super(`${code} ${JSON.stringify(params)}`);
    this.name = "ProblemError";
    this.code = code;
    this.params = params;
    this.fields = fields;
  }
}

/** Puts the parameters into a catalogue text: `{what}` → `params.what`. */
export function fillText(text: string, params: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
