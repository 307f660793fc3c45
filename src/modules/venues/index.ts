export { module } from "./venues.module.ts";
export type { CoPresence, NewVenue, RecordAnswer, Scan, Venue, VisitRow } from "./venues.model.ts";
export {
  coPresence,
  dropOldVisits,
  listVenues,
  recordVisits,
  registerVenues,
  storeVisits,
  venueCode,
  visitsOfPerson,
} from "./venues.service.ts";
export { coPresent, venueAreas, venueNames, venueNumbers, venueUse, visitsOf } from "./venues.store.ts";
export { venuesNamed } from "./lookup.store.ts";
