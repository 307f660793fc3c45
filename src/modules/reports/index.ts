export { module } from "./reports.module.ts";
export { baseCounts } from "./basecounts.service.ts";
export { computeFigures, figuresReconcile, freezeFigures } from "./figures.service.ts";
export {
  draftBulletin,
  draftNotice,
  publishedNow,
  sendBackPublication,
  signPublication,
  submitPublication,
} from "./publications.service.ts";
export { answerRequest, askForHelp, listRequests } from "./requests.service.ts";
export { checkRumour, publicInformationTally, recordRumour, signRumour } from "./rumours.service.ts";
export { currentFigures, freezeChanges, frozenFiguresOf } from "./reports.service.ts";
export { epicurveSvg, marksIn, type EpicurveInput, type EpicurveTexts } from "./epicurve.svg.ts";
export { curveHtml, situationReportHtml } from "./sitrep.html.ts";
export { arrowName, arrowTexts, figureName, teamName } from "./sitrep.text.ts";
export { curveSpan } from "./curve.rules.ts";
export type { FigureChange, FigureName, FigureValue, Freeze, FrozenFigure, Reconciliation } from "./figures.model.ts";
export type { Both, ReportLanguage, SitrepDay, SitrepDocument, SitrepMark, SitrepRound } from "./sitrep.model.ts";
