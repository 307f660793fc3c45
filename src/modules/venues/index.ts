export { module } from "./venues.module.ts";
export type {
  BulkVenue,
  CoPresence,
  NewVenue,
  RecordAnswer,
  Scan,
  ScanAnswer,
  Venue,
  VisitRow,
} from "./venues.model.ts";
export {
  coPresence,
  dropOldVisits,
  listVenues,
  openNextDay,
  recordVisits,
  registerVenues,
  storeVisits,
  venueCode,
  visitsOfPerson,
} from "./venues.service.ts";
export { recordVisitLines } from "./lines.service.ts";
export { recordVisit } from "./scan.service.ts";
export { coPresent, everybodyMet, meetings, visitsOf, type PresenceQuery } from "./presence.service.ts";
export { addToDay, beginDay, endDay, registerVenuesBulk, type DayForm } from "./loads.service.ts";
export { PersonSet } from "./person-set.rules.ts";
export { closeOverDays, sealClosedDays, sealDay, type Sealed } from "./seals.service.ts";
export { venueAreas, venueKindsIn, venueNames, venueNumbers, venuesByNumber, venueUse } from "./venues.store.ts";
export { venuesNamed } from "./lookup.store.ts";
