import Type, { type TSchema } from "typebox";

/** The shapes the screening schemas are built from. */

/** One of the given words. */
export function oneOf<const V extends readonly string[]>(words: V) {
  return Type.Unsafe<V[number]>({ type: "string", enum: [...words] });
}
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const page = <T extends TSchema>(items: T) =>
  Type.Object({ items: Type.Array(items), next: nullable(Type.String()) });
export const Count = Type.Integer({ minimum: 0 });
export const Code = Type.String({ minLength: 1, maxLength: 60 });
export const AreaCode = Type.String({ maxLength: 20 });
export const Id = Type.String({ format: "uuid" });
export const Moment = Type.String({ description: "ISO 8601, UTC, milliseconds" });
export const Note = Type.String({ minLength: 1, maxLength: 500 });
