import cluster from "node:cluster";
import { statfs } from "node:fs/promises";
import { hostname } from "node:os";
import type { Instant } from "#kernel/time";
import type { Pool, PoolUse } from "./db.ts";
import type { Latency } from "./latency.ts";
import type { Metrics } from "./metrics.ts";

/** Is this one of several processes that were started together? */
export function isOneOfSeveral(): boolean {
  return cluster.isWorker;
}

/** What one server process knows of itself; of several processes each answers only for itself. */
export interface ProcessFigures {
  /** The machine and the process's number on it. */
  readonly name: string;
  readonly startedAt: Instant;
  readonly memoryBytes: number;
  readonly loopLagMs: number | null;
  readonly pool: PoolUse;
  readonly latencies: readonly Latency[];
  /** The disk under this process's data folder; null where the system does not say. */
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | null;
}

/** The figures of this process, asked for when somebody looks. */
export function processFigures(of: {
  readonly startedAt: Instant;
  readonly dataDir: string;
  readonly pool: Pool;
  readonly metrics: Metrics;
}): () => Promise<ProcessFigures> {
  return async () => ({
    name: `${hostname()}:${process.pid}`,
    startedAt: of.startedAt,
    memoryBytes: process.memoryUsage.rss(),
    loopLagMs: await of.metrics.loopLagMs(),
    pool: of.pool.use(),
    latencies: await of.metrics.latencies(),
    disk: await diskOf(of.dataDir),
  });
}

async function diskOf(folder: string): Promise<ProcessFigures["disk"]> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    // The folder is made when something is first written to it.
    return null;
  }
}
