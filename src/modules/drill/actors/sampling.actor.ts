import { need } from "#kernel/assert";
import { dayOf } from "#kernel/time";
import { tubeRuleFor, type ZoneLevel } from "#domain/outbreaks";
import { openPurposeRound, recordAbsences, type AbsenceReason, type RoundOpened } from "#modules/screening";
import { clinicCode } from "../sites.rules.ts";
import { personIdOf, type DrillActor, type Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";
import { sendBox, type FilledTube } from "./tubes.actor.ts";

interface SlotMemory {
  readonly roundId: string;
  readonly no: number;
  readonly site: string;
  readonly slot: number;
  readonly slots: number;
  readonly slotMin: number;
  /** When present, only these villages are sampled. */
  readonly villages: readonly string[] | null;
}

const infantYears = 0;
const peoplePerUploadMax = 2_000;

/** Where the command post notes which villages a round is for, when it is not for the whole area. */
export function villagesKey(roundId: string): string {
  return `villages ${roundId}`;
}

/** Spreads a round over its sites' opening hours, one box a site and pick-up interval. */
function planRound(hand: Hand, round: RoundOpened & { areaCode: string; villages: readonly string[] | null }): void {
  const { sampling, courier } = hand.scenario;
  const slotMin = courier.pickUpEveryMin.value;
  const opens = Math.max(hand.minute + 1, hand.clockMinute(sampling.hours.from));
  const closes = Math.max(opens + slotMin, hand.clockMinute(sampling.hours.to));
  const slots = Math.max(1, Math.floor((closes - opens) / slotMin));
  for (const site of hand.places.served.values()) {
    if (!site.townCode.startsWith(round.areaCode) && !round.areaCode.startsWith(site.townCode)) continue;
    if (round.villages && !round.villages.some((village) => village.startsWith(site.townCode))) continue;
    for (let slot = 0; slot < slots; slot++) {
      const memory: SlotMemory = {
        roundId: round.roundId,
        no: round.no,
        site: site.code,
        slot,
        slots,
        slotMin,
        villages: round.villages,
      };
      hand.at(
        opens + (slot + 1) * slotMin,
        "sampling.collect",
        `${round.no} ${site.code} ${String(slot).padStart(2, "0")}`,
        memory,
      );
    }
  }
}

/** Why a person does not come to the table today; null when they come. */
function absence(hand: Hand, person: number, roundNo: number): AbsenceReason | null {
  const mode = hand.engine.controlOf(person);
  if (mode === "centralQuarantine" || mode === "hospital" || mode === "homeQuarantine") return "quarantined";
  if (hand.city.age(person) <= infantYears) return "infant";
  const { away, refused } = hand.scenario.sampling;
  // Somebody who works in another city is away in every round; the rest vary from round to round.
  if (
    hand.chance(away.value * 0.7, "awayAlways", `${person}`) ||
    hand.chance(away.value * 0.3, "away", `${person} ${roundNo}`)
  )
    return "away";
  return hand.chance(refused.value, "refused", `${person} ${roundNo}`) ? "refused" : null;
}

function zoneOf(hand: Hand, person: number): ZoneLevel | undefined {
  const village = hand.city.villages[hand.city.villageOf(person)];
  return village && hand.memory.zoneLevels[village.code];
}

interface Group {
  kind: "pool" | "household" | "single";
  size: number;
  people: number[];
}

/** Fills tubes in the order people come, family by family; the zone decides the kind of tube. */
function fillTubes(hand: Hand, memory: SlotMemory, people: readonly number[], from: number): FilledTube[] {
  const groups: Group[] = [];
  let open: Group | null = null;
  let household = -1;
  for (const person of people) {
    const zone = zoneOf(hand, person);
    const rule = tubeRuleFor(hand.protocol, zone === undefined ? {} : { zone });
    const kind = rule?.kind ?? "single";
    const size = rule?.size ?? 1;
    const home = hand.city.householdOf(person).index;
    const fits =
      open !== null &&
      open.kind === kind &&
      open.people.length < size &&
      open.size === size &&
      (kind !== "household" || home === household);
    if (!fits || open === null) {
      open = { kind, size, people: [] };
      groups.push(open);
    }
    open.people.push(person);
    household = home;
  }
  return groups.map((group, i) => ({
    barcode: `${memory.no}-${memory.site}-${memory.slot}-${i + 1}`,
    kind: group.kind,
    size: group.size,
    people: group.people,
    minute: from + Math.floor((memory.slotMin * i) / groups.length),
  }));
}

/** One site works for one pick-up interval and hands its box over. */
async function collect(hand: Hand, item: DrillItem): Promise<void> {
  const memory = item.data as SlotMemory;
  const site = need(hand.places.served.get(memory.site), "a round plans only known sites");
  const span = site.endPerson - site.firstPerson;
  const first = site.firstPerson + Math.floor((span * memory.slot) / memory.slots);
  const end = site.firstPerson + Math.floor((span * (memory.slot + 1)) / memory.slots);
  const present: number[] = [];
  const absent: { personId: number; reason: AbsenceReason }[] = [];
  for (let person = first; person < end; person++) {
    const village = hand.city.villages[hand.city.villageOf(person)];
    if (memory.villages && !memory.villages.includes(village?.code ?? "")) continue;
    const reason = absence(hand, person, memory.no);
    if (reason === null) present.push(person);
    else absent.push({ personId: personIdOf(person), reason });
  }
  if (absent.length > 0)
    await recordAbsences(hand.ctx("sampler", site.townCode, `absent ${item.key}`), {
      roundId: memory.roundId,
      people: absent,
    });
  const tubes = fillTubes(hand, memory, present, hand.minute - memory.slotMin);
  for (let part = 0, from = 0; from < tubes.length; part++) {
    let people = 0;
    let to = from;
    while (to < tubes.length && people < peoplePerUploadMax) people += tubes[to++]?.people.length ?? 0;
    await sendBox(hand, {
      roundId: memory.roundId,
      siteCode: memory.site,
      areaCode: site.townCode,
      box: `B${memory.no}-${memory.site}-${memory.slot}-${part}`,
      tubes: tubes.slice(from, to),
      urgent: false,
    });
    from = to;
  }
}

/** A patient with symptoms is sampled alone at the county's fever clinic. */
async function clinicVisit(hand: Hand, item: DrillItem): Promise<void> {
  const person = item.data as number;
  const county = hand.city.counties[hand.city.countyOf(person)];
  if (!county || hand.engine.controlOf(person) !== "free") return;
  const roundId = await hand.system(`clinicRound ${item.key}`, (tx) =>
    openPurposeRound(tx, { purpose: "sentinel", areaCode: county.code, day: dayOf(hand.now, hand.scenario.timeZone) }),
  );
  await sendBox(hand, {
    roundId,
    siteCode: clinicCode(county.code),
    areaCode: county.code,
    box: `BC-${item.key}`,
    urgent: true,
    pickUpMin: 20,
    tubes: [{ barcode: `C-${item.key}`, kind: "single", size: 1, people: [person], minute: hand.minute }],
  });
  hand.count("clinicSamples");
}

/** Samplers at the sites, and the fever clinics that find the first case. */
export const samplingActor: DrillActor = {
  name: "sampling",
  items: { "sampling.collect": collect, "clinic.visit": clinicVisit },
  events: {
    "screening.roundOpened": (hand, event) => {
      const data = event.data as RoundOpened;
      const villages = hand.memory.waiting[villagesKey(data.roundId)] ?? null;
      if (data.kind === "area") planRound(hand, { ...data, areaCode: event.areaCode, villages });
    },
  },
  sim(hand, event) {
    if (event.kind === "seeksCare") hand.at(event.minute, "clinic.visit", `${event.person}`, event.person);
  },
};
