import { findCurrentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import { commandDefaults } from "./orders.rules.ts";
import { countOrders, type Tally } from "./orders.store.ts";

/** Relays of directives, steps of the reopening and minutes: how many came in, are done, late and open. */
export async function commandOrdersTally(tx: Tx): Promise<Tally> {
  const outbreak = await findCurrentOutbreak(tx);
  if (outbreak === undefined) return { in: 0, done: 0, late: 0, open: 0 };
  const { minutesHours, reopeningHours } = outbreak.protocol.command ?? commandDefaults;
  return countOrders(tx, { outbreakId: outbreak.id, minutesHours, reopeningHours });
}
