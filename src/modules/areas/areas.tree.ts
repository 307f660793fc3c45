import { hashText, uniform } from "#kernel/prng";
import type { AreaRow, Boundary, CensusUnit, LonLat } from "./areas.model.ts";
import { englishNameOf, readDivisions, type CountyShape, type Division, type Divisions } from "./divisions.source.ts";
import { kindOf, splitName } from "./names.rules.ts";
import { distance2, isInside, partRadius, splitByWeight, spreadPoint, squareKilometres } from "./placement.rules.ts";

/**
 * Builds the area tree of a Chinese city or county with its official codes. With census units, only their
 * areas (and those above and below them) are kept and the units' people are split among their villages.
 */
export async function buildAreas(code: string, units: readonly CensusUnit[] = []): Promise<AreaRow[]> {
  const divisions = await readDivisions(code);
  const keep = (area: Division): boolean =>
    units.length === 0 || units.some((unit) => area.code.startsWith(unit.code) || unit.code.startsWith(area.code));
  const counties = divisions.counties.filter(keep);
  const towns = divisions.towns.filter(keep);
  const villages = divisions.villages.filter(keep);
  const places = placeAll(divisions, counties, units);
  const people = populationOf(villages, towns, counties, divisions.root, units);
  const nameOf = new Map(units.map((unit) => [unit.code, unit.name]));

  function row(area: Division, level: "city" | "county" | "town" | "village", parentCode: string | null): AreaRow {
    const own = nameOf.get(area.code);
    const place = places.get(area.code);
    return {
      code: area.code,
      parentCode: area.code === divisions.root.code ? null : parentCode,
      level,
      kind: kindOf(level, area.code, area.name),
      name: own?.["zh-CN"] ?? splitName(area.name).short,
      nameEn: own?.en ?? englishNameOf(area.name),
      population: people.get(area.code) ?? 0,
      lon: place?.point[0] ?? null,
      lat: place?.point[1] ?? null,
      position: place?.exact ? "exact" : "approximate",
      boundary: level === "county" ? (divisions.shapes.get(area.code)?.boundary ?? null) : null,
    };
  }
  return [
    ...(code.length === 4 ? [row(divisions.root, "city", null)] : []),
    ...counties.map((area) => row(area, "county", area.code.slice(0, 4))),
    ...towns.map((area) => row(area, "town", area.code.slice(0, 6))),
    ...villages.map((area) => row(area, "village", area.code.slice(0, 9))),
  ];
}

interface Place {
  readonly point: LonLat;
  readonly exact: boolean;
}

const townCandidates = 14;
const villageCandidates = 5;
/** A subdistrict lies in the county's seat, about this far from its middle (degrees of latitude, 5 km). */
const seatRadius = 0.045;
/** A zone without a boundary is laid inside its neighbour over about this far (degrees of latitude, 8 km). */
const zoneRadius = 0.072;

/** Puts every area on the map; deterministic, because each point is drawn from the hash of its code. */
function placeAll(
  divisions: Divisions,
  counties: readonly Division[],
  units: readonly CensusUnit[],
): Map<string, Place> {
  const places = new Map<string, Place>();
  const townsOf = groupBy(divisions.towns, 6);
  const villagesOf = groupBy(divisions.villages, 9);
  for (const county of counties) {
    const ground = groundOf(divisions, county, units);
    if (!ground) continue;
    places.set(county.code, { point: ground.seat, exact: ground.exact });
    const towns = townsOf.get(county.code) ?? [];
    placeTowns(places, towns, ground);
    const radius = partRadius(ground.areaKm2, Math.max(1, towns.length));
    for (const town of towns) {
      const centre = places.get(town.code)?.point;
      if (centre) placeVillages(places, villagesOf.get(town.code) ?? [], ground.boundary, centre, radius);
    }
  }
  const seat = counties.map((county) => places.get(county.code)).find((place) => place?.exact);
  if (seat && !places.has(divisions.root.code)) places.set(divisions.root.code, seat);
  return places;
}

/** Where an area's points may lie. */
interface Ground extends CountyShape {
  readonly exact: boolean;
  readonly areaKm2: number;
  /** Of a zone without a boundary of its own: its towns keep to this disc. */
  readonly disc?: { readonly centre: LonLat; readonly radius: number };
}

/** A county's own shape; for a development zone without one, a disc inside the shape it was cut from. */
function groundOf(divisions: Divisions, county: Division, units: readonly CensusUnit[]): Ground | null {
  const own = divisions.shapes.get(county.code);
  if (own) return { ...own, exact: true, areaKm2: squareKilometres(own.boundary) };
  const position = units.find((unit) => unit.code === county.code)?.position;
  const given: LonLat | null = position ? [position.lon, position.lat] : null;
  const shapes = [...divisions.shapes].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, shape]) => shape);
  // Without a position, the zone is taken for a part of the seat district, the first by code.
  const host = (given && shapes.find((shape) => isInside(shape.boundary, given))) ?? shapes[0];
  if (!host) return null;
  const centre =
    given ??
    spreadPoint(host.boundary, hashText(county.code), [host.seat], {
      disc: { centre: host.seat, radius: 2 * zoneRadius },
      candidates: 3,
    });
  if (!centre) return null;
  const disc = { centre, radius: zoneRadius };
  return { boundary: host.boundary, seat: centre, exact: false, areaKm2: 200, disc };
}

function placeTowns(places: Map<string, Place>, towns: readonly Division[], ground: Ground): void {
  const taken: LonLat[] = [];
  for (const town of towns) {
    const urban = kindOf("town", town.code, town.name) === "subdistrict";
    const disc = ground.disc ?? (urban ? { centre: ground.seat, radius: seatRadius } : null);
    const point =
      spreadPoint(ground.boundary, hashText(town.code), taken, {
        ...(disc ? { disc } : {}),
        candidates: townCandidates,
      }) ?? ground.seat;
    taken.push(point);
    places.set(town.code, { point: rounded(point), exact: false });
  }
}

function placeVillages(
  places: Map<string, Place>,
  villages: readonly Division[],
  boundary: Boundary,
  centre: LonLat,
  radius: number,
): void {
  const taken: LonLat[] = [];
  for (const village of villages) {
    const disc = { centre, radius };
    const point =
      spreadPoint(boundary, hashText(village.code), taken, { disc, candidates: villageCandidates }) ?? centre;
    if (distance2(point, centre) > 0) taken.push(point);
    places.set(village.code, { point: rounded(point), exact: false });
  }
}

function rounded([lon, lat]: LonLat): LonLat {
  return [Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5];
}

function groupBy(areas: readonly Division[], digits: number): Map<string, Division[]> {
  const groups = new Map<string, Division[]>();
  for (const area of areas) {
    const key = area.code.slice(0, digits);
    const group = groups.get(key);
    if (group) group.push(area);
    else groups.set(key, [area]);
  }
  return groups;
}

/** A community of residents holds this many times the people of a village (assumed: no village census is published). */
const communityWeight = 3;

/** Villages share their unit's people by weights drawn from the hash of their code; the sums above are exact. */
function populationOf(
  villages: readonly Division[],
  towns: readonly Division[],
  counties: readonly Division[],
  root: Division,
  units: readonly CensusUnit[],
): Map<string, number> {
  const people = new Map<string, number>();
  for (const unit of units) {
    const members = villages.filter((village) => village.code.startsWith(unit.code));
    const weights = members.map((village) => {
      const factor = kindOf("village", village.code, village.name) === "community" ? communityWeight : 1;
      return factor * (0.4 + 1.2 * uniform(hashText(village.code), 7));
    });
    splitByWeight(unit.population, weights).forEach((n, i) => people.set((members[i] as Division).code, n));
  }
  for (const [groups, digits] of [
    [towns, 9],
    [counties, 6],
  ] as const) {
    for (const group of groups) people.set(group.code, 0);
    for (const village of villages) {
      const code = village.code.slice(0, digits);
      people.set(code, (people.get(code) ?? 0) + (people.get(village.code) ?? 0));
    }
  }
  people.set(
    root.code,
    villages.reduce((n, village) => n + (people.get(village.code) ?? 0), 0),
  );
  return people;
}
