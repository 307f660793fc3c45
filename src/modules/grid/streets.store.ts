import { areaRange } from "#kernel/area";
import type { Day, Instant } from "#kernel/time";
import type { ZoneLevel } from "#domain/outbreaks";
import type { PersonHome } from "#modules/people";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { Door } from "./doors.store.ts";
import type { StreetQuery, StreetRound } from "./grid.model.ts";

/** Remembers a zone in force over a unit of a village. */
export async function watchZone(
  tx: Tx,
  zone: { readonly unitCode: string; readonly areaCode: string; readonly level: ZoneLevel; readonly since: Instant },
): Promise<void> {
  await tx.sql.run(
    `insert into grid_watch (kind, subject, area_code, level, since) values ('zone', $1, $2, $3, $4)
     on conflict (kind, subject) do update set level = excluded.level, since = excluded.since, ended_at = null`,
    [zone.unitCode, zone.areaCode, zone.level, zone.since],
  );
}

/** Ends the watch of a zone; the streets' rounds that are not due yet go with it. */
export async function endZoneWatch(tx: Tx, unitCode: string): Promise<void> {
  await tx.sql.run("update grid_watch set ended_at = $2 where kind = 'zone' and subject = $1 and ended_at is null", [
    unitCode,
    tx.now,
  ]);
  await tx.sql.run(
    `delete from street_round r where r.state = 'open' and r.due_at > $2
       and r.area_code = (select area_code from grid_watch where kind = 'zone' and subject = $1)
       and not exists (select from grid_watch w where w.kind = 'zone' and w.area_code = r.area_code and w.ended_at is null)`,
    [unitCode, tx.now],
  );
}

/** Remembers people quarantined at home, by order. */
export async function watchHomes(tx: Tx, orders: readonly { orderId: string; home: PersonHome }[]): Promise<void> {
  await tx.sql.run(
    `insert into grid_watch (kind, subject, area_code, person_id, household_id, since)
     select 'home', subject, area_code, person_id, household_id, $5
     from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) as new (subject, area_code, person_id, household_id)
     on conflict (kind, subject) do update set ended_at = null`,
    [
      orders.map((order) => order.orderId),
      orders.map(({ home }) => home.areaCode),
      orders.map(({ home }) => home.personId),
      orders.map(({ home }) => home.householdId),
      tx.now,
    ],
  );
}

export async function endHomeWatch(tx: Tx, personIds: readonly number[]): Promise<void> {
  await tx.sql.run(
    "update grid_watch set ended_at = $2 where kind = 'home' and person_id = any($1::bigint[]) and ended_at is null",
    [personIds, tx.now],
  );
}

/** The homes in quarantine now: one door each, however many of the household are under an order. */
export async function watchedDoors(tx: Tx): Promise<Door[]> {
  return tx.sql.many<Door>(
    `select distinct area_code as "areaCode", household_id as "householdId", case when household_id is null then person_id end as "personId"
     from grid_watch where kind = 'home' and ended_at is null order by 1, 2, 3`,
  );
}

/** The strictest zone in force over a village. */
export async function zoneAt(tx: Tx, areaCode: string): Promise<{ level: ZoneLevel; since: Instant } | undefined> {
  return tx.sql.maybe<{ level: ZoneLevel; since: Instant }>(
    `select level, since from grid_watch where kind = 'zone' and area_code = $1 and ended_at is null
     order by case level when 'high' then 0 when 'medium' then 1 else 2 end limit 1`,
    [areaCode],
  );
}

/** The half-day's rounds over every village with a zone, one statement. spec: GRID-7 */
export async function beginStreetRounds(
  tx: Tx,
  half: { outbreakId: string; day: Day; half: string; dueAt: Instant },
  kinds: readonly string[],
  levels: readonly string[],
): Promise<void> {
  await tx.sql.run(
    `insert into street_round (id, outbreak_id, area_code, kind, day, half, due_at, state)
     select md5(w.area_code || ' ' || k.kind || ' ' || $2 || ' ' || $3)::uuid, $1, w.area_code, k.kind, $2::date, $3, $4, 'open'
     from (select distinct area_code from grid_watch where kind = 'zone' and ended_at is null and level = any($6::text[])) w
     cross join unnest($5::text[]) k (kind)
     on conflict (area_code, day, half, kind) do nothing`,
    [half.outbreakId, half.day, half.half, half.dueAt, kinds, levels],
  );
}

export async function putLanes(tx: Tx, areaCode: string, lanes: readonly string[]): Promise<void> {
  await tx.sql.run("delete from lane where area_code = $1", [areaCode]);
  await tx.sql.run(
    `insert into lane (area_code, name, no) select $1, name, min(no) from unnest($2::text[]) with ordinality as new (name, no) group by name`,
    [areaCode, lanes],
  );
}

/** The lanes of villages in their order. */
export async function lanesOf(tx: Tx, areaCodes: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await tx.sql.many<{ areaCode: string; name: string }>(
    `select area_code as "areaCode", name from lane where area_code = any($1::text[]) order by area_code, no`,
    [areaCodes],
  );
  const lanes = new Map<string, string[]>();
  for (const row of rows) lanes.set(row.areaCode, [...(lanes.get(row.areaCode) ?? []), row.name]);
  return lanes;
}

export interface LockedRound {
  readonly id: string;
  readonly areaCode: string;
  readonly state: StreetRound["state"];
  readonly lanesDone: readonly string[];
}

export async function lockRounds(tx: Tx, ids: readonly string[]): Promise<Map<string, LockedRound>> {
  const rows = await tx.sql.many<LockedRound>(
    `select id, area_code as "areaCode", state, lanes_done as "lanesDone" from street_round where id = any($1::uuid[]) order by id for update`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

export async function storeRounds(
  tx: Tx,
  rounds: readonly { id: string; done: readonly string[]; missing: readonly string[] }[],
): Promise<void> {
  await tx.sql.run(
    `update street_round r set state = case when n.missing = '[]' then 'done' else 'partial' end,
       lanes_done = array(select jsonb_array_elements_text(n.done)), lanes_missing = array(select jsonb_array_elements_text(n.missing)),
       done_at = case when n.missing = '[]' then $4::timestamptz end, done_by = $5
     from unnest($1::uuid[], $2::jsonb[], $3::jsonb[]) as n (id, done, missing) where r.id = n.id`,
    [
      rounds.map((round) => round.id),
      rounds.map((round) => JSON.stringify(round.done)),
      rounds.map((round) => JSON.stringify(round.missing)),
      tx.now,
      tx.actor.id,
    ],
  );
}

export async function pageStreets(tx: Tx, query: StreetQuery): Promise<Page<Omit<StreetRound, "areaName">>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Omit<StreetRound, "areaName">>(
    `select id, area_code as "areaCode", kind, day, half, due_at as "dueAt", state, lanes_done as "lanesDone", lanes_missing as "lanesMissing",
       done_at as "doneAt", coalesce(done_at, $1::timestamptz) > due_at as late
     from street_round where area_code >= $2 and area_code < $3 and ($4::text is null or state = $4) and ($5::text is null or kind = $5)
       and ($6::timestamptz is null or (due_at, id::text) < ($6::timestamptz, $7))
     order by due_at desc, id::text desc limit $8`,
    [tx.now, lo, hi, query.state ?? null, query.kind ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.dueAt, row.id]);
}

/** Rounds of a half-day not yet done, by village. */
export async function openRounds(
  tx: Tx,
  areaCode: string,
  day: Day,
  half: string,
): Promise<{ id: string; areaCode: string; kind: string }[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select id, area_code as "areaCode", kind from street_round
     where area_code >= $1 and area_code < $2 and day = $3::date and half = $4 and state <> 'done' order by area_code, kind`,
    [lo, hi, day, half],
  );
}
