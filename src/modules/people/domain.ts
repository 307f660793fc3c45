export * from "./identity.rules.ts";
export * from "./import.rules.ts";
export * from "./people.model.ts";
