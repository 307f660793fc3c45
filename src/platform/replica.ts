import { setTimeout as sleep } from "node:timers/promises";
import { openPool, type Database, type Pool, type Sql } from "./db.ts";

/** How a replica stands: how far it is behind, or null while it does not answer. */
export interface ReplicaState {
  readonly lagMs: number | null;
  /** Do reports go to it now? */
  readonly inUse: boolean;
}

/** A read replica (hot standby) that gives way to the primary while it lags or is away. */
export interface Replica extends Database {
  state(): ReplicaState;
  close(): Promise<void>;
}

const lookEveryMs = 1_000;
const lookTimeoutMs = 3_000;

// A standby that has replayed all it received is not behind, however long ago the last transaction was.
const lagText = `select case when not pg_is_in_recovery() then 0
    when pg_last_wal_receive_lsn() is not distinct from pg_last_wal_replay_lsn()
      and exists (select from pg_stat_wal_receiver where status = 'streaming') then 0
    else coalesce(extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000, 1e12) end as lag`;

async function lagOf(pool: Pool): Promise<number | null> {
  const asked = pool.transaction(async (sql) => (await sql.one<{ lag: number }>(lagText)).lag);
  const late = sleep(lookTimeoutMs, null, { ref: false });
  return Promise.race([asked.catch(() => null), late]);
}

/**
 * Opens a replica at `url` beside its primary. It is asked each second how far it is behind; beyond `lagMsMax`, or when
 * it does not answer, reports are read from the primary, so that a broken replica costs speed and never an answer.
 */
export async function openReplica(
  primary: Database,
  url: string,
  options: { readonly role?: string; readonly size: number; readonly lagMsMax: number },
): Promise<Replica> {
  const pool = openPool(url, { ...(options.role === undefined ? {} : { role: options.role }), size: options.size });
  let lagMs: number | null = await lagOf(pool);
  let looking: Promise<void> = Promise.resolve();
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    looking = lagOf(pool).then((lag) => {
      lagMs = lag;
      busy = false;
    });
  }, lookEveryMs);
  timer.unref();
  const usable = (): boolean => lagMs !== null && lagMs <= options.lagMsMax;
  return {
    state: () => ({ lagMs, inUse: usable() }),
    async transaction<T>(work: (sql: Sql) => Promise<T>, first?: string): Promise<T> {
      if (!usable()) return primary.transaction(work, first);
      let begun = false;
      try {
        return await pool.transaction((sql) => {
          begun = true;
          return work(sql);
        }, first);
      } catch (error) {
        // It went away, or PostgreSQL cancelled the question to replay what conflicts with it: a report only reads, so it may be asked again.
        if (begun && !isOutage(error)) throw error;
        lagMs = null;
        return primary.transaction(work, first);
      }
    },
    async close() {
      clearInterval(timer);
      await looking;
      await pool.close();
    },
  };
}

/** PostgreSQL's class 08 (connection), 57 (operator's intervention) and 40 (rollback), and a socket that broke. */
function isOutage(error: unknown): boolean {
  const { code = "" } = error as { code?: string };
  return /^(08|57|40)/.test(code) || /^E[A-Z]+$/.test(code) || /terminated|closed/i.test(String(error));
}
