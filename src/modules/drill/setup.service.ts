import { need } from "#kernel/assert";
import { dayOf } from "#kernel/time";
import { loadAreas } from "#modules/areas";
import { openResponse, storeRealSeries } from "#modules/command";
import { addSites } from "#modules/isolation";
import { registerHouseholdsBulk, registerPeopleBulk } from "#modules/people";
import { listLabs, listSites, registerLabs, registerSites } from "#modules/screening";
import { registerVenuesBulk, type BulkVenue } from "#modules/venues";
import type { Ctx, Tx } from "#platform/context";
import { runDuty } from "#platform/usecase";
import type { Places } from "./hand.ts";
import {
  drillNumbers,
  homesOf,
  residentsOf,
  venueNoOf,
  workCode,
  workNo,
  type NumbersOf,
  type Residents,
} from "./residents.rules.ts";
import { inventedPoint, type Placed } from "./positions.rules.ts";
import { isolationPlan } from "./rooms.rules.ts";
import { clinicCode, doorCode, servedSites } from "./sites.rules.ts";
import type { CityWorld } from "./world.service.ts";

/** One part of the set-up; each runs in its own transaction and is done once. */
export interface SetupPart {
  readonly name: string;
  /** About how many rows it adds; 1 where nobody counts them. */
  readonly rows: number;
  /** Whether the parts of this name may be done side by side, in any order. */
  readonly apart: boolean;
  run(ctx: Ctx, world: CityWorld): Promise<void>;
}

const peoplePerPart = 50_000;
const minutesPerDay = 1_440;
const countyChars = 6;

/** Runs an internal operation as the system, everywhere. */
function inside(run: (tx: Tx, world: CityWorld) => Promise<unknown>): SetupPart["run"] {
  return (ctx, world) => runDuty(ctx, async (tx) => void (await run(tx, world)));
}

async function outbreak(ctx: Ctx, { scenario }: CityWorld): Promise<void> {
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
function* venues({ city, scenario, areas }: CityWorld): Generator<BulkVenue> {
  const names = new Map(areas.map((area) => [area.code, area]));
  const kinds = new Map(scenario.dailyLife.venues.map((kind) => [kind.kind, kind.name]));
  for (const { index, villageCode, kind } of city.venues)
    yield {
      no: venueNoOf(index),
      code: `V${index}`,
      areaCode: villageCode,
      kind,
      name: `${names.get(villageCode)?.name ?? ""}${kinds.get(kind)?.["zh-CN"] ?? kind}${index}`,
      nameEn: `${kinds.get(kind)?.en ?? kind} ${index}, ${names.get(villageCode)?.nameEn ?? ""}`,
    };
  for (let team = 0; team < city.teamCount; team++) {
    const first = city.teamMembers(team)[0];
    if (first === undefined) continue;
    const { school } = city.team(team);
    const village = need(city.villages[city.villageOf(first)], "a person lives in a village");
    yield {
      no: workNo(city, team),
      code: workCode(team),
      areaCode: village.code,
      kind: school ? "school" : "workplace",
      name: `${names.get(village.townCode)?.name ?? ""}${school ? "班级" : "单位"}${team}`,
      nameEn: `${school ? "Class" : "Workplace"} ${team}, ${names.get(village.townCode)?.nameEn ?? ""}`,
    };
  }
}

/** A part of the city's people with their households; identity numbers are marked as invented, never real ones. */
async function people(tx: Tx, residents: Residents, from: number, to: number, numbersOf: NumbersOf): Promise<void> {
  await registerHouseholdsBulk(tx, homesOf(residents, from, to));
  await registerPeopleBulk(tx, residentsOf(residents, from, to, numbersOf));
}

/** The people of a world, with the ages of the census on its first day. */
export function residentsIn({ city, seed, dayZero, scenario }: CityWorld): Residents {
  return { city, seed, day: dayOf(dayZero, scenario.timeZone) };
}

async function testing(ctx: Ctx, world: CityWorld): Promise<void> {
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
function labCapacity({ scenario, city }: CityWorld, index: number): number {
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

async function rooms(ctx: Ctx, { scenario, areas }: CityWorld): Promise<void> {
  await addSites(ctx, { sites: isolationPlan(scenario, areas) });
}

/** The parts of the people: several, so that a kill costs one of them. */
function peopleParts(world: CityWorld, numbersOf: NumbersOf): SetupPart[] {
  const residents = residentsIn(world);
  const { city } = world;
  const parts: SetupPart[] = [];
  for (let from = 0; from < city.personCount;) {
    // A household is never cut in two.
    let to = Math.min(city.personCount, from + peoplePerPart);
    if (to < city.personCount) to = city.householdOf(to).first;
    const start = from;
    const end = to;
    parts.push({
      name: "people",
      rows: end - start,
      apart: true,
      run: inside((tx) => people(tx, residents, start, end, numbersOf)),
    });
    from = to;
  }
  return parts;
}

/** The parts in order for a world. */
export function setupParts(world: CityWorld, numbersOf: NumbersOf = drillNumbers): SetupPart[] {
  const { city, areas, systems } = world;
  const parts: SetupPart[] = [
    { name: "areas", rows: areas.length, apart: false, run: inside((tx) => loadAreas(tx, areas)) },
    { name: "outbreak", rows: 1, apart: false, run: outbreak },
    {
      name: "venues",
      rows: city.venues.length + city.teamCount,
      apart: false,
      run: inside((tx) => registerVenuesBulk(tx, venues(world))),
    },
    ...peopleParts(world, numbersOf),
    { name: "testing", rows: 1, apart: false, run: testing },
    { name: "rooms", rows: 1, apart: false, run: rooms },
  ];
  for (const { system, section } of systems) {
    const { name, setUp, setUpCounty } = system;
    if (setUp) parts.push({ name, rows: 1, apart: false, run: (ctx) => setUp(ctx, world, section) });
    if (setUpCounty)
      for (const county of city.counties)
        parts.push({
          name,
          rows: county.endPerson - county.firstPerson,
          apart: true,
          run: (ctx) => setUpCounty(ctx, world, section, county),
        });
  }
  return parts;
}

const pageMax = 200;

/** The sites and laboratories as registered, for the actors. */
export async function readPlaces(ctx: Ctx, world: CityWorld): Promise<Places> {
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
