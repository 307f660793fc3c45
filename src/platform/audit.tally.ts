import { addMinutes, type Instant } from "#kernel/time";
import type { Actor } from "./context.ts";
import type { Database, Sql } from "./db.ts";

/** How long the calls of one sender are counted before they are a line of the audit. */
export const tallyMinutes = 5;
/** More senders than any place has devices; the others wait for the next turn. */
const talliesMax = 50_000;

/**
 * Counts calls by their sender, in the calls' own transaction: an `actors` entry for each call that was taken. They are
 * lines of the audit once `writeTallies` has written them.
 */
export async function tally(sql: Sql, action: string, actors: Iterable<Actor>, now: Instant): Promise<void> {
  const counts = new Map<string, { readonly actor: Actor; count: number }>();
  for (const actor of actors) {
    const known = counts.get(actor.id);
    if (known) known.count += 1;
    else counts.set(actor.id, { actor, count: 1 });
  }
  if (counts.size === 0) return;
  const lines = [...counts.values()];
  await sql.run(
    `with line as materialized (select * from unnest($3::text[], $4::text[], $5::text[], $6::int[]) as line (id, name, area, n)),
     known as (
       update audit_tally t set count = t.count + n from line
       where t.connection = pg_backend_pid() and t.actor_id = id and t.action = $2 and t.area_code = area
       returning t.actor_id, t.area_code)
     insert into audit_tally (connection, actor_id, actor_name, action, area_code, since, count)
     select pg_backend_pid(), id, name, $2, area, $1, n from line
     where not exists (select from known where actor_id = id and area_code = area)`,
    [
      now,
      action,
      lines.map(({ actor }) => actor.id),
      lines.map(({ actor }) => actor.name),
      lines.map(({ actor }) => actor.areaCode),
      lines.map(({ count }) => count),
    ],
  );
}

/**
 * Writes what was counted for long enough to the audit, one line a sender, use case and area, with the moment of the first
 * call; returns the number of lines. A count that a group is adding to at this moment waits for the next turn.
 */
export async function writeTallies(db: Database, now: Instant): Promise<number> {
  return db.transaction((sql) =>
    sql.run(
      `with over as (
         select connection, actor_id, action, area_code from audit_tally where since <= $1
         limit $2 for update skip locked),
       taken as (
         delete from audit_tally t using over o
         where t.connection = o.connection and t.actor_id = o.actor_id and t.action = o.action and t.area_code = o.area_code
         returning t.actor_id, t.actor_name, t.action, t.area_code, t.since, t.count)
       insert into audit (at, actor_id, actor_name, action, subject_type, subject_id, area_code, count)
       select min(since), actor_id, max(actor_name), action, 'useCase', '', area_code, sum(count) from taken
       group by actor_id, action, area_code order by 1, 2, area_code`,
      [addMinutes(now, -tallyMinutes), talliesMax],
    ),
  );
}
