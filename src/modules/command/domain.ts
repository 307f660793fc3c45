export * from "./agenda.rules.ts";
export * from "./board.model.ts";
export * from "./command.model.ts";
export * from "./command.rules.ts";
