import { addMinutes, minutesBetween, type Instant } from "#kernel/time";
import type { Ctx } from "./context.ts";
import type { Sql } from "./db.ts";
import { errorText } from "./errortext.ts";
import type { RepeatingDuty } from "./events.ts";
import { runDuty } from "./usecase.ts";

/**
 * Runs each repeating duty whose time has come on the context's clock. The row lock on `tick`
 * makes one of several server processes do it; the others find it done. One that fails keeps no other from its turn,
 * is noted, and is named by the error that is thrown in the end.
 */
export async function runDueDuties(ctx: Ctx): Promise<number> {
  let ran = 0;
  const failed: Error[] = [];
  for (const duty of ctx.services.bus.duties) {
    try {
      if (await runIfDue(ctx, duty)) ran += 1;
    } catch (cause) {
      failed.push(new Error(`${duty.name}: ${(cause as Error).message}`, { cause }));
      await noteFailure(ctx, duty, cause);
    }
  }
  if (failed.length === 0) return ran;
  const [first] = failed;
  throw failed.length === 1 && first
    ? first
    : new AggregateError(failed, failed.map(({ message }) => message).join("; "));
}

async function runIfDue(ctx: Ctx, duty: RepeatingDuty): Promise<boolean> {
  const now = ctx.clock.now();
  return runDuty(ctx, async (tx) => {
    await tx.sql.run("insert into tick (name, last_at) values ($1, $2) on conflict do nothing", [
      duty.name,
      addMinutes(now, -duty.everyMinutes),
    ]);
    const row = await tx.sql.maybe<{ last_at: string }>(
      "select last_at from tick where name = $1 for update skip locked",
      [duty.name],
    );
    if (!row || minutesBetween(row.last_at, now) < duty.everyMinutes) return false;
    await tx.sql.run("update tick set last_at = $2, failed_at = null, failure = null where name = $1", [
      duty.name,
      now,
    ]);
    await duty.run(tx);
    return true;
  });
}

/** What the duty did is undone with its transaction, so that its failure is written in another. */
async function noteFailure(ctx: Ctx, duty: RepeatingDuty, error: unknown): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.transaction((sql) =>
    sql.run(
      `insert into tick (name, last_at, failed_at, failure) values ($1, $2, $3, $4)
       on conflict (name) do update set failed_at = excluded.failed_at, failure = excluded.failure`,
      [duty.name, addMinutes(now, -duty.everyMinutes), now, errorText(error)],
    ),
  );
}

/** How a repeating duty stands. */
export interface DutyState {
  readonly name: string;
  readonly everyMinutes: number;
  /** When it last ran to its end; null when it never has. */
  readonly lastAt: Instant | null;
  readonly nextAt: Instant | null;
  readonly failedAt: Instant | null;
  readonly failure: string | null;
}

/** Every duty of this version, by its name, with what is known of its runs. */
export async function readDuties(sql: Sql, duties: readonly RepeatingDuty[]): Promise<DutyState[]> {
  const rows = await sql.many<{ name: string; last_at: Instant; failed_at: Instant | null; failure: string | null }>(
    "select name, last_at, failed_at, failure from tick where name = any($1::text[])",
    [duties.map(({ name }) => name)],
  );
  const known = new Map(rows.map((row) => [row.name, row]));
  return duties
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, everyMinutes }) => {
      const row = known.get(name);
      return {
        name,
        everyMinutes,
        lastAt: row?.last_at ?? null,
        nextAt: row ? addMinutes(row.last_at, everyMinutes) : null,
        failedAt: row?.failed_at ?? null,
        failure: row?.failure ?? null,
      };
    });
}
