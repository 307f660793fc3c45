import Type, { type Static, type TOptional, type TSchema } from "typebox";

/** The shapes that the schemas of a protocol, and of every module after this one, are built from. */

const listItemsMax = 200;

/** A text in both languages; index it with the reader's language. */
export const Text = Type.Object(
  { "zh-CN": Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) },
  { additionalProperties: false },
);
export type Text = Static<typeof Text>;

/** A short name used as a key: letters and digits. */
export const id = Type.String({ pattern: "^[a-zA-Z][a-zA-Z0-9]*$", maxLength: 60 });

/** A list of at least one. */
export function list<T extends TSchema>(items: T) {
  return Type.Array(items, { minItems: 1, maxItems: listItemsMax });
}

/** An object whose keys are some of the given words, all with the same shape. */
export function byKey<K extends string, T extends TSchema>(keys: readonly K[], schema: T) {
  const properties = Object.fromEntries(keys.map((key) => [key, Type.Optional(schema)]));
  return Type.Object(properties as Record<K, TOptional<T>>, { additionalProperties: false });
}

/** One of a list of words, as a string with an enumeration. */
export function oneOf<const V extends readonly string[]>(words: V) {
  return Type.Unsafe<V[number]>({ type: "string", enum: [...words] });
}

/** The orders a list can be asked for: each name one way, and with a minus the other. */
export function sorts<const N extends readonly string[]>(...names: N) {
  const both = [...names, ...names.map((name) => `-${name}`)];
  return Type.Optional(Type.Unsafe<N[number] | `-${N[number]}`>({ type: "string", enum: both }));
}

/** The shape, or null. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** An object that refuses fields it does not know, so that a typing mistake is an error. */
export function strict<P extends Record<string, TSchema>>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

/** One page of a list. */
export function page<T extends TSchema>(items: T) {
  return Type.Object({ items: Type.Array(items), next: nullable(Type.String()) });
}

/** A moment as the API gives it. */
export const Moment = Type.String({ description: "ISO 8601, UTC, milliseconds" });

/** The id of a rule of the field guide. */
export const Rule = Type.String({ pattern: "^[A-Z][A-Z0-9-]*$", description: "rule id" });

/** Hours of a deadline, up to a month. */
export const Hours = Type.Number({ exclusiveMinimum: 0, maximum: 720, description: "hours" });
