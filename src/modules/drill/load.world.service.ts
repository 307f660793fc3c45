import { addDays, dayOf, instantAt, parseInstant, type Instant } from "#kernel/time";
import type { AreaRow } from "#modules/areas";
import { loadedEpidemic, type LoadedEpidemic } from "./load.epidemic.rules.ts";
import type { LoadOrder } from "./load.model.ts";
import { instantOfMinute } from "./runner.service.ts";
import type { Scenario } from "./scenario.model.ts";
import { ownScansPerPerson, venueRanges, type VenueRanges } from "./visits.rules.ts";
import { buildCityWorld, type CityWorld } from "./world.service.ts";

/** A city that is to be loaded, with everything that is worked out before the first row. */
export interface LoadWorld extends CityWorld {
  readonly order: LoadOrder;
  readonly epidemic: LoadedEpidemic;
  readonly ranges: VenueRanges;
  /** Passing scans a person and day. */
  readonly passing: number;
  /** The morning on which the outbreak opens, and the last evening, at which the loaded city stands. */
  readonly opening: Instant;
  readonly end: Instant;
}

const minutesPerDay = 1_440;
const daysAfterFirstPositive = 14;
const keptDecimals = 1e6;

/** Two weeks into the scenario's outbreak, when an order names no day. */
export function defaultUntil(scenario: Scenario): string {
  return addDays(dayOf(parseInstant(scenario.firstPositive.observedAt), scenario.timeZone), daysAfterFirstPositive);
}

/** Builds the city of an order and its epidemic: a pure function of the order, whoever has worked out the areas. */
export async function buildLoadWorld(order: LoadOrder, known?: readonly AreaRow[]): Promise<LoadWorld> {
  const world = await buildCityWorld(order.scenario, order.seed, order.scale, known);
  const { city, disease, scenario } = world;
  const seedAreas = scenario.seeds.map((seed) => seed.areaCode);
  const epidemic = loadedEpidemic(city, disease, order.cases, seedAreas);
  // The epidemic's last day is the order's; whoever met in it met on the days whose visits are loaded.
  const lastIndex = Math.floor(epidemic.endMinute / minutesPerDay);
  const dayZero = instantAt(addDays(order.until, -lastIndex), "00:00", scenario.timeZone);
  const passing = Math.max(0, order.visits - ownScansPerPerson(city));
  return {
    ...world,
    dayZero,
    instantAt: (minute) => instantOfMinute(dayZero, minute),
    order,
    epidemic,
    ranges: venueRanges(city),
    passing: Math.round(passing * keptDecimals) / keptDecimals,
    opening: instantOfMinute(dayZero, Math.floor(epidemic.firstMinute / minutesPerDay) * minutesPerDay),
    end: instantOfMinute(dayZero, epidemic.endMinute),
  };
}
