export { module } from "./drill.module.ts";
export { runDrill, type DrillOutcome, type DrillProgress } from "./drill.service.ts";
export { scenarioById } from "./world.service.ts";
export type { DrillSummary } from "./drill.model.ts";
