import Type, { type Static } from "typebox";
import { nullable } from "#domain/outbreaks";

/** The levels at which the base register is held against what testing sees. */
export const baseLevels = ["county", "town", "village"] as const;
export type BaseLevel = (typeof baseLevels)[number];

/** One area: what the census says, what the registers hold, what the last round saw, and the gaps between them. */
export const BaseCount = Type.Object({
  areaCode: Type.String(),
  areaName: Type.String(),
  population: Type.Integer(),
  registered: Type.Integer(),
  /** Rows of registers in the area, and those that are not linked to anybody yet. */
  entries: Type.Integer(),
  unlinked: Type.Integer(),
  roundOpenedAt: nullable(Type.String()),
  due: nullable(Type.Integer()),
  sampled: nullable(Type.Integer()),
  excused: nullable(Type.Integer()),
  /** People of the register whom the round neither asked for nor excused. */
  notDue: nullable(Type.Integer()),
  /** People the round asked for and has not seen. */
  notSeen: nullable(Type.Integer()),
});
export type BaseCount = Static<typeof BaseCount>;

export const BaseCountQuery = Type.Object({
  level: Type.Unsafe<BaseLevel>({ type: "string", enum: [...baseLevels] }),
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type BaseCountQuery = Static<typeof BaseCountQuery>;

export const BaseCountPage = Type.Object({ items: Type.Array(BaseCount), next: nullable(Type.String()) });
