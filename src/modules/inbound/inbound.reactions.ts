import type { PlanClass } from "#domain/outbreaks";
import { orderContacts } from "#modules/isolation";
import type { Bus } from "#platform/events";
import { closeOfPeople } from "./arrivals.store.ts";
import { takePassed } from "./escorts.service.ts";
import type { ArrivalsClassified } from "./inbound.model.ts";
import type { LeftPost } from "./posts.service.ts";
import type { TravellersPassed } from "./roads.service.ts";

/** What other modules and our own events set off; no jurisdiction narrows a reaction, a traveller may live anywhere. */
export function react(bus: Bus): void {
  // A plan is an order of isolation: place, days, tests and release are its business. spec: INB-2
  bus.on<ArrivalsClassified>("inbound.classified", "inbound", (tx, event) =>
    orderContacts(
      tx,
      event.data.arrivals.map(({ declarationId, personId, areaCode, plan, anchorAt }) => ({
        contactId: declarationId,
        personId,
        kind: plan,
        lastExposureAt: anchorAt,
        areaCode,
        dueAt: null,
        linkedContactId: null,
      })),
    ),
  );
  bus.on<LeftPost>("inbound.leftPost", "inbound", (tx, event) =>
    orderContacts(
      tx,
      event.data.people.map(({ personId, areaCode, orderKey }) => ({
        contactId: orderKey,
        personId,
        kind: event.data.plan as PlanClass,
        lastExposureAt: tx.now,
        areaCode,
        dueAt: null,
        linkedContactId: null,
      })),
    ),
  );
  bus.on<TravellersPassed>("inbound.passed", "inbound", (tx, event) => takePassed(tx, event.data));
  bus.on<{ personIds: readonly number[]; reason: string }>("isolation.released", "inbound", (tx, event) =>
    closeOfPeople(tx, event.data.personIds, event.data.reason),
  );
}
