import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { LinkageRun } from "./registers.model.ts";
import type { BatchTally } from "./batch.store.ts";
import { waitingCount } from "./waiting.store.ts";

/** Runs over the waiting entries of a register, and how far each has come. */

export interface StoredRun extends LinkageRun {
  readonly within: string;
  readonly startedBy: string;
}

const columns = `no, register, area_code as "areaCode", within, state, started_by as "startedBy", started_name as "startedName",
  started_at as "startedAt", touched_at as "touchedAt", ended_at as "endedAt", worked_ms as "workedMs", total, done, linked, review, unmatched`;

/** Makes a run over everything that waits within the reader's area; undefined when one of the register is open. */
export async function insertRun(
  tx: Tx,
  register: { readonly code: string; readonly areaCode: string },
): Promise<StoredRun | undefined> {
  return tx.sql.maybe(
    `insert into person_link_run (register, area_code, within, state, started_by, started_name, started_at, touched_at, total)
     select $1, $2, $3, 'running', $4, $5, $6, $6, coalesce(sum(${waitingCount}), 0) from person_entry_count c where c.register = $1
     on conflict (register) where state = 'running' do nothing returning ${columns}`,
    [register.code, register.areaCode, tx.actor.areaCode, tx.actor.id, tx.actor.name, tx.now],
  );
}

export async function findRun(tx: Tx, no: number): Promise<StoredRun | undefined> {
  return tx.sql.maybe(`select ${columns} from person_link_run where no = $1`, [no]);
}

export async function findOpenRun(tx: Tx, register: string): Promise<StoredRun | undefined> {
  return tx.sql.maybe(`select ${columns} from person_link_run where register = $1 and state = 'running'`, [register]);
}

/** Open runs of which nothing was heard since a moment, the oldest first. */
export async function openRuns(tx: Tx, before: Instant, limit: number): Promise<number[]> {
  const rows = await tx.sql.many<{ no: number }>(
    "select no from person_link_run where state = 'running' and touched_at <= $1 order by no limit $2",
    [before, limit],
  );
  return rows.map(({ no }) => no);
}

/** Adds a batch to a run; its total grows when more has arrived than waited at its start. */
export async function addToRun(tx: Tx, no: number, tally: BatchTally, workedMs: number): Promise<void> {
  const done = tally.linked + tally.review + tally.unmatched;
  await tx.sql.run(
    `update person_link_run set done = done + $2, linked = linked + $3, review = review + $4, unmatched = unmatched + $5,
       total = greatest(total, done + $2), worked_ms = worked_ms + $6, touched_at = $7 where no = $1`,
    [no, done, tally.linked, tally.review, tally.unmatched, Math.round(workedMs), tx.now],
  );
}

/** Ends an open run; false when it has ended before. */
export async function endRun(tx: Tx, no: number, state: "done" | "cancelled"): Promise<boolean> {
  const ended = await tx.sql.run(
    `update person_link_run set state = $2, ended_at = $3, ended_by = $4 where no = $1 and state = 'running'`,
    [no, state, tx.now, tx.actor.id],
  );
  return ended === 1;
}

/** Runs of an area, the newest first. */
export async function pageRuns(
  tx: Tx,
  query: { areaCode: string; before: number | null; limit: number },
): Promise<StoredRun[]> {
  const { lo, hi } = areaRange(query.areaCode);
  return tx.sql.many(
    `select ${columns} from person_link_run where area_code >= $1 and area_code < $2 and ($3::bigint is null or no < $3)
     order by no desc limit $4`,
    [lo, hi, query.before, query.limit],
  );
}
