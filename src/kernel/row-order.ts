/** The order that is asked for, `due` or the other way round `-due`, and how to ask for another. */
export interface RowSort {
  readonly asked: string | undefined;
  /** The order in which the list comes by itself, if a heading stands for it. */
  readonly usual: string | undefined;
  readonly onSort: (asked: string | undefined) => void;
}

/** How a column that sorts by this name stands in the order that is shown. */
export function shownSort(
  sortBy: string,
  { asked, usual }: Omit<RowSort, "onSort">,
): "ascending" | "descending" | "none" {
  const shown = asked ?? usual;
  if (shown === sortBy) return "ascending";
  return shown === `-${sortBy}` ? "descending" : "none";
}

/** What the next press on a heading asks for: one way, the other, and then the list's own order where no heading stands for it. */
export function nextSort(sortBy: string, { asked, usual }: Omit<RowSort, "onSort">): string | undefined {
  const stands = shownSort(sortBy, { asked, usual });
  if (stands === "ascending") return `-${sortBy}`;
  return stands === "descending" && usual === undefined ? undefined : sortBy;
}

/** Rows by a value of each, one way or the other; those without one stand last both ways. */
export function ordered<T>(rows: readonly T[], by: (row: T) => string | number | null, isDown: boolean): readonly T[] {
  const way = isDown ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [by(a), by(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return left === right ? 0 : way * (left < right ? -1 : 1);
  });
}
