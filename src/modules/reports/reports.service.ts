import { currentOutbreak } from "#modules/outbreaks";
import { ProblemError } from "#kernel/errors";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import type { FigureChange, Freeze, FrozenFigure } from "./figures.model.ts";
import { brokenOf, reconcile } from "./figures.rules.ts";
import { computeFigures } from "./figures.service.ts";
import { freezeById, frozenFigures, lastFreeze, ledgerLines } from "./reports.store.ts";

/** The figures of a freeze, as far as the reader's area goes. */
export async function frozenFiguresOf(tx: Tx, freezeId: string): Promise<FrozenFigure[]> {
  return frozenFigures(tx, freezeId);
}

const read = { permission: "reports.figure.read", kind: "read", replica: true } as const;

/** The figures as they stand now, beside the last frozen ones. A reader sees those of their own area. */
export const currentFigures = useCase(
  { name: "reports.figures", ...read },
  async (
    tx,
    _input: Record<string, never>,
  ): Promise<{ at: string; freeze: Freeze | null; figures: FrozenFigure[] }> => {
    const outbreak = await currentOutbreak(tx);
    const last = await lastFreeze(tx, outbreak.id);
    const frozen = last === undefined ? [] : await frozenFigures(tx, last.id);
    const now = await computeFigures(tx, tx.now);
    const before = frozen.map((row) => ({ ...row, figure: row.figure as (typeof now)[number]["figure"] }));
    const figures = reconcile(before, [], now).map((row) => ({ ...row, change: row.value - row.previous }));
    const freeze =
      last === undefined
        ? null
        : {
            id: last.id,
            no: last.no,
            slot: last.slot,
            cutoffAt: last.cutoffAt,
            reconciled: last.reconciled,
            figures: frozen,
          };
    return { at: tx.now, freeze, figures };
  },
);

/** Ledger lines shown for one freeze at most. */
export const changesShownMax = 5_000;

/** The changes that a freeze lists, and the figures of it that do not add up. */
export const freezeChanges = useCase(
  { name: "reports.changes", ...read },
  async (tx, input: { id: string }): Promise<{ changes: FigureChange[]; broken: FrozenFigure[] }> => {
    const freeze = await freezeById(tx, input.id);
    if (freeze === undefined) throw new ProblemError("record.notFound", { what: "freeze" });
    const outbreak = await currentOutbreak(tx);
    return {
      changes: await ledgerLines(tx, outbreak.id, freeze.ledgerFrom, freeze.ledgerTo, changesShownMax),
      broken: brokenOf(await frozenFigures(tx, freeze.id)),
    };
  },
);
