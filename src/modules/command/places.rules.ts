import { distance2 } from "#domain/areas";
import type { LiftDecision } from "#domain/zones";
import type { Day } from "#kernel/time";
import type { BoardPlace, InsidePlace, LiftRow } from "./places.model.ts";

/** A place as its module knows it; the position may be wanting. */
export interface KnownPlace {
  readonly id: string;
  readonly areaCode: string;
  readonly name: string;
  readonly nameEn: string;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly count: number;
  readonly capacity: number | null;
}

export interface Position {
  readonly lat: number | null;
  readonly lon: number | null;
}

const countyCodeChars = 6;

/** The areas whose middle may stand in for a place's own position: its own, then its county's. */
export function areasOfPlace(areaCode: string): readonly string[] {
  return [...new Set([areaCode, areaCode.slice(0, countyCodeChars)])];
}

/** The place where it is, else in the middle of its area; nothing where neither is known. */
export function placeAt(place: KnownPlace, areas: ReadonlyMap<string, Position>): BoardPlace[] {
  if (place.lat !== null && place.lon !== null) return [{ ...place, lat: place.lat, lon: place.lon, exact: true }];
  for (const code of areasOfPlace(place.areaCode)) {
    const { lat = null, lon = null } = areas.get(code) ?? {};
    if (lat !== null && lon !== null) return [{ ...place, lat, lon, exact: false }];
  }
  return [];
}

/** Thousands of sampling sites are single marks only inside a county; wider areas show each county's together. */
export function isTogether(areaCode: string): boolean {
  return areaCode.length < countyCodeChars;
}

const villageCodeChars = 12;

/** A place that may stand in one of the chosen villages. */
export interface Standing {
  readonly id: string;
  readonly areaCode: string;
  readonly name: string;
  readonly nameEn: string;
  readonly lat: number | null;
  readonly lon: number | null;
}

export interface VillagePoint {
  readonly code: string;
  readonly lat: number | null;
  readonly lon: number | null;
}

/** The village of its area that lies nearest to a place; undefined where either has no point. */
function nearestVillage(place: Standing, villages: readonly VillagePoint[]): string | undefined {
  const { lat, lon, areaCode } = place;
  if (lat === null || lon === null) return undefined;
  let nearest: string | undefined;
  let least = Infinity;
  for (const village of villages) {
    if (village.lat === null || village.lon === null || !village.code.startsWith(areaCode)) continue;
    const away = distance2([lon, lat], [village.lon, village.lat]);
    if (away < least) {
      least = away;
      nearest = village.code;
    }
  }
  return nearest;
}

/** Which places stand in the chosen villages: by their own village, else by the village nearest to their point. spec: CMD-10 */
export function placesInside(
  places: readonly Standing[],
  chosen: ReadonlySet<string>,
  villages: readonly VillagePoint[],
): { readonly inside: InsidePlace[]; readonly unknown: number } {
  const inside: InsidePlace[] = [];
  let unknown = 0;
  for (const place of places) {
    const { id, areaCode, name, nameEn } = place;
    if (areaCode.length >= villageCodeChars) {
      if (chosen.has(areaCode)) inside.push({ id, areaCode, name, nameEn, byPoint: false });
      continue;
    }
    // What belongs to another town than those chosen stands in none of their villages.
    if (![...chosen].some((village) => village.startsWith(areaCode))) continue;
    const nearest = nearestVillage(place, villages);
    if (nearest === undefined) unknown += 1;
    else if (chosen.has(nearest)) inside.push({ id, areaCode, name, nameEn, byPoint: true });
  }
  return { inside, unknown };
}

type ZoneAhead = Pick<LiftRow, "id" | "name" | "nameEn" | "areaCode" | "level">;

/** A zone's way down as the lifting rule sees it today: a condition still open moves a day that has passed to today. */
export function liftRow(zone: ZoneAhead, check: LiftDecision, today: Day): LiftRow {
  const needed = check.reasons.find((reason) => reason.id === "cleanDays")?.target;
  const { earliest } = check;
  return {
    ...zone,
    to: check.to,
    cleanDays: check.cleanDays,
    daysNeeded: typeof needed === "number" ? needed : null,
    expected: earliest !== null && earliest < today ? today : earliest,
    allowed: check.allowed,
    missing: check.reasons.filter((reason) => !reason.met),
  };
}
