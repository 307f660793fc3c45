import pg from "pg";
import type { AreaRange } from "#kernel/area";
import type { Sql } from "./db.ts";

/**
 * The bounds of row-level security for the rest of a transaction, which a new one can begin with. They are `set local` statements and not calls of
 * set_config(), because only statements reach the other machines of a database that Citus spreads (Citus 13,
 * «Configuration Reference», citus.propagate_set_commands; its source, commands/variableset.c), and each machine checks
 * the policies on its own rows. One message and no plan, they also take a third of the time. Further settings go with them.
 */
export function boundsText({ lo, hi }: AreaRange, further = ""): string {
  const bounds = `set local wuyang.lo = ${pg.escapeLiteral(lo)}; set local wuyang.hi = ${pg.escapeLiteral(hi)}`;
  return further === "" ? bounds : `${bounds}; ${further}`;
}

/** Sets the bounds in a transaction that is under way. */
export async function setBounds(sql: Sql, range: AreaRange, further = ""): Promise<void> {
  await sql.script(boundsText(range, further));
}
