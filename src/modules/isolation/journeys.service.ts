import { createTasks } from "#modules/tasks";
import type { Outbreak } from "#modules/outbreaks";
import { need } from "#kernel/assert";
import { addHours } from "#kernel/time";
import type { Tx } from "#platform/context";
import { announce } from "./announce.service.ts";
import { countyOf } from "./areas.rules.ts";
import { openStays } from "./beds.store.ts";
import type { Category } from "./isolation.model.ts";
import type { OrderRow } from "./orders.store.ts";
import { insertTransfers, type NewTransfer, type Passenger } from "./transfers.store.ts";

/** Journeys: people who go the same way in one vehicle, contacts and cases never together. */

/** Seats used when nobody says how many a vehicle has. */
export const seatsDefault: Readonly<Record<Category, number>> = { contact: 20, case: 4 };
/** How soon a person who may go home is taken there. */
const journeyHomeHours = 24;

export interface Trip {
  readonly transferId: string;
  readonly direction: "toSite" | "home";
  readonly category: Category;
  readonly siteId: string | null;
  readonly areaCode: string;
  readonly toAreaCode: string;
  readonly people: number;
  readonly personIds: readonly number[];
  readonly dueAt: string;
}

interface Rider {
  readonly order: OrderRow;
  readonly segment: number | null;
  readonly fromSiteId: string | null;
  readonly toSiteId: string | null;
  readonly areaCode: string;
  readonly toAreaCode: string;
  readonly dueAt: string;
}

/** Fills vehicles with people of one category, one origin and one destination. spec: ISO-17 */
function fill(
  tx: Tx,
  outbreak: Outbreak,
  riders: readonly Rider[],
  seats: number | undefined,
  vehicle: string | null,
): NewTransfer[] {
  const groups = new Map<string, Rider[]>();
  for (const rider of riders) {
    const key = [
      rider.order.category,
      countyOf(rider.areaCode),
      rider.fromSiteId,
      countyOf(rider.toAreaCode),
      rider.toSiteId,
    ].join(" ");
    const group = groups.get(key);
    if (group) group.push(rider);
    else groups.set(key, [rider]);
  }
  const trips: NewTransfer[] = [];
  for (const group of groups.values()) {
    const first = need(group[0], "a group has riders");
    const size = seats ?? seatsDefault[first.order.category];
    for (let i = 0; i < group.length; i += size) {
      const part = group.slice(i, i + size);
      const home = first.toSiteId === null;
      trips.push({
        id: tx.newId(),
        outbreakId: outbreak.id,
        direction: home ? "home" : "toSite",
        category: first.order.category,
        areaCode: home ? first.areaCode : countyOf(first.areaCode),
        toAreaCode: home ? countyOf(first.toAreaCode) : first.toAreaCode,
        fromSiteId: first.fromSiteId,
        toSiteId: first.toSiteId,
        vehicle,
        seats: size,
        dueAt: part.reduce(
          (least, rider) => (rider.dueAt < least ? rider.dueAt : least),
          need(part[0], "a trip has riders").dueAt,
        ),
        passengers: part.map((rider): Passenger => ({
          orderId: rider.order.id,
          personId: rider.order.personId,
          segment: rider.segment,
        })),
      });
    }
  }
  return trips;
}

async function store(tx: Tx, outbreak: Outbreak, trips: readonly NewTransfer[]): Promise<Trip[]> {
  await insertTransfers(tx, trips);
  await createTasks(
    tx,
    trips.map((trip) => ({
      outbreakId: outbreak.id,
      kind: trip.direction === "home" ? "journeyHome" : "transfer",
      areaCode: trip.areaCode,
      ownerTeam: "transport",
      subjectType: "transfer",
      subjectId: trip.id,
      params: { people: trip.passengers.length },
      dueAt: trip.dueAt,
    })),
  );
  const made = trips.map((trip): Trip => ({
    transferId: trip.id,
    direction: trip.direction,
    category: trip.category,
    siteId: trip.toSiteId ?? trip.fromSiteId,
    areaCode: trip.areaCode,
    toAreaCode: trip.toAreaCode,
    people: trip.passengers.length,
    personIds: trip.passengers.map((p) => p.personId),
    dueAt: trip.dueAt,
  }));
  await announce(
    tx,
    outbreak,
    "isolation.tripRequested",
    made.map((trip) => trip.areaCode),
    {
      transfers: made.map(({ transferId, direction, people, dueAt }) => ({ transferId, direction, people, dueAt })),
    },
  );
  return made;
}

/** Asks for vehicles for orders that have a bed. */
export async function requestJourneysToSites(
  tx: Tx,
  outbreak: Outbreak,
  orders: readonly OrderRow[],
  seats?: number,
  vehicle?: string,
): Promise<Trip[]> {
  // A contact who turned positive in quarantine leaves from there, not from home.
  const stays = new Map(
    (
      await openStays(
        tx,
        orders.map((order) => order.personId),
      )
    ).map((stay) => [stay.personId, stay]),
  );
  const riders = orders.map((order): Rider => ({
    order,
    segment: order.segment,
    fromSiteId: stays.get(order.personId)?.siteId ?? null,
    toSiteId: need(order.siteId, "an allocated order has a site"),
    areaCode: stays.get(order.personId)?.areaCode ?? order.areaCode,
    toAreaCode: need(order.siteAreaCode, "an allocated order has a site"),
    dueAt: order.dueAt,
  }));
  return store(tx, outbreak, fill(tx, outbreak, riders, seats, vehicle ?? null));
}

/** Asks for point-to-point vehicles home for those who are in a site; the others are there already. spec: ISO-15 */
export async function requestJourneysHome(
  tx: Tx,
  outbreak: Outbreak,
  rows: readonly { order: OrderRow; segment: number | null }[],
): Promise<{ trips: Trip[]; atHome: OrderRow[] }> {
  const stays = new Map(
    (
      await openStays(
        tx,
        rows.map(({ order }) => order.personId),
      )
    ).map((stay) => [stay.personId, stay]),
  );
  const riders = rows.flatMap(({ order, segment }): Rider[] => {
    const stay = stays.get(order.personId);
    return stay === undefined
      ? []
      : [
          {
            order,
            segment,
            fromSiteId: stay.siteId,
            toSiteId: null,
            areaCode: stay.areaCode,
            toAreaCode: order.areaCode,
            dueAt: addHours(tx.now, journeyHomeHours),
          },
        ];
  });
  const trips = riders.length === 0 ? [] : await store(tx, outbreak, fill(tx, outbreak, riders, undefined, null));
  return { trips, atHome: rows.flatMap(({ order }) => (stays.has(order.personId) ? [] : [order])) };
}
