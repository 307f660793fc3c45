import Type, { type Static } from "typebox";
import { Precondition, reopeningKinds, Moment, nullable, oneOf } from "#domain/outbreaks";
import { PhaseCriterion } from "./board.model.ts";

/** The staged reopening as a plan whose conditions are measured. */

export const reopeningStates = ["planned", "reopened", "suspended"] as const;
export type ReopeningState = (typeof reopeningStates)[number];
export const stepsMax = 200;
export const batchMax = 99;

const Name = Type.Object({
  "zh-CN": Type.String({ minLength: 1, maxLength: 100 }),
  en: Type.String({ minLength: 1, maxLength: 100 }),
});

export const NewStep = Type.Object(
  {
    areaCode: Type.String({ minLength: 1, maxLength: 20 }),
    /** What the plan calls it; planning the same code again changes a step that is still planned. */
    code: Type.String({ minLength: 1, maxLength: 40 }),
    batch: Type.Integer({ minimum: 1, maximum: batchMax }),
    kind: oneOf(reopeningKinds),
    name: Name,
    plannedAt: Moment,
    /** The protocol's when absent. */
    preconditions: Type.Optional(Type.Array(Precondition, { maxItems: 20 })),
  },
  { additionalProperties: false },
);
export type NewStep = Static<typeof NewStep>;

export const PlanSteps = Type.Object(
  { steps: Type.Array(NewStep, { minItems: 1, maxItems: stepsMax }) },
  { additionalProperties: false },
);
export type PlanSteps = Static<typeof PlanSteps>;

/** A step as it is stored. */
export const StoredStep = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  code: Type.String(),
  batch: Type.Integer(),
  kind: oneOf(reopeningKinds),
  name: Name,
  plannedAt: Moment,
  preconditions: Type.Array(Precondition),
  state: oneOf(reopeningStates),
  reopenedAt: nullable(Moment),
  reopenedBy: nullable(Type.String()),
  met: nullable(Type.Array(PhaseCriterion)),
  suspendedAt: nullable(Moment),
  reason: nullable(Type.String()),
  findAt: nullable(Moment),
});
export type StoredStep = Static<typeof StoredStep>;

/** A step with its conditions: as they stood when it was reopened, else as they stand now. */
export const ReopeningStep = Type.Object({
  ...StoredStep.properties,
  criteria: Type.Array(PhaseCriterion),
  ready: Type.Boolean(),
  late: Type.Boolean(),
});
export type ReopeningStep = Static<typeof ReopeningStep>;

export const ReopeningQuery = Type.Object({
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
  state: Type.Optional(Type.String({ maxLength: 20 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type ReopeningQuery = Static<typeof ReopeningQuery>;

/** Data of `command.reopened` and `command.suspended`; told in the chronicle. */
export interface StepChanged {
  readonly code: string;
  readonly batch: number;
  readonly kind: string;
  readonly nameZh: string;
  readonly nameEn: string;
}
