import { epochMs, type Clock, type Instant } from "#kernel/time";
import type { Database } from "#platform/db";
import { errorText } from "#platform/errortext";
import type { Log } from "#platform/log";
import { noteUse, usedEveryMinutes } from "#platform/tokens";

/** Notes which tokens are in use. */
export interface TokenUses {
  /** Each token once, however many calls bore it. */
  note(tokens: ReadonlySet<string>): void;
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
  const write = (token: string, now: Instant): void => {
    const written = db
      .transaction((sql) => noteUse(sql, token, now))
      .catch((error: unknown) => log.error({ error: errorText(error) }, "the use of a token was not noted"))
      .finally(() => writing.delete(written));
    writing.add(written);
  };
  return {
    note(tokens) {
      const now = clock.now();
      const nowMs = epochMs(now);
      for (const token of tokens) {
        const last = notedMs.get(token);
        if (last !== undefined && nowMs - last < usedEveryMinutes * msPerMinute) continue;
        if (notedMs.size >= tokensMax) notedMs.clear();
        notedMs.set(token, nowMs);
        write(token, now);
      }
    },
    close: () => Promise.all(writing),
  };
}
