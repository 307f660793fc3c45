import { ProblemError } from "#kernel/errors";
import { need } from "#kernel/assert";
import { addMinutes } from "#kernel/time";
import { stopwatch } from "#platform/clocks";
import type { Ctx, Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import { runDuty, useCase } from "#platform/usecase";
import { batchCandidates, batchEntries, beginBatch, countyPeople, endBatch, type BatchTally } from "./batch.store.ts";
import { countyDigits } from "./blocks.rules.ts";
import { paced } from "./progress.rules.ts";
import type { LinkageProgress, SourceQuery } from "./registers.model.ts";
import { checkComparable, registerOrNone } from "./registers.service.ts";
import { addToRun, endRun, findOpenRun, findRun, insertRun, openRuns, pageRuns, type StoredRun } from "./runs.store.ts";
import { scoringHere, scoringThread, type Scoring } from "./scorer.thread.ts";
import {
  holdArrivals,
  lockVillages,
  stillHeld,
  tryRun,
  waitingVillages,
  type WaitingVillage,
} from "./waiting.store.ts";

/**
 * A whole register compared with the register of people: county by county, in batches of villages. A batch is one transaction
 * that decides everything that waits in its villages, so that a kill costs the batches in hand and no entry is decided twice.
 */

/** From which sizes on a run does what. */
export interface WorkSizes {
  /** Entries of a batch: a second's work, so that progress is seen, a cancel is heard, and memory stays small. */
  readonly batchEntries: number;
  /** From so many waiting entries on, a county's people are read once instead of being looked up for each entry. */
  readonly countyEntries: number;
  /** From so many entries on, a thread is worth its start. */
  readonly threadEntries: number;
}

const sizesDefault: WorkSizes = { batchEntries: 50_000, countyEntries: 4_000, threadEntries: 20_000 };
/** Batches in hand at a time: while one is scored, the other is read or written. */
const lanesMax = 2;
export const linkJob = "people.link";

async function areaOfRun(input: { no: number }, tx: Tx): Promise<string> {
  return (await runOrNone(tx, input.no)).areaCode;
}

async function runOrNone(tx: Tx, no: number): Promise<StoredRun> {
  const run = await findRun(tx, no);
  if (!run) throw new ProblemError("record.notFound", { what: "linkage" });
  return run;
}

async function openRun(tx: Tx, code: string): Promise<StoredRun> {
  await checkComparable(tx);
  const register = await registerOrNone(tx, code);
  const run = await insertRun(tx, register);
  if (!run) throw new ProblemError("state.notAllowed", { state: "running" });
  await tx.emit({
    name: "people.linkageStarted",
    areaCode: run.areaCode,
    subjectType: "register",
    subjectId: run.register,
    data: { entries: run.total },
  });
  return run;
}

/** Starts the comparison of everything that waits in a register; a process of the installation works it. */
export const startLinkage = useCase(
  { name: "people.startLinkage", permission: "people.link.write", kind: "write" },
  async (tx, input: { code: string }): Promise<LinkageProgress> => {
    const run = await openRun(tx, input.code);
    await enqueueRun(tx, run.no);
    return paced(run);
  },
);

/** Opens a run that the caller works itself (the command line), or finds the one that stands open. */
export const takeLinkage = useCase(
  { name: "people.takeLinkage", permission: "people.link.write", kind: "write" },
  async (tx, input: { code: string }): Promise<LinkageProgress> => {
    await registerOrNone(tx, input.code);
    return paced((await findOpenRun(tx, input.code)) ?? (await openRun(tx, input.code)));
  },
);

/** Runs of an area with how far each is, the newest first. */
export const listLinkages = useCase(
  { name: "people.linkages", permission: "people.register.read", kind: "read" },
  async (tx, query: SourceQuery): Promise<Page<LinkageProgress>> => {
    const limit = pageSize(query.limit);
    const before = cursorKey(query.cursor, 1);
    const rows = await pageRuns(tx, {
      areaCode: query.areaCode ?? tx.actor.areaCode,
      before: before === null ? null : Number(before[0]),
      limit: limit + 1,
    });
    const page = pageOf(rows, limit, (row) => [row.no]);
    return { items: page.items.map(paced), next: page.next };
  },
);

/** Stops a run after the batches in hand; what it has decided stays. */
export const cancelLinkage = useCase(
  { name: "people.cancelLinkage", permission: "people.link.write", kind: "write", area: areaOfRun },
  async (tx, input: { no: number }): Promise<{ state: string }> => {
    const run = await runOrNone(tx, input.no);
    if (!(await endRun(tx, input.no, "cancelled"))) throw new ProblemError("state.notAllowed", { state: run.state });
    await announceEnd(tx, run, "cancelled");
    return { state: "cancelled" };
  },
);

function announceEnd(tx: Tx, run: StoredRun, how: "done" | "cancelled"): Promise<void> {
  return tx.emit({
    name: "people.linkageEnded",
    areaCode: run.areaCode,
    subjectType: "register",
    subjectId: run.register,
    data: { how },
  });
}

const readRun = useCase(
  { name: "people.readLinkage", permission: "people.link.write", kind: "read" },
  async (tx, input: { no: number }): Promise<{ run: StoredRun; villages: WaitingVillage[] }> => {
    const run = await runOrNone(tx, input.no);
    return { run, villages: run.state === "running" ? await waitingVillages(tx, run.register) : [] };
  },
);

const finishRun = useCase(
  { name: "people.finishLinkage", permission: "people.link.write", kind: "write" },
  async (tx, input: { no: number }): Promise<StoredRun> => {
    const run = await runOrNone(tx, input.no);
    if (await endRun(tx, input.no, "done")) await announceEnd(tx, run, "done");
    return runOrNone(tx, input.no);
  },
);

const readCounty = useCase(
  { name: "people.linkCounty", permission: "people.link.write", kind: "write" },
  (tx, input: { county: string; scoring: Scoring }): Promise<void> =>
    input.scoring.county(countyPeople(tx, input.county)),
);

interface BatchInput {
  readonly run: StoredRun;
  readonly villages: readonly string[];
  /** Whether the scorer has the county's people. */
  readonly hasCounty: boolean;
  readonly scoring: Scoring;
  readonly entriesMax: number;
  readonly workedMs: () => number;
}

/** One batch; null when the run has ended meanwhile. spec: PEOPLE-10, PEOPLE-11, PEOPLE-12 */
const linkBatch = useCase(
  { name: "people.linkBatch", permission: "people.link.write", kind: "write" },
  async (
    tx,
    { run, villages, hasCounty, scoring, entriesMax, workedMs }: BatchInput,
  ): Promise<{ tally: BatchTally; full: boolean } | null> => {
    if ((await runOrNone(tx, run.no)).state !== "running") return null;
    const of = { register: run.register, villages, ahead: await lockVillages(tx, run.register, villages) };
    const { taken } = await beginBatch(tx, { ...of, limit: entriesMax });
    const decisions = await scoring.decide(batchEntries(tx), () => batchCandidates(tx, hasCounty ? "keys" : "all"));
    const tally = await endBatch(tx, of, decisions);
    await addToRun(tx, run.no, tally, workedMs());
    return { tally, full: taken >= entriesMax };
  },
);

/** Villages of one county that are compared together. */
interface CountyWork {
  readonly county: string;
  readonly waiting: number;
  readonly batches: string[][];
}

/** The work of a run: its villages by county, and within it by batch. */
export function workOf(villages: readonly WaitingVillage[], entriesMax: number): CountyWork[] {
  const counties: { county: string; waiting: number; batches: string[][] }[] = [];
  let entries = 0;
  for (const { areaCode, waiting } of villages) {
    const county = areaCode.slice(0, countyDigits);
    let work = counties.at(-1);
    if (work?.county !== county) {
      work = { county, waiting: 0, batches: [] };
      counties.push(work);
    }
    if (work.batches.length === 0 || entries + waiting > entriesMax) {
      work.batches.push([]);
      entries = 0;
    }
    need(work.batches.at(-1), "a batch was begun").push(areaCode);
    entries += waiting;
    work.waiting += waiting;
  }
  return counties;
}

export interface WorkOptions {
  /** Stops after the batches in hand; the run stays open and goes on later. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: LinkageProgress) => void | Promise<void>;
  readonly sizes?: Partial<WorkSizes>;
}

/** How a run was left: `busy` when another process works it, `stopped` when it was asked to stop before its end. */
export type WorkEnd = "done" | "cancelled" | "busy" | "stopped";

/**
 * Works a run to its end. Only one process does: it holds the run by a lock that falls with its connection. The work is done
 * in the name and within the jurisdiction of whoever asked for the run.
 */
export async function workRun(ctx: Ctx, no: number, options: WorkOptions = {}): Promise<WorkEnd> {
  return ctx.db.transaction(async (sql) => {
    if (!(await tryRun(sql, no))) return "busy";
    await holdArrivals(sql);
    const { run, villages } = await readRun(ctx, { no });
    if (run.state !== "running") return run.state;
    const { key: _once, ...open } = ctx;
    const own: Ctx = {
      ...open,
      actor: { ...ctx.actor, id: run.startedBy, name: run.startedName, areaCode: run.within },
    };
    const sizes = { ...sizesDefault, ...options.sizes };
    const waiting = villages.reduce((sum, village) => sum + village.waiting, 0);
    const scoring = waiting >= sizes.threadEntries ? scoringThread() : scoringHere();
    try {
      const within = villages.filter(({ areaCode }) => areaCode.startsWith(run.within));
      for (const county of workOf(within, sizes.batchEntries)) {
        const end = await linkCounty(own, run, county, scoring, { ...options, sizes, held: () => stillHeld(sql) });
        if (end !== null) return end;
      }
    } finally {
      await scoring.close();
    }
    return (await finishRun(own, { no })).state === "cancelled" ? "cancelled" : "done";
  });
}

/** A run takes three connections and a thread: a process works one at a time, the others wait for it in the queue. */
let isWorking = false;

/** The job of a run. A process that stops leaves the rest of it to another. */
export async function workLinkJob(ctx: Ctx, payload: unknown, signal: AbortSignal): Promise<void> {
  const { run } = payload as { readonly run: number };
  if (isWorking) return;
  isWorking = true;
  const end = await workRun(ctx, run, { signal }).finally(() => (isWorking = false));
  // Whoever works it will see to the others.
  if (end === "busy") return;
  await runDuty(ctx, async (tx) => {
    for (const no of await openRuns(tx, tx.now, resumedMax)) await enqueueRun(tx, no);
  });
}

function enqueueRun(tx: Tx, no: number): Promise<void> {
  return tx.enqueue({ name: linkJob, payload: { run: no }, key: `${linkJob} ${no}` });
}

const forgottenMinutes = 5;
const resumedMax = 100;

/** Runs that nobody has worked for some minutes (a command line that was stopped) are given to the servers. */
export async function resumeLinkages(tx: Tx): Promise<void> {
  for (const no of await openRuns(tx, addMinutes(tx.now, -forgottenMinutes), resumedMax)) await enqueueRun(tx, no);
}

/** Compares one county's villages, some batches at a time; null when it is done. */
async function linkCounty(
  ctx: Ctx,
  run: StoredRun,
  county: CountyWork,
  scoring: Scoring,
  options: WorkOptions & { readonly sizes: WorkSizes; readonly held: () => Promise<void> },
): Promise<"cancelled" | "stopped" | null> {
  const { signal, onProgress, sizes, held } = options;
  const elapsed = stopwatch();
  let told = 0;
  // What passed since it was last asked: the lanes' shares add up to the time that the work took.
  const workedMs = (): number => {
    const before = told;
    told = elapsed();
    return told - before;
  };
  const hasCounty = county.waiting >= sizes.countyEntries && county.county.length === countyDigits;
  if (hasCounty) await readCounty(ctx, { county: county.county, scoring });
  else await scoring.noCounty();
  const queue = [...county.batches];
  let isCancelled = false;
  let isBroken = false;
  const lane = async (): Promise<void> => {
    for (let villages = queue.shift(); villages && !isCancelled && !isBroken && !signal?.aborted;) {
      await held();
      const answer = await linkBatch(ctx, {
        run,
        villages,
        hasCounty,
        scoring,
        workedMs,
        entriesMax: sizes.batchEntries,
      });
      if (answer === null) isCancelled = true;
      // A village with more entries than a batch may hold is taken up again.
      else if (answer.full) queue.push(villages);
      await onProgress?.(paced((await readRun(ctx, { no: run.no })).run));
      villages = queue.shift();
    }
  };
  const broken = (error: unknown): never => {
    isBroken = true;
    throw error;
  };
  // When one lane fails, the other may have a batch in hand, which is let come to its end.
  const lanes = await Promise.allSettled(Array.from({ length: lanesMax }, () => lane().catch(broken)));
  for (const end of lanes) if (end.status === "rejected") throw end.reason;
  if (isCancelled) return "cancelled";
  return signal?.aborted ? "stopped" : null;
}
