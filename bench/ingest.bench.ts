import { modules } from "#server/modules";
import { addVenues, copyAlone, holdDay, ingestServer, send } from "./ingest.ts";
import { benchWorld } from "./load.ts";
import { onServer, option } from "./program.ts";

/**
 * How many scans a second the API takes durably (answered after the commit, readable by tracing at once), beside the
 * same rows by COPY alone. With --held the day holds so many visits already: an evening in place of a morning.
 * Run: node bench/ingest.bench.ts [--people 1000000] [--rows 500000] [--batch 500] [--connections 8] [--held 25000000]
 */

const people = Number(option("people", "1000000"));
const venues = Math.max(100, Math.round(people / 25));
const held = Number(option("held", "0"));
const plan = {
  rows: Number(option("rows", "500000")),
  batch: Number(option("batch", "500")),
  connections: Number(option("connections", "8")),
  people,
  venues,
  seed: 3,
  perSecond: 0,
};

await onServer(async (url) => {
  const world = await benchWorld(url, modules, plan.connections);
  await addVenues(world, venues);
  const { base, cookie, stop } = await ingestServer(world);
  if (held > 0) await holdDay(world, held, plan);
  const alone = await copyAlone(world, plan, held > 0 ? "day" : "own");
  const sent = await send(base, cookie, plan);
  const perSecond = (sent.recorded / sent.ms) * 1_000;
  process.stdout.write(
    `visits.ingest.ndjson ${Math.round(perSecond)} visits/s, a batch of ${plan.batch} p50 ${sent.p50.toFixed(1)} p99 ${sent.p99.toFixed(1)} ms; COPY alone ${Math.round(alone)}/s, ratio ${(perSecond / alone).toFixed(2)}\n`,
  );
  await stop();
  await world.close();
});
