import { Type, type Static } from "typebox";
import { need } from "#kernel/assert";
import { minutesBetween } from "#kernel/time";
import type { DoorItem, Visit } from "#domain/grid";
import {
  askNeeds,
  cutArea,
  doorsLeft,
  dueIn,
  gridTally,
  listGrids,
  moveNeeds,
  needsIn,
  recordOutreach,
  recordStreets,
  recordVisits,
  registerReachable,
  registerWorkers,
  setLanes,
  streetRoundsLeft,
} from "#modules/grid";
import type { RoundClosed, RoundOpened } from "#modules/screening";
import type { ZonePublished } from "#modules/zones";
import type { Ctx } from "#platform/context";
import { runDuty } from "#platform/usecase";
import type { CityArea } from "#sim/city";
import type { DrillActor, Hand } from "../hand.ts";
import { inventedName } from "../names.rules.ts";
import type { DrillItem } from "../queue.rules.ts";
import { Delay, Figure } from "../scenario.model.ts";
import type { CityWorld } from "../world.service.ts";
import { defineSystem, memoryFor } from "./system.ts";

const Section = Type.Object(
  {
    householdsPerGrid: Figure,
    lanesPerVillage: Figure,
    /** People without a door among 100,000. */
    hardToReachPerLakh: Figure,
    /** From the closing of a round to the first walk of a county's lists, and from that to the second. */
    walk: Delay,
    secondWalk: Delay,
    notHome: Figure,
    /** Nobody of a home in quarantine answers: rarely, for they must be there. */
    awayFromQuarantine: Figure,
    refused: Figure,
    moved: Figure,
    proofForgotten: Figure,
    /** From a need to its delivery. */
    delivery: Delay,
    /** Requests of a closed village besides its food. */
    requestsPerZone: Figure,
    laneForgotten: Figure,
    found: Figure,
    testRefused: Figure,
  },
  { additionalProperties: false },
);
type Section = Static<typeof Section>;

interface Memory {
  /** The newest area round, whose untested without a door are looked for. */
  roundId: string | null;
}

interface Walk {
  readonly roundId: string;
  readonly county: string;
  readonly pass: number;
}

interface Half {
  readonly half: "morning" | "evening";
  readonly pass: number;
}

const rowsPerCall = 2_000;
const lakh = 100_000;
const outreachAt = "20:30";
const deliverEveryMin = 360;
const requestKinds = ["mask", "medicine", "dialysis", "mask", "delivery"] as const;
/** When the streets are walked and the homes visited; the second pass does what the first forgot. */
const halves = [
  { at: "09:00", half: "morning", pass: 0 },
  { at: "11:30", half: "morning", pass: 1 },
  { at: "18:00", half: "evening", pass: 0 },
  { at: "21:00", half: "evening", pass: 1 },
] as const;

const memoryOf = (hand: Hand): Memory => memoryFor(hand, "grid", () => ({ roundId: null }));

/** The worker of a grid has its number; a village without grids has only the first. */
const workerNo = (gridCode: string | null): string => `W${gridCode === null ? "01" : gridCode.slice(-2)}`;

async function setUpCounty(ctx: Ctx, world: CityWorld, section: Section, county: CityArea): Promise<void> {
  const { city, seed } = world;
  const towns = city.towns.filter((town) => town.code.startsWith(county.code));
  for (const town of towns)
    await runDuty(ctx, async (tx) => void (await cutArea(tx, town.code, section.householdsPerGrid.value)));
  for (const town of towns) {
    const workers = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listGrids>> = await listGrids(ctx, {
        areaCode: town.code,
        limit: 200,
        ...(cursor ? { cursor } : {}),
      });
      for (const { code, areaCode } of page.items) {
        const no = workerNo(code);
        const name = inventedName(seed, Number(areaCode.slice(-9)) % 1_000_003, Number(no.slice(1)));
        workers.push({ areaCode, gridCode: code, no, name, role: "gridWorker" as const });
      }
      cursor = page.next;
    } while (cursor !== null);
    for (let from = 0; from < workers.length; from += rowsPerCall)
      await registerWorkers(ctx, { workers: workers.slice(from, from + rowsPerCall) });
  }
  const kinds = ["roughSleeper", "wastePicker"] as const;
  const persons = county.endPerson - county.firstPerson;
  const count = Math.max(1, Math.round((persons * section.hardToReachPerLakh.value) / lakh));
  const villages = county.endVillage - county.firstVillage;
  const people = Array.from({ length: count }, (_, i) => ({
    areaCode: need(city.villages[county.firstVillage + ((i * 7) % villages)], "a county has villages").code,
    kind: kinds[i % 2] ?? ("roughSleeper" as const),
    called: `${inventedName(seed, county.firstPerson + i, i)}${i + 1}`,
    usualPlace: i % 2 === 0 ? "车站周边" : "废品站",
  }));
  await registerReachable(ctx, { people });
}

/** What a worker brings back from a door; the second walk writes down what the first forgot. */
function visitOf(hand: Hand, section: Section, item: DoorItem, purpose: string, pass: number, away: Figure): Visit {
  const key = `${purpose} ${item.personId ?? item.householdId} ${pass}`;
  const base = { itemId: item.id, at: hand.now, workerNo: workerNo(item.gridCode) };
  if (hand.chance(away.value, "gridNotHome", key)) return { ...base, outcome: "notHome" };
  const who = `${purpose} ${item.personId ?? item.householdId}`;
  if (hand.chance(section.refused.value, "gridRefused", who)) return { ...base, outcome: "refused" };
  if (hand.chance(section.moved.value, "gridMoved", who)) return { ...base, outcome: "moved" };
  if (pass === 0 && hand.chance(section.proofForgotten.value, "gridProof", who)) return { ...base, outcome: "done" };
  return { ...base, outcome: "done", proof: { method: "qr" } };
}

async function visitAll(hand: Hand, areaCode: string, command: string, visits: readonly Visit[]): Promise<void> {
  for (let from = 0; from < visits.length; from += rowsPerCall) {
    const answer = await recordVisits(hand.ctx("gridWorker", areaCode, `${command} ${from}`), {
      visits: visits.slice(from, from + rowsPerCall),
    });
    hand.count("gridVisits", answer.recorded);
    hand.count("gridVisitsWithoutProof", answer.refused.length);
  }
}

async function walk(hand: Hand, item: DrillItem, section: Section): Promise<void> {
  const { roundId, county, pass } = item.data as Walk;
  const doors = await hand.system(`doors ${item.key}`, (tx) => doorsLeft(tx, county, "untested", roundId));
  const visits = doors.map((door) =>
    visitOf(hand, section, door, `untested ${item.key.slice(0, -2)}`, pass, section.notHome),
  );
  await visitAll(hand, county, `visits ${item.key}`, visits);
}

/** Homes in quarantine and the streets of zones, half-day by half-day. */
async function halfDay(hand: Hand, item: DrillItem, section: Section): Promise<void> {
  const { half, pass } = item.data as Half;
  const slot = need(
    halves.find((one) => one.half === half && one.pass === pass),
    "a slot of the day",
  );
  hand.at(hand.nextClock(slot.at), "grid.half", `${half} ${pass} ${hand.nextClock(slot.at)}`, item.data);
  if (hand.memory.firstPositiveMinute === null) return;
  const day = hand.dayAt(hand.minute);
  const city = hand.scenario.areaCode;
  const homes = await hand.system(`homes ${item.key}`, (tx) => doorsLeft(tx, city, "homeQuarantine", `${day} ${half}`));
  const visits = homes.map((door) =>
    visitOf(hand, section, door, `home ${day} ${half}`, pass, section.awayFromQuarantine),
  );
  await visitAll(hand, city, `homes ${item.key}`, visits);
  const rounds = await hand.system(`streets ${item.key}`, (tx) => streetRoundsLeft(tx, city, day, half));
  if (rounds.length === 0) return;
  const walked = rounds.map(({ id, areaCode, kind, lanes }) => {
    const forgotten =
      pass === 0 && hand.chance(section.laneForgotten.value, "gridLane", `${areaCode} ${kind} ${day} ${half}`);
    return { id, lanes: forgotten ? lanes.slice(0, -1) : lanes };
  });
  for (let from = 0; from < walked.length; from += rowsPerCall)
    await recordStreets(hand.ctx("gridWorker", city, `streets ${item.key} ${from}`), {
      rounds: walked.slice(from, from + rowsPerCall),
    });
  hand.count("gridStreetRounds", rounds.length);
}

async function deliver(hand: Hand, item: DrillItem, section: Section): Promise<void> {
  hand.after(deliverEveryMin, "grid.deliver", `${hand.minute + deliverEveryMin}`);
  if (hand.memory.firstPositiveMinute === null) return;
  const city = hand.scenario.areaCode;
  const ready = await hand.system(`delivered ${item.key}`, (tx) => needsIn(tx, city, "delivered"));
  const asked = await hand.system(`asked ${item.key}`, (tx) => needsIn(tx, city, "asked"));
  const brought = asked.filter((one) => {
    const key = `${one.areaCode} ${one.kind} ${one.householdId} ${one.askedAt}`;
    const delay = hand.delay(section.delivery, "gridDelivery", key);
    return minutesBetween(one.askedAt, hand.now) >= delay;
  });
  const move = async (ids: readonly string[], to: "delivered" | "confirmed") => {
    for (let from = 0; from < ids.length; from += rowsPerCall)
      await moveNeeds(hand.ctx("gridWorker", city, `${to} ${item.key} ${from}`), {
        ids: ids.slice(from, from + rowsPerCall),
        to,
        confirmedBy: "住户 / household",
      });
  };
  await move(
    ready.map((one) => one.id),
    "confirmed",
  );
  await move(
    brought.map((one) => one.id),
    "delivered",
  );
  hand.count("gridDeliveries", brought.length);
}

async function outreach(hand: Hand, item: DrillItem, section: Section): Promise<void> {
  hand.at(hand.nextClock(outreachAt), "grid.outreach", `${hand.nextClock(outreachAt)}`);
  const { roundId } = memoryOf(hand);
  if (hand.memory.firstPositiveMinute === null || roundId === null) return;
  const city = hand.scenario.areaCode;
  const due = await hand.system(`outreach ${item.key}`, (tx) => dueIn(tx, { areaCode: city, roundId }));
  if (due.length === 0) return;
  const meetings = due.map(({ id, areaCode, called }) => {
    const key = `${areaCode} ${called} ${item.key}`;
    const found = hand.chance(section.found.value, "gridFound", key);
    const refused = hand.chance(section.testRefused.value, "gridTestRefused", key);
    const outcome = found ? (refused ? ("refused" as const) : ("tested" as const)) : ("notFound" as const);
    return { id, at: hand.now, outcome };
  });
  for (let from = 0; from < meetings.length; from += rowsPerCall)
    await recordOutreach(hand.ctx("gridWorker", city, `outreach ${item.key} ${from}`), {
      meetings: meetings.slice(from, from + rowsPerCall),
    });
  hand.count("gridOutreach", meetings.length);
}

/** A village is closed: its lanes are written down, and its households begin to ask. */
async function zoneBegins(hand: Hand, item: DrillItem, section: Section): Promise<void> {
  const village = hand.city.villages.find(({ code }) => code === item.data);
  if (!village) return;
  const lanes = Array.from({ length: Math.max(1, section.lanesPerVillage.value) }, (_, i) => `${i + 1}巷`);
  await setLanes(hand.ctx("commander", village.code, `lanes ${item.key}`), { areaCode: village.code, lanes });
  const persons = village.endPerson - village.firstPerson;
  const count = Math.max(1, Math.round(section.requestsPerZone.value * hand.scale));
  const needs = Array.from({ length: count }, (_, i) => ({
    areaCode: village.code,
    kind: requestKinds[i % requestKinds.length] ?? ("other" as const),
    householdId: hand.city.householdOf(village.firstPerson + ((i * 13) % persons)).index + 1,
    ref: `${village.code}-${i + 1}`,
  }));
  await askNeeds(hand.ctx("gridWorker", village.code, `requests ${item.key}`), { needs });
}

function actor(section: Section): DrillActor {
  return {
    name: "grid",
    items: {
      "grid.walk": (hand, item) => walk(hand, item, section),
      "grid.half": (hand, item) => halfDay(hand, item, section),
      "grid.deliver": (hand, item) => deliver(hand, item, section),
      "grid.outreach": (hand, item) => outreach(hand, item, section),
      "grid.zone": (hand, item) => zoneBegins(hand, item, section),
    },
    events: {
      "screening.roundOpened": (hand, event) => {
        const data = event.data as RoundOpened;
        if (data.kind === "area") memoryOf(hand).roundId = data.roundId;
      },
      "screening.roundClosed": (hand, event) => {
        const data = event.data as RoundClosed;
        if (data.kind !== "area") return;
        for (const county of hand.city.counties) {
          if (!county.code.startsWith(event.areaCode) && !event.areaCode.startsWith(county.code)) continue;
          const key = `${event.areaCode}-${data.no}-${county.code}`;
          const first = hand.delay(section.walk, "gridWalk", key);
          const second = first + hand.delay(section.secondWalk, "gridSecondWalk", key);
          for (const [pass, delay] of [first, second].entries())
            hand.after(delay, "grid.walk", `${key}-${pass}`, {
              roundId: data.roundId,
              county: county.code,
              pass,
            } satisfies Walk);
        }
      },
      "zones.published": (hand, event) => {
        const data = event.data as ZonePublished;
        if (data.unit === "village") hand.after(1, "grid.zone", data.unitCode, data.unitCode);
      },
    },
    begin(hand) {
      hand.after(deliverEveryMin, "grid.deliver", `${hand.minute + deliverEveryMin}`);
      hand.at(hand.nextClock(outreachAt), "grid.outreach", `${hand.nextClock(outreachAt)}`);
      for (const { at, half, pass } of halves)
        hand.at(hand.nextClock(at), "grid.half", `${half} ${pass} ${hand.nextClock(at)}`, {
          half,
          pass,
        } satisfies Half);
    },
  };
}

/** Grid workers in a drill: doors after each round, homes and streets twice a day, needs, people without a door. */
export const gridSystem = defineSystem({
  name: "grid",
  title: { "zh-CN": "网格与上门", en: "Grids and doors" },
  section: Section,
  setUpCounty,
  actor,
  ownTasks: ["doorNotHome", "householdNeed"],
  tally: gridTally,
});
