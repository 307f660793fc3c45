export { module } from "./command.module.ts";
export type { Board, BoardPhase, CurveDay, LoopClock } from "./board.model.ts";
export type {
  Agenda,
  Briefing,
  BriefingCard,
  ChronicleLine,
  Decision,
  HoldBriefing,
  PhaseReached,
} from "./command.model.ts";
export { liveBoard } from "./board.service.ts";
export { briefingReportHtml, getBriefing, holdBriefing, holdDueBriefing, listBriefings } from "./briefing.service.ts";
export { addDecisions, withdrawDecision } from "./decisions.service.ts";
export { loopClocks } from "./clocks.service.ts";
export {
  changeResponseLevel,
  checkPhases,
  chronicle,
  closeResponse,
  getChronicle,
  getClocks,
  getCurve,
  getPhases,
  openResponse,
  situationReports,
  storeRealSeries,
} from "./command.service.ts";
export { checkPhase, measurePhases, phaseLadder } from "./phases.service.ts";
export {
  acceptReport,
  acknowledgeDirective,
  listDirectives,
  listRelays,
  relayDirective,
  reportDirective,
  sendReportBack,
} from "./directives.service.ts";
export { boardInside } from "./inside.service.ts";
export { boardLifting, boardPlaces } from "./places.service.ts";
export { writeMinutes } from "./minutes.service.ts";
export type { DirectiveRelayed } from "./orders.model.ts";
export { commandOrdersTally } from "./orders.service.ts";
export { listReopening, planReopening, reopenStep } from "./reopening.service.ts";
