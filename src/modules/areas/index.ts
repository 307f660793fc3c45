export { module } from "./areas.module.ts";
export type { Area, AreaLevel, AreaRow, Boundary, CensusUnit, ImportAreasResult } from "./areas.model.ts";
export { areaAncestors, searchByName } from "./areas.store.ts";
export { buildAreas } from "./areas.tree.ts";
export {
  areaBoundaries,
  areaByCode,
  areaName,
  areaNames,
  areasBelow,
  areasByCode,
  checkPositions,
  getArea,
  importAreas,
  importAreasFromFile,
  importOfficialAreas,
  listAreas,
  loadAreas,
  rowsInAreas,
  searchAreas,
} from "./areas.service.ts";
