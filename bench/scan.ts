import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { recordVisit } from "#modules/venues";
import { createAccount } from "#platform/accounts";
import { movableClock, wallClock } from "#platform/clocks";
import { makeToken } from "#platform/tokens";
import type { BenchWorld } from "./load.ts";
import { postgresUs, processesUs } from "./processor.ts";
import { password } from "./serve.ts";
import { randomOf } from "./visits.city.ts";

const sender = fileURLToPath(new URL("scan.sender.ts", import.meta.url));
const servers = fileURLToPath(new URL("scan.server.ts", import.meta.url));

export interface ScanPlan {
  readonly rows: number;
  readonly connections: number;
  readonly people: number;
  readonly venues: number;
  readonly seed: number;
}

/** What the sender saw, and what the server's processes needed for it. */
export interface ScansSent {
  readonly answered: number;
  readonly recorded: number;
  readonly ms: number;
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  /** Microseconds of processor time for one scan: of the sender, of the server's processes, of PostgreSQL. */
  readonly senderUs: number;
  readonly serverUs: number;
  readonly postgresUs: number;
}

async function visitsStored(world: BenchWorld): Promise<number> {
  const { sql, release } = await world.owner.connect();
  const { n } = await sql.one<{ n: number }>("select count(*) as n from visit");
  await release();
  return n;
}

const warmRows = 50_000;
const warmSeed = 500_000;

/** Scans go to the API, or to a bare server in front of the same group, of so many processes. */
interface Servers {
  readonly kind: "api" | "bare";
  readonly processes: number;
}

/** Lends servers on one port: their address and the numbers of their processes. */
async function onServers<T>(
  { kind, processes }: Servers,
  { url, at }: Served,
  work: (base: string, pids: readonly number[]) => Promise<T>,
): Promise<T> {
  const child = spawn(process.execPath, [servers, kind, url, at, String(processes)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [line] = await Promise.race([once(child.stdout, "data"), ended]);
  if (child.exitCode !== null) throw new Error("the servers did not start");
  try {
    const [base = "", pids = ""] = String(line).trim().split(" ");
    return await work(base, pids.split(",").map(Number));
  } finally {
    child.stdin.end();
    await ended;
  }
}

/** Sends scans one a request from another process; each connection bears one of the tokens. Every new one must be stored. */
async function sendScans(world: BenchWorld, served: Served, to: Servers, plan: ScanPlan): Promise<ScansSent> {
  const { rows, connections, people, venues, seed } = plan;
  return onServers(to, served, async (base, pids) => {
    const run = (count: number, itsSeed: number): Promise<{ readonly stdout: string }> => {
      const numbers = [count, connections, people, venues, itsSeed].map(String);
      return promisify(execFile)(process.execPath, [sender, base, ...numbers, ...served.tokens]);
    };
    // A process that has just started compiles as it goes; an evening's has long done so.
    await run(warmRows, seed + warmSeed);
    const before = await visitsStored(world);
    const postgres = postgresUs(served.dataFolder);
    const cpu = processesUs(pids);
    const { stdout } = await run(rows, seed);
    const serverUs = (processesUs(pids) - cpu) / rows;
    const sent = JSON.parse(stdout) as ScansSent;
    const stored = (await visitsStored(world)) - before;
    if (stored !== sent.recorded || sent.answered !== rows)
      throw new Error(`${sent.answered} answered of ${rows}, ${sent.recorded} said to be new, ${stored} stored`);
    return {
      ...sent,
      perSecond: (sent.answered / sent.ms) * 1_000,
      serverUs,
      postgresUs: (postgresUs(served.dataFolder) - postgres) / sent.answered,
    };
  });
}

/** Accounts of gates, each with a token for its device. */
export async function addGates(world: BenchWorld, count: number): Promise<string[]> {
  const { sql, release } = await world.owner.connect();
  const tokens: string[] = [];
  for (let i = 0; i < count; i++) {
    const login = `gate${i}`;
    const id = `00000000-0000-7001-8000-${String(i).padStart(12, "0")}`;
    const account = { id, login, password, name: login, roles: ["dataManager"], areaCode: "3717" };
    await createAccount(sql, account, wallClock.now());
    tokens.push((await makeToken(sql, { accountId: id, label: "device" }, wallClock.now())).token);
  }
  await release();
  return tokens;
}

/** The same use case with a transaction for each scan, over the pool's connections and without HTTP: scans a second. */
export async function scansAlone(world: BenchWorld, plan: ScanPlan, at: string): Promise<number> {
  const ctx = { ...world.ctx("3717"), clock: movableClock(at) };
  const random = randomOf(plan.seed);
  let left = plan.rows;
  const began = performance.now();
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const venueCode = `V${1 + Math.floor(random() * random() * plan.venues)}`;
      const personId = 1 + Math.floor(random() * plan.people);
      const seconds = 3_600 + Math.floor(random() * 39_600);
      await recordVisit(ctx, {
        venueCode,
        personId,
        at: new Date(Date.parse("2022-07-22T00:00:00.000Z") + seconds * 1_000).toISOString(),
      });
    }
  };
  await Promise.all(Array.from({ length: plan.connections }, worker));
  return (plan.rows / (performance.now() - began)) * 1_000;
}

/** The bench's database, the moment of its scans and the gates that send them. */
export interface Served {
  readonly url: string;
  readonly dataFolder: string;
  readonly at: string;
  readonly tokens: readonly string[];
}

/** Sends the same to the API and to bare servers of as many processes, in turns; the better round of each counts. */
export async function compareScans(
  world: BenchWorld,
  served: Served,
  plan: ScanPlan & { readonly processes: number },
  rounds: number,
): Promise<{ readonly api: ScansSent; readonly bare: ScansSent }> {
  const better = (a: ScansSent | undefined, b: ScansSent): ScansSent => (a && a.perSecond > b.perSecond ? a : b);
  let api: ScansSent | undefined;
  let bare: ScansSent | undefined;
  const { processes } = plan;
  for (let round = 0; round < rounds; round++) {
    const seed = plan.seed + 2 * round;
    api = better(api, await sendScans(world, served, { kind: "api", processes }, { ...plan, seed }));
    bare = better(bare, await sendScans(world, served, { kind: "bare", processes }, { ...plan, seed: seed + 1 }));
  }
  if (!api || !bare) throw new Error("at least one round");
  return { api, bare };
}

/** The processor time of one scan in words: on a shared machine it says more than the time on the wall. */
export function processorText({ senderUs, serverUs, postgresUs }: ScansSent): string {
  const sum = senderUs + serverUs + postgresUs;
  return `${sum.toFixed(0)} us of processor a scan (server ${serverUs.toFixed(0)}, PostgreSQL ${postgresUs.toFixed(0)}, sender ${senderUs.toFixed(0)})`;
}
