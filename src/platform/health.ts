import type { Instant } from "#kernel/time";
import type { Sql } from "./db.ts";
import { readMigrations } from "./migrate.ts";

/** How the installation stands, without anybody's data. */
export interface Health {
  readonly databaseVersion: string;
  readonly databaseBytes: number;
  readonly migrations: { readonly applied: number; readonly missing: number };
  readonly audit: { readonly rows: number; readonly unsealed: number; readonly sealedAt: Instant | null };
  readonly sessions: number;
  readonly connections: number;
  /** Since when the oldest open transaction runs; null when none does. */
  readonly oldestTransactionAt: Instant | null;
  readonly largestTables: readonly { readonly name: string; readonly bytes: number; readonly rows: number }[];
}

const tablesShown = 10;

/** Looks at the database; every figure is the database's own. */
export async function readHealth(sql: Sql, now: Instant): Promise<Health> {
  const one = await sql.one<{
    version: string;
    bytes: number;
    sessions: number;
    connections: number;
    oldest: Instant | null;
  }>(
    `select current_setting('server_version') as version, pg_database_size(current_database())::float8 as bytes,
       (select count(*)::int from session where ended_at is null and expires_at > $1) as sessions,
       (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
       (select min(xact_start) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()) as oldest`,
    [now],
  );
  const audit = await sql.one<{ rows: number; unsealed: number; sealed_at: Instant | null }>(
    `select coalesce((select sum(rows) from audit_block), 0)::float8 as rows,
       (select count(*)::float8 from audit where tx >= coalesce((select max(tx_below::text::bigint)::text::xid8 from audit_block), '0'::xid8)) as unsealed,
       (select max(sealed_at) from audit_block) as sealed_at`,
  );
  const applied = await sql.many<{ no: number }>("select no from public.migration");
  const known = new Set(applied.map(({ no }) => no));
  const tables = await sql.many<{ name: string; bytes: number; rows: number }>(
    `select relname as name, pg_total_relation_size(oid)::float8 as bytes, greatest(reltuples, 0)::float8 as rows
     from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
     order by pg_total_relation_size(oid) desc limit $1`,
    [tablesShown],
  );
  return {
    databaseVersion: one.version,
    databaseBytes: one.bytes,
    migrations: { applied: applied.length, missing: readMigrations().filter(({ no }) => !known.has(no)).length },
    audit: { rows: audit.rows + audit.unsealed, unsealed: audit.unsealed, sealedAt: audit.sealed_at },
    sessions: one.sessions,
    connections: one.connections,
    oldestTransactionAt: one.oldest,
    largestTables: tables,
  };
}
