import { need } from "#kernel/assert";
import { addDays, dayOf } from "#kernel/time";
import { loadAreas } from "#modules/areas";
import { openResponse, storeRealSeries } from "#modules/command";
import { addSites } from "#modules/isolation";
import { registerHouseholdsBulk, registerPeopleBulk } from "#modules/people";
import { listLabs, listSites, registerLabs, registerSites } from "#modules/screening";
import { registerVenues, venueNumbers } from "#modules/venues";
import type { Ctx, Tx } from "#platform/context";
import { runDuty } from "#platform/usecase";
import { uniformDraw } from "#sim/draws";
import { personIdOf, type Places } from "./hand.ts";
import { inventedName } from "./names.rules.ts";
import { inventedPoint, type Placed } from "./positions.rules.ts";
import { isolationPlan } from "./rooms.rules.ts";
import { clinicCode, doorCode, servedSites } from "./sites.rules.ts";
import type { DrillWorld } from "./world.service.ts";

/** One part of the set-up; each runs in its own transaction and is done once. */
export interface SetupPart {
  readonly name: string;
  run(ctx: Ctx, world: DrillWorld): Promise<void>;
}

const peoplePerPart = 50_000;
const venuesPerCall = 10_000;
const minutesPerDay = 1_440;
const daysPerYear = 365;
const countyChars = 6;
const workCode = (team: number) => `T${team}`;

/** Runs an internal operation as the system, everywhere. */
function inside(run: (tx: Tx, world: DrillWorld) => Promise<unknown>): SetupPart["run"] {
  return (ctx, world) => runDuty(ctx, async (tx) => void (await run(tx, world)));
}

async function outbreak(ctx: Ctx, { scenario }: DrillWorld): Promise<void> {
  await openResponse(ctx, {
    name: scenario.name["zh-CN"],
    nameEn: scenario.name.en,
    protocolId: scenario.protocol,
    timeZone: scenario.timeZone,
    areaCode: scenario.areaCode,
    drill: true,
  });
  const { real } = scenario;
  if (real === null) return;
  await runDuty(ctx, (tx) =>
    storeRealSeries(
      tx,
      real.days.map((day) => ({
        day: day.day,
        confirmed: day.confirmed ?? 0,
        asymptomatic: day.asymptomatic ?? day.total - (day.confirmed ?? 0),
      })),
    ),
  );
}

/** Everything people meet at is a venue with a code: shops and markets, classes and workplaces. */
async function venues(ctx: Ctx, { city, scenario, areas }: DrillWorld): Promise<void> {
  const names = new Map(areas.map((area) => [area.code, area]));
  const kinds = new Map(scenario.dailyLife.venues.map((kind) => [kind.kind, kind.name]));
  const list = city.venues.map((venue) => ({
    code: `V${venue.index}`,
    areaCode: venue.villageCode,
    kind: venue.kind,
    name: `${names.get(venue.villageCode)?.name ?? ""}${kinds.get(venue.kind)?.["zh-CN"] ?? venue.kind}${venue.index}`,
    nameEn: `${kinds.get(venue.kind)?.en ?? venue.kind} ${venue.index}, ${names.get(venue.villageCode)?.nameEn ?? ""}`,
  }));
  for (let team = 0; team < city.teamCount; team++) {
    const first = city.teamMembers(team)[0];
    if (first === undefined) continue;
    const { kind, school } = city.team(team);
    const village = need(city.villages[city.villageOf(first)], "a person lives in a village");
    list.push({
      code: workCode(team),
      areaCode: village.code,
      kind: school ? "school" : "workplace",
      name: `${names.get(village.townCode)?.name ?? ""}${school ? "班级" : "单位"}${team}`,
      nameEn: `${kind} ${team}, ${names.get(village.townCode)?.nameEn ?? ""}`,
    });
  }
  for (let from = 0; from < list.length; from += venuesPerCall)
    await registerVenues(ctx, { areaCode: scenario.areaCode, venues: list.slice(from, from + venuesPerCall) });
}

/** A part of the city's people with their households; identity numbers are marked as invented, never real ones. */
async function people(tx: Tx, world: DrillWorld, from: number, to: number): Promise<void> {
  const { city, seed, scenario } = world;
  const codes = new Set<string>();
  for (let person = from; person < to; person++) {
    const team = city.teamOf(person);
    if (team) codes.add(workCode(team.index));
  }
  const numbers = await venueNumbers(tx, [...codes]);
  const day = dayOf(world.dayZero, scenario.timeZone);
  const villageCode = (person: number) =>
    need(city.villages[city.villageOf(person)], "a person lives in a village").code;
  const homes = function* () {
    for (let person = from; person < to; person++) {
      const home = city.householdOf(person);
      if (home.first === person)
        yield { id: home.index + 1, areaCode: villageCode(person), address: `第${home.index + 1}户` };
    }
  };
  const persons = function* () {
    for (let person = from; person < to; person++) {
      const team = city.teamOf(person);
      const workplaceVenueId = team ? numbers.get(workCode(team.index)) : undefined;
      const ageDays = Math.floor((city.age(person) + uniformDraw(seed, "birthday", person)) * daysPerYear);
      yield {
        id: personIdOf(person),
        areaCode: villageCode(person),
        householdId: city.householdOf(person).index + 1,
        name: inventedName(seed, person, city.householdOf(person).index),
        sex: city.sex(person),
        birthDate: addDays(day, -ageDays),
        ref: `sim:${person}`,
        idKind: "other" as const,
        idNumber: `DRILL${String(person).padStart(8, "0")}`,
        ...(workplaceVenueId === undefined ? {} : { workplaceVenueId }),
      };
    }
  };
  await registerHouseholdsBulk(tx, homes());
  await registerPeopleBulk(tx, persons());
}

async function testing(ctx: Ctx, world: DrillWorld): Promise<void> {
  const { scenario, city, areas } = world;
  const names = new Map(areas.map((area) => [area.code, area]));
  const of = (code: string, zh: string, en: string) => ({
    name: `${names.get(code)?.name ?? code}${zh}`,
    nameEn: `${names.get(code)?.nameEn ?? code} ${en}`,
  });
  const { positions } = scenario;
  const place = (areaCode: string, code: string): Placed => {
    const area = names.get(areaCode);
    if (positions)
      return inventedPoint(
        area,
        names.get(areaCode.slice(0, countyChars))?.boundary ?? null,
        code,
        areaCode.length > countyChars ? positions.siteKm : positions.seatKm,
      );
    return area?.lat === null || area?.lat === undefined || area.lon === null ? {} : { lat: area.lat, lon: area.lon };
  };
  const sites = servedSites(city, scenario.sampling.peoplePerSite.value).map((site) => ({
    code: site.code,
    areaCode: site.townCode,
    ...of(site.townCode, `采样点${site.no}`, `sampling site ${site.no}`),
    ...place(site.townCode, site.code),
  }));
  for (const county of city.counties)
    sites.push(
      {
        code: clinicCode(county.code),
        areaCode: county.code,
        ...of(county.code, "发热门诊", "fever clinic"),
        ...place(county.code, clinicCode(county.code)),
      },
      {
        code: doorCode(county.code),
        areaCode: county.code,
        ...of(county.code, "上门采样队", "door sampling team"),
        ...place(county.code, doorCode(county.code)),
      },
    );
  await registerSites(ctx, { areaCode: scenario.areaCode, sites });
  await registerLabs(ctx, {
    areaCode: scenario.areaCode,
    labs: scenario.labs.list.map((lab, i) => ({
      code: `L${i + 1}`,
      areaCode: lab.areaCode,
      name: lab.name["zh-CN"],
      nameEn: lab.name.en,
      capacityTubesDay: labCapacity(world, i),
      // A base whose point nobody invented is shown in the middle of its county.
      ...(positions ? place(lab.areaCode, `L${i + 1}`) : {}),
    })),
  });
}

/** A laboratory tests in proportion to the people its county has at this scale. */
function labCapacity({ scenario, city }: DrillWorld, index: number): number {
  const lab = need(scenario.labs.list[index], "a laboratory of the scenario");
  const units = scenario.population.units.filter(
    (unit) => unit.code.startsWith(lab.areaCode) || lab.areaCode.startsWith(unit.code),
  );
  const real = units.reduce((sum, unit) => sum + unit.population, 0);
  const here = city.counties
    .filter((county) => units.some((unit) => unit.code === county.code))
    .reduce((sum, county) => sum + county.endPerson - county.firstPerson, 0);
  return Math.max(1, Math.round((lab.tubesPerDay.value * here) / Math.max(1, real)));
}

async function rooms(ctx: Ctx, { scenario, areas }: DrillWorld): Promise<void> {
  await addSites(ctx, { sites: isolationPlan(scenario, areas) });
}

/** The parts in order for a world; the people come in several, so that a kill costs one of them. */
export function setupParts(world: DrillWorld): SetupPart[] {
  const parts: SetupPart[] = [
    { name: "areas", run: inside((tx) => loadAreas(tx, world.areas)) },
    { name: "outbreak", run: outbreak },
    { name: "venues", run: venues },
  ];
  for (let from = 0; from < world.city.personCount;) {
    // A household is never cut in two.
    let to = Math.min(world.city.personCount, from + peoplePerPart);
    if (to < world.city.personCount) to = world.city.householdOf(to).first;
    const start = from;
    const end = to;
    parts.push({ name: "people", run: inside((tx) => people(tx, world, start, end)) });
    from = to;
  }
  parts.push({ name: "testing", run: testing }, { name: "rooms", run: rooms });
  for (const { system, section } of world.systems)
    if (system.setUp) {
      const { setUp } = system;
      parts.push({ name: system.name, run: (ctx) => setUp(ctx, world, section) });
    }
  return parts;
}

const pageMax = 200;

/** The sites and laboratories as registered, for the actors. */
export async function readPlaces(ctx: Ctx, world: DrillWorld): Promise<Places> {
  const sites = new Map<string, string>();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listSites>> = await listSites(ctx, {
      limit: pageMax,
      ...(cursor ? { cursor } : {}),
    });
    for (const site of page.items) sites.set(site.code, site.id);
    cursor = page.next;
  } while (cursor !== null);
  const labs = (await listLabs(ctx, { limit: pageMax })).items
    .toSorted((a, b) => (a.code < b.code ? -1 : 1))
    .map((lab) => ({
      id: lab.id,
      areaCode: lab.areaCode,
      tubesPerMinute: Math.max(1, lab.capacityTubesDay) / minutesPerDay,
    }));
  const served = new Map(
    servedSites(world.city, world.scenario.sampling.peoplePerSite.value).map((site) => [site.code, site]),
  );
  return { sites, served, labs };
}
