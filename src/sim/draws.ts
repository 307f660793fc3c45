import { assert } from "#kernel/assert";
import { hash32, hashText } from "#kernel/prng";
import { gammaOf, normalQuantile } from "./quantiles.ts";

/** What a draw is keyed by: never a running number, so that the order of events does not matter. */
export type DrawKey = string | number;

/** The normal score of a lognormal's 90th percentile. */
const z90 = 1.2815515655446004;

/** A uniform number in (0, 1) of (seed, purpose, key): the same three always give the same number. */
export function uniformDraw(seed: number, purpose: string, key: DrawKey): number {
  const text = typeof key === "number" ? `${key}` : key;
  const bits = hash32(seed, hashText(purpose), hashText(`${purpose}#`), hashText(text), hashText(`${text}#`));
  return (bits + 0.5) / 4294967296;
}

/** An integer in [0, below). */
export function integerDraw(seed: number, purpose: string, key: DrawKey, below: number): number {
  assert(Number.isInteger(below) && below > 0, "integerDraw needs a positive whole bound");
  return Math.floor(uniformDraw(seed, purpose, key) * below);
}

/** True with the given probability. */
export function chanceDraw(seed: number, purpose: string, key: DrawKey, probability: number): boolean {
  return uniformDraw(seed, purpose, key) < probability;
}

/** A normal draw. */
export function normalDraw(seed: number, purpose: string, key: DrawKey, mean: number, sd: number): number {
  return mean + sd * normalQuantile(uniformDraw(seed, purpose, key));
}

/** A gamma draw with the given mean and standard deviation, in the unit of both. */
export function gammaDraw(seed: number, purpose: string, key: DrawKey, mean: number, sd: number): number {
  return gammaOf(mean, sd).of(uniformDraw(seed, purpose, key));
}

/** A lognormal draw with the given median and 90th percentile: how delays are usually reported. */
export function lognormalDraw(seed: number, purpose: string, key: DrawKey, median: number, p90: number): number {
  assert(median > 0 && p90 >= median, "a lognormal needs 0 < median ≤ p90");
  const sigma = Math.log(p90 / median) / z90;
  return median * Math.exp(sigma * normalQuantile(uniformDraw(seed, purpose, key)));
}
