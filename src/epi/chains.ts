import { assert, need } from "#kernel/assert";
import { logGamma } from "./gamma.ts";

/** One case and who infected it, when known. */
export interface ChainCase {
  readonly id: string;
  readonly infectorId: string | null;
}

export interface ChainStatistics {
  readonly cases: number;
  readonly links: number;
  /** `offspring[n]` is the number of cases with n known infectees. */
  readonly offspring: readonly number[];
  readonly meanOffspring: number;
  /** Share of all links that come from the most spreading fifth of the cases. */
  readonly topFifthShare: number;
  /** Generation of each case; 0 where the infector is not known. */
  readonly generations: ReadonlyMap<string, number>;
  /** Cases of each generation. */
  readonly byGeneration: readonly number[];
  /** Sizes of the clusters that links connect, largest first. */
  readonly clusters: readonly number[];
}

/** Finds which cases hang together: the root of each case's cluster, by union and find with halving paths. */
export function clusterRoots(cases: readonly ChainCase[]): Map<string, string> {
  const parent = new Map<string, string>(cases.map((entry) => [entry.id, entry.id]));
  const root = (id: string): string => {
    let at = id;
    for (let up = need(parent.get(at), "a known case"); up !== at; up = need(parent.get(at), "a known case")) {
      const above = need(parent.get(up), "a known case");
      parent.set(at, above);
      at = above;
    }
    return at;
  };
  for (const { id, infectorId } of cases) {
    if (infectorId === null || !parent.has(infectorId)) continue;
    const [a, b] = [root(id), root(infectorId)];
    // The smaller name wins, so that the answer does not depend on the order of the cases.
    if (a < b) parent.set(b, a);
    else if (b < a) parent.set(a, b);
  }
  return new Map(cases.map(({ id }) => [id, root(id)]));
}

function generationsOf(cases: readonly ChainCase[]): Map<string, number> {
  const infectorOf = new Map(cases.map((entry) => [entry.id, entry.infectorId]));
  const generations = new Map<string, number>();
  for (const { id } of cases) {
    const path: string[] = [];
    let at: string | null = id;
    while (at !== null && !generations.has(at) && infectorOf.has(at)) {
      path.push(at);
      assert(path.length <= cases.length, "a chain of infections runs in a circle");
      at = infectorOf.get(at) ?? null;
    }
    let next = at !== null && generations.has(at) ? need(generations.get(at), "just seen") + 1 : 0;
    for (const member of path.toReversed()) {
      generations.set(member, next);
      next += 1;
    }
  }
  return generations;
}

function countUp(values: Iterable<number>): number[] {
  const counts: number[] = [];
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return Array.from(counts, (count) => count ?? 0);
}

/** Offspring, generations and clusters of the known links; infectors outside the list count as unknown. */
export function chainStatistics(cases: readonly ChainCase[]): ChainStatistics {
  const infectees = new Map<string, number>(cases.map((entry) => [entry.id, 0]));
  let links = 0;
  for (const { infectorId } of cases) {
    const count = infectorId === null ? undefined : infectees.get(infectorId);
    if (infectorId === null || count === undefined) continue;
    infectees.set(infectorId, count + 1);
    links += 1;
  }
  const sorted = [...infectees.values()].toSorted((a, b) => b - a);
  const top = sorted.slice(0, Math.ceil(sorted.length / 5)).reduce((sum, count) => sum + count, 0);
  const sizes = new Map<string, number>();
  for (const root of clusterRoots(cases).values()) sizes.set(root, (sizes.get(root) ?? 0) + 1);
  const generations = generationsOf(cases);
  return {
    cases: cases.length,
    links,
    offspring: countUp(infectees.values()),
    meanOffspring: cases.length === 0 ? 0 : links / cases.length,
    topFifthShare: links === 0 ? 0 : top / links,
    generations,
    byGeneration: countUp(generations.values()),
    clusters: [...sizes.values()].toSorted((a, b) => b - a),
  };
}

const logKMin = Math.log(1e-3);
const logKMax = Math.log(1e4);

function negativeBinomialLogLikelihood(offspring: readonly number[], mean: number, k: number): number {
  return offspring.reduce((sum, cases, n) => {
    if (cases === 0) return sum;
    const log =
      logGamma(n + k) - logGamma(n + 1) - logGamma(k) + k * Math.log(k / (k + mean)) + n * Math.log(mean / (k + mean));
    return sum + cases * log;
  }, 0);
}

/**
 * The dispersion k of a negative binomial offspring distribution by maximum likelihood, from counts
 * of cases by number of infectees; Infinity when the counts are no more spread than a Poisson's.
 */
export function offspringDispersion(offspring: readonly number[]): number | null {
  const cases = offspring.reduce((sum, count) => sum + count, 0);
  const links = offspring.reduce((sum, count, n) => sum + count * n, 0);
  if (cases === 0 || links === 0) return null;
  const mean = links / cases;
  const value = (logK: number): number => negativeBinomialLogLikelihood(offspring, mean, Math.exp(logK));
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = logKMin;
  let high = logKMax;
  while (high - low > 1e-9) {
    const a = high - golden * (high - low);
    const b = low + golden * (high - low);
    if (value(a) > value(b)) high = b;
    else low = a;
  }
  return low > logKMax - 0.1 ? Infinity : Math.exp((low + high) / 2);
}
