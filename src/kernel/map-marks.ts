/** Kinds of places that are marked beside the point of their area. */
type MarkKind = "sampling" | "laboratory" | "checkpoint";

interface Point {
  readonly lat: number;
  readonly lon: number;
  /** False where the point is only that of the place's area. */
  readonly exact: boolean;
}

/** Where a mark stands beside its point, in pixels to the right and down. */
export interface Beside {
  readonly x: number;
  readonly y: number;
}

const besidePx: Readonly<Record<MarkKind, Beside>> = {
  sampling: { x: 0, y: 30 },
  laboratory: { x: -26, y: 30 },
  checkpoint: { x: 28, y: 30 },
};
const stepPx = 15;
const columnMax = 4;

/** Marks whose own position is not known stand below the name of their area, in columns away from each other's kind. */
export function besideOf(kind: MarkKind, nth: number): Beside {
  const { x, y } = besidePx[kind];
  const column = Math.floor(nth / columnMax);
  return { x: x + Math.sign(x) * column * stepPx, y: y + (nth % columnMax) * stepPx };
}

/** Each place with the offset of its mark: none where it stands exactly. */
export function laidOut<P extends Point>(kind: MarkKind, places: readonly P[]): { place: P; beside: Beside }[] {
  const seen = new Map<string, number>();
  return places.map((place) => {
    if (place.exact) return { place, beside: { x: 0, y: 0 } };
    const key = `${place.lat} ${place.lon}`;
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return { place, beside: besideOf(kind, nth) };
  });
}
