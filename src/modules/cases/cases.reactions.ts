import type { ResultsRecorded, TubePositive } from "#domain/screening";
import type { Bus } from "#platform/events";
import { askLate, onResults, onTubePositive } from "./holds.service.ts";

const askLateMinutes = 60;

/** What cases do when a laboratory reports; in the laboratory's own transaction (I3). */
export function registerReactions(bus: Bus): void {
  bus.on<TubePositive>("screening.tubePositive", "cases", (tx, event) => onTubePositive(tx, event.data));
  bus.on<ResultsRecorded>("screening.resultsRecorded", "cases", (tx, event) => onResults(tx, event.data.tubes));
  bus.every(askLateMinutes, "cases.askLate", askLate);
}
