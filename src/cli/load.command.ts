import { existsSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { SingleBar } from "cli-progress";
import { lockDataDir, readConfig, type Config } from "#platform/config";
import { openCheckedStore, type Store } from "#platform/store";
import { cityDatabase, loadCity, type LoadProgress } from "#server/load";
import { defaultUntil, loadOf, orderText, scenarioById, type LoadOrder, type LoadReport } from "#modules/drill";
import { share, wholeNumber } from "./options.ts";

interface Options {
  readonly scenario: string;
  readonly scale: number;
  readonly seed: number;
  readonly days: number;
  readonly until?: string;
  readonly visits: number;
  readonly cases: number;
  readonly contacts: number;
  readonly tasks: number;
  readonly threads?: number;
  readonly fresh?: boolean;
  readonly json?: string;
}

const daysMax = 31;
const visitsMax = 10;
const threadsMax = 16;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

function dayText(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError("a day such as 2022-08-06 is needed.");
  return text;
}

function within(least: number, most: number, whole: boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value >= least && value <= most) || (whole && !Number.isInteger(value)))
      throw new InvalidArgumentError(`a ${whole ? "whole " : ""}number from ${least} to ${most} is needed.`);
    return value;
  };
}

/** What a load takes on the disk, measured at the full scale of Heze (docs/runbooks/load-a-city.md). */
const bytesPer = { person: 720, rowVisit: 100, packedVisit: 15 } as const;
/** The database before the first person, and what the log of changes takes for a while. */
const bytesAlways = 3_000_000_000;
const bytesPerGb = 1e9;

/** About how many bytes the loaded city and its making take at most. */
function bytesNeeded(order: LoadOrder, people: number): number {
  const perDay = people * order.visits;
  const packed = perDay * Math.max(0, order.days - 1) * bytesPer.packedVisit;
  const rows = order.days > 0 ? perDay * bytesPer.rowVisit : 0;
  return bytesAlways + people * bytesPer.person + packed + rows;
}

/** Where an embedded server keeps its data: under a closed home they lie elsewhere, and a file says where. */
function embeddedFolder(config: Config): string {
  const place = path.join(config.dataDir, "pg.location");
  return existsSync(place) ? readFileSync(place, "utf8").trim() : config.dataDir;
}

/** Says how much room the load takes, and refuses when the disk of the embedded server has less. */
function checkRoom(config: Config, order: LoadOrder, people: number, held: number): void {
  const needed = Math.max(0, bytesNeeded(order, people) - held);
  const gb = (bytes: number): string => `${(bytes / bytesPerGb).toFixed(1)} GB`;
  if (config.databaseUrl !== null) {
    say(`It takes about ${gb(needed)} more on the database's disk, which cannot be looked at from here.`);
    return;
  }
  const { bavail, bsize } = statfsSync(embeddedFolder(config));
  const free = bavail * bsize;
  say(`It takes about ${gb(needed)} more on the disk; ${gb(free)} are free.`);
  if (free < needed) throw new Error(`The disk has ${gb(free)}, the load takes ${gb(needed)}: take a smaller --scale.`);
}

async function orderOf(options: Options): Promise<{ order: LoadOrder; people: number }> {
  const scenario = await scenarioById(options.scenario);
  const { scale, seed, days, visits, cases, contacts, tasks } = options;
  if (contacts > 0 && cases === 0) throw new Error("Contacts are those of cases: give --cases as well.");
  const until = options.until ?? defaultUntil(scenario);
  return {
    order: { scenario: options.scenario, seed, scale, days, until, visits, cases, contacts, tasks },
    people: Math.round(scenario.population.total * scale),
  };
}

/** Opens the order's own database, and drops what it held only when that was a synthetic city. */
async function openCity(config: Config, order: LoadOrder, fresh: boolean): Promise<Store> {
  const options = { database: cityDatabase(order), fresh, poolSize: 2 };
  return (await openCheckedStore(config, options, loadOf)).store;
}

const secondsPerMinute = 60;
const plainEveryMs = 5_000;

function timeText(seconds: number | null): string {
  if (seconds === null) return "?";
  const rounded = Math.round(seconds);
  return rounded < secondsPerMinute
    ? `${rounded} s`
    : `${Math.floor(rounded / secondsPerMinute)} min ${rounded % secondsPerMinute} s`;
}

function shown({ phase, rows, rowsOf, perSecond, secondsLeft }: LoadProgress) {
  return {
    phase,
    rows: rowsOf > 1 ? `${rows.toLocaleString("en")} of ${rowsOf.toLocaleString("en")}` : "",
    speed: perSecond > 1 ? `${Math.round(perSecond).toLocaleString("en")} rows/s` : "",
    left: secondsLeft === null ? "" : `${timeText(secondsLeft)} left`,
  };
}

/** A bar on a terminal, from the first progress on; elsewhere a line now and then. */
function progressShower(): { show(progress: LoadProgress): void; stop(): void } {
  if (!process.stderr.isTTY) {
    let phase = "";
    let said = -plainEveryMs;
    return {
      show(progress) {
        const now = performance.now();
        if (progress.phase === phase && now - said < plainEveryMs) return;
        phase = progress.phase;
        said = now;
        const { rows, speed, left } = shown(progress);
        const parts = [`${(progress.share * 100).toFixed(1).padStart(5)} %`, phase, rows, speed, left];
        process.stderr.write(`${parts.filter(Boolean).join("  ")}\n`);
      },
      stop: () => undefined,
    };
  }
  const bar = new SingleBar({
    format: "{bar} {percentage} %  {phase}  {rows}  {speed}  {left}",
    hideCursor: true,
    stream: process.stderr,
  });
  let isShown = false;
  return {
    show(progress) {
      if (!isShown) bar.start(100, 0, shown(progress));
      isShown = true;
      bar.update(Math.floor(progress.share * 100), shown(progress));
    },
    stop: () => bar.stop(),
  };
}

const tablesShown = 12;
const bytesPerMb = 1e6;

function printReport(report: LoadReport, seconds: number): void {
  const { order, people, households, visits, phases, tables, databaseBytes, digest } = report;
  say(
    `${people.toLocaleString("en")} people in ${households.toLocaleString("en")} households, ${visits.toLocaleString("en")} visits`,
  );
  const contacts = phases.find(({ phase }) => phase === "contacts")?.rows ?? 0;
  if (contacts < order.contacts)
    say(`${contacts.toLocaleString("en")} contacts: the ${order.cases.toLocaleString("en")} cases met nobody else.`);
  say("\nphase                        rows      seconds     rows/s   (threads added up)");
  for (const { phase, rows, seconds: took } of phases)
    say(
      `${phase.padEnd(22)}${rows.toLocaleString("en").padStart(12)}${took.toFixed(1).padStart(12)}${(took > 0 ? Math.round(rows / took).toLocaleString("en") : "").padStart(12)}`,
    );
  say("\ntable                        rows           MB");
  for (const { name, rows, bytes } of tables.slice(0, tablesShown))
    say(
      `${name.padEnd(22)}${(rows > 0 ? rows.toLocaleString("en") : "").padStart(12)}${(bytes / bytesPerMb).toFixed(0).padStart(12)}`,
    );
  const rss = process.resourceUsage().maxRSS / 1_000;
  say(
    `\ndatabase ${(databaseBytes / bytesPerGb).toFixed(2)} GB, ${timeText(seconds)}, memory of this process at most ${Math.round(rss)} MB`,
  );
  say(`digest ${digest}`);
}

/** `wuyang load`: a synthetic city at any scale in a database of its own. */
async function load(options: Options): Promise<void> {
  const config = readConfig(process.env);
  const began = performance.now();
  const { order, people } = await orderOf(options);
  const database = cityDatabase(order);
  say(`演练 DRILL  ${orderText(order)}`);
  const unlock = lockDataDir(config.dataDir);
  const store = await openCity(config, order, options.fresh ?? false);
  const abort = new AbortController();
  process.once("SIGINT", () => abort.abort());
  const bar = progressShower();
  try {
    const outcome = await loadCity(store, order, {
      ...(options.threads === undefined ? {} : { threads: options.threads }),
      beforeBegin: (held) => checkRoom(config, order, people, held),
      onProgress: (progress) => bar.show(progress),
      signal: abort.signal,
    });
    bar.stop();
    if (!outcome) {
      say("Stopped. The same command goes on where it stopped.");
      return;
    }
    const { report, wasFinished } = outcome;
    if (wasFinished) say(`The city is loaded already; --fresh begins anew. digest ${report.digest}`);
    else printReport(report, (performance.now() - began) / 1_000);
    if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
    say(`\nwuyang start --database ${database}   opens it`);
  } finally {
    bar.stop();
    await store.close();
    unlock();
  }
}

export function loadCommand(): Command {
  return new Command("load")
    .description(
      "load a synthetic city of any scale, with its visits, into a database of its own; goes on after a kill",
    )
    .option("--scenario <id>", "a folder of scenarios/", "heze-2022")
    .option("--scale <share>", "share of the city's villages, each at full size", share, 0.01)
    .option("--seed <n>", "the same seed gives the same city", wholeNumber, 1)
    .option("--days <n>", "days of visits, the newest as rows and the others packed", within(1, daysMax, true), 2)
    .option("--until <day>", "the last day; two weeks after the scenario's first positive by itself", dayText)
    .option("--visits <n>", "scans a person and day on average; 0 loads none", within(0, visitsMax, false), 3)
    .option("--cases <n>", "cases, in chains as the epidemic makes them", wholeNumber, 300)
    .option("--contacts <n>", "their contacts", wholeNumber, 3_000)
    .option("--tasks <n>", "open tasks, with five times as many closed ones", wholeNumber, 600)
    .option("--threads <n>", "threads that load side by side", within(1, threadsMax, true))
    .option("--fresh", "forget an earlier load of the same city and begin anew")
    .option("--json <file>", "write the report to a file as well")
    .action(load);
}
