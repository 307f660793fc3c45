import path from "node:path";
import { holderOf, type Config } from "./config.ts";
import { openPool, type Pool, type Sql } from "./db.ts";
import { startEmbedded } from "./embedded.ts";
import { migrate, selfTest } from "./migrate.ts";
import { openReplica, type Replica } from "./replica.ts";

/** An open, migrated database. */
export interface Store {
  /** Owner connections: migrations and the job queue's tables. */
  readonly owner: Pool;
  /** The application's connections, bound by row-level security. */
  readonly pool: Pool;
  /** The copy that reports are read from, or null. */
  readonly replica: Replica | null;
  readonly url: string;
  /** Closes the connections and stops the embedded server, unless another store on it stays open. */
  close(options?: { readonly keepServer?: boolean }): Promise<void>;
}

export const appRole = "wuyang_app";
const msPerS = 1_000;
const databaseNamePattern = /^[a-z][a-z0-9_]{0,60}$/;

/** What a process holds beside the pool for its requests: migrations and jobs, the live stream, groups of calls. */
const connectionsBeside = 20;
/** For commands beside the server, and a backup. */
const connectionsSpare = 30;

function connectionsFor({ poolSize }: Config, processes: number): number {
  return processes * (poolSize + connectionsBeside) + connectionsSpare;
}

async function ensureDatabase(
  adminUrl: string,
  database: string,
  { fresh = false, mustExist = false }: { fresh?: boolean; mustExist?: boolean },
): Promise<void> {
  if (!databaseNamePattern.test(database)) throw new Error(`«${database}» is not a database name.`);
  const admin = openPool(adminUrl, { size: 1 });
  const { sql, release } = await admin.connect();
  try {
    if (fresh) await sql.script(`drop database if exists ${database} with (force)`);
    const found = await sql.maybe("select 1 as one from pg_database where datname = $1", [database]);
    if (!found && mustExist) throw new Error(`There is no database «${database}» on this server.`);
    if (!found) await sql.script(`create database ${database} template template0 encoding 'UTF8'`);
  } finally {
    await release();
    await admin.close();
  }
}

export interface OpenStoreOptions {
  /** A database of its own on the same server, a drill's or a city's. */
  readonly database?: string;
  /** Drops what it held. */
  readonly fresh?: boolean;
  /** Makes none where there is none. */
  readonly mustExist?: boolean;
  readonly poolSize?: number;
  /** Neither migrates nor tests it. */
  readonly asItIs?: boolean;
  /** How many server processes an embedded server that is started here has connections for. */
  readonly processes?: number;
}

/** Opens the database of this installation: the embedded server's, or DATABASE_URL. */
export async function openStore(config: Config, options: OpenStoreOptions = {}): Promise<Store> {
  // A server that runs owns the embedded PostgreSQL: a command beside it is a guest and must not stop it.
  const guest = holderOf(config.dataDir) !== null;
  const embedded =
    config.databaseUrl === null
      ? await startEmbedded({
          folder: path.join(config.dataDir, "pg"),
          settings: { max_connections: String(connectionsFor(config, options.processes ?? 1)) },
        })
      : null;
  let url = config.databaseUrl;
  if (embedded || options.database) {
    const database = options.database ?? "wuyang";
    const adminUrl = embedded ? embedded.url("postgres") : (url as string);
    await ensureDatabase(adminUrl, database, options);
    const parsed = new URL(adminUrl);
    parsed.pathname = `/${database}`;
    url = parsed.toString();
  }
  const owner = openPool(url as string, { size: 2 });
  if (!options.asItIs) {
    await migrate(owner);
    await selfTest(owner);
  }
  const pool = openPool(url as string, { role: appRole, size: options.poolSize ?? config.poolSize });
  const replica =
    config.replicaUrl === null || options.database
      ? null
      : await openReplica(pool, config.replicaUrl, {
          role: appRole,
          size: config.poolSize,
          lagMsMax: config.replicaLagS * msPerS,
        });
  return {
    owner,
    pool,
    replica,
    url: url as string,
    async close({ keepServer = false } = {}) {
      await replica?.close();
      await pool.close();
      await owner.close();
      if (!guest && !keepServer) await embedded?.stop();
    },
  };
}

/**
 * Opens a database after a look at what it holds: `check` reads it as it is, before anything is dropped, migrated or written,
 * and throws to refuse it.
 */
export async function openCheckedStore<T>(
  config: Config,
  options: Omit<OpenStoreOptions, "asItIs"> & { readonly database: string },
  check: (sql: Sql) => Promise<T>,
): Promise<{ readonly store: Store; readonly found: T }> {
  const { database, mustExist = false, processes = 1 } = options;
  const seen = await openStore(config, { database, mustExist, processes, asItIs: true, poolSize: 2 });
  let isOpen = false;
  try {
    const found = await seen.owner.transaction(check);
    const store = await openStore(config, options);
    isOpen = true;
    return { store, found };
  } finally {
    // The server below stays for the store that is open; where none is, nobody else would stop it.
    await seen.close({ keepServer: isOpen });
  }
}

const staleShare = 0.1;
const staleRowsMin = 200;

/**
 * Refreshes the statistics of tables that have changed by a tenth since the last time. A database that grows from
 * nothing in minutes cannot wait for autovacuum: until then its plans are made for empty tables.
 */
export async function refreshStatistics(owner: Pool): Promise<number> {
  return owner.transaction(async (sql) => {
    const stale = await sql.many<{ name: string }>(
      `select quote_ident(relname) as name from pg_stat_user_tables
       where schemaname = 'public' and n_mod_since_analyze > $1 and n_mod_since_analyze > $2::float8 * n_live_tup`,
      [staleRowsMin, staleShare],
    );
    if (stale.length > 0) await sql.script(`analyze ${stale.map((row) => row.name).join(", ")}`);
    return stale.length;
  });
}
