import { assert, need } from "#kernel/assert";
import { hash32 } from "#kernel/prng";
import type { City } from "#sim/city";
import type { DiseaseModel } from "#sim/disease";
import { lognormalDraw } from "#sim/draws";
import { createEngine, type Engine } from "#sim/engine";

/** An infection that was found, in minutes since the city's day 0. */
export interface FoundCase {
  readonly person: number;
  /** −1 for one from outside. */
  readonly infector: number;
  readonly onsetMinute: number | null;
  readonly sampledMinute: number;
  readonly positiveMinute: number;
  readonly state: "confirmed" | "asymptomatic";
}

/** The cases of a loaded city in the order of infection, and the last minute of the last day. */
export interface LoadedEpidemic {
  readonly cases: readonly FoundCase[];
  readonly firstMinute: number;
  readonly endMinute: number;
}

const minutesPerDay = 1_440;
const quietDays = 14;
const daysMax = 200;
const introduced = 20;
const purposeIntroduced = 9_201;
/** From the first swab that could show it to the swab that did, and from there to the result (assumed). */
const foundAfter = { medianMin: 18 * 60, p90Min: 40 * 60 } as const;
const resultAfter = { medianMin: 7 * 60, p90Min: 11 * 60 } as const;

const draw = (seed: number, purpose: string, person: number, delay: { medianMin: number; p90Min: number }): number =>
  Math.max(1, Math.round(lognormalDraw(seed, purpose, person, delay.medianMin, delay.p90Min)));

/**
 * Lets an epidemic run on the city, without any response, until so many are infected, and finds them all: a chain of
 * transmission as the engine makes it, in people who really met. Without cases the city has two quiet weeks. spec: DRILL-16
 */
export function loadedEpidemic(
  city: City,
  disease: DiseaseModel,
  count: number,
  seedAreas: readonly string[],
): LoadedEpidemic {
  const { seed } = city;
  if (count === 0) return { cases: [], firstMinute: 0, endMinute: quietDays * minutesPerDay + minutesPerDay - 1 };
  const engine = createEngine(city, disease, seed, 0);
  engine.seeds(introducedIn(city, seedAreas), 1);
  let day = 1;
  for (; engine.infectionCount < count && day < daysMax; day++) engine.advanceTo(day * minutesPerDay);
  if (engine.infectionCount < count)
    throw new Error(
      `No more than ${engine.infectionCount} people are infected in ${daysMax} days at this scale; ask for fewer cases.`,
    );
  const cases = engine
    .truth()
    .slice(0, count)
    .map((infection): FoundCase => foundCase(engine, seed, infection));
  const last = cases.reduce((most, { positiveMinute }) => Math.max(most, positiveMinute), 0);
  const first = cases.reduce((least, { positiveMinute }) => Math.min(least, positiveMinute), last);
  // Reported within the hour after the last result, and the day goes on to its end.
  const endMinute = (Math.floor((last + 60) / minutesPerDay) + 1) * minutesPerDay - 1;
  return { cases, firstMinute: first, endMinute };
}

function foundCase(engine: Engine, seed: number, infection: ReturnType<Engine["truth"]>[number]): FoundCase {
  const { person, infector, onsetMinute, visibleMinute } = infection;
  const sampledMinute = visibleMinute + draw(seed, "loadFound", person, foundAfter);
  return {
    person,
    infector,
    onsetMinute,
    sampledMinute,
    positiveMinute: sampledMinute + draw(seed, "loadResult", person, resultAfter),
    state: engine.reportLabel(person),
  };
}

/** Different people of the areas where the scenario's infection comes in. */
function introducedIn(city: City, areas: readonly string[]): number[] {
  const villages = city.villages.filter((village) => areas.some((area) => village.code.startsWith(area)));
  assert(villages.length > 0, "the infection comes into a village of the city");
  const chosen = new Set<number>();
  for (let n = 0; chosen.size < introduced && n < introduced * 50; n++) {
    const village = need(villages[n % villages.length], "one of the villages");
    const people = village.endPerson - village.firstPerson;
    chosen.add(village.firstPerson + (hash32(city.seed, purposeIntroduced, n) % people));
  }
  return [...chosen];
}
