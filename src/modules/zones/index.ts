export { module } from "./zones.module.ts";
export { proposeForCase, type ProposedZone } from "./proposals.service.ts";
export { liftsAhead, zoneDelays, zoneFigures, zonesAboveLow, zonesOnBoard, type ZoneOnBoard } from "./zones.figures.ts";
export type {
  CountyRoutine,
  DrawZone,
  ProposeForCase,
  ZoneDetail,
  ZoneExtended,
  ZoneLevelChanged,
  ZoneProposed,
  ZonePublished,
  ZoneRow,
} from "./zones.model.ts";
export type { LiftDecision } from "./zones.rules.ts";
export {
  checkLift,
  countZones,
  drawZone,
  dropZone,
  extendZone,
  getZone,
  keepZone,
  liftZone,
  listZones,
  openZoneOf,
  proposeZonesForCase,
  publishZone,
  raiseZone,
  zoneLevelsAt,
} from "./zones.service.ts";
export { drawVillages, previewVillages } from "./villages.service.ts";
export { zonesNamed } from "./lookup.store.ts";
