import { parentPort, workerData, Worker } from "node:worker_threads";
import { assert } from "#kernel/assert";
import { readConfig } from "#platform/config";
import { appRole, refreshStatistics, type Store } from "#platform/store";
import { openPool, type Pool } from "#platform/db";
import type { Actor } from "#platform/context";
import { runDrill, type DrillOutcome, type DrillProgress } from "#modules/drill";
import { allPermissions, modules } from "./modules.ts";
import { permissionTable } from "./roles.ts";
import { makeServices } from "./start.ts";

/** Which drill to run, and how fast: `speed` in virtual minutes a second, null for as fast as it goes. */
export interface DrillOrder {
  readonly scenario: string;
  readonly seed: number;
  readonly scale: number;
  readonly speed: number | null;
}

/** The name of the database a drill lives in: each order has its own. */
export function drillDatabase(order: DrillOrder): string {
  return `drill_${order.scenario.replace(/\W/g, "_")}_${order.seed}_${Math.round(order.scale * 10_000)}`;
}

const permissionsOf = permissionTable(allPermissions(modules));

/** The drill's people: one account a role and area, named so that two ends of a hand-over are two people. */
export function drillActor(role: string, areaCode: string): Actor {
  const id = areaCode === "" ? `drill-${role}` : `drill-${role}-${areaCode}`;
  return { id, name: id, roles: [role], permissions: permissionsOf([role]), areaCode, device: "drill" };
}

/** Runs a drill in this thread on an open database. */
export async function playDrill(
  pool: Pool,
  order: DrillOrder,
  onProgress: (progress: DrillProgress) => void,
  signal: AbortSignal,
): Promise<DrillOutcome | null> {
  const owner = openPool(pool.url, { size: 1 });
  try {
    return await runDrill({
      pool,
      services: makeServices(readConfig(process.env)),
      actorOf: drillActor,
      ...order,
      onProgress,
      signal,
      refreshStatistics: () => refreshStatistics(owner),
    });
  } finally {
    await owner.close();
  }
}

interface WorkerInput {
  readonly url: string;
  readonly order: DrillOrder;
}

type WorkerMessage =
  | { readonly kind: "progress"; readonly progress: DrillProgress }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string };

/** A drill that runs beside the server, in a thread of its own so that pages stay quick; it dies with the process. */
export interface DrillThread {
  stop(): Promise<void>;
}

/** Starts the drill of an order in a worker thread over the store's database. */
export function startDrillThread(
  store: Store,
  order: DrillOrder,
  listeners: { onProgress(progress: DrillProgress): void; onDone(): void; onFailed(message: string): void },
): DrillThread {
  const input: WorkerInput = { url: store.url, order };
  const worker = new Worker(new URL(import.meta.url), { workerData: input });
  worker.on("message", (message: WorkerMessage) => {
    if (message.kind === "progress") listeners.onProgress(message.progress);
    else if (message.kind === "done") listeners.onDone();
    else listeners.onFailed(message.message);
  });
  worker.on("error", (error: unknown) => listeners.onFailed((error as Error).message));
  // A drill that is over has ended its thread already, and says so no second time.
  const exited = new Promise<void>((resolve) => {
    worker.once("exit", () => resolve());
  });
  return {
    async stop() {
      worker.postMessage("stop");
      await exited;
    },
  };
}

async function work(input: WorkerInput): Promise<void> {
  assert(parentPort, "runs in a worker thread");
  const port = parentPort;
  const abort = new AbortController();
  port.once("message", () => abort.abort());
  const pool = openPool(input.url, { role: appRole, size: 3 });
  const send = (message: WorkerMessage) => port.postMessage(message);
  try {
    await playDrill(pool, input.order, (progress) => send({ kind: "progress", progress }), abort.signal);
    send({ kind: "done" });
  } catch (error) {
    send({ kind: "failed", message: (error as Error).stack ?? (error as Error).message });
  } finally {
    await pool.close();
    port.close();
  }
}

// The same file is the thread's program: with our input it works, imported by the server it only declares.
if (parentPort && (workerData as WorkerInput | null)?.order) await work(workerData as WorkerInput);
