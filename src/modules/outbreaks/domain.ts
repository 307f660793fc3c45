export * from "./compare.rules.ts";
export * from "./lookup.rules.ts";
export * from "./outbreaks.model.ts";
export * from "./protocol.command.model.ts";
export * from "./protocol.model.ts";
export * from "./protocol.reports.model.ts";
export * from "./protocol.rules.ts";
export { Text } from "./schema.model.ts";
export * from "./vocabulary.model.ts";
