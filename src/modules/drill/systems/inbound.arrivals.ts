import { addDays } from "#kernel/time";
import { isAbroad } from "#domain/inbound";
import {
  classifyArrivals,
  closeArrival,
  declare,
  deliverEscorts,
  listArrivals,
  listCheckpoints,
  meetEscorts,
  pageOfArrivals,
  recordPasses,
  type Arrival,
  type EscortsPlanned,
} from "#modules/inbound";
import { integerDraw, uniformDraw } from "#sim/draws";
import { inventedName } from "../names.rules.ts";
import type { DrillActor, Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";
import type { InboundSection } from "./inbound.model.ts";

/** Travellers in the drill: residents who come home, declared or not, by the road or past it. */

interface Coming {
  readonly person: number;
  readonly minute: number;
  readonly origin: string;
  readonly leftOn: string;
  readonly byRoad: boolean;
  readonly receipt: string | null;
}

interface Memory {
  coming: Coming[];
}

type Passes = Parameters<typeof recordPasses>[1]["passes"];
type Traveller = Parameters<typeof listArrivals>[1]["travellers"][number];

const dayStart = "05:00";
const roadHours = ["12:00", "22:00"] as const;
const visitHours = ["09:00", "13:00", "19:00"] as const;
const listHour = "22:30";
const pageMax = 200;
const forgottenLateMin = 360;
const arrivalsSpanMin = 16 * 60;
const coldest = 36.1;

function memory(hand: Hand): Memory {
  const systems = hand.memory.systems as Record<string, Memory | undefined>;
  return (systems["inbound"] ??= { coming: [] });
}

/** A head count of the city at the drill's scale. */
export function scaled(hand: Hand, count: number): number {
  return Math.max(1, Math.round(count * hand.scale));
}

/** The place somebody comes from, by the scenario's shares. */
export function originOf(hand: Hand, section: InboundSection, key: string): string {
  let left = uniformDraw(hand.seed, "inbound origin", key);
  for (const { place, share } of section.origins) {
    if (left < share) return place;
    left -= share;
  }
  return section.origins[0]?.place ?? "";
}

/** A resident by lot. */
export function somebody(hand: Hand, purpose: string, key: string): number {
  return integerDraw(hand.seed, purpose, key, hand.city.personCount);
}

/** How a resident of the drill is known by name and number. */
export function identity(hand: Hand, person: number) {
  return {
    areaCode: hand.city.villages[hand.city.villageOf(person)]?.code ?? "",
    name: inventedName(hand.seed, person, hand.city.householdOf(person).index),
    idKind: "other" as const,
    idNumber: `DRILL${String(person).padStart(8, "0")}`,
  };
}

function countyOf(hand: Hand, person: number): string {
  return hand.city.counties[hand.city.countyOf(person)]?.code ?? "";
}

/** The day's travellers are drawn; those who declare do it before they set out. */
async function day(hand: Hand, section: InboundSection): Promise<void> {
  hand.at(hand.clockMinute(dayStart, 1), "inbound.day", dayStart);
  if (hand.memory.firstPositiveMinute === null) return;
  const today = hand.dayAt(hand.minute);
  const coming: Coming[] = [];
  for (let i = 0; i < scaled(hand, section.arrivalsPerDay.value); i++) {
    const key = `${today} ${i}`;
    const person = somebody(hand, "inbound person", key);
    const origin = originOf(hand, section, key);
    const leftOn = addDays(today, -integerDraw(hand.seed, "inbound left", key, section.leftDaysAgoMax.value + 1));
    const minute = hand.minute + 1 + integerDraw(hand.seed, "inbound minute", key, arrivalsSpanMin);
    const declares = hand.chance(section.declaredShare.value, "inbound declares", key);
    const receipt = declares ? await sendForm(hand, person, { origin, leftOn, minute }, key) : null;
    const byRoad = hand.chance(section.byRoadShare.value, "inbound road", key);
    coming.push({ person, minute, origin, leftOn, byRoad, receipt });
  }
  memory(hand).coming = [...memory(hand).coming, ...coming];
  for (const time of roadHours) hand.at(hand.clockMinute(time), "inbound.road", time);
  for (const time of visitHours) hand.at(hand.clockMinute(time), "inbound.visit", time);
  hand.at(hand.clockMinute(listHour), "inbound.list", listHour);
}

async function sendForm(
  hand: Hand,
  person: number,
  stay: { origin: string; leftOn: string; minute: number },
  key: string,
): Promise<string | null> {
  const answer = await declare(hand.ctx("resident", "", `declare ${key}`), {
    ...identity(hand, person),
    origin: stay.origin,
    leftOn: stay.leftOn,
    arrivesAt: hand.instantAt(stay.minute),
  });
  hand.count("inboundDeclared");
  return "declared" in answer ? answer.declared.receipt : null;
}

/** Who has come by now leaves the list of those on the way. */
function takeArrived(hand: Hand, byRoad: boolean): Coming[] {
  const all = memory(hand).coming;
  const here = all.filter((row) => row.byRoad === byRoad && row.minute <= hand.minute);
  memory(hand).coming = all.filter((row) => !here.includes(row));
  return here;
}

function travellerPass(hand: Hand, section: InboundSection, row: Coming): Passes[number] {
  const key = `${row.person} ${row.minute}`;
  const { areaCode, name, idKind, idNumber } = identity(hand, row.person);
  const known = row.receipt === null ? { idKind, idNumber, traveller: { name, areaCode } } : { receipt: row.receipt };
  const fever = hand.chance(section.feverShare.value, "inbound fever", key);
  return {
    kind: "person",
    ...known,
    origin: row.origin,
    leftOn: row.leftOn,
    temperature: fever ? 37.8 : coldest + Math.round(uniformDraw(hand.seed, "inbound temperature", key) * 10) / 10,
    ...(hand.chance(section.proofShare.value, "inbound proof", key) ? { proofHours: 24 } : {}),
  };
}

/** People and loads of the county and its neighbours, who come from no listed place. */
function otherPasses(hand: Hand, section: InboundSection, county: string, count: number): Passes {
  return Array.from({ length: count }, (_, i) => {
    const key = `${county} ${hand.minute} ${i}`;
    if (hand.chance(section.goodsPassShare.value, "pass goods", key)) {
      const origin = originOf(hand, section, key);
      const disinfected = hand.chance(section.proofShare.value, "pass disinfected", key);
      return { kind: "goods", origin: isAbroad(origin) ? "110105" : origin, disinfected } as const;
    }
    const proof = hand.chance(section.proofShare.value, "pass proof", key);
    return {
      kind: "person",
      temperature: hand.chance(section.feverShare.value, "pass fever", key) ? 37.9 : 36.5,
      ...(proof ? { proofHours: 30 } : {}),
      ...(hand.chance(section.declineShare.value, "pass decline", key) ? { testDeclined: true } : {}),
    } as const;
  });
}

async function road(hand: Hand, section: InboundSection): Promise<void> {
  const here = takeArrived(hand, true);
  const counties = hand.city.counties.map((county) => county.code);
  const each = Math.round(scaled(hand, section.passesPerDay.value) / counties.length / roadHours.length);
  const { items } = await listCheckpoints(hand.ctx("commander", hand.scenario.areaCode, `roads ${hand.minute}`), {
    limit: pageMax,
  });
  for (const point of items) {
    const own = here.filter((row) => countyOf(hand, row.person) === point.areaCode);
    const passes = [
      ...own.map((row) => travellerPass(hand, section, row)),
      ...otherPasses(hand, section, point.areaCode, each),
    ];
    if (passes.length === 0) continue;
    const ctx = hand.ctx("checkpointOfficer", point.areaCode, `passes ${point.code} ${hand.minute}`);
    const { outcomes } = await recordPasses(ctx, { id: point.id, passes });
    hand.count("inboundPasses", outcomes.length);
    hand.count("inboundRefused", outcomes.filter((row) => row.outcome === "refused").length);
  }
}

/** In the evening each county's villages list who came past the road without a word. */
async function list(hand: Hand): Promise<void> {
  const here = takeArrived(hand, false).filter((row) => row.receipt === null);
  for (const { code } of hand.city.counties) {
    const travellers = here
      .filter((row) => countyOf(hand, row.person) === code)
      .map(({ person, origin, leftOn }): Traveller => ({ ...identity(hand, person), origin, leftOn }));
    if (travellers.length === 0) continue;
    await listArrivals(hand.ctx("gridWorker", code, `list ${code} ${hand.minute}`), { source: "list", travellers });
    hand.count("inboundListed", travellers.length);
  }
}

/** Every open arrival of the city, page by page. */
async function openArrivals(hand: Hand): Promise<Arrival[]> {
  const ctx = hand.ctx("commander", hand.scenario.areaCode, `arrivals ${hand.minute}`);
  const found: Arrival[] = [];
  for (const state of ["arrived", "declared"] as const) {
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof pageOfArrivals>> = await pageOfArrivals(ctx, {
        state,
        limit: pageMax,
        ...(cursor === null ? {} : { cursor }),
      });
      found.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
  }
  return found;
}

/** Grid workers go to the doors; some visits are forgotten until somebody asks, some travellers never came. */
async function visit(hand: Hand, section: InboundSection): Promise<void> {
  const all = await openArrivals(hand);
  const late = hand.instantAt(hand.minute - forgottenLateMin);
  for (const { code } of hand.city.counties) {
    const ids: string[] = [];
    for (const row of all.filter((one) => one.areaCode.startsWith(code))) {
      const key = `${row.areaCode} ${row.dueAt} ${row.leftOn}`;
      const forgotten = hand.chance(section.forgottenShare.value, "inbound forgotten", key);
      if (row.arrivesAt > hand.now || (forgotten && row.dueAt > late)) continue;
      const absent = row.state === "declared" && hand.chance(section.noShowShare.value, "inbound no show", key);
      const grid = hand.ctx("gridWorker", code, `absent ${key}`);
      if (absent) await closeArrival(grid, { id: row.id, reason: "未到达 / did not come" });
      else ids.push(row.id);
    }
    if (ids.length === 0) continue;
    const { classified } = await classifyArrivals(hand.ctx("gridWorker", code, `visit ${code} ${hand.minute}`), {
      ids,
    });
    hand.count("inboundVisited", classified);
  }
}

interface Escorts {
  readonly ids: readonly string[];
}

/** The travellers' part of the system. */
export function arrivalItems(section: InboundSection): Required<Pick<DrillActor, "items" | "events">> {
  const city = (hand: Hand, command: string) => hand.ctx("checkpointOfficer", hand.scenario.areaCode, command);
  return {
    items: {
      "inbound.day": (hand) => day(hand, section),
      "inbound.road": (hand) => road(hand, section),
      "inbound.visit": (hand) => visit(hand, section),
      "inbound.list": (hand) => list(hand),
      "inbound.meet": async (hand: Hand, item: DrillItem) => {
        const { ids } = item.data as Escorts;
        await meetEscorts(city(hand, `meet ${item.key}`), { ids, vehicle: `E${hand.minute % 997}` });
        hand.after(hand.delay(section.drive, "inbound drive", item.key), "inbound.deliver", item.key, item.data);
      },
      "inbound.deliver": async (hand: Hand, item: DrillItem) => {
        await deliverEscorts(city(hand, `deliver ${item.key}`), { ids: (item.data as Escorts).ids });
      },
    },
    events: {
      "inbound.escortPlanned": (hand, event) => {
        const { escortIds, place } = event.data as EscortsPlanned;
        const key = `${place} ${event.areaCode} ${hand.minute}`;
        hand.after(hand.delay(section.meet, "inbound meet", key), "inbound.meet", key, { ids: escortIds });
      },
    },
  };
}

/** The minute at which the first day is drawn. */
export function firstDay(hand: Hand): void {
  hand.at(hand.nextClock(dayStart), "inbound.day", dayStart);
}
