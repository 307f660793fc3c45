export * from "./drill.model.ts";
export * from "./names.rules.ts";
export * from "./queue.rules.ts";
export * from "./rooms.rules.ts";
export * from "./scenario.model.ts";
export * from "./scenario.rules.ts";
export * from "./sites.rules.ts";
