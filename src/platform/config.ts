import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { isAlive } from "./alive.ts";

/** The settings a process starts with; all come from the environment, so that one command line fits every machine. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  /** Null for the embedded PostgreSQL under the data folder. */
  readonly databaseUrl: string | null;
  /** A hot standby of that database, for reports; null without one. */
  readonly replicaUrl: string | null;
  /** Seconds a replica may be behind and still answer reports. */
  readonly replicaLagS: number;
  /** Connections this process holds at most for its requests; those of all processes must fit PostgreSQL's own limit. */
  readonly poolSize: number;
  readonly logLevel: string;
  readonly secureCookies: boolean;
}

const portDefault = 8_480;
const portMax = 65_535;
const poolSizeDefault = 10;
const poolSizeMax = 200;
const replicaLagDefaultS = 10;
const replicaLagMaxS = 3_600;

type Env = Readonly<Record<string, string | undefined>>;

function numberOf(env: Env, name: string, standard: number, least: number, most: number): number {
  const value = Number(env[name] ?? standard);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Error(`${name} must be a number from ${least} to ${most}, not «${env[name]}».`);
  return value;
}

/** Reads the environment; a wrong value stops the start with its name and what is allowed. */
export function readConfig(env: Env): Config {
  const port = numberOf(env, "PORT", portDefault, 0, portMax);
  return {
    host: env["HOST"] ?? "127.0.0.1",
    port,
    dataDir: path.resolve(env["DATA_DIR"] ?? "data"),
    databaseUrl: env["DATABASE_URL"] ?? null,
    replicaUrl: env["REPLICA_URL"] ?? null,
    replicaLagS: numberOf(env, "REPLICA_LAG_S", replicaLagDefaultS, 0, replicaLagMaxS),
    poolSize: numberOf(env, "POOL_SIZE", poolSizeDefault, 2, poolSizeMax),
    logLevel: env["LOG_LEVEL"] ?? "warn",
    secureCookies: env["SECURE_COOKIES"] === "1",
  };
}

/** The master key of this installation: from WUYANG_MASTER_KEY, else made once and kept under the data folder. */
export function masterKey(config: Config, env: Env): Buffer {
  const given = env["WUYANG_MASTER_KEY"];
  if (given) return Buffer.from(given, "base64");
  const file = path.join(config.dataDir, "master.key");
  if (existsSync(file)) return readFileSync(file);
  mkdirSync(config.dataDir, { recursive: true });
  const key = randomBytes(32);
  writeFileSync(file, key, { mode: 0o600 });
  return key;
}

/** The living process that works in the data folder, other than this one, or null. */
export function holderOf(dataDir: string): number | null {
  const file = path.join(dataDir, "wuyang.lock");
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, "utf8"));
  return pid !== process.pid && isAlive(pid) ? pid : null;
}

const lockTriesMax = 20;
const lockTryMs = 100;

/** Keeps a second process off the same data folder; returns the release. */
export function lockDataDir(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const file = path.join(dataDir, "wuyang.lock");
  // A process that was killed a moment ago may not be gone yet.
  let holder = holderOf(dataDir);
  for (let tries = 0; holder !== null && tries < lockTriesMax; tries++) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lockTryMs);
    holder = holderOf(dataDir);
  }
  if (holder !== null)
    throw new Error(`Another Wuyang (process ${holder}) works in ${dataDir}. Stop it, or give another DATA_DIR.`);
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}
