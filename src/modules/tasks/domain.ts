export * from "./tasks.model.ts";
export * from "./tasks.rules.ts";
