import { deserialize, serialize } from "node:v8";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Instant } from "#kernel/time";
import type { Sql } from "#platform/db";
import type { DrillMemory } from "./hand.ts";
import type { DrillItem } from "./queue.rules.ts";

/** What names a run: the same three give the same drill. */
export interface RunKey {
  readonly scenario: string;
  readonly seed: number;
  readonly scale: number;
}

export interface RunRow {
  readonly id: string;
  readonly setupDone: number;
  readonly minute: number;
  readonly finishedAt: Instant | null;
  readonly summary: unknown;
}

/** Everything a killed drill needs to go on as if nothing had happened. */
export interface SavedState {
  readonly memory: DrillMemory;
  readonly items: readonly DrillItem[];
  readonly engine: Uint8Array;
}

/** The run of this database, made if it is not there; a database holds one run. */
export async function findOrCreateRun(
  sql: Sql,
  key: RunKey,
  made: { id: string; protocol: string; now: Instant; minute: number },
): Promise<RunRow> {
  await sql.run(
    `insert into drill_run (id, scenario, seed, scale, protocol, minute, now_at)
     select $1, $2, $3, $4, $5, $6, $7 where not exists (select from drill_run)`,
    [made.id, key.scenario, key.seed, key.scale, made.protocol, made.minute, made.now],
  );
  const row = await sql.one<RunRow & RunKey>(
    `select id, scenario, seed, scale, setup_done as "setupDone", minute, finished_at as "finishedAt", summary from drill_run`,
  );
  if (row.scenario !== key.scenario || row.seed !== key.seed || row.scale !== key.scale)
    throw new Error(
      `This database holds the drill ${row.scenario}, seed ${row.seed}, scale ${row.scale}; use --fresh to begin another.`,
    );
  return row;
}

export async function markSetup(sql: Sql, id: string, done: number): Promise<void> {
  await sql.run("update drill_run set setup_done = $2 where id = $1", [id, done]);
}

/** Saves the state inside the step's own transaction, so that work and memory are kept or lost together. */
export async function saveState(sql: Sql, id: string, minute: number, now: Instant, state: SavedState): Promise<void> {
  // Level 1 costs a millisecond and keeps each step's row small.
  const packed = deflateRawSync(serialize(state), { level: 1 });
  await sql.run("update drill_run set minute = $2, now_at = $3, state = $4 where id = $1", [id, minute, now, packed]);
  await setDrillClock(sql, now);
}

/** Moves the clock of the database's drill or loaded city, and tells every server process that follows it. */
export async function setDrillClock(sql: Sql, now: Instant): Promise<void> {
  await sql.run(
    `insert into setting (name, value) values ('drill.clock', jsonb_build_object('now', $1::text))
     on conflict (name) do update set value = excluded.value`,
    [now],
  );
  await sql.run("select pg_notify('wuyang', $1)", [`clock:${now}`]);
}

export async function loadState(sql: Sql, id: string): Promise<SavedState | null> {
  const row = await sql.one<{ state: Buffer | null }>("select state from drill_run where id = $1", [id]);
  return row.state === null ? null : (deserialize(inflateRawSync(row.state)) as SavedState);
}

export async function finishRun(sql: Sql, id: string, now: Instant, summary: object): Promise<void> {
  await sql.run("update drill_run set finished_at = $2, summary = $3 where id = $1", [
    id,
    now,
    JSON.stringify(summary),
  ]);
}
