import type { AreaCode } from "./area.ts";
import { isWithin } from "./area.ts";

/** A text in both languages of the system. */
export interface Both {
  readonly "zh-CN": string;
  readonly en: string;
}

export type SheetLanguage = keyof Both;

/** What the cells of an import are read against. */
export interface SheetFacts {
  readonly lang: SheetLanguage;
  /** The area the rows must lie in; '' is everywhere. */
  readonly within: AreaCode;
}

type Read<T> = { readonly value: T } | { readonly fault: Both };

/** One column of a table that comes in or goes out as a spreadsheet. */
export interface Column<T> {
  readonly heading: Both;
  /** Other headings by which files from elsewhere call it. */
  readonly also: readonly string[];
  readonly required: boolean;
  /** A cell as somebody would write it, for the template; never a real person's. */
  readonly example: string;
  /** What may stand in it, for the template. */
  readonly hint: Both;
  read(text: string, facts: SheetFacts): Read<T>;
  show(value: unknown, lang: SheetLanguage): string | number | null;
}

export type Sheet = Readonly<Record<string, Column<unknown>>>;

/** A row of a sheet once every cell was read. */
export type SheetRow<S> = { readonly [K in keyof S]: S[K] extends Column<infer T> ? T : never };

/** A good row with the line of the file it stands on. */
export interface ReadRow<S> {
  readonly line: number;
  readonly row: SheetRow<S>;
}

/** One bad cell: the line of the file, the column, and what is wrong; never the cell's own text. */
export interface RowFault {
  readonly row: number;
  readonly field: string;
  readonly message: string;
}

interface Options {
  readonly also?: readonly string[];
  readonly example?: string;
}

const needed: Both = { "zh-CN": "必填", en: "must be filled in" };
const blank: Both = { "zh-CN": "", en: "" };

function column<T>(
  heading: Both,
  options: Options,
  hint: Both,
  read: Column<T>["read"],
  show: Column<T>["show"] = shown,
): Column<T> {
  return {
    heading,
    also: options.also ?? [],
    required: true,
    example: options.example ?? "",
    hint,
    read: (text, facts) => (text === "" ? { fault: needed } : read(text, facts)),
    show,
  };
}

/** The same column, but a cell may be left empty; its value is then undefined. */
export function optional<T>(of: Column<T>): Column<T | undefined> {
  return { ...of, required: false, read: (text, facts) => (text === "" ? { value: undefined } : of.read(text, facts)) };
}

function shown(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  return typeof value === "number" || typeof value === "string" ? value : JSON.stringify(value);
}

/** A text of 1 to `max` characters. */
export function textColumn(heading: Both, options: Options & { readonly max?: number } = {}): Column<string> {
  const max = options.max ?? 200;
  const hint = { "zh-CN": `文字，最多 ${max} 字`, en: `text, at most ${max} characters` };
  return column(heading, options, hint, (text) => (text.length > max ? { fault: hint } : { value: text }));
}

/** A number between two bounds, whole unless `decimals` is set. */
export function numberColumn(
  heading: Both,
  options: Options & { readonly min?: number; readonly max?: number; readonly decimals?: true } = {},
): Column<number> {
  const { min = 0, max = 1_000_000_000, decimals } = options;
  const hint = {
    "zh-CN": `${decimals ? "数字" : "整数"}，${min} 至 ${max}`,
    en: `a ${decimals ? "" : "whole "}number from ${min} to ${max}`,
  };
  return column(heading, { example: String(min), ...options }, hint, (text) => {
    const value = Number(text.replace(/[,，\s]/g, ""));
    const good = Number.isFinite(value) && value >= min && value <= max && (decimals || Number.isInteger(value));
    return good ? { value } : { fault: hint };
  });
}

/** A calendar day; takes 2022-07-24, 2022/7/24, 2022年7月24日 and 20220724. */
export function dayColumn(heading: Both, options: Options = {}): Column<string> {
  const hint = { "zh-CN": "日期，如 2022-07-24", en: "a day, such as 2022-07-24" };
  return column(heading, { example: "2022-07-24", ...options }, hint, (text) => {
    const parts = /^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:T?00:00:00)?$/.exec(text);
    const day = parts && `${parts[1]}-${parts[2]?.padStart(2, "0")}-${parts[3]?.padStart(2, "0")}`;
    const parsed = day ? new Date(`${day}T00:00:00Z`) : null;
    const good = parsed !== null && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day ?? " ");
    return good && day ? { value: day } : { fault: hint };
  });
}

/** A moment on the outbreak's wall clock, `YYYY-MM-DD HH:MM`; the service turns it into an instant of its zone. */
export function momentColumn(heading: Both, options: Options = {}): Column<string> {
  const hint = { "zh-CN": "时间，如 2022-07-24 08:30", en: "a moment, such as 2022-07-24 08:30" };
  return column(heading, { example: "2022-07-24 08:30", ...options }, hint, (text) => {
    const parts = /^(\d{4}-\d{2}-\d{2})[T ]([01]\d|2[0-3]):([0-5]\d)(?::\d{2})?$/.exec(text.replaceAll("/", "-"));
    const good = parts !== null && !Number.isNaN(Date.parse(`${parts[1]}T00:00:00Z`));
    return good && parts ? { value: `${parts[1]} ${parts[2]}:${parts[3]}` } : { fault: hint };
  });
}

/** The code of an area that lies in the area of the import. */
export function areaColumn(heading: Both, options: Options = {}): Column<AreaCode> {
  const hint = { "zh-CN": "区划代码", en: "an area code" };
  const outside = { "zh-CN": "超出本次导入的辖区", en: "lies outside the area of this import" };
  return column(heading, { example: "371721123201", ...options }, hint, (text, facts) => {
    if (!/^[0-9A-Za-z]{2,20}$/.test(text)) return { fault: { "zh-CN": "不是区划代码", en: "is not an area code" } };
    return isWithin(text, facts.within) ? { value: text } : { fault: outside };
  });
}

/** One of a list of values, written as its word in either language or as the value itself. */
export function choiceColumn<V extends string>(
  heading: Both,
  words: Readonly<Record<V, Both>>,
  options: Options = {},
): Column<V> {
  const entries = Object.entries(words) as [V, Both][];
  const hint = {
    "zh-CN": `可填：${entries.map(([, word]) => word["zh-CN"]).join("、")}`,
    en: `one of ${entries.map(([, word]) => word.en).join(", ")}`,
  };
  const known = new Map<string, V>();
  for (const [value, word] of entries)
    for (const spelled of [value, word["zh-CN"], word.en]) known.set(spelled.toLowerCase(), value);
  return column(
    heading,
    { example: entries[0]?.[1]["zh-CN"] ?? "", ...options },
    hint,
    (text) => {
      const value = known.get(text.toLowerCase());
      return value === undefined ? { fault: hint } : { value };
    },
    (value, lang) => words[value as V]?.[lang] ?? shown(value),
  );
}

/** Yes or no, in either language; also true/false and 1/0. */
export function yesNoColumn(heading: Both, options: Options = {}): Column<boolean> {
  const words = { yes: { "zh-CN": "是", en: "yes" }, no: { "zh-CN": "否", en: "no" } };
  const hint = { "zh-CN": "是 或 否", en: "yes or no" };
  const of: Readonly<Record<string, boolean>> = {
    是: true,
    yes: true,
    y: true,
    true: true,
    "1": true,
    否: false,
    no: false,
    n: false,
    false: false,
    "0": false,
  };
  return column(
    heading,
    { example: "是", ...options },
    hint,
    (text) => {
      const value = of[text.toLowerCase()];
      return value === undefined ? { fault: hint } : { value };
    },
    (value, lang) => (value === undefined || value === null ? null : words[value === true ? "yes" : "no"][lang]),
  );
}

function headingsOf(name: string, of: Column<unknown>): string[] {
  return [name, of.heading["zh-CN"], of.heading.en, ...of.also].map((heading) => heading.toLowerCase());
}

/** Reads the rows of a table; a bad row is left out and each of its faults is named by line and column. */
export function readSheetRows<S extends Sheet>(
  sheet: S,
  table: {
    readonly headings: readonly string[];
    readonly rows: readonly { readonly line: number; readonly cells: Readonly<Record<string, string>> }[];
  },
  facts: SheetFacts,
): { readonly good: readonly ReadRow<S>[]; readonly faults: readonly RowFault[] } {
  const found = new Map<string, string>();
  for (const [name, of] of Object.entries(sheet)) {
    const names = headingsOf(name, of);
    const heading = table.headings.find((text) => names.includes(text.toLowerCase()));
    if (heading !== undefined) found.set(name, heading);
  }
  const missing = Object.entries(sheet).filter(([name, of]) => of.required && !found.has(name));
  if (missing.length > 0) {
    const message = facts.lang === "en" ? "the table has no such column" : "表中没有这一列";
    return { good: [], faults: missing.map(([, of]) => ({ row: 1, field: of.heading[facts.lang], message })) };
  }
  const good: ReadRow<S>[] = [];
  const faults: RowFault[] = [];
  for (const { line, cells } of table.rows) {
    const row: Record<string, unknown> = {};
    const own: RowFault[] = [];
    for (const [name, of] of Object.entries(sheet)) {
      const read = of.read(cells[found.get(name) ?? ""]?.trim() ?? "", facts);
      if ("fault" in read) own.push({ row: line, field: of.heading[facts.lang], message: read.fault[facts.lang] });
      else row[name] = read.value;
    }
    if (own.length === 0) good.push({ line, row: row as SheetRow<S> });
    else faults.push(...own);
  }
  return { good, faults };
}

/** A fault that the service finds in a row that reads well (an unknown village, a record that is there already). */
export function rowFault(of: Column<unknown> | null, line: number, message: Both, lang: SheetLanguage): RowFault {
  return { row: line, field: (of?.heading ?? blank)[lang], message: message[lang] };
}
