import { readFileSync } from "node:fs";
import type { Run } from "./report.ts";

/**
 * The figures of runs at several sizes as a table, with how much each grew for each tenfold of people.
 * Run: node bench/growth.ts FILE FILE … (files of `npm run bench -- --people N --json FILE`)
 */

const runs = process.argv
  .slice(2)
  .map((file) => JSON.parse(readFileSync(file, "utf8")) as Run)
  .toSorted((a, b) => a.people - b.people);
const [smallest] = runs;
const largest = runs.at(-1);
if (!smallest || !largest || smallest === largest) throw new Error("Of which runs? FILE FILE …");

const valueOf = (run: Run, name: string): number | undefined => run.rows.find((row) => row.name === name)?.value;
const names = [...new Set(runs.flatMap((run) => run.rows.map(({ name }) => name)))];
const unitOf = (name: string): string => runs.flatMap(({ rows }) => rows).find((row) => row.name === name)?.unit ?? "";

/** How a figure grew from the smallest city to the largest, as a power of how the people grew: 1 is in step with them. */
function power(name: string): string {
  const from = valueOf(smallest as Run, name);
  const to = valueOf(largest as Run, name);
  if (!from || !to) return "";
  return (Math.log(to / from) / Math.log((largest as Run).people / (smallest as Run).people)).toFixed(2);
}

const line = (cells: readonly string[]): void => void process.stdout.write(`| ${cells.join(" | ")} |\n`);
line(["figure", "unit", ...runs.map(({ people }) => people.toLocaleString("en")), "power of people"]);
line(["---", "---", ...runs.map(() => "---:"), "---:"]);
for (const name of names)
  line([name, unitOf(name), ...runs.map((run) => String(valueOf(run, name) ?? "")), power(name)]);
