import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { figureRow, tallyRows, type GridFigures } from "./figures.store.ts";

/** The tally of grid work for a drill's report and the board: doors, needs and street rounds. */
export async function gridTally(tx: Tx): Promise<{ in: number; done: number; late: number; open: number }> {
  return tallyRows(tx);
}

export const gridFigures = useCase(
  { name: "grid.figures", permission: "grid.grid.read", kind: "read" },
  (tx, input: { areaCode?: string }): Promise<GridFigures> => {
    const { lo, hi } = areaRange(input.areaCode ?? tx.actor.areaCode);
    return figureRow(tx, lo, hi);
  },
);
