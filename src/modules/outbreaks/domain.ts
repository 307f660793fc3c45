export * from "./lookup.rules.ts";
export * from "./protocol.model.ts";
export * from "./protocol.rules.ts";
export { Text } from "./schema.model.ts";
export * from "./vocabulary.model.ts";
