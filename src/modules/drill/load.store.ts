import type { Instant } from "#kernel/time";
import type { KeptIndex } from "#platform/indexes";
import type { Sql } from "#platform/db";
import type { LoadOrder, LoadPhase, LoadReport, LoadSizes } from "./load.model.ts";

/** The load of this database, as far as it has come. */
export interface StoredLoad {
  readonly order: LoadOrder;
  /** What its chunks are made of. */
  readonly plan: string;
  readonly indexes: readonly KeptIndex[];
  readonly finishedAt: Instant | null;
  readonly report: LoadReport | null;
}

/** The load of this database; undefined where none was begun, or the tables are not even there. */
export async function findLoad(sql: Sql): Promise<StoredLoad | undefined> {
  const { there } = await sql.one<{ there: boolean }>("select to_regclass('public.city_load') is not null as there");
  if (!there) return undefined;
  const row = await sql.maybe<
    Omit<StoredLoad, "order"> & { scenario: string; seed: number; scale: number; sizes: LoadSizes }
  >(`select scenario, seed, scale, sizes, plan, indexes, finished_at as "finishedAt", report from city_load`);
  if (!row) return undefined;
  const { scenario, seed, scale, sizes, ...rest } = row;
  return { order: { scenario, seed, scale, ...sizes }, ...rest };
}

/** Does the database hold anything that a load did not put there? */
export async function isInUse(sql: Sql): Promise<boolean> {
  const { there } = await sql.one<{ there: boolean }>("select to_regclass('public.migration') is not null as there");
  if (!there) return false;
  const { used } = await sql.one<{ used: boolean }>(
    "select exists (select from account) or exists (select from event) or exists (select from audit) or exists (select from drill_run) as used",
  );
  return used;
}

export async function insertLoad(
  sql: Sql,
  load: { readonly order: LoadOrder; readonly plan: string; readonly indexes: readonly KeptIndex[]; now: Instant },
): Promise<void> {
  const { scenario, seed, scale, ...sizes } = load.order;
  await sql.run(
    "insert into city_load (scenario, seed, scale, sizes, plan, indexes, started_at) values ($1, $2, $3, $4, $5, $6, $7)",
    [scenario, seed, scale, JSON.stringify(sizes), load.plan, JSON.stringify(load.indexes), load.now],
  );
}

/** Which chunks are done, and how many rows each added. */
export async function doneChunks(sql: Sql): Promise<Map<number, number>> {
  const rows = await sql.many<{ no: number; rows: number }>("select no, rows from city_load_chunk order by no");
  return new Map(rows.map((row) => [row.no, row.rows]));
}

/**
 * Claims a chunk at the beginning of its transaction. A killed load may leave a transaction behind that is still working
 * on the same chunk: this waits for its end.
 */
export async function claimChunk(sql: Sql, no: number, phase: string): Promise<void> {
  await sql.run("insert into city_load_chunk (no, phase, rows, seconds) values ($1, $2, 0, 0)", [no, phase]);
}

export async function markChunk(sql: Sql, no: number, rows: number, seconds: number): Promise<void> {
  await sql.run("update city_load_chunk set rows = $2, seconds = $3 where no = $1", [no, rows, seconds]);
}

/** How many rows the finished chunks of a phase have added. */
export async function rowsOfPhase(sql: Sql, phase: string): Promise<number> {
  return (
    await sql.one<{ n: number }>("select coalesce(sum(rows), 0)::bigint as n from city_load_chunk where phase = $1", [
      phase,
    ])
  ).n;
}

/** What each phase has added and taken, in the order of the plan. */
export async function phaseSums(sql: Sql): Promise<LoadPhase[]> {
  return sql.many(
    `select phase, sum(rows)::bigint as rows, round(sum(seconds)::numeric, 2) as seconds from city_load_chunk
     group by phase order by min(no)`,
  );
}

export async function markFinished(sql: Sql, now: Instant, report: LoadReport): Promise<void> {
  await sql.run("update city_load set finished_at = $1, report = $2", [now, JSON.stringify(report)]);
}

/** Every table of some size, a partitioned one with all its days. */
export async function tableSizes(sql: Sql): Promise<{ name: string; bytes: number }[]> {
  return sql.many(
    `select coalesce(parent.relname, own.relname)::text as name, sum(pg_total_relation_size(own.oid))::bigint as bytes
     from pg_class own left join pg_inherits i on i.inhrelid = own.oid left join pg_class parent on parent.oid = i.inhparent
     where own.relnamespace = 'public'::regnamespace and own.relkind = 'r' group by 1 having sum(pg_total_relation_size(own.oid)) > 1048576
     order by 2 desc`,
  );
}

export async function databaseBytes(sql: Sql): Promise<number> {
  return (await sql.one<{ bytes: number }>("select pg_database_size(current_database()) as bytes")).bytes;
}
