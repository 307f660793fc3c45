import type { ResultsRecorded } from "#domain/screening";
import { currentOutbreak } from "#modules/outbreaks";
import type { Bus } from "#platform/events";
import type { Signalled } from "./sentinel.model.ts";
import { storeSignals } from "./signals.service.ts";
import { followTests, settleResults, watchCounts } from "./watch.service.ts";

const watchMinutes = 360;
const followMinutes = 180;

/** Registers what the probes do when signals come from another county, when results come, and by the clock. */
export function react(bus: Bus): void {
  bus.on<Signalled>("sentinel.signalled", "sentinel", async (tx, event) => {
    await storeSignals(tx, event.outbreakId ?? (await currentOutbreak(tx)).id, event.data);
  });
  bus.on<ResultsRecorded>("screening.resultsRecorded", "sentinel", (tx, event) =>
    settleResults(
      tx,
      event.data.tubes.flatMap((tube) => (tube.kind === "single" ? tube.personIds : [])),
    ),
  );
  bus.every(watchMinutes, "sentinel.watchCounts", watchCounts);
  bus.every(followMinutes, "sentinel.followTests", followTests);
}
