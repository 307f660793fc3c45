import Type, { type Static } from "typebox";
import { Moment, nullable, sorts } from "#domain/outbreaks";

const TubeState = Type.Union([Type.Literal("open"), Type.Literal("cleared"), Type.Literal("confirmed")]);
export type TubeState = Static<typeof TubeState>;

/** A tube whose members are (or were) held. */
export const PositiveTubeRow = Type.Object({
  id: Type.Integer(),
  barcode: Type.String(),
  areaCode: Type.String(),
  areaName: nullable(Type.String()),
  roundId: nullable(Type.String()),
  kind: Type.String(),
  purpose: Type.String(),
  cause: Type.Union([Type.Literal("positive"), Type.Literal("unclear")]),
  state: TubeState,
  /** `positive` or `unclear`, as the tube's own result word. */
  result: Type.String(),
  size: Type.Integer(),
  ctN: nullable(Type.Number()),
  ctOrf: nullable(Type.Number()),
  collectedAt: nullable(Moment),
  resultedAt: Moment,
  heldAt: Moment,
  recheckDueAt: nullable(Moment),
  settledAt: nullable(Moment),
  held: Type.Integer(),
  rechecked: Type.Integer(),
});
export type PositiveTubeRow = Static<typeof PositiveTubeRow>;
export const PositiveTubePage = Type.Object({ items: Type.Array(PositiveTubeRow), next: nullable(Type.String()) });

export const HeldMember = Type.Object({
  personId: Type.Integer(),
  /** Masked: the family name only. */
  personName: nullable(Type.String()),
  areaCode: Type.String(),
  areaName: nullable(Type.String()),
  placedAt: Moment,
  liftedAt: nullable(Moment),
  outcome: nullable(Type.String()),
  recheckTubeId: nullable(Type.Integer()),
  recheckResult: nullable(Type.String()),
  recheckAt: nullable(Moment),
  caseId: nullable(Type.String()),
});
export type HeldMember = Static<typeof HeldMember>;

export const TubeClock = Type.Object({
  arrow: Type.String(),
  ruleId: Type.String(),
  /** Minutes it took, or has taken so far. */
  minutes: nullable(Type.Number()),
  targetMin: nullable(Type.Number()),
  done: Type.Boolean(),
});
export type TubeClock = Static<typeof TubeClock>;

export const PositiveTube = Type.Object({
  tube: PositiveTubeRow,
  members: Type.Array(HeldMember),
  clocks: Type.Array(TubeClock),
});
export type PositiveTube = Static<typeof PositiveTube>;

export const PositiveTubeQuery = Type.Object({
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
  state: Type.Optional(TubeState),
  /** By the time of the result; by itself the latest first. */
  sort: sorts("resulted"),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type PositiveTubeQuery = Static<typeof PositiveTubeQuery>;
