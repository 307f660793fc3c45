import { availableParallelism } from "node:os";
import { parentPort, workerData, Worker } from "node:worker_threads";
import { assert } from "#kernel/assert";
import { epochMs } from "#kernel/time";
import { wallClock } from "#platform/clocks";
import { readConfig } from "#platform/config";
import { openPool } from "#platform/db";
import { appRole, type Store } from "#platform/store";
import {
  chunksDone,
  finishLoad,
  joinLoad,
  openLoad,
  runChunk,
  standOf,
  type LoadOrder,
  type LoadReport,
  type LoadSurroundings,
  type OpenLoad,
} from "#modules/drill";
import { drillActor } from "./drill.ts";
import { makeServices } from "./start.ts";

/** The name of the database a loaded city lives in: each order of a place, a seed and a scale has its own. */
export function cityDatabase(order: Pick<LoadOrder, "scenario" | "seed" | "scale">): string {
  return `city_${order.scenario.replace(/\W/g, "_")}_${order.seed}_${Math.round(order.scale * 10_000)}`;
}

/** How far a load has come. */
export interface LoadProgress {
  readonly phase: string;
  /** Of the whole load, by the time its parts take. */
  readonly share: number;
  /** Rows of this phase so far, and how many it will have. */
  readonly rows: number;
  readonly rowsOf: number;
  /** Rows of this phase a second since this start; 0 while nobody knows. */
  readonly perSecond: number;
  /** Null while nobody knows. */
  readonly secondsLeft: number | null;
}

const threadsMax = 4;
/** A city in memory is some 220 MB for nine million people, and each thread has its own. */
const threadsDefault = Math.min(threadsMax, availableParallelism());

/** Whoever does chunks: a thread, or this one. */
interface Hand {
  run(no: number): Promise<number>;
  stop(): Promise<void>;
}

function surroundings(store: Pick<Store, "pool" | "owner">): LoadSurroundings {
  return {
    pool: store.pool,
    owner: store.owner,
    services: makeServices(readConfig(process.env)),
    actorOf: drillActor,
    wall: wallClock,
  };
}

/** Counts what is done, for the share of the whole and the time that is left. */
function meter(load: OpenLoad, done: ReadonlyMap<number, number>, threads: number) {
  const cost = (no: number): number => {
    const chunk = load.chunks[no];
    return chunk ? (chunk.rows * chunk.rowMicros) / (chunk.apart ? threads : 1) : 0;
  };
  const all = load.chunks.reduce((sum, _chunk, no) => sum + cost(no), 0);
  const began = epochMs(wallClock.now());
  const doneNow = new Set(done.keys());
  let cheap = [...doneNow].reduce((sum, no) => sum + cost(no), 0);
  const before = cheap;
  let phaseBegan = began;
  let phaseRows = 0;
  let phase = "";
  return {
    mark(no: number): void {
      doneNow.add(no);
      cheap += cost(no);
      phaseRows += load.chunks[no]?.rows ?? 0;
    },
    at(name: string): LoadProgress {
      const now = epochMs(wallClock.now());
      if (name !== phase) {
        phase = name;
        phaseBegan = now;
        phaseRows = 0;
      }
      const own = load.chunks.flatMap((chunk, no) => (chunk.phase === name ? [{ chunk, no }] : []));
      const seconds = (now - began) / 1_000;
      const inPhase = (now - phaseBegan) / 1_000;
      return {
        phase: name,
        share: all === 0 ? 1 : cheap / all,
        rows: own.filter(({ no }) => doneNow.has(no)).reduce((sum, { chunk }) => sum + chunk.rows, 0),
        rowsOf: own.reduce((sum, { chunk }) => sum + chunk.rows, 0),
        perSecond: inPhase > 0 ? phaseRows / inPhase : 0,
        secondsLeft: cheap === before ? null : ((all - cheap) / (cheap - before)) * seconds,
      };
    },
  };
}

/** The chunks that are left, in groups: those of a group may be done side by side. */
function groupsOf(load: OpenLoad, done: ReadonlyMap<number, number>): { phase: string; chunks: number[] }[] {
  const groups: { phase: string; chunks: number[] }[] = [];
  for (const [no, chunk] of load.chunks.entries()) {
    if (done.has(no)) continue;
    const last = groups.at(-1);
    const before = last?.chunks.at(-1);
    if (last && before !== undefined && chunk.apart && last.phase === chunk.phase && load.chunks[before]?.apart)
      last.chunks.push(no);
    else groups.push({ phase: chunk.phase, chunks: [no] });
  }
  return groups;
}

/**
 * Loads a synthetic city into a migrated database of its own, chunk by chunk, on several threads. Called again after a
 * kill it goes on after the chunks that are done; null when it was asked to stop.
 */
export async function loadCity(
  store: Store,
  order: LoadOrder,
  options: {
    readonly threads?: number;
    /** Told how many bytes the database has already, before anything is built or written; may throw. */
    readonly beforeBegin: (heldBytes: number) => void;
    readonly onProgress: (progress: LoadProgress) => void;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly report: LoadReport; readonly wasFinished: boolean } | null> {
  const around = surroundings(store);
  const stand = await standOf(order, around);
  if (stand.finished) return { report: stand.finished, wasFinished: true };
  options.beforeBegin(stand.bytes);
  const load = await openLoad(order, around);
  const done = await chunksDone(around);
  const own: Hand = { run: (no) => runChunk(load, around, no), stop: () => Promise.resolve() };
  const hands: Hand[] = [];
  const threads = options.threads ?? threadsDefault;
  const progress = meter(load, done, threads);
  try {
    for (const { phase, chunks } of groupsOf(load, done)) {
      options.onProgress(progress.at(phase));
      if (options.signal.aborted) return null;
      const isShared = chunks.length > 1 && threads > 1;
      if (isShared && hands.length === 0)
        for (let i = 0; i < threads; i++) hands.push(loadThread({ url: store.url, order, areas: load.world.areas }));
      const left = [...chunks];
      await Promise.all(
        (isShared ? hands : [own]).map(async (hand) => {
          for (let no = left.shift(); no !== undefined && !options.signal.aborted; no = left.shift()) {
            await hand.run(no);
            progress.mark(no);
            options.onProgress(progress.at(phase));
          }
        }),
      );
    }
    if (options.signal.aborted) return null;
  } finally {
    await Promise.all(hands.map((hand) => hand.stop()));
  }
  options.onProgress(progress.at("tidying"));
  return { report: await finishLoad(load, around), wasFinished: false };
}

interface ThreadInput {
  readonly url: string;
  readonly order: LoadOrder;
  /** Worked out once for all threads. */
  readonly areas: OpenLoad["world"]["areas"];
}

type ThreadAnswer = { readonly no: number; readonly rows: number } | { readonly no: number; readonly error: string };

/** A thread that does chunks; it has a city and connections of its own. */
function loadThread(input: ThreadInput): Hand {
  const worker = new Worker(new URL(import.meta.url), { workerData: { loads: input } });
  let fail: ((error: Error) => void) | null = null;
  let succeed: ((rows: number) => void) | null = null;
  worker.on("message", (answer: ThreadAnswer) => {
    if ("error" in answer) fail?.(new Error(answer.error));
    else succeed?.(answer.rows);
  });
  worker.on("error", (error: unknown) => fail?.(error as Error));
  worker.on("exit", () => fail?.(new Error("A thread of the load ended too soon.")));
  return {
    run: (no) =>
      new Promise<number>((resolve, reject) => {
        succeed = resolve;
        fail = reject;
        worker.postMessage(no);
      }),
    async stop() {
      fail = null;
      await worker.terminate();
    },
  };
}

async function work({ url, order, areas }: ThreadInput): Promise<void> {
  assert(parentPort, "runs in a worker thread");
  const port = parentPort;
  const pool = openPool(url, { role: appRole, size: 1 });
  const owner = openPool(url, { size: 1 });
  const around = surroundings({ pool, owner });
  const ready = joinLoad({ order, areas }, around);
  port.on("message", (no: number) => {
    void ready
      .then((load) => runChunk(load, around, no))
      .then(
        (rows) => port.postMessage({ no, rows }),
        (error: unknown) => port.postMessage({ no, error: (error as Error).message }),
      );
  });
  await ready;
}

// The same file is the thread's program: with our input it works, imported by the command it only declares.
const given = (workerData as { readonly loads?: ThreadInput } | null)?.loads;
if (parentPort && given) await work(given);
