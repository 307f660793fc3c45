import type { DiagnosedData, ExcludedData, OutcomeData, PreliminaryData, ReclassifiedData } from "#domain/cases";
import type { ResultsRecorded } from "#domain/screening";
import type {
  ContactEscalatedData,
  ContactExcludedData,
  ContactHandedOverData,
  ContactsIdentifiedData,
} from "#domain/tracing";
import type { Tx } from "#platform/context";
import type { Bus } from "#platform/events";
import { currentOutbreak } from "#modules/outbreaks";
import { completeTasks } from "#modules/tasks";
import { endStays } from "./beds.store.ts";
import type { Arrived, Ordered, Placed, Released } from "./isolation.model.ts";
import { controlOf, reportControl } from "./isolation.neighbours.ts";
import { openCaseOrders, setClinical } from "./orders.store.ts";
import {
  endCase,
  escalateContact,
  excludeContactOrders,
  handOverOrders,
  orderCase,
  orderContacts,
} from "./orders.service.ts";
import { dropCareOfGone } from "./care.service.ts";
import { homecomingsOf } from "./homecoming.service.ts";
import { advanceOrders, discharge } from "./release.service.ts";
import { takeResults } from "./tests.service.ts";

/** What isolation does when other modules report, in their own transaction. */

const advanceMinutes = 60;

export function registerReactions(bus: Bus): void {
  bus.on<ContactsIdentifiedData>("tracing.contactsIdentified", "isolation", (tx, event) =>
    orderContacts(tx, event.data.contacts),
  );
  bus.on<ContactEscalatedData>("tracing.contactEscalated", "isolation", (tx, event) => escalateContact(tx, event.data));
  bus.on<ContactHandedOverData>("tracing.contactHandedOver", "isolation", (tx, event) =>
    handOverOrders(tx, event.data),
  );
  bus.on<ContactExcludedData>("tracing.contactExcluded", "isolation", (tx, event) =>
    excludeContactOrders(tx, [event.data.contactId], event.data.reason),
  );
  bus.on<PreliminaryData>("cases.preliminary", "isolation", (tx, event) =>
    orderCase(tx, { ...event.data, areaCode: event.areaCode }),
  );
  bus.on<DiagnosedData>("cases.diagnosed", "isolation", (tx, event) =>
    setSymptomatic(tx, event.data.caseId, event.data.state),
  );
  bus.on<ReclassifiedData>("cases.reclassified", "isolation", (tx, event) =>
    setSymptomatic(tx, event.data.caseId, event.data.to),
  );
  bus.on<ExcludedData>("cases.excluded", "isolation", (tx, event) => endCase(tx, event.data.caseId, "excluded", true));
  bus.on<OutcomeData>("cases.outcome", "isolation", (tx, event) => caseOutcome(tx, event.data));
  bus.on<ResultsRecorded>("screening.resultsRecorded", "isolation", (tx, event) => takeResults(tx, event.data.tubes));
  registerOwn(bus);
  bus.every(advanceMinutes, "isolation.advance", advanceOrders);
  bus.every(advanceMinutes, "isolation.careOfGone", dropCareOfGone);
}

/**
 * The county of a site places guests who live elsewhere; what must be written there is done by reactions to our
 * own events, which no jurisdiction narrows.
 */
function registerOwn(bus: Bus): void {
  // A contact who is to be fetched or visited stays at home from now on; a patient is held already. spec: ISO-20
  bus.on<Ordered>("isolation.ordered", "isolation", (tx, event) =>
    reportControl(
      tx,
      event.data.orders.flatMap(({ personId, areaCode, category }) =>
        category === "contact" ? [{ personId, areaCode, status: "home" as const }] : [],
      ),
    ),
  );
  bus.on<Placed>("isolation.placed", "isolation", (tx, event) =>
    reportControl(
      tx,
      event.data.orders.map(({ personId, areaCode, mode }) => ({ personId, areaCode, status: controlOf(mode) })),
    ),
  );
  bus.on<Released>("isolation.released", "isolation", async (tx, event) => {
    const { personIds, areaCodes, reason } = event.data;
    // Who recovered goes on under the plan of the discharged.
    if (reason === "recovered") return;
    await reportControl(
      tx,
      personIds.map((personId, i) => ({ personId, areaCode: areaCodes[i] ?? event.areaCode, status: "none" as const })),
    );
  });
  bus.on<Arrived>("isolation.arrived", "isolation", async (tx, event) => {
    await completeTasks(tx, {
      subjectType: "transfer",
      subjectIds: event.data.transferIds,
      evidence: { note: "arrived / 已到达" },
    });
    await homecomingsOf(tx, event.data.transferIds);
  });
}

/** A class with symptoms must also meet the clinical exit rule. spec: EXIT-2 (domain.md §1.5) */
async function setSymptomatic(tx: Tx, caseId: string, state: string): Promise<void> {
  const [order] = await openCaseOrders(tx, [caseId]);
  if (order) await setClinical(tx, [{ orderId: order.id, symptomatic: state !== "asymptomatic" }]);
}

/** A doctor recorded the outcome by hand: death ends the order, recovery discharges. */
async function caseOutcome(tx: Tx, data: OutcomeData): Promise<void> {
  const orders = await openCaseOrders(tx, [data.caseId]);
  if (data.outcome === "died") {
    await endCase(tx, data.caseId, "died", false);
    await endStays(
      tx,
      orders.map((order) => order.personId),
    );
  }
  // A discharge of ours has ended the order before it reports the outcome, so this does not go round.
  const patients = orders.filter((order) => order.mode === "fangcang" || order.mode === "hospital");
  if (data.outcome === "recovered" && patients.length > 0)
    await discharge(tx, await currentOutbreak(tx), patients, { recorded: true });
}
