import Type, { type Static } from "typebox";
import { Rule, Hours, oneOf, strict } from "./schema.model.ts";

/** What the reopening of a place can ask about; measured for that place, the clean days for the whole outbreak. */
export const reopeningMeasures = [
  "zonesAboveLow",
  "daysSinceLastFind",
  "communityCleanDays",
  "batchBefore",
  "openContacts",
] as const;
export type ReopeningMeasure = (typeof reopeningMeasures)[number];

/** What can be reopened. */
export const reopeningKinds = ["area", "trade", "busLine", "school", "other"] as const;
export type ReopeningKind = (typeof reopeningKinds)[number];

/** One condition of a reopening: `measure op value`. */
export const Precondition = strict({
  rule: Rule,
  measure: oneOf(reopeningMeasures),
  op: oneOf(["atLeast", "atMost"] as const),
  value: Type.Integer({ minimum: 0 }),
});
export type Precondition = Static<typeof Precondition>;

/** How fast orders pass through the command post, and what a reopening waits for. */
export const CommandTimes = strict({
  rule: Rule,
  /** From a directive's arrival to every county having it. */
  relayHours: Hours,
  receiptHours: Hours,
  reportHours: Hours,
  /** For a report that was sent back. */
  correctionHours: Hours,
  /** From a briefing to its minutes. */
  minutesHours: Hours,
  /** A reopening later than planned by more than this is late. */
  reopeningHours: Hours,
  /** What a step waits for when its plan says nothing else. */
  preconditions: Type.Array(Precondition, { maxItems: 20 }),
});
export type CommandTimes = Static<typeof CommandTimes>;
