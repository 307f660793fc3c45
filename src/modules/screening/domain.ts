import { coverageCounters, differenceCauses, reconciliationReasons } from "./reconcile.model.ts";

export * from "./boxes.model.ts";
export * from "./events.model.ts";
export * from "./needs.rules.ts";
export * from "./reconcile.model.ts";
export * from "./screening.model.ts";
export * from "./screening.rules.ts";

/** Values that pages show by a word. */
export const vocabulary = {
  "rounds.values.counter": coverageCounters,
  "rounds.values.cause": differenceCauses,
  "rounds.values.reason": reconciliationReasons,
} as const;
