import { assert } from "#kernel/assert";
import type { Instant } from "#kernel/time";
import { caseFigures, tubeFigures } from "#modules/cases";
import { orderFigures } from "#modules/isolation";
import { currentOutbreak, findCurrentOutbreak, type CountedFigure, type FigureScope } from "#modules/outbreaks";
import { contactFigures } from "#modules/tracing";
import { zoneFigures } from "#modules/zones";
import type { Tx } from "#platform/context";
import type { StoredEvent } from "#platform/events";
import type { FigureName, FigureSubject, FigureValue, Freeze, FrozenFigure, Reconciliation } from "./figures.model.ts";
import { brokenOf, changesOf, reconcile } from "./figures.rules.ts";
import {
  allFreezes,
  frozenFigures,
  holdLedger,
  insertChanges,
  insertFreeze,
  lastFreeze,
  ledgerEnd,
  ledgerOf,
  ledgerSums,
} from "./reports.store.ts";

type Counter = (tx: Tx, scope: FigureScope) => Promise<CountedFigure<FigureName>[]>;

/** Which module counts which kind of record. */
const counters: Readonly<Record<FigureSubject, Counter>> = {
  case: caseFigures,
  tube: tubeFigures,
  contact: contactFigures,
  order: orderFigures,
  zone: zoneFigures,
};
const subjects = Object.keys(counters) as FigureSubject[];

/** A ledger line's sequence is below this; it stands for "up to now". */
const ledgerOpenEnd = Number.MAX_SAFE_INTEGER;

async function countAll(tx: Tx, outbreak: { id: string; areaCode: string }): Promise<FigureValue[]> {
  const rows: FigureValue[] = [];
  for (const subject of subjects)
    rows.push(...(await counters[subject](tx, { outbreakId: outbreak.id, areaCode: outbreak.areaCode })));
  return rows;
}

/**
 * Writes into the ledger what an event has changed in the figures of some records: the difference
 * between what they count for now and what the ledger already holds for them. spec: FIG-1, FIG-2
 */
export async function postChanges(
  tx: Tx,
  event: StoredEvent,
  subject: FigureSubject,
  subjectIds: readonly (string | number)[],
): Promise<void> {
  if (subjectIds.length === 0) return;
  const outbreakId = event.outbreakId ?? (await findCurrentOutbreak(tx))?.id;
  if (outbreakId === undefined) return;
  const ids = [...new Set(subjectIds.map(String))];
  const now = await counters[subject](tx, { outbreakId, areaCode: "", ids });
  const changes = changesOf(now, await ledgerOf(tx, subject, ids));
  if (changes.length > 0) await insertChanges(tx, { id: event.id, name: event.name, outbreakId }, subject, changes);
}

/**
 * The figures as of a cut-off, counted straight from the record tables; what was recorded after the
 * cut-off is taken off again by its ledger lines. The cut-off must not lie in the future.
 */
export async function computeFigures(tx: Tx, cutoff: Instant): Promise<FigureValue[]> {
  assert(cutoff <= tx.now, "figures of the future cannot be counted");
  const outbreak = await currentOutbreak(tx);
  return countAsOf(tx, outbreak, await ledgerEnd(tx, outbreak.id, cutoff));
}

async function countAsOf(tx: Tx, outbreak: { id: string; areaCode: string }, end: number): Promise<FigureValue[]> {
  const counted = await countAll(tx, outbreak);
  const after = await ledgerSums(tx, outbreak, end, ledgerOpenEnd);
  return reconcile([], after, counted).map((row) => ({
    figure: row.figure as FigureName,
    areaCode: row.areaCode,
    detail: row.detail,
    value: row.value - row.change,
  }));
}

/** The values of a freeze as the start of the next. */
function valuesOf(rows: readonly FrozenFigure[]): FigureValue[] {
  return rows.map((row) => ({
    figure: row.figure as FigureName,
    areaCode: row.areaCode,
    detail: row.detail,
    value: row.value,
  }));
}

/**
 * Freezes the figures of the running outbreak at a cut-off and emits `reports.frozen`. A freeze that
 * does not reconcile is kept and flagged, with every figure that does not add up: a command post
 * needs its briefing, and it needs to know. spec: FIG-3, FIG-4, invariant I7
 */
export async function freezeFigures(tx: Tx, input: { slot: string; cutoff: Instant }): Promise<Freeze> {
  assert(input.cutoff <= tx.now, "figures of the future cannot be frozen");
  const outbreak = await currentOutbreak(tx);
  await holdLedger(tx);
  const previous = await lastFreeze(tx, outbreak.id);
  const from = previous?.ledgerTo ?? 0;
  const to = Math.max(from, await ledgerEnd(tx, outbreak.id, input.cutoff));
  const before = previous === undefined ? [] : valuesOf(await frozenFigures(tx, previous.id));
  const figures = reconcile(before, await ledgerSums(tx, outbreak, from, to), await countAsOf(tx, outbreak, to));
  const freeze = {
    id: tx.newId(),
    no: (previous?.no ?? 0) + 1,
    slot: input.slot,
    cutoffAt: input.cutoff,
    ledgerFrom: from,
    ledgerTo: to,
    reconciled: brokenOf(figures).length === 0,
  };
  await insertFreeze(tx, outbreak, freeze, figures);
  await tx.emit({
    name: "reports.frozen",
    outbreakId: outbreak.id,
    areaCode: outbreak.areaCode,
    subjectType: "freeze",
    subjectId: freeze.id,
    data: { no: freeze.no, slot: input.slot, cutoffAt: input.cutoff, reconciled: freeze.reconciled },
  });
  return {
    id: freeze.id,
    no: freeze.no,
    slot: freeze.slot,
    cutoffAt: freeze.cutoffAt,
    reconciled: freeze.reconciled,
    figures,
  };
}

/**
 * I7 for the auditor: every freeze is the freeze before plus the ledger's lines between them, and the
 * newest plus the lines since is what the records say now. Needs to see the whole outbreak's area.
 */
export async function figuresReconcile(tx: Tx): Promise<Reconciliation> {
  const outbreak = await currentOutbreak(tx);
  await holdLedger(tx);
  let checked = 0;
  const broken: FrozenFigure[] = [];
  let before: FigureValue[] = [];
  let from = 0;
  const check = (rows: readonly FrozenFigure[]): void => {
    checked += rows.length;
    broken.push(...brokenOf(rows));
  };
  for (const freeze of await allFreezes(tx, outbreak.id)) {
    const frozen = valuesOf(await frozenFigures(tx, freeze.id));
    check(reconcile(before, await ledgerSums(tx, outbreak, from, freeze.ledgerTo), frozen));
    before = frozen;
    from = freeze.ledgerTo;
  }
  check(reconcile(before, await ledgerSums(tx, outbreak, from, ledgerOpenEnd), await countAll(tx, outbreak)));
  return { checked, broken };
}
