import { createHash, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { inject } from "vitest";
import type { AreaCode } from "#kernel/area";
import { prngOf } from "#kernel/prng";
import { addMinutes, type Clock, type Instant } from "#kernel/time";
import type { Ctx } from "./context.ts";
import { openPool, type Database, type Pool, type Sql } from "./db.ts";
import { createBus } from "./events.ts";
import { migrate, readMigrations } from "./migrate.ts";
import type { ModuleDef } from "./module.ts";
import { secretsOf } from "./secrets.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Owner URL of the test run's throw-away PostgreSQL, with `/postgres` as its database. */
    postgresUrl: string;
  }
}

/** A clock the test sets. */
export interface TestClock extends Clock {
  set(at: Instant): void;
  forward(minutes: number): void;
}

/** One test's own database with the given modules registered. */
export interface TestWorld {
  readonly clock: TestClock;
  /** SQL as the owner, which row-level security does not bind: for asserting stored rows. */
  readonly sql: Sql;
  readonly pool: Pool;
  readonly url: string;
  readonly modules: readonly ModuleDef[];
  /** A context holding the given permissions (all of the world's by default) over an area. */
  ctx(options?: {
    areaCode?: AreaCode;
    permissions?: readonly string[];
    reason?: string;
    key?: string;
    name?: string;
  }): Ctx;
  close(): Promise<void>;
}

function withDatabase(url: string, database: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  return parsed.toString();
}

/** Makes the migrated template once per test run; several test files may ask at the same time. */
async function ensureTemplate(adminUrl: string): Promise<string> {
  const hash = createHash("sha256")
    .update(
      readMigrations()
        .map((m) => m.hash)
        .join(),
    )
    .digest("hex")
    .slice(0, 12);
  const template = `template_${hash}`;
  const admin = openPool(adminUrl, { size: 1 });
  const { sql, release } = await admin.connect();
  try {
    await sql.run("select pg_advisory_lock(771001)");
    const exists = await sql.maybe("select 1 as one from pg_database where datname = $1", [template]);
    if (!exists) {
      await sql.script(`create database ${template}_new`);
      const owner = openPool(withDatabase(adminUrl, `${template}_new`), { size: 1 });
      await migrate(owner);
      await owner.close();
      await sql.script(`alter database ${template}_new rename to ${template}`);
    }
    await sql.run("select pg_advisory_unlock(771001)");
  } finally {
    await release();
    await admin.close();
  }
  return template;
}

const testMasterKey = Buffer.alloc(32, 7);

/** Transactions that may only read, as on a standby. */
function readOnly(pool: Pool): Database {
  return {
    transaction: (work, first) =>
      pool.transaction(work, ["set transaction read only", ...(first === undefined ? [] : [first])].join("; ")),
  };
}

/** Works as if Citus spread every table: only what asks in another way there differs, the rows stay where they are. */
export async function asIfSpread<T>(world: Pick<TestWorld, "sql">, work: () => Promise<T>): Promise<T> {
  const say = (spread: boolean): Promise<void> =>
    world.sql.script(
      `create or replace function wuyang.is_spread(target regclass) returns boolean language sql stable as 'select ${String(spread)}'`,
    );
  await say(true);
  try {
    return await work();
  } finally {
    await say(false);
  }
}

const leaveTriesMax = 50;
const leaveTryMs = 20;

/**
 * Waits a moment for connections that have said goodbye: cut off by force they would be told of an error, with nobody
 * left to hear it.
 */
async function untilLeft(sql: Sql, database: string): Promise<void> {
  for (let tries = 0; tries < leaveTriesMax; tries++) {
    const { left } = await sql.one<{ left: number }>(
      "select count(*)::int as left from pg_stat_activity where datname = $1",
      [database],
    );
    if (left === 0) return;
    await sleep(leaveTryMs);
  }
}

/** Clones a migrated database and registers the modules on it. */
export async function testWorld(options: { modules?: readonly ModuleDef[]; at?: Instant } = {}): Promise<TestWorld> {
  const adminUrl = inject("postgresUrl");
  const template = await ensureTemplate(adminUrl);
  const database = `test_${randomBytes(6).toString("hex")}`;
  const admin = openPool(adminUrl, { size: 1 });
  await admin.transaction(async (sql) => sql.run("select pg_advisory_xact_lock(771001)"));
  const { sql: adminSql, release: releaseAdmin } = await admin.connect();
  await adminSql.script(`create database ${database} template ${template}`);
  const url = withDatabase(adminUrl, database);
  const pool = openPool(url, { role: "wuyang_app", size: 5 });
  const owner = openPool(url, { size: 1 });
  const { sql, release } = await owner.connect();
  const modules = options.modules ?? [];
  const bus = createBus();
  for (const module of modules) module.register(bus);
  const all = modules.flatMap((module) => module.permissions);
  let now = options.at ?? "2022-07-24T00:00:00.000Z";
  const clock: TestClock = {
    now: () => now,
    set: (at) => (now = at),
    forward: (minutes) => (now = addMinutes(now, minutes)),
  };
  const prng = prngOf(1, database);
  const services = { bus, secrets: secretsOf(testMasterKey) };
  return {
    clock,
    sql,
    pool,
    url,
    modules,
    ctx({ areaCode = "", permissions = all, reason, key, name = "tester" } = {}) {
      return {
        actor: { id: name, name, roles: ["test"], permissions: new Set(permissions), areaCode },
        clock,
        prng,
        db: pool,
        // What says that a replica may answer it is proved to write nothing.
        replica: readOnly(pool),
        services,
        lang: "en",
        ...(reason === undefined ? {} : { reason }),
        ...(key === undefined ? {} : { key }),
      };
    },
    async close() {
      await release();
      await owner.close();
      await pool.close();
      await untilLeft(adminSql, database);
      await adminSql.script(`drop database ${database} with (force)`);
      await releaseAdmin();
      await admin.close();
    },
  };
}
