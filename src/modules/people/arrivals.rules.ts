/** A run of neighbouring ids. */
export interface IdRange {
  readonly firstId: number;
  readonly lastId: number;
}

/** Ids as runs of neighbours. */
export function idRanges(ids: readonly number[]): IdRange[] {
  const ranges: { firstId: number; lastId: number }[] = [];
  for (const id of ids.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && id <= last.lastId + 1) last.lastId = id;
    else ranges.push({ firstId: id, lastId: id });
  }
  return ranges;
}
