import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { everybodyMet, meetings, PersonSet, sealDay } from "#modules/venues";
import type { Tx } from "#platform/context";
import { runDuty } from "#platform/usecase";
import { modules } from "#server/modules";
import { addVenues, copyAlone, ingestAt, ingestServer, send } from "./ingest.ts";
import { benchWorld, type BenchWorld } from "./load.ts";
import { measure, seconds } from "./measure.ts";
import { quantile, reporter, runText } from "./report.ts";
import { addGates, compareScans, processorText, scansAlone, type Served } from "./scan.ts";
import { attach, closingPart } from "./visits.load.ts";
import { indexOf, metBy, randomOf, stayS, visitsOfDay, type Index, type Visits } from "./visits.city.ts";
import { onServer, option } from "./program.ts";

/**
 * Packs two days of a city's venue visits and asks who met whom, beside plain rows with two covering b-trees on the
 * same visits in the same run, and beside typed arrays in memory, whose answers every other must equal.
 * Run: node bench/visits.bench.ts [--people 1000000] [--json FILE]
 */

const people = Number(option("people", "1000000"));
const json = option("json", "");
const venues = Math.max(100, Math.round(people / 25));
const perDay = people * 3;
const firstDay = Date.parse("2022-07-20T00:00:00.000Z");
const dayMs = 86_400_000;
const days = [0, 1] as const;
const dayText = (day: number): string => new Date(firstDay + day * dayMs).toISOString().slice(0, 10);
const casesOfOne = 300;
/** Half a second's questions would be asked in one of the machine's moods. */
const passesOfOne = 10;
const casesOfMany = 120;
const ingestRows = 1_000_000;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const { rows, report } = reporter(print);

/**
 * Loads the days where a day that is over waits for its packing, and once more as plain rows with covering b-trees; gives
 * the seconds that the trees of one day took.
 */
async function load(world: BenchWorld, all: readonly Visits[]): Promise<number> {
  const { sql, release } = await world.owner.connect();
  await sql.script(
    "create table base (venue_no bigint not null, person_id bigint not null, at timestamptz not null, until timestamptz)",
  );
  for (const day of days) {
    const visits = all[day];
    if (!visits) continue;
    const { part, took } = await closingPart(sql, visits, firstDay, day);
    print(`  loaded ${visits.count} rows in ${took.toFixed(1)} s`);
    await sql.script(`insert into base select venue_no, person_id, to_timestamp(s + 1577836800), null from ${part}`);
    await attach(sql, part, firstDay, day);
  }
  const took = await seconds(() =>
    sql.script(
      "create index base_venue on base (venue_no, at) include (person_id); create index base_person on base (person_id, at) include (venue_no)",
    ),
  );
  await sql.script("vacuum analyze");
  print(`  the rows' two covering b-trees in ${took.toFixed(1)} s`);
  await sql.script("grant select on base to wuyang_app");
  await release();
  return took / days.length;
}

const inTx = async <T>(world: BenchWorld, work: (tx: Tx) => Promise<T>): Promise<T> => {
  let result: T | undefined;
  await runDuty(world.ctx("3717"), async (tx) => {
    result = await work(tx);
  });
  return result as T;
};

/** The same question to plain rows; the lateral joins keep the planner on the indexes. */
const rowsMet = `with stay as materialized (select venue_no, at from base where person_id = any($1::bigint[]))
  select distinct o.person_id::int4 as person from stay s cross join lateral (
    select person_id from base where venue_no = s.venue_no
      and at >= s.at - interval '${stayS} seconds' and at <= s.at + interval '${stayS} seconds' offset 0) o`;

const window = {
  from: new Date(firstDay).toISOString(),
  to: new Date(firstDay + days.length * dayMs).toISOString(),
  gapMinutes: 0,
};

interface Timed {
  /** In the order in which the questions were asked. */
  readonly ms: number[];
  wrong: number;
}

/**
 * Asks one question of every way in turn, the order turning too, and compares the answers with the reference. The first
 * pass over the questions is not measured.
 */
async function compare(
  questions: readonly { readonly asked: readonly number[]; readonly expected: ReadonlySet<number> }[],
  ways: Readonly<Record<string, (asked: readonly number[]) => Promise<Iterable<number>>>>,
  passes: number,
): Promise<Record<string, Timed>> {
  const names = Object.keys(ways);
  const timed: Record<string, Timed> = Object.fromEntries(names.map((name) => [name, { ms: [], wrong: 0 }]));
  for (let pass = 0; pass <= passes; pass++)
    for (const [i, { asked, expected }] of questions.entries())
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(i + turn) % names.length] ?? "";
        const start = performance.now();
        const found = (await ways[name]?.(asked)) ?? [];
        const took = performance.now() - start;
        if (pass === 0) continue;
        const own = timed[name];
        if (!own) continue;
        own.ms.push(took);
        const answer = new Set(found);
        for (const person of asked) answer.delete(person);
        if (answer.size !== expected.size || [...answer].some((person) => !expected.has(person))) own.wrong += 1;
      }
  return timed;
}

/** Reports a part of the questions: how long the store took, beside the rows. */
function reportTimed(
  name: string,
  timed: Record<string, Timed>,
  share: number,
  isCounted: (place: number) => boolean = () => true,
): void {
  const of = (way: string): number =>
    quantile(
      (timed[way]?.ms ?? []).filter((_, i) => isCounted(i)).toSorted((a, b) => a - b),
      share,
    );
  report(name, of("packed"), "ms", of("rows"), "rows");
}

/** A set of about 100,000 people: the median size of the cases that the rows' first measurement was made with. */
const isNear = (size: number): boolean => size >= 50_000 && size <= 200_000;

async function tracing(world: BenchWorld, index: Index): Promise<void> {
  const random = randomOf(7);
  const someone = (): number => {
    for (;;) {
      const person = 1 + Math.floor(random() * people);
      if ((index.byPerson.start[person + 1] ?? 0) > (index.byPerson.start[person] ?? 0)) return person;
    }
  };
  const { sql, release } = await world.pool.connect();
  const byRows = async (asked: readonly number[]): Promise<Iterable<number>> =>
    (await sql.many<{ person: number }>(rowsMet, [asked])).map(({ person }) => person);
  // One transaction for all questions of a way, as a tracer's use case has one around its own.
  await inTx(world, async (tx) => {
    const single = Array.from({ length: casesOfOne }, () => [someone()]);
    const contacts = single.map((asked) => ({ asked, expected: metBy(index, asked) }));
    const packedOne = async (asked: readonly number[]): Promise<number[]> =>
      (await meetings(tx, { ...window, personIds: asked })).map(({ other }) => other.person);
    const one = await compare(contacts, { packed: packedOne, rows: byRows }, passesOfOne);
    const size = contacts.map(({ expected }) => expected.size).toSorted((a, b) => a - b);
    print(`  contacts of one person: median ${quantile(size, 0.5)}, most ${quantile(size, 1)} people`);
    reportTimed("tracing.contacts.p50ms", one, 0.5);
    reportTimed("tracing.contacts.p95ms", one, 0.95);
    report(
      "tracing.contacts.wrong",
      one["packed"]?.wrong ?? -1,
      `of ${casesOfOne * passesOfOne}`,
      one["rows"]?.wrong,
      "rows",
    );
    const answers = contacts.slice(0, casesOfMany).map(({ expected }) => {
      const asked = [...expected];
      return { asked, expected: metBy(index, asked) };
    });
    const packedMany = async (asked: readonly number[]): Promise<Iterable<number>> =>
      (await everybodyMet(tx, PersonSet.of(asked), window)).values();
    const set = await compare(answers, { packed: packedMany, rows: byRows }, 1);
    const sizes = answers.map(({ expected }) => expected.size);
    const sorted = sizes.toSorted((a, b) => a - b);
    print(`  contacts of contacts: median ${quantile(sorted, 0.5)}, most ${quantile(sorted, 1)} people`);
    reportTimed("tracing.secondary.ms", set, 0.5);
    reportTimed("tracing.secondary.p95ms", set, 0.95);
    if (sizes.some(isNear)) reportTimed("tracing.secondary.100k.ms", set, 0.5, (i) => isNear(sizes[i] ?? 0));
    report("tracing.secondary.wrong", set["packed"]?.wrong ?? -1, `of ${casesOfMany}`, set["rows"]?.wrong, "rows");
  });
  await release();
}

const gates = 64;
const singleRows = 200_000;
const singleConnections = 1_024;
const singleRounds = 2;
const aloneRows = 5_000;
const aloneConnections = 6;
const loadedPerSecond = 10_000;
const loadedSeconds = 20;
/** As long before the load as after it: the machine's own speed changes from one minute to the next. */
const quietSeconds = 5;
const apiRuns = 200;

/**
 * Scans one a request, to a server process on each core and to a single one; beside bare servers in front of the same group,
 * and beside a transaction for each scan.
 */
async function singles(world: BenchWorld, served: Served): Promise<void> {
  const plan = { rows: singleRows, connections: singleConnections, people, venues, seed: 21 };
  const { api, bare } = await compareScans(world, served, { ...plan, processes: availableParallelism() }, singleRounds);
  report("visits.ingest.single", api.perSecond, "visits/s", bare.perSecond, "bare node:http, same group");
  report("visits.ingest.single.p99ms", api.p99, "ms", bare.p99, "bare node:http, same group");
  print(`  ${processorText(api)}; bare: ${processorText(bare)}`);
  const one = await compareScans(world, served, { ...plan, seed: 51, processes: 1 }, singleRounds);
  report("visits.ingest.single.one", one.api.perSecond, "visits/s", one.bare.perSecond, "bare node:http, same group");
  print(`  ${processorText(one.api)}; bare: ${processorText(one.bare)}`);
  const alone = await scansAlone(
    world,
    { ...plan, rows: aloneRows, connections: aloneConnections, seed: 99 },
    served.at,
  );
  report("visits.ingest.single.gain", api.perSecond, "visits/s", alone, "a transaction each, 6 connections");
}

/** Does now what PostgreSQL would do in a while about the millions of rows just written, whatever is measured next. */
async function settle(world: BenchWorld): Promise<void> {
  const { sql, release } = await world.owner.connect();
  await sql.script("vacuum analyze");
  await release();
}

/** What the API bears: contacts of one person over HTTP, scans as lines, and contacts while scans arrive. */
async function served(world: BenchWorld, index: Index, place: Pick<Served, "url" | "dataFolder">): Promise<void> {
  const { base, cookie, stop } = await ingestServer(world);
  const random = randomOf(11);
  const someone = (): number => 1 + Math.floor(random() * people);
  const span = new URLSearchParams({ from: window.from, to: window.to });
  const api = await measure(async () => {
    const answer = await fetch(`${base}/api/v1/people/${someone()}/co-presence?${span.toString()}`, {
      headers: { cookie, "x-reason": "bench" },
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    await answer.json();
  }, apiRuns);
  const inStore = await inTx(world, (tx) =>
    measure(() => meetings(tx, { ...window, personIds: [someone()] }), apiRuns),
  );
  report("tracing.contacts.api.p50ms", api.median, "ms", inStore.median, "in the store, no names");
  report("tracing.contacts.api.p95ms", api.p95, "ms", inStore.p95, "in the store, no names");
  const plan = { rows: ingestRows, batch: 2_000, connections: 16, people, venues, seed: 3, perSecond: 0 };
  const alone = await copyAlone(world, plan);
  const sent = await send(base, cookie, plan);
  report("visits.ingest.ndjson", (sent.recorded / sent.ms) * 1_000, "visits/s", alone, "COPY alone, one connection");
  const small = await send(base, cookie, { ...plan, batch: 500, seed: 4 });
  report(
    "visits.ingest.ndjson.500",
    (small.recorded / small.ms) * 1_000,
    "visits/s",
    alone,
    "COPY alone, one connection",
  );
  await singles(world, { ...place, at: ingestAt, tokens: await addGates(world, gates) });
  const asked = Array.from({ length: casesOfOne }, () => {
    const person = someone();
    return { person, expected: metBy(index, [person]).size };
  });
  const ask = async (forSeconds: number): Promise<Timed> => {
    const timed: Timed = { ms: [], wrong: 0 };
    await inTx(world, async (tx) => {
      const until = performance.now() + forSeconds * 1_000;
      while (performance.now() < until)
        for (const { person, expected } of asked) {
          const start = performance.now();
          const found = await meetings(tx, { ...window, personIds: [person] });
          timed.ms.push(performance.now() - start);
          if (new Set(found.map(({ other }) => other.person)).size !== expected) timed.wrong += 1;
        }
    });
    return { ...timed, ms: timed.ms.toSorted((a, b) => a - b) };
  };
  await settle(world);
  await ask(1);
  const before = await ask(quietSeconds);
  const arriving = send(base, cookie, {
    ...plan,
    seed: 5,
    batch: 500,
    rows: loadedPerSecond * loadedSeconds,
    perSecond: loadedPerSecond,
  });
  await new Promise((done) => setTimeout(done, 2_000));
  const loaded = await ask(loadedSeconds / 2);
  const arrived = await arriving;
  print(`  ${Math.round((arrived.recorded / arrived.ms) * 1_000)} visits/s arrived meanwhile`);
  const after = await ask(quietSeconds);
  const quiet = [...before.ms, ...after.ms].toSorted((a, b) => a - b);
  report(
    "tracing.contacts.loaded.p95ms",
    quantile(loaded.ms, 0.95),
    "ms",
    quantile(quiet, 0.95),
    "quiet, before and after",
  );
  report("tracing.contacts.loaded.wrong", loaded.wrong, `of ${loaded.ms.length}`);
  await stop();
}

async function run(url: string, dataFolder: string): Promise<void> {
  const world = await benchWorld(url, modules, 6);
  await addVenues(world, venues);
  print(`${people} people, ${venues} venues, ${perDay} visits a day, ${days.length} days`);
  const all = days.map((day) => visitsOfDay({ day, people, venues, perDay }));
  const treesS = await load(world, all);
  const { sql, release } = await world.owner.connect();
  const rowBytes =
    (await sql.one<{ n: number }>("select pg_total_relation_size('base') as n")).n / (perDay * days.length);
  await release();
  let bytes = 0;
  let visits = 0;
  let slowest = 0;
  for (const day of days) {
    const took = await seconds(async () => {
      const sealed = await inTx(world, (tx) => sealDay(tx, dayText(day)));
      bytes += sealed.bytes;
      visits += sealed.visits;
    });
    slowest = Math.max(slowest, took);
  }
  report("visits.sealed.bytes", bytes / visits, "B/visit", rowBytes, "rows + 2 covering b-trees");
  report("visits.seal.s", slowest, "s", treesS, "two covering b-trees on a day's rows");
  await settle(world);
  const index = indexOf(all, people, venues);
  await tracing(world, index);
  await served(world, index, { url, dataFolder });
  await world.close();
}

await onServer(async (url, dataFolder) => {
  await run(url, dataFolder);
  if (json !== "") writeFileSync(json, runText(people, rows));
});
