import { areaRange } from "#kernel/area";
import { dayOf, type Day, type Instant } from "#kernel/time";
import type { ZoneLevel } from "#domain/outbreaks";
import {
  delaysOf,
  type CountedFigure,
  type DelayRow,
  type DelayScope,
  type FigureScope,
  type Outbreak,
} from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import { decideLift } from "./levels.service.ts";
import { dayOrNull, dayZeroOf, nextLift, liftCheck, type LiftDecision } from "./zones.rules.ts";
import { listInForce, type ZoneFacts } from "./zones.store.ts";

/** Counts of this module's records for the reports, the phases and the live board. */

function zoneFigureText(subject: string, where: string): string {
  return `select ${subject} as "subjectId", 'zones' as figure, left(area_code, 6) as "areaCode", level as detail, count(*)::int as value
    from zone where state = 'published' and ${where} group by 1, 3, 4`;
}

/** Zones in force by level. */
export async function zoneFigures(tx: Tx, scope: FigureScope): Promise<CountedFigure<"zones">[]> {
  if (scope.ids) return tx.sql.many(zoneFigureText("id::text", "id = any($1::uuid[])"), [scope.ids]);
  const { lo, hi } = areaRange(scope.areaCode);
  return tx.sql.many(zoneFigureText("''", "outbreak_id = $1 and area_code >= $2 and area_code < $3"), [
    scope.outbreakId,
    lo,
    hi,
  ]);
}

/** How many zones above low are in force, as far as the reader sees. */
export async function zonesAboveLow(tx: Tx, outbreakId: string): Promise<number> {
  const row = await tx.sql.one<{ n: number }>(
    "select count(*)::int as n from zone where outbreak_id = $1 and state = 'published' and level <> 'low'",
    [outbreakId],
  );
  return row.n;
}

export interface ZoneOnBoard {
  readonly id: string;
  readonly name: string;
  readonly areaCode: string;
  readonly unitCode: string;
  readonly level: ZoneLevel;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly since: Instant;
  readonly cleanDays: number;
  readonly nextLift: Instant | null;
  /** The clean days suffice; the last round may still be wanting. */
  readonly ripe: boolean;
}

/** The zones in force in an area with their clean days and the moment the level may fall. */
export async function zonesOnBoard(tx: Tx, outbreak: Outbreak, areaCode: string): Promise<ZoneOnBoard[]> {
  const { protocol, timeZone } = outbreak;
  const today: Day = dayOf(tx.now, timeZone);
  const zones = await listInForce(tx, areaCode);
  return zones.flatMap((zone) => {
    if (zone.levelSince === null || zone.outbreakId !== outbreak.id) return [];
    const facts = {
      level: zone.level,
      cameFrom: zone.cameFrom,
      levelSince: dayOf(zone.levelSince, timeZone),
      extendedFrom: zone.extendedFrom,
      lastInfection: dayOrNull(zone.lastInfectionAt, timeZone),
    };
    const { cleanDays, earliest } = liftCheck(protocol, { ...facts, rounds: [], today });
    return [
      {
        id: zone.id,
        name: zone.name,
        areaCode: zone.areaCode,
        unitCode: zone.unitCode,
        level: zone.level,
        lat: zone.lat,
        lon: zone.lon,
        since: zone.levelSince,
        cleanDays: dayZeroOf(facts) > today ? 0 : cleanDays,
        nextLift: nextLift(protocol, facts, timeZone),
        ripe: earliest !== null && earliest <= today,
      },
    ];
  });
}

export interface LiftAhead extends Pick<ZoneFacts, "id" | "name" | "nameEn" | "areaCode" | "level"> {
  readonly check: LiftDecision;
}

/** The zones above low that may fall first, by the lifting rule itself with its rounds; and how many there are. */
export async function liftsAhead(
  tx: Tx,
  outbreak: Outbreak,
  areaCode: string,
  limit: number,
): Promise<{ readonly items: LiftAhead[]; readonly total: number }> {
  const above = (await listInForce(tx, areaCode)).filter(
    (zone) => zone.outbreakId === outbreak.id && zone.level !== "low" && zone.levelSince !== null,
  );
  const items: LiftAhead[] = [];
  // Only the nearest are judged in full: each asks for the rounds over its village.
  for (const zone of nearestFirst(above, outbreak).slice(0, limit)) {
    const check = await decideLift(tx, outbreak, zone);
    const { id, name, nameEn, level } = zone;
    if (check !== null) items.push({ id, name, nameEn, level, areaCode: zone.areaCode, check });
  }
  return { items, total: above.length };
}

/** By the moment of the next level; zones that no rule lifts come last. */
function nearestFirst(zones: readonly ZoneFacts[], { protocol, timeZone }: Outbreak): ZoneFacts[] {
  const keyed = zones.map((zone) => {
    const facts = {
      level: zone.level,
      cameFrom: zone.cameFrom,
      levelSince: dayOf(zone.levelSince ?? zone.drawnAt, timeZone),
      extendedFrom: zone.extendedFrom,
      lastInfection: dayOrNull(zone.lastInfectionAt, timeZone),
    };
    return { zone, at: nextLift(protocol, facts, timeZone) ?? "9999" };
  });
  return keyed.toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1)).map(({ zone }) => zone);
}

const zonePairs = `
  select 'positiveToZone' as arrow, zone_case.at as start, zone.published_at as stop
  from zone join zone_case on zone_case.zone_id = zone.id and zone_case.case_id = zone.case_id
  where zone.outbreak_id = $3 and zone.area_code >= $4 and zone.area_code < $5 and zone.state <> 'dropped'
    and ($6::timestamptz is null or zone_case.at >= $6)`;

/** The clock from a positive to its zone in force. */
export async function zoneDelays(tx: Tx, scope: DelayScope): Promise<DelayRow[]> {
  const { lo, hi } = areaRange(scope.areaCode);
  return tx.sql.many(delaysOf(zonePairs), [
    JSON.stringify(scope.targets),
    tx.now,
    scope.outbreakId,
    lo,
    hi,
    scope.since,
  ]);
}
