import { addMinutes, minutesBetween, type Instant } from "#kernel/time";
import { wallClock } from "#platform/clocks";
import type { Pool } from "#platform/db";
import { setDrillClock } from "#modules/drill";

const cityClockLock = 771_026;
const tickMs = 1_000;

/** The clock of a loaded city at work in this process. */
export interface CityClock {
  stop(): Promise<void>;
}

/**
 * Lets a loaded city's clock go on from where it stands, as fast as the machine's: a city of some past August is served
 * for an hour and is an hour older. Of several server processes one moves it, the others hear of it; it stands while none
 * runs, so that the visits the city was loaded with are not too old the next time.
 */
export async function startCityClock(pool: Pool, now: () => Instant): Promise<CityClock> {
  const { sql, release } = await pool.connect();
  let isOurs = false;
  let last = wallClock.now();
  let busy: Promise<unknown> = Promise.resolve();
  async function tick(): Promise<void> {
    const wall = wallClock.now();
    if (!isOurs)
      isOurs = (await sql.one<{ got: boolean }>("select pg_try_advisory_lock($1) as got", [cityClockLock])).got;
    else await setDrillClock(sql, addMinutes(now(), minutesBetween(last, wall)));
    last = wall;
  }
  let isTicking = false;
  const timer = setInterval(() => {
    if (isTicking) return;
    isTicking = true;
    // A database that is away for a moment stops the clock for that moment.
    busy = tick()
      .catch(() => undefined)
      .finally(() => (isTicking = false));
  }, tickMs);
  return {
    async stop() {
      clearInterval(timer);
      await busy;
      await release();
    },
  };
}
