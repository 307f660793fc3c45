import { currentOutbreak, type Outbreak } from "#modules/outbreaks";
import { contactClasses, dueAt, planOf, type PlanClass } from "#domain/outbreaks";
import type { ContactEscalatedData, ContactHandedOverData } from "#domain/tracing";
import { addHours, dayOf, type Day, type Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cancelTasks } from "#modules/tasks";
import { announce } from "./announce.service.ts";
import { beginStretches, segmentFacts } from "./begin.service.ts";
import { cancelReservations } from "./beds.store.ts";
import { excludedAmong, personFacts, type PersonFacts } from "./isolation.neighbours.ts";
import { allocationPolicy, caseMode } from "./isolation.rules.ts";
import {
  excludeContacts,
  finishOrders,
  insertOrders,
  linkContacts,
  moveAnchors,
  moveContacts,
  moveToArea,
  openCaseOrders,
  openOrdersOf,
  ordersByIds,
  type NewOrder,
  type OrderRow,
} from "./orders.store.ts";
import { isStricter, segmentWindow, startsAtOnce, testCalendar } from "./plan.rules.ts";
import { dropUnsampled, insertCalendar } from "./tests.store.ts";
import { leaveTrips, waitingForJourneyHome } from "./transfers.store.ts";
import { requestJourneysHome } from "./journeys.service.ts";

/** Orders made, changed and ended by what happens in other modules. */

/** Hours within which a place that has no clock of its own in the protocol must be taken up. */
const placeHoursDefault = 24;

const dueRules: Readonly<Record<string, string>> = { close: "TRF-CC", secondary: "TRF-SC" };
const placeClocks = { close: "placeClose", secondary: "placeSecondary" } as const;

/** Somebody whom a plan of the protocol concerns: a contact, or an arrival who takes the number of its declaration. */
export interface Observed {
  readonly contactId: string;
  readonly personId: number;
  readonly kind: PlanClass;
  /** What the days count from: the last exposure, the leaving of a zone, the entry. */
  readonly lastExposureAt: Instant;
  readonly areaCode: string;
  readonly dueAt: Instant | null;
  readonly linkedContactId: string | null;
}

const isContact = (kind: PlanClass): boolean => (contactClasses as readonly string[]).includes(kind);

/** Whole years of age on a day; null when the birth date is unknown. */
export function ageOn(birthDate: Day | null, day: Day): number | null {
  if (birthDate === null) return null;
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

function placeClock(outbreak: Outbreak, planClass: string, start: Instant): { dueAt: Instant; dueRule: string } {
  const clock = planClass === "close" || planClass === "secondary" ? placeClocks[planClass] : undefined;
  const due = clock === undefined ? undefined : dueAt(outbreak.protocol, clock, start);
  const rule = clock === undefined ? undefined : outbreak.protocol.clocks[clock]?.rule;
  return { dueAt: due ?? addHours(start, placeHoursDefault), dueRule: rule ?? dueRules[planClass] ?? "ISO-4" };
}

function contactOrder(
  tx: Tx,
  outbreak: Outbreak,
  contact: Observed,
  person: PersonFacts | undefined,
): NewOrder | undefined {
  const plan = planOf(outbreak.protocol, contact.kind);
  const first = plan?.segments[0];
  // A protocol that does not manage this class gives no order. spec: ISO-4
  if (!first) return undefined;
  const clock = placeClock(outbreak, contact.kind, tx.now);
  return {
    id: tx.newId(),
    outbreakId: outbreak.id,
    protocolVersion: outbreak.protocolVersion,
    personId: contact.personId,
    areaCode: person?.areaCode ?? contact.areaCode,
    householdId: person?.householdId ?? null,
    age: ageOn(person?.birthDate ?? null, dayOf(tx.now, outbreak.timeZone)),
    needs: [],
    category: "contact",
    planClass: contact.kind,
    mode: first.mode,
    contactId: contact.contactId,
    linkedContactId: contact.linkedContactId ?? null,
    caseId: null,
    anchorAt: contact.lastExposureAt,
    dueAt: contact.dueAt ?? clock.dueAt,
    dueRule: clock.dueRule,
  };
}

async function leaveVehicles(tx: Tx, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return;
  const emptyTrips = await leaveTrips(tx, orderIds);
  if (emptyTrips.length > 0) await cancelTasks(tx, { subjectType: "transfer", subjectIds: emptyTrips });
}

/** Tells others of new orders and begins those that need no visit. */
async function ordered(tx: Tx, outbreak: Outbreak, orders: readonly NewOrder[]): Promise<void> {
  if (orders.length === 0) return;
  // Who was about to be taken home stays where he is until he is fetched under the new order.
  const people = orders.map((order) => order.personId);
  await leaveVehicles(tx, await waitingForJourneyHome(tx, people));
  await announce(
    tx,
    outbreak,
    "isolation.ordered",
    orders.map((order) => order.areaCode),
    {
      orders: orders.map((order) => ({
        orderId: order.id,
        personId: order.personId,
        areaCode: order.areaCode,
        mode: order.mode,
        category: order.category,
        dueAt: order.dueAt,
      })),
    },
  );
  const atOnce = orders.filter((order) => {
    const plan = planOf(outbreak.protocol, order.planClass as PlanClass);
    return order.category === "contact" && plan !== undefined && startsAtOnce(plan);
  });
  if (atOnce.length === 0) return;
  const rows = await ordersByIds(
    tx,
    atOnce.map((order) => order.id),
  );
  await beginStretches(
    tx,
    outbreak,
    rows.map((order) => ({ order, segment: 0, siteId: null })),
  );
}

/** The people's open orders; that of a case which has just been excluded ends, so that he can be a contact again. */
async function openOrders(tx: Tx, outbreak: Outbreak, personIds: readonly number[]): Promise<OrderRow[]> {
  const orders = await openOrdersOf(tx, personIds);
  const excluded = await excludedAmong(
    tx,
    orders.flatMap((order) => order.caseId ?? []),
  );
  const ended = orders.filter((order) => order.caseId !== null && excluded.has(order.caseId));
  await endOrders(tx, outbreak, ended, "excluded", false);
  return orders.filter((order) => !ended.includes(order));
}

/** One order for each contact's person; a person already under an order gets the stricter plan or the later anchor. spec: ISO-4, ISO-5 */
export async function orderContacts(tx: Tx, contacts: readonly Observed[]): Promise<void> {
  if (contacts.length === 0) return;
  const outbreak = await currentOutbreak(tx);
  const ids = [...new Set(contacts.map((contact) => contact.personId))];
  const people = await personFacts(tx, ids);
  const open = new Map((await openOrders(tx, outbreak, ids)).map((order) => [order.personId, order]));
  const made: NewOrder[] = [];
  const madeFor = new Map<number, NewOrder>();
  const links: { contactId: string; orderId: string; areaCode: string }[] = [];
  for (const contact of contacts) {
    const existing = open.get(contact.personId) ?? madeFor.get(contact.personId);
    if (existing?.category === "case") continue;
    if (existing && !isStricter(contact.kind, existing.planClass)) {
      links.push({ contactId: contact.contactId, orderId: existing.id, areaCode: existing.areaCode });
      continue;
    }
    const order = contactOrder(tx, outbreak, contact, people.get(contact.personId));
    if (!order) continue;
    links.push({ contactId: contact.contactId, orderId: order.id, areaCode: order.areaCode });
    const before = madeFor.get(contact.personId);
    if (before) {
      made.splice(made.indexOf(before), 1);
      for (const link of links) if (link.orderId === before.id) link.orderId = order.id;
    }
    made.push(order);
    madeFor.set(contact.personId, order);
  }
  const replaced = made.flatMap((order) => open.get(order.personId) ?? []);
  await endOrders(tx, outbreak, replaced, "superseded", false);
  await insertOrders(tx, made);
  for (const old of replaced) {
    const order = madeFor.get(old.personId);
    if (order) await moveContacts(tx, old.id, order.id);
  }
  await linkContacts(tx, links);
  await laterExposures(
    tx,
    outbreak,
    contacts,
    [...open.values()].filter((order) => !replaced.includes(order)),
  );
  await ordered(tx, outbreak, made);
}

/** Duration counts from the last exposure, so a later one moves the end and the tests. spec: ISO-5 */
async function laterExposures(
  tx: Tx,
  outbreak: Outbreak,
  contacts: readonly Observed[],
  orders: readonly OrderRow[],
): Promise<void> {
  const today = dayOf(tx.now, outbreak.timeZone);
  const moved = orders.flatMap((order) => {
    if (order.category !== "contact") return [];
    // A stay elsewhere is no exposure: it moves the order of its own class only, never that of a contact.
    const own = contacts.filter(
      ({ personId, kind }) => personId === order.personId && (isContact(kind) || kind === order.planClass),
    );
    const anchorAt = own.reduce(
      (last, contact) => (contact.lastExposureAt > last ? contact.lastExposureAt : last),
      order.anchorAt,
    );
    return anchorAt > order.anchorAt && order.segment === 0 ? [{ ...order, anchorAt }] : [];
  });
  const facts = moved.map((order) => ({ order, facts: segmentFacts(outbreak, order, 0, today) }));
  const active = facts.filter(({ order }) => order.state === "active");
  await moveAnchors(
    tx,
    facts.map(({ order, facts: f }) => ({
      orderId: order.id,
      anchorAt: order.anchorAt,
      endDay: order.state === "active" ? segmentWindow(f).endDay : null,
    })),
  );
  if (active.length === 0) return;
  await dropUnsampled(
    tx,
    active.map(({ order }) => order.id),
  );
  await insertCalendar(
    tx,
    active.flatMap(({ order, facts: f }) =>
      testCalendar(f).map((test) => ({ orderId: order.id, segment: 0, ...test })),
    ),
  );
}

/** A contact's class rose (a linked contact's positive in its first tests). spec: SC-ESC (domain.md §1.4) */
export async function escalateContact(tx: Tx, input: ContactEscalatedData): Promise<void> {
  const { contactId, personId, to, lastExposureAt, areaCode, dueAt: due } = input;
  await orderContacts(tx, [
    { contactId, personId, kind: to, lastExposureAt, areaCode, dueAt: due, linkedContactId: null },
  ]);
}

/** Another county has taken the contact over; outside our area the order ends with the hand-over as its reason. */
export async function handOverOrders(tx: Tx, input: ContactHandedOverData): Promise<void> {
  if (input.outside) await excludeContactOrders(tx, [input.contactId], "handed over");
  else await moveToArea(tx, input.contactId, input.to);
}

/** Ends the orders of contacts that were excluded, unless another contact still needs them. */
export async function excludeContactOrders(tx: Tx, contactIds: readonly string[], reason: string): Promise<void> {
  const ids = await excludeContacts(tx, contactIds);
  if (ids.length === 0) return;
  const outbreak = await currentOutbreak(tx);
  await endOrders(tx, outbreak, await ordersByIds(tx, ids), `excluded: ${reason}`, true);
}

/** A preliminary positive goes to fangcang or hospital; an order as a contact ends by it. spec: ISO-9 */
export async function orderCase(
  tx: Tx,
  input: { caseId: string; personId: number; positiveAt: Instant; areaCode: string },
): Promise<void> {
  const outbreak = await currentOutbreak(tx);
  const [existing] = await openOrdersOf(tx, [input.personId]);
  if (existing?.category === "case" && existing.mode !== "homeMonitor") return;
  if (existing) await endOrders(tx, outbreak, [existing], "superseded", false);
  const person = (await personFacts(tx, [input.personId])).get(input.personId);
  const age = ageOn(person?.birthDate ?? null, dayOf(tx.now, outbreak.timeZone));
  const needs = existing?.needs ?? [];
  const order: NewOrder = {
    id: tx.newId(),
    outbreakId: outbreak.id,
    protocolVersion: outbreak.protocolVersion,
    personId: input.personId,
    areaCode: person?.areaCode ?? input.areaCode,
    householdId: person?.householdId ?? null,
    age,
    needs,
    category: "case",
    planClass: "case",
    mode: caseMode({ age, needs }, null, allocationPolicy),
    contactId: null,
    linkedContactId: null,
    caseId: input.caseId,
    anchorAt: input.positiveAt,
    dueAt:
      dueAt(outbreak.protocol, "positiveToControl", input.positiveAt) ?? addHours(input.positiveAt, placeHoursDefault),
    dueRule: outbreak.protocol.clocks.positiveToControl?.rule ?? "ISO-9",
  };
  await insertOrders(tx, [order]);
  await ordered(tx, outbreak, [order]);
}

/** Ends the order of a case that was none, or of one who died. */
export async function endCase(tx: Tx, caseId: string, reason: string, journeyHome: boolean): Promise<void> {
  const orders = await openCaseOrders(tx, [caseId]);
  if (orders.length === 0) return;
  await endOrders(tx, await currentOutbreak(tx), orders, reason, journeyHome);
}

/**
 * Ends orders: beds that were only reserved are given back, trips that have not left are left, tests nobody took
 * are taken back. Who is in a site stays there until a vehicle takes him: home now, or to his next place.
 */
export async function endOrders(
  tx: Tx,
  outbreak: Outbreak,
  orders: readonly OrderRow[],
  reason: string,
  journeyHome: boolean,
): Promise<void> {
  if (orders.length === 0) return;
  const ids = orders.map((order) => order.id);
  await leaveVehicles(tx, ids);
  await cancelReservations(tx, ids);
  // A test whose day has come keeps its row: its sample may be under way.
  await dropUnsampled(tx, ids, dayOf(tx.now, outbreak.timeZone));
  await finishOrders(tx, ids, reason);
  // A superseding order follows at once and tells of itself.
  if (reason === "superseded") return;
  await announce(
    tx,
    outbreak,
    "isolation.released",
    orders.map((order) => order.areaCode),
    {
      personIds: orders.map((order) => order.personId),
      areaCodes: orders.map((order) => order.areaCode),
      orderIds: ids,
      reason,
    },
  );
  if (journeyHome)
    await requestJourneysHome(
      tx,
      outbreak,
      orders.map((order) => ({ order, segment: null })),
    );
}
