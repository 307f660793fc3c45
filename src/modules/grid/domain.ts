export * from "./grid.model.ts";
export * from "./grid.rules.ts";
