import Type, { type Static } from "typebox";
import { Moment, nullable } from "#domain/outbreaks";
import { FrozenFigure } from "#domain/reports";
import { BoardPhase, LoopClock } from "./board.model.ts";

const AreaCodeText = Type.String({ minLength: 1, maxLength: 20 });
const BothTexts = Type.Object({
  "zh-CN": Type.String({ minLength: 1, maxLength: 500 }),
  en: Type.String({ minLength: 1, maxLength: 500 }),
});

export const decisionsMax = 100;

/** A directive as a person gives it at the briefing. */
export const NewDecision = Type.Object(
  {
    areaCode: AreaCodeText,
    text: BothTexts,
    team: Type.String({ minLength: 1, maxLength: 40 }),
    dueAt: Type.Optional(Moment),
  },
  { additionalProperties: false },
);
export type NewDecision = Static<typeof NewDecision>;

export const HoldBriefing = Type.Object(
  {
    /** 08:30 or 19:30 in the outbreak's zone; the one due now when absent. */
    slot: Type.Optional(Type.Union([Type.Literal("08:30"), Type.Literal("19:30")])),
    decisions: Type.Optional(Type.Array(NewDecision, { maxItems: decisionsMax })),
  },
  { additionalProperties: false },
);
export type HoldBriefing = Static<typeof HoldBriefing>;

export const AddDecisions = Type.Object(
  { decisions: Type.Array(NewDecision, { minItems: 1, maxItems: decisionsMax }) },
  { additionalProperties: false },
);
export type AddDecisions = Static<typeof AddDecisions>;

export const WithdrawDecision = Type.Object(
  { reason: Type.String({ minLength: 2, maxLength: 500 }) },
  { additionalProperties: false },
);
export type WithdrawDecision = Static<typeof WithdrawDecision>;

export const Decision = Type.Object({
  no: Type.Integer({ minimum: 1 }),
  kind: Type.String(),
  areaCode: Type.String(),
  text: BothTexts,
  team: Type.String(),
  dueAt: Moment,
  taskId: Type.String(),
  /** Taken back before anybody began. */
  withdrawnAt: nullable(Moment),
  withdrawnReason: nullable(Type.String()),
});
export type Decision = Static<typeof Decision>;

/** Why a decision is put forward: the rule and its numbers. */
export const Proposal = Type.Object({
  kind: Type.String(),
  rule: Type.String(),
  areaCode: Type.String(),
  team: Type.String(),
  text: BothTexts,
});
export type Proposal = Static<typeof Proposal>;

export const Agenda = Type.Object({
  late: Type.Object({ total: Type.Integer(), teams: Type.Integer() }),
  clocks: Type.Array(LoopClock),
  phase: Type.Object({ phase: Type.String(), next: nullable(BoardPhase) }),
  round: nullable(
    Type.Object({
      no: Type.Integer(),
      due: Type.Integer(),
      sampled: Type.Integer(),
      resulted: Type.Integer(),
      positive: Type.Integer(),
    }),
  ),
  free: Type.Object({ central: Type.Integer(), fangcang: Type.Integer(), hospital: Type.Integer() }),
  zonesRipe: Type.Integer({ description: "zones whose clean days suffice" }),
  proposals: Type.Array(Proposal),
});
export type Agenda = Static<typeof Agenda>;

export const BriefingCard = Type.Object({
  id: Type.String(),
  no: Type.Integer(),
  day: Type.String(),
  slot: Type.String(),
  cutoffAt: Moment,
  heldAt: Moment,
  heldBy: Type.String(),
  /** False when the figures did not add up. */
  reconciled: Type.Boolean(),
  state: Type.String({ description: "held" }),
  decisions: Type.Integer(),
});
export type BriefingCard = Static<typeof BriefingCard>;

export const BriefingPage = Type.Object({ items: Type.Array(BriefingCard), next: nullable(Type.String()) });

export const Briefing = Type.Object({
  ...BriefingCard.properties,
  /** The freeze that its figures are; its list of changes is asked for by this id. */
  freezeId: Type.String(),
  decisions: Type.Array(Decision),
  agenda: Agenda,
  figures: Type.Array(FrozenFigure),
});
export type Briefing = Static<typeof Briefing>;

export const ChronicleLine = Type.Object({
  at: Moment,
  kind: Type.String(),
  areaCode: Type.String(),
  text: BothTexts,
});
export type ChronicleLine = Static<typeof ChronicleLine>;

/** Data of `command.phaseReached`. */
export interface PhaseReached {
  readonly phase: string;
  readonly at: string;
}
/** Data of `command.briefingHeld`. */
export interface BriefingHeld {
  readonly no: number;
  readonly slot: string;
  readonly decisions: number;
  readonly reconciled: boolean;
  readonly newConfirmed: number;
  readonly newAsymptomatic: number;
}
