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
export { addSites, allocate, capacity, capacityOf, listRooms, listSites, setNeeds } from "./places.service.ts";
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
export { assignBed, floorRooms, listWaiting, siteGuests, takeBack } from "./floors.service.ts";
export { dueTests, recordClinical, recordExitTests, recordTestSampling } from "./tests.service.ts";
export { advanceOrders, release, releaseCheck, type ReleaseOutcome } from "./release.service.ts";
export { listReleases, releaseForecast, releasePapers, testsOfDay } from "./releases.service.ts";
export { orderCase, orderContacts, type Observed } from "./orders.service.ts";
export { contactsUnplaced, staysBroken } from "./checks.store.ts";
export { orderFigures, orderIdsOf, peopleByMode, siteFigures, type SiteFigures } from "./isolation.figures.ts";
export { answerCare, askCare, confirmCare, listCare } from "./care.service.ts";
export { dutyPhone, listDuties, nameDuties } from "./duty.service.ts";
export { expectHomecomings, handOverHome, listHomecomings, receiveHome } from "./homecoming.service.ts";
export { isolationLifeTally } from "./life.figures.ts";
export type { CareKind, DutyRole, HomecomingRow, Outlook, SiteCard, SiteLife, WorkZone } from "./life.model.ts";
export {
  checkSite,
  closeSite,
  finishConversion,
  listSiteLives,
  openBeds,
  openFangcangPhase,
  openSite,
  orderConversion,
  sendSiteBack,
  siteRecord,
  standDownSite,
  type SiteLifeChanged,
} from "./life.service.ts";
export { outlook, outlookIn } from "./outlook.service.ts";
export { enterLogs, listLogs, listStaff, missingLogs, recordStaffTests, registerStaff } from "./staff.service.ts";
export { siteStandard } from "./standard.load.ts";
export { sitesNamed } from "./lookup.store.ts";
