import type { FastifyInstance } from "fastify";
import { everywhere } from "#kernel/area";
import { uuidv7 } from "#kernel/ids";
import type { Clock } from "#kernel/time";
import { accountExists, createAccount, makePassword } from "#platform/accounts";
import { sealAudit } from "#platform/audit";
import { writeTallies } from "#platform/audit.tally";
import { movableClock, systemPrng, wallClock } from "#platform/clocks";
import { masterKey, type Config } from "#platform/config";
import type { Ctx, Services } from "#platform/context";
import type { Pool } from "#platform/db";
import { startJobs } from "#platform/jobs";
import { createLog, type Log } from "#platform/log";
import { createMetrics } from "#platform/metrics";
import { dropOldWindows } from "#platform/ratewindow";
import { secretsOf } from "#platform/secrets";
import { processFigures } from "#platform/process";
import { noteSize } from "#platform/sizes";
import type { Store } from "#platform/store";
import { runDueDuties } from "#platform/ticks";
import { releaseDeadWorkers } from "#platform/workers";
import { buildApp } from "./app.ts";
import { startCityClock } from "./city.clock.ts";
import { endParts } from "./ending.ts";
import { identifier, type AppContext } from "./identity.ts";
import { allPermissions, composeBus, composeJobs, modules } from "./modules.ts";
import { permissionTable } from "./roles.ts";
import { openStream } from "./stream.ts";

/** What a running server gives back. */
export interface RunningServer {
  readonly url: string;
  readonly app: FastifyInstance;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly config: Config;
  readonly store: Store;
  readonly webFolder: string | null;
  /**
   * Whose time it is: the machine's; a drill's, which moves the clock and runs the duties itself; or a loaded city's, which
   * the server processes move.
   */
  readonly clock: "machine" | "drill" | "city";
  readonly log?: Log;
}

const dutyIntervalMs = 5_000;
const sealIntervalMs = 30_000;
const tidyIntervalMs = 10_000;

/** The process's services over one installation's master key. */
export function makeServices(config: Config): Services {
  return { bus: composeBus(modules), secrets: secretsOf(masterKey(config, process.env)) };
}

/** The context of the system itself, everywhere, with every permission. */
export function systemCtx(pool: Pool, services: Services, clock: Clock): Ctx {
  return {
    actor: {
      id: "system",
      name: "system",
      roles: ["system"],
      permissions: new Set(allPermissions(modules)),
      areaCode: everywhere.lo,
    },
    clock,
    prng: systemPrng,
    db: pool,
    services,
    lang: "zh-CN",
  };
}

/** The drill's clock as it was last written, for a server that starts beside a running drill. */
async function drillClockStart(pool: Pool): Promise<string> {
  const row = await pool.transaction((sql) =>
    sql.maybe<{ value: { now: string } }>("select value from setting where name = 'drill.clock'"),
  );
  return row?.value.now ?? wallClock.now();
}

/** Repeats a task until stopped; one run at a time, a failure is logged and the next run tries again. */
function repeat(everyMs: number, log: Log, what: string, run: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    running = run()
      .catch((error: unknown) =>
        log.error({ duty: what, error: (error as Error).message }, "a duty failed and will be tried again"),
      )
      .finally(() => (busy = false));
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

const keyCheckText = "wuyang key check";

/**
 * Refuses a master key other than the one this database was begun with: a second process with a key of its own would
 * store what the others cannot read, and find nobody by their number.
 */
async function checkKey(pool: Pool, services: Services): Promise<void> {
  const mark = services.secrets.lookupHash(keyCheckText).toString("base64url");
  const { value } = await pool.transaction(async (sql) => {
    await sql.run("insert into setting (name, value) values ('key.check', $1::jsonb) on conflict do nothing", [
      JSON.stringify({ mark }),
    ]);
    return sql.one<{ value: { mark: string } }>("select value from setting where name = 'key.check'");
  });
  if (value.mark !== mark)
    throw new Error("This database was begun with another master key: give every process the same WUYANG_MASTER_KEY.");
}

/** Starts HTTP, the live stream, the job queue and the repeating duties over an open store. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, store } = options;
  const log = options.log ?? createLog(config.logLevel);
  const metrics = createMetrics();
  const startedAt = wallClock.now();
  const services: Services = {
    ...makeServices(config),
    figures: processFigures({ startedAt, dataDir: config.dataDir, pool: store.pool, metrics }),
  };
  await checkKey(store.pool, services);
  const isVirtual = options.clock !== "machine";
  const drillClock = movableClock(isVirtual ? await drillClockStart(store.pool) : wallClock.now());
  const clock: Clock = isVirtual ? drillClock : wallClock;
  const permissionsOf = permissionTable(allPermissions(modules));
  const stream = await openStream(store.pool, (at) => drillClock.set(at));
  const context: AppContext = {
    pool: store.pool,
    ...(store.replica ? { replica: store.replica } : {}),
    services,
    clock,
    wall: wallClock,
    permissionsOf,
    options: { secureCookies: config.secureCookies, webFolder: options.webFolder },
    identify: identifier(store.pool, permissionsOf, wallClock),
  };
  const app = await buildApp({
    context,
    modules,
    log,
    metrics,
    stream,
    ready: () =>
      store.pool.transaction(
        async (sql) => (await sql.maybe("select 1 as one from public.migration limit 1")) !== undefined,
      ),
  });
  const system = () => systemCtx(store.pool, services, clock);
  const jobs = await startJobs({
    pool: store.pool,
    url: store.url,
    handlers: { ...composeJobs(modules), "audit.seal": async () => void (await sealAudit(store.pool, clock.now())) },
    makeCtx: system,
    log,
  });
  const stops = [
    repeat(sealIntervalMs, log, "audit.seal", async () => {
      await writeTallies(store.pool, clock.now());
      await sealAudit(store.pool, clock.now());
    }),
    repeat(tidyIntervalMs, log, "tidy", async () => {
      await releaseDeadWorkers(store.owner);
      await dropOldWindows(store.pool);
      await noteSize(store.pool, wallClock.now());
    }),
  ];
  if (options.clock !== "drill") stops.push(repeat(dutyIntervalMs, log, "duties", () => runDueDuties(system())));
  if (options.clock === "city") {
    const cityClock = await startCityClock(store.pool, () => drillClock.now());
    stops.push(() => cityClock.stop());
  }
  const url = await app.listen({ host: config.host, port: config.port });
  return {
    url,
    app,
    async close() {
      const left = await endParts({
        requests: async () => {
          await stream.close();
          await app.close();
        },
        duties: () => Promise.all(stops.map((stop) => stop())),
        jobs: () => jobs.stop(),
      });
      if (left.length > 0) log.warn({ left }, "ended without waiting longer for what is in hand");
    },
  };
}

const firstAccountLock = 771_025;

/** The first start's administrator: made once, with a password nobody chose, which is returned to be shown once. */
export async function firstAdministrator(
  pool: Pool,
  password = makePassword(),
): Promise<{ login: string; password: string } | null> {
  return pool.transaction(async (sql) => {
    // Several processes may start on an empty database at once; one makes the account, the others find it.
    await sql.run("select pg_advisory_xact_lock($1)", [firstAccountLock]);
    if (await accountExists(sql)) return null;
    const now = wallClock.now();
    await createAccount(
      sql,
      {
        id: uuidv7(now, systemPrng),
        login: "admin",
        password,
        name: "管理员 Administrator",
        roles: ["admin"],
        areaCode: "",
      },
      now,
    );
    return { login: "admin", password };
  });
}
