import Type from "typebox";

/** The shapes the screening schemas are built from. */

export const Count = Type.Integer({ minimum: 0 });
export const Code = Type.String({ minLength: 1, maxLength: 60 });
export const AreaCode = Type.String({ maxLength: 20 });
export const Id = Type.String({ format: "uuid" });
export const Note = Type.String({ minLength: 1, maxLength: 500 });
