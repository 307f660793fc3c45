import { setTimeout as sleep } from "node:timers/promises";
import type { Database, Pool } from "./db.ts";

/** Tells the other server processes that this one's workers live, by locks that fall with its connection. */
export interface Alive {
  add(worker: string): void;
  close(): Promise<void>;
}

const lockClass = 771_024;
const reconnectMs = 1_000;

/** Opens the connection whose locks stand for this process's workers; it is opened again for as long as it is wanted. */
export async function announceWorkers(pool: Pool): Promise<Alive> {
  const workers = new Set<string>();
  let closed = false;
  let connection: Awaited<ReturnType<Pool["connect"]>> | null = null;

  function lock(worker: string): void {
    // A lock that could not be taken is taken when the connection is opened again.
    void connection?.sql.run("select pg_advisory_lock($1, hashtext($2))", [lockClass, worker]).catch(() => undefined);
  }
  async function connect(): Promise<void> {
    const made = await pool.connect();
    connection = made;
    made.client.on("end", () => {
      if (!closed) void reconnect();
    });
    for (const worker of workers) lock(worker);
  }
  async function reconnect(): Promise<void> {
    connection = null;
    while (!closed && connection === null) {
      await sleep(reconnectMs, undefined, { ref: false });
      await connect().catch(() => undefined);
    }
  }
  await connect();
  return {
    add(worker) {
      workers.add(worker);
      lock(worker);
    },
    async close() {
      closed = true;
      await connection?.release();
    },
  };
}

/** How long a job may be in hand before its worker is asked after: a worker that begins takes its lock meanwhile. */
const graceSeconds = 10;

/**
 * Gives back the jobs of workers whose process was killed, so that another process does them at once: left alone, the
 * queue waits four hours. It needs the owner, because the queue hides its tables from the application. Returns how many workers were found dead.
 */
export async function releaseDeadWorkers(db: Database): Promise<number> {
  return db.transaction(async (sql) => {
    const dead = await sql.many<{ worker: string }>(
      `select worker from (
         select distinct locked_by as worker from graphile_worker.jobs
         where locked_by is not null and locked_at < now() - $2 * interval '1 second') as busy
       where pg_try_advisory_xact_lock($1, hashtext(worker))`,
      [lockClass, graceSeconds],
    );
    if (dead.length > 0)
      await sql.run("select graphile_worker.force_unlock_workers($1)", [dead.map(({ worker }) => worker)]);
    return dead.length;
  });
}
