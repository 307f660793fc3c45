export { module } from "./supplies.module.ts";
export { supplyCatalogue } from "./catalogue.load.ts";
export { suppliesTally } from "./supplies.figures.ts";
export {
  countStock,
  discardExpired,
  donate,
  listExpiry,
  listLots,
  listStock,
  loadCatalogue,
  moveStock,
  registerWarehouses,
} from "./stock.service.ts";
export {
  allocateRequest,
  askSupplies,
  decideRequest,
  dispatchRequest,
  getRequest,
  listRequests,
  receiveRequest,
  settleRequest,
} from "./requests.service.ts";
export { askDelivery, confirmDelivery, listDeliveries, returnDelivery, sendDeliveries } from "./deliveries.service.ts";
export type { StockRow } from "./supplies.model.ts";
