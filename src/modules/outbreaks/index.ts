export { module } from "./outbreaks.module.ts";
export { loadProtocol, loadProtocols, readProtocolText } from "./protocol.load.ts";
export { protocolById, protocolLibrary } from "./library.ts";
export type {
  OpenOutbreak,
  Outbreak,
  OutbreakCard,
  OutbreakDetail,
  OutbreakOpened,
  PhaseChanged,
  ProtocolMoved,
  ResponseLevelChanged,
  Stage,
} from "./outbreaks.model.ts";
export {
  currentOutbreak,
  endOutbreak,
  findCurrentOutbreak,
  getOutbreak,
  listOutbreaks,
  moveToProtocolVersion,
  notePositive,
  openOutbreak,
  outbreakById,
  setPhase,
  setResponseLevel,
  startOutbreak,
} from "./outbreaks.service.ts";
export { delaysOf } from "./outbreaks.figures.ts";
export type { CountedFigure, DelayRow, DelayScope, FigureScope } from "./outbreaks.figures.ts";
