import { Type, type Static } from "typebox";
import { need } from "#kernel/assert";
import {
  recordCounts,
  recordVisits,
  registerUnits,
  reportSignals,
  sentinelTally,
  verifyAlert,
} from "#modules/sentinel";
import type { NewCount, NewSignal, NewUnit } from "#modules/sentinel";
import type { Signalled } from "#domain/sentinel";
import type { StoredEvent } from "#platform/events";
import type { City, CityArea } from "#sim/city";
import { integerDraw, normalDraw, uniformDraw } from "#sim/draws";
import { personIdOf, type DrillActor, type Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";
import { Delay, Figure } from "../scenario.model.ts";
import { defineSystem, memoryFor } from "./system.ts";

const Section = Type.Object(
  {
    /** Probes of each town; a county has one fever clinic. */
    villageClinicsPerTown: Figure,
    pharmaciesPerTown: Figure,
    /** People a day and 10,000 residents whom the probes report though they are not infected. */
    noisePerTenThousand: Figure,
    /** What a probe counts a day, for 10,000 residents of its town (a fever clinic: of its county). */
    feverPerTenThousand: Figure,
    respiratoryPerTenThousand: Figure,
    drugsPerTenThousand: Figure,
    /** An infected person with symptoms turns up at a probe with this probability, so long after the onset. */
    infectedShare: Figure,
    onsetToProbe: Delay,
    /** Mistakes: no return that day, a return after its time, a buyer whose name was not asked for. */
    silentShare: Figure,
    lateShare: Figure,
    namelessShare: Figure,
    visit: Delay,
    notFoundShare: Figure,
    verify: Delay,
    verifiedShare: Figure,
    /** After so many days without a result the community closes a signal that it had sent to be tested. */
    closeAfterDays: Figure,
  },
  { additionalProperties: false },
);
type Section = Static<typeof Section>;

/** What the probes remember between steps. */
interface Memory {
  /** Infected people who will turn up at a probe, by the minute. */
  readonly coming: { person: number; minute: number }[];
  /** Visits to make, by the item's key. */
  readonly visits: Record<string, string[]>;
  /** Signals a unit sent on the day at hand. */
  seen: Record<string, number>;
}

const slots = ["11:00", "15:00", "19:00"] as const;
const countsAt = "17:30";
const lateAt = "20:30";
const visitBatchMin = 60;
const perTenThousand = 10_000;
const visitsMax = 500;
const minutesPerDay = 1_440;

const memoryOf = (hand: Hand): Memory => memoryFor(hand, "sentinel", () => ({ coming: [], visits: {}, seen: {} }));

/** The units of the city in a fixed order: a fever clinic for each county, clinics and pharmacies for each town. */
function unitsOf(city: City, section: Section): (NewUnit & { people: number })[] {
  const places = (area: CityArea, kind: "villageClinic" | "pharmacy", count: number) =>
    Array.from({ length: count }, (_, i) => {
      const villages = area.endVillage - area.firstVillage;
      const village = need(city.villages[area.firstVillage + (i % villages)], "a town has a village");
      const name = kind === "pharmacy" ? `药店${i + 1}` : `卫生室${i + 1}`;
      const code = `${kind === "pharmacy" ? "P" : "V"}-${area.code}-${i + 1}`;
      return { areaCode: village.code, code, kind, name, people: (area.endPerson - area.firstPerson) / count };
    });
  return [
    ...city.counties.map((county) => ({
      areaCode: need(city.villages[county.firstVillage], "a county has a village").code,
      code: `F-${county.code}`,
      kind: "feverClinic" as const,
      name: "发热门诊",
      people: county.endPerson - county.firstPerson,
    })),
    ...city.towns.flatMap((town) => [
      ...places(town, "villageClinic", section.villageClinicsPerTown.value),
      ...places(town, "pharmacy", section.pharmaciesPerTown.value),
    ]),
  ];
}

/** A person at a probe: a pharmacy, a village clinic or the county's fever clinic. */
function signalOf(hand: Hand, section: Section, person: number, ref: string): NewSignal {
  const { city, seed } = hand;
  const village = need(city.villages[city.villageOf(person)], "a person lives in a village");
  const draw = uniformDraw(seed, "probeKind", ref);
  const pharmacies = section.pharmaciesPerTown.value;
  const clinics = section.villageClinicsPerTown.value;
  const fever = Math.round(normalDraw(seed, "probeFever", ref, 37.9, 0.3) * 10) / 10;
  const base = { ref, areaCode: village.code, personId: personIdOf(person) };
  if (draw < 0.55 && pharmacies > 0) {
    const unit = `P-${village.townCode}-${1 + integerDraw(seed, "probeUnit", ref, pharmacies)}`;
    return { ...base, unit, drugClasses: [draw < 0.3 ? "antipyretic" : "cough"] };
  }
  if (draw < 0.9 && clinics > 0) {
    const unit = `V-${village.townCode}-${1 + integerDraw(seed, "probeUnit", ref, clinics)}`;
    return { ...base, unit, temperature: Math.max(37.3, fever), symptoms: ["fever"] };
  }
  return { ...base, unit: `F-${village.countyCode}`, temperature: Math.max(37.3, fever), symptoms: ["fever", "cough"] };
}

/** People at the probes since the last time of day: the usual ones, and the infected among them. */
async function slot(hand: Hand, section: Section, item: DrillItem): Promise<void> {
  hand.at(hand.minute + minutesPerDay, "sentinel.slot", `${item.key.split("@")[0]}@${hand.minute + minutesPerDay}`);
  const memory = memoryOf(hand);
  const { city } = hand;
  const due = memory.coming.filter((row) => row.minute <= hand.minute).map((row) => row.person);
  memory.coming.splice(0, memory.coming.length, ...memory.coming.filter((row) => row.minute > hand.minute));
  for (const county of city.counties) {
    const people = county.endPerson - county.firstPerson;
    const mean = (people * section.noisePerTenThousand.value) / perTenThousand / slots.length;
    const many = Math.floor(mean + uniformDraw(hand.seed, "probeNoise", `${county.code} ${item.key}`));
    const noise = Array.from({ length: many }, (_, i) => {
      const ref = `n${hand.minute}-${county.code}-${i}`;
      const person = county.firstPerson + integerDraw(hand.seed, "probePerson", ref, people);
      return signalOf(hand, section, person, ref);
    });
    const infected = due
      .filter((person) => city.counties[city.countyOf(person)]?.code === county.code)
      .map((person) => signalOf(hand, section, person, `o${person}`));
    await report(hand, section, county, [...noise, ...infected], item.key);
  }
}

async function report(hand: Hand, section: Section, county: CityArea, all: NewSignal[], key: string): Promise<void> {
  if (all.length === 0) return;
  const nameless = (row: NewSignal) => hand.chance(section.namelessShare.value, "probeNameless", row.ref);
  const sent = all.map((row): NewSignal => {
    if (!nameless(row)) return row;
    const { personId: _asked, ...rest } = row;
    return { ...rest, name: "匿名" };
  });
  const first = await reportSignals(hand.ctx("probe", county.code, `signals ${county.code} ${key}`), { signals: sent });
  hand.count("probeSignals", first.taken);
  hand.count("probeRowsRefused", first.bad.length);
  // What was refused for want of a name is asked for again and sent once more.
  const again = all.filter(nameless);
  if (again.length > 0)
    await reportSignals(hand.ctx("probe", county.code, `signals again ${county.code} ${key}`), { signals: again });
  const { seen } = memoryOf(hand);
  for (const row of all) seen[row.unit] = (seen[row.unit] ?? 0) + 1;
}

/** The day's counts: most in time, some late, some never. */
async function counts(hand: Hand, section: Section, item: DrillItem): Promise<void> {
  const late = item.key.startsWith("late");
  const day = hand.dayAt(hand.minute);
  hand.at(hand.minute + minutesPerDay, "sentinel.counts", `${late ? "late" : "due"}@${hand.minute + minutesPerDay}`);
  const memory = memoryOf(hand);
  const byCounty = new Map<string, NewCount[]>();
  for (const unit of unitsOf(hand.city, section)) {
    const key = `${unit.code} ${day}`;
    const isLate = hand.chance(section.lateShare.value, "probeLate", key);
    if (isLate !== late || hand.chance(section.silentShare.value, "probeSilent", key)) continue;
    const draw = (what: string, rate: number) => {
      const mean = (unit.people * rate) / perTenThousand;
      return Math.max(0, Math.round(normalDraw(hand.seed, `probe${what}`, key, mean, Math.sqrt(mean))));
    };
    const seen = memory.seen[unit.code] ?? 0;
    const shop = unit.kind === "pharmacy";
    const row = {
      unit: unit.code,
      day,
      fever: shop ? 0 : draw("FeverCount", section.feverPerTenThousand.value) + seen,
      respiratory: shop ? 0 : draw("RespiratoryCount", section.respiratoryPerTenThousand.value),
      drugs: shop ? draw("DrugCount", section.drugsPerTenThousand.value) + seen : 0,
    };
    const county = unit.areaCode.slice(0, 6);
    byCounty.set(county, [...(byCounty.get(county) ?? []), row]);
  }
  for (const [county, rows] of byCounty)
    await recordCounts(hand.ctx("probe", county, `counts ${county} ${item.key}`), { counts: rows });
  if (late) memory.seen = {};
}

/** Each signal's visit, made with the others of its county and hour. */
function planVisits(hand: Hand, section: Section, event: StoredEvent): void {
  const { signals } = event.data as Signalled;
  const memory = memoryOf(hand);
  for (const signal of signals) {
    const delay = hand.delay(section.visit, "probeVisit", signal.ref);
    const minute = Math.ceil((hand.minute + delay) / visitBatchMin) * visitBatchMin;
    const lost = hand.chance(section.notFoundShare.value, "probeLost", signal.ref);
    const key = `${minute} ${signal.areaCode.slice(0, 6)} ${lost ? "lost" : "met"}`;
    if (!memory.visits[key]) hand.at(minute, "sentinel.visits", key);
    (memory.visits[key] ??= []).push(signal.signalId);
  }
}

/** Before the first positive nobody is tested for a signal; afterwards whoever lives where rounds are held is sent to the next. */
async function visits(hand: Hand, section: Section, item: DrillItem): Promise<void> {
  const memory = memoryOf(hand);
  const ids = memory.visits[item.key] ?? [];
  delete memory.visits[item.key];
  const [, county = "", how] = item.key.split(" ");
  const rounds = Object.keys(hand.memory.rounds).some((area) => area.startsWith(county) || county.startsWith(area));
  const toTest = hand.memory.firstPositiveMinute !== null && rounds;
  const close = how === "close" || !toTest;
  const outcome = how === "lost" ? ("notFound" as const) : close ? ("otherCause" as const) : ("toTest" as const);
  const reason = how === "lost" ? { reason: "未找到本人" } : close ? { reason: "入户核查未见异常" } : {};
  for (let at = 0; at < ids.length; at += visitsMax) {
    const batch = ids.slice(at, at + visitsMax).map((signalId) => ({ signalId, outcome, ...reason }));
    await recordVisits(hand.ctx("gridWorker", county, `visits ${item.key} ${at}`), { visits: batch });
  }
  hand.count("probeVisits", ids.length);
  if (outcome !== "toTest") return;
  const minute = hand.minute + section.closeAfterDays.value * minutesPerDay;
  const key = `${minute} ${county} close`;
  if (!memory.visits[key]) hand.at(minute, "sentinel.visits", key);
  (memory.visits[key] ??= []).push(...ids);
}

/** The disease-control centre looks into each alert. */
async function verify(hand: Hand, section: Section, item: DrillItem): Promise<void> {
  const real = hand.chance(section.verifiedShare.value, "probeVerified", item.key);
  const { id } = item.data as { id: string };
  const ctx = hand.ctx("cdc", "", `verify ${item.key}`);
  await verifyAlert(ctx, { id, real, reason: real ? "已现场核实" : "随机波动，未见聚集" });
  hand.count("probeAlerts");
}

function actor(section: Section): DrillActor {
  return {
    name: "sentinel",
    items: {
      "sentinel.slot": (hand, item) => slot(hand, section, item),
      "sentinel.counts": (hand, item) => counts(hand, section, item),
      "sentinel.visits": (hand, item) => visits(hand, section, item),
      "sentinel.verify": (hand, item) => verify(hand, section, item),
    },
    events: {
      "sentinel.signalled": (hand, event) => planVisits(hand, section, event),
      "sentinel.alertRaised": (hand, event) => {
        const { measure, day } = event.data as { measure: string; day: string };
        const key = `${event.areaCode} ${measure} ${day}`;
        hand.after(hand.delay(section.verify, "probeVerify", key), "sentinel.verify", key, { id: event.subjectId });
      },
    },
    sim: (hand, event) => {
      if (event.kind !== "symptomOnset") return;
      if (!hand.chance(section.infectedShare.value, "probeInfected", `${event.person}`)) return;
      const delay = hand.delay(section.onsetToProbe, "probeOnset", `${event.person}`);
      memoryOf(hand).coming.push({ person: event.person, minute: event.minute + delay });
    },
    begin: (hand) => {
      for (const time of slots) hand.at(hand.nextClock(time), "sentinel.slot", `${time}@${hand.nextClock(time)}`);
      hand.at(hand.nextClock(countsAt), "sentinel.counts", `due@${hand.nextClock(countsAt)}`);
      hand.at(hand.nextClock(lateAt), "sentinel.counts", `late@${hand.nextClock(lateAt)}`);
    },
  };
}

/** Fever clinics, village clinics and pharmacies: signals, daily counts, visits, and alerts looked into. */
export const sentinelSystem = defineSystem({
  name: "sentinel",
  title: { "zh-CN": "三个探头", en: "Three probes" },
  section: Section,
  setUp: async (ctx, { city }, section) => {
    const units = unitsOf(city, section).map(({ people: _people, ...unit }) => unit);
    await registerUnits(ctx, { units });
  },
  actor,
  ownTasks: ["sentinelVisit", "sentinelTest", "sentinelVerify"],
  tally: sentinelTally,
});
