import { isInside, type LonLat } from "#domain/areas";

/** What is drawn on the map to choose the villages whose points lie in it. */
export type Shape =
  | { readonly kind: "box"; readonly from: MapPoint; readonly to: MapPoint }
  | { readonly kind: "ring"; readonly points: readonly MapPoint[] }
  | { readonly kind: "circle"; readonly centre: MapPoint; readonly metres: number };

export interface MapPoint {
  readonly lat: number;
  readonly lon: number;
}

/** A village as the map has it; some have no point. */
export interface VillageOnMap {
  readonly code: string;
  readonly lat?: number | null;
  readonly lon?: number | null;
}

export const ringPointsMin = 3;
export const ringPointsMax = 200;
/** How far a circle round a home may reach. */
export const radiusMetres = { min: 100, usual: 1_000, max: 20_000 } as const;

const earthMetres = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Metres between two points along the ground, on a sphere. */
export function metresBetween(a: MapPoint, b: MapPoint): number {
  const half =
    Math.sin(radians(b.lat - a.lat) / 2) ** 2 +
    Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(radians(b.lon - a.lon) / 2) ** 2;
  return 2 * earthMetres * Math.asin(Math.min(1, Math.sqrt(half)));
}

function holds(shape: Shape): (at: MapPoint) => boolean {
  if (shape.kind === "circle") return (at) => metresBetween(shape.centre, at) <= shape.metres;
  if (shape.kind === "box") {
    const { from, to } = shape;
    const [south, north] = [Math.min(from.lat, to.lat), Math.max(from.lat, to.lat)];
    const [west, east] = [Math.min(from.lon, to.lon), Math.max(from.lon, to.lon)];
    return ({ lat, lon }) => lat >= south && lat <= north && lon >= west && lon <= east;
  }
  // A line is no ring yet; nothing lies in it.
  if (shape.points.length < ringPointsMin) return () => false;
  const ring = shape.points.map(({ lat, lon }): LonLat => [lon, lat]);
  return ({ lat, lon }) => isInside([[ring]], [lon, lat]);
}

/** The villages whose point lies in the shape; one without a point is chosen from the list only. */
export function villagesIn(shape: Shape, villages: readonly VillageOnMap[]): string[] {
  const inside = holds(shape);
  return villages.flatMap(({ code, lat, lon }) => (lat == null || lon == null || !inside({ lat, lon }) ? [] : [code]));
}

/** What more can be chosen, up to so many; and how many found no room. */
export function withinLimit(
  chosen: readonly string[],
  more: readonly string[],
  max: number,
): { readonly added: string[]; readonly left: number } {
  const fresh = more.filter((code) => !chosen.includes(code));
  const added = fresh.slice(0, Math.max(0, max - chosen.length));
  return { added, left: fresh.length - added.length };
}
