import { writeFileSync } from "node:fs";
import { modules } from "#server/modules";
import { benchWorld, type BenchWorld } from "./load.ts";
import { lineOf, runText, type Row } from "./report.ts";
import { readCoverage, reconcileCoverage } from "./screening.coverage.ts";
import { positiveUnderLoad } from "./positive.load.ts";
import { loadCity, loadRound, openCityRound, type SampledCity } from "./screening.load.ts";
import { screeningPeak } from "./screening.peak.ts";
import { onServer, option } from "./program.ts";

/**
 * A city's screening: coverage from the kept counters, the night's recount of a whole round, an evening's peak through
 * the API, and positive tubes end to end meanwhile, each beside its baseline in the same run.
 * Run: node bench/screening.bench.ts [--people 1000000] [--only coverage.read|coverage.reconcile|screening.peak|positive] [--json FILE]
 */

const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Loaded {
  readonly city: SampledCity;
  /** A round in the middle of its evening; loaded when first asked for. */
  round(): Promise<string>;
}
const loaded = new WeakMap<BenchWorld, Promise<Loaded>>();

/** The city of a world, loaded once whichever benchmark comes first. */
function cityOf(world: BenchWorld, people: number): Promise<Loaded> {
  const found = loaded.get(world);
  if (found) return found;
  const loading = load(world, people);
  loaded.set(world, loading);
  return loading;
}

async function load(world: BenchWorld, people: number): Promise<Loaded> {
  const start = performance.now();
  const city = await loadCity(world, people);
  print(`  ${people} people loaded in ${((performance.now() - start) / 1_000).toFixed(0)} s`);
  let round: Promise<string> | null = null;
  return { city, round: () => (round ??= fill(world, city)) };
}

async function fill(world: BenchWorld, city: SampledCity): Promise<string> {
  const start = performance.now();
  const roundId = await openCityRound(city);
  await loadRound(world, city, roundId);
  print(`  a round of them loaded in ${((performance.now() - start) / 1_000).toFixed(0)} s`);
  return roundId;
}

/** `coverage.read.ms`: p95 of reading coverage from the counters, beside counting the rows of the same area. */
export async function coverageRead(world: BenchWorld, people: number): Promise<Row[]> {
  const { city, round } = await cityOf(world, people);
  return readCoverage(world, city, await round(), print);
}

/** `coverage.reconcile.s`: the recount of a whole round with its record, beside one by plain left joins. */
export async function coverageReconcile(world: BenchWorld, people: number): Promise<Row[]> {
  const { city, round } = await cityOf(world, people);
  return reconcileCoverage(world, city, await round(), print);
}

/** `screening.peak.people`: people a second through the API, beside COPY of the same rows. */
export async function peakPeople(world: BenchWorld, people: number): Promise<Row[]> {
  const { city } = await cityOf(world, people);
  return screeningPeak(world, city, print);
}

/** `positive.endToEnd.p99ms`: a positive tube from the laboratory's request to the last screen, under an evening's load. */
export async function positiveTubes(world: BenchWorld, people: number): Promise<Row[]> {
  const { city, round } = await cityOf(world, people);
  await round();
  return positiveUnderLoad(world, city, print);
}

const benches = {
  "coverage.read": coverageRead,
  "coverage.reconcile": coverageReconcile,
  "screening.peak": peakPeople,
  positive: positiveTubes,
} as const;

const connections = 10;

async function main(): Promise<void> {
  const people = Number(option("people", "1000000"));
  const json = option("json", "");
  const only = option("only", "");
  await onServer(async (url) => {
    const world = await benchWorld(url, modules, connections);
    const rows: Row[] = [];
    for (const [name, bench] of Object.entries(benches)) {
      if (only !== "" && only !== name) continue;
      for (const row of await bench(world, people)) {
        rows.push(row);
        print(lineOf(row));
      }
    }
    await world.close();
    if (json !== "") writeFileSync(json, runText(people, rows));
  });
}

if (import.meta.main) await main();
