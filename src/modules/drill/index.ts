export { module } from "./drill.module.ts";
export { runDrill, type DrillOutcome, type DrillProgress } from "./drill.service.ts";
export {
  chunksDone,
  finishLoad,
  joinLoad,
  loadOf,
  loadedCity,
  openLoad,
  orderText,
  runChunk,
  standOf,
} from "./load.service.ts";
export type { LoadSurroundings, OpenLoad } from "./load.service.ts";
export type { LoadOrder, LoadReport } from "./load.model.ts";
export { defaultUntil } from "./load.world.service.ts";
export { setDrillClock } from "./run.store.ts";
export { scenarioById } from "./world.service.ts";
export type { DrillSummary } from "./drill.model.ts";
