import { areaRange } from "#kernel/area";
import { need } from "#kernel/assert";
import type { Day, Instant } from "#kernel/time";
import type { ZoneLevel } from "#domain/outbreaks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type { ZoneQuery, ZoneState, ZoneStep, ZoneRow } from "./zones.model.ts";

/** A zone as the rules see it. */
export interface ZoneFacts {
  readonly id: string;
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly unit: ZoneRow["unit"];
  readonly unitCode: string;
  readonly name: string;
  readonly nameEn: string;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly caseId: string | null;
  readonly state: ZoneState;
  readonly level: ZoneLevel;
  /** Why it was drawn, or why the proposal was dropped. */
  readonly reason: string;
  readonly cameFrom: ZoneLevel | null;
  readonly levelSince: Instant | null;
  readonly extendedFrom: Day | null;
  readonly drawnAt: Instant;
  readonly liftedAt: Instant | null;
  readonly reviewedOn: Day | null;
  readonly liftAskedAt: Instant | null;
  /** The latest infection found inside that was not excluded. */
  readonly lastInfectionAt: Instant | null;
}

const columns = `zone.id, zone.outbreak_id as "outbreakId", zone.area_code as "areaCode", zone.unit,
  zone.unit_code as "unitCode", zone.name, zone.name_en as "nameEn", zone.lat, zone.lon, zone.case_id as "caseId",
  zone.state, zone.level, zone.reason, zone.came_from as "cameFrom", zone.level_since as "levelSince",
  zone.extended_from as "extendedFrom", zone.drawn_at as "drawnAt", zone.lifted_at as "liftedAt",
  zone.reviewed_on as "reviewedOn", zone.lift_asked_at as "liftAskedAt",
  (select max(zone_case.at) from zone_case
   where zone_case.zone_id = zone.id and zone_case.inside and zone_case.excluded_at is null) as "lastInfectionAt"`;

export async function findZone(tx: Tx, id: string): Promise<ZoneFacts | undefined> {
  return tx.sql.maybe<ZoneFacts>(`select ${columns} from zone where id = $1`, [id]);
}

export async function lockZone(tx: Tx, id: string): Promise<ZoneFacts | undefined> {
  return tx.sql.maybe<ZoneFacts>(`select ${columns} from zone where id = $1 for update of zone`, [id]);
}

/** The zones of these units that are proposed or in force. */
export async function lockOpenZones(tx: Tx, unitCodes: readonly string[]): Promise<ZoneFacts[]> {
  return tx.sql.many<ZoneFacts>(
    `select ${columns} from zone where unit_code = any($1::text[]) and state in ('proposed', 'published')
     order by unit_code for update of zone`,
    [unitCodes],
  );
}

/** The zones of some villages that are proposed or in force, those of venues and compounds in them too. */
export async function openZonesIn(tx: Tx, villages: readonly string[]): Promise<ZoneFacts[]> {
  return tx.sql.many<ZoneFacts>(
    `select ${columns} from zone where area_code = any($1::text[]) and state in ('proposed', 'published')
     order by area_code, unit_code`,
    [villages],
  );
}

/** Zones in force above low, by area and unit. */
export async function listInForce(tx: Tx, areaCode: string): Promise<ZoneFacts[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<ZoneFacts>(
    `select ${columns} from zone where state = 'published' and area_code >= $1 and area_code < $2
     order by area_code, unit_code`,
    [lo, hi],
  );
}

const ranks: Readonly<Record<ZoneLevel, number>> = { low: 1, medium: 2, high: 3 };

/** A unit has one zone at a time, so an outbreak has thousands; a proposed one has no level yet and stands last. */
const zoneSorts: SortTable<ZoneFacts, "drawn" | "since" | "level"> = {
  keys: {
    drawn: { sql: "drawn_at", type: "timestamptz", of: (row) => row.drawnAt },
    since: { sql: "coalesce(level_since, 'infinity')", type: "timestamptz", of: (row) => row.levelSince ?? "infinity" },
    level: {
      sql: "(case level when 'high' then 3 when 'medium' then 2 else 1 end)",
      type: "integer",
      of: (row) => ranks[row.level],
    },
  },
  tie: { sql: "id", type: "uuid", of: (row) => row.id },
};

export async function pageZones(tx: Tx, query: ZoneQuery): Promise<Page<ZoneFacts>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, zoneSorts, "-drawn", area);
  const rows = await tx.sql.many<ZoneFacts>(
    `select ${columns} from zone
     where area_code >= $1 and area_code < $2 and ($3::text is null or state = $3) and ($4::text is null or level = $4)
       and ${sort.after(6)}
     order by ${sort.order} limit $5`,
    [lo, hi, query.state ?? null, query.level ?? null, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

export interface NewZone {
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly unit: ZoneRow["unit"];
  readonly unitCode: string;
  readonly name: string;
  readonly nameEn: string;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly caseId: string | null;
  readonly level: ZoneLevel;
  readonly reason: string;
}

/** Stores a proposal; undefined when the unit has a zone already. */
export async function insertZone(tx: Tx, zone: NewZone): Promise<string | undefined> {
  const id = tx.newId();
  const stored = await tx.sql.run(
    `insert into zone (id, outbreak_id, area_code, unit, unit_code, name, name_en, lat, lon, case_id, state, level,
       reason, drawn_at, drawn_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'proposed', $11, $12, $13, $14)
     on conflict (unit_code) where state in ('proposed', 'published') do nothing`,
    [
      id,
      zone.outbreakId,
      zone.areaCode,
      zone.unit,
      zone.unitCode,
      zone.name,
      zone.nameEn,
      zone.lat,
      zone.lon,
      zone.caseId,
      zone.level,
      zone.reason,
      tx.now,
      tx.actor.id,
    ],
  );
  return stored === 1 ? id : undefined;
}

/** Changes what is proposed before it is published. */
export async function updateProposal(tx: Tx, id: string, level: ZoneLevel): Promise<void> {
  await tx.sql.run("update zone set level = $2 where id = $1 and state = 'proposed'", [id, level]);
}

/** Links a case; false when it was linked before. */
export async function addCase(
  tx: Tx,
  row: { zoneId: string; caseId: string; areaCode: string; at: Instant; inside: boolean },
): Promise<boolean> {
  const stored = await tx.sql.run(
    `insert into zone_case (zone_id, case_id, area_code, at, inside) values ($1, $2, $3, $4, $5)
     on conflict (zone_id, case_id) do nothing`,
    [row.zoneId, row.caseId, row.areaCode, row.at, row.inside],
  );
  return stored === 1;
}

export async function caseIdsOf(tx: Tx, zoneId: string): Promise<string[]> {
  const rows = await tx.sql.many<{ id: string }>(
    "select case_id as id from zone_case where zone_id = $1 and excluded_at is null order by at, case_id",
    [zoneId],
  );
  return rows.map((row) => row.id);
}

/** Takes a case out of every zone; returns the zones that have no case left. */
export async function excludeCase(tx: Tx, caseId: string): Promise<string[]> {
  const rows = await tx.sql.many<{ id: string }>(
    `with gone as (update zone_case set excluded_at = $2 where case_id = $1 and excluded_at is null returning zone_id)
     select zone_id as id from gone
     where not exists (select 1 from zone_case other
       where other.zone_id = gone.zone_id and other.case_id <> $1 and other.excluded_at is null)
     order by zone_id`,
    [caseId, tx.now],
  );
  return rows.map((row) => row.id);
}

/** When the unit's open level began, whichever zone it belongs to. */
export async function openLevelSince(tx: Tx, unitCode: string): Promise<Instant | undefined> {
  const row = await tx.sql.maybe<{ since: Instant }>(
    `select lower(period) as since from zone_level where unit_code = $1 and upper_inf(period) for update`,
    [unitCode],
  );
  return row?.since;
}

/** Ends open levels at an instant; one that began at that very instant never held and goes. */
export async function endLevels(tx: Tx, unitCode: string, at: Instant): Promise<void> {
  await tx.sql.run("delete from zone_level where unit_code = $1 and upper_inf(period) and lower(period) >= $2", [
    unitCode,
    at,
  ]);
  await tx.sql.run(
    "update zone_level set period = tstzrange(lower(period), $2) where unit_code = $1 and upper_inf(period)",
    [unitCode, at],
  );
}

export interface NewLevel {
  readonly zone: ZoneFacts;
  readonly level: ZoneLevel;
  readonly at: Instant;
  readonly rule: string;
  readonly reason: string;
  readonly protocolVersion: string;
}

export async function insertLevel(tx: Tx, row: NewLevel): Promise<void> {
  await tx.sql.run(
    `insert into zone_level (zone_id, unit_code, area_code, level, period, rule_id, reason, protocol_version, set_by)
     values ($1, $2, $3, $4, tstzrange($5, null), $6, $7, $8, $9)`,
    [
      row.zone.id,
      row.zone.unitCode,
      row.zone.areaCode,
      row.level,
      row.at,
      row.rule,
      row.reason,
      row.protocolVersion,
      tx.actor.id,
    ],
  );
}

export async function updateLevel(
  tx: Tx,
  id: string,
  change: { level: ZoneLevel; cameFrom: ZoneLevel | null; since: Instant; state: "published" | "lifted" },
): Promise<void> {
  await tx.sql.run(
    `update zone set level = $2, came_from = $3, level_since = $4, state = $5, extended_from = null,
       lift_asked_at = null, published_at = coalesce(published_at, $6::timestamptz),
       lifted_at = case when $5 = 'lifted' then $6::timestamptz end
     where id = $1`,
    [id, change.level, change.cameFrom, change.since, change.state, tx.now],
  );
}

export async function updateDropped(tx: Tx, id: string, reason: string): Promise<void> {
  await tx.sql.run("update zone set state = 'dropped', lifted_at = $2, reason = $3 where id = $1", [
    id,
    tx.now,
    reason,
  ]);
}

export async function updateExtended(tx: Tx, id: string, from: Day): Promise<void> {
  await tx.sql.run("update zone set extended_from = $2, lift_asked_at = null where id = $1", [id, from]);
}

export async function markReviewed(tx: Tx, id: string, day: Day): Promise<void> {
  await tx.sql.run("update zone set reviewed_on = $2, lift_asked_at = null where id = $1", [id, day]);
}

export async function markLiftAsked(tx: Tx, id: string): Promise<void> {
  await tx.sql.run("update zone set lift_asked_at = $2 where id = $1", [id, tx.now]);
}

export async function listSteps(tx: Tx, zoneId: string): Promise<ZoneStep[]> {
  return tx.sql.many<ZoneStep>(
    `select level, lower(period) as "from", upper(period) as "to", rule_id as rule, reason,
       protocol_version as "protocolVersion", set_by as "setBy"
     from zone_level where zone_id = $1 order by lower(period)`,
    [zoneId],
  );
}

export interface CountyCount {
  readonly countyCode: string;
  readonly high: number;
  readonly medium: number;
}

/** Zones in force by county, only counties that have one. */
export async function countByCounty(tx: Tx, areaCode: string): Promise<CountyCount[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<CountyCount>(
    `select left(area_code, 6) as "countyCode", count(*) filter (where level = 'high')::int as high,
       count(*) filter (where level = 'medium')::int as medium
     from zone where state = 'published' and area_code >= $1 and area_code < $2
     group by 1 order by 1`,
    [lo, hi],
  );
}

/** Ends the low levels left in an area when it goes back to routine. */
export async function endLowLevels(tx: Tx, areaCode: string, at: Instant): Promise<void> {
  const { lo, hi } = areaRange(areaCode);
  const rows = await tx.sql.many<{ unitCode: string }>(
    `select unit_code as "unitCode" from zone_level
     where level = 'low' and upper_inf(period) and area_code >= $1 and area_code < $2 order by unit_code`,
    [lo, hi],
  );
  for (const row of rows) await endLevels(tx, row.unitCode, at);
}

/** The level of each unit at an instant; units without a row are absent. */
export async function levelsAt(tx: Tx, unitCodes: readonly string[], at: Instant): Promise<Map<string, ZoneLevel>> {
  const rows = await tx.sql.many<{ unitCode: string; level: ZoneLevel }>(
    `select unit_code as "unitCode", level from zone_level
     where unit_code = any($1::text[]) and period @> $2::timestamptz order by unit_code`,
    [unitCodes, at],
  );
  return new Map(rows.map((row) => [row.unitCode, row.level]));
}

/** The facts of a zone that must exist: it was read a statement ago in this transaction. */
export async function zoneAgain(tx: Tx, id: string): Promise<ZoneFacts> {
  return need(await findZone(tx, id), "a zone is never deleted");
}
