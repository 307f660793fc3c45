export * from "./venues.model.ts";
export * from "./venues.rules.ts";
export { epochS, type VisitColumns } from "./segment.rules.ts";
