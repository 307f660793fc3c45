export * from "./areas.model.ts";
export * from "./names.rules.ts";
export * from "./placement.rules.ts";
export * from "./import.rules.ts";
export * from "./position.rules.ts";
