import cluster from "node:cluster";
import { once } from "node:events";
import { modules } from "#server/modules";
import { benchWorld } from "./load.ts";
import { serveBare } from "./scan.bare.ts";
import { serve } from "./serve.ts";

/**
 * Serves the bench's database by several processes that share a port, as `wuyang serve --processes` does, or as many bare
 * servers; says on standard output the address and the processes' numbers, and ends when its standard input does.
 * Run by scan.ts: node bench/scan.server.ts api|bare URL AT COUNT
 */

const [kind = "api", url = "", at = "", count = "1"] = process.argv.slice(2);
const connections = 8;

async function serveHere(): Promise<string> {
  const { base } =
    kind === "bare" ? await serveBare(url, at) : await serve(await benchWorld(url, modules, connections), at);
  return base;
}

function say(base: string, pids: readonly (number | undefined)[]): void {
  process.stdout.write(`${base} ${pids.join(",")}\n`);
  process.stdin.resume();
  process.stdin.once("end", () => process.exit(0));
}

if (cluster.isWorker) {
  process.on("disconnect", () => process.exit(0));
  process.send?.(await serveHere());
} else if (count === "1") {
  say(await serveHere(), [process.pid]);
} else {
  const workers = Array.from({ length: Number(count) }, () => cluster.fork());
  const [base = ""] = await Promise.all(
    workers.map(async (worker) => String(((await once(worker, "message")) as string[])[0])),
  );
  say(
    base,
    workers.map(({ process: { pid } }) => pid),
  );
}
