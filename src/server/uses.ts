import { epochMs, type Clock } from "#kernel/time";
import type { Database } from "#platform/db";
import { errorText } from "#platform/errortext";
import type { Log } from "#platform/log";
import { noteUse, usedEveryMinutes } from "#platform/tokens";

/** Notes which tokens are in use. */
export interface TokenUses {
  note(token: string): void;
  /** Waits for what is being written. */
  close(): Promise<unknown>;
}

/** More tokens than any place has devices; beyond them it is asked anew whose use is written down. */
const tokensMax = 20_000;
const msPerMinute = 60_000;

/**
 * For calls that share transactions: a token that sends a hundred calls a second costs one line every few minutes, in a
 * transaction of its own, because the groups of one token must not wait for each other at its row.
 */
export function tokenUses(db: Database, clock: Clock, log: Log): TokenUses {
  const notedMs = new Map<string, number>();
  const writing = new Set<Promise<void>>();
  return {
    note(token) {
      const now = clock.now();
      const last = notedMs.get(token);
      if (last !== undefined && epochMs(now) - last < usedEveryMinutes * msPerMinute) return;
      if (notedMs.size >= tokensMax) notedMs.clear();
      notedMs.set(token, epochMs(now));
      const write = db
        .transaction((sql) => noteUse(sql, token, now))
        .catch((error: unknown) => log.error({ error: errorText(error) }, "the use of a token was not noted"))
        .finally(() => writing.delete(write));
      writing.add(write);
    },
    close: () => Promise.all(writing),
  };
}
