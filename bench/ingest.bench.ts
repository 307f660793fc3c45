import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbedded } from "#platform/embedded";
import { modules } from "#server/modules";
import { addVenues, copyAlone, ingestServer, send } from "./ingest.ts";
import { benchWorld } from "./load.ts";

/**
 * How many scans a second the API takes durably (answered after the commit, readable by tracing at once), beside the
 * same rows by COPY alone. Run: node bench/ingest.bench.ts [--people 1000000] [--rows 500000] [--connections 8]
 */

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? fallback : Number(process.argv[at + 1]);
};
const people = option("people", 1_000_000);
const venues = Math.max(100, Math.round(people / 25));
const plan = {
  rows: option("rows", 500_000),
  batch: option("batch", 500),
  connections: option("connections", 8),
  people,
  venues,
  seed: 3,
  perSecond: 0,
};

const folder = mkdtempSync(path.join(tmpdir(), "wuyang-bench-"));
chmodSync(folder, 0o755);
// Not a throw-away server: every commit waits for the disk, as in earnest.
const server = await startEmbedded({ folder: path.join(folder, "pg") });
try {
  const world = await benchWorld(server.url("postgres"), modules, plan.connections);
  await addVenues(world, venues);
  const { base, cookie, stop } = await ingestServer(world);
  const alone = await copyAlone(world, plan);
  const sent = await send(base, cookie, plan);
  const perSecond = (sent.recorded / sent.ms) * 1_000;
  process.stdout.write(
    `visits.ingest.ndjson ${Math.round(perSecond)} visits/s, a batch of ${plan.batch} p50 ${sent.p50.toFixed(1)} p99 ${sent.p99.toFixed(1)} ms; COPY alone ${Math.round(alone)}/s, ratio ${(perSecond / alone).toFixed(2)}\n`,
  );
  await stop();
  await world.close();
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
