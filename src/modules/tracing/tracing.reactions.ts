import type { ExcludedData, PreliminaryData } from "#domain/cases";
import type { ResultsRecorded } from "#domain/screening";
import type { Bus } from "#platform/events";
import { followIsolation } from "./contacts.store.ts";
import { onExcluded, onPreliminary, onResults } from "./follow.service.ts";
import { moveContact, recordOffer, type HandOverAnswered, type HandOverOffered } from "./handover.service.ts";
import { identify } from "./identify.service.ts";
import type { IdentifyContacts } from "./tracing.model.ts";

/** What tracing reads of isolation's events. */
interface Orders {
  readonly orders: readonly { readonly personId: number }[];
}
interface Released {
  readonly personIds: readonly number[];
  /** `completed` when the plan is over; another reason ends an order, not the observation. */
  readonly reason?: string;
}

export function registerReactions(bus: Bus): void {
  bus.on<PreliminaryData>("cases.preliminary", "tracing", (tx, event) => onPreliminary(tx, event.data));
  bus.on<ExcludedData>("cases.excluded", "tracing", (tx, event) => onExcluded(tx, event.data));
  bus.on<ResultsRecorded>("screening.resultsRecorded", "tracing", (tx, event) => onResults(tx, event.data.tubes));
  bus.on<Orders>("isolation.ordered", "tracing", (tx, event) => followIsolation(tx, peopleOf(event.data), "ordered"));
  bus.on<Orders>("isolation.placed", "tracing", (tx, event) => followIsolation(tx, peopleOf(event.data), "placed"));
  bus.on<Released>("isolation.released", "tracing", async (tx, event) => {
    if ((event.data.reason ?? "completed") === "completed") await followIsolation(tx, event.data.personIds, "released");
  });
  // Steps of this module that reach into other counties, where the person who asked may not look.
  bus.on<IdentifyContacts>("tracing.contactsSought", "tracing", (tx, event) => identify(tx, event.data));
  bus.on<HandOverOffered>("tracing.handOverOffered", "tracing", (tx, event) => recordOffer(tx, event.data));
  bus.on<HandOverAnswered>("tracing.handOverAccepted", "tracing", (tx, event) => moveContact(tx, event.data));
}

function peopleOf(data: Orders): number[] {
  return data.orders.map((order) => order.personId);
}
