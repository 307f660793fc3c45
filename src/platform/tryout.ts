import type { Ctx } from "./context.ts";
import { nested } from "./db.ts";

/** Thrown to take a trial back. */
class TrialOver extends Error {
  readonly outcome: unknown;

  constructor(outcome: unknown) {
    super("the trial is over");
    this.outcome = outcome;
  }
}

/** Runs use cases as they would run and takes everything back; what they answered stays. Nobody is told of their events. */
export async function tryOut<T>(ctx: Ctx, run: (ctx: Ctx) => Promise<T>): Promise<T> {
  const { tap: _untold, ...quiet } = ctx;
  try {
    return await ctx.db.transaction(async (sql): Promise<T> => {
      throw new TrialOver(await run({ ...quiet, db: nested(sql) }));
    });
  } catch (error) {
    if (error instanceof TrialOver) return error.outcome as T;
    throw error;
  }
}
