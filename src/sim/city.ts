import { assert, need } from "#kernel/assert";
import { hash32, hashText, uniform } from "#kernel/prng";
import { at, countUpTo } from "./arrays.ts";
import { ageOf, buildPeople, isWoman, type PeopleArrays } from "./city.households.ts";
import type {
  City,
  CityArea,
  CitySpec,
  CityVillage,
  Household,
  Team,
  TeamSpec,
  Venue,
  VenueSpec,
  VenueVisitor,
  VillageSpec,
  Visit,
} from "./city.model.ts";
import { selectVillages } from "./city.select.ts";
import { buildTeams, type TeamArrays } from "./city.teams.ts";
import { buildVenues, reaches, regularOf, type VenueArea, type VenueArrays } from "./city.venues.ts";
import { purpose } from "./purposes.ts";

export type * from "./city.model.ts";

export const minutesPerDay = 1440;

function cityVillages(villages: readonly VillageSpec[], people: PeopleArrays): CityVillage[] {
  return villages.map((village, index) => ({
    index,
    code: village.code,
    townCode: village.townCode,
    countyCode: village.countyCode,
    kind: village.kind,
    firstPerson: at(people.villageFirstPerson, index),
    endPerson: at(people.villageFirstPerson, index + 1),
    firstHousehold: at(people.villageFirstHousehold, index),
    endHousehold: at(people.villageFirstHousehold, index + 1),
  }));
}

/** Runs of villages with the same parent; villages come sorted by code, so each parent is one run. */
function areasOf(villages: readonly CityVillage[], parent: (village: CityVillage) => string): CityArea[] {
  const areas: CityArea[] = [];
  const seen = new Set<string>();
  let from = 0;
  while (from < villages.length) {
    const first = need(villages[from], "a village of the run");
    const code = parent(first);
    assert(!seen.has(code), `the villages of ${code} are not together`);
    seen.add(code);
    let to = from;
    let last = first;
    for (let next = villages[to]; next && parent(next) === code; next = villages[to]) {
      last = next;
      to += 1;
    }
    areas.push({
      index: areas.length,
      code,
      firstVillage: from,
      endVillage: to,
      firstPerson: first.firstPerson,
      endPerson: last.endPerson,
    });
    from = to;
  }
  return areas;
}

function venueArea(area: CityArea): VenueArea {
  return {
    first: area.firstPerson,
    end: area.endPerson,
    firstVillage: area.firstVillage,
    endVillage: area.endVillage,
  };
}

/** The typed arrays of a city and the answers computed from them. */
class BuiltCity implements City {
  readonly seed: number;
  readonly villages: readonly CityVillage[];
  readonly towns: readonly CityArea[];
  readonly counties: readonly CityArea[];
  readonly venues: readonly Venue[];
  readonly fingerprint: string;
  readonly #people: PeopleArrays;
  readonly #teams: TeamArrays;
  readonly #venueArrays: VenueArrays;
  readonly #teamSpecs: readonly TeamSpec[];
  readonly #venueSpecs: readonly VenueSpec[];
  readonly #townOfVillage: Int32Array;
  readonly #countyOfVillage: Int32Array;

  constructor(spec: CitySpec, seed: number, scale: number) {
    const villages = selectVillages(spec, seed, scale);
    this.seed = seed;
    this.#teamSpecs = spec.teams;
    this.#venueSpecs = spec.venues;
    this.#people = buildPeople(villages, spec.counties, seed);
    this.villages = cityVillages(villages, this.#people);
    this.towns = areasOf(this.villages, (village) => village.townCode);
    this.counties = areasOf(this.villages, (village) => village.countyCode);
    this.#townOfVillage = parentIndex(this.towns, villages.length);
    this.#countyOfVillage = parentIndex(this.counties, villages.length);
    const areas = {
      village: this.villages.map((village) => ({
        first: village.firstPerson,
        end: village.endPerson,
        firstVillage: village.index,
        endVillage: village.index + 1,
      })),
      town: this.towns.map(venueArea),
      county: this.counties.map(venueArea),
    };
    this.#teams = buildTeams(spec.teams, areas, this.#people.ageSex, seed);
    this.#venueArrays = buildVenues(spec.venues, areas, this.personCount, seed);
    this.venues = Array.from(this.#venueArrays.villageOfVenue, (village, index) => {
      const kind = this.#venueSpec(index);
      const { code } = need(this.villages[village], "the venue's village");
      return { index, villageCode: code, kind: kind.kind, reach: kind.reach };
    });
    this.fingerprint = this.#computeFingerprint();
  }

  get personCount(): number {
    return this.#people.ageSex.length;
  }

  get householdCount(): number {
    return this.#people.householdFirst.length - 1;
  }

  get teamCount(): number {
    return this.#teams.kindOfTeam.length;
  }

  get bytes(): number {
    const arrays = [
      ...Object.values(this.#people),
      ...Object.values(this.#teams),
      ...Object.values(this.#venueArrays.areaFirst),
      this.#venueArrays.villageOfVenue,
      this.#venueArrays.specOfVenue,
      this.#venueArrays.regularStart,
      this.#venueArrays.regulars,
      this.#townOfVillage,
      this.#countyOfVillage,
    ];
    return arrays.reduce((sum, array: ArrayBufferView) => sum + array.byteLength, 0);
  }

  villageOf(person: number): number {
    return countUpTo(this.#people.villageFirstPerson, person) - 1;
  }

  countyOf(person: number): number {
    return at(this.#countyOfVillage, this.villageOf(person));
  }

  householdOf(person: number): Household {
    return this.household(at(this.#people.householdOfPerson, person));
  }

  household(index: number): Household {
    const first = at(this.#people.householdFirst, index);
    return { index, first, end: at(this.#people.householdFirst, index + 1) };
  }

  age(person: number): number {
    return ageOf(at(this.#people.ageSex, person));
  }

  sex(person: number): "male" | "female" {
    return isWoman(at(this.#people.ageSex, person)) ? "female" : "male";
  }

  teamOf(person: number): Team | null {
    const index = at(this.#teams.teamOfPerson, person);
    return index < 0 ? null : this.team(index);
  }

  team(index: number): Team {
    const spec = need(this.#teamSpecs[at(this.#teams.kindOfTeam, index)], "the team's kind");
    const size = at(this.#teams.memberStart, index + 1) - at(this.#teams.memberStart, index);
    return { index, kind: spec.kind, school: spec.school, size };
  }

  teamMembers(team: number): Int32Array {
    return this.#teams.members.subarray(at(this.#teams.memberStart, team), at(this.#teams.memberStart, team + 1));
  }

  regularVenues(person: number): readonly number[] {
    const village = this.villageOf(person);
    const places = [village, at(this.#townOfVillage, village), at(this.#countyOfVillage, village)];
    return reaches.flatMap((reach, reachIndex) => {
      const starts = this.#venueArrays.areaFirst[reach];
      const place = need(places[reachIndex], "one area for each reach");
      const venue = regularOf(this.seed, person, reachIndex, at(starts, place), at(starts, place + 1));
      return venue < 0 ? [] : [venue];
    });
  }

  regularCount(venue: number): number {
    return at(this.#venueArrays.regularStart, venue + 1) - at(this.#venueArrays.regularStart, venue);
  }

  regularAt(venue: number, i: number): number {
    assert(i >= 0 && i < this.regularCount(venue), "no such regular");
    return at(this.#venueArrays.regulars, at(this.#venueArrays.regularStart, venue) + i);
  }

  visits(person: number, day: number): Visit[] {
    return this.regularVenues(person).flatMap((venue) => this.visitTo(person, venue, day) ?? []);
  }

  visitTo(person: number, venue: number, day: number): Visit | null {
    const spec = this.#venueSpec(venue);
    if (uniform(this.seed, purpose.visit, person, venue, day) >= spec.visitsPerDay) return null;
    const range = spec.stayMinutesMax - spec.stayMinutesMin;
    const stay = spec.stayMinutesMin + Math.round(range * uniform(this.seed, purpose.visitStay, person, venue, day));
    const open = Math.max(0, spec.closesAt - spec.opensAt - stay);
    const start = Math.floor(open * uniform(this.seed, purpose.visitStart, person, venue, day));
    const fromMinute = day * minutesPerDay + spec.opensAt + start;
    return { venue, fromMinute, toMinute: fromMinute + stay };
  }

  visitorsOf(venue: number, day: number): VenueVisitor[] {
    const visitors: VenueVisitor[] = [];
    const count = this.regularCount(venue);
    for (let i = 0; i < count; i++) {
      const person = this.regularAt(venue, i);
      const visit = this.visitTo(person, venue, day);
      if (visit) visitors.push({ person, fromMinute: visit.fromMinute, toMinute: visit.toMinute });
    }
    return visitors;
  }

  #venueSpec(venue: number): VenueSpec {
    return need(this.#venueSpecs[at(this.#venueArrays.specOfVenue, venue)], "the venue's kind");
  }

  #computeFingerprint(): string {
    let low = hash32(this.seed, this.personCount, this.householdCount, hashText(JSON.stringify(this.#teamSpecs)));
    let high = hash32(low, this.teamCount, this.venues.length, hashText(JSON.stringify(this.#venueSpecs)));
    for (const village of this.villages) {
      low = hash32(low, hashText(village.code), village.endPerson, village.endHousehold);
      high = hash32(high, low, village.firstPerson);
    }
    this.#people.ageSex.forEach((byte, person) => {
      low = hash32(low, byte, at(this.#teams.teamOfPerson, person));
      high = hash32(high, low, at(this.#people.householdOfPerson, person));
    });
    return low.toString(16).padStart(8, "0") + high.toString(16).padStart(8, "0");
  }
}

function parentIndex(areas: readonly CityArea[], villageCount: number): Int32Array {
  const parents = new Int32Array(villageCount);
  for (const area of areas) parents.fill(area.index, area.firstVillage, area.endVillage);
  return parents;
}

/**
 * Builds the city of a specification: the same (spec, seed, scale) always gives the same city.
 * `scale` in (0, 1] is the share of each county's people to keep, in whole villages.
 */
export function buildCity(spec: CitySpec, seed: number, scale: number): City {
  assert(scale > 0 && scale <= 1, "scale is outside (0, 1]");
  const city = new BuiltCity(spec, seed, scale);
  assert(city.personCount > 0, "the city has no people");
  return city;
}
