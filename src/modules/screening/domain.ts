export * from "./boxes.model.ts";
export * from "./events.model.ts";
export * from "./needs.rules.ts";
export * from "./screening.model.ts";
export * from "./screening.rules.ts";
