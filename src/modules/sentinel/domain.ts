import {
  alertStates,
  signalStates,
  symptomKinds,
  unitKinds,
  unitStates,
  visitOutcomes,
  alertLevels,
} from "./sentinel.model.ts";
import { probeMeasures, thresholdKinds } from "#domain/outbreaks";

export * from "./sentinel.model.ts";
export * from "./sentinel.rules.ts";

/** Values that pages show by a word. */
export const vocabulary = {
  "sentinel.values.unitKind": unitKinds,
  "sentinel.values.unitState": unitStates,
  "sentinel.values.symptom": symptomKinds,
  "sentinel.values.signalState": signalStates,
  "sentinel.values.outcome": visitOutcomes,
  "sentinel.values.alertState": alertStates,
  "sentinel.values.level": alertLevels,
  "sentinel.values.measure": probeMeasures,
  "sentinel.values.rule": thresholdKinds,
} as const;
