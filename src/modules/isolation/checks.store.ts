import type { Tx } from "#platform/context";

/** The invariants this module can check from its own rows, for the drill's auditor. */

export interface Checked {
  readonly checked: number;
  readonly broken: number;
}

/** How long the clock's duty may take to put a late order on the overdue list. */
const lateGraceMinutes = 60;

/** I4, counted from the rows and not trusted to the constraints: beds, rooms and people with two stays at once. */
export async function staysBroken(tx: Tx): Promise<Checked> {
  return tx.sql.one<Checked>("select checked, broken from wuyang.stays_broken()");
}

/**
 * I5: every contact's person is in place, ended with a reason, not yet due, or late and on the overdue list.
 * `contactIds`, when given, are the contacts that must have an order at all.
 */
export async function contactsUnplaced(tx: Tx, contactIds: readonly string[] = []): Promise<Checked> {
  const orders = await tx.sql.one<Checked>(
    "select checked, broken from wuyang.orders_unseen($1, make_interval(mins => $2))",
    [tx.now, lateGraceMinutes],
  );
  if (contactIds.length === 0) return orders;
  const { missing } = await tx.sql.one<{ missing: number }>(
    `select count(*) as missing from unnest($1::uuid[]) c (id) where not exists (select 1 from order_contact o where o.contact_id = c.id)`,
    [contactIds],
  );
  return { checked: orders.checked + contactIds.length, broken: orders.broken + missing };
}
