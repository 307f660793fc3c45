import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { BedState, FloorRoom, RoomZone, WaitingPerson } from "./floors.model.ts";
import type { Category, SiteKind } from "./isolation.model.ts";

/** SQL of the floors of a site and of who waits for a room or a vehicle. */

export interface FloorRow {
  readonly roomId: number;
  readonly siteId: string;
  readonly siteKind: SiteKind;
  readonly siteState: string;
  readonly floor: number;
  readonly purpose: string | null;
  readonly no: string;
  readonly kind: FloorRoom["kind"];
  readonly zone: RoomZone;
  readonly beds: readonly { bedId: number; no: number; state: BedState }[];
  readonly guests: readonly FloorStay[];
}

export interface FloorStay {
  readonly orderId: string;
  readonly personId: number;
  readonly category: Category;
  readonly planClass: string;
  readonly party: string;
  readonly age: number | null;
  readonly needs: readonly string[];
  readonly arrived: boolean;
  readonly orderState: string;
  readonly endDay: string | null;
}

const roomColumns = `r.id as "roomId", r.site_id as "siteId", s.kind as "siteKind", s.state as "siteState", f.floor, f.purpose, r.number as no, r.kind, r.zone,
  coalesce((select jsonb_agg(jsonb_build_object('bedId', b.id, 'no', b.no, 'state', b.state) order by b.no) from bed b where b.room_id = r.id), '[]') as beds,
  coalesce((select jsonb_agg(jsonb_build_object('orderId', o.id, 'personId', o.person_id, 'category', y.category, 'planClass', o.plan_class, 'party', y.party,
      'age', o.age, 'needs', o.needs, 'arrived', y.state = 'inUse', 'orderState', o.state, 'endDay', o.planned_end_day) order by y.bed_id)
    from stay y join isolation_order o on o.id = y.order_id
    where y.site_id = r.site_id and y.room_id = r.id and y.state in ('reserved', 'inUse')), '[]') as guests`;
const roomJoins = "join isolation_site s on s.id = r.site_id join isolation_floor f on f.id = r.floor_id";

export interface FloorQuery {
  readonly siteId: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** One page of a site's rooms in the order of their numbers, with beds and guests. */
export async function pageFloorRooms(tx: Tx, query: FloorQuery): Promise<Page<FloorRow>> {
  const limit = pageSize(query.limit);
  const after = cursorKey(query.cursor, 1);
  const rows = await tx.sql.many<FloorRow>(
    `with r as materialized (
       select * from room r where r.site_id = $1 and r.id + 0 > $2 order by r.id + 0 limit $3
     ) select ${roomColumns} from r ${roomJoins} order by r.id`,
    [query.siteId, after?.[0] ?? 0, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.roomId]);
}

/** The room of a bed as the rules look at it. */
export async function roomOfBed(tx: Tx, bedId: number): Promise<FloorRow | undefined> {
  return tx.sql.maybe<FloorRow>(
    `select ${roomColumns} from room r ${roomJoins} where r.id = (select room_id from bed where id = $1)`,
    [bedId],
  );
}

/** Who lives in a site or has a bed kept there, by person. */
export async function pageGuests(tx: Tx, query: FloorQuery): Promise<Page<{ orderId: string; personId: number }>> {
  const limit = pageSize(query.limit);
  const after = cursorKey(query.cursor, 1);
  const rows = await tx.sql.many<{ orderId: string; personId: number }>(
    `select y.order_id as "orderId", y.person_id as "personId" from stay y
     where y.site_id = $1 and y.state in ('reserved', 'inUse') and y.person_id > $2 order by y.person_id limit $3`,
    [query.siteId, after?.[0] ?? 0, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.personId]);
}

export interface WaitingQuery {
  readonly for: "room" | "vehicle";
  readonly areaCode?: string;
  /** Only whom a site of this kind can take. */
  readonly siteKind?: SiteKind;
  readonly limit?: number;
  readonly cursor?: string;
}

export interface WaitingRow extends Omit<WaitingPerson, "coveredName"> {
  readonly personId: number;
}

const modesFor: Readonly<Record<SiteKind, readonly string[]>> = {
  central: ["central"],
  fangcang: ["fangcang"],
  hospital: ["fangcang", "hospital"],
};
const wanting = {
  room: "o.site_id is null",
  vehicle: "o.site_id is not null and o.transfer_id is null",
} as const;

/** Who waits for a room, or has one and waits for a vehicle, the earliest due first. */
export async function pageWaiting(tx: Tx, query: WaitingQuery): Promise<Page<WaitingRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const modes = query.siteKind === undefined ? modesFor.hospital.concat(modesFor.central) : modesFor[query.siteKind];
  const rows = await tx.sql.many<WaitingRow>(
    `select o.id as "orderId", o.person_id as "personId", o.area_code as "areaCode", o.category, o.plan_class as "planClass", o.mode, o.age, o.needs,
       case when o.household_id is null then 1 else (select count(*)::int from isolation_order h
         where h.state = 'pending' and h.area_code = o.area_code and h.household_id = o.household_id) end as household,
       o.ordered_at as "orderedAt", o.due_at as "dueAt", o.site_id as "siteId", s.name as "siteName", s.name_en as "siteNameEn", s.kind as "siteKind"
     from isolation_order o left join isolation_site s on s.id = o.site_id
     where o.state = 'pending' and ${wanting[query.for]} and o.mode = any($3::text[]) and o.area_code >= $1 and o.area_code < $2
       and ($4::timestamptz is null or (o.due_at, o.id::text) > ($4::timestamptz, $5::text))
     order by o.due_at, o.id::text limit $6`,
    [lo, hi, modes, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.dueAt, row.orderId]);
}
