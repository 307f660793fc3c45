export { module } from "./inspection.module.ts";
export { inspectionTally } from "./inspection.figures.ts";
export { checklistLibrary } from "./checklist.load.ts";
export type {
  AccountRow,
  Answer,
  Checklist,
  CoverageRow,
  Finding,
  FindingState,
  InspectionTally,
  NewVisit,
  Place,
  PlaceType,
  RaisedFinding,
  Repeat,
  Sanction,
} from "./domain.ts";
export {
  accountability,
  addPhoto,
  codeCoverage,
  getFinding,
  listFindings,
  listSanctions,
  problemList,
  readPhoto,
  recheckFinding,
  recordSanction,
  rectifyFinding,
  repeatOffenders,
} from "./findings.service.ts";
export {
  listChecklists,
  listPlaces,
  listRoutes,
  listTeams,
  listVisits,
  planRoutes,
  recordInspections,
  registerPlaces,
  registerTeams,
} from "./inspection.service.ts";
