import { assert } from "#kernel/assert";

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** The logarithm of the gamma function for x > 0 (Lanczos, g = 7; relative error about 1e-15). */
export function logGamma(x: number): number {
  assert(x > 0, "logGamma needs a positive argument");
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const y = x - 1;
  const base = y + 7.5;
  const sum = lanczos.reduce((total, c, i) => (i === 0 ? c : total + c / (y + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(base) - base + Math.log(sum);
}

const termsMax = 100_000;
const precision = 1e-16;

/** The share of a unit-scale gamma distribution below x: the regularised lower incomplete gamma function. */
export function gammaCdf(x: number, shape: number): number {
  assert(shape > 0, "a gamma's shape is positive");
  if (x <= 0) return 0;
  const front = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  if (x < shape + 1) {
    let term = 1 / shape;
    let sum = term;
    for (let n = 1; n < termsMax && term > sum * precision; n++) {
      term *= x / (shape + n);
      sum += term;
    }
    return sum * front;
  }
  return 1 - front * upperFraction(x, shape);
}

/** Lentz's continued fraction of the upper incomplete gamma function. */
function upperFraction(x: number, shape: number): number {
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < termsMax; i++) {
    const a = -i * (i - shape);
    b += 2;
    d = a * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + a / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < precision) break;
  }
  return h;
}

/** The quantile of a gamma distribution with the given shape and scale, for p in [0, 1). */
export function gammaQuantile(p: number, shape: number, scale: number): number {
  assert(p >= 0 && p < 1, "a quantile needs p in [0, 1)");
  if (p === 0) return 0;
  let low = 0;
  let high = Math.max(1, shape);
  while (gammaCdf(high, shape) < p) high *= 2;
  // Bisection to the last bits of a double: 200 halvings of any interval.
  for (let step = 0; step < 200 && high - low > 1e-14 * high; step++) {
    const middle = (low + high) / 2;
    if (gammaCdf(middle, shape) < p) low = middle;
    else high = middle;
  }
  return ((low + high) / 2) * scale;
}
