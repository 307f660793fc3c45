import type { Sql } from "#platform/db";
import type { Tx } from "#platform/context";

/** Which entries wait for their comparison: those above the mark of their village. */

const lockClass = 771_026;
const arrivalsLock = 0;

/**
 * Holds off the comparison of newly registered people until this transaction ends: somebody who registers while a
 * register is compared is seen by one of the two, because the second begins after the first has ended.
 */
export async function holdArrivals(sql: Sql): Promise<void> {
  await sql.run("select pg_advisory_xact_lock_shared($1, $2)", [lockClass, arrivalsLock]);
}

/** The other side of it: false while a register is being compared. */
export async function tryArrivals(sql: Sql): Promise<boolean> {
  const { got } = await sql.one<{ got: boolean }>("select pg_try_advisory_xact_lock($1, $2) as got", [
    lockClass,
    arrivalsLock,
  ]);
  return got;
}

/** Is this the only process that works this run? Held until the transaction ends. */
export async function tryRun(sql: Sql, run: number): Promise<boolean> {
  const { got } = await sql.one<{ got: boolean }>("select pg_try_advisory_xact_lock($1, $2) as got", [lockClass, run]);
  return got;
}

/** Fails when the connection that holds a run is lost: another process may have the run then. */
export async function stillHeld(sql: Sql): Promise<void> {
  await sql.run("select 1");
}

const repeatsLockClass = 771_027;

/**
 * Whoever links entries of a register does it alone from here to the end of the transaction: two that link one person at the
 * same time would both count as the first. Taken after the locks of the villages, always.
 */
export async function holdRepeats(tx: Tx, register: string): Promise<void> {
  await tx.sql.run("select pg_advisory_xact_lock($1, hashtext($2))", [repeatsLockClass, register]);
}

export const waitingCount = "c.entries - c.linked - c.review - c.unmatched - c.rejected";

/** A village of a register with how many entries wait in it. */
export interface WaitingVillage {
  readonly areaCode: string;
  readonly waiting: number;
}

/** The villages of a register in which entries wait, in their order. */
export async function waitingVillages(tx: Tx, register: string): Promise<WaitingVillage[]> {
  return tx.sql.many(
    `select c.area_code as "areaCode", ${waitingCount} as waiting from person_entry_count c
     where c.register = $1 and ${waitingCount} > 0 order by c.area_code`,
    [register],
  );
}

/** Locks the counts of villages and tells whether any holds entries that were decided before their turn. */
export async function lockVillages(tx: Tx, register: string, villages: readonly string[]): Promise<boolean> {
  const rows = await tx.sql.many<{ ahead: number }>(
    `select c.ahead from person_entry_count c where c.register = $1 and c.area_code = any($2::text[]) order by c.area_code for update`,
    [register, villages],
  );
  return rows.some(({ ahead }) => ahead > 0);
}

/** The numbers of the entries that wait in locked villages, in their order. */
export async function waitingNumbers(
  tx: Tx,
  register: string,
  villages: readonly string[],
  limit: number,
): Promise<number[]> {
  const rows = await tx.sql.many<{ no: number }>(
    `select w.no from person_entry_count c cross join lateral (
       select e.no from person_entry e
       where e.area_code = c.area_code and e.register = c.register and e.place > c.compared_to
         and not exists (select 1 from person_link l where l.entry_no = e.no and l.undone_at is null)
         and not exists (select 1 from person_open o where o.entry_no = e.no)
       order by e.place limit $3) w
     where c.register = $1 and c.area_code = any($2::text[]) order by c.area_code, w.no limit $3`,
    [register, villages, limit],
  );
  return rows.map(({ no }) => no);
}

/** Moves the marks of locked villages up to where nothing waits below. */
export async function markCompared(tx: Tx, register: string, villages: readonly string[]): Promise<void> {
  await tx.sql.run(
    `update person_entry_count c set ahead = case when ${waitingCount} = 0 then 0 else c.ahead end,
       compared_to = case when ${waitingCount} > 0 then c.compared_to else coalesce((
         select e.no from person_entry e where e.area_code = c.area_code and e.register = c.register order by e.place desc limit 1), 0) end
     where c.register = $1 and c.area_code = any($2::text[])`,
    [register, villages],
  );
}
