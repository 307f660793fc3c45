export * from "./imports.model.ts";
export * from "./imports.rules.ts";
export * from "./prospects.model.ts";
export * from "./tracing.model.ts";
export * from "./tracing.rules.ts";
export * from "./chain.layout.rules.ts";
export * from "./chain.shape.rules.ts";
export * from "./where.rules.ts";
