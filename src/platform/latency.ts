/** What kind of request a route answers: people wait differently for each. */
export const routeClasses = ["page", "session", "list", "record", "write", "sheet", "public", "other"] as const;
export type RouteClass = (typeof routeClasses)[number];

/** The class of a route by its method and pattern. */
export function routeClass(method: string, route: string): RouteClass {
  if (route.startsWith("/public")) return "public";
  // The live stream is open for as long as a page is; how long says nothing.
  if (route === "/api/v1/stream") return "other";
  if (!route.startsWith("/api/"))
    return route === "unknown" || route.startsWith("/assets") || route === "/*" ? "page" : "other";
  if (route.startsWith("/api/v1/session")) return "session";
  if (route.includes("/sheets/") || route.endsWith("/import")) return "sheet";
  if (method !== "GET" && method !== "HEAD") return "write";
  return route.includes(":") ? "record" : "list";
}

/** How many answers took at most so many seconds, for rising bounds; the last bound is without end. */
export interface Bucket {
  readonly le: number;
  readonly count: number;
}

/**
 * The time under which a share of the answers stayed, in seconds, from counts by bounds: between two bounds the answers
 * are taken to lie evenly. Null before the first; beyond the last bound nothing is known but that it was passed.
 */
export function quantile(buckets: readonly Bucket[], share: number): number | null {
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0) return null;
  const wanted = share * total;
  let below: Bucket = { le: 0, count: 0 };
  for (const bucket of buckets) {
    if (bucket.count >= wanted) {
      if (!Number.isFinite(bucket.le)) return below.le;
      const inside = bucket.count - below.count;
      return below.le + (inside === 0 ? 0 : ((wanted - below.count) / inside) * (bucket.le - below.le));
    }
    below = bucket;
  }
  return below.le;
}

/** How long a class of requests took, in milliseconds. */
export interface Latency {
  readonly kind: RouteClass;
  readonly requests: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** One bound of one route's histogram. */
export interface Sample {
  readonly method: string;
  readonly route: string;
  readonly le: number;
  readonly count: number;
}

const msPerSecond = 1_000;

/** The times of each class that has answered anything, from the histograms of all routes. */
export function latencies(samples: readonly Sample[]): Latency[] {
  const counts = new Map<RouteClass, Map<number, number>>();
  for (const { method, route, le, count } of samples) {
    const kind = routeClass(method, route);
    const own = counts.get(kind) ?? new Map<number, number>();
    counts.set(kind, own.set(le, (own.get(le) ?? 0) + count));
  }
  return routeClasses.flatMap((kind) => {
    const buckets = [...(counts.get(kind) ?? [])].map(([le, count]) => ({ le, count })).toSorted((a, b) => a.le - b.le);
    const requests = buckets.at(-1)?.count ?? 0;
    const ms = (share: number): number | null => {
      const seconds = quantile(buckets, share);
      return seconds === null ? null : seconds * msPerSecond;
    };
    return requests === 0 ? [] : [{ kind, requests, p50: ms(0.5), p95: ms(0.95), p99: ms(0.99) }];
  });
}
