import type { Instant } from "#kernel/time";
import type { Sql } from "./db.ts";
import type { RepeatingDuty } from "./events.ts";
import { countJobs, type JobCounts } from "./joblist.ts";
import { readMigrations } from "./migrate.ts";
import { growthPerDay } from "./sizes.ts";
import { readDuties, type DutyState } from "./ticks.ts";

/** How the installation stands, without anybody's data. */
export interface Health {
  readonly databaseVersion: string;
  readonly databaseBytes: number;
  /** Bytes a day of late; null before the database has been watched for some hours. */
  readonly growthPerDay: number | null;
  readonly migrations: { readonly applied: number; readonly missing: number };
  readonly audit: { readonly rows: number; readonly unsealed: number; readonly sealedAt: Instant | null };
  readonly sessions: number;
  readonly connections: number;
  readonly connectionsMax: number;
  /** Since when the oldest open transaction runs; null when none does. */
  readonly oldestTransactionAt: Instant | null;
  readonly largestTables: readonly { readonly name: string; readonly bytes: number; readonly rows: number }[];
  readonly jobs: JobCounts;
  readonly duties: readonly DutyState[];
  readonly standbys: readonly Standby[];
  /** The last backup somebody noted, and the last piece of the log that PostgreSQL put into its archive. */
  readonly backup: Backup | null;
  readonly archivedAt: Instant | null;
}

/** A database that follows this one. */
export interface Standby {
  readonly name: string;
  readonly state: string;
  readonly syncState: string;
  readonly behindBytes: number | null;
  readonly behindSeconds: number | null;
}

/** A backup as whoever made it noted it. */
export interface Backup {
  readonly at: Instant;
  readonly by: string;
  readonly note: string;
}

const tablesShown = 10;

/** Looks at the database; every figure is the database's own. `wall` is the machine's time, by which its size is noted. */
export async function readHealth(
  sql: Sql,
  at: { readonly now: Instant; readonly wall: Instant },
  duties: readonly RepeatingDuty[],
): Promise<Health> {
  const one = await sql.one<{
    version: string;
    bytes: number;
    sessions: number;
    connections: number;
    connectionsMax: number;
    oldest: Instant | null;
    archivedAt: Instant | null;
  }>(
    `select current_setting('server_version') as version, pg_database_size(current_database())::float8 as bytes,
       (select count(*)::int from session where ended_at is null and expires_at > $1) as sessions,
       (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
       current_setting('max_connections')::int as "connectionsMax", (select last_archived_time from pg_stat_archiver) as "archivedAt",
       (select min(xact_start) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()) as oldest`,
    [at.wall],
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
    connectionsMax: one.connectionsMax,
    growthPerDay: await growthPerDay(sql, at.wall),
    oldestTransactionAt: one.oldest,
    largestTables: tables,
    jobs: await countJobs(sql),
    duties: await readDuties(sql, duties),
    standbys: await sql.many<Standby>(
      `select name, state, sync_state as "syncState", behind_bytes as "behindBytes", behind_seconds as "behindSeconds" from wuyang.standbys()`,
    ),
    backup: (await sql.maybe<{ value: Backup }>("select value from setting where name = 'backup.last'"))?.value ?? null,
    archivedAt: one.archivedAt,
  };
}

/** Notes that a backup was made, so that its age can be told. */
export async function noteBackup(sql: Sql, backup: Backup): Promise<void> {
  await sql.run(
    `insert into setting (name, value) values ('backup.last', $1::jsonb) on conflict (name) do update set value = excluded.value`,
    [JSON.stringify(backup)],
  );
}
