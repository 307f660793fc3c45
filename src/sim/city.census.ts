import { assert } from "#kernel/assert";
import { hashText, uniform } from "#kernel/prng";
import type { AgeBand, CitySpec, CountySpec, TeamSpec, VenueSpec, VillageSpec } from "./city.model.ts";
import { purpose } from "./purposes.ts";
import { normalQuantile } from "./quantiles.ts";

/** One county of a census. */
export interface CountyCensus {
  readonly code: string;
  readonly population: number;
  /** `householdShares[i]` is the share of households with i + 1 people. */
  readonly householdShares: readonly number[];
  readonly menPer100Women: number;
  readonly ageBands: readonly AgeBand[];
}

/** A village of the list of divisions: twelve digits and a kind. */
export interface Division {
  readonly code: string;
  readonly kind: string;
}

/** Spread of the log of village populations, and how much larger an urban community is: assumed. */
const villageSpread = 0.45;
const communityFactor = 2.2;
const villagePopulationMin = 60;
const oldestAge = 99;

/** The census's nineteen age groups (0, 1–4, 5–9 … 80–84, 85 and over) with the given shares. */
export function censusAgeBands(shares: readonly number[]): AgeBand[] {
  assert(shares.length === 19, "a census has nineteen age groups");
  return shares.map((share, i) => {
    if (i < 2) return { from: i, to: i === 0 ? 0 : 4, share };
    return { from: 5 * (i - 1), to: i === 18 ? oldestAge : 5 * i - 1, share };
  });
}

/** Splits a county's population over its villages: lognormal sizes, communities larger, the sum exact. */
export function villagePopulations(population: number, divisions: readonly Division[], seed: number): number[] {
  const weights = divisions.map((division) => {
    const spread = villageSpread * normalQuantile(uniform(seed, purpose.villageWeight, hashText(division.code)));
    return (
      Math.exp(spread) *
      (division.kind.includes("communit") || division.kind.includes("resident") ? communityFactor : 1)
    );
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const free = population - villagePopulationMin * divisions.length;
  assert(free >= 0, "the county has too few people for its villages");
  let given = 0;
  let upTo = 0;
  return weights.map((weight, i) => {
    upTo += weight;
    const goal = i === weights.length - 1 ? free : Math.round((upTo / total) * free);
    const share = goal - given;
    given = goal;
    return villagePopulationMin + share;
  });
}

/** Makes the specification of a city from census figures and its list of villages. */
export function citySpecOf(
  counties: readonly CountyCensus[],
  divisions: readonly Division[],
  rest: {
    readonly teams: readonly TeamSpec[];
    readonly venues: readonly VenueSpec[];
    readonly mustInclude: readonly string[];
    readonly preferAreas: readonly string[];
  },
  seed: number,
): CitySpec {
  const villages: VillageSpec[] = [];
  const specs: CountySpec[] = [];
  for (const county of counties) {
    const own = divisions.filter((division) => division.code.startsWith(county.code));
    const populations = villagePopulations(county.population, own, seed);
    own.forEach((division, i) =>
      villages.push({
        code: division.code,
        townCode: division.code.slice(0, 9),
        countyCode: county.code,
        population: populations[i] ?? 0,
        kind: division.kind,
      }),
    );
    specs.push({
      code: county.code,
      householdShares: county.householdShares,
      ageBands: county.ageBands,
      maleShare: county.menPer100Women / (100 + county.menPer100Women),
    });
  }
  return { villages, counties: specs, ...rest };
}
