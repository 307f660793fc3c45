import { writeFileSync } from "node:fs";
import { areaRange } from "#kernel/area";
import { prngOf } from "#kernel/prng";
import { loadedCity, scenarioById, type LoadOrder } from "#modules/drill";
import { movableClock } from "#platform/clocks";
import { readConfig } from "#platform/config";
import type { Sql } from "#platform/db";
import { openCheckedStore, type Store } from "#platform/store";
import { allPermissions, modules } from "#server/modules";
import { makeServices } from "#server/start";
import { buildWeb } from "#web/build";
import { launchBrowser } from "../tests/e2e/browser.ts";
import type { BenchWorld } from "./load.ts";
import { printTable } from "./measure.ts";
import {
  addReaders,
  askAll,
  linesOf,
  listVisits,
  readerNames,
  recordVisits,
  visitPages,
  type Asked,
  type Readers,
} from "./questions.ts";
import { lineOf, rowOf, runText, type Row } from "./report.ts";
import { serve } from "./serve.ts";
import { option } from "./program.ts";

/**
 * How long every question of every page, and every list of the API, takes on a city that `wuyang load` has loaded, for a
 * village's, a county's and the city's reader.
 * Run: DATA_DIR=… node bench/lists.bench.ts --database city_heze_2022_1_10000 [--runs 20] [--only /tasks] [--json FILE]
 */

export interface Lists {
  readonly order: LoadOrder;
  readonly readers: Readers;
  readonly row: Row;
  readonly asked: readonly Asked[];
}

const slowMs = 200;
const shownSlowest = 10;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** The village with the most people in the county of the first positive, that county, and the whole area. */
async function readersOf(sql: Sql, order: LoadOrder): Promise<Readers> {
  const { areaCode, firstPositive } = await scenarioById(order.scenario);
  const county = firstPositive.areaCode.slice(0, 6);
  const { lo, hi } = areaRange(county);
  const village = await sql.one<{ code: string }>(
    "select area_code as code from person where area_code >= $1 and area_code < $2 group by 1 order by count(*) desc, 1 limit 1",
    [lo, hi],
  );
  return { village: village.code, county, city: areaCode };
}

function worldOf(store: Store, now: string): BenchWorld {
  const services = makeServices(readConfig(process.env));
  return {
    owner: store.owner,
    pool: store.pool,
    ctx: (areaCode) => ({
      actor: { id: "bench", name: "bench", roles: [], permissions: new Set(allPermissions(modules)), areaCode },
      clock: movableClock(now),
      prng: prngOf(1, "bench"),
      db: store.pool,
      services,
      lang: "en",
    }),
    analyze: () => Promise.resolve(),
    close: () => store.close(),
  };
}

/** The slowest question of the narrowest reader, beside the same question of the city's. */
function slowestOf(asked: readonly Asked[]): Row {
  const worst = asked.reduce((most, one) => (one.times.village.p95 > most.times.village.p95 ? one : most));
  const { village, city } = worst.times;
  return rowOf("lists.narrowest.p95ms", village.p95, "ms", city.p95, `the city's reader, ${worst.url}`);
}

/** Measures a loaded city's lists; `only` asks what holds this text and opens no page. */
export async function measureLists(
  database: string,
  options: { readonly runs?: number; readonly only?: string } = {},
): Promise<Lists> {
  const { store, found } = await openCheckedStore(
    readConfig(process.env),
    { database, mustExist: true, poolSize: 4 },
    async (sql) => {
      const city = await loadedCity(sql);
      if (!city) throw new Error(`The database «${database}» holds no loaded city.`);
      return city;
    },
  );
  try {
    const { sql, release } = await store.owner.connect();
    const { now } = await sql.one<{ now: string }>(
      "select value->>'now' as now from setting where name = 'drill.clock'",
    );
    const readers = await readersOf(sql, found.order);
    await addReaders(sql, readers);
    await release();
    const world = worldOf(store, now);
    if (options.only === undefined) await buildWeb();
    const { base, stop } = await serve(world, now);
    const lists = [...listVisits(), ...(await recordVisits(base, found.order.until))];
    const visits = options.only === undefined ? [...(await pagesAsked(base)), ...lists] : lists;
    const wanted = visits.map((visit) => ({
      ...visit,
      urls: visit.urls.filter((url) => options.only === undefined || url.includes(options.only)),
    }));
    const asked = await askAll(base, wanted, readers, options.runs ?? 20);
    await stop();
    return { order: found.order, readers, row: slowestOf(asked), asked };
  } finally {
    await store.close();
  }
}

async function pagesAsked(base: string): ReturnType<typeof visitPages> {
  const browser = await launchBrowser();
  try {
    return await visitPages(browser, base);
  } finally {
    await browser.close();
  }
}

/** The ten slowest questions of each reader, and how many are slow. */
export function printLists({ order, readers, row, asked }: Lists): void {
  print(`${order.scenario} at scale ${order.scale}: ${asked.length} questions`);
  for (const reader of readerNames) {
    const lines = linesOf(asked, reader, reader === "city" ? "village" : "city");
    print(`\nthe slowest of the ${reader}'s reader (${readers[reader]})`);
    printTable(lines.slice(0, shownSlowest));
    print(`${lines.filter(({ measured }) => measured.p95 >= slowMs).length} take ${slowMs} ms or more at p95`);
  }
  print(`\n${lineOf(row)}`);
}

/** The slowest of each reader, the narrowest's first. */
function rowsOf({ asked, row }: Lists): Row[] {
  const slowest = readerNames.map((reader) => Math.max(...asked.map(({ times }) => times[reader].p95)));
  return [row, ...readerNames.map((reader, i) => rowOf(`lists.${reader}.p95ms`, slowest[i] ?? 0, "ms"))];
}

if (import.meta.main) {
  const database = option("database");
  if (database === undefined) throw new Error("Which city? --database city_…");
  const only = option("only");
  const lists = await measureLists(database, {
    runs: Number(option("runs") ?? 20),
    ...(only === undefined ? {} : { only }),
  });
  printLists(lists);
  const file = option("json");
  if (file) writeFileSync(file, runText(Number(option("people") ?? 0), rowsOf(lists)));
}
