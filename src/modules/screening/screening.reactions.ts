import type { Provenance } from "#domain/outbreaks";
import type { Bus } from "#platform/events";
import { onExcluded, onIsolated, onPreliminary, onReleased } from "./rounds.service.ts";

/** What this module does when people go into isolation, come out of it, or turn out to be cases. */
export function registerReactions(bus: Bus): void {
  bus.on<{ personIds: readonly number[] }>("isolation.departed", "screening", (tx, event) =>
    onIsolated(tx, event.data.personIds),
  );
  bus.on<{ orders: readonly { personId: number }[] }>("isolation.placed", "screening", (tx, event) =>
    onIsolated(
      tx,
      event.data.orders.map((order) => order.personId),
    ),
  );
  bus.on<{ personIds: readonly number[] }>("isolation.released", "screening", (tx, event) =>
    onReleased(tx, event.data.personIds),
  );
  bus.on<{ personId: number; positiveAt: string; provenance: Provenance }>(
    "cases.preliminary",
    "screening",
    (tx, event) => onPreliminary(tx, event.data),
  );
  bus.on<{ personId: number }>("cases.excluded", "screening", (tx, event) => onExcluded(tx, event.data.personId));
}
