export * from "./curve.rules.ts";
export * from "./figures.model.ts";
export * from "./figures.rules.ts";
export * from "./sitrep.model.ts";
export * from "./week.rules.ts";
export * from "./basecounts.model.ts";
export * from "./basecounts.rules.ts";
