import type { Tx } from "#platform/context";

/** What writes to the counters outside the life of a tube, and the order in which all writers take them. */

/**
 * The rest of a `with` whose part `moved` has round_id and area_code: takes the counters' rows in one order before the
 * statement changes them. Two laboratories whose tubes come from the same villages would otherwise each hold what the
 * other waits for, and one of them would be thrown out.
 */
export const lockedInOrder = `locked as materialized (
  select count(*) from (
    select from coverage c join moved m using (round_id, area_code) order by round_id, area_code for update of c) l)`;

const dueLock = 771_002;

/**
 * Opening a round and registering people exclude each other, so that who registers in that very moment is counted
 * once: either by the round that opens, or by adding them to the round that is open.
 */
export async function lockDue(tx: Tx, mode: "opening" | "registering"): Promise<void> {
  const take = mode === "opening" ? "pg_advisory_xact_lock" : "pg_advisory_xact_lock_shared";
  await tx.sql.run(`select ${take}($1)`, [dueLock]);
}

/** Adds people who registered to who is due in the open area rounds over their villages. spec: SCR-18 */
export async function addRegistered(
  tx: Tx,
  villages: readonly { readonly areaCode: string; readonly people: number }[],
): Promise<void> {
  await tx.sql.run(
    `insert into coverage as c (round_id, area_code, due)
     select r.id, v.code, v.people from unnest($1::text[], $2::int[]) v (code, people)
     join round r on r.kind = 'area' and r.state = 'open' and starts_with(v.code, r.area_code)
       and (r.scope->'villages' is null or r.scope->'villages' ? v.code)
     order by r.id, v.code
     on conflict (round_id, area_code) do update set due = c.due + excluded.due`,
    [villages.map((village) => village.areaCode), villages.map((village) => village.people)],
  );
}
