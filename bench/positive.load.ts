import { sealDay } from "#modules/venues";
import { runDuty } from "#platform/usecase";
import { addGateway, addVenues, gateway, send } from "./ingest.ts";
import type { BenchWorld } from "./load.ts";
import { positiveAccounts, positiveEndToEnd } from "./positive.ts";
import { quantile, rowOf, type Row } from "./report.ts";
import { sendEvening } from "./screening.devices.ts";
import { cityArea, openCityRound, type SampledCity } from "./screening.load.ts";
import { logIn, serve } from "./serve.ts";
import { visitsOfDay } from "./visits.city.ts";
import { attach, closingPart } from "./visits.load.ts";

/**
 * Positive tubes of a city end to end, first while nothing else happens, then while 1,000 people a second are sampled and
 * 10,000 visits a second arrive: the same tubes' members, whose visits of two days lie packed.
 */

const firstDay = Date.parse("2022-07-22T00:00:00.000Z");
const visitDays = 2;
const visitsPerPersonDay = 3;
const peoplePerVenue = 25;
const dayMs = 86_400_000;
const evening = "2022-07-24T13:00:00.000Z";
const tubesQuiet = 100;
const tubesLoaded = 200;
const warmUpTubes = 20;
const sampledPerSecond = 1_000;
const visitsPerSecond = 10_000;
const settleMs = 3_000;
/** Of a small city everybody is sampled before. */
const loadSecondsMax = 150;

async function packVisits(world: BenchWorld, people: number, venues: number): Promise<void> {
  for (let day = 0; day < visitDays; day++) {
    const visits = visitsOfDay({ day, people, venues, perDay: people * visitsPerPersonDay });
    const { sql, release } = await world.owner.connect();
    const { part } = await closingPart(sql, visits, firstDay, day);
    await attach(sql, part, firstDay, day);
    await release();
    const text = new Date(firstDay + day * dayMs).toISOString().slice(0, 10);
    await runDuty(world.ctx(cityArea), async (tx) => void (await sealDay(tx, text)));
  }
  await world.analyze();
}

/** `positive.endToEnd.p99ms`: from the laboratory's request to every screen's answer under load, beside the same quiet. */
export async function positiveUnderLoad(
  world: BenchWorld,
  city: SampledCity,
  print: (line: string) => void,
): Promise<Row[]> {
  const venues = Math.max(100, Math.round(city.people / peoplePerVenue));
  await addVenues(world, venues);
  await packVisits(world, city.people, venues);
  await positiveAccounts(world, cityArea);
  await addGateway(world);
  const roundId = await openCityRound(city);
  const { base, stop } = await serve(world, evening);
  const cookie = await logIn(base, gateway);
  await positiveEndToEnd(world, base, warmUpTubes);
  const quiet = await positiveEndToEnd(world, base, tubesQuiet);
  const seconds = Math.min(loadSecondsMax, Math.floor((city.people * 0.8) / sampledPerSecond));
  const sampling = sendEvening(world, city, {
    base,
    roundId,
    prefix: "E",
    phases: [{ name: "sustained", perSecond: sampledPerSecond, seconds }],
  });
  const rows = visitsPerSecond * seconds;
  const plan = { rows, batch: 500, connections: 4, people: city.people, venues, seed: 31, day: "2022-07-24" };
  const arriving = send(base, cookie, { ...plan, perSecond: visitsPerSecond });
  await new Promise((done) => setTimeout(done, settleMs));
  const loaded = await positiveEndToEnd(world, base, tubesLoaded, seconds * 1_000 - settleMs);
  const [sampled, arrived] = await Promise.all([sampling, arriving]);
  await stop();
  const [phase] = sampled.phases;
  print(
    `  meanwhile ${Math.round((1_000 * (phase?.people ?? 0)) / (phase?.ms ?? 1))} people/s were sampled (upload p95 ${phase?.p95.toFixed(0)} ms) and ${Math.round((arrived.recorded / arrived.ms) * 1_000)} visits/s arrived (a batch p99 ${arrived.p99.toFixed(0)} ms)`,
  );
  print(`  close contacts listed: ${Math.round(loaded.contacts / loaded.ms.length)} a tube`);
  for (const [what, run] of Object.entries({ quiet, loaded }))
    for (const [path, ms] of Object.entries(run.askedMs))
      print(`  ${what} ${path}: p50 ${quantile(ms, 0.5).toFixed(0)}, p99 ${quantile(ms, 0.99).toFixed(0)} ms`);
  const row = (name: string, share: number, of: "ms" | "reportMs" | "toldMs"): Row =>
    rowOf(name, quantile(loaded[of], share), "ms", quantile(quiet[of], share), "quiet");
  return [
    row("positive.endToEnd.p99ms", 0.99, "ms"),
    row("positive.endToEnd.p50ms", 0.5, "ms"),
    row("positive.report.p99ms", 0.99, "reportMs"),
    row("positive.told.p99ms", 0.99, "toldMs"),
  ];
}
