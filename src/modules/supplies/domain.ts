export * from "./demand.rules.ts";
export * from "./requests.model.ts";
export * from "./requests.rules.ts";
export * from "./stock.rules.ts";
export * from "./supplies.model.ts";
