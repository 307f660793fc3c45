export * from "./zones.model.ts";
export * from "./zones.rules.ts";
export * from "./draw.rules.ts";
