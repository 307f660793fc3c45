import { modules } from "#server/modules";
import { addVenues, ingestAt } from "./ingest.ts";
import { benchWorld } from "./load.ts";
import { addGates, compareScans, processorText, scansAlone } from "./scan.ts";
import { onServer, option } from "./program.ts";

/**
 * How many scans a second the API takes one a request, of one server process and of two, each answered after the commit,
 * beside a bare server in front of the same group and beside a transaction for each scan.
 * Run: node bench/scan.bench.ts [--rows 200000] [--connections 1024] [--gates 64] [--rounds 3] [--processes 1,2]
 *   [--people 1000000]
 */

const people = Number(option("people", "1000000"));
const venues = Math.max(100, Math.round(people / 25));
const plan = {
  rows: Number(option("rows", "200000")),
  connections: Number(option("connections", "1024")),
  people,
  venues,
  seed: 3,
};
const aloneConnections = 8;
const aloneRows = 5_000;

await onServer(async (url, dataFolder) => {
  const world = await benchWorld(url, modules, aloneConnections);
  await addVenues(world, venues);
  const tokens = await addGates(world, Number(option("gates", "64")));
  const served = { url, dataFolder, at: ingestAt, tokens };
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  for (const [i, processes] of option("processes", "1,2").split(",").map(Number).entries()) {
    const ofThem = { ...plan, processes, seed: plan.seed + i * 1_000 };
    const { api, bare } = await compareScans(world, served, ofThem, Number(option("rounds", "3")));
    for (const [name, sent] of Object.entries({ api, bare }))
      print(
        `visits.ingest.single ${processes} ${name.padEnd(4)} ${Math.round(sent.perSecond)} visits/s, p50 ${sent.p50.toFixed(1)} p99 ${sent.p99.toFixed(1)} ms, ${processorText(sent)}`,
      );
    print(`ratio to bare ${(api.perSecond / bare.perSecond).toFixed(2)}`);
  }
  const alonePlan = { ...plan, rows: aloneRows, connections: aloneConnections, seed: 99 };
  const alone = await scansAlone(world, alonePlan, ingestAt);
  print(`a transaction for each scan, ${aloneConnections} connections: ${Math.round(alone)} visits/s`);
  await world.close();
});
