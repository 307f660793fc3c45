import type { FastifyRateLimitStoreCtor } from "@fastify/rate-limit";
import type { Database } from "#platform/db";
import { countRequest } from "#platform/ratewindow";

type Told = (error: Error | null, result?: { current: number; ttl: number }) => void;

interface RouteLimit {
  readonly routeInfo?: { readonly method?: string | readonly string[]; readonly url?: string };
}

/** How the rate limiter of Fastify counts: `child` is asked for by each route that has a limit of its own. */
interface LimitStore {
  incr(sender: string, told: Told, windowMs: number): void;
  child(route: RouteLimit): LimitStore;
}

const sendersMax = 5_000;

/** Counts in this process, for each sender within its running window. */
export interface SenderCounts {
  /** Counts one; gives how many there are now, and how long the window lasts. */
  add(sender: string, windowMs: number): { readonly current: number; readonly ttl: number };
  /** How many there are, without counting. */
  current(sender: string): number;
}

export function senderCounts(nowMs: () => number): SenderCounts {
  const windows = new Map<string, { count: number; readonly endsMs: number }>();
  return {
    add(sender, windowMs) {
      const now = nowMs();
      let window = windows.get(sender);
      if (!window || window.endsMs <= now) {
        if (windows.size >= sendersMax) windows.clear();
        window = { count: 0, endsMs: now + windowMs };
        windows.set(sender, window);
      }
      window.count += 1;
      return { current: window.count, ttl: window.endsMs - now };
    },
    current(sender) {
      const window = windows.get(sender);
      return window && window.endsMs > nowMs() ? window.count : 0;
    },
  };
}

/** The limit that only shields the process from being run over. */
function ownCounts(db: Database, nowMs: () => number): LimitStore {
  const counts = senderCounts(nowMs);
  return {
    incr: (sender, told, windowMs) => told(null, counts.add(sender, windowMs)),
    child: ({ routeInfo }) => sharedCounts(db, `${String(routeInfo?.method)} ${routeInfo?.url}`),
  };
}

/** Counts in the database: ten attempts at a password are ten, however many processes serve. */
function sharedCounts(db: Database, route: string): LimitStore {
  return {
    incr(sender, told, windowMs) {
      countRequest(db, route, sender, windowMs).then(
        ({ current, msLeft }) => told(null, { current, ttl: msLeft }),
        (error: unknown) => told(error as Error),
      );
    },
    child: () => sharedCounts(db, route),
  };
}

/** The rate limiter's store over a database; the limiter calls it as a constructor. */
export function limitStore(db: Database, nowMs: () => number): FastifyRateLimitStoreCtor {
  return function LimitStoreOf() {
    return ownCounts(db, nowMs);
  } as unknown as FastifyRateLimitStoreCtor;
}
