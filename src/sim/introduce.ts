import { assert, need } from "#kernel/assert";
import { hash32, uniform } from "#kernel/prng";
import { minutesPerDay } from "./city.ts";
import type { City } from "./city.model.ts";
import type { DiseaseModel } from "./disease.model.ts";
import { createEngine } from "./engine.ts";
import { purpose } from "./purposes.ts";

/** People infected from outside in one area. */
export interface IntroductionGroup {
  /** A village, town or county code. */
  readonly areaCode: string;
  readonly infections: number;
  /** Before the first clinic visit of the outbreak. */
  readonly daysBefore: number;
}

/** What the outbreak must look like on the day it is found. */
export interface IntroductionGoal {
  readonly groups: readonly IntroductionGroup[];
  /** The first clinic visit of an infected person falls into [from, to]. */
  readonly firstCareFrom: number;
  readonly firstCareTo: number;
  /** The first person at a clinic lives in this area; '' is anywhere. */
  readonly firstCareArea: string;
  /** Infected people by then. */
  readonly infectedMin: number;
  readonly infectedMax: number;
  /** `daysBefore` may vary by this fraction either way. */
  readonly leadSpread: number;
  readonly triesMax: number;
}

export interface Introduction {
  readonly startMinute: number;
  readonly groups: readonly { readonly persons: readonly number[]; readonly minute: number }[];
  readonly firstCare: { readonly person: number; readonly minute: number };
  /** Infected people at the first clinic visit, the visitor included. */
  readonly infected: number;
  readonly tries: number;
}

interface Candidate {
  readonly startMinute: number;
  readonly groups: readonly { readonly persons: readonly number[]; readonly minute: number }[];
}

function candidateOf(city: City, goal: IntroductionGoal, seed: number, attempt: number): Candidate {
  const stretch = 1 + goal.leadSpread * (2 * uniform(seed, purpose.introduction, attempt) - 1);
  const groups = goal.groups.map((group, index) => {
    const villages = city.villages.filter((village) => village.code.startsWith(group.areaCode));
    const people = villages.reduce((sum, village) => sum + village.endPerson - village.firstPerson, 0);
    assert(people >= group.infections, "an introduction needs people in its area");
    const chosen = new Set<number>();
    for (let n = 0; chosen.size < group.infections; n++) {
      let place = hash32(seed, purpose.introduction, attempt, index + 1, n) % people;
      const village = need(
        villages.find((entry) => {
          const size = entry.endPerson - entry.firstPerson;
          if (place < size) return true;
          place -= size;
          return false;
        }),
        "a village holds the chosen place",
      );
      chosen.add(village.firstPerson + place);
    }
    const lead = Math.round(group.daysBefore * stretch * minutesPerDay);
    return { persons: [...chosen], minute: goal.firstCareTo - lead };
  });
  return { startMinute: Math.min(...groups.map((group) => group.minute)) - 1, groups };
}

function tryCandidate(
  city: City,
  disease: DiseaseModel,
  seed: number,
  goal: IntroductionGoal,
  candidate: Candidate,
): Omit<Introduction, "tries"> | null {
  const engine = createEngine(city, disease, seed, candidate.startMinute);
  for (const group of candidate.groups) engine.seeds(group.persons, group.minute);
  while (engine.nextEventMinute() <= goal.firstCareTo && engine.infectionCount <= goal.infectedMax) {
    const care = engine.advanceTo(engine.nextEventMinute()).find((event) => event.kind === "seeksCare");
    if (!care) continue;
    const village = need(city.villages[city.villageOf(care.person)], "the visitor's village");
    if (care.minute < goal.firstCareFrom || !village.code.startsWith(goal.firstCareArea)) return null;
    const infected = engine.infectionCount;
    if (infected < goal.infectedMin || infected > goal.infectedMax) return null;
    return { ...candidate, firstCare: { person: care.person, minute: care.minute }, infected };
  }
  return null;
}

/**
 * Finds who was infected, and when, such that the outbreak is found as the goal says: candidates are
 * drawn from (seed, attempt) and the first that fits is taken. Null when none of `triesMax` fits.
 */
export function findIntroduction(
  city: City,
  disease: DiseaseModel,
  seed: number,
  goal: IntroductionGoal,
): Introduction | null {
  for (let attempt = 0; attempt < goal.triesMax; attempt++) {
    const found = tryCandidate(city, disease, seed, goal, candidateOf(city, goal, seed, attempt));
    if (found) return { ...found, tries: attempt + 1 };
  }
  return null;
}
