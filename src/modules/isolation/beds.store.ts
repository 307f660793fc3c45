import type { Tx } from "#platform/context";
import type { Assignment } from "./isolation.model.ts";
import type { FreeRoom } from "./rooms.rules.ts";
import type { SiteLoad } from "./shortlist.rules.ts";

/** SQL of reservations and stays: which beds are free, whose they become, when they are left. */

/** One allocation at a time: two that looked at the same free beds would collide and both be refused. */
export async function lockAllocation(tx: Tx): Promise<void> {
  await tx.sql.run("select pg_advisory_xact_lock(771011)");
}

export async function siteLoads(tx: Tx): Promise<SiteLoad[]> {
  return tx.sql.many<SiteLoad>(
    `select s.id as "siteId", s.no, s.kind, s.area_code as "areaCode", s.lat, s.lon, c.rooms_free as "roomsFree", c.beds_free as "bedsFree"
     from (
       select site_id, sum(rooms - rooms_busy)::int as rooms_free, sum(beds - in_use - reserved - cleaning - blocked)::int as beds_free
       from isolation_counter group by site_id
     ) c join isolation_site s on s.id = c.site_id where s.state = 'open' and c.beds_free > 0 order by s.no`,
  );
}

const bedsPerRoom = 100;

/** Free rooms of the sites: empty ones, and wards with a free bed; at most `limit` of each kind of each site. */
export async function freeRooms(tx: Tx, siteIds: readonly string[], limit: number): Promise<FreeRoom[]> {
  const empty = await tx.sql.many<Omit<FreeRoom, "bedIds" | "party"> & { beds: number }>(
    `select r.id as "roomId", r.site_id as "siteId", r.floor_id as "floorId", f.purpose as "floorPurpose", r.kind, r.beds
     from unnest($1::uuid[]) site (id) cross join unnest(array['single', 'family', 'accessible']) k (kind)
     cross join lateral (
       select * from room r where r.site_id = site.id and r.kind = k.kind and r.busy = 0 and r.beds > 0 order by r.id limit $2
     ) r join isolation_floor f on f.id = r.floor_id`,
    [siteIds, limit],
  );
  const wards = await tx.sql.many<Omit<FreeRoom, "party">>(
    `select b.room_id as "roomId", b.site_id as "siteId", r.floor_id as "floorId", f.purpose as "floorPurpose", r.kind, array_agg(b.id order by b.id) as "bedIds"
     from unnest($1::uuid[]) site (id) cross join lateral (
       select b.id, b.room_id, b.site_id from bed b where b.site_id = site.id and b.state = 'free' and b.kind = 'ward' order by b.id limit $2
     ) b join room r on r.id = b.room_id join isolation_floor f on f.id = r.floor_id
     group by b.room_id, b.site_id, r.floor_id, f.purpose, r.kind`,
    [siteIds, limit],
  );
  return [
    ...empty.map((row) => ({
      roomId: row.roomId,
      siteId: row.siteId,
      floorId: row.floorId,
      floorPurpose: row.floorPurpose,
      kind: row.kind,
      bedIds: Array.from({ length: row.beds }, (_, i) => row.roomId * bedsPerRoom + i + 1),
      party: null,
    })),
    ...wards.map((row) => ({ ...row, party: null })),
  ];
}

/** Rooms in which these households already live, with their free beds. */
export async function roomsOfParties(tx: Tx, parties: readonly string[]): Promise<FreeRoom[]> {
  return tx.sql.many<FreeRoom>(
    `select r.id as "roomId", r.site_id as "siteId", r.floor_id as "floorId",
       (select f.purpose from isolation_floor f where f.id = r.floor_id) as "floorPurpose", r.kind, y.party, b.ids as "bedIds"
     from unnest($1::text[]) want (party) cross join lateral (
       select distinct s.room_id, s.party from stay s
       where s.party = want.party and s.state in ('reserved', 'inUse') and s.category = 'contact' and not s.ward
     ) y join room r on r.id = y.room_id and r.busy < r.beds cross join lateral (
       select array_agg(b.id order by b.id) as ids from bed b where b.room_id = r.id and b.state = 'free'
     ) b where b.ids is not null`,
    [parties],
  );
}

export interface Reservation extends Assignment {
  readonly category: "contact" | "case";
  readonly purpose: string;
}

/** Reserves the beds: stays, bed states, floor purposes and the orders' places. The database refuses what must not be (I4). */
export async function reserveBeds(tx: Tx, rows: readonly Reservation[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.sql.run(
    `insert into stay (id, order_id, person_id, bed_id, room_id, site_id, area_code, category, purpose, party, ward, state, held, reserved_at)
     select n.id, n.order_id, n.person_id, b.id, b.room_id, b.site_id, b.area_code, n.category, n.purpose, n.party, b.kind = 'ward', 'reserved',
       tstzrange($8::timestamptz, null), $8::timestamptz
     from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[])
       as n (id, order_id, person_id, bed_id, category, purpose, party) join bed b on b.id = n.bed_id`,
    [
      rows.map(() => tx.newId()),
      rows.map((r) => r.orderId),
      rows.map((r) => r.personId),
      rows.map((r) => r.bedId),
      rows.map((r) => r.category),
      rows.map((r) => r.purpose),
      rows.map((r) => r.party ?? `p${r.personId}`),
      tx.now,
    ],
  );
  await tx.sql.run("update bed set state = 'reserved', free_at = null where id = any($1::bigint[])", [
    rows.map((r) => r.bedId),
  ]);
  await tx.sql.run(
    `update isolation_floor f set purpose = n.purpose
     from (select r.floor_id, min(n.purpose) as purpose from unnest($1::bigint[], $2::text[]) n (room_id, purpose) join room r on r.id = n.room_id group by 1) n
     where f.id = n.floor_id and f.purpose is null`,
    [rows.map((r) => r.roomId), rows.map((r) => r.purpose)],
  );
  await tx.sql.run(
    `update isolation_order o set site_id = s.id, site_area_code = s.area_code, allocated_at = $4, placement_rule = n.rule,
       mode = case s.kind when 'central' then 'central' when 'fangcang' then 'fangcang' else 'hospital' end
     from unnest($1::uuid[], $2::uuid[], $3::text[]) n (order_id, site_id, rule) join isolation_site s on s.id = n.site_id
     where o.id = n.order_id`,
    [rows.map((r) => r.orderId), rows.map((r) => r.siteId), rows.map((r) => r.rule), tx.now],
  );
}

/** Gives reserved beds back: the person does not come. */
export async function cancelReservations(tx: Tx, orderIds: readonly string[]): Promise<void> {
  await tx.sql.run(
    `with gone as (
       update stay set state = 'cancelled', held = 'empty' where order_id = any($1::uuid[]) and state = 'reserved' returning bed_id
     ) update bed set state = 'free' from gone where bed.id = gone.bed_id and bed.state = 'reserved'`,
    [orderIds],
  );
}

/** Ends the stays of people who leave; their beds go to cleaning. Returns how many left. */
export async function endStays(tx: Tx, personIds: readonly number[]): Promise<number> {
  return tx.sql.run(
    `with gone as (
       update stay set state = 'ended', left_at = $2::timestamptz, held = tstzrange(lower(held), $2::timestamptz), period = tstzrange(lower(period), $2::timestamptz)
       where person_id = any($1::bigint[]) and state = 'inUse' returning bed_id, site_id
     ) update bed set state = 'cleaning', free_at = $2::timestamptz + make_interval(mins => s.cleaning_minutes)
     from gone join isolation_site s on s.id = gone.site_id where bed.id = gone.bed_id`,
    [personIds, tx.now],
  );
}

/** The people have arrived: their reserved beds are in use. */
export async function beginStays(tx: Tx, orderIds: readonly string[]): Promise<number> {
  return tx.sql.run(
    `with come as (
       update stay set state = 'inUse', arrived_at = $2::timestamptz, period = tstzrange($2::timestamptz, null)
       where order_id = any($1::uuid[]) and state = 'reserved' returning bed_id
     ) update bed set state = 'inUse', free_at = null from come where bed.id = come.bed_id`,
    [orderIds, tx.now],
  );
}

/** Where people are now, by person. */
export async function openStays(
  tx: Tx,
  personIds: readonly number[],
): Promise<{ personId: number; siteId: string; areaCode: string }[]> {
  return tx.sql.many(
    `select person_id as "personId", site_id as "siteId", area_code as "areaCode" from stay
     where person_id = any($1::bigint[]) and state = 'inUse' order by person_id`,
    [personIds],
  );
}
