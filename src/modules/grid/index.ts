export { module } from "./grid.module.ts";
export { gridTally } from "./grid.figures.ts";
export { doorsLeft, recordVisits } from "./doors.service.ts";
export { cutArea, listGrids, registerWorkers } from "./grids.service.ts";
export { askNeeds, moveNeeds, needsIn } from "./needs.service.ts";
export { dueIn, recordOutreach, registerReachable } from "./reach.service.ts";
export { recordStreets, setLanes, streetRoundsLeft } from "./streets.service.ts";
