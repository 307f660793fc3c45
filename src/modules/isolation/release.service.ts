import { currentOutbreak, findCurrentOutbreak, type Outbreak } from "#modules/outbreaks";
import { planOf, type PlanClass } from "#domain/outbreaks";
import { ProblemError } from "#kernel/errors";
import { addHours, dayOf, type Day } from "#kernel/time";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { announce } from "./announce.service.ts";
import { beginStretches } from "./begin.service.ts";
import { recordRecovered } from "./isolation.neighbours.ts";
import type { CheckItem, OrderMode } from "./isolation.model.ts";
import { requestJourneysHome, type Trip } from "./journeys.service.ts";
import {
  finishOrders,
  insertOrders,
  markLate,
  ordersByIds,
  ordersOfContacts,
  patients,
  stretchOver,
  type NewOrder,
  type OrderRow,
} from "./orders.store.ts";
import { isAway } from "./plan.rules.ts";
import { allMet, caseChecks, contactChecks, testPasses, type TestFact } from "./release.rules.ts";
import { finishCleaning } from "./sites.store.ts";
import { dropUnsampled, testsOf } from "./tests.store.ts";

/** Leaving: from one stretch of a plan to the next, home from hospital, free at the end. */

const releaseMax = 10_000;
const dischargeHours = 24;

/**
 * The check-list of each order. Linked tests are those of the close contact a secondary contact is linked to; when
 * he was excluded they do not matter, and when he became a case tracing has judged them (SC-ESC).
 */
export async function checklists(
  tx: Tx,
  outbreak: Outbreak,
  orders: readonly OrderRow[],
  day: Day,
): Promise<Map<string, CheckItem[]>> {
  const linkedIds = [...new Set(orders.flatMap((order) => order.linkedContactId ?? []))];
  const links = linkedIds.length === 0 ? [] : await ordersOfContacts(tx, linkedIds);
  const linkOf = new Map(links.map((link) => [link.contactId, link]));
  const tests = await testsOf(tx, [...orders.map((order) => order.id), ...links.map((link) => link.orderId)]);
  const linked = (order: OrderRow): TestFact[] | null => {
    const link = order.linkedContactId === null ? undefined : linkOf.get(order.linkedContactId);
    return link === undefined || link.over ? null : (tests.get(link.orderId) ?? []);
  };
  return new Map(
    orders.map((order) => [order.id, checksOf(outbreak, order, day, tests.get(order.id) ?? [], linked(order))]),
  );
}

function checksOf(
  outbreak: Outbreak,
  order: OrderRow,
  day: Day,
  tests: readonly TestFact[],
  linked: readonly TestFact[] | null,
): CheckItem[] {
  if (order.mode === "fangcang" || order.mode === "hospital") {
    return caseChecks({
      exit: outbreak.protocol.exit,
      day,
      tests,
      symptomatic: order.symptomatic ?? false,
      feverFreeSince: order.feverFreeSince,
      clinical: order.clinical,
    });
  }
  const plan = planOf(outbreak.protocol, order.planClass as PlanClass);
  if (!plan || order.plannedEndDay === null)
    return [{ item: "duration", rule: "ISO-2", met: false, value: null, target: null }];
  const { exit } = outbreak.protocol;
  // After discharge a weak positive (Ct at or above the exit's) counts as negative. spec: EXIT-HOME
  const judged = order.planClass !== exit.afterwards ? tests : tests.map((test) => asExitTest(exit, test));
  return contactChecks({ plan, day, plannedEndDay: order.plannedEndDay, tests: judged, linked });
}

function asExitTest(exit: Outbreak["protocol"]["exit"], test: TestFact): TestFact {
  return testPasses(exit, test) ? { ...test, result: "negative" } : test;
}

/** One order's check-list as it stands today. */
export const releaseCheck = useCase(
  { name: "isolation.releaseCheck", permission: "isolation.read", kind: "read" },
  async (tx, input: { orderId: string }): Promise<{ orderId: string; ready: boolean; checks: CheckItem[] }> => {
    const [order] = await ordersByIds(tx, [input.orderId]);
    if (!order) throw new ProblemError("record.notFound", { what: "order" });
    const outbreak = await currentOutbreak(tx);
    const checks = (await checklists(tx, outbreak, [order], dayOf(tx.now, outbreak.timeZone))).get(order.id) ?? [];
    return { orderId: order.id, ready: order.state === "active" && allMet(checks), checks };
  },
);

/**
 * Moves people to the next stretch of their plan when the stretch is over and its tests are negative: those in a
 * site get a point-to-point journey home, those at home go on there. Late orders are shown, cleaned beds are free
 * again. Run by the clock and callable. spec: ISO-13, ISO-15
 */
export async function advanceOrders(tx: Tx): Promise<void> {
  await finishCleaning(tx);
  await markLate(tx);
  const outbreak = await findCurrentOutbreak(tx);
  if (!outbreak) return;
  const day = dayOf(tx.now, outbreak.timeZone);
  const orders = await stretchOver(tx, { areaCode: "", day, last: false, limit: releaseMax });
  if (orders.length === 0) return;
  const lists = await checklists(tx, outbreak, orders, day);
  const ready = orders.filter((order) => allMet(lists.get(order.id) ?? []));
  const nextAway = (order: OrderRow): boolean => {
    const next = planOf(outbreak.protocol, order.planClass as PlanClass)?.segments[order.segment + 1];
    return next !== undefined && isAway(next.mode);
  };
  const stay = ready.filter(nextAway);
  const { atHome } = await requestJourneysHome(
    tx,
    outbreak,
    ready.filter((order) => !nextAway(order)).map((order) => ({ order, segment: order.segment + 1 })),
  );
  await beginStretches(
    tx,
    outbreak,
    [...stay, ...atHome].map((order) => ({
      order,
      segment: order.segment + 1,
      siteId: stay.includes(order) ? order.siteId : null,
    })),
  );
}

export interface Release {
  /** Today in the outbreak's zone when absent. */
  readonly day?: Day;
  readonly areaCode?: string;
  readonly orderIds?: readonly string[];
}

export interface ReleaseOutcome {
  readonly released: number;
  readonly discharged: number;
  readonly trips: readonly Trip[];
  /** Who was looked at and may not go yet, with the lines that are not met. */
  readonly waiting: readonly { readonly orderId: string; readonly checks: readonly CheckItem[] }[];
}

const waitingShownMax = 200;

/** Releases all whose plan is over and whose check-list is met, and discharges patients who meet the exit rules. */
export const release = useCase(
  {
    name: "isolation.release",
    permission: "isolation.release",
    kind: "write",
    area: (input: Release, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  async (tx, input): Promise<ReleaseOutcome> => {
    const outbreak = await currentOutbreak(tx);
    const day = input.day ?? dayOf(tx.now, outbreak.timeZone);
    const query = {
      areaCode: input.areaCode ?? tx.actor.areaCode,
      limit: releaseMax,
      ...(input.orderIds ? { orderIds: input.orderIds } : {}),
    };
    const contacts = await stretchOver(tx, { ...query, day, last: true });
    const inCare = await patients(tx, query);
    const lists = await checklists(tx, outbreak, [...contacts, ...inCare], day);
    const ready = (order: OrderRow): boolean => allMet(lists.get(order.id) ?? []);
    const free = contacts.filter(ready);
    const well = inCare.filter(ready);
    const trips = [...(await setFree(tx, outbreak, free)), ...(await discharge(tx, outbreak, well))];
    const waiting = [...contacts, ...inCare]
      .filter((order) => !ready(order))
      .slice(0, waitingShownMax)
      .map((order) => ({
        orderId: order.id,
        checks: (lists.get(order.id) ?? []).filter((check) => !check.met),
      }));
    return { released: free.length, discharged: well.length, trips, waiting };
  },
);

async function setFree(tx: Tx, outbreak: Outbreak, orders: readonly OrderRow[]): Promise<Trip[]> {
  if (orders.length === 0) return [];
  await finishOrders(
    tx,
    orders.map((order) => order.id),
    "completed",
  );
  await announce(
    tx,
    outbreak,
    "isolation.released",
    orders.map((order) => order.areaCode),
    {
      personIds: orders.map((order) => order.personId),
      areaCodes: orders.map((order) => order.areaCode),
      orderIds: orders.map((order) => order.id),
      reason: "completed",
    },
  );
  // A plan may end in a site; then the way home is the last thing.
  const inSite = orders.filter((order) => isAway(order.mode));
  if (inSite.length === 0) return [];
  return (
    await requestJourneysHome(
      tx,
      outbreak,
      inSite.map((order) => ({ order, segment: null })),
    )
  ).trips;
}

/** Patients go home: outcome in the case record, then the plan of the discharged. spec: EXIT-1, EXIT-2, EXIT-HOME */
export async function discharge(
  tx: Tx,
  outbreak: Outbreak,
  orders: readonly OrderRow[],
  options: { recorded?: boolean } = {},
): Promise<Trip[]> {
  if (orders.length === 0) return [];
  const ids = orders.map((order) => order.id);
  const areaCodes = orders.map((order) => order.areaCode);
  const personIds = orders.map((order) => order.personId);
  const after = outbreak.protocol.exit.afterwards;
  const first = after === null ? undefined : planOf(outbreak.protocol, after)?.segments[0];
  await dropUnsampled(tx, ids);
  await finishOrders(tx, ids, "recovered");
  const reason = first === undefined ? "completed" : "recovered";
  await announce(tx, outbreak, "isolation.released", areaCodes, { personIds, areaCodes, orderIds: ids, reason });
  const caseIds = orders.flatMap((order) => order.caseId ?? []);
  if (!options.recorded) await recordRecovered(tx, caseIds);
  if (after !== null && first !== undefined) return goOnAfter(tx, outbreak, orders, after, first.mode);
  const home = orders.map((order) => ({ order, segment: null }));
  return (await requestJourneysHome(tx, outbreak, home)).trips;
}

/** New orders under the plan of the discharged; it begins when they are at home. */
async function goOnAfter(
  tx: Tx,
  outbreak: Outbreak,
  orders: readonly OrderRow[],
  planClass: PlanClass,
  mode: OrderMode,
): Promise<Trip[]> {
  const dueAt = addHours(tx.now, dischargeHours);
  const next = orders.map((order): NewOrder => ({
    id: tx.newId(),
    outbreakId: outbreak.id,
    protocolVersion: outbreak.protocolVersion,
    personId: order.personId,
    areaCode: order.areaCode,
    householdId: order.householdId,
    age: order.age,
    needs: order.needs,
    category: "case",
    planClass,
    mode,
    contactId: null,
    linkedContactId: null,
    caseId: order.caseId,
    anchorAt: tx.now,
    dueAt,
    dueRule: outbreak.protocol.plans[planClass]?.rule ?? "ISO-15",
  }));
  await insertOrders(tx, next);
  const areaCodes = next.map((order) => order.areaCode);
  await announce(tx, outbreak, "isolation.ordered", areaCodes, {
    orders: next.map(({ id, personId, areaCode, category }) => ({
      orderId: id,
      personId,
      areaCode,
      mode,
      category,
      dueAt,
    })),
  });
  const ids = next.map((order) => order.id);
  const rows = (await ordersByIds(tx, ids)).map((order) => ({ order, segment: 0, siteId: null }));
  const { trips, atHome } = await requestJourneysHome(tx, outbreak, rows);
  const here = rows.filter(({ order }) => atHome.includes(order));
  await beginStretches(tx, outbreak, here);
  return trips;
}
