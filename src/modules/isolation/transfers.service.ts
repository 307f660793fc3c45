import { cancelTasks } from "#modules/tasks";
import { currentOutbreak } from "#modules/outbreaks";
import { ProblemError } from "#kernel/errors";
import { isWithin } from "#kernel/area";
import { addHours } from "#kernel/time";
import { dueAt } from "#domain/outbreaks";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { announce } from "./announce.service.ts";
import { beginStretches, type Beginning } from "./begin.service.ts";
import { beginStays, cancelReservations, endStays } from "./beds.store.ts";
import type { OrderMode } from "./isolation.model.ts";
import { requestJourneysToSites, type Trip } from "./journeys.service.ts";
import { pageOrders, type OrderQuery } from "./orderlist.store.ts";
import {
  ordersByIds,
  restart,
  setCarer,
  setTransfers,
  waitingAtHome,
  waitingForVehicle,
  type OrderRow,
} from "./orders.store.ts";
import {
  leaveTrips,
  lockTransfers,
  pageTransfers,
  passengersOf,
  setArrived,
  setCancelled,
  setDeparted,
  type TransferQuery,
  type TransferRow,
} from "./transfers.store.ts";

/** Journeys with both ends confirming, and people who stay at home. */

const read = "isolation.read";
const place = "isolation.place";
const transport = "isolation.transport";
const batchMax = 2_000;
/** How soon a move is due under a protocol without a clock for it. */
const moveHours = 8;

export interface RequestTransfer {
  readonly areaCode?: string;
  readonly orderIds?: readonly string[];
  readonly seats?: number;
  readonly vehicle?: string;
}

/** Asks for vehicles for all orders of an area (or the named ones) that have a bed. */
export const requestTransfer = useCase(
  {
    name: "isolation.requestTransfer",
    permission: place,
    kind: "write",
    area: (input: RequestTransfer, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  async (tx, input): Promise<{ transfers: Trip[] }> => {
    const orders = await waitingForVehicle(tx, {
      areaCode: input.areaCode ?? tx.actor.areaCode,
      limit: batchMax,
      ...(input.orderIds ? { orderIds: input.orderIds } : {}),
    });
    if (orders.length === 0) return { transfers: [] };
    return {
      transfers: await requestJourneysToSites(tx, await currentOutbreak(tx), orders, input.seats, input.vehicle),
    };
  },
);

/** Trips at one end of the road; those that were called off meanwhile (their people's orders ended) are left out. */
async function locked(
  tx: Tx,
  ids: readonly string[],
  state: TransferRow["state"],
  end: "from" | "to",
): Promise<TransferRow[]> {
  const trips = await lockTransfers(tx, ids);
  if (trips.length !== new Set(ids).size) throw new ProblemError("record.notFound", { what: "transfer" });
  const valid = trips.filter((trip) => trip.state !== "cancelled");
  for (const trip of valid) {
    if (trip.state !== state) throw new ProblemError("state.notAllowed", { state: trip.state });
    // Each end confirms its own part; the other end's word does not count. spec: ISO-17
    if (!isWithin(end === "from" ? trip.areaCode : trip.toAreaCode, tx.actor.areaCode))
      throw new ProblemError("auth.outsideJurisdiction");
  }
  return valid;
}

/** The end a vehicle leaves from confirms that the people are aboard. */
export const depart = useCase(
  { name: "isolation.depart", permission: transport, kind: "write" },
  async (tx, input: { transferIds: readonly string[]; vehicle?: string }): Promise<{ people: number }> => {
    const trips = await locked(tx, input.transferIds, "requested", "from");
    if (trips.length === 0) return { people: 0 };
    const ids = trips.map((trip) => trip.id);
    const people = await passengersOf(tx, ids);
    await setDeparted(tx, ids, input.vehicle ?? null);
    const personIds = people.map((person) => person.personId);
    await endStays(tx, personIds);
    const onOrder = people.filter((person) => person.orderState === "pending");
    await setTransfers(tx, onOrder, "transferring");
    await announce(
      tx,
      await currentOutbreak(tx),
      "isolation.departed",
      people.map((person) => person.areaCode),
      { personIds },
    );
    return { people: people.length };
  },
);

/** The end a vehicle goes to confirms the arrival: stays and stretches of plans begin. */
export const arrive = useCase(
  { name: "isolation.arrive", permission: transport, kind: "write" },
  async (tx, input: { transferIds: readonly string[] }): Promise<{ people: number }> => {
    const trips = await locked(tx, input.transferIds, "departed", "to");
    if (trips.length === 0) return { people: 0 };
    const byId = new Map(trips.map((trip) => [trip.id, trip]));
    const ids = trips.map((trip) => trip.id);
    const people = await passengersOf(tx, ids);
    await setArrived(tx, ids);
    const outbreak = await currentOutbreak(tx);
    // An order may have ended on the way (the contact turned positive): nothing begins for it.
    const open = people.filter(
      (person) => person.segment !== null && (person.orderState === "transferring" || person.orderState === "active"),
    );
    await beginStays(
      tx,
      open.filter((person) => person.toSite).map((person) => person.orderId),
    );
    const orders = new Map(
      (
        await ordersByIds(
          tx,
          open.map((person) => person.orderId),
        )
      ).map((order) => [order.id, order]),
    );
    await beginStretches(
      tx,
      outbreak,
      open.flatMap((person): Beginning[] => {
        const order = orders.get(person.orderId);
        const siteId = person.toSite ? (byId.get(person.transferId)?.toSiteId ?? null) : null;
        return order && person.segment !== null ? [{ order, segment: person.segment, siteId }] : [];
      }),
    );
    await announce(
      tx,
      outbreak,
      "isolation.arrived",
      trips.map((trip) => trip.toAreaCode),
      { transferIds: ids, people: people.length },
    );
    return { people: people.length };
  },
);

/** Calls a trip off that has not left; its people wait for another, beds stay reserved. */
export const cancelTransfer = useCase(
  { name: "isolation.cancelTransfer", permission: transport, kind: "write" },
  async (tx, input: { transferId: string }) => {
    const trips = await locked(tx, [input.transferId], "requested", "from");
    const people = await passengersOf(
      tx,
      trips.map((trip) => trip.id),
    );
    await leaveTrips(
      tx,
      people.map((person) => person.orderId),
    );
    await setTransfers(
      tx,
      people.map(({ orderId }) => ({ orderId, transferId: null })),
    );
    await setCancelled(tx, [input.transferId]);
    await cancelTasks(tx, { subjectType: "transfer", subjectIds: [input.transferId] });
    return { people: people.length };
  },
);

export interface StartHome {
  readonly areaCode?: string;
  readonly orderIds?: readonly string[];
  /** Who looks after the one person of a single order. */
  readonly carerPersonId?: number;
}

/** A grid worker was at the door: home quarantine or monitoring begins. */
export const startHome = useCase(
  {
    name: "isolation.startHome",
    permission: place,
    kind: "write",
    area: (input: StartHome, tx) => input.areaCode ?? tx.actor.areaCode,
  },
  async (tx, input): Promise<{ orderIds: string[] }> => {
    const orders = await waitingAtHome(tx, {
      areaCode: input.areaCode ?? tx.actor.areaCode,
      limit: batchMax,
      ...(input.orderIds ? { orderIds: input.orderIds } : {}),
    });
    const [first] = orders;
    if (!first) return { orderIds: [] };
    if (input.carerPersonId !== undefined) {
      if (orders.length > 1)
        throw new ProblemError("rule.refused", {
          rule: "ISO-7",
          why: "a carer is named for one person / 陪护人须逐一登记",
        });
      await setCarer(tx, first.id, input.carerPersonId);
    }
    await beginStretches(
      tx,
      await currentOutbreak(tx),
      orders.map((order) => ({ order, segment: order.segment, siteId: null })),
    );
    return { orderIds: orders.map((order) => order.id) };
  },
);

const moves: Readonly<Record<OrderRow["category"], readonly OrderMode[]>> = {
  contact: ["central", "home"],
  case: ["fangcang", "hospital"],
};

/** Moves somebody to another kind of place in the same plan: home not suitable, a patient gets worse. spec: ISO-19 */
export const changePlace = useCase(
  {
    name: "isolation.changePlace",
    permission: place,
    kind: "write",
    area: async (input: { orderId: string; mode: OrderMode; reason: string }, tx) => {
      const [order] = await ordersByIds(tx, [input.orderId]);
      if (!order) throw new ProblemError("record.notFound", { what: "order" });
      return order.areaCode;
    },
  },
  async (tx, input) => {
    const [order] = await ordersByIds(tx, [input.orderId]);
    if (!order) throw new ProblemError("record.notFound", { what: "order" });
    if (order.state !== "pending" && order.state !== "active")
      throw new ProblemError("state.notAllowed", { state: order.state });
    if (!moves[order.category].includes(input.mode) || input.mode === order.mode)
      throw new ProblemError("rule.refused", { rule: "ISO-19", why: `${order.mode} → ${input.mode}` });
    const outbreak = await currentOutbreak(tx);
    await leaveTrips(tx, [order.id]);
    await cancelReservations(tx, [order.id]);
    const due = dueAt(outbreak.protocol, "placeClose", tx.now) ?? addHours(tx.now, moveHours);
    await restart(tx, order.id, input.mode, due);
    await announce(tx, outbreak, "isolation.ordered", [order.areaCode], {
      orders: [
        {
          orderId: order.id,
          personId: order.personId,
          areaCode: order.areaCode,
          mode: input.mode,
          category: order.category,
          dueAt: due,
        },
      ],
      reason: input.reason,
    });
    return { orderId: order.id, mode: input.mode };
  },
);

export const listOrders = useCase(
  { name: "isolation.listOrders", permission: read, kind: "read" },
  (tx, query: OrderQuery) => pageOrders(tx, query),
);
export const listTransfers = useCase(
  { name: "isolation.listTransfers", permission: read, kind: "read" },
  (tx, query: TransferQuery) => pageTransfers(tx, query),
);
