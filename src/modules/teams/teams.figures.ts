import type { Tx } from "#platform/context";
import { tallyCounts } from "./tally.store.ts";

/** Records that came in, done, done or open after their deadline, and still open. */
export interface TeamsTally {
  readonly in: number;
  readonly done: number;
  readonly late: number;
  readonly open: number;
}

/** How the mobilisation stands: calls to answer, needs to fill, exposures to follow up. */
export async function teamsTally(tx: Tx): Promise<TeamsTally> {
  const parts = await tallyCounts(tx);
  const sum = (of: (part: TeamsTally) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return { in: sum((p) => p.in), done: sum((p) => p.done), late: sum((p) => p.late), open: sum((p) => p.open) };
}
