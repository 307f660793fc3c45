import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gammaCdf, gammaQuantile, logGamma } from "./gamma.ts";
import { discreteSerialInterval, estimateRt, totalInfectiousness } from "./rt.ts";

const folder = join(import.meta.dirname, "../../../shared/data/epiestim");
const present = existsSync(join(folder, "INDEX.csv"));

function table(name: string): string[][] {
  const lines = readFileSync(join(folder, `${name}.csv`), "utf8")
    .trim()
    .split("\n")
    .slice(1);
  return lines.map((line) => line.split(","));
}

function column(name: string, index: number): number[] {
  return table(name).map((row) => Number(row[index]));
}

describe("gamma", () => {
  it("agrees with closed forms", () => {
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
    for (const x of [0.1, 1, 3, 12]) {
      expect(gammaCdf(x, 1)).toBeCloseTo(1 - Math.exp(-x), 12);
      expect(gammaCdf(x, 3)).toBeCloseTo(1 - Math.exp(-x) * (1 + x + (x * x) / 2), 12);
    }
    for (const p of [0.025, 0.5, 0.975]) expect(gammaCdf(gammaQuantile(p, 2.7, 1), 2.7)).toBeCloseTo(p, 12);
  });
});

describe("estimateRt without reference files", () => {
  it("is one for a steady series and above one for a growing one", () => {
    const serialInterval = discreteSerialInterval(3.5, 2.4, 40);
    expect(serialInterval.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 4);
    const steady = estimateRt({ incidence: Array.from({ length: 60 }, () => 100), serialInterval, windowDays: 7 });
    expect(steady.at(-1)?.mean).toBeCloseTo(1, 2);
    const growing = estimateRt({
      incidence: Array.from({ length: 40 }, (_, day) => Math.round(10 * 1.1 ** day)),
      serialInterval,
      windowDays: 7,
    });
    expect(growing.at(-1)?.low95).toBeGreaterThan(1);
  });

  it("does not count imported cases as infected here", () => {
    const serialInterval = discreteSerialInterval(3.5, 2.4, 40);
    const incidence = Array.from({ length: 30 }, () => 10);
    const all = estimateRt({ incidence, serialInterval, windowDays: 7 });
    const half = estimateRt({ incidence, imported: incidence.map(() => 5), serialInterval, windowDays: 7 });
    expect(half.at(-1)!.mean).toBeLessThan(0.6 * all.at(-1)!.mean);
  });
});

const series = [
  ["Flu1918_parametric_weekly", "Flu1918_incidence"],
  ["Flu1918_nonparametric_weekly", "Flu1918_incidence"],
  ["Flu2009_parametric_weekly", "Flu2009_incidence"],
  ["Flu2009_nonparametric_weekly", "Flu2009_incidence"],
  ["Flu2009_parametric_3day", "Flu2009_incidence"],
  ["Flu2009_parametric_weekly_prior2_2", "Flu2009_incidence"],
  ["SARS2003_parametric_weekly", "SARS2003_incidence"],
  ["SARS2003_nonparametric_weekly", "SARS2003_incidence"],
  ["SARS2003_parametric_14day", "SARS2003_incidence"],
  ["heze2022_total_parametric_weekly", "heze2022_total_parametric_weekly_incidence"],
] as const;

describe.skipIf(!present)("estimateRt against EpiEstim 2.2-4 (reference files in ../shared/data/epiestim)", () => {
  it.each(series)("%s: every window's mean, SD and quantiles", (name, incidenceName) => {
    const incidence = column(incidenceName, table(incidenceName)[0]!.length - 1);
    const serialInterval = column(`${name}_si`, 1);
    const rows = table(`${name}_R`);
    // The last eleven columns are t_start, t_end, mean, SD and seven quantiles.
    const expected = rows.map((row) => row.slice(-11).map(Number));
    const windowDays = expected[0]![1]! - expected[0]![0]! + 1;
    const prior = name.endsWith("prior2_2") ? { mean: 2, sd: 2 } : { mean: 5, sd: 5 };
    const windows = estimateRt({ incidence, serialInterval, windowDays, prior });
    let compared = 0;
    for (const [start, end, mean, sd, low, , , median, , , high] of expected) {
      const window = windows.find((entry) => entry.startDay === start && entry.endDay === end);
      if (!Number.isFinite(mean)) continue;
      compared += 1;
      const got = [window?.mean, window?.sd, window?.low95, window?.median, window?.high95];
      [mean, sd, low, median, high].forEach((want, i) => expect(got[i]).toBeCloseTo(want!, 6));
    }
    expect(compared).toBeGreaterThan(5);
  });

  it("cuts the serial interval into days as EpiEstim does", () => {
    for (const [mu, sigma, k, w] of table("discr_si_grid").map((row) => row.map(Number))) {
      const si = discreteSerialInterval(mu!, sigma!, k! + 1);
      expect(si[k!]).toBeCloseTo(w!, 7);
    }
  });

  it("adds up the same infectiousness", () => {
    const lambda = totalInfectiousness(column("Flu2009_incidence", 1), column("Flu2009_parametric_weekly_si", 1));
    column("Flu2009_parametric_weekly_lambda", 1).forEach((want, day) => {
      if (Number.isFinite(want)) expect(lambda[day]).toBeCloseTo(want, 9);
    });
  });
});

it.runIf(!present)("EpiEstim reference files are absent: comparisons were not run", () => {
  expect(present).toBe(false);
});
