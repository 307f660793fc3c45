import { assert } from "#kernel/assert";
import { uniform } from "#kernel/prng";
import type { Boundary, LonLat } from "./areas.model.ts";

/** A box of degrees. */
export interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** A disc in degrees of latitude; longitudes are stretched so that it is round on the ground. */
export interface Disc {
  readonly centre: LonLat;
  readonly radius: number;
}

const triesMax = 400;
const kilometresPerDegree = 111.32;

/** The box around a boundary. */
export function boxOf(boundary: Boundary): Box {
  let west = 180;
  let south = 90;
  let east = -180;
  let north = -90;
  for (const [lon, lat] of boundary.flat(2)) {
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  return { west, south, east, north };
}

/** Is the point inside? The even-odd rule, which also bears rings that touch themselves. */
export function isInside(boundary: Boundary, [lon, lat]: LonLat): boolean {
  let inside = false;
  for (const ring of boundary.flat()) {
    let [lonA, latA] = ring[ring.length - 1] as LonLat;
    for (const [lonB, latB] of ring) {
      if (latA > lat !== latB > lat && lon < ((lonB - lonA) * (lat - latA)) / (latB - latA) + lonA) inside = !inside;
      lonA = lonB;
      latA = latB;
    }
  }
  return inside;
}

/** Square kilometres of a boundary on a sphere flattened at its middle; good to a few percent for a county. */
export function squareKilometres(boundary: Boundary): number {
  const box = boxOf(boundary);
  const stretch = Math.cos((((box.south + box.north) / 2) * Math.PI) / 180);
  let twice = 0;
  for (const polygon of boundary) {
    polygon.forEach((ring, i) => {
      let area = 0;
      ring.forEach(([lon, lat], k) => {
        const [nextLon, nextLat] = ring[(k + 1) % ring.length] as LonLat;
        area += lon * nextLat - nextLon * lat;
      });
      twice += i === 0 ? Math.abs(area) : -Math.abs(area);
    });
  }
  return (twice / 2) * stretch * kilometresPerDegree ** 2;
}

/** Squared ground distance in squared degrees of latitude. */
export function distance2(a: LonLat, b: LonLat): number {
  const stretch = Math.cos((a[1] * Math.PI) / 180);
  return ((a[0] - b[0]) * stretch) ** 2 + (a[1] - b[1]) ** 2;
}

/**
 * A point inside the boundary (and the disc, if any) that keeps away from `others`: the best of a few
 * candidates (Mitchell), which spreads points like Poisson discs. The same key gives the same point.
 */
export function spreadPoint(
  boundary: Boundary,
  key: number,
  others: readonly LonLat[],
  options: { readonly disc?: Disc; readonly candidates: number },
): LonLat | null {
  const box = boxOf(boundary);
  let best: LonLat | null = null;
  let bestDistance = -1;
  let found = 0;
  for (let t = 0; t < triesMax && found < options.candidates; t++) {
    const point = options.disc ? inDisc(options.disc, key, t) : inBox(box, key, t);
    if (!isInside(boundary, point)) continue;
    found += 1;
    let nearest = Infinity;
    for (const other of others) nearest = Math.min(nearest, distance2(point, other));
    if (nearest > bestDistance) {
      best = point;
      bestDistance = nearest;
    }
  }
  return best;
}

function inBox(box: Box, key: number, t: number): LonLat {
  return [
    box.west + (box.east - box.west) * uniform(key, t, 1),
    box.south + (box.north - box.south) * uniform(key, t, 2),
  ];
}

function inDisc({ centre, radius }: Disc, key: number, t: number): LonLat {
  const r = radius * Math.sqrt(uniform(key, t, 1));
  const angle = 2 * Math.PI * uniform(key, t, 2);
  const stretch = Math.cos((centre[1] * Math.PI) / 180);
  return [centre[0] + (r * Math.cos(angle)) / stretch, centre[1] + r * Math.sin(angle)];
}

/** The radius in degrees of latitude of a disc as large as one of `parts` equal parts of the area. */
export function partRadius(areaKm2: number, parts: number): number {
  assert(parts > 0, "an area is divided into at least one part");
  return Math.sqrt(areaKm2 / parts / Math.PI) / kilometresPerDegree;
}

/** Splits a whole number by weights; the parts add to the total exactly (largest remainders). */
export function splitByWeight(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((n, weight) => n + weight, 0);
  if (sum <= 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const rest = total - parts.reduce((n, part) => n + part, 0);
  const order = exact
    .map((value, i) => ({ i, remainder: value - Math.floor(value) }))
    .toSorted((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of order.slice(0, rest)) parts[i] = (parts[i] ?? 0) + 1;
  return parts;
}
