import pg from "pg";
import type { AreaRange } from "#kernel/area";
import type { Sql } from "./db.ts";

/**
 * The bounds of row-level security for the rest of the transaction. They are `set local` statements and not calls of
 * set_config(), because only statements reach the other machines of a database that Citus spreads (Citus 13,
 * «Configuration Reference», citus.propagate_set_commands; its source, commands/variableset.c), and each machine checks
 * the policies on its own rows. One message and no plan, they also take a third of the time. Further settings go with them.
 */
export async function setBounds(sql: Sql, { lo, hi }: AreaRange, further = ""): Promise<void> {
  const bounds = `set local wuyang.lo = ${pg.escapeLiteral(lo)}; set local wuyang.hi = ${pg.escapeLiteral(hi)}`;
  await sql.script(further === "" ? bounds : `${bounds}; ${further}`);
}
