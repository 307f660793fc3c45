import { epochS, type VisitColumns } from "#domain/venues";
import { need } from "#kernel/assert";
import { hash32, uniform } from "#kernel/prng";
import { epochMs, type Instant } from "#kernel/time";
import type { City, CityArea, Reach } from "#sim/city";
import { personIdOf, venueNoOf, workNo } from "./residents.rules.ts";

/**
 * Where a city's people scan a code in a day: the stays that the epidemic knows, whose length is recorded; a class or
 * workplace, in the morning; and codes they pass (a gate, a bus, a counter), until the wanted number of scans a person is
 * reached. Each is a function of (seed, person, day), so that any part of a day can be made again. spec: DRILL-15
 */

const minuteS = 60;
const hourS = 3_600;
const minutesPerDay = 1_440;
const lastSecondS = 24 * hourS - 1;

/** What a draw is for; the sim's own purposes are small numbers. */
const purpose = { second: 9_101, attends: 9_102, arrives: 9_103, passes: 9_104, where: 9_105, at: 9_106 } as const;

/** Of a class or team, how many come on a day, and when (assumed). */
const attendance = 0.92;
const arrivalFromS = 7 * hourS;
const arrivalSpanS = 2 * hourS;

/** Passing is at a venue of the own village, town or county (assumed), at one of three times of the day. */
const passingShares: readonly (readonly [Reach, number])[] = [
  ["village", 0.5],
  ["town", 0.85],
  ["county", 1],
];
const peaksS = [8 * hourS, 12.5 * hourS, 18.5 * hourS] as const;
const peakSpreadS = 2 * hourS;

/** For each reach, the first venue of each of its areas, and one more entry at the end. */
export type VenueRanges = Readonly<Record<Reach, Int32Array>>;

/** The venues stand by reach and then by area, so that an area's are a range. */
export function venueRanges(city: City): VenueRanges {
  const villageIndex = new Map(city.villages.map((village) => [village.code, village.index]));
  const townOf = areaOfVillage(city.towns, city.villages.length);
  const countyOf = areaOfVillage(city.counties, city.villages.length);
  const ranges = {
    village: new Int32Array(city.villages.length + 1),
    town: new Int32Array(city.towns.length + 1),
    county: new Int32Array(city.counties.length + 1),
  };
  const first = { village: -1, town: -1, county: -1 };
  for (const { index, villageCode, reach } of city.venues) {
    const village = need(villageIndex.get(villageCode), "a venue stands in a village");
    const area = reach === "village" ? village : need((reach === "town" ? townOf : countyOf)[village], "an area");
    if (first[reach] < 0) first[reach] = index;
    ranges[reach][area + 1] = (ranges[reach][area + 1] ?? 0) + 1;
  }
  for (const reach of ["village", "town", "county"] as const) {
    const starts = ranges[reach];
    starts[0] = Math.max(0, first[reach]);
    for (let i = 1; i < starts.length; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  }
  return ranges;
}

function areaOfVillage(areas: readonly CityArea[], villages: number): Int32Array {
  const found = new Int32Array(villages);
  for (const area of areas) found.fill(area.index, area.firstVillage, area.endVillage);
  return found;
}

const sampleMax = 20_000;

/** How many scans a day a person of the city has without passing any code, from a sample of its people. */
export function ownScansPerPerson(city: City): number {
  const step = Math.max(1, Math.floor(city.personCount / sampleMax));
  let people = 0;
  let scans = 0;
  for (let person = 0; person < city.personCount; person += step) {
    people += 1;
    scans += city.visits(person, 0).length + (city.teamOf(person) ? attendance : 0);
  }
  return scans / people;
}

/** One day of visits of a city. */
export interface VisitDay {
  readonly city: City;
  readonly ranges: VenueRanges;
  /** Days since the city's day 0. */
  readonly index: number;
  /** The local midnight that begins it. */
  readonly midnight: Instant;
  /** Passing scans a person, on average. */
  readonly passing: number;
}

class Columns {
  count = 0;
  readonly venue: Int32Array<ArrayBuffer>;
  readonly person: Int32Array<ArrayBuffer>;
  readonly s: Int32Array<ArrayBuffer>;
  readonly len: Int32Array<ArrayBuffer>;
  constructor(size: number) {
    this.venue = new Int32Array(size);
    this.person = new Int32Array(size);
    this.s = new Int32Array(size);
    this.len = new Int32Array(size);
  }
  add(venue: number, person: number, s: number, len: number): void {
    const at = this.count++;
    this.venue[at] = venue;
    this.person[at] = person;
    this.s[at] = s;
    this.len[at] = len;
  }
}

const stayKindsMax = 3;
const notRecorded = -1;

/** The visits of an area's people on a day, in order of nothing; all of them are at venues of the people's county. */
export function visitsOfDay(day: VisitDay, area: CityArea): VisitColumns {
  const { city, midnight, passing } = day;
  const startS = Math.round(epochMs(midnight) / 1_000) - epochS;
  const columns = new Columns((area.endPerson - area.firstPerson) * (stayKindsMax + 1 + Math.ceil(passing)));
  const townOf = areaOfVillage(city.towns, city.villages.length);
  for (let village = area.firstVillage; village < area.endVillage; village++) {
    const { firstPerson, endPerson } = need(city.villages[village], "a village of the area");
    const areas = { village, town: townOf[village] ?? 0, county: city.countyOf(firstPerson) };
    for (let person = firstPerson; person < endPerson; person++) {
      addStays(day, columns, person, startS);
      addWork(day, columns, person, startS);
      addPassing(day, columns, person, startS, areas);
    }
  }
  const { count, venue, person, s, len } = columns;
  return { count, venue, person, s, len };
}

function addStays({ city, index }: VisitDay, columns: Columns, person: number, startS: number): void {
  for (const { venue, fromMinute, toMinute } of city.visits(person, index)) {
    const second = hash32(city.seed, purpose.second, person, index, venue) % minuteS;
    const s = startS + (fromMinute - index * minutesPerDay) * minuteS + second;
    columns.add(venueNoOf(venue), personIdOf(person), s, (toMinute - fromMinute) * minuteS);
  }
}

function addWork({ city, index }: VisitDay, columns: Columns, person: number, startS: number): void {
  const team = city.teamOf(person);
  if (!team || uniform(city.seed, purpose.attends, person, index) >= attendance) return;
  const after = Math.floor(uniform(city.seed, purpose.arrives, person, index) * arrivalSpanS);
  columns.add(workNo(city, team.index), personIdOf(person), startS + arrivalFromS + after, notRecorded);
}

function addPassing(
  { city, ranges, index, passing }: VisitDay,
  columns: Columns,
  person: number,
  startS: number,
  areas: Readonly<Record<Reach, number>>,
): void {
  const { seed } = city;
  const whole = Math.floor(passing);
  const count = whole + (uniform(seed, purpose.passes, person, index) < passing - whole ? 1 : 0);
  for (let i = 0; i < count; i++) {
    const reachDraw = uniform(seed, purpose.passes, person, index, i + 1);
    const [reach] = need(
      passingShares.find(([, below]) => reachDraw < below),
      "the shares end at 1",
    );
    const first = ranges[reach][areas[reach]] ?? 0;
    const end = ranges[reach][areas[reach] + 1] ?? 0;
    // A hamlet may have no venue of its own.
    if (end <= first) continue;
    const venue = first + Math.floor(uniform(seed, purpose.where, person, index, i) * (end - first));
    columns.add(venueNoOf(venue), personIdOf(person), startS + passingS(seed, person, index, i), notRecorded);
  }
}

/** The second of a day in which somebody passes: about one of its peaks, as three draws add up. */
function passingS(seed: number, person: number, index: number, i: number): number {
  const draw = hash32(seed, purpose.at, person, index, i);
  const peak = peaksS[draw % peaksS.length] ?? 0;
  const part = (shift: number): number => ((draw >>> shift) & 0x3ff) / 0x3ff;
  const around = (part(2) + part(12) + part(22) - 1.5) * 2 * peakSpreadS;
  return Math.min(lastSecondS, Math.max(0, Math.floor(peak + around)));
}
