/** How one value of a form is asked for. */
export type FormKind =
  | "text"
  | "long"
  | "number"
  | "choice"
  | "choices"
  | "list"
  | "day"
  | "moment"
  | "area"
  | "switch"
  | "flags"
  | "files"
  | "group"
  | "rows";

/** One field of a form, read from the schema that the API itself checks. */
export interface FormField {
  readonly name: string;
  readonly kind: FormKind;
  readonly required: boolean;
  /** Left empty, it is sent as null, which says "none" rather than "unchanged". */
  readonly nullable?: true;
  /** The least number, or the fewest entries. */
  readonly min?: number;
  /** The largest number, the most characters or the most entries. */
  readonly max?: number;
  /** Only whole numbers, in a number and in a list of numbers. */
  readonly whole?: true;
  /** The entries of a list are numbers. */
  readonly numbers?: true;
  readonly values?: readonly string[];
  /** The group of words that names the values. */
  readonly words?: string;
  /** The fields of a group, or of each row. */
  readonly fields?: readonly FormField[];
}

/** The part of JSON Schema that bodies of this API are made of. */
export interface BodySchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly BodySchema[];
  readonly properties?: Readonly<Record<string, BodySchema>>;
  readonly patternProperties?: Readonly<Record<string, BodySchema>>;
  readonly required?: readonly string[];
  readonly items?: BodySchema;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Names the words of a field's values. */
export type WordsOf = (name: string, values: readonly string[]) => string;

/** From this many characters on a text is written on several lines. */
const longTextChars = 201;
const longNames = new Set(["note", "reason", "text", "report", "answer", "why", "fact", "decision"]);
const areaName = /(^a|A)reaCode$|^toArea$|^villages$/;

/** The fields that a body asks for, in the order of its schema; an empty list when nothing is asked. */
export function formFields(schema: BodySchema | undefined, wordsOf: WordsOf): FormField[] {
  const required = new Set(schema?.required ?? []);
  return Object.entries(schema?.properties ?? {}).map(([name, part]) =>
    fieldOf(name, part, required.has(name), wordsOf),
  );
}

function fieldOf(name: string, schema: BodySchema, required: boolean, wordsOf: WordsOf): FormField {
  const { part, nullable } = withoutNull(schema);
  const base = { name, required, ...(nullable ? { nullable: true as const } : {}) };
  const values = valuesOf(part);
  if (values) return { ...base, kind: "choice", values, words: wordsOf(name, values) };
  switch (part.type) {
    case "boolean":
      return { ...base, kind: "switch" };
    case "integer":
    case "number":
      return {
        ...base,
        kind: "number",
        ...(part.type === "integer" ? { whole: true as const } : {}),
        ...(part.minimum === undefined ? {} : { min: part.minimum }),
        ...(part.maximum === undefined ? {} : { max: part.maximum }),
      };
    case "array":
      return listField(base, part, wordsOf);
    case "object":
      return part.properties
        ? { ...base, kind: "group", fields: formFields(part, wordsOf) }
        : { ...base, kind: "flags" };
    default:
      return textField(base, part);
  }
}

type Base = Pick<FormField, "name" | "required" | "nullable">;

function listField(base: Base, { items = {}, minItems, maxItems }: BodySchema, wordsOf: WordsOf): FormField {
  const bounds = {
    ...(minItems === undefined ? {} : { min: minItems }),
    ...(maxItems === undefined ? {} : { max: maxItems }),
  };
  const values = valuesOf(items);
  if (values) return { ...base, ...bounds, kind: "choices", values, words: wordsOf(base.name, values) };
  if (items.properties) {
    // A file travels as its name, its kind and its content; people choose it as one thing.
    const isFile = "content" in items.properties && "contentType" in items.properties;
    return { ...base, ...bounds, kind: isFile ? "files" : "rows", fields: formFields(items, wordsOf) };
  }
  const numbers = items.type === "integer" || items.type === "number";
  return { ...base, ...bounds, kind: "list", ...(numbers ? { numbers: true as const, whole: true as const } : {}) };
}

function textField(base: Base, { format, pattern = "", maxLength }: BodySchema): FormField {
  if (areaName.test(base.name)) return { ...base, kind: "area" };
  if (format === "date-time" || pattern.includes("T\\d{2}:")) return { ...base, kind: "moment" };
  if (format === "date" || pattern === "^\\d{4}-\\d{2}-\\d{2}$") return { ...base, kind: "day" };
  const long = (maxLength ?? 0) >= longTextChars || longNames.has(base.name);
  return { ...base, kind: long ? "long" : "text", ...(maxLength === undefined ? {} : { max: maxLength }) };
}

function withoutNull(schema: BodySchema): { readonly part: BodySchema; readonly nullable: boolean } {
  const parts = schema.anyOf?.filter((one) => one.type !== "null");
  if (!parts || parts.length === schema.anyOf?.length) return { part: schema, nullable: false };
  const [only] = parts;
  return { part: parts.length === 1 && only ? only : { anyOf: parts }, nullable: true };
}

function valuesOf(schema: BodySchema): readonly string[] | undefined {
  const all = schema.enum ?? schema.anyOf?.map((one) => one.const);
  return all && all.length > 0 && all.every((value): value is string => typeof value === "string") ? all : undefined;
}
