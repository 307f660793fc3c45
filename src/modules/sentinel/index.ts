export { module } from "./sentinel.module.ts";
export { sentinelTally } from "./sentinel.figures.ts";
export type { Alert, NewCount, NewSignal, NewUnit, Signal, SilentUnit, Unit, Visit } from "./sentinel.model.ts";
export { listSignals, recordVisits, reportSignals, signalPerson } from "./signals.service.ts";
export { listCounts, listSilent, listUnits, recordCounts, registerUnits } from "./units.service.ts";
export { unitsIn } from "./units.store.ts";
export { followTests, listAlerts, verifyAlert, watchCounts } from "./watch.service.ts";
