export * from "./agenda.rules.ts";
export * from "./board.model.ts";
export * from "./command.model.ts";
export * from "./command.rules.ts";
export * from "./orders.model.ts";
export * from "./orders.rules.ts";
export * from "./reopening.model.ts";
export * from "./reopening.rules.ts";
