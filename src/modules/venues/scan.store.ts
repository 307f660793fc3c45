import { LRUCache } from "lru-cache";
import type { AreaCode } from "#kernel/area";
import type { Day } from "#kernel/time";
import type { BareTx } from "#platform/context";
import { plainArray, type Database, type Sql } from "#platform/db";
import { joinRepeats, type VisitInput } from "./venues.rules.ts";

/** A venue as a scan needs it. */
export interface ScannedVenue {
  readonly no: number;
  readonly areaCode: AreaCode;
}

/** As many venues does a process remember: forty million bytes. */
const venuesKnownMax = 400_000;
/**
 * Venues that scans named, by database. A venue's code, number and area never change and none is removed (VEN-1), so what
 * was read once holds; asking for them again with each scan took a third of PostgreSQL's time for it.
 */
const known = new WeakMap<Database, LRUCache<string, ScannedVenue>>();

function knownVenues(db: Database): LRUCache<string, ScannedVenue> {
  const before = known.get(db);
  if (before) return before;
  const fresh = new LRUCache<string, ScannedVenue>({ max: venuesKnownMax });
  known.set(db, fresh);
  return fresh;
}

/**
 * The venues of codes; those that nobody knows are missing. It may name venues outside the transaction's areas: whoever
 * asks holds each against the area of its sender.
 */
export async function scannedVenues(tx: BareTx, codes: Iterable<string>): Promise<ReadonlyMap<string, ScannedVenue>> {
  const cache = knownVenues(tx.db);
  const venues = new Map<string, ScannedVenue>();
  const unknown: string[] = [];
  for (const code of new Set(codes)) {
    const venue = cache.get(code);
    if (venue) venues.set(code, venue);
    else unknown.push(code);
  }
  if (unknown.length === 0) return venues;
  const rows = await tx.sql.many<ScannedVenue & { readonly code: string }>(
    `select code, no, area_code as "areaCode" from venue where code = any($1::text[])`,
    [unknown],
  );
  for (const { code, no, areaCode } of rows) {
    const venue = { no, areaCode };
    cache.set(code, venue);
    venues.set(code, venue);
  }
  return venues;
}

/** Apart from what is done with it, because Citus wraps a joined list of lists wrongly (see distributed.sql). */
const sent = `sent as materialized (
  select * from unnest($1::date[], $2::int[], $3::int[], $4::int[], $5::int[]) with ordinality as new (day, venue_no, person_id, s, len, i))`;
const insert = `with ${sent},
  fresh as (
    insert into visit (day, venue_no, person_id, s, len) select day, venue_no, person_id, s, len from sent
    on conflict do nothing returning day, venue_no, s, person_id)
  select new.i::int as i from sent new
  where $6 > (select count(*) from fresh) and not exists (
    select from fresh f where f.venue_no = new.venue_no and f.s = new.s and f.person_id = new.person_id and f.day = new.day)`;
const leave = `with ${sent}
  update visit set len = new.len from sent new
  where visit.day = new.day and visit.venue_no = new.venue_no and visit.s = new.s and visit.person_id = new.person_id
    and new.len is not null and (visit.len is null or visit.len < new.len)`;

/** A day whose visits have no partition yet, and whether visits are spread. */
export interface MissingDay {
  readonly day: Day;
  readonly isSpread: boolean;
}

/** Those of these days that no visit has come in for. */
export async function missingDays(tx: BareTx, days: readonly Day[]): Promise<MissingDay[]> {
  return tx.sql.many(
    `select day, wuyang.is_spread('visit') as "isSpread" from unnest($1::date[]) as asked (day)
     where to_regclass(wuyang.part_of('visit', day)) is null order by day`,
    [plainArray([...new Set(days)])],
  );
}

/**
 * Makes room for the visits of days that have none. Where Citus spreads the visits, a table that another role has just made
 * can be filled only once it is committed (citusdata/citus#1898), so there each is made in a transaction of its own, which
 * takes a second connection and is rare: the duty makes the next day's partition before midnight.
 */
export async function addVisitDays(tx: BareTx, missing: readonly MissingDay[]): Promise<void> {
  const add = (sql: Sql, day: Day): Promise<number> => sql.run("select wuyang.add_visit_day($1)", [day]);
  for (const { day, isSpread } of missing)
    await (isSpread ? tx.db.transaction((sql) => add(sql, day)) : add(tx.sql, day));
}

/** Adds visits that differ from each other and returns the places of those that were here already. */
async function insertDistinct(tx: BareTx, visits: readonly VisitInput[]): Promise<ReadonlySet<number>> {
  const columns = [
    plainArray(visits.map((visit) => visit.day)),
    plainArray(visits.map((visit) => visit.venueNo)),
    plainArray(visits.map((visit) => visit.personId)),
    plainArray(visits.map((visit) => visit.s)),
    plainArray(visits.map((visit) => visit.len)),
  ];
  const left = visits.some(({ len }) => len !== null);
  const [already] = await Promise.all([
    tx.sql.many<{ readonly i: number }>(insert, [...columns, visits.length]),
    left ? tx.sql.run(leave, columns) : 0,
  ]);
  return new Set(already.map(({ i }) => i - 1));
}

/**
 * Adds visits and returns the places of those that were here already, or that repeat another among them; of a repeat a
 * later leaving is taken over. The statements are sent together, none waits for another's answer. Their days have room
 * (addVisitDays). spec: VEN-2
 */
export async function insertScans(tx: BareTx, visits: readonly VisitInput[]): Promise<ReadonlySet<number>> {
  const joined = joinRepeats(visits);
  const already = await insertDistinct(
    tx,
    joined.map(({ visit }) => visit),
  );
  return new Set(joined.flatMap(({ places }, i) => (already.has(i) ? places : places.slice(1))));
}
