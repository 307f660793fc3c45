import { planClasses } from "#domain/outbreaks";
import { checkItems } from "./isolation.model.ts";
import { refusals, roomStates } from "./floors.model.ts";
import { lifeVocabulary } from "./life.model.ts";

export * from "./floors.model.ts";
export * from "./floors.rules.ts";
export * from "./forecast.rules.ts";
export * from "./isolation.model.ts";
export * from "./life.model.ts";
export * from "./life.rules.ts";
export * from "./isolation.rules.ts";
export * from "./outlook.rules.ts";
export * from "./plan.rules.ts";
export * from "./release.rules.ts";
export * from "./rooms.rules.ts";
export * from "./shortlist.rules.ts";

/** Values that pages show by a word. */
export const vocabulary = {
  ...lifeVocabulary,
  "releases.values.check": checkItems,
  "rooms.values.state": roomStates,
  "rooms.values.refusal": refusals,
  "rooms.values.plan": [...planClasses, "case"],
} as const;
