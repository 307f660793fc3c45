import Type, { type Static } from "typebox";
import { nullable, oneOf } from "#domain/outbreaks";
import {
  AreaCodeText,
  CodeText,
  memberKinds,
  Moment,
  pageFields,
  ReasonText,
  skills,
  teamKinds,
} from "./teams.model.ts";

export const callUpStates = ["running", "stoodDown"] as const;
export const targetTypes = ["site", "grid", "checkpoint", "samplingPoint", "inspection", "post", "delivery"] as const;
export type TargetType = (typeof targetTypes)[number];
export const needStates = ["open", "filled", "closed", "cancelled"] as const;
export type NeedState = (typeof needStates)[number];
export const shiftStates = ["planned", "onDuty", "done", "missed", "cancelled"] as const;
export type ShiftState = (typeof shiftStates)[number];
export const exposureKinds = ["needle", "splash", "unprotectedContact", "suitTorn", "other"] as const;
export const protectionLevels = ["none", "one", "two", "three"] as const;
export const exposureOutcomes = ["cleared", "observed", "quarantined"] as const;

export const CallUpScope = Type.Object(
  {
    areaCode: AreaCodeText,
    kinds: Type.Optional(Type.Array(oneOf(memberKinds), { maxItems: 3 })),
    teamKinds: Type.Optional(Type.Array(oneOf(teamKinds), { maxItems: 5 })),
    /** Any of them is enough. */
    skills: Type.Optional(Type.Array(oneOf(skills), { maxItems: 8 })),
    reason: ReasonText,
  },
  { additionalProperties: false },
);
export type CallUpScope = Static<typeof CallUpScope>;

/** A call-up with the counts of what the reader may see of it. */
export const CallUpRow = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  reason: Type.String(),
  state: oneOf(callUpStates),
  calledAt: Type.String(),
  answerBy: Type.String(),
  stoodDownAt: nullable(Type.String()),
  called: Type.Integer(),
  answered: Type.Integer(),
  absent: Type.Integer(),
  late: Type.Integer(),
  unanswered: Type.Integer(),
  overdue: Type.Boolean(),
});
export type CallUpRow = Static<typeof CallUpRow>;
export const CallUpPage = Type.Object({ items: Type.Array(CallUpRow), next: nullable(Type.String()) });
export const CallUpQuery = Type.Object({ ...pageFields });
export type CallUpQuery = Static<typeof CallUpQuery>;

export const AnswerCallUp = Type.Object(
  {
    answers: Type.Array(
      Type.Object(
        { memberCode: CodeText, coming: Type.Boolean(), reason: Type.Optional(Type.String({ maxLength: 200 })) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 10_000 },
    ),
  },
  { additionalProperties: false },
);
export type AnswerCallUp = Static<typeof AnswerCallUp>;
export const Answered = Type.Object({
  answered: Type.Integer(),
  absent: Type.Integer(),
  late: Type.Integer(),
  /** Members who are not waiting for an answer, or not of this area. */
  refused: Type.Array(Type.String()),
});
export type Answered = Static<typeof Answered>;

export const NewNeed = Type.Object(
  {
    areaCode: AreaCodeText,
    /** The sender's own number for it; the same number is the same need. */
    code: CodeText,
    targetType: oneOf(targetTypes),
    targetId: Type.String({ minLength: 1, maxLength: 60 }),
    skill: Type.Optional(oneOf(skills)),
    people: Type.Integer({ minimum: 1, maximum: 100_000 }),
    from: Moment,
    to: Moment,
  },
  { additionalProperties: false },
);
export type NewNeed = Static<typeof NewNeed>;
export const NeedRow = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  code: Type.String(),
  targetType: oneOf(targetTypes),
  targetId: Type.String(),
  skill: nullable(Type.String()),
  people: Type.Integer(),
  filled: Type.Integer(),
  from: Type.String(),
  to: Type.String(),
  state: oneOf(needStates),
  late: Type.Boolean(),
});
export type NeedRow = Static<typeof NeedRow>;
export const NeedPage = Type.Object({ items: Type.Array(NeedRow), next: nullable(Type.String()) });
export const NeedQuery = Type.Object({ ...pageFields, state: Type.Optional(oneOf(needStates)) });
export type NeedQuery = Static<typeof NeedQuery>;

export const ShiftRow = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  /** Null when the member serves in an area the reader does not see. */
  memberId: nullable(Type.String()),
  memberCode: Type.String(),
  name: Type.String(),
  targetType: oneOf(targetTypes),
  targetId: Type.String(),
  from: Type.String(),
  to: Type.String(),
  state: oneOf(shiftStates),
  checkedInAt: nullable(Type.String()),
  checkedOutAt: nullable(Type.String()),
});
export type ShiftRow = Static<typeof ShiftRow>;
export const ShiftPage = Type.Object({ items: Type.Array(ShiftRow), next: nullable(Type.String()) });
export const ShiftQuery = Type.Object({ ...pageFields, state: Type.Optional(oneOf(shiftStates)) });
export type ShiftQuery = Static<typeof ShiftQuery>;

export const PlanShifts = Type.Object(
  {
    areaCode: AreaCodeText,
    targetType: oneOf(targetTypes),
    targetId: Type.String({ minLength: 1, maxLength: 60 }),
    memberCodes: Type.Array(CodeText, { minItems: 1, maxItems: 1_000 }),
    from: Moment,
    to: Moment,
  },
  { additionalProperties: false },
);
export type PlanShifts = Static<typeof PlanShifts>;
export const ShiftsPlanned = Type.Object({
  planned: Type.Integer(),
  refused: Type.Array(Type.Object({ memberCode: Type.String(), rule: Type.String() })),
});
export type ShiftsPlanned = Static<typeof ShiftsPlanned>;

export const Assigned = Type.Object({
  needs: Type.Array(
    Type.Object({ needId: Type.String(), code: Type.String(), found: Type.Integer(), missing: Type.Integer() }),
  ),
});
export type Assigned = Static<typeof Assigned>;

/** A roll call: the shifts of needs, or single ones, but for the members who did not come. */
export const RollCall = Type.Object(
  {
    needIds: Type.Optional(Type.Array(Type.String({ format: "uuid" }), { maxItems: 500 })),
    shiftIds: Type.Optional(Type.Array(Type.String({ format: "uuid" }), { maxItems: 1_000 })),
    missing: Type.Optional(Type.Array(CodeText, { maxItems: 10_000 })),
  },
  { additionalProperties: false },
);
export type RollCall = Static<typeof RollCall>;
export const RollCalled = Type.Object({ done: Type.Integer(), missed: Type.Integer() });
export type RollCalled = Static<typeof RollCalled>;

export const NewExposure = Type.Object(
  {
    memberCode: CodeText,
    at: Moment,
    kind: oneOf(exposureKinds),
    protection: oneOf(protectionLevels),
    note: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
);
export type NewExposure = Static<typeof NewExposure>;
export const ExposureRow = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  memberId: Type.String(),
  memberCode: Type.String(),
  at: Type.String(),
  kind: oneOf(exposureKinds),
  protection: oneOf(protectionLevels),
  followUpBy: Type.String(),
  followedUpAt: nullable(Type.String()),
  outcome: nullable(oneOf(exposureOutcomes)),
  late: Type.Boolean(),
});
export type ExposureRow = Static<typeof ExposureRow>;
export const ExposurePage = Type.Object({ items: Type.Array(ExposureRow), next: nullable(Type.String()) });
export const FollowUp = Type.Object({ outcome: oneOf(exposureOutcomes) }, { additionalProperties: false });
