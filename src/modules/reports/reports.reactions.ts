import { caseIdsOf } from "#modules/cases";
import { orderIdsOf } from "#modules/isolation";
import { findCurrentOutbreak } from "#modules/outbreaks";
import { contactIdsOf } from "#modules/tracing";
import type { Bus } from "#platform/events";
import { postChanges } from "./figures.service.ts";

/** What the events of other modules carry that the ledger needs: which records they changed. */
interface CaseEvent {
  readonly caseId: string;
}
interface TubeEvent {
  readonly tubeId: number;
}
interface ContactEvent {
  readonly contactId: string;
}
interface ContactsEvent {
  readonly contacts: readonly ContactEvent[];
}
interface OrdersEvent {
  readonly orders: readonly { readonly orderId: string; readonly personId: number }[];
}
interface ReleasedEvent {
  readonly orderIds: readonly string[];
}
interface ZoneEvent {
  readonly zoneId: string;
}

const caseEvents = ["cases.preliminary", "cases.diagnosed", "cases.reclassified", "cases.excluded", "cases.outcome"];
const tubeEvents = ["cases.held", "cases.holdLifted", "screening.tubePositive"];
const contactEvents = [
  "tracing.contactEscalated",
  "tracing.contactExcluded",
  "tracing.contactConverted",
  "tracing.contactHandedOver",
];
const orderEvents = ["isolation.ordered", "isolation.placed"];
const zoneEvents = ["zones.published", "zones.levelChanged"];

/** Every event that changes a figure writes the ledger in its own transaction. spec: FIG-1 */
export function registerReactions(bus: Bus): void {
  for (const name of caseEvents)
    bus.on<CaseEvent>(name, "reports", (tx, event) => postChanges(tx, event, "case", [event.data.caseId]));
  for (const name of tubeEvents)
    bus.on<TubeEvent>(name, "reports", (tx, event) => postChanges(tx, event, "tube", [event.data.tubeId]));
  for (const name of contactEvents)
    bus.on<ContactEvent>(name, "reports", (tx, event) => postChanges(tx, event, "contact", [event.data.contactId]));
  for (const name of zoneEvents)
    bus.on<ZoneEvent>(name, "reports", (tx, event) => postChanges(tx, event, "zone", [event.data.zoneId]));
  bus.on<ContactsEvent>("tracing.contactsIdentified", "reports", (tx, event) =>
    postChanges(
      tx,
      event,
      "contact",
      event.data.contacts.map((contact) => contact.contactId),
    ),
  );
  bus.on<ReleasedEvent>("isolation.released", "reports", (tx, event) =>
    postChanges(tx, event, "order", event.data.orderIds),
  );
  for (const name of orderEvents)
    bus.on<OrdersEvent>(name, "reports", async (tx, event) => {
      const outbreakId = event.outbreakId ?? (await findCurrentOutbreak(tx))?.id;
      if (outbreakId === undefined) return;
      // A new order supersedes the person's old one in the same transaction.
      const people = event.data.orders.map((order) => order.personId);
      await postChanges(tx, event, "order", await orderIdsOf(tx, outbreakId, people));
    });
  registerImports(bus);
}

/** Line lists come in as one event for thousands of records, so the whole outbreak is looked over. */
function registerImports(bus: Bus): void {
  bus.on("cases.imported", "reports", async (tx, event) => {
    const outbreakId = event.outbreakId ?? (await findCurrentOutbreak(tx))?.id;
    if (outbreakId !== undefined) await postChanges(tx, event, "case", await caseIdsOf(tx, outbreakId));
  });
  bus.on("tracing.contactsImported", "reports", async (tx, event) => {
    const outbreakId = event.outbreakId ?? (await findCurrentOutbreak(tx))?.id;
    if (outbreakId !== undefined) await postChanges(tx, event, "contact", await contactIdsOf(tx, outbreakId));
  });
}
