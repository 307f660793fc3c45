export * from "./cases.model.ts";
export * from "./cases.rules.ts";
export * from "./imports.model.ts";
export * from "./imports.rules.ts";
export * from "./tubes.model.ts";
