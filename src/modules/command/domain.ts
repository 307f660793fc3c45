import { reopeningKinds, reopeningMeasures } from "#domain/outbreaks";
import { relayStates } from "./orders.model.ts";
import { reopeningStates } from "./reopening.model.ts";

export * from "./agenda.rules.ts";
export * from "./board.model.ts";
export * from "./command.model.ts";
export * from "./command.rules.ts";
export * from "./orders.model.ts";
export * from "./orders.rules.ts";
export * from "./places.model.ts";
export * from "./reopening.model.ts";
export * from "./reopening.rules.ts";
export * from "./review.model.ts";
export * from "./review.rules.ts";
export * from "./wall.rules.ts";

export const vocabulary = {
  "orders.values.relay": relayStates,
  "orders.values.reopening": reopeningStates,
  "orders.values.step": reopeningKinds,
  "orders.values.measure": reopeningMeasures,
} as const;
