import { EventEmitter } from "node:events";
import { run, runMigrations, type WorkerEvents } from "graphile-worker";
import type { Ctx, JobInput } from "./context.ts";
import type { Pool, Sql } from "./db.ts";
import { errorText } from "./errortext.ts";
import type { Log } from "./log.ts";
import { announceWorkers } from "./workers.ts";

/**
 * Does one job; it may be called twice for one job and must then leave the same state. One that takes minutes listens to the
 * signal, by which a process that stops asks it to leave the rest to another.
 */
export type JobHandler = (ctx: Ctx, payload: unknown, signal: AbortSignal) => Promise<void>;

const attemptsMax = 8;
const concurrency = 2;
const pollIntervalMs = 500;

/**
 * Makes the queue's own tables; run by the owner at migration. The workers are the owner too; the application adds jobs
 * by `wuyang.enqueue_job` and has no other business here, though earlier versions granted it all.
 */
export async function installJobs(url: string, sql: Sql): Promise<void> {
  await runMigrations({ connectionString: url, logger: silentLogger() });
  await sql.script(`revoke all on schema graphile_worker from wuyang_app;
    revoke all on all tables in schema graphile_worker from wuyang_app;
    revoke all on all sequences in schema graphile_worker from wuyang_app;
    revoke all on all functions in schema graphile_worker from wuyang_app`);
}

/** Adds a job inside the transaction of the given SQL; a function of the owner's does it, as the queue hides its tables. */
export async function enqueueJob(sql: Sql, job: JobInput): Promise<void> {
  await sql.run("select wuyang.enqueue_job($1, $2::json, $3, $4)", [
    job.name,
    JSON.stringify(job.payload),
    attemptsMax,
    job.key ?? null,
  ]);
}

function silentLogger() {
  return { scope: () => silentLogger(), error: noop, warn: noop, info: noop, debug: noop } as never;
}

function noop(): void {
  // The queue's own messages quote payloads; ours name only the job.
}

/** The queue at work in this process. */
export interface Jobs {
  /** Waits for the jobs in hand. */
  stop(): Promise<void>;
}

/** Starts working the queue, beside whichever other processes do. */
export async function startJobs(options: {
  readonly pool: Pool;
  readonly url: string;
  readonly handlers: Readonly<Record<string, JobHandler>>;
  readonly makeCtx: () => Ctx;
  readonly log: Log;
}): Promise<Jobs> {
  const stopping = new AbortController();
  const taskList = Object.fromEntries(
    Object.entries(options.handlers).map(([name, handler]) => [
      name,
      async (payload: unknown) => {
        try {
          await handler(options.makeCtx(), payload, stopping.signal);
        } catch (error) {
          // The queue keeps the words of what it is thrown, so it is thrown none that could quote a person.
          const failure = errorText(error);
          options.log.error({ job: name, error: failure }, "a job failed and will be tried again");
          throw new Error(failure);
        }
      },
    ]),
  );
  const alive = await announceWorkers(options.pool);
  const events: WorkerEvents = new EventEmitter();
  // Jobs in hand bear the name of their process's pool of workers.
  events.on("pool:create", ({ workerPool }) => alive.add(workerPool.id));
  const runner = await run({
    connectionString: options.url,
    concurrency,
    pollInterval: pollIntervalMs,
    noHandleSignals: true,
    logger: silentLogger(),
    taskList,
    events,
  });
  return {
    async stop() {
      stopping.abort();
      await runner.stop();
      await alive.close();
    },
  };
}
