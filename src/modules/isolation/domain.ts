export * from "./forecast.rules.ts";
export * from "./isolation.model.ts";
export * from "./isolation.rules.ts";
export * from "./plan.rules.ts";
export * from "./release.rules.ts";
export * from "./rooms.rules.ts";
export * from "./shortlist.rules.ts";
