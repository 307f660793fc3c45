import { quantile } from "./report.ts";

/** What one operation took, in milliseconds. */
export interface Measured {
  readonly median: number;
  readonly p95: number;
}

/** One line of the table: an operation beside its baseline. */
export interface Line {
  readonly what: string;
  readonly who: string;
  readonly measured: Measured;
  readonly baseline: Measured;
}

const warmUps = 5;
export const runsDefault = 200;

/** Runs an operation many times, a few of them unmeasured first; `run` gets the number of the run. */
export async function measure(run: (i: number) => Promise<unknown>, runs: number = runsDefault): Promise<Measured> {
  for (let i = 0; i < warmUps; i++) await run(i);
  const took: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await run(i);
    took.push(performance.now() - start);
  }
  const sorted = took.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}

/** Times one piece of work once, in milliseconds. */
export async function once(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The same in seconds. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  return (await once(work)) / 1_000;
}

const shown = (ms: number): string => ms.toFixed(1).padStart(9);

/** Prints the lines as a table with the ratio of the p95 to the baseline's. */
export function printTable(lines: readonly Line[]): void {
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  print(`${"list".padEnd(26)}${"reader".padEnd(12)}   median      p95 | baseline p95 | ratio`);
  for (const { what, who, measured, baseline } of lines)
    print(
      `${what.padEnd(26)}${who.padEnd(12)}${shown(measured.median)}${shown(measured.p95)} |${shown(baseline.p95)}     | ${(measured.p95 / baseline.p95).toFixed(1)}`,
    );
}
