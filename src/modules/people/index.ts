export { module } from "./people.module.ts";
export type {
  BulkHousehold,
  BulkPerson,
  HouseholdMember,
  IdKind,
  ImportPeopleResult,
  NewPerson,
  PersonCard,
  Sex,
  WorkplaceMember,
} from "./people.model.ts";
export {
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
export { bornBy, homesOfHouseholds, homesOfPeople, householdsIn, type PersonHome } from "./homes.store.ts";
