import type { Provenance } from "#domain/outbreaks";
import type { PeopleRegistered } from "#modules/people";
import type { Bus } from "#platform/events";
import { reconcileNight } from "./reconcile.service.ts";
import { onExcluded, onIsolated, onPreliminary, onRegistered, onReleased } from "./rounds.service.ts";

/** How often it is asked whether the night's hour has come. */
const nightCheckMinutes = 15;

/** What this module does when people register, go into isolation, come out of it, or turn out to be cases. */
export function registerReactions(bus: Bus): void {
  bus.every(nightCheckMinutes, "screening.reconcileNight", reconcileNight);
  bus.on<PeopleRegistered>("people.registered", "screening", (tx, event) => onRegistered(tx, event.data));
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
