import type { Instant } from "#kernel/time";
import type { Sql } from "./db.ts";

/** How many jobs of the queue wait, are in hand, will be tried again, and have had all their attempts. */
export interface JobCounts {
  readonly waiting: number;
  readonly running: number;
  readonly retrying: number;
  readonly failed: number;
  /** Since when the longest-waiting job could have been done. */
  readonly oldestAt: Instant | null;
}

/** One job of the queue, without what it was told. */
export interface QueuedJob {
  readonly id: number;
  readonly task: string;
  readonly state: "waiting" | "running" | "retrying" | "failed";
  readonly attempts: number;
  readonly attemptsMax: number;
  readonly runAt: Instant;
  readonly addedAt: Instant;
  readonly takenAt: Instant | null;
  /** Kind and place of the last error, never its words. */
  readonly failure: string | null;
}

const shownMax = 100;

/** How the queue stands; the queue itself says so, as the application does not see its tables. */
export async function countJobs(sql: Sql): Promise<JobCounts> {
  return sql.one<JobCounts>(
    `select waiting::int, running::int, retrying::int, failed::int, oldest_at as "oldestAt" from wuyang.counted_jobs()`,
  );
}

/** The jobs of the queue: the failed first, then those in hand, then those that will be tried again. */
export async function listJobs(sql: Sql): Promise<QueuedJob[]> {
  const rows = await sql.many<Omit<QueuedJob, "state">>(
    `select id, task, attempts, attempts_max as "attemptsMax", run_at as "runAt", added_at as "addedAt", taken_at as "takenAt", failure
     from wuyang.queued_jobs($1)`,
    [shownMax],
  );
  return rows.map((row) => ({ ...row, state: stateOf(row) }));
}

function stateOf(job: Omit<QueuedJob, "state">): QueuedJob["state"] {
  if (job.takenAt !== null) return "running";
  if (job.attempts >= job.attemptsMax) return "failed";
  return job.attempts > 0 ? "retrying" : "waiting";
}

/** Gives a job all its attempts again; false when there is none of this number that nobody works. */
export async function retryJob(sql: Sql, id: number): Promise<boolean> {
  return (await sql.one<{ done: boolean }>("select wuyang.retry_job($1) as done", [id])).done;
}
