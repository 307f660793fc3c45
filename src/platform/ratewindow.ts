import { createHash } from "node:crypto";
import type { Database } from "./db.ts";

/** How often a sender has asked within the running window, and when that window ends. */
export interface Counted {
  readonly current: number;
  readonly msLeft: number;
}

// The database's clock, because the clocks of several server processes are never quite alike.
const countText = `insert into rate_window (key, count, ends_at) values ($1, 1, now() + $2 * interval '1 millisecond')
  on conflict (key) do update set
    count = case when rate_window.ends_at <= now() then 1 else rate_window.count + 1 end,
    ends_at = case when rate_window.ends_at <= now() then excluded.ends_at else rate_window.ends_at end
  returning count, ceil(extract(epoch from ends_at - now()) * 1000)::int as ms_left`;

/** Counts one request of `sender` to `route`; every server process on the database counts in the same row. */
export async function countRequest(db: Database, route: string, sender: string, windowMs: number): Promise<Counted> {
  const key = createHash("sha256").update(`${route} ${sender}`).digest();
  const row = await db.transaction((sql) => sql.one<{ count: number; ms_left: number }>(countText, [key, windowMs]));
  return { current: row.count, msLeft: row.ms_left };
}

/** Forgets the windows that are over. */
export async function dropOldWindows(db: Database): Promise<number> {
  return db.transaction((sql) => sql.run("delete from rate_window where ends_at <= now()"));
}
