import { Type, type Static } from "typebox";
import { need } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { findingTaskKind, newestFor } from "#domain/inspection";
import {
  checklistLibrary,
  inspectionTally,
  listPlaces,
  planRoutes,
  recheckFinding,
  recordInspections,
  recordSanction,
  rectifyFinding,
  registerPlaces,
  registerTeams,
  type Answer,
  type Checklist,
  type NewVisit,
  type RaisedFinding,
} from "#modules/inspection";
import type { Ctx } from "#platform/context";
import { integerDraw } from "#sim/draws";
import type { DrillActor, Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";
import { Delay, Figure } from "../scenario.model.ts";
import type { CityWorld } from "../world.service.ts";
import { allPlaces, testingSitesOf, uncodedOf, venuesOf, type DrillPlace } from "./inspection.places.ts";
import { defineSystem, memoryFor } from "./system.ts";

const Section = Type.Object(
  {
    teams: Figure,
    headcount: Figure,
    placesPerHalfDay: Figure,
    uncodedPerCounty: Figure,
    faultShare: Figure,
    revisitShare: Figure,
    repeatShare: Figure,
    sentBackShare: Figure,
    ownSignOffShare: Figure,
    onTheSpotShare: Figure,
    commendationShare: Figure,
    fixNow: Delay,
    rectify: Delay,
    recheck: Delay,
  },
  { additionalProperties: false },
);
type Section = Static<typeof Section>;

const placesPerCall = 10_000;
const teamsMin = 3;
const planAt = "07:30";
/** The end of each half-day's round; what was seen is written down then. */
const rounds = ["11:30", "17:00"] as const;
const minutesPerPlace = 20;
const revisitsKept = 12;
/** The smallest PNG there is; the key of the repair after its end makes each picture another. */
const pngBase64 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

interface DrillTeam {
  readonly code: string;
  readonly countyCode: string;
}

/** What the teams remember: places with a problem, to come back to, with the items that were found. */
interface Memory {
  readonly revisit: Record<string, { code: string; placeType: DrillPlace["placeType"]; items: string[] }[]>;
  /** The quarantine sites of a county, as registered. */
  quarantine: Record<string, DrillPlace[]> | null;
}

interface Repair {
  readonly id: string;
  readonly countyCode: string;
  readonly owner: string;
  readonly fixNow: boolean;
  readonly tries: number;
}

const memoryOf = (hand: Hand): Memory => memoryFor(hand, "inspection", () => ({ revisit: {}, quarantine: null }));

/** The teams at this scale, shared out over the counties in turn. */
function teamsOf(section: Section, scale: number, counties: readonly { readonly code: string }[]): DrillTeam[] {
  const count = Math.max(teamsMin, Math.round(section.teams.value * scale));
  return Array.from({ length: count }, (_, i) => ({
    code: `G${String(i + 1).padStart(3, "0")}`,
    countyCode: need(counties[i % counties.length], "a city has counties").code,
  }));
}

async function setUp(ctx: Ctx, world: CityWorld, section: Section): Promise<void> {
  const areaCode = world.scenario.areaCode;
  const teams = teamsOf(section, world.scale, world.city.counties).map((team, i) => ({
    code: team.code,
    areaCode: team.countyCode,
    name: `第${i + 1}督导组`,
    nameEn: `Inspection team ${i + 1}`,
    headcount: section.headcount.value,
    members: [],
  }));
  await registerTeams(ctx, { areaCode, teams });
  const places = allPlaces(world, section.uncodedPerCounty.value);
  for (let from = 0; from < places.length; from += placesPerCall)
    await registerPlaces(ctx, { areaCode, places: places.slice(from, from + placesPerCall) });
}

/** The quarantine sites by county: read once, as a team would look them up. */
async function quarantineSites(hand: Hand, countyCode: string): Promise<DrillPlace[]> {
  const memory = memoryOf(hand);
  if (memory.quarantine === null) {
    const all: Record<string, DrillPlace[]> = {};
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof listPlaces>> = await listPlaces(
        hand.ctx("inspector", hand.scenario.areaCode, `inspection sites ${cursor ?? ""}`),
        { placeType: "quarantineSite", limit: 200, ...(cursor ? { cursor } : {}) },
      );
      for (const { code, placeType, areaCode } of page.items)
        (all[areaCode.slice(0, 6)] ??= []).push({ code, placeType });
      cursor = page.next;
    } while (cursor !== null);
    memory.quarantine = all;
  }
  return memory.quarantine[countyCode.slice(0, 6)] ?? [];
}

/** Where a team goes in half a day: a quarantine site or a testing site, then venues; some places once more. */
async function routeOf(hand: Hand, section: Section, team: DrillTeam, key: string): Promise<DrillPlace[]> {
  const { city, scenario } = hand;
  const special = hand.chance(0.5, "inspection.special", key)
    ? await quarantineSites(hand, team.countyCode)
    : testingSitesOf(city, scenario, team.countyCode);
  const venues = [...venuesOf(city, team.countyCode), ...uncodedOf(team.countyCode, section.uncodedPerCounty.value)];
  const again = memoryOf(hand).revisit[team.code] ?? [];
  const route = new Map<string, DrillPlace>();
  for (let i = 0; i < section.placesPerHalfDay.value; i++) {
    const draw = `${key} ${i}`;
    const back = again.length > 0 && hand.chance(section.revisitShare.value, "inspection.revisit", draw);
    const pool = back ? again : i === 0 && special.length > 0 ? special : venues;
    if (pool.length === 0) continue;
    const place = need(pool[integerDraw(hand.seed, "inspection.place", draw, pool.length)], "the draw is in the list");
    route.set(place.code, { code: place.code, placeType: place.placeType });
  }
  return [...route.values()];
}

/** The day's routes of every team, and when they come back to write down what they saw. */
async function planDay(hand: Hand, section: Section): Promise<void> {
  hand.at(hand.nextClock(planAt), "inspection.plan", `${hand.nextClock(planAt)}`);
  if (hand.memory.firstPositiveMinute === null) return;
  const day = hand.dayAt(hand.minute);
  const routes: { teamCode: string; day: string; places: string[] }[] = [];
  for (const team of teamsOf(section, hand.scale, hand.city.counties)) {
    const stops: string[] = [];
    for (const time of rounds) {
      const key = `${team.code} ${day} ${time}`;
      const places = await routeOf(hand, section, team, key);
      hand.at(hand.nextClock(time), "inspection.visit", key, { team, places });
      stops.push(...places.map((place) => place.code));
    }
    if (stops.length > 0) routes.push({ teamCode: team.code, day, places: [...new Set(stops)] });
  }
  const areaCode = hand.scenario.areaCode;
  if (routes.length > 0)
    await planRoutes(hand.ctx("inspector", areaCode, `inspection plan ${day}`), { areaCode, routes });
}

function answers(
  hand: Hand,
  section: Section,
  list: Checklist,
  place: DrillPlace,
  known: readonly string[],
  key: string,
): Answer[] {
  return list.items.map((item) => {
    const share = known.includes(item.id) ? section.repeatShare.value : section.faultShare.value;
    // A place that has no code yet cannot show one; it gets one after the first finding.
    const uncoded = place.code.startsWith("U-") && item.id === list.venueCodeItem && !known.includes(item.id);
    const wanting = uncoded || hand.chance(share, "inspection.fault", `${key} ${item.id}`);
    return { item: item.id, answer: wanting ? "no" : "yes" };
  });
}

async function visit(hand: Hand, item: DrillItem, section: Section): Promise<void> {
  const { team, places } = item.data as { team: DrillTeam; places: DrillPlace[] };
  if (places.length === 0) return;
  const lists = await checklistLibrary();
  const memory = memoryOf(hand);
  const kept = (memory.revisit[team.code] ??= []);
  const visits = places.map((place, i): NewVisit => {
    const list = need(newestFor(lists, place.placeType), "every kind of place has its list");
    const known = kept.find(({ code }) => code === place.code)?.items ?? [];
    return {
      teamCode: team.code,
      placeId: place.code,
      at: hand.instantAt(hand.minute - minutesPerPlace * (places.length - 1 - i)),
      answers: answers(hand, section, list, place, known, `${item.key} ${place.code}`),
    };
  });
  const ctx = hand.ctx("inspector", team.countyCode, `inspection visit ${item.key}`);
  const { findings, recorded } = await recordInspections(ctx, { areaCode: team.countyCode, visits });
  hand.count("inspections", recorded);
  for (const finding of findings) {
    const place = need(
      places.find(({ code }) => code === finding.placeId),
      "a finding is of a place visited",
    );
    const entry = kept.find(({ code }) => code === place.code);
    if (entry) entry.items = [...new Set([...entry.items, finding.item])];
    else kept.push({ ...place, items: [finding.item] });
    await follow(hand, section, team, finding, `${item.key} ${finding.placeId} ${finding.item}`);
  }
  kept.splice(0, Math.max(0, kept.length - revisitsKept));
  const clean = places.find(({ code }) => !findings.some(({ placeId }) => placeId === code));
  if (clean && hand.chance(section.commendationShare.value, "inspection.praise", item.key))
    await recordSanction(hand.ctx("inspector", team.countyCode, `inspection praise ${item.key}`), {
      areaCode: team.countyCode,
      kind: "commendation",
      subject: clean.code,
      placeId: clean.code,
      reason: "检查无问题 / no problem found",
    });
}

/** Gives a finding its repair, and a repeat its penalty. */
async function follow(
  hand: Hand,
  section: Section,
  team: DrillTeam,
  finding: RaisedFinding,
  key: string,
): Promise<void> {
  const repair: Repair = {
    id: finding.id,
    countyCode: team.countyCode,
    owner: finding.ownerTeam,
    fixNow: finding.fixNow,
    tries: 0,
  };
  const delay = finding.fixNow ? section.fixNow : section.rectify;
  hand.after(hand.delay(delay, "inspection.rectify", key), "inspection.rectify", key, repair);
  hand.count("findings");
  if (finding.repeats === 0) return;
  await recordSanction(hand.ctx("inspector", team.countyCode, `inspection penalty ${key}`), {
    areaCode: finding.areaCode,
    kind: finding.repeats === 1 ? "warning" : finding.severity === "severe" ? "accountability" : "suspension",
    subject: finding.placeId,
    placeId: finding.placeId,
    findingId: finding.id,
    reason: `同一问题重复发现 / the same problem again (${finding.repeats + 1})`,
  });
  hand.count("penalties");
}

const rolesOf: Readonly<Record<string, string>> = {
  site: "siteManager",
  sampling: "sampler",
  police: "police",
  medical: "medical",
};

async function rectify(hand: Hand, item: DrillItem, section: Section): Promise<void> {
  const repair = item.data as Repair;
  const onTheSpot = repair.fixNow && hand.chance(section.onTheSpotShare.value, "inspection.onTheSpot", item.key);
  const role = onTheSpot ? "inspector" : (rolesOf[repair.owner] ?? "gridWorker");
  const content = Buffer.concat([Buffer.from(pngBase64, "base64"), Buffer.from(item.key)]).toString("base64");
  await rectifyFinding(hand.ctx(role, repair.countyCode, `inspection rectify ${item.key}`), {
    id: repair.id,
    note: "已整改 / put right",
    photos: [{ name: "after.png", contentType: "image/png", takenAt: hand.now, content }],
  });
  if (onTheSpot && hand.chance(section.ownSignOffShare.value, "inspection.ownSignOff", item.key))
    await signOwn(hand, repair, item.key);
  hand.after(hand.delay(section.recheck, "inspection.recheck", item.key), "inspection.recheck", item.key, repair);
}

/** Somebody ticks off their own work; the system refuses it. */
async function signOwn(hand: Hand, repair: Repair, key: string): Promise<void> {
  const ctx = hand.ctx("inspector", repair.countyCode, `inspection own ${key}`);
  try {
    await recheckFinding(ctx, { id: repair.id, passed: true, note: "已查 / seen" });
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== "rule.refused") throw error;
    hand.count("ownSignOffRefused");
  }
}

async function recheck(hand: Hand, item: DrillItem, section: Section): Promise<void> {
  const repair = item.data as Repair;
  const passed = repair.tries > 0 || !hand.chance(section.sentBackShare.value, "inspection.sentBack", item.key);
  await recheckFinding(hand.ctx("inspector", hand.scenario.areaCode, `inspection recheck ${item.key}`), {
    id: repair.id,
    passed,
    note: passed ? "复查合格，销号 / seen put right" : "整改不到位，退回 / still wanting",
  });
  hand.count(passed ? "findingsClosed" : "findingsSentBack");
  if (passed) return;
  const key = `${item.key} again`;
  const delay = hand.delay(section.rectify, "inspection.rectify", key);
  hand.after(delay, "inspection.rectify", key, { ...repair, fixNow: false, tries: repair.tries + 1 });
}

function actor(section: Section): DrillActor {
  return {
    name: "inspection",
    items: {
      "inspection.plan": (hand) => planDay(hand, section),
      "inspection.visit": (hand, item) => visit(hand, item, section),
      "inspection.rectify": (hand, item) => rectify(hand, item, section),
      "inspection.recheck": (hand, item) => recheck(hand, item, section),
    },
    begin: (hand) => hand.at(hand.nextClock(planAt), "inspection.plan", `${hand.nextClock(planAt)}`),
  };
}

/** The inspection teams: routes, visits, findings until each is closed, penalties for what comes back. */
export const inspectionSystem = defineSystem({
  name: "inspection",
  title: { "zh-CN": "督导检查", en: "Inspection" },
  section: Section,
  setUp,
  actor,
  ownTasks: [findingTaskKind],
  tally: inspectionTally,
});
