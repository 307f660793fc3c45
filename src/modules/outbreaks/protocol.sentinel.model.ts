import Type, { type Static } from "typebox";
import { Hours, id, list, Text, oneOf, strict } from "./schema.model.ts";

/** The three probes of a protocol: fever clinics, village clinics and pharmacies. */

/** What is counted every day. */
export const probeMeasures = ["fever", "respiratory", "drugs"] as const;
/** How a count is compared: with a number, with its own mean, in standard deviations, or by EARS. */
export const thresholdKinds = ["absolute", "ratio", "deviation", "c1", "c2", "c3"] as const;

export const SentinelThreshold = strict({
  kind: oneOf(thresholdKinds),
  measures: list(oneOf(probeMeasures)),
  /** The alert is raised when the statistic is greater; for `absolute` the count itself reaches it. */
  above: Type.Number({ minimum: 0 }),
  /** Counts below this are never an alert by this rule. */
  countMin: Type.Integer({ minimum: 1 }),
});
export type SentinelThreshold = Static<typeof SentinelThreshold>;

export const Sentinel = strict({
  rule: Type.String({ pattern: "^[A-Z][A-Z0-9-]*$" }),
  /** A temperature from here is a fever, in degrees Celsius. */
  feverC: Type.Number({ minimum: 36, maximum: 42 }),
  /** Classes of medicine whose sale is signalled, by name. */
  drugClasses: list(strict({ id, name: Text })),
  /** From the signal to the visit at home, from the signal to the test, from an alert to its answer. */
  visitHours: Hours,
  testHours: Hours,
  verifyHours: Hours,
  /** A unit without a return for so many days is silent. */
  silentDays: Type.Integer({ minimum: 1, maximum: 30 }),
  /** What a day is compared with: so many days before it, at least so many of them with returns. */
  history: strict({
    days: Type.Integer({ minimum: 10, maximum: 90 }),
    daysMin: Type.Integer({ minimum: 2, maximum: 90 }),
    /** A quiet baseline is given this standard deviation, so that one patient after none is no alarm. */
    sdMin: Type.Number({ exclusiveMinimum: 0 }),
  }),
  thresholds: list(SentinelThreshold),
});
export type Sentinel = Static<typeof Sentinel>;
