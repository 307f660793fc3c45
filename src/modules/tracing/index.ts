export { module } from "./tracing.module.ts";
export { contactFigures, contactIdsOf, contactTotals, openContacts, tracingDelays } from "./tracing.figures.ts";
export type {
  Chains,
  ContactConvertedData,
  ContactDetail,
  ContactEscalatedData,
  ContactExcludedData,
  ContactHandedOverData,
  ContactRow,
  ContactsIdentifiedData,
  ContactState,
  IdentifiedContact,
  IdentifyContacts,
  Track,
} from "./tracing.model.ts";
export { chains } from "./chains.service.ts";
export type { NewExposure } from "./contacts.store.ts";
export { registerContactsBulk, registerInvestigationsBulk } from "./loads.service.ts";
export type { BulkContact, BulkInvestigation } from "./loads.store.ts";
export { acceptHandOver, handOver, listHandovers, refuseHandOver } from "./handover.service.ts";
export { importContacts, importContactsFromFile } from "./imports.service.ts";
export {
  addTracks,
  caseTracks,
  completeCore,
  completeReport,
  contactPerson,
  excludeContact,
  getContact,
  identifyContacts,
  listContacts,
  getInvestigation,
  listInvestigations,
} from "./tracing.service.ts";
export { tracksOf, tracksOfCases } from "./tracing.store.ts";
export { contactsOfPersons } from "./lookup.store.ts";
