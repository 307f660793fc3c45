import type { Contribution, FigureName, FigureValue, FrozenFigure } from "./figures.model.ts";

type Key = Pick<FigureValue, "figure" | "areaCode" | "detail">;

function keyOf(row: Key): string {
  return `${row.figure}|${row.areaCode}|${row.detail}`;
}

function compareKeys(a: Key, b: Key): number {
  const left = keyOf(a);
  const right = keyOf(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A signed change one record makes to one figure. */
export interface Change extends Key {
  readonly subjectId: string;
  readonly change: number;
}

/**
 * The changes that bring what the ledger holds for some records to what the records say now.
 * An event told twice changes nothing the second time. spec: FIG-2
 */
export function changesOf(now: readonly Contribution[], ledger: readonly Contribution[]): Change[] {
  const open = new Map<string, Change>();
  for (const [rows, sign] of [
    [now, 1],
    [ledger, -1],
  ] as const) {
    for (const row of rows) {
      const key = `${row.subjectId}|${keyOf(row)}`;
      const change = (open.get(key)?.change ?? 0) + sign * row.value;
      open.set(key, {
        subjectId: row.subjectId,
        figure: row.figure,
        areaCode: row.areaCode,
        detail: row.detail,
        change,
      });
    }
  }
  return [...open.values()]
    .filter((row) => row.change !== 0)
    .sort((a, b) => (a.subjectId < b.subjectId ? -1 : a.subjectId > b.subjectId ? 1 : compareKeys(a, b)));
}

/** Sets what the records say beside what the freeze before and the changes since then give. spec: FIG-3 */
export function reconcile(
  previous: readonly FigureValue[],
  changes: readonly FigureValue[],
  computed: readonly FigureValue[],
): FrozenFigure[] {
  const rows = new Map<string, FrozenFigure>();
  function add(list: readonly FigureValue[], field: "value" | "previous" | "change"): void {
    for (const item of list) {
      const key = keyOf(item);
      const row = rows.get(key) ?? {
        figure: item.figure,
        areaCode: item.areaCode,
        detail: item.detail,
        value: 0,
        previous: 0,
        change: 0,
      };
      rows.set(key, { ...row, [field]: row[field] + item.value });
    }
  }
  add(previous, "previous");
  add(changes, "change");
  add(computed, "value");
  return [...rows.values()]
    .filter((row) => row.value !== 0 || row.previous !== 0 || row.change !== 0)
    .sort((a, b) => compareKeys(a as Key, b as Key));
}

/** The figures that do not add up. spec: FIG-3, invariant I7 */
export function brokenOf(rows: readonly FrozenFigure[]): FrozenFigure[] {
  return rows.filter((row) => row.previous + row.change !== row.value);
}

/** The sum of a figure over the counties below `areaCode` and the given details. */
export function totalOf(
  rows: readonly FrozenFigure[],
  figure: FigureName,
  within: { readonly areaCode?: string; readonly details?: readonly string[] } = {},
): { readonly value: number; readonly change: number } {
  let value = 0;
  let change = 0;
  for (const row of rows) {
    if (row.figure !== figure || !row.areaCode.startsWith(within.areaCode ?? "")) continue;
    if (within.details && !within.details.includes(row.detail)) continue;
    value += row.value;
    change += row.value - row.previous;
  }
  return { value, change };
}
