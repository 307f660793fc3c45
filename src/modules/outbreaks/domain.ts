export * from "./compare.rules.ts";
export * from "./lookup.rules.ts";
export * from "./outbreaks.model.ts";
export * from "./protocol.model.ts";
export * from "./protocol.rules.ts";
export type { ForceRules } from "./protocol.teams.model.ts";
export { Text } from "./schema.model.ts";
export * from "./vocabulary.model.ts";
