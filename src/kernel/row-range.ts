/** Rows of a list from the first to the last, both counted in; none where the last stands before the first. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** As many rows are filled at one step: the rest comes a sixtieth of a second later, and no step takes long. */
export const filledAtOnce = 16;

/**
 * Which rows are filled after the window moved: those in sight that were filled already, and up to
 * {@link filledAtOnce} more, downwards first. After a leap they begin at the first row in sight, behind the margin.
 */
export function drawnRows(before: RowRange, wanted: RowRange, marginRows: number): RowRange {
  const first = Math.max(before.first, wanted.first);
  const last = Math.min(before.last, wanted.last);
  const inSight = wanted.first + marginRows;
  const kept = first > last ? { first: inSight, last: inSight - 1 } : { first, last };
  const below = Math.min(filledAtOnce, wanted.last - kept.last);
  const above = Math.min(filledAtOnce - below, kept.first - wanted.first);
  return { first: kept.first - above, last: kept.last + below };
}
