import { originLevels, passOutcomes, planClasses } from "#domain/outbreaks";
import * as control from "./control.model.ts";
import { arrivalLevels, declarationSources, declarationStates } from "./inbound.model.ts";

export * from "./control.model.ts";
export * from "./inbound.model.ts";
export * from "./inbound.rules.ts";

/** The values whose words the pages must have. */
export const vocabulary = {
  "inbound.values.level": [...arrivalLevels, ...originLevels],
  "inbound.values.plan": planClasses,
  "inbound.values.state": declarationStates,
  "inbound.values.source": declarationSources,
  "inbound.values.outcome": passOutcomes,
  "inbound.values.passKind": control.passKinds,
  "inbound.values.passReason": control.passReasons,
  "inbound.values.checkpointKind": control.checkpointKinds,
  "inbound.values.direction": control.letterDirections,
  "inbound.values.letterState": control.letterStates,
  "inbound.values.letterOutcome": control.letterOutcomes,
  "inbound.values.escortState": control.escortStates,
  "inbound.values.escortReason": control.escortReasons,
  "inbound.values.worker": control.workerStates,
  "inbound.values.goodsKind": control.goodsKinds,
  "inbound.values.goodsState": control.goodsStates,
} as const;
