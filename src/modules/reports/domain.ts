export * from "./curve.rules.ts";
export * from "./figures.model.ts";
export * from "./figures.rules.ts";
export * from "./sitrep.model.ts";
export * from "./public.model.ts";
export * from "./public.rules.ts";
export * from "./week.rules.ts";
