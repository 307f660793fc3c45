import Type, { type Static } from "typebox";
import { Moment, nullable } from "#domain/outbreaks";
import { LoopClock } from "./board.model.ts";

/** The after-action review as figures: 7-1-7, the ladder of phases, the clocks, and what was late. */
export const Review = Type.Object({
  at: Moment,
  /** The area whose records are measured: the outbreak's, or the reader's own part of it. */
  areaCode: Type.String(),
  /** Whether that is the whole outbreak. */
  whole: Type.Boolean(),
  stages: Type.Array(
    Type.Object({
      stage: Type.String({ description: "detect, notify or respond" }),
      from: nullable(Moment),
      to: nullable(Moment),
      days: nullable(Type.Number()),
      targetDays: Type.Integer(),
      met: nullable(Type.Boolean()),
    }),
  ),
  actions: Type.Array(Type.Object({ id: Type.String(), at: nullable(Moment) })),
  phases: Type.Array(Type.Object({ phase: Type.String(), enteredAt: nullable(Moment) })),
  clocks: Type.Array(LoopClock),
  late: Type.Array(
    Type.Object({
      kind: Type.String(),
      team: Type.String(),
      areaCode: Type.String(),
      tasks: Type.Integer(),
      late: Type.Integer(),
      open: Type.Integer(),
      medianLateMin: nullable(Type.Number()),
      worstLateMin: nullable(Type.Number()),
      escalated: Type.Integer(),
      reopened: Type.Integer(),
    }),
  ),
});
export type Review = Static<typeof Review>;
