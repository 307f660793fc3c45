export { module } from "./isolation.module.ts";
export type {
  Assignment,
  Capacity,
  CapacityRow,
  CheckItem,
  Departed,
  DueTest,
  Forecast,
  NewSite,
  Order,
  OrderMode,
  OrderState,
  Ordered,
  Placed,
  Released,
  Room,
  Site,
  SiteKind,
  TestPositive,
  Transfer,
  TripRequested,
} from "./isolation.model.ts";
export type { Trip } from "./journeys.service.ts";
export {
  addSites,
  allocate,
  assignBed,
  capacity,
  capacityOf,
  closeSite,
  listRooms,
  listSites,
  openFangcangPhase,
  openSite,
  setNeeds,
} from "./places.service.ts";
export {
  arrive,
  cancelTransfer,
  changePlace,
  depart,
  listOrders,
  listTransfers,
  requestTransfer,
  startHome,
} from "./transfers.service.ts";
export { dueTests, recordClinical, recordExitTests, recordTestSampling } from "./tests.service.ts";
export { advanceOrders, release, releaseCheck, type ReleaseOutcome } from "./release.service.ts";
export { orderCase, orderContacts, type Observed } from "./orders.service.ts";
export { contactsUnplaced, staysBroken } from "./checks.store.ts";
export { orderFigures, orderIdsOf, peopleByMode, siteFigures, type SiteFigures } from "./isolation.figures.ts";
