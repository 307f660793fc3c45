import type { Sql } from "./db.ts";

/** Does Citus spread the table over machines? Where it does, some questions are asked in another way than on one machine. */
export async function isSpread(sql: Sql, table: string): Promise<boolean> {
  return (await sql.one<{ spread: boolean }>("select wuyang.is_spread($1::text::regclass) as spread", [table])).spread;
}
