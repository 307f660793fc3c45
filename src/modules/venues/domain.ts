export * from "./venues.model.ts";
export * from "./venues.rules.ts";
