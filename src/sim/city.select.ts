import { hash32, hashText } from "#kernel/prng";
import type { CitySpec, VillageSpec } from "./city.model.ts";
import { purpose } from "./purposes.ts";

interface Candidate {
  readonly village: VillageSpec;
  readonly must: boolean;
  readonly preferred: boolean;
  readonly order: number;
  /** The village its town keeps when it keeps only one. */
  firstOfTown: boolean;
}

function rank(candidate: Candidate): number {
  if (candidate.must) return 0;
  if (candidate.firstOfTown) return 1;
  return candidate.preferred ? 2 : 3;
}

function before(a: Candidate, b: Candidate): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (a.order !== b.order) return a.order - b.order;
  return a.village.code < b.village.code ? -1 : 1;
}

function candidatesOf(spec: CitySpec, villages: readonly VillageSpec[], seed: number): Candidate[] {
  const must = new Set(spec.mustInclude);
  const candidates = villages.map((village) => ({
    village,
    must: must.has(village.code),
    preferred: spec.preferAreas.some((area) => village.code.startsWith(area)),
    order: hash32(seed, purpose.keepVillage, hashText(village.code)),
    firstOfTown: false,
  }));
  candidates.sort(before);
  const seen = new Set<string>();
  for (const candidate of candidates) {
    if (seen.has(candidate.village.townCode)) continue;
    seen.add(candidate.village.townCode);
    candidate.firstOfTown = true;
  }
  return candidates.sort(before);
}

/** Takes villages in rank order until the next one would move the sum further from the target. */
function take(candidates: readonly Candidate[], target: number): VillageSpec[] {
  const kept: VillageSpec[] = [];
  let sum = 0;
  for (const candidate of candidates) {
    const { population } = candidate.village;
    if (!candidate.must && Math.abs(sum + population - target) > Math.abs(sum - target)) continue;
    kept.push(candidate.village);
    sum += population;
  }
  return kept;
}

/**
 * Chooses the whole villages that stand for the city at a scale in (0, 1], sorted by code. Villages
 * are never thinned out, because an epidemic's local course depends on who lives beside whom.
 */
export function selectVillages(spec: CitySpec, seed: number, scale: number): VillageSpec[] {
  const byCounty = new Map<string, VillageSpec[]>();
  for (const village of spec.villages) {
    const list = byCounty.get(village.countyCode) ?? [];
    list.push(village);
    byCounty.set(village.countyCode, list);
  }
  const kept: VillageSpec[] = [];
  for (const villages of byCounty.values()) {
    const population = villages.reduce((sum, village) => sum + village.population, 0);
    const whole = scale >= 1;
    kept.push(...(whole ? villages : take(candidatesOf(spec, villages, seed), population * scale)));
  }
  return kept.sort((a, b) => (a.code < b.code ? -1 : 1));
}
