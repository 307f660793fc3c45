import { isMainThread, parentPort, workerData, Worker } from "node:worker_threads";
import { assert } from "#kernel/assert";
import { makeScorer, type Decisions, type Scorer } from "./scorer.ts";

/** The scorer beside the thread that asks: in a thread of its own, so that a server that links goes on answering. */

export interface Scoring {
  /** Takes the people of a county, in place of those of the last one. */
  county(people: AsyncIterable<Buffer>): Promise<void>;
  /** Forgets the county in hand. */
  noCounty(): Promise<void>;
  decide(entries: AsyncIterable<Buffer>, candidates: () => AsyncIterable<Buffer>): Promise<Decisions>;
  close(): Promise<void>;
}

/** The scorer in this thread, for few entries. */
export function scoringHere(): Scoring {
  const scorer = makeScorer();
  let batches = 0;
  return {
    async county(people) {
      scorer.beginCounty();
      for await (const chunk of people) scorer.addPeople(chunk);
      scorer.endCounty();
    },
    noCounty: async () => scorer.beginCounty(),
    async decide(entries, candidates) {
      const batch = ++batches;
      for await (const chunk of entries) scorer.addEntries(batch, chunk);
      for await (const chunk of candidates()) scorer.addCandidates(batch, chunk);
      return scorer.decide(batch);
    },
    close: async () => undefined,
  };
}

type Call = { [K in keyof Scorer]: { readonly what: K; readonly args: Parameters<Scorer[K]> } }[keyof Scorer];
interface Asked {
  readonly no: number;
  readonly call: Call;
}
type Answer = { readonly no: number; readonly value: Decisions | null } | { readonly failed: string };

/** Chunks that may be on their way to the thread before one is waited for. */
const aheadMax = 16;

const messageBytes = 1 << 18;

/** The database's chunks in fewer and larger ones: a message costs as much as scoring some entries. */
async function* gathered(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes < messageBytes) continue;
    yield Buffer.concat(parts);
    parts = [];
    bytes = 0;
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}

/** The scorer in a thread of its own. */
export function scoringThread(): Scoring {
  const worker = new Worker(new URL(import.meta.url), { workerData: { scorer: true } });
  const waiting = new Map<number, { done(value: Decisions | null): void; failed(error: Error): void }>();
  let asked = 0;
  let broken: Error | null = null;
  const fail = (error: Error): void => {
    broken = error;
    for (const one of waiting.values()) one.failed(error);
    waiting.clear();
  };
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("the scorer ended")));
  worker.on("message", (answer: Answer) => {
    if ("failed" in answer) return fail(new Error(answer.failed));
    waiting.get(answer.no)?.done(answer.value);
    waiting.delete(answer.no);
  });
  function call(one: Call): Promise<Decisions | null> {
    return new Promise((done, failed) => {
      if (broken) return failed(broken);
      asked += 1;
      waiting.set(asked, { done, failed });
      worker.postMessage({ no: asked, call: one } satisfies Asked);
    });
  }
  async function feed(chunks: AsyncIterable<Buffer>, of: (chunk: Buffer) => Call): Promise<void> {
    const sent: Promise<unknown>[] = [];
    for await (const chunk of gathered(chunks)) {
      sent.push(call(of(chunk)));
      if (sent.length > aheadMax) await sent.shift();
    }
    await Promise.all(sent);
  }
  let batches = 0;
  return {
    async county(people) {
      await call({ what: "beginCounty", args: [] });
      await feed(people, (chunk) => ({ what: "addPeople", args: [chunk] }));
      await call({ what: "endCounty", args: [] });
    },
    noCounty: async () => void (await call({ what: "beginCounty", args: [] })),
    async decide(entries, candidates) {
      const batch = ++batches;
      await feed(entries, (chunk) => ({ what: "addEntries", args: [batch, chunk] }));
      await feed(candidates(), (chunk) => ({ what: "addCandidates", args: [batch, chunk] }));
      const decisions = await call({ what: "decide", args: [batch] });
      assert(decisions !== null, "a batch is answered");
      return decisions;
    },
    async close() {
      // Who still waits for an answer holds a transaction open: no answer is an answer too.
      fail(new Error("the scorer was closed"));
      await worker.terminate();
    },
  };
}

/** The other end, in the thread. */
function serve(): void {
  const scorer = makeScorer();
  const run = (call: Call): Decisions | null => {
    // Buffers arrive as plain bytes.
    const args = call.args.map((arg) =>
      arg instanceof Uint8Array ? Buffer.from(arg.buffer, arg.byteOffset, arg.length) : arg,
    );
    const made = (scorer[call.what] as (...given: unknown[]) => Decisions | undefined)(...args);
    return made ?? null;
  };
  parentPort?.on("message", ({ no, call }: Asked) => {
    try {
      parentPort?.postMessage({ no, value: run(call) } satisfies Answer);
    } catch (error) {
      parentPort?.postMessage({ failed: (error as Error).message } satisfies Answer);
    }
  });
}

if (!isMainThread && (workerData as { scorer?: boolean } | null)?.scorer === true) serve();
