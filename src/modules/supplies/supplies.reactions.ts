import { need } from "#kernel/assert";
import { addHours } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { Bus, StoredEvent } from "#platform/events";
import { supplyCatalogue } from "./catalogue.load.ts";
import { putBack } from "./deliveries.service.ts";
import { nextTask, type RequestStep } from "./requests.service.ts";

type Step = StoredEvent & { readonly data: RequestStep };

const ofRequest = (event: Step) => ({
  id: event.subjectId,
  outbreakId: need(event.outbreakId, "a request belongs to an outbreak"),
  no: event.data.no,
});

/** A deadline of the rules, but never after the moment the goods are needed. */
function soonest(at: string, neededBy: string, now: string): string {
  return neededBy < at && neededBy > now ? neededBy : at;
}

async function onAsked(tx: Tx, event: Step): Promise<void> {
  const { rules } = await supplyCatalogue();
  const dueAt = soonest(addHours(tx.now, rules.answerHours.value), event.data.neededBy, tx.now);
  await nextTask(tx, ofRequest(event), null, { kind: "supplyDecision", areaCode: event.data.sourceAreaCode, dueAt });
}

async function onDecided(tx: Tx, event: Step): Promise<void> {
  const { rules } = await supplyCatalogue();
  const dueAt = soonest(addHours(tx.now, rules.dispatchHours.value), event.data.neededBy, tx.now);
  const next = { kind: "supplyDispatch", areaCode: event.data.sourceAreaCode, dueAt };
  await nextTask(tx, ofRequest(event), "supplyDecision", event.data.outcome === "refused" ? null : next);
}

async function onDispatched(tx: Tx, event: Step): Promise<void> {
  const dueAt = need(event.data.dueAt, "a load has the hour it is expected");
  await nextTask(tx, ofRequest(event), "supplyDispatch", { kind: "supplyReceipt", areaCode: event.areaCode, dueAt });
}

async function onReceived(tx: Tx, event: Step): Promise<void> {
  const { rules } = await supplyCatalogue();
  const dueAt = addHours(tx.now, rules.settleHours.value);
  const next = { kind: "supplyDiscrepancy", areaCode: event.data.sourceAreaCode, dueAt };
  await nextTask(tx, ofRequest(event), "supplyReceipt", (event.data.differing ?? 0) > 0 ? next : null);
}

/** Each step of a request gives its next owner the task, in whichever area that is. spec: SUP-7 */
export function react(bus: Bus): void {
  bus.on<RequestStep>("supplies.asked", "supplies", onAsked);
  bus.on<RequestStep>("supplies.decided", "supplies", onDecided);
  bus.on<RequestStep>("supplies.dispatched", "supplies", onDispatched);
  bus.on<RequestStep>("supplies.received", "supplies", onReceived);
  bus.on<RequestStep>("supplies.settled", "supplies", (tx, event) =>
    nextTask(tx, ofRequest(event), "supplyDiscrepancy", null),
  );
  // The village's worker may not write in the warehouse's books; the goods go back all the same.
  bus.on<object>("supplies.deliveryReturned", "supplies", (tx, event) => putBack(tx, event.subjectId));
}
