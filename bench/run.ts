import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cityDatabase } from "#server/load";
import { lineOf, runText, type Row, type Run } from "./report.ts";
import { inFolder, option } from "./program.ts";

/**
 * Everything the project measures on a city of a size, part after part, each in programs of its own on a database of its own.
 * Run: npm run bench -- [--people 1000000] [--json FILE] [--only visits|screening|register|lists]
 */

const scenario = "heze-2022";
const seed = 1;
/** The residents of the scenario at scale 1. */
const scenarioPeople = 8_795_939;
/** What lists are measured with at scale 1, and of it the share at a smaller one. */
const loaded = { cases: 20_000, contacts: 200_000, tasks: 20_000 } as const;
const parts = ["visits", "screening", "register", "lists"] as const;
const bench = import.meta.dirname;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs a program of the project to its end; what it prints is printed. */
function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const child = spawn(process.execPath, ["--max-old-space-size=8192", program, ...args], {
    stdio: ["ignore", "inherit", "inherit"],
    env,
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))));
  });
}

/** The lists of a city that is loaded as a department would load it, with the pages in a browser asking. */
async function lists(people: number, file: string, folder: string): Promise<void> {
  const scale = Math.min(1, people / scenarioPeople);
  // A PostgreSQL of its own, whichever the installation's is.
  const { DATABASE_URL: _other, ...own } = process.env;
  const env = { ...own, DATA_DIR: path.join(folder, "data") };
  const of = (count: number): string => String(Math.max(100, Math.round(count * scale)));
  const order = ["--cases", of(loaded.cases), "--contacts", of(loaded.contacts), "--tasks", of(loaded.tasks)];
  const load = ["load", "--scenario", scenario, "--seed", String(seed), "--scale", String(scale), ...order];
  await run(path.join(bench, "../src/cli/main.ts"), load, env);
  await run(
    path.join(bench, "lists.bench.ts"),
    ["--database", cityDatabase({ scenario, seed, scale }), "--people", String(people), "--json", file],
    env,
  );
}

async function measured(part: (typeof parts)[number], people: number): Promise<readonly Row[]> {
  return inFolder(async (folder) => {
    const file = path.join(folder, "rows.json");
    if (part === "lists") await lists(people, file, folder);
    else await run(path.join(bench, `${part}.bench.ts`), ["--people", String(people), "--json", file]);
    return (JSON.parse(readFileSync(file, "utf8")) as Run).rows;
  });
}

const people = Number(option("people", "1000000"));
const only = option("only", "");
const json = option("json", "");
const rows: Row[] = [];
for (const part of parts) {
  if (only !== "" && only !== part) continue;
  const start = performance.now();
  print(`\n${part} of ${people} people`);
  rows.push(...(await measured(part, people)));
  print(`  ${((performance.now() - start) / 60_000).toFixed(1)} minutes`);
  // After every part, so that what was measured is kept if a later one fails.
  if (json !== "") writeFileSync(json, runText(people, rows));
}
print("");
for (const row of rows) print(lineOf(row));
