import { addMinutes, minutesBetween } from "#kernel/time";
import type { Ctx } from "./context.ts";
import { runDuty } from "./usecase.ts";

/**
 * Runs each repeating duty whose time has come on the context's clock. The row lock on `tick`
 * makes one of several server processes do it; the others find it done. One that fails keeps no other from its turn,
 * and is named by the error that is thrown in the end.
 */
export async function runDueDuties(ctx: Ctx): Promise<number> {
  let ran = 0;
  const failed: Error[] = [];
  const now = ctx.clock.now();
  for (const duty of ctx.services.bus.duties) {
    await runDuty(ctx, async (tx) => {
      await tx.sql.run("insert into tick (name, last_at) values ($1, $2) on conflict do nothing", [
        duty.name,
        addMinutes(now, -duty.everyMinutes),
      ]);
      const row = await tx.sql.maybe<{ last_at: string }>(
        "select last_at from tick where name = $1 for update skip locked",
        [duty.name],
      );
      if (!row || minutesBetween(row.last_at, now) < duty.everyMinutes) return;
      await tx.sql.run("update tick set last_at = $2 where name = $1", [duty.name, now]);
      await duty.run(tx);
      ran += 1;
    }).catch((cause: unknown) => {
      failed.push(new Error(`${duty.name}: ${(cause as Error).message}`, { cause }));
    });
  }
  if (failed.length === 0) return ran;
  const [first] = failed;
  throw failed.length === 1 && first
    ? first
    : new AggregateError(failed, failed.map(({ message }) => message).join("; "));
}
