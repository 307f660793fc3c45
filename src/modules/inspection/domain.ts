export * from "./checklist.model.ts";
export * from "./checklist.rules.ts";
export * from "./inspection.model.ts";
export * from "./inspection.rules.ts";
