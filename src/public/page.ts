import type { Both, SheetLanguage } from "#kernel/sheet";
import { style } from "./style.ts";

type FieldKind = "text" | "long" | "number" | "day" | "moment" | "choice" | "check" | "area" | "phone" | "idNumber";

/** One question of a public form. */
export interface PublicField {
  readonly name: string;
  readonly label: Both;
  readonly kind: FieldKind;
  /** What may be chosen; an area with choices is a list, without them a code. */
  readonly choices?: readonly { readonly value: string; readonly label: Both }[];
  readonly required?: boolean;
  readonly hint?: Both;
  /** The most characters of a text, or the largest number. */
  readonly max?: number;
}

export interface PublicForm {
  readonly lang: SheetLanguage;
  /** Where the form is posted; no field ever stands in an address. */
  readonly action: string;
  readonly submit: Both;
  readonly fields: readonly PublicField[];
  /** What was sent before, so that nobody types a form twice. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** What is wrong, by the name of the field; a name of no field stands above the form. */
  readonly faults?: Readonly<Record<string, Both>>;
}

const words = {
  brand: { "zh-CN": "无恙 · 疫情应对", en: "Wuyang · outbreak response" },
  drill: {
    "zh-CN": "演练 DRILL · 本页内容均为模拟，不是真实疫情",
    en: "演练 DRILL · Everything on this page is simulated",
  },
  other: { "zh-CN": "English", en: "中文" },
  needed: { "zh-CN": "必填", en: "required" },
  choose: { "zh-CN": "请选择", en: "Choose" },
  mend: { "zh-CN": "请改正以下内容后重新提交：", en: "Please correct the following and send again:" },
} as const satisfies Readonly<Record<string, Both>>;

const areaHint: Both = {
  "zh-CN": "区划代码，6 至 12 位数字",
  en: "The code of the area, 6 to 12 digits",
};

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text that may stand in HTML, in an attribute too. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);
}

/** A whole public page; `body` is HTML whose texts its maker has escaped. */
export function publicPage(page: {
  readonly lang: SheetLanguage;
  readonly title: Both;
  readonly drill: boolean;
  readonly body: string;
}): string {
  const { lang } = page;
  const other: SheetLanguage = lang === "en" ? "zh-CN" : "en";
  const title = escapeHtml(page.title[lang]);
  const banner = page.drill ? `<p class="drill" role="note">${words.drill[lang]}</p>` : "";
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${page.drill ? "演练 DRILL · " : ""}${title}</title>
<style>${style}</style>
</head>
<body>
${banner}
<header class="site"><a href="/public?lang=${lang}">${words.brand[lang]}</a><a href="?lang=${other}" lang="${other}" hreflang="${other}">${words.other[lang]}</a></header>
<main>
<h1>${title}</h1>
${page.body}
</main>
</body>
</html>
`;
}

/** A form that works without a script: labels, required marks, and each fault in words at its field. */
export function publicForm(form: PublicForm): string {
  const { lang, fields, faults = {} } = form;
  const address = `${form.action}${form.action.includes("?") ? "&" : "?"}lang=${lang}`;
  // The server's own checks answer in the page's language; the browser's would answer in its own.
  return `${faultList(form)}<form method="post" action="${escapeHtml(address)}" novalidate autocomplete="on">
${fields.map((field) => fieldHtml(field, lang, form.values?.[field.name], faults[field.name])).join("\n")}
<button type="submit">${escapeHtml(form.submit[lang])}</button>
</form>`;
}

function faultList({ lang, fields, faults = {} }: PublicForm): string {
  const entries = Object.entries(faults);
  if (entries.length === 0) return "";
  const line = ([name, fault]: [string, Both]): string => {
    const field = fields.find((one) => one.name === name);
    const text = escapeHtml(fault[lang]);
    return field
      ? `<li><a href="#${idOf(name)}">${escapeHtml(field.label[lang])}</a>: ${text}</li>`
      : `<li>${text}</li>`;
  };
  return `<div class="faults" role="alert"><strong>${words.mend[lang]}</strong><ul>${entries.map(line).join("")}</ul></div>\n`;
}

function idOf(name: string): string {
  return `field-${name.replace(/\W/g, "-")}`;
}

function fieldHtml(field: PublicField, lang: SheetLanguage, value: unknown, fault: Both | undefined): string {
  const id = idOf(field.name);
  const hint = field.hint ?? (field.kind === "area" && !field.choices ? areaHint : undefined);
  const described = [hint ? `${id}-hint` : "", fault ? `${id}-fault` : ""].filter((one) => one !== "").join(" ");
  const attributes = [
    `id="${id}"`,
    `name="${escapeHtml(field.name)}"`,
    field.required ? "required" : "",
    fault ? 'aria-invalid="true"' : "",
    described === "" ? "" : `aria-describedby="${described}"`,
  ]
    .filter((one) => one !== "")
    .join(" ");
  const mark = field.required ? ` <span class="needed">（${words.needed[lang]}）</span>` : "";
  const label = `${escapeHtml(field.label[lang])}${lang === "en" ? mark.replace("（", "(").replace("）", ")") : mark}`;
  const help = hint ? `<span class="hint" id="${id}-hint">${escapeHtml(hint[lang])}</span>` : "";
  const wrong = fault ? `<p class="fault" id="${id}-fault">${escapeHtml(fault[lang])}</p>` : "";
  if (field.kind === "check") {
    const ticked = isTicked(value) ? " checked" : "";
    return `<div class="field field-check"><label for="${id}"><input type="checkbox" value="true"${ticked} ${attributes}><span>${label}${help}</span></label>${wrong}</div>`;
  }
  const control = controlHtml(field, lang, attributes, textOf(value));
  return `<div class="field"><label for="${id}">${label}${help}</label>${control}${wrong}</div>`;
}

function isTicked(value: unknown): boolean {
  return value === true || ["true", "on", "1", "yes"].includes(textOf(value));
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** What the browser is told about each kind of one-line field, so that a phone shows the right keys. */
const inputOf: Readonly<Record<Exclude<FieldKind, "long" | "choice" | "check">, string>> = {
  text: 'type="text"',
  number: 'type="number" inputmode="numeric" min="0"',
  day: 'type="date"',
  moment: 'type="datetime-local"',
  area: 'type="text" inputmode="numeric" maxlength="12"',
  phone: 'type="tel" inputmode="tel" autocomplete="tel" maxlength="20"',
  idNumber: 'type="text" autocomplete="off" maxlength="18" spellcheck="false"',
};

function controlHtml(field: PublicField, lang: SheetLanguage, attributes: string, value: string): string {
  const { kind, choices, max } = field;
  if (kind === "choice" || choices) {
    const options = (choices ?? []).map(
      (choice) =>
        `<option value="${escapeHtml(choice.value)}"${choice.value === value ? " selected" : ""}>${escapeHtml(choice.label[lang])}</option>`,
    );
    return `<select ${attributes}><option value="">${words.choose[lang]}</option>${options.join("")}</select>`;
  }
  const limit = max === undefined ? "" : ` ${kind === "number" ? "max" : "maxlength"}="${max}"`;
  if (kind === "long") return `<textarea rows="4"${limit} ${attributes}>${escapeHtml(value)}</textarea>`;
  return `<input ${inputOf[kind as keyof typeof inputOf]}${kind === "area" ? "" : limit} value="${escapeHtml(value)}" ${attributes}>`;
}
