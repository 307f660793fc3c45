import { addHours, type Instant } from "#kernel/time";
import type { Pool, Sql } from "./db.ts";

const keptDays = 60;
/** Growth is told from at least so long a time, so that one import is not taken for a day's. */
const spanHoursMin = 6;
/** And from at most the last days, since an outbreak grows by fits. */
const spanDaysMax = 7;

/** Writes down how large the database is, once an hour however many processes do it, and forgets what is old. */
export async function noteSize(pool: Pool, now: Instant): Promise<void> {
  const hour = `${now.slice(0, 13)}:00:00.000Z`;
  await pool.transaction(async (sql) => {
    const isNew = await sql.run(
      "insert into database_size (at, bytes) values ($1, pg_database_size(current_database())) on conflict do nothing",
      [hour],
    );
    if (isNew > 0) await sql.run("delete from database_size where at < $1", [addHours(hour, -24 * keptDays)]);
  });
}

/** Bytes a day by which the database grew of late; null before it has been watched long enough. */
export async function growthPerDay(sql: Sql, now: Instant): Promise<number | null> {
  const row = await sql.maybe<{ growth: number }>(
    `select (last.bytes - first.bytes) / (extract(epoch from last.at - first.at)::float8 / 86400) as growth
     from (select at, bytes from database_size order by at desc limit 1) last,
       (select at, bytes from database_size where at >= $1 order by at limit 1) first
     where last.at - first.at >= $2 * interval '1 hour'`,
    [addHours(now, -24 * spanDaysMax), spanHoursMin],
  );
  return row?.growth ?? null;
}
