import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { recordVisit } from "#modules/venues";
import { createAccount } from "#platform/accounts";
import { movableClock, wallClock } from "#platform/clocks";
import { makeToken } from "#platform/tokens";
import type { BenchWorld } from "./load.ts";
import { serveBare } from "./scan.bare.ts";
import { postgresUs } from "./processor.ts";
import { password } from "./serve.ts";
import { randomOf } from "./visits.city.ts";

const sender = fileURLToPath(new URL("scan.sender.ts", import.meta.url));

export interface ScanPlan {
  readonly rows: number;
  readonly connections: number;
  readonly people: number;
  readonly venues: number;
  readonly seed: number;
}

/** What the sender saw, and what the server's process needed for it. */
export interface ScansSent {
  readonly answered: number;
  readonly recorded: number;
  readonly ms: number;
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  /** Microseconds of processor time for one scan: of the sender, of the server's process, of PostgreSQL. */
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

/** Sends scans one a request from another process; each connection bears one of the tokens. Every new one must be stored. */
export async function sendScans(
  world: BenchWorld,
  base: string,
  tokens: readonly string[],
  plan: ScanPlan,
  dataFolder: string,
): Promise<ScansSent> {
  const { rows, connections, people, venues, seed } = plan;
  const before = await visitsStored(world);
  const postgres = postgresUs(dataFolder);
  const cpu = process.cpuUsage();
  const numbers = [rows, connections, people, venues, seed].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, [sender, base, ...numbers, ...tokens]);
  const used = process.cpuUsage(cpu);
  const sent = JSON.parse(stdout) as ScansSent;
  const stored = (await visitsStored(world)) - before;
  if (stored !== sent.recorded || sent.answered !== rows)
    throw new Error(`${sent.answered} answered of ${rows}, ${sent.recorded} said to be new, ${stored} stored`);
  return {
    ...sent,
    perSecond: (sent.answered / sent.ms) * 1_000,
    serverUs: (used.user + used.system) / sent.answered,
    postgresUs: (postgresUs(dataFolder) - postgres) / sent.answered,
  };
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

/** A server of the bench, its database and the gates that send to it. */
export interface Served {
  readonly base: string;
  readonly url: string;
  readonly dataFolder: string;
  readonly at: string;
  readonly tokens: readonly string[];
}

/** Sends the same to the API and to a bare server in front of the same group, in turns; the better round of each counts. */
export async function compareScans(
  world: BenchWorld,
  served: Served,
  plan: ScanPlan,
  rounds: number,
): Promise<{ readonly api: ScansSent; readonly bare: ScansSent }> {
  const bare = await serveBare(served.url, served.at);
  const better = (a: ScansSent | undefined, b: ScansSent): ScansSent => (a && a.perSecond > b.perSecond ? a : b);
  let api: ScansSent | undefined;
  let plain: ScansSent | undefined;
  for (let round = 0; round < rounds; round++) {
    const send = (base: string, seed: number): Promise<ScansSent> =>
      sendScans(world, base, served.tokens, { ...plan, seed }, served.dataFolder);
    api = better(api, await send(served.base, plan.seed + 2 * round));
    plain = better(plain, await send(bare.base, plan.seed + 2 * round + 1));
  }
  await bare.stop();
  if (!api || !plain) throw new Error("at least one round");
  return { api, bare: plain };
}

/** The processor time of one scan in words: on a shared machine it says more than the time on the wall. */
export function processorText({ senderUs, serverUs, postgresUs }: ScansSent): string {
  const sum = senderUs + serverUs + postgresUs;
  return `${sum.toFixed(0)} us of processor a scan (server ${serverUs.toFixed(0)}, PostgreSQL ${postgresUs.toFixed(0)}, sender ${senderUs.toFixed(0)})`;
}
