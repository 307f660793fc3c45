import { assert } from "#kernel/assert";
import { at } from "./arrays.ts";

const normalA = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const normalB = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1];
const normalC = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const normalD = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
const normalTail = 0.02425;

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

/** The standard normal quantile of u in (0, 1); relative error below 2e-9 (Acklam's rational approximation). */
export function normalQuantile(u: number): number {
  if (u > 0.5) return -normalQuantile(1 - u);
  if (u < normalTail) {
    const q = Math.sqrt(-2 * Math.log(u));
    return polynomial(normalC, q) / polynomial(normalD, q);
  }
  const q = u - 0.5;
  const r = q * q;
  return (polynomial(normalA, r) * q) / polynomial(normalB, r);
}

const zMax = 6.5;
const zStep = 0.02;
const zCount = Math.round((2 * zMax) / zStep) + 1;
const integrationSteps = 20_000;

/**
 * The log of the unit-scale gamma quantile on an even grid of normal scores. The log quantile is
 * smooth in the normal score for every shape, so a straight line between nodes is enough.
 */
function gammaTable(shape: number): Float64Array {
  const low = -26 / shape - 3;
  const high = Math.log(shape + 9 * Math.sqrt(shape) + 60);
  const step = (high - low) / integrationSteps;
  const below = new Float64Array(integrationSteps + 1);
  const density = (i: number): number => {
    const x = low + i * step;
    // The largest exponent is subtracted so that large shapes do not overflow.
    return Math.exp(shape * x - Math.exp(x) - (shape * Math.log(shape) - shape));
  };
  for (let i = 1; i <= integrationSteps; i++) {
    below[i] = at(below, i - 1) + ((density(i - 1) + density(i)) / 2) * step;
  }
  const total = at(below, integrationSteps);
  const above = new Float64Array(integrationSteps + 1);
  for (let i = integrationSteps - 1; i >= 0; i--) {
    above[i] = at(above, i + 1) + ((density(i) + density(i + 1)) / 2) * step;
  }
  // Each half uses the tail it is near to, because 1 − p loses the far tail.
  const scoreOf = (i: number): number => {
    const p = at(below, i) / total;
    return p < 0.5 ? normalQuantile(Math.max(p, 1e-300)) : -normalQuantile(Math.max(at(above, i) / total, 1e-300));
  };
  const table = new Float64Array(zCount);
  let i = 1;
  let before = scoreOf(0);
  let after = scoreOf(1);
  for (let node = 0; node < zCount; node++) {
    const z = -zMax + node * zStep;
    while (after < z && i < integrationSteps) {
      i += 1;
      before = after;
      after = scoreOf(i);
    }
    const part = after > before ? (z - before) / (after - before) : 0;
    table[node] = low + (i - 1 + Math.min(1, Math.max(0, part))) * step;
  }
  return table;
}

/** A gamma distribution whose quantiles come from a table: about 20 ns each. */
export interface GammaQuantile {
  readonly shape: number;
  readonly scale: number;
  /** The quantile of u in (0, 1). */
  of(u: number): number;
}

const tables = new Map<number, Float64Array>();
const tableCountMax = 512;

/** The shape's table, made once; when too many are kept the oldest goes, which costs time but changes no draw. */
function tableOf(shape: number): Float64Array {
  const known = tables.get(shape);
  if (known) return known;
  const oldest = tables.keys().next();
  if (tables.size >= tableCountMax && oldest.done !== true) tables.delete(oldest.value);
  const table = gammaTable(shape);
  tables.set(shape, table);
  return table;
}

/** The gamma distribution with the given shape (0.05 to 10,000) and scale. */
export function gammaOfShape(shape: number, scale: number): GammaQuantile {
  assert(shape >= 0.05 && shape <= 10_000, "gamma shape outside 0.05 to 10,000");
  assert(scale > 0 && Number.isFinite(scale), "gamma scale is not positive");
  const table = tableOf(shape);
  return {
    shape,
    scale,
    of(u) {
      const place = (normalQuantile(u) + zMax) / zStep;
      const node = Math.min(zCount - 2, Math.max(0, Math.floor(place)));
      const left = at(table, node);
      return scale * Math.exp(left + (at(table, node + 1) - left) * (place - node));
    },
  };
}

/** The gamma distribution with the given mean and standard deviation. */
export function gammaOf(mean: number, sd: number): GammaQuantile {
  assert(mean > 0 && sd > 0, "a gamma needs a positive mean and standard deviation");
  return gammaOfShape((mean / sd) ** 2, (sd * sd) / mean);
}

const poissonMeanMax = 700;

/** The Poisson quantile of u by inversion: it never falls when the mean rises, which pairs runs well. */
export function poissonQuantile(u: number, mean: number): number {
  if (mean <= 0) return 0;
  const lambda = Math.min(mean, poissonMeanMax);
  let probability = Math.exp(-lambda);
  let sum = probability;
  let count = 0;
  const countMax = Math.ceil(lambda + 12 * Math.sqrt(lambda) + 20);
  while (u > sum && count < countMax) {
    count += 1;
    probability *= lambda / count;
    sum += probability;
  }
  return count;
}
