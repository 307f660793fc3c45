import Type, { type Static } from "typebox";

/** The levels at which the base register is held against what testing sees. */
export const baseLevels = ["county", "town", "village"] as const;
export type BaseLevel = (typeof baseLevels)[number];

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** One area: what the census says, what the registers hold, what the last round saw, and the gaps between them. */
export const BaseCount = Type.Object({
  areaCode: Type.String(),
  areaName: Type.String(),
  population: Type.Integer(),
  registered: Type.Integer(),
  /** Rows of registers in the area, and those that are not linked to anybody yet. */
  entries: Type.Integer(),
  unlinked: Type.Integer(),
  roundOpenedAt: Nullable(Type.String()),
  due: Nullable(Type.Integer()),
  sampled: Nullable(Type.Integer()),
  excused: Nullable(Type.Integer()),
  /** People of the register whom the round neither asked for nor excused. */
  notDue: Nullable(Type.Integer()),
  /** People the round asked for and has not seen. */
  notSeen: Nullable(Type.Integer()),
});
export type BaseCount = Static<typeof BaseCount>;

export const BaseCountQuery = Type.Object({
  level: Type.Unsafe<BaseLevel>({ type: "string", enum: [...baseLevels] }),
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type BaseCountQuery = Static<typeof BaseCountQuery>;

export const BaseCountPage = Type.Object({ items: Type.Array(BaseCount), next: Nullable(Type.String()) });
