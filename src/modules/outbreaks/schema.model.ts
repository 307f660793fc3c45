import Type, { type Static, type TOptional, type TSchema } from "typebox";

/** The shapes a protocol's schema is built from. */

const listItemsMax = 200;

/** A text in both languages; index it with the reader's language. */
export const Text = Type.Object(
  { "zh-CN": Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) },
  { additionalProperties: false },
);
export type Text = Static<typeof Text>;

/** A short name used as a key: letters and digits. */
export const id = Type.String({ pattern: "^[a-zA-Z][a-zA-Z0-9]*$", maxLength: 60 });

/** An object that refuses fields it does not know, so that a typing mistake is an error. */
export function strict<P extends Record<string, TSchema>>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

/** One of the given words. */
export function oneOf<const V extends readonly string[]>(words: V) {
  return Type.Unsafe<V[number]>({ type: "string", enum: [...words] });
}

/** A list of at least one. */
export function list<T extends TSchema>(items: T) {
  return Type.Array(items, { minItems: 1, maxItems: listItemsMax });
}

/** The value, or null where the protocol does without it. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** An object whose keys are some of the given words, all with the same shape. */
export function byKey<K extends string, T extends TSchema>(keys: readonly K[], schema: T) {
  const properties = Object.fromEntries(keys.map((key) => [key, Type.Optional(schema)]));
  return Type.Object(properties as Record<K, TOptional<T>>, { additionalProperties: false });
}
