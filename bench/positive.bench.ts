import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbedded } from "#platform/embedded";
import { modules } from "#server/modules";
import { benchWorld } from "./load.ts";
import { positiveAccounts, positiveEndToEnd } from "./positive.ts";
import { quantile } from "./report.ts";
import { cityArea, loadCity, loadRound, openCityRound } from "./screening.load.ts";
import { serve } from "./serve.ts";

const people = Number(process.argv[2] ?? "100000");
const folder = mkdtempSync(path.join(tmpdir(), "wuyang-bench-"));
chmodSync(folder, 0o755);
const server = await startEmbedded({ folder: path.join(folder, "pg") });
try {
  const world = await benchWorld(server.url("postgres"), modules, 6);
  const city = await loadCity(world, people);
  const roundId = await openCityRound(city);
  await loadRound(world, city, roundId);
  const { base, stop } = await serve(world, "2022-07-24T13:00:00.000Z");
  await positiveAccounts(world, cityArea);
  const run = await positiveEndToEnd(world, base, 100);
  for (const [name, list] of Object.entries({ all: run.ms, report: run.reportMs, told: run.toldMs }))
    process.stdout.write(
      `${name} p50 ${quantile(list, 0.5).toFixed(0)} p95 ${quantile(list, 0.95).toFixed(0)} p99 ${quantile(list, 0.99).toFixed(0)}\n`,
    );
  process.stdout.write(`contacts ${run.contacts}\n`);
  await stop();
  await world.close();
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
