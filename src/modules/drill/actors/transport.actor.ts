import { dayOf, addDays } from "#kernel/time";
import { openPurposeRound } from "#modules/screening";
import { allocate, arrive, depart, dueTests, listTransfers, requestTransfer, startHome } from "#modules/isolation";
import { openMore } from "./opening.ts";
import { doorCode } from "../sites.rules.ts";
import { personIndexOf, type DrillActor, type Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";
import { sendBox, type FilledTube } from "./tubes.actor.ts";

interface OrderedData {
  readonly orders: readonly {
    readonly orderId: string;
    readonly personId: number;
    readonly mode: string;
    readonly category?: string;
  }[];
}

const roomEveryMin = 30;
const retryMinutes = 60;
const perCallMax = 1_500;
const pageMax = 200;
const tubesPerBoxMax = 200;
const testHour = "07:30";

function manager(hand: Hand, command: string) {
  return hand.ctx("isolationManager", hand.scenario.areaCode, command);
}

/** New orders: rooms are looked for at the next half hour, people at home are visited by their grid worker. */
function ordered(hand: Hand, data: OrderedData): void {
  const first = data.orders[0];
  if (!first) return;
  const key = `o${first.personId} ${hand.minute}`;
  const away = data.orders.filter((order) => order.mode === "central");
  const urgent = data.orders.filter((order) => order.mode === "hospital" || order.mode === "fangcang");
  const home = data.orders.filter((order) => order.mode === "home" || order.mode === "homeMonitor");
  if (away.length > 0)
    queueRooms(
      hand,
      false,
      away.map((order) => order.orderId),
      roomEveryMin,
    );
  if (urgent.length > 0)
    queueRooms(
      hand,
      true,
      urgent.map((order) => order.orderId),
      roomEveryMin,
    );
  if (home.length > 0)
    hand.after(hand.delay(hand.scenario.command.gridVisit, "gridVisit", key), "transport.home", key, {
      orderIds: home.map((order) => order.orderId),
    });
}

interface Batch {
  readonly orderIds: readonly string[];
}

/** The desk gives rooms to all who wait at the next turn of the clock, patients apart from contacts. */
function queueRooms(hand: Hand, urgent: boolean, orderIds: readonly string[], everyMin: number): void {
  const list = urgent ? "rooms urgent" : "rooms";
  const waiting = hand.memory.waiting[list] ?? [];
  hand.memory.waiting[list] = [...waiting, ...orderIds];
  const turn = (Math.floor(hand.minute / everyMin) + 1) * everyMin;
  const planned = Number(hand.memory.waiting[`${list} at`]?.[0] ?? 0);
  if (planned > hand.minute && planned <= turn) return;
  hand.memory.waiting[`${list} at`] = [String(turn)];
  hand.at(turn, "transport.rooms", `${turn}${urgent ? " urgent" : ""}`, urgent);
}

/** Rooms by rule, then vehicles; what finds no room is tried again, and the next phase is opened. */
async function findRooms(hand: Hand, item: DrillItem): Promise<void> {
  const urgent = item.data === true;
  const list = urgent ? "rooms urgent" : "rooms";
  const waiting = hand.memory.waiting[list] ?? [];
  const batch = waiting.slice(0, perCallMax);
  hand.memory.waiting[list] = waiting.slice(perCallMax);
  hand.memory.waiting[`${list} at`] = [];
  if (batch.length === 0) return;
  const areaCode = hand.scenario.areaCode;
  const given = await allocate(manager(hand, `allocate ${item.key}`), { orderIds: batch, areaCode });
  const { transfers } = await requestTransfer(manager(hand, `request ${item.key}`), {
    orderIds: batch,
    areaCode,
    seats: hand.scenario.transport.seats.value,
  });
  for (const trip of transfers) planTrip(hand, trip.transferId, `${item.key} ${trip.personIds[0] ?? ""}`, urgent);
  const none = given.assignments.filter((row) => row.outcome === "none").map((row) => row.orderId);
  const athome = given.assignments.filter((row) => row.outcome === "home").map((row) => row.orderId);
  if (athome.length > 0)
    hand.after(retryMinutes, "transport.home", `${item.key} h`, { orderIds: athome } satisfies Batch);
  if (none.length > 0) {
    await openMore(hand, urgent ? "fangcang" : "central", item.key);
    hand.count("roomsNotFound", none.length);
    queueRooms(hand, urgent, none, retryMinutes);
  }
  if ((hand.memory.waiting[list] ?? []).length > 0) queueRooms(hand, urgent, [], roomEveryMin);
}

/** A vehicle leaves after the family has packed, and arrives after the drive. */
function planTrip(hand: Hand, transferId: string, key: string, urgent: boolean): void {
  const { dispatch, hospitalDispatch } = hand.scenario.transport;
  hand.after(hand.delay(urgent ? hospitalDispatch : dispatch, "dispatch", key), "transport.depart", key, transferId);
}

async function leave(hand: Hand, item: DrillItem): Promise<void> {
  const transferId = item.data as string;
  await depart(hand.ctx("driver", hand.scenario.areaCode, `depart ${item.key}`), {
    transferIds: [transferId],
    vehicle: `V${hand.minute % 997}`,
  });
  hand.after(hand.delay(hand.scenario.transport.drive, "busDrive", item.key), "transport.arrive", item.key, transferId);
}

async function reach(hand: Hand, item: DrillItem): Promise<void> {
  await arrive(hand.ctx("driver", hand.scenario.areaCode, `arrive ${item.key}`), {
    transferIds: [item.data as string],
  });
}

async function beginHome(hand: Hand, item: DrillItem): Promise<void> {
  const { orderIds } = item.data as Batch;
  await startHome(manager(hand, `home ${item.key}`), { orderIds, areaCode: hand.scenario.areaCode });
}

/** Journeys home are asked for by the plan itself; the depot looks at its list every hour. */
async function depot(hand: Hand, item: DrillItem): Promise<void> {
  hand.after(60, "transport.depot", `${hand.minute + 60}`);
  const planned = new Set(hand.memory.waiting["trips"] ?? []);
  const { items } = await listTransfers(manager(hand, `depot ${item.key}`), { state: "requested", limit: pageMax });
  const home = items.filter((trip) => trip.direction === "home" && !planned.has(trip.id));
  for (const [i, trip] of home.entries()) {
    planned.add(trip.id);
    planTrip(hand, trip.id, `home ${trip.requestedAt} ${trip.areaCode} ${i}`, false);
  }
  const open = new Set(items.map((trip) => trip.id));
  hand.memory.waiting["trips"] = [...planned].filter((id) => open.has(id));
}

/** Everybody whose plan has a test today is sampled alone, in the site or at the door. */
async function testDay(hand: Hand, item: DrillItem): Promise<void> {
  hand.at(hand.clockMinute(testHour, 1), "transport.tests", addDays(item.key, 1));
  for (const county of hand.city.counties) {
    const { items } = await dueTests(manager(hand, `due ${county.code} ${item.key}`), { areaCode: county.code });
    if (items.length === 0) continue;
    const roundId = await hand.system(`testRound ${county.code} ${item.key}`, (tx) =>
      openPurposeRound(tx, {
        purpose: "quarantine",
        areaCode: county.code,
        day: dayOf(hand.now, hand.scenario.timeZone),
      }),
    );
    const people = [...new Set(items.map((row) => row.personId))].toSorted((a, b) => a - b);
    const tubes = people.map((personId, i): FilledTube => ({
      barcode: `Q${item.key}-${county.code}-${i + 1}`,
      kind: "single",
      size: 1,
      people: [personIndexOf(personId)],
      minute: hand.minute,
    }));
    for (let from = 0; from < tubes.length; from += tubesPerBoxMax)
      await sendBox(hand, {
        roundId,
        siteCode: doorCode(county.code),
        areaCode: county.code,
        box: `BQ${item.key}-${county.code}-${from}`,
        tubes: tubes.slice(from, from + tubesPerBoxMax),
        urgent: true,
        pickUpMin: 45,
      });
    hand.count("quarantineTests", tubes.length);
  }
}

/** Rooms, vehicles, home visits, journeys home and the daily tests of everybody under an order. */
export const transportActor: DrillActor = {
  name: "transport",
  items: {
    "transport.rooms": findRooms,
    "transport.depart": leave,
    "transport.arrive": reach,
    "transport.home": beginHome,
    "transport.depot": depot,
    "transport.tests": testDay,
  },
  events: { "isolation.ordered": (hand, event) => ordered(hand, event.data as OrderedData) },
  begin(hand) {
    hand.at(hand.minute + 60, "transport.depot", `${hand.minute + 60}`);
    hand.at(hand.nextClock(testHour), "transport.tests", hand.dayAt(hand.nextClock(testHour)));
  },
};
