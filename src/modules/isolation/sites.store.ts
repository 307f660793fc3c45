import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { CapacityRow, NewSite, Room, Site, SiteKind } from "./isolation.model.ts";

/** SQL of places: sites, floors, rooms, beds and their kept counters. */

const roomsPerFloorDefault = 20;
const bedsPerFamilyDefault = 3;
const bedsPerWardDefault = 20;
const cleaningMinutesDefault = 240;

/** Floors and rooms are numbered within their site, so that ids follow from the site's running number. */
const floorsPerSite = 1_000;
const roomsPerSite = 100_000;
const bedsPerRoom = 100;

export interface SiteToInsert extends NewSite {
  readonly id: string;
}

/** Stores sites with all their rooms and beds in a handful of statements, whatever their number. */
export async function insertSites(tx: Tx, sites: readonly SiteToInsert[]): Promise<{ rooms: number; beds: number }> {
  await tx.sql.run("select wuyang.lock_site_no()");
  const { first } = await tx.sql.one<{ first: number }>("select wuyang.next_site_no() as first");
  const rows = sites.map((site, i) => ({
    id: site.id,
    no: first + i,
    area_code: site.areaCode,
    kind: site.kind,
    name: site.name,
    name_en: site.nameEn ?? site.name,
    phase: site.phase ?? null,
    emergency: site.emergency ?? false,
    state: site.state ?? "open",
    life: (site.state ?? "open") === "open" ? "opened" : "selected",
    life_since: tx.now,
    lat: site.lat ?? null,
    lon: site.lon ?? null,
    cleaning_minutes: site.cleaningMinutes ?? cleaningMinutesDefault,
    ready_at: site.readyAt ?? null,
    opened_at: (site.state ?? "open") === "open" ? tx.now : null,
  }));
  await tx.sql.run(
    `insert into isolation_site (id, no, area_code, kind, name, name_en, phase, emergency, state, life, life_since, lat, lon, cleaning_minutes, ready_at, opened_at)
     select id, no, area_code, kind, name, name_en, phase, emergency, state, life, life_since, lat, lon, cleaning_minutes, ready_at, opened_at
     from jsonb_to_recordset($1::jsonb) as s (id uuid, no integer, area_code text, kind text, name text, name_en text, phase integer,
       emergency boolean, state text, life text, life_since timestamptz, lat double precision, lon double precision, cleaning_minutes integer, ready_at timestamptz, opened_at timestamptz)`,
    [JSON.stringify(rows)],
  );
  const plans = sites.flatMap((site, i) => {
    const no = first + i;
    const common = {
      site_id: site.id,
      no,
      area_code: site.areaCode,
      per_floor: site.rooms.roomsPerFloor ?? roomsPerFloorDefault,
    };
    return [
      { ...common, kind: "single", zone: "isolation", rooms: site.rooms.single ?? 0, beds: 1, ord: 1 },
      {
        ...common,
        kind: "family",
        zone: "isolation",
        rooms: site.rooms.family ?? 0,
        beds: site.rooms.bedsPerFamily ?? bedsPerFamilyDefault,
        ord: 2,
      },
      { ...common, kind: "accessible", zone: "isolation", rooms: site.rooms.accessible ?? 0, beds: 1, ord: 3 },
      {
        ...common,
        kind: "ward",
        zone: "isolation",
        rooms: site.rooms.ward ?? 0,
        beds: site.rooms.bedsPerWard ?? bedsPerWardDefault,
        ord: 4,
      },
      { ...common, kind: "staff", zone: "clean", rooms: site.rooms.clean ?? 0, beds: 0, ord: 5 },
      { ...common, kind: "staff", zone: "buffer", rooms: site.rooms.buffer ?? 0, beds: 0, ord: 6 },
    ].filter((plan) => plan.rooms > 0);
  });
  return insertRooms(tx, JSON.stringify(plans));
}

/** Rooms of one kind follow each other, floor after floor; a ward has a floor of its own. */
const planned = `with plan as (
    select * from jsonb_to_recordset($1::jsonb) as p (site_id uuid, no bigint, area_code text, per_floor integer, kind text, zone text, rooms integer, beds integer, ord integer)
  ), numbered as (
    select p.*, row_number() over (partition by p.site_id order by p.ord, i) as room_no
    from plan p cross join lateral generate_series(1, p.rooms) i
  ), placed as (
    select n.*, case when kind = 'ward' then room_no else 1 + (room_no - 1) / per_floor end as floor from numbered n
  )`;

async function insertRooms(tx: Tx, plans: string): Promise<{ rooms: number; beds: number }> {
  await tx.sql.run(
    `${planned} insert into isolation_floor (id, site_id, area_code, floor)
     select distinct no * ${floorsPerSite} + floor, site_id, area_code, floor from placed`,
    [plans],
  );
  const rooms = await tx.sql.run(
    `${planned} insert into room (id, floor_id, site_id, area_code, kind, zone, number, beds)
     select no * ${roomsPerSite} + room_no, no * ${floorsPerSite} + floor, site_id, area_code, kind, zone,
       floor::text || lpad(((room_no - 1) % per_floor + 1)::text, 2, '0'), beds from placed`,
    [plans],
  );
  const beds = await tx.sql.run(
    `${planned} insert into bed (id, room_id, site_id, area_code, kind, no, state)
     select (no * ${roomsPerSite} + room_no) * ${bedsPerRoom} + b, no * ${roomsPerSite} + room_no, site_id, area_code, kind, b, 'free'
     from placed cross join lateral generate_series(1, beds) b`,
    [plans],
  );
  await tx.sql.run(
    `${planned} insert into isolation_counter (site_id, kind, area_code, rooms, beds)
     select site_id, kind, area_code, count(*), sum(beds) from placed where beds > 0 group by site_id, kind, area_code`,
    [plans],
  );
  return { rooms, beds };
}

/** The columns of a site, and of its counters beside it, for every list of sites. */
export const siteColumns = `s.id, s.kind, s.area_code as "areaCode", s.name, s.name_en as "nameEn", s.phase, s.emergency, s.state, s.lat, s.lon,
  s.ready_at as "readyAt", s.opened_at as "openedAt"`;
export const counts = `coalesce(sum(c.rooms), 0)::int as rooms, coalesce(sum(c.rooms - c.rooms_busy), 0)::int as "roomsFree",
  coalesce(sum(c.beds), 0)::int as beds, coalesce(sum(c.in_use), 0)::int as "inUse", coalesce(sum(c.reserved), 0)::int as reserved,
  coalesce(sum(c.cleaning), 0)::int as cleaning, coalesce(sum(c.blocked), 0)::int as blocked,
  coalesce(sum(c.beds - c.in_use - c.reserved - c.cleaning - c.blocked), 0)::int as free`;

export interface SiteQuery {
  readonly areaCode?: string;
  readonly kind?: SiteKind;
  readonly state?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

export async function pageSites(tx: Tx, query: SiteQuery): Promise<Page<Site>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Site & { no: number }>(
    `select ${siteColumns}, s.no, ${counts} from isolation_site s left join isolation_counter c on c.site_id = s.id
     where s.area_code >= $1 and s.area_code < $2 and ($3::text is null or s.kind = $3) and ($4::text is null or s.state = $4)
       and ($5::text is null or (s.area_code, s.no) > ($5::text, $6::integer))
     group by s.id order by s.area_code, s.no limit $7`,
    [lo, hi, query.kind ?? null, query.state ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.no]);
}

export async function siteById(tx: Tx, id: string): Promise<Site | undefined> {
  return tx.sql.maybe<Site>(
    `select ${siteColumns}, ${counts} from isolation_site s left join isolation_counter c on c.site_id = s.id where s.id = $1 group by s.id`,
    [id],
  );
}

/** Planned phases of the fangcang that come before this one. */
export async function unopenedPhasesBefore(tx: Tx, phase: number): Promise<number> {
  const row = await tx.sql.one<{ n: number }>(
    "select count(*) as n from isolation_site where kind = 'fangcang' and phase < $1 and state = 'planned'",
    [phase],
  );
  return row.n;
}

export interface RoomQuery {
  readonly areaCode?: string;
  readonly siteId?: string;
  /** Kind of site. */
  readonly kind?: SiteKind;
  readonly state?: "free" | "inUse" | "full";
  readonly limit?: number;
  readonly cursor?: string;
}

export async function pageRooms(tx: Tx, query: RoomQuery): Promise<Page<Room>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  // The page is cut from the index before anything is joined: joined first, the planner makes all rooms of a city
  // and sorts them. The cursor is compared without an "or", so that it is a bound of the index and not a filter.
  const rows = await tx.sql.many<Room>(
    `with r as materialized (
       select r.id, r.site_id, r.floor_id, r.area_code, r.zone, r.number, r.kind, r.beds, r.busy from room r
       where r.area_code >= $1 and r.area_code < $2 and (r.area_code, r.id + 0) > ($6::text collate "C", $7::bigint)
         and ($3::uuid is null or r.site_id = $3)
         and ($4::text is null or r.site_id = any(array(select s.id from isolation_site s where s.kind = $4)))
         and ($5::text is null or ($5 = 'free' and r.busy = 0 and r.beds > 0) or ($5 = 'inUse' and r.busy > 0) or ($5 = 'full' and r.busy = r.beds and r.beds > 0))
       order by r.area_code, r.id + 0 limit $8
     )
     select r.id::text as id, r.site_id as "siteId", s.name as "siteName", s.name_en as "siteNameEn", s.kind as "siteKind", r.area_code as "areaCode", r.zone,
       f.floor, f.purpose, r.number as no, r.kind, r.beds, r.busy as "inUse",
       (select y.category from stay y where y.site_id = r.site_id and y.room_id = r.id and y.state in ('reserved', 'inUse') limit 1) as category
     from r join isolation_site s on s.id = r.site_id join isolation_floor f on f.id = r.floor_id
     order by r.area_code, r.id + 0`,
    [
      lo,
      hi,
      query.siteId ?? null,
      query.kind ?? null,
      query.state ?? null,
      after?.[0] ?? "",
      after?.[1] ?? 0,
      limit + 1,
    ],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, Number(row.id)]);
}

/** Counters of open sites, grouped by site, by county or by kind. */
export async function capacityRows(tx: Tx, areaCode: string, by: "site" | "county" | "kind"): Promise<CapacityRow[]> {
  const { lo, hi } = areaRange(areaCode);
  const key = by === "site" ? "s.id::text" : by === "county" ? "left(s.area_code, 6)" : "s.kind";
  return tx.sql.many<CapacityRow>(
    `select ${key} as key, ${by === "site" ? "min(s.name)" : key} as name, s.kind, count(distinct s.id)::int as sites, ${counts}
     from isolation_site s join isolation_counter c on c.site_id = s.id
     where s.state = 'open' and s.area_code >= $1 and s.area_code < $2
     group by ${key}, s.kind order by s.kind, 1`,
    [lo, hi],
  );
}

/** Arrivals minus departures of each of the last days, by kind of site; days without any count as nothing. */
export async function netInflow(tx: Tx, areaCode: string, since: string): Promise<{ kind: SiteKind; net: number }[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<{ kind: SiteKind; net: number }>(
    `select s.kind, sum(n)::int as net from (
       select site_id, 1 as n from stay where arrived_at >= $3 and area_code >= $1 and area_code < $2
       union all select site_id, -1 from stay where left_at >= $3 and area_code >= $1 and area_code < $2
     ) moves join isolation_site s on s.id = moves.site_id group by s.kind`,
    [lo, hi, since],
  );
}

/** Beds whose disinfection is over become free. */
export async function finishCleaning(tx: Tx): Promise<number> {
  return tx.sql.run("update bed set state = 'free', free_at = null where state = 'cleaning' and free_at <= $1", [
    tx.now,
  ]);
}
