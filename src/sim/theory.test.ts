import { describe, expect, it } from "vitest";
import { offspringDispersion } from "#epi/chains";
import { buildCity } from "./city.ts";
import { createEngine } from "./engine.ts";
import { factors, plainCity, testDisease } from "./sim.testing.ts";

// The engine against closed forms. Each seed is fixed, so a check fails only when the engine changes.
const day = 1440;
const shape = (3 / 1.6) ** 2;
const scale = 1.6 ** 2 / 3;
const k = 0.6;

function homogeneous(r: number, dispersion = k): ReturnType<typeof testDisease> {
  return testDisease({ attempts: factors(0, { far: r }), dispersion: { household: 1, community: dispersion } });
}

const plain100k = buildCity(plainCity(100_000, 1), 1, 1);

describe("offspring of one infected person among 100,000 (checks 2, 3 and 4)", () => {
  const r = 0.5;
  const n = 20_000;
  const counts: number[] = [];
  let sum = 0;
  let intervals = 0;
  let intervalSum = 0;
  let intervalSquares = 0;
  let tooEarly = 0;
  for (let person = 0; person < n; person++) {
    // A run of its own for each index case, so that no two compete for the same susceptible.
    const engine = createEngine(plain100k, homogeneous(r), 1, 0);
    engine.seeds([person], 1);
    engine.advanceTo(90 * day);
    let offspring = 0;
    const truth = engine.truth();
    const index = truth[0]!;
    for (const infection of truth) {
      if (infection.infector !== person) continue;
      offspring += 1;
      const interval = (infection.minute - index.minute) / day;
      intervals += 1;
      intervalSum += interval;
      intervalSquares += interval * interval;
      if (infection.minute <= index.visibleMinute) tooEarly += 1;
    }
    counts[offspring] = (counts[offspring] ?? 0) + 1;
    sum += offspring;
  }

  it("number R on average, within 3 standard errors", async ({ annotate }) => {
    const standardError = Math.sqrt((r + (r * r) / k) / n);
    await annotate(`R ${(sum / n).toFixed(4)} for ${r} (3 SE ${(3 * standardError).toFixed(4)})`);
    expect(Math.abs(sum / n - r)).toBeLessThan(3 * standardError);
  });

  it("are spread with k, within 10 %", async ({ annotate }) => {
    const found = offspringDispersion(Array.from(counts, (count) => count ?? 0));
    await annotate(`k ${found?.toFixed(3)} for ${k}`);
    expect(Math.abs(found! / k - 1)).toBeLessThan(0.1);
  });

  it("come after the generation time: mean within 2 %, SD within 4 %, none before PCR could see it", async ({
    annotate,
  }) => {
    const mean = intervalSum / intervals;
    const sd = Math.sqrt(intervalSquares / intervals - mean * mean);
    await annotate(`generation ${mean.toFixed(3)} ± ${sd.toFixed(3)} d for 3.0 ± 1.6 (${intervals} pairs)`);
    expect(Math.abs(mean / 3 - 1)).toBeLessThan(0.02);
    expect(Math.abs(sd / 1.6 - 1)).toBeLessThan(0.04);
    expect(tooEarly).toBe(0);
  });
});

describe("growth in 800,000 people (check 5)", () => {
  const city = buildCity(plainCity(800_000, 1), 1, 1);

  /** The slope of the log of daily infections, from 1,800 infections to 16,000. */
  function growthRate(r: number, seed: number): number {
    // Even infectiousness: growth does not depend on the spread, and the line is less noisy.
    const engine = createEngine(city, homogeneous(r, 10), seed, 0);
    engine.seeds(
      Array.from({ length: 400 }, (_, i) => i * 1999),
      1,
    );
    const points: [number, number][] = [];
    let before = 400;
    for (let today = 1; today < 120 && engine.infectionCount < 16_000; today++) {
      engine.advanceTo(today * day);
      // Early days still carry the seeds' common start, late ones the loss of susceptibles.
      if (engine.infectionCount > 1_800) points.push([today, Math.log(engine.infectionCount - before)]);
      before = engine.infectionCount;
    }
    const [mx, my] = [0, 1].map((i) => points.reduce((sum, point) => sum + point[i]!, 0) / points.length);
    return (
      points.reduce((sum, [x, y]) => sum + (x - mx!) * (y - my!), 0) /
      points.reduce((sum, [x]) => sum + (x - mx!) ** 2, 0)
    );
  }

  it.for([1.5, 2.5])("at R %d follows Euler and Lotka within 5 per cent", async (r, { annotate }) => {
    // One run's slope has a standard error of about 3 per cent, the mean of six 1.2.
    const rates = [1, 2, 3, 4, 5, 6].map((seed) => growthRate(r, seed));
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    const expected = (r ** (1 / shape) - 1) / scale;
    await annotate(`growth ${mean.toFixed(4)} a day for ${expected.toFixed(4)}`);
    expect(Math.abs(mean / expected - 1)).toBeLessThan(0.05);
  });
});

describe("final size in 400,000 people (check 6)", () => {
  const city = buildCity(plainCity(400_000, 1), 1, 1);

  // At this size a standard error is 0.0011 with equal infectiousness and 0.0017 with k = 0.6.
  it.for([
    [2, 10_000, 0.003],
    [2, 0.6, 0.005],
  ] as const)("at R %d and k %d solves z = 1 − exp(−Rz)", async ([r, dispersion, tolerance], { annotate }) => {
    const engine = createEngine(city, homogeneous(r, dispersion), 3, 0);
    engine.seeds(
      Array.from({ length: 40 }, (_, i) => i * 9973),
      1,
    );
    engine.advanceTo(400 * day);
    let expected = 0.9;
    for (let step = 0; step < 200; step++) expected = 1 - Math.exp(-r * expected);
    const size = engine.infectionCount / city.personCount;
    await annotate(`final size ${size.toFixed(4)} for ${expected.toFixed(4)}`);
    expect(engine.nextEventMinute()).toBe(Infinity);
    expect(Math.abs(size - expected)).toBeLessThan(tolerance);
  });
});

describe("extinction of 4,000 introductions (check 7)", () => {
  it("happens with q = (1 + R(1 − q)/k)^(−k), within 3 standard errors", async ({ annotate }) => {
    const r = 1.5;
    const runs = 4_000;
    let extinct = 0;
    for (let run = 0; run < runs; run++) {
      const engine = createEngine(plain100k, homogeneous(r), 1_000 + run, 0);
      engine.seeds([run], 1);
      // With 60 infected, extinction has a chance below one in a million.
      while (engine.nextEventMinute() < Infinity && engine.infectionCount < 60) {
        engine.advanceTo(engine.nextEventMinute());
      }
      if (engine.infectionCount < 60) extinct += 1;
    }
    let q = 0;
    for (let step = 0; step < 500; step++) q = (1 + (r * (1 - q)) / k) ** -k;
    const standardError = Math.sqrt((q * (1 - q)) / runs);
    await annotate(
      `extinct ${(extinct / runs).toFixed(4)} for ${q.toFixed(4)} (3 SE ${(3 * standardError).toFixed(4)})`,
    );
    expect(Math.abs(extinct / runs - q)).toBeLessThan(3 * standardError);
  });
});

describe("households (check 8)", () => {
  const a = 0.75;
  const kHome = 0.8;
  const disease = testDisease({
    attempts: factors(0, { household: a }),
    dispersion: { household: kHome, community: k },
  });
  const escape = (times: number): number => (1 + (times * a) / kHome) ** -kHome;

  /** Infects the first member of every home and counts homes by the number infected in the end. */
  function sizes(householdSize: number, homes: number): number[] {
    const city = buildCity(plainCity(homes * householdSize, householdSize), 5, 1);
    const engine = createEngine(city, disease, 6, 0);
    engine.seeds(
      Array.from({ length: homes }, (_, i) => city.household(i).first),
      1,
    );
    engine.advanceTo(200 * day);
    const counts = Array.from({ length: householdSize + 1 }, () => 0);
    const infected = new Int32Array(homes);
    for (const { person } of engine.truth()) infected[city.householdOf(person).index]! += 1;
    for (const count of infected) counts[count]! += 1;
    return counts;
  }

  it("of two have the attack rate 1 − (1 + a/k)^(−k)", async ({ annotate }) => {
    const homes = 20_000;
    const rate = sizes(2, homes)[2]! / homes;
    const expected = 1 - escape(1);
    await annotate(`two-person attack rate ${rate.toFixed(4)} for ${expected.toFixed(4)}`);
    expect(Math.abs(rate - expected)).toBeLessThan(3 * Math.sqrt((expected * (1 - expected)) / homes));
  });

  it("of three have Reed and Frost's sizes, chi-squared p > 0.001", async ({ annotate }) => {
    const homes = 20_000;
    const one = escape(2);
    const two = 2 * (escape(1) - escape(2)) * escape(1);
    const expected = [one, two, 1 - one - two];
    const counts = sizes(3, homes).slice(1);
    await annotate(
      `three-person sizes ${counts.map((n) => (n / homes).toFixed(3)).join("/")} for ${expected.map((p) => p.toFixed(3)).join("/")}`,
    );
    const chi = counts.reduce((sum, n, i) => sum + (n - homes * expected[i]!) ** 2 / (homes * expected[i]!), 0);
    // The 99.9 % point of chi-squared with two degrees of freedom.
    expect(chi).toBeLessThan(13.82);
  });
});
