import { hashText } from "#kernel/prng";
import { isInside, spreadPoint, type AreaRow, type Boundary, type LonLat } from "#domain/areas";

/** Where a place of the drill stands; nothing where not even its area has a point. */
export type Placed = { readonly lat: number; readonly lon: number } | Record<string, never>;

const kilometresPerDegree = 111.32;
const decimals = 1e5;

function rounded([lon, lat]: LonLat): Placed {
  return { lat: Math.round(lat * decimals) / decimals, lon: Math.round(lon * decimals) / decimals };
}

/** The square round a point, for areas that have no outline of their own. */
function squareRound([lon, lat]: LonLat, degrees: number): Boundary {
  const wide = degrees / Math.cos((lat * Math.PI) / 180);
  return [
    [
      [
        [lon - wide, lat - degrees],
        [lon + wide, lat - degrees],
        [lon + wide, lat + degrees],
        [lon - wide, lat + degrees],
      ],
    ],
  ];
}

/** An invented point: by the hash of the place's code, within so many kilometres of its area's own point and inside the county. spec: DRILL-12 */
export function inventedPoint(
  area: AreaRow | undefined,
  county: Boundary | null,
  code: string,
  withinKm: number,
): Placed {
  if (area?.lat === null || area?.lat === undefined || area.lon === null) return {};
  const centre: LonLat = [area.lon, area.lat];
  const radius = withinKm / kilometresPerDegree;
  const ground = county !== null && isInside(county, centre) ? county : squareRound(centre, radius);
  return rounded(spreadPoint(ground, hashText(code), [], { disc: { centre, radius }, candidates: 1 }) ?? centre);
}

/** From the border so much of the way towards the county's own point: a post stands inside its county, not on the line. */
const inwards = 0.04;

/** An invented point just inside the county's border, at the corner that the hash of the code names. spec: DRILL-12 */
export function borderPoint(county: AreaRow | undefined, code: string, withinKm: number): Placed {
  const outlines = (county?.boundary ?? []).map((polygon) => polygon[0] ?? []);
  const outline = outlines.toSorted((a, b) => b.length - a.length)[0] ?? [];
  const corner = outline[hashText(code) % Math.max(1, outline.length)];
  if (!county || county.lat === null || county.lon === null || !corner)
    return inventedPoint(county, null, code, withinKm);
  const [lon, lat] = corner;
  return rounded([lon + (county.lon - lon) * inwards, lat + (county.lat - lat) * inwards]);
}
