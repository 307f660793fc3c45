import type { RoundClosed } from "#modules/screening";
import type { Placed, Released } from "#modules/isolation";
import type { ZoneLevelChanged, ZonePublished } from "#modules/zones";
import { homesOfPeople } from "#modules/people";
import type { Tx } from "#platform/context";
import type { Bus, StoredEvent } from "#platform/events";
import { listUntested, onReturned, onVisited } from "./doors.service.ts";
import type { Visited } from "./grid.model.ts";
import { findGridWork } from "./grids.service.ts";
import { feed } from "./needs.service.ts";
import { dropZoneNeeds } from "./needs.store.ts";
import { endHomeWatch, endZoneWatch, watchHomes, watchZone } from "./streets.store.ts";

/** What this module reads of inbound control's event. */
interface Classified {
  readonly arrivals: readonly { readonly personId: number }[];
}

/** Registers what the grids do when rounds close, people are told to stay at home, and zones come and go. */
export function react(bus: Bus): void {
  bus.on<RoundClosed>("screening.roundClosed", "grid", onRoundClosed);
  bus.on<Placed>("isolation.placed", "grid", onPlaced);
  bus.on<Released>("isolation.released", "grid", (tx, event) => endHomeWatch(tx, event.data.personIds));
  bus.on<ZonePublished>("zones.published", "grid", onPublished);
  bus.on<ZoneLevelChanged>("zones.levelChanged", "grid", onLevelChanged);
  bus.on<Classified>("inbound.classified", "grid", onClassified);
  bus.on<Visited>("grid.visited", "grid", (tx, event) => onVisited(tx, event.data.listIds));
}

async function onRoundClosed(tx: Tx, event: StoredEvent & { readonly data: RoundClosed }): Promise<void> {
  if (event.data.kind !== "area") return;
  const work = await findGridWork(tx);
  if (work) await listUntested(tx, work, event.data.roundId, event.areaCode);
}

async function onClassified(tx: Tx, event: StoredEvent & { readonly data: Classified }): Promise<void> {
  const work = await findGridWork(tx);
  const ids = event.data.arrivals.map((arrival) => arrival.personId);
  if (work && ids.length > 0) await onReturned(tx, work, ids);
}

/** Who is at home under an order is visited twice a day; who was moved elsewhere no longer. spec: GRID-4 */
async function onPlaced(tx: Tx, event: StoredEvent & { readonly data: Placed }): Promise<void> {
  const work = await findGridWork(tx);
  if (!work) return;
  const { orders } = event.data;
  const atHome = orders.filter((order) => order.mode === "home" || order.mode === "homeMonitor");
  const elsewhere = orders.filter((order) => !atHome.includes(order));
  if (elsewhere.length > 0)
    await endHomeWatch(
      tx,
      elsewhere.map((order) => order.personId),
    );
  if (atHome.length === 0) return;
  const homes = new Map(
    (
      await homesOfPeople(
        tx,
        atHome.map((order) => order.personId),
      )
    ).map((home) => [home.personId, home]),
  );
  await watchHomes(
    tx,
    atHome.flatMap(({ orderId, personId }) => {
      const home = homes.get(personId);
      return home ? { orderId, home } : [];
    }),
  );
}

/** A zone in force: its households are fed and its streets walked from now on. spec: GRID-5, GRID-7 */
async function onPublished(tx: Tx, event: StoredEvent & { readonly data: ZonePublished }): Promise<void> {
  const work = await findGridWork(tx);
  if (!work) return;
  const { unitCode, level, effectiveAt } = event.data;
  await watchZone(tx, { unitCode, areaCode: event.areaCode, level, since: effectiveAt });
  await feed(tx, work);
}

async function onLevelChanged(tx: Tx, event: StoredEvent & { readonly data: ZoneLevelChanged }): Promise<void> {
  const work = await findGridWork(tx);
  if (!work) return;
  const { unitCode, unit, to } = event.data;
  const { needs } = work.grid;
  if (to === "low") await endZoneWatch(tx, unitCode);
  else await watchZone(tx, { unitCode, areaCode: event.areaCode, level: to, since: event.at });
  if (unit === "village" && !needs.foodLevels.includes(to)) await dropZoneNeeds(tx, event.areaCode);
  else await feed(tx, work);
}
