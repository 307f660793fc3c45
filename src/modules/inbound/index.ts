export { module } from "./inbound.module.ts";
export {
  classifyArrivals,
  closeArrival,
  getArrival,
  listArrivals,
  pageOfArrivals,
  visitList,
} from "./arrivals.service.ts";
export type { Arrival, ArrivalsClassified, Traveller } from "./inbound.model.ts";
export { declare } from "./declare.service.ts";
export { deliverEscorts, listEscorts, meetEscorts, planEscorts, type EscortsPlanned } from "./escorts.service.ts";
export { disinfectGoods, holdGoods, listGoods, recordGoodsResult, releaseGoods } from "./goods.service.ts";
export { arrivalCounts, inboundTally, openCheckpoints, postsIn, type InboundTally } from "./inbound.figures.ts";
export { answerLetter, enterLetter, listLetters, receiptLetter, setOutcomes } from "./letters.service.ts";
export { joinPost, leavePost, listPosts, listWorkers, recordWorkerTests, registerPost } from "./posts.service.ts";
export { listKeyRegions, setKeyRegions } from "./regions.service.ts";
export {
  listCheckpoints,
  listPasses,
  locateCheckpoint,
  openCheckpoint,
  planShift,
  recordPasses,
} from "./roads.service.ts";
export { checkpointsNamed } from "./lookup.store.ts";
