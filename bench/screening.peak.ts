import type { BenchWorld } from "./load.ts";
import { rowOf, type Row } from "./report.ts";
import { sendEvening } from "./screening.devices.ts";
import { openCityRound, type SampledCity } from "./screening.load.ts";
import type { Phase } from "./screening.sender.ts";
import { serve } from "./serve.ts";

const now = "2022-07-24T12:00:00.000Z";
const sustainedPerSecond = 1_000;
const burst = 10;

const warmUpSeconds = 8;
const phaseSecondsMax = 20;
const peoplePerPhaseSecond = 10_000;

/** The evening: people come steadily, ten times as many for a while, steadily again; then every device empties a full queue. */
function phasesFor(people: number): Phase[] {
  const seconds = Math.max(2, Math.min(phaseSecondsMax, Math.floor(people / peoplePerPhaseSecond)));
  return [
    // Until the first tubes are full everywhere there is nothing to measure.
    { name: "warm-up", perSecond: sustainedPerSecond, seconds: Math.min(warmUpSeconds, seconds) },
    { name: "sustained", perSecond: sustainedPerSecond, seconds },
    { name: "burst", perSecond: sustainedPerSecond * burst, seconds: Math.max(1, Math.floor(seconds / 4)) },
    { name: "after", perSecond: sustainedPerSecond, seconds },
    { name: "flood", perSecond: 0, seconds },
  ];
}

const copyRows = 100_000;
const rowsPerCopy = 5_000;
const poolSize = 10;

/** The same rows, tubes and swabs, by COPY alone into tables with the same keys: people a second. */
async function copyAlone(world: BenchWorld, city: SampledCity): Promise<number> {
  const people = Math.min(city.people, copyRows);
  const round = "00000000-0000-7000-8000-000000000001";
  const { sql, release } = await world.owner.connect();
  await sql.script(
    "create table bare_tube (like tube including defaults including indexes including identity); create table bare_sample (like sample including indexes)",
  );
  const start = performance.now();
  for (let from = 0; from < people; from += rowsPerCopy) {
    function* tubes(): Generator<readonly (string | number)[]> {
      for (let t = from / poolSize; t < (from + rowsPerCopy) / poolSize; t++)
        yield [round, round, "371702100200", round, round, `B${t}`, "pool", poolSize, poolSize, "area", now, "closed"];
    }
    function* swabs(): Generator<readonly (string | number)[]> {
      // Sites far from each other send in turn, so that neighbours in the table are not neighbours in its key.
      for (let i = from; i < from + rowsPerCopy; i++)
        yield [round, 1 + ((i * 7_919) % city.people), Math.floor(i / poolSize) + 1, now, "371702100200"];
    }
    await sql.copyIn(
      "bare_tube (outbreak_id, round_id, area_code, site_id, box_id, barcode, kind, capacity, size, purpose, collected_at, state)",
      tubes(),
    );
    await sql.copyIn("bare_sample (round_id, person_id, tube_id, at, area_code)", swabs());
  }
  const perSecond = (people / (performance.now() - start)) * 1_000;
  await sql.script("drop table bare_tube; drop table bare_sample");
  await release();
  return perSecond;
}

/**
 * Drives the API as an evening does: the devices of every site, couriers and laboratories. The first row is what the
 * API took with every device's queue full, beside COPY of the same rows; the others are the phases before.
 */
export async function screeningPeak(
  world: BenchWorld,
  city: SampledCity,
  print: (line: string) => void,
): Promise<Row[]> {
  const bare = await copyAlone(world, city);
  const roundId = await openCityRound(city);
  const { base, stop } = await serve(world, now);
  const done = await sendEvening(world, city, { base, roundId, prefix: "P", phases: phasesFor(city.people) });
  await stop();
  for (const phase of done.phases)
    print(
      `  ${phase.name.padEnd(10)} ${rate(phase.people, phase.ms)} people/s, ${rate(phase.tubes, phase.ms)} tubes/s in ${phase.uploads} uploads: p50 ${ms(phase.p50)}, p95 ${ms(phase.p95)}, p99 ${ms(phase.p99)}; a full tube is stored after p95 ${ms(phase.told95)}`,
    );
  print(
    `  ${done.resulted} people resulted, ${done.boxes} boxes; hand-over and receipt p95 ${ms(done.carried95)}, results p95 ${ms(done.resulted95)}; the rest drained in ${ms(done.drainMs)}; ${done.retried} writes sent again`,
  );
  const of = (name: string) => done.phases.find((phase) => phase.name === name);
  const flood = of("flood");
  const sustained = of("sustained");
  const tenfold = of("burst");
  if (!flood || !sustained || !tenfold) throw new Error("the evening has its phases");
  const perSecond = (phase: { people: number; ms: number }): number => (phase.people / phase.ms) * 1_000;
  return [
    rowOf("screening.peak.people", perSecond(flood), "people/s", bare, "bare COPY"),
    rowOf("screening.peak.tubes", (flood.tubes / flood.ms) * 1_000, "tubes/s", bare / poolSize, "bare COPY"),
    rowOf("screening.peak.sustained", perSecond(sustained), "people/s", sustainedPerSecond, "people who came"),
    rowOf("screening.peak.burst", perSecond(tenfold), "people/s", sustainedPerSecond * burst, "people who came"),
    rowOf("screening.peak.upload.p50ms", sustained.p50, "ms"),
    rowOf("screening.peak.upload.p95ms", sustained.p95, "ms"),
    rowOf("screening.peak.upload.p99ms", sustained.p99, "ms"),
  ];
}

const rate = (n: number, over: number): string => String(Math.round((n / over) * 1_000));
const ms = (value: number): string => `${value.toFixed(0)} ms`;
