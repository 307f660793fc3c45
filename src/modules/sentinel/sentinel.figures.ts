import type { Tx } from "#platform/context";
import { tallyAlerts } from "./alerts.store.ts";
import { tallySignals } from "./signals.store.ts";

/** Signals and alerts that came in, are done, were late and stand open; counts are not work items. */
export async function sentinelTally(tx: Tx): Promise<{ in: number; done: number; late: number; open: number }> {
  const [signals, alerts] = [await tallySignals(tx), await tallyAlerts(tx)];
  return {
    in: signals.in + alerts.in,
    done: signals.done + alerts.done,
    late: signals.late + alerts.late,
    open: signals.open + alerts.open,
  };
}
