import Type, { type Static } from "typebox";
import { Rule, byKey, id, list, Text, oneOf, strict } from "./schema.model.ts";
import { planClasses } from "./vocabulary.model.ts";

/** What a place elsewhere counts as for those who come from it, from the strictest down. */
export const originLevels = ["abroad", "high", "medium", "low"] as const;
export type OriginLevel = (typeof originLevels)[number];

/** What may happen to somebody at a checkpoint, from the mildest up. */
export const passOutcomes = ["passed", "tested", "escorted", "refused"] as const;
export type PassOutcome = (typeof passOutcomes)[number];

const Minutes = Type.Integer({ minimum: 1, maximum: 525_600, description: "minutes" });

/** Inbound control: levels of origin, deadlines, the road, exposed trades, goods. */
export const Inbound = strict({
  /** How many days after leaving a place its level counts, and how many before it was listed. */
  lookbackDays: Type.Integer({ minimum: 1, maximum: 60 }),
  levels: byKey(
    originLevels,
    strict({ rule: Rule, plan: oneOf(planClasses), road: oneOf(["passed", "tested", "escorted"] as const) }),
  ),
  /** Until when a traveller is visited: after the announced arrival, or after an undeclared one is known of. */
  visit: strict({ rule: Rule, declaredMinutes: Minutes, undeclaredMinutes: Minutes }),
  letter: strict({ rule: Rule, answerMinutes: Minutes, receiptMinutes: Minutes }),
  escort: strict({ rule: Rule, deliverMinutes: Minutes }),
  road: strict({
    rule: Rule,
    feverCelsius: Type.Number({ minimum: 36, maximum: 40 }),
    proofHours: Type.Integer({ minimum: 1, maximum: 168 }),
  }),
  trades: list(
    strict({
      id,
      rule: Rule,
      name: Text,
      testEveryDays: Type.Integer({ minimum: 1, maximum: 30 }),
      /** Days in the loop at most before the shift is rotated; absent = tested, not closed. */
      loopDaysMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 60 })),
    }),
  ),
  /** The plan of who leaves a closed loop. */
  leavingPlan: oneOf(planClasses),
  goods: strict({ rule: Rule, samplesMin: Type.Integer({ minimum: 1, maximum: 100 }), decideMinutes: Minutes }),
});
export type Inbound = Static<typeof Inbound>;
