import { availableParallelism } from "node:os";
import { isMainThread, parentPort, workerData, Worker } from "node:worker_threads";
import { sealingBy, type PlainNumber, type SealedNumber, type SecretKeys } from "./secrets.keys.ts";

/** Threads that hash and seal numbers: half of what taking a register of millions of rows costs. */
export interface SealingThreads {
  seal(numbers: readonly PlainNumber[]): Promise<SealedNumber[]>;
}

const threadsMax = 4;
const hashBytes = 32;

interface Asked {
  readonly no: number;
  readonly numbers: readonly PlainNumber[];
}

/** The answers of one request in one piece: a hash and a sealed text for each number, and where each sealed text ends. */
interface Answer {
  readonly no: number;
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, { done(answer: Answer): void; failed(error: Error): void }>;
}

/** Starts the threads; they end with the process, and hold it up only while they are asked something. */
export function sealingThreads(keys: SecretKeys): SealingThreads {
  const count = Math.max(1, Math.min(threadsMax, availableParallelism() - 1));
  const threads = Array.from({ length: count }, () => startThread(keys));
  let asked = 0;
  return {
    async seal(numbers) {
      const share = Math.ceil(numbers.length / threads.length);
      const answers = await Promise.all(
        threads.map((thread, i) => ask(thread, { no: ++asked, numbers: numbers.slice(i * share, (i + 1) * share) })),
      );
      return answers.flatMap(unpacked);
    },
  };
}

function startThread(keys: SecretKeys): Thread {
  const worker = new Worker(new URL(import.meta.url), { workerData: { sealing: keys } });
  const waiting: Thread["waiting"] = new Map();
  worker.unref();
  worker.on("message", (answer: Answer) => {
    waiting.get(answer.no)?.done(answer);
    waiting.delete(answer.no);
    if (waiting.size === 0) worker.unref();
  });
  worker.on("error", (error) => {
    for (const one of waiting.values()) one.failed(error);
    waiting.clear();
  });
  return { worker, waiting };
}

function ask({ worker, waiting }: Thread, asked: Asked): Promise<Answer> {
  return new Promise((done, failed) => {
    waiting.set(asked.no, { done, failed });
    worker.ref();
    worker.postMessage(asked);
  });
}

function unpacked({ bytes, ends }: Answer): SealedNumber[] {
  let from = 0;
  return Array.from(ends, (end) => {
    const hash = bytes.subarray(from, from + hashBytes);
    const enc = bytes.subarray(from + hashBytes, end);
    from = end;
    return { hash, enc };
  });
}

/** The other end, in the thread. */
function serve(keys: SecretKeys): void {
  const secrets = sealingBy(keys);
  parentPort?.on("message", ({ no, numbers }: Asked) => {
    const parts: Uint8Array[] = [];
    const ends = new Uint32Array(numbers.length);
    let end = 0;
    for (const [i, { key, text }] of numbers.entries()) {
      const hash = secrets.lookupHash(key);
      const enc = secrets.seal(text);
      parts.push(hash, enc);
      end += hash.length + enc.length;
      ends[i] = end;
    }
    const bytes = new Uint8Array(Buffer.concat(parts));
    parentPort?.postMessage({ no, bytes, ends } satisfies Answer, [bytes.buffer, ends.buffer]);
  });
}

const given = workerData as { readonly sealing?: SecretKeys } | null;
if (!isMainThread && given?.sealing) serve(given.sealing);
