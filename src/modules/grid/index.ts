export { module } from "./grid.module.ts";
export { gridFigures, gridTally } from "./grid.figures.ts";
export { doorsLeft, listDoorItems, listDoorLists, makeDoorList, recordVisits } from "./doors.service.ts";
export { cutArea, cutGrids, listGrids, listWorkers, registerWorkers } from "./grids.service.ts";
export { askNeeds, listNeeds, moveNeeds, needsIn } from "./needs.service.ts";
export { dueIn, dueReachable, listReachable, recordOutreach, registerReachable } from "./reach.service.ts";
export { listStreets, recordStreets, setLanes, streetRoundsLeft } from "./streets.service.ts";
export { renderText } from "./texts.service.ts";
