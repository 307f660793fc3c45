import { assert } from "#kernel/assert";
import { ProblemError } from "#kernel/errors";
import { addHours } from "#kernel/time";
import { findCurrentOutbreak } from "#modules/outbreaks";
import { completeTasks, createTasks, openTasksOn } from "#modules/tasks";
import { stopwatch } from "#platform/clocks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import type { CoverageDiffers, CoverageSetRight } from "./events.model.ts";
import { evidenceOf } from "./evidence.service.ts";
import type {
  CoverageDifference,
  DifferenceQuery,
  Reconciliation,
  ReconciliationQuery,
  ReconciliationReason,
  SetRightAnswer,
} from "./reconcile.model.ts";
import {
  differingVillages,
  explain,
  lastNight,
  peopleByCause,
  type Difference,
  type VillageCounts,
} from "./reconcile.rules.ts";
import {
  insertReconciliations,
  lastReconciliation,
  lockCounters,
  lockForRecount,
  pageDifferences,
  pageReconciliations,
  roundsDue,
  writeCounters,
} from "./reconcile.store.ts";
import { recountArea, recountStanding } from "./recount.store.ts";
import { enterBulk, type RoundRow } from "./rounds.store.ts";
import { roundOrNone, visibleRound } from "./rounds.service.ts";
import { areaNamesOf } from "./screening.names.ts";

/** The counters of rounds against their rows: each night, when asked, and set right. */

const roundsPerNightMax = 5_000;
/** A difference found in the night is dealt with before the morning's work is over. */
const differenceHours = 6;
const taskKind = "coverageDiffers";
const openTasksMax = 50;

/** What one round's recount found. */
interface Recounted {
  readonly round: RoundRow;
  readonly reason: ReconciliationReason;
  readonly villages: number;
  readonly differing: readonly VillageCounts[];
  readonly differences: readonly Difference[];
  readonly ms: number;
}

/** Compares and explains; the time is that of the count and of looking for causes. */
async function compare(
  tx: Tx,
  round: RoundRow,
  reason: ReconciliationReason,
  villages: readonly VillageCounts[],
  elapsed: () => number,
): Promise<Recounted> {
  const differing = differingVillages(villages);
  const differences = differing.length === 0 ? [] : explain(differing, await evidenceOf(tx, round, differing));
  return { round, reason, villages: villages.length, differing, differences, ms: Math.round(elapsed()) };
}

async function recount(tx: Tx, round: RoundRow): Promise<readonly VillageCounts[]> {
  return round.kind === "area" ? recountArea(tx, round) : ((await recountStanding(tx, [round.id])).get(round.id) ?? []);
}

/**
 * Recounts every open round, and each that closed since its last recount, once a night. Each difference is stored with
 * its cause; a round that differs makes one task and one event. spec: SCR-19
 */
export async function reconcileNight(tx: Tx): Promise<void> {
  const outbreak = await findCurrentOutbreak(tx);
  if (outbreak === undefined) return;
  const night = lastNight(tx.now, outbreak.timeZone, outbreak.protocol);
  const rounds = await roundsDue(tx, night, roundsPerNightMax);
  if (rounds.length === 0) return;
  await enterBulk(tx, "anew");
  const found: Recounted[] = [];
  for (const round of rounds.filter((one) => one.kind === "area")) {
    const elapsed = stopwatch();
    found.push(await compare(tx, round, "nightly", await recountArea(tx, round), elapsed));
  }
  const standing = rounds.filter((one) => one.kind !== "area");
  if (standing.length > 0) {
    const elapsed = stopwatch();
    const counted = await recountStanding(
      tx,
      standing.map((round) => round.id),
    );
    for (const round of standing) found.push(await compare(tx, round, "nightly", counted.get(round.id) ?? [], elapsed));
  }
  await keep(tx, found);
}

/** Stores what was found, and tells whoever must act: one task a round that differs, none for one that does not. */
async function keep(tx: Tx, found: readonly Recounted[]): Promise<string[]> {
  const ids = await insertReconciliations(
    tx,
    found.map(({ round, differing, ...one }) => ({ ...one, roundId: round.id, differing: differing.length })),
  );
  const clean = found.filter((one) => one.differences.length === 0).map((one) => one.round.id);
  await completeTasks(tx, {
    subjectType: "round",
    subjectIds: clean,
    kind: taskKind,
    evidence: { note: "recounted, no difference / 复核无差异" },
  });
  for (const one of found) if (one.differences.length > 0) await tell(tx, one);
  return ids;
}

async function tell(tx: Tx, { round, villages, differing, differences }: Recounted): Promise<void> {
  const causes = peopleByCause(differences);
  const figures = { no: round.no, villages, differing: differing.length, differences: differences.length };
  const open = await openTasksOn(tx, [{ type: "round", id: round.id }], openTasksMax);
  // Last night's task is still the task; the round's page has tonight's figures.
  if (!open.some((task) => task.kind === taskKind))
    await createTasks(tx, [
      {
        outbreakId: round.outbreakId,
        kind: taskKind,
        areaCode: round.areaCode,
        ownerTeam: "screening",
        subjectType: "round",
        subjectId: round.id,
        params: { ...figures, ...causes },
        dueAt: addHours(tx.now, differenceHours),
      },
    ]);
  const data: CoverageDiffers = { roundId: round.id, ...figures, causes };
  await tx.emit({ name: "screening.coverageDiffers", ...subjectOf(round), data });
}

const subjectOf = (round: RoundRow) => ({
  areaCode: round.areaCode,
  outbreakId: round.outbreakId,
  subjectType: "round",
  subjectId: round.id,
});

const correctDef = {
  permission: "screening.coverage.correct",
  kind: "write",
  area: async (input: { roundId: string }, tx: Tx) => (await roundOrNone(tx, input.roundId)).areaCode,
} as const;

/** Recounts one round now; nothing is changed. spec: SCR-19 */
export const reconcileRound = useCase(
  { name: "screening.reconcileRound", ...correctDef },
  async (tx, input): Promise<Reconciliation> => {
    const round = await lockForRecount(tx, input.roundId);
    assert(round, "the area check found it");
    await enterBulk(tx, "anew");
    const elapsed = stopwatch();
    await keep(tx, [await compare(tx, round, "asked", await recount(tx, round), elapsed)]);
    const last = await lastReconciliation(tx, round.id);
    assert(last, "it was stored just now");
    return last;
  },
);

/**
 * Sets the counters of the villages that differ to what the rows count. Nobody moves them meanwhile: whoever samples
 * there waits, and adds to what was set. What stood before is kept with its causes. spec: SCR-21
 */
export const setCoverageRight = useCase(
  { name: "screening.setCoverageRight", ...correctDef },
  async (tx, input): Promise<SetRightAnswer> => {
    const round = await lockForRecount(tx, input.roundId);
    assert(round, "the area check found it");
    await enterBulk(tx, "anew");
    const elapsed = stopwatch();
    const wrong = differingVillages(await recount(tx, round));
    if (wrong.length === 0)
      throw new ProblemError("rule.refused", { rule: "SCR-21", why: "no counter differs / 计数与明细一致，无需校正" });
    // Looked for before anybody has to wait.
    const evidence = await evidenceOf(tx, round, wrong);
    const locked = new Set(wrong.map((village) => village.areaCode));
    await lockCounters(tx, round.id, [...locked]);
    // Counted anew now that nobody else moves them; a village that came to differ meanwhile waits for the next time.
    const villages = (await recount(tx, round)).filter((village) => locked.has(village.areaCode));
    const differing = differingVillages(villages);
    const differences = explain(differing, evidence);
    const done: Recounted = {
      round,
      reason: "setRight",
      villages: villages.length,
      differing,
      differences,
      ms: Math.round(elapsed()),
    };
    await writeCounters(tx, round.id, done.differing);
    const figures = { villages: done.differing.length, differences: done.differences.length };
    await insertReconciliations(tx, [{ ...done, roundId: round.id, differing: done.differing.length }]);
    await tx.audit({
      action: "screening.coverageSetRight",
      subjectType: "round",
      subjectId: round.id,
      areaCode: round.areaCode,
      count: figures.differences,
    });
    await completeTasks(tx, {
      subjectType: "round",
      subjectIds: [round.id],
      kind: taskKind,
      evidence: { note: `${figures.differences} counters set right / 已校正 ${figures.differences} 项计数` },
    });
    const data: CoverageSetRight = { roundId: round.id, ...figures, causes: peopleByCause(done.differences) };
    await tx.emit({ name: "screening.coverageSetRight", ...subjectOf(round), data });
    return { roundId: round.id, ...figures };
  },
);

const readDef = { permission: "screening.round.read", kind: "read" } as const;

/** The recounts of a round, newest first. */
export const listReconciliations = useCase(
  { name: "screening.listReconciliations", ...readDef },
  async (tx, query: ReconciliationQuery): Promise<Page<Reconciliation>> => {
    await visibleRound(tx, query.roundId);
    return pageReconciliations(tx, query);
  },
);

/** What the newest recount of a round found, or set right, in the reader's villages. */
export const listDifferences = useCase(
  { name: "screening.listDifferences", ...readDef },
  async (tx, query: DifferenceQuery): Promise<Page<CoverageDifference>> => {
    await visibleRound(tx, query.roundId);
    const last = await lastReconciliation(tx, query.roundId);
    if (last === undefined) return { items: [], next: null };
    const page = await pageDifferences(tx, last.id, query);
    const names = await areaNamesOf(
      tx,
      page.items.map((row) => row.areaCode),
    );
    return { ...page, items: page.items.map((row) => ({ ...row, areaName: names.get(row.areaCode) ?? null })) };
  },
);
