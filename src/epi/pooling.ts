import { assert } from "#kernel/assert";

/** How well a test works; 1 and 1 is a perfect test. */
export interface TestQuality {
  /** Sensitivity of the pooled test. */
  readonly poolSensitivity: number;
  readonly poolSpecificity: number;
  /** Sensitivity of the single test that follows. */
  readonly singleSensitivity: number;
}

const perfect: TestQuality = { poolSensitivity: 1, poolSpecificity: 1, singleSensitivity: 1 };

function checkPool(prevalence: number, size: number): void {
  assert(prevalence >= 0 && prevalence <= 1, "a prevalence lies in [0, 1]");
  assert(Number.isInteger(size) && size >= 1, "a pool holds one person or more");
}

/** The probability that a pool of `size` people tests positive. */
export function poolPositiveShare(prevalence: number, size: number, quality: TestQuality = perfect): number {
  checkPool(prevalence, size);
  const allNegative = (1 - prevalence) ** size;
  return quality.poolSensitivity * (1 - allNegative) + (1 - quality.poolSpecificity) * allNegative;
}

/** Tests a person by Dorfman's scheme (1943): one for the pool, then one each when it is positive. */
export function testsPerPerson(prevalence: number, size: number, quality: TestQuality = perfect): number {
  if (size === 1) return 1;
  return 1 / size + poolPositiveShare(prevalence, size, quality);
}

/** The probability that an infected person is found: the pool and then the single test must be positive. */
export function pooledSensitivity(quality: TestQuality): number {
  return quality.poolSensitivity * quality.singleSensitivity;
}

/** Above this prevalence no pool of three or more saves a test: 1 − 3^(−1/3) = 30.66 %. */
export const poolingUselessAbove = 1 - 3 ** (-1 / 3);

const sizeMax = 1_000;

/** The pool size with the fewest tests a person, from 1 to 1,000. */
export function bestPoolSize(prevalence: number, quality: TestQuality = perfect): number {
  let best = 1;
  for (let size = 2; size <= sizeMax; size++) {
    if (testsPerPerson(prevalence, size, quality) < testsPerPerson(prevalence, best, quality)) best = size;
  }
  return best;
}

/** The prevalence above which the smaller of two pool sizes takes fewer tests. */
export function switchPrevalence(smaller: number, larger: number): number {
  assert(1 < smaller && smaller < larger, "compare two pool sizes, the smaller first");
  let low = 0;
  // Both sizes cost one test a person and more where pooling is useless, so the switch lies below it.
  let high = poolingUselessAbove;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (testsPerPerson(middle, larger) < testsPerPerson(middle, smaller)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Tests a person of a square array: rows and columns are pooled, crossings of positives tested singly. */
export function arrayTestsPerPerson(prevalence: number, side: number): number {
  checkPool(prevalence, side);
  const q = 1 - prevalence;
  return 2 / side + prevalence + q * (1 - q ** (side - 1)) ** 2;
}

/** The prevalence that a share of positive pools implies. */
export function impliedPrevalence(positivePools: number, pools: number, size: number): number | null {
  assert(positivePools >= 0 && positivePools <= pools, "there are not more positive pools than pools");
  return pools === 0 ? null : 1 - (1 - positivePools / pools) ** (1 / size);
}
