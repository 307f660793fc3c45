import Type, { type Static } from "typebox";
import { Moment, nullable, oneOf, page } from "#domain/outbreaks";
import { AreaCode, Count } from "./shapes.model.ts";

/** The shapes of the recount: counters of a village from the rows, beside those that are kept. */

/** Counters that are kept for themselves; what was collected and who is sampled follow from them. */
export const storedCounters = [
  "due",
  "excused",
  "atSite",
  "inTransit",
  "received",
  "resulted",
  "positive",
  "lost",
] as const;
export type StoredCounter = (typeof storedCounters)[number];
export const coverageCounters = [...storedCounters, "collected", "sampled"] as const;
export type CoverageCounter = (typeof coverageCounters)[number];

/** Why a counter differs from its rows, as far as rows tell. */
export const differenceCauses = [
  "registeredLater",
  "moved",
  "movedLikely",
  "personGone",
  "rowMissing",
  "absenceUncounted",
  "absenceOfSampled",
  "tubeState",
  "tubeEnded",
  "tubeResult",
  "sampleGone",
  "sampleAdded",
  "sampleAstray",
  "traceGone",
  "traceAdded",
  "unexplained",
] as const;
export type DifferenceCause = (typeof differenceCauses)[number];

export const reconciliationReasons = ["nightly", "asked", "setRight"] as const;
export type ReconciliationReason = (typeof reconciliationReasons)[number];

/** How many of a difference's people a cause explains; negative where fewer are counted than kept. */
export const CauseShare = Type.Object({ cause: oneOf(differenceCauses), people: Type.Integer() });
export type CauseShare = Static<typeof CauseShare>;

export const Reconciliation = Type.Object({
  id: Type.String(),
  roundId: Type.String(),
  at: Moment,
  reason: oneOf(reconciliationReasons),
  /** Villages compared, and those in which a counter differs. */
  villages: Count,
  differing: Count,
  /** Counters that differ, over all villages. */
  differences: Count,
  ms: Count,
});
export type Reconciliation = Static<typeof Reconciliation>;
export const ReconciliationPage = page(Reconciliation);
export const ReconciliationQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type ReconciliationQuery = Static<typeof ReconciliationQuery> & { readonly roundId: string };

export const CoverageDifference = Type.Object({
  /** Village and counter: names the row among those of its recount. */
  key: Type.String(),
  areaCode: Type.String(),
  areaName: nullable(Type.String()),
  counter: oneOf(coverageCounters),
  counted: Count,
  kept: Type.Integer(),
  causes: Type.Array(CauseShare),
});
export type CoverageDifference = Static<typeof CoverageDifference>;
export const DifferencePage = page(CoverageDifference);
export const DifferenceQuery = Type.Object({
  areaCode: Type.Optional(AreaCode),
  cause: Type.Optional(oneOf(differenceCauses)),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type DifferenceQuery = Static<typeof DifferenceQuery> & { readonly roundId: string };

/** What setting a round's counters right did. */
export const SetRightAnswer = Type.Object({ roundId: Type.String(), villages: Count, differences: Count });
export type SetRightAnswer = Static<typeof SetRightAnswer>;
