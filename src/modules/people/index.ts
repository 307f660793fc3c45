export { module } from "./people.module.ts";
export type {
  BulkHousehold,
  BulkPerson,
  HouseholdMember,
  IdKind,
  ImportPeopleResult,
  NewPerson,
  PeopleRegistered,
  PersonCard,
  Sex,
  WorkplaceMember,
} from "./people.model.ts";
export {
  countRegister,
  findPersonByIdentity,
  getPerson,
  householdMembers,
  importPeople,
  importPeopleFromFile,
  listPeople,
  membersOfWorkplace,
  peopleCount,
  personCards,
  registerHouseholdsBulk,
  registerPeople,
  registerPeopleBulk,
} from "./people.service.ts";
export { compareArrivals } from "./arrivals.service.ts";
export { answerReview, linkEntries, listReview, registersTally, undoLink } from "./linkage.service.ts";
export {
  cancelLinkage,
  listLinkages,
  startLinkage,
  takeLinkage,
  workRun,
  type WorkEnd,
  type WorkOptions,
} from "./runs.service.ts";
export type { NewEntry, NewRegister, Review } from "./registers.model.ts";
export {
  addEntries,
  electronicProgress,
  listEntries,
  listSources,
  markElectronic,
  openRegister,
} from "./registers.service.ts";
export { countByPrefix } from "./counts.store.ts";
export { entriesByPrefix } from "./registers.store.ts";
export {
  bornBy,
  homesOfHouseholds,
  homesOfPeople,
  householdsIn,
  householdsOfPeople,
  populationOf,
  type PersonHome,
  type Population,
} from "./homes.store.ts";
export { settleHouseholdIds, settlePersonIds } from "./people.store.ts";
export { peopleByKey } from "./lookup.service.ts";
