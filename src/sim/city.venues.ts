import { hash32, uniform } from "#kernel/prng";
import { at } from "./arrays.ts";
import type { PersonRange } from "./city.teams.ts";
import type { Reach, VenueSpec } from "./city.model.ts";
import { purpose } from "./purposes.ts";

/** Each person has one regular venue for each of these. */
export const reaches: readonly Reach[] = ["village", "town", "county"];

/** An area that has venues: its people, and the villages in which a venue may stand. */
export interface VenueArea extends PersonRange {
  readonly firstVillage: number;
  readonly endVillage: number;
}

export interface VenueArrays {
  /** For each reach, the first venue of each of its areas, and one more entry at the end. */
  readonly areaFirst: Readonly<Record<Reach, Int32Array>>;
  readonly villageOfVenue: Int32Array;
  readonly specOfVenue: Uint8Array;
  /** First regular of each venue in `regulars`, and one more entry at the end. */
  readonly regularStart: Int32Array;
  readonly regulars: Int32Array;
}

/** A whole number whose mean is `x`: the fraction is a chance. */
function rounded(x: number, u: number): number {
  return Math.floor(x) + (u < x - Math.floor(x) ? 1 : 0);
}

/** The regular venue of a person among an area's venues [first, end); −1 when it has none. */
export function regularOf(seed: number, person: number, reach: number, first: number, end: number): number {
  if (end <= first) return -1;
  return first + Math.floor(uniform(seed, purpose.regular, person, reach) * (end - first));
}

/** Places venues by population and lists each one's regulars. */
export function buildVenues(
  specs: readonly VenueSpec[],
  areas: Readonly<Record<Reach, readonly VenueArea[]>>,
  personCount: number,
  seed: number,
): VenueArrays {
  const villageOfVenue: number[] = [];
  const specOfVenue: number[] = [];
  const areaFirst: Record<Reach, Int32Array> = {
    village: new Int32Array(areas.village.length + 1),
    town: new Int32Array(areas.town.length + 1),
    county: new Int32Array(areas.county.length + 1),
  };
  reaches.forEach((reach, reachIndex) => {
    areas[reach].forEach((area, areaIndex) => {
      areaFirst[reach][areaIndex] = villageOfVenue.length;
      specs.forEach((spec, specIndex) => {
        if (spec.reach !== reach) return;
        const mean = ((area.end - area.first) * spec.perTenThousand) / 10_000;
        const count = rounded(mean, uniform(seed, purpose.venueCount, reachIndex, areaIndex, specIndex));
        for (let i = 0; i < count; i++) {
          const place = hash32(seed, purpose.venuePlace, reachIndex, areaIndex, specIndex * 65_536 + i);
          villageOfVenue.push(area.firstVillage + (place % (area.endVillage - area.firstVillage)));
          specOfVenue.push(specIndex);
        }
      });
    });
    areaFirst[reach][areas[reach].length] = villageOfVenue.length;
  });
  const [regularStart, regulars] = listRegulars(areas, areaFirst, villageOfVenue.length, personCount, seed);
  return {
    areaFirst,
    villageOfVenue: Int32Array.from(villageOfVenue),
    specOfVenue: Uint8Array.from(specOfVenue),
    regularStart,
    regulars,
  };
}

/** Counting sort of (person, reach) by venue: regulars ascend within each venue. */
function listRegulars(
  areas: Readonly<Record<Reach, readonly VenueArea[]>>,
  areaFirst: Readonly<Record<Reach, Int32Array>>,
  venueCount: number,
  personCount: number,
  seed: number,
): [Int32Array, Int32Array] {
  const venueOf = new Int32Array(personCount * reaches.length).fill(-1);
  const start = new Int32Array(venueCount + 1);
  reaches.forEach((reach, reachIndex) => {
    areas[reach].forEach((area, areaIndex) => {
      const first = at(areaFirst[reach], areaIndex);
      const end = at(areaFirst[reach], areaIndex + 1);
      for (let person = area.first; person < area.end; person++) {
        const venue = regularOf(seed, person, reachIndex, first, end);
        if (venue < 0) break;
        venueOf[reachIndex * personCount + person] = venue;
        start[venue + 1] = at(start, venue + 1) + 1;
      }
    });
  });
  for (let venue = 0; venue < venueCount; venue++) start[venue + 1] = at(start, venue) + at(start, venue + 1);
  const regulars = new Int32Array(at(start, venueCount));
  const next = start.slice();
  venueOf.forEach((venue, entry) => {
    if (venue < 0) return;
    const place = at(next, venue);
    regulars[place] = entry % personCount;
    next[venue] = place + 1;
  });
  return [start, regulars];
}
