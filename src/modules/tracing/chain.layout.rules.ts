/** A case as the picture of chains sees it. */
export interface ChainPoint {
  readonly id: string;
  /** When it shows itself: onset, else the first positive sample; ms since 1970. */
  readonly at: number;
  /** Who infected it, when that is known and in the picture. */
  readonly parent: string | null;
  readonly cluster: string;
}

/** A case, or several drawn as one, in its place. */
export interface PlacedPoint<P extends ChainPoint> {
  readonly point: P;
  /** Days since the earliest of all. */
  readonly x: number;
  readonly row: number;
}

export interface ChainLayout<P extends ChainPoint> {
  readonly placed: readonly PlacedPoint<P>[];
  readonly rows: number;
  readonly fromMs: number;
  readonly days: number;
}

const dayMs = 86_400_000;
/** Cases without a chain share a row when they are at least so many days apart. */
const looseGapDays = 0.75;

/**
 * Lays chains out as trees on a time axis: x is the date, each leaf has a row of its own and an infector
 * stands between its first and its last infectee. Larger chains come first; cases without any chain
 * share rows at the end. Linear in the number of cases but for sorting. spec: TRACE-12
 */
export function chainLayout<P extends ChainPoint>(points: readonly P[]): ChainLayout<P> {
  const first = points.reduce((least, { at }) => Math.min(least, at), Infinity);
  const last = points.reduce((most, { at }) => Math.max(most, at), -Infinity);
  if (points.length === 0) return { placed: [], rows: 0, fromMs: 0, days: 0 };
  const known = new Set(points.map(({ id }) => id));
  const children = new Map<string, P[]>();
  const roots: P[] = [];
  for (const point of points) {
    if (point.parent !== null && point.parent !== point.id && known.has(point.parent)) {
      const siblings = children.get(point.parent);
      if (siblings) siblings.push(point);
      else children.set(point.parent, [point]);
    } else roots.push(point);
  }
  for (const siblings of children.values()) siblings.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const sizes = new Map<string, number>();
  for (const { cluster } of points) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  const size = (point: P): number => sizes.get(point.cluster) ?? 0;
  const chained = roots
    .filter((root) => size(root) > 1)
    .toSorted((a, b) => size(b) - size(a) || (a.cluster < b.cluster ? -1 : a.cluster > b.cluster ? 1 : a.at - b.at));
  const rowOf = new Map<string, number>();
  const treeRows = placeTrees(chained, children, rowOf);
  const loose = roots.filter((root) => size(root) <= 1).toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const rows = placeLoose(loose, treeRows, rowOf);
  return {
    // Who was infected in a circle has no root and no place; such records are a fault of the data.
    placed: points.flatMap((point) => {
      const row = rowOf.get(point.id);
      return row === undefined ? [] : [{ point, x: (point.at - first) / dayMs, row }];
    }),
    rows,
    fromMs: first,
    days: (last - first) / dayMs,
  };
}

/** Gives every case of the trees its row, without recursion: a chain may be thousands long. */
function placeTrees<P extends ChainPoint>(
  roots: readonly P[],
  children: ReadonlyMap<string, readonly P[]>,
  rowOf: Map<string, number>,
): number {
  let next = 0;
  const open: { point: P; seen: boolean }[] = roots.toReversed().map((point) => ({ point, seen: false }));
  for (let top = open.pop(); top; top = open.pop()) {
    const own = children.get(top.point.id) ?? [];
    if (own.length === 0) {
      rowOf.set(top.point.id, next);
      next += 1;
    } else if (top.seen) {
      const rows = [own[0], own.at(-1)].map((child) => rowOf.get(child?.id ?? "") ?? 0);
      rowOf.set(top.point.id, rows.reduce((sum, row) => sum + row, 0) / rows.length);
    } else {
      open.push({ point: top.point, seen: true });
      open.push(...own.toReversed().map((point) => ({ point, seen: false })));
    }
  }
  return next;
}

function placeLoose<P extends ChainPoint>(points: readonly P[], from: number, rowOf: Map<string, number>): number {
  // The last date in each row; a case takes the first row whose last is long enough ago.
  const ends: number[] = [];
  for (const point of points) {
    const free = ends.findIndex((end) => point.at - end >= looseGapDays * dayMs);
    const row = free === -1 ? ends.length : free;
    ends[row] = point.at;
    rowOf.set(point.id, from + row);
  }
  return from + ends.length;
}

/** Several cases drawn as one. */
export interface GroupedPoint extends ChainPoint {
  readonly members: readonly string[];
  /** What its cases have in common; null for a case by itself. */
  readonly group: string | null;
}

/**
 * Draws cases that share a group (a household, an area, a venue) as one point at the earliest of them. It hangs on whoever
 * infected that earliest one, and what any of them infected hangs on it. Linear but for sorting. spec: TRACE-12
 */
export function collapseBy<P extends ChainPoint>(
  points: readonly P[],
  groupOf: (point: P) => string | null,
): GroupedPoint[] {
  const heads = new Map<string, P>();
  const headOf = new Map<string, P>();
  const members = new Map<string, string[]>();
  for (const point of points.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))) {
    const group = groupOf(point);
    const head = group === null ? point : (heads.get(group) ?? point);
    if (group !== null && !heads.has(group)) heads.set(group, point);
    headOf.set(point.id, head);
    const known = members.get(head.id);
    if (known) known.push(point.id);
    else members.set(head.id, [point.id]);
  }
  const parents = new Map<string, string | null>();
  for (const [id] of members) {
    const parent = headOf.get(id)?.parent ?? null;
    const head = parent === null ? null : (headOf.get(parent)?.id ?? parent);
    parents.set(id, head === id ? null : head);
  }
  breakCircles(parents);
  return points.flatMap((point) => {
    const ids = members.get(point.id);
    if (!ids) return [];
    const { id, at, cluster } = point;
    const group = ids.length > 1 ? groupOf(point) : null;
    return [{ id, at, cluster, parent: parents.get(id) ?? null, members: ids, group }];
  });
}

/** Dates that contradict each other may hang two groups on each other; the one that was come back to begins a tree then. */
function breakCircles(parents: Map<string, string | null>): void {
  const done = new Set<string>();
  for (const start of parents.keys()) {
    const path = new Set<string>();
    let at: string | null = start;
    while (at !== null && !done.has(at) && !path.has(at)) {
      path.add(at);
      at = parents.get(at) ?? null;
    }
    if (at !== null && path.has(at)) parents.set(at, null);
    for (const id of path) done.add(id);
  }
}

export const collapses = ["none", "household", "village", "venue"] as const;
export type Collapse = (typeof collapses)[number];

/** What a case has in common with others, by what the picture draws together; null where it has nothing or nobody knows. */
export function groupOf(
  node: {
    readonly cluster: string;
    readonly areaCode: string;
    readonly householdId: number | null;
    readonly venue: number | null;
  },
  collapse: Collapse,
): string | null {
  switch (collapse) {
    case "household":
      return node.householdId === null ? null : `${node.cluster} ${node.householdId}`;
    case "village":
      return `${node.cluster} ${node.areaCode}`;
    // A market's cases are one also where nobody knows who of them infected whom.
    case "venue":
      return node.venue === null ? null : `venue ${node.venue}`;
    case "none":
      return null;
  }
}
