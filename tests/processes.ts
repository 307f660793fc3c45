import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** One server process as an installation runs it: the command line, its own port, the shared database. */
export interface Server {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it wrote to its log. */
  log(): string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const mainFile = path.join(import.meta.dirname, "..", "src", "cli", "main.ts");
const startMsMax = 60_000;

/** Starts `wuyang serve` on a database and waits for its address. */
export async function startProcess(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Server> {
  const child = spawn(process.execPath, [mainFile, "serve", "--api-only", ...args], {
    env: { ...process.env, HOST: "127.0.0.1", PORT: "0", POOL_SIZE: "4", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let log = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const deadline = performance.now() + startMsMax;
  let url: string | undefined;
  while ((url = /(http:\/\/\S+)/.exec(out)?.[1]) === undefined) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`no server: ${log || out}`);
    await sleep(20);
  }
  return {
    url,
    child,
    log: () => log,
    async stop(signal = "SIGTERM") {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill(signal);
      await gone;
    },
  };
}

/** An answer of the API with its status. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends JSON to a server with a token and, for a write, its idempotency key. */
export async function send(server: Server, token: string, where: string, body: object, key: string): Promise<Answer> {
  const response = await fetch(server.url + where, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

/** Follows a server's live stream and gathers the topics it names. */
export async function follow(server: Server, token: string): Promise<{ topics: Set<string>; end(): void }> {
  const abort = new AbortController();
  const response = await fetch(`${server.url}/api/v1/stream`, {
    headers: { authorization: `Bearer ${token}` },
    signal: abort.signal,
  });
  if (response.status !== 200 || !response.body) throw new Error(`no stream: ${response.status}`);
  const topics = new Set<string>();
  const reading = (async () => {
    let text = "";
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      for (const [, data] of text.matchAll(/event: changed\ndata: (.*)\n/g))
        for (const topic of (JSON.parse(data as string) as { topics: string[] }).topics) topics.add(topic);
    }
  })();
  reading.catch(() => undefined);
  return { topics, end: () => abort.abort() };
}

/** Waits until something holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, msMax = 60_000): Promise<void> {
  const deadline = performance.now() + msMax;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await sleep(50);
  }
}
