import cluster, { type Address, type Worker } from "node:cluster";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { masterKey, type Config } from "#platform/config";
import type { Store } from "#platform/store";
import { startServer, type ServerOptions } from "#server/start";
import { webFolder } from "#web/build";
import { stopWord } from "./stop.ts";

/**
 * A server in this process, or in several that share its port, so that one command uses all cores of a machine. Where they
 * are several this one serves nothing: it starts the others, starts one anew that ends by itself, and tells them to stop.
 */
export interface OpenServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface OpenOptions extends Pick<ServerOptions, "config" | "store" | "clock"> {
  readonly processes: number;
  readonly apiOnly?: boolean;
}

const program = path.join(import.meta.dirname, "main.ts");
/** How long to wait before a process is started in the place of one that ended; doubled while none comes to serve. */
const againLeastMs = 500;
const againMostMs = 30_000;
/** A process that does not end within this when told to is ended. */
const endMsMax = 30_000;

export async function openServer(options: OpenOptions): Promise<OpenServer> {
  const { config, store, clock, processes, apiOnly = false } = options;
  if (processes === 1) return startServer({ config, store, clock, webFolder: apiOnly ? null : webFolder });
  // What they serve as is told by the database itself.
  cluster.setupPrimary({ exec: program, args: ["serve", ...(apiOnly ? ["--api-only"] : [])] });
  return openProcesses(processes, envOf(config, store));
}

/** They are given this database and key, wherever this process had them from. */
function envOf(config: Config, store: Store): Record<string, string> {
  return { DATABASE_URL: store.url, WUYANG_MASTER_KEY: masterKey(config, process.env).toString("base64") };
}

/** Waits until a process serves; one that ends before has said why on its own. */
async function serving(worker: Worker): Promise<Address> {
  const over = new AbortController();
  const { signal } = over;
  try {
    const address = await Promise.race([
      once(worker, "listening", { signal }).then(([at]) => at as Address),
      once(worker, "exit", { signal }).then(() => null),
    ]);
    if (address === null) throw new Error("a server process ended before it served");
    return address;
  } finally {
    over.abort();
  }
}

async function end(worker: Worker): Promise<void> {
  if (worker.isDead()) return;
  const gone = once(worker, "exit");
  // One that is still starting hears no word yet and is ended by the signal; one that serves goes by the word.
  worker.process.kill("SIGTERM");
  if (worker.isConnected()) worker.send(stopWord);
  const late = setTimeout(() => worker.process.kill("SIGKILL"), endMsMax);
  await gone;
  clearTimeout(late);
}

async function openProcesses(count: number, env: Readonly<Record<string, string>>): Promise<OpenServer> {
  const living = new Set<Worker>();
  let closing = false;

  function fork(): Worker {
    const worker = cluster.fork(env);
    living.add(worker);
    worker.once("exit", () => living.delete(worker));
    return worker;
  }

  /** Keeps one place filled, however often the process in it ends. */
  async function keep(first: Worker): Promise<void> {
    let worker = first;
    let againMs = againLeastMs;
    for (;;) {
      if (!worker.isDead()) await once(worker, "exit");
      if (closing) return;
      process.stderr.write(`wuyang: server process ${worker.process.pid} ended; another takes its place\n`);
      await sleep(againMs);
      if (closing) return;
      worker = fork();
      const serves = await serving(worker).then(
        () => true,
        () => false,
      );
      againMs = serves ? againLeastMs : Math.min(againMostMs, againMs * 2);
    }
  }

  async function close(): Promise<void> {
    closing = true;
    await Promise.all([...living].map(end));
  }

  const started = Array.from({ length: count }, fork);
  try {
    const [first] = await Promise.all(started.map(serving));
    for (const worker of started) void keep(worker);
    return { url: `http://${first?.address}:${first?.port}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}
