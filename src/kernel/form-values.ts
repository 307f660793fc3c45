import type { FormField } from "./form.ts";
import { instantAt, wallClock } from "./time.ts";

/** What a form holds: texts, numbers, lists, and objects of the same. */
export type FormValues = Readonly<Record<string, unknown>>;

/** Where a value stands in a form: names, and numbers of rows. */
export type FieldPath = readonly (string | number)[];

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the fields hold at first: a moment on the outbreak's wall clock, a set of marks as the list of those set. */
export function shownForm(fields: readonly FormField[], values: FormValues, timeZone: string): FormValues {
  const shown = fields.flatMap((field): [string, unknown][] => {
    const value = values[field.name];
    // A list that needs entries begins with the first of them open.
    if (value === undefined) return field.kind === "rows" && (field.min ?? 0) > 0 ? [[field.name, [{}]]] : [];
    return [[field.name, shownValue(field, value, timeZone)]];
  });
  return Object.fromEntries(shown);
}

function shownValue(field: FormField, value: unknown, timeZone: string): unknown {
  const { kind, fields = [] } = field;
  if (kind === "moment" && typeof value === "string") {
    const wall = wallClock(value, timeZone);
    return `${wall.day}T${wall.time}`;
  }
  if (kind === "group" && isRecord(value)) return shownForm(fields, value, timeZone);
  if (kind === "rows" && Array.isArray(value))
    return value.map((row) => (isRecord(row) ? shownForm(fields, row, timeZone) : {}));
  if (kind === "flags" && isRecord(value)) return Object.keys(value).filter((name) => value[name] === true);
  return value;
}

/** The body that the API takes; what was left empty is left out, or is null where that says "none". */
export function sentBody(fields: readonly FormField[], values: FormValues, timeZone: string): FormValues {
  const body: Record<string, unknown> = {};
  for (const field of fields) {
    const value = sentValue(field, values[field.name], timeZone);
    if (value !== undefined) body[field.name] = value;
    else if (field.nullable && field.required) body[field.name] = null;
  }
  return body;
}

function sentValue(field: FormField, value: unknown, timeZone: string): unknown {
  const { kind, fields = [], required, numbers } = field;
  if (kind === "switch") return typeof value === "boolean" ? value : required ? false : undefined;
  if (kind === "group") {
    const inner = sentBody(fields, isRecord(value) ? value : {}, timeZone);
    return required || Object.keys(inner).length > 0 ? inner : undefined;
  }
  if (kind === "rows" || kind === "files") {
    const rows = Array.isArray(value) ? value.filter(isRecord) : [];
    const sent = kind === "rows" ? rows.map((row) => sentBody(fields, row, timeZone)) : rows;
    return required || sent.length > 0 ? sent : undefined;
  }
  if (kind === "flags") return Object.fromEntries((Array.isArray(value) ? value : []).map((name) => [name, true]));
  if (Array.isArray(value)) {
    if (value.length === 0 && !required) return undefined;
    return numbers ? value.map(Number) : value;
  }
  const text = typeof value === "string" ? value.trim() : value;
  if (text === undefined || text === null || text === "") return kind === "choices" && required ? [] : undefined;
  if (kind === "moment" && typeof text === "string") return instantAt(text.slice(0, 10), text.slice(11, 16), timeZone);
  return text;
}

/** The path with the record's ids in their places. */
export function pathOf(url: string, params: FormValues): string {
  return url.replace(/:(\w+)/g, (_, name: string) => {
    const value = params[name];
    return encodeURIComponent(typeof value === "string" || typeof value === "number" ? value : "");
  });
}

/** The place in the form that a JSON pointer of the server names. */
export function fieldPath(pointer: string): FieldPath {
  return pointer
    .slice(1)
    .split("/")
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
