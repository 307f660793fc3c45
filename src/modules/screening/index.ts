export { module } from "./screening.module.ts";
export {
  openLabs,
  openSites,
  roundByCounty,
  roundFigures,
  screeningDelays,
  sitesByCounty,
  testedSoFar,
  type RoundFigures,
  type StageCounts,
} from "./screening.figures.ts";
export type * from "./boxes.model.ts";
export type * from "./events.model.ts";
export type * from "./reconcile.model.ts";
export type * from "./screening.model.ts";
export {
  adviceFor,
  closeRound,
  coverage,
  listRounds,
  notSampled,
  openPurposeRound,
  openRound,
  openStandingRound,
  progressOf,
  recordAbsences,
  roundAdvice,
  roundProgress,
  screeningNeeds,
  type OpenedRound,
} from "./rounds.service.ts";
export {
  handOverBoxes,
  listBoxes,
  listLabs,
  listSites,
  receiveBoxes,
  registerLabs,
  registerSites,
  sealBox,
} from "./boxes.service.ts";
export {
  listDifferences,
  listReconciliations,
  reconcileNight,
  reconcileRound,
  setCoverageRight,
} from "./reconcile.service.ts";
export { recountArea } from "./recount.store.ts";
export { reportResults } from "./results.service.ts";
export {
  getTube,
  listTubes,
  moveSample,
  recordLostTubes,
  rejectTube,
  rejectTubes,
  uploadTubes,
} from "./tubes.service.ts";
export { resultsOf, tubesById, type PersonResult } from "./tubelist.store.ts";
export {
  positiveTubes,
  sampleOnce,
  stageBalance,
  villageRounds,
  type StageBalance,
  type VillageRound,
} from "./figures.store.ts";
export { sampledSince, untestedIn, type UntestedPerson } from "./rounds.store.ts";
export { tubeByBarcode } from "./lookup.store.ts";
