import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addDays, dayOf } from "#kernel/time";
import { changeResponseLevel, holdBriefing } from "#modules/command";
import { listSites } from "#modules/isolation";
import { createTasks, listTasks } from "#modules/tasks";
import { closeRound, openRound, roundAdvice, type RoundOpened } from "#modules/screening";
import { checkLift, keepZone, liftZone, listZones, publishZone, type ZoneProposed } from "#modules/zones";
import type { DrillActor, Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";
import { makingMinutes, openPlanned, orderPlanned, playsSiteLife } from "./opening.ts";
import { villagesKey } from "./sampling.actor.ts";

/** Rounds are opened before the sites are, so that everybody knows where to go. */
const roundHour = "05:00";
const liftHour = "08:00";
const roundTryMin = 60;
const roundFirstTryMin = 12 * 60;
const roundTriesMax = 60;
const pageMax = 200;
const fangcangFreeShare = 0.25;
/** A county with this many cases is told to stay at home as a whole; with fewer it reduces contact. */
const lockdownCases = 5;

const headquarters = (hand: Hand, command: string) => hand.ctx("commander", hand.scenario.areaCode, command);

interface CountyMemory {
  cases: number;
}

/** The unit of the census an area lies in: a county, or in a drill of one county its town. */
function countyOf(hand: Hand, areaCode: string): string {
  return need(
    hand.city.counties.find((county) => areaCode.startsWith(county.code)),
    "an area lies in a county of the city",
  ).code;
}

/** The first positive: level up, phases of the fangcang and emergency sites ordered, the county's first round. */
function activate(hand: Hand): void {
  if (hand.memory.firstPositiveMinute !== null) return;
  hand.memory.firstPositiveMinute = hand.minute;
  hand.engine.setAlert(true, hand.minute);
  hand.after(30, "command.level", "first", hand.protocol.responseLevels.length > 1 ? "highest" : "only");
  if (hand.scenario.isolation.fangcang.length > 0)
    hand.after(1, "command.orderPlanned", "fangcang 1", { kind: "fangcang" } satisfies Planned);
  // Where the life of sites is played, the forecast says when emergency sites are ordered.
  if (playsSiteLife(hand)) return;
  for (let i = 0; i < hand.scenario.isolation.emergencySites.value; i++)
    hand.after(1 + i, "command.orderPlanned", `emergency ${i}`, { kind: "central" } satisfies Planned);
}

interface Planned {
  readonly kind: "central" | "fangcang";
}

/** A case in a county that had none: its first round and its contact reduction are ordered. */
function caseFound(hand: Hand, areaCode: string): void {
  activate(hand);
  const county = countyOf(hand, areaCode);
  const key = `county ${county}`;
  const known: CountyMemory = { cases: Number(hand.memory.waiting[key]?.[0] ?? 0) + 1 };
  hand.memory.waiting[key] = [String(known.cases)];
  if (known.cases === 1) {
    if (hand.protocol.rounds !== null)
      hand.after(
        hand.delay(hand.scenario.command.firstRound, "firstRound", county),
        "command.openRound",
        `first ${county}`,
        { areaCode: county },
      );
    hand.after(
      hand.delay(hand.scenario.command.homeConfinement, "confine", county),
      "command.confine",
      `${county} reduced`,
      { county, level: "reduced" },
    );
  }
  if (known.cases === lockdownCases)
    hand.after(
      hand.delay(hand.scenario.command.homeConfinement, "confine", `${county} all`),
      "command.confine",
      `${county} lockdown`,
      { county, level: "lockdown" },
    );
}

async function setLevel(hand: Hand, item: DrillItem): Promise<void> {
  const levels = hand.protocol.responseLevels;
  const level = item.data === "highest" ? levels[levels.length - 1] : levels[0];
  if (level) await changeResponseLevel(headquarters(hand, `level ${item.key}`), { level: level.level });
}

/** The order to stay at home goes to the county's grids as a task, and holds in the model from now. */
async function confine(hand: Hand, item: DrillItem): Promise<void> {
  const { county, level } = item.data as { county: string; level: "reduced" | "lockdown" };
  if (hand.memory.lockedCounties.includes(county) && level === "reduced") return;
  await hand.system(`confine ${item.key}`, (tx) =>
    createTasks(tx, [
      {
        outbreakId: hand.outbreakId,
        kind: level === "lockdown" ? "stayHomeOrder" : "reduceContactOrder",
        areaCode: county,
        ownerTeam: "grid",
        subjectType: "area",
        subjectId: county,
        dueAt: hand.instantAt(hand.minute + 240),
      },
    ]),
  );
  if (level === "lockdown") hand.memory.lockedCounties = [...hand.memory.lockedCounties, county];
  hand.memory.confinedFrom[county] ??= hand.minute;
  hand.engine.setCountyControl(county, level, hand.minute);
}

async function open(hand: Hand, item: DrillItem): Promise<void> {
  const { areaCode, villages, stage } = item.data as {
    areaCode: string;
    villages?: readonly string[];
    stage?: "regular" | "final";
  };
  const round = await openRound(headquarters(hand, `round ${item.key}`), {
    areaCode,
    ...(villages ? { villages: [...villages] } : {}),
    ...(stage ? { stage } : {}),
  });
  // The samplers hear of the round when this call is over, and look here for its villages.
  if (villages) hand.memory.waiting[villagesKey(round.roundId)] = [...villages];
  hand.count("rounds");
  hand.after(roundFirstTryMin, "command.closeRound", `${item.key} 0`, {
    roundId: round.roundId,
    tries: 0,
    key: item.key,
  });
}

/** A round is closed when its last tube has a result; until then it is tried again. */
async function close(hand: Hand, item: DrillItem): Promise<void> {
  const { roundId, tries, key } = item.data as { roundId: string; tries: number; key: string };
  try {
    await closeRound(headquarters(hand, `close ${item.key}`), { roundId });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== "rule.refused") throw error;
    if (tries >= roundTriesMax) {
      hand.count("roundsLeftOpen");
      return;
    }
    hand.after(roundTryMin, "command.closeRound", `${key} ${tries + 1}`, { roundId, tries: tries + 1, key });
  }
}

/** What the evening briefing decides for tomorrow: rounds by the stop rule, rounds for zones that wait only for one. */
async function decideRounds(hand: Hand, item: DrillItem): Promise<void> {
  const tomorrow = addDays(dayOf(hand.now, hand.scenario.timeZone), 1);
  const at = hand.clockMinute(roundHour, 1);
  const whole = new Set<string>();
  for (const key of Object.keys(hand.memory.waiting)
    .filter((name) => name.startsWith("county "))
    .toSorted()) {
    const areaCode = key.slice(7);
    const advice = await roundAdvice(headquarters(hand, `advice ${areaCode} ${item.key}`), { areaCode });
    const due =
      (advice.action === "open" || advice.action === "openFinal") &&
      advice.nextDay !== null &&
      advice.nextDay <= tomorrow;
    if (!due) continue;
    whole.add(areaCode);
    hand.at(at, "command.openRound", `${tomorrow} ${areaCode}`, {
      areaCode,
      ...(advice.action === "openFinal" ? { stage: "final" } : {}),
    });
  }
  await decideZoneRounds(hand, item.key, tomorrow, at, whole);
}

/** Zones with their clean days but without a complete negative round get one. */
async function decideZoneRounds(
  hand: Hand,
  key: string,
  tomorrow: string,
  at: number,
  whole: ReadonlySet<string>,
): Promise<void> {
  const villages = new Map<string, Set<string>>();
  for (const zone of await zonesInForce(hand, `zones ${key}`)) {
    const county = countyOf(hand, zone.areaCode);
    if (whole.has(county)) continue;
    const decision = await checkLift(headquarters(hand, `check ${zone.unitCode} ${key}`), { id: zone.id });
    // A round tomorrow counts when tomorrow is the last of the clean days or later.
    const nearly =
      decision?.reasons.some((reason) => reason.id === "lastDayRound" && !reason.met) &&
      decision.reasons.every(
        (reason) => reason.id !== "cleanDays" || reason.met || Number(reason.target) - Number(reason.value) <= 1,
      );
    if (!nearly) continue;
    const list = villages.get(county) ?? new Set<string>();
    list.add(zone.areaCode);
    villages.set(county, list);
  }
  for (const [county, list] of [...villages].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    hand.at(at, "command.openRound", `${tomorrow} ${county} zones`, {
      areaCode: county,
      villages: [...list].toSorted(),
    });
}

async function zonesInForce(hand: Hand, command: string) {
  const zones: Awaited<ReturnType<typeof listZones>>["items"] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listZones>> = await listZones(
      headquarters(hand, `${command} ${cursor ?? ""}`),
      {
        state: "published",
        limit: pageMax,
        ...(cursor ? { cursor } : {}),
      },
    );
    zones.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return zones.toSorted((a, b) => (a.unitCode < b.unitCode ? -1 : 1));
}

/** 08:00: zones whose conditions hold come down a level; reviews of the night are answered. */
async function lift(hand: Hand, item: DrillItem): Promise<void> {
  hand.at(hand.clockMinute(liftHour, 1), "command.lift", addDays(item.key, 1));
  if (hand.protocol.zones === null || hand.memory.firstPositiveMinute === null) return;
  const { items } = await listTasks(headquarters(hand, `reviews ${item.key}`), {
    team: "command",
    state: "open",
    limit: pageMax,
  });
  for (const task of items
    .filter((row) => row.kind === "zoneReview")
    .toSorted((a, b) => (a.subjectId < b.subjectId ? -1 : 1)))
    await keepZone(headquarters(hand, `keep ${task.subjectId}`), {
      id: task.subjectId,
      reason: "same unit, clean days start again / 维持范围，重新计日",
    });
  for (const zone of await zonesInForce(hand, `lift ${item.key}`)) {
    const decision = await checkLift(headquarters(hand, `liftCheck ${zone.unitCode} ${item.key}`), { id: zone.id });
    if (!decision?.allowed) continue;
    await liftZone(headquarters(hand, `lift ${zone.unitCode} ${item.key}`), { id: zone.id });
    hand.count("zoneSteps");
  }
}

async function publish(hand: Hand, item: DrillItem): Promise<void> {
  try {
    await publishZone(headquarters(hand, `publish ${item.key}`), { id: item.data as string });
  } catch (error) {
    // The case was excluded meanwhile and the proposal dropped.
    if (!(error instanceof ProblemError) || error.code !== "state.notAllowed") throw error;
  }
}

/** 08:30 and 19:30: figures are frozen, decisions become tasks; in the evening tomorrow's rounds are decided. */
async function briefing(hand: Hand, item: DrillItem): Promise<void> {
  const slot = item.data as "08:30" | "19:30";
  hand.at(hand.clockMinute(slot, 1), "command.briefing", `${addDays(item.key.slice(0, 10), 1)} ${slot}`, slot);
  if (hand.memory.firstPositiveMinute === null) return;
  const held = await holdBriefing(headquarters(hand, `briefing ${item.key}`), { slot });
  hand.count("briefings");
  if (!held.reconciled) hand.count("briefingsNotReconciled");
  if (slot !== hand.scenario.command.briefings.at(-1)) return;
  if (hand.protocol.rounds !== null) await decideRounds(hand, item);
  await planFangcang(hand, item.key);
}

/** The next phase of the fangcang is ordered before the last one is full. */
async function planFangcang(hand: Hand, key: string): Promise<void> {
  const { items } = await listSites(headquarters(hand, `beds ${key}`), { kind: "fangcang", limit: pageMax });
  const openNow = items.filter((site) => site.state === "open");
  const beds = openNow.reduce((sum, site) => sum + site.beds, 0);
  const free = openNow.reduce((sum, site) => sum + site.free, 0);
  const next = hand.scenario.isolation.fangcang.find((phase) =>
    items.some((site) => site.phase === phase.no && site.state === "planned"),
  );
  if (!next || beds === 0 || free > beds * fangcangFreeShare) return;
  await order(hand, { minute: hand.minute, kind: "", key: `fangcang ${next.no}`, data: { kind: "fangcang" } });
}

/** Orders the next place of a kind; unless its life is played elsewhere it opens when its time is over. */
async function order(hand: Hand, item: DrillItem): Promise<void> {
  const { kind } = item.data as Planned;
  const site = await orderPlanned(hand, kind, item.key);
  if (site && !playsSiteLife(hand))
    hand.after(makingMinutes(hand, kind, site.phase), "command.openPlanned", item.key, { kind });
}

async function openPlace(hand: Hand, item: DrillItem): Promise<void> {
  await openPlanned(hand, (item.data as Planned).kind, item.key);
}

/** The command post: level, rounds, zones, places, briefings. */
export const commandActor: DrillActor = {
  name: "command",
  items: {
    "command.level": setLevel,
    "command.confine": confine,
    "command.openRound": open,
    "command.closeRound": close,
    "command.lift": lift,
    "command.publish": publish,
    "command.briefing": briefing,
    "command.orderPlanned": order,
    "command.openPlanned": openPlace,
  },
  events: {
    "cases.preliminary": (hand, event) => caseFound(hand, event.areaCode),
    "zones.proposed": (hand, event) => {
      const data = event.data as ZoneProposed;
      hand.after(
        hand.delay(hand.scenario.command.zoneDecision, "zoneDecision", data.unitCode),
        "command.publish",
        `${data.unitCode} ${hand.minute}`,
        data.zoneId,
      );
    },
    "zones.countyRoutine": (hand, event) => {
      const { countyCode } = event.data as { countyCode: string };
      hand.memory.lockedCounties = hand.memory.lockedCounties.filter((county) => county !== countyCode);
      hand.engine.setCountyControl(countyCode, "none", hand.minute);
    },
    "screening.roundClosed": (hand, event) => {
      if ((event.data as RoundOpened).kind === "area") hand.count("roundsClosed");
    },
  },
  begin(hand) {
    const lifting = hand.nextClock(liftHour);
    hand.at(lifting, "command.lift", hand.dayAt(lifting));
    for (const slot of hand.scenario.command.briefings)
      hand.at(hand.nextClock(slot), "command.briefing", `${hand.dayAt(hand.nextClock(slot))} ${slot}`, slot);
  },
};
