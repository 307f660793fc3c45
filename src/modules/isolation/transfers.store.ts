import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type { Category, OrderMode, OrderState, Transfer, TransferState } from "./isolation.model.ts";

/** SQL of journeys. */

export interface Passenger {
  readonly orderId: string;
  readonly personId: number;
  readonly segment: number | null;
}

export interface NewTransfer {
  readonly id: string;
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly toAreaCode: string;
  readonly direction: "toSite" | "home";
  readonly category: Category;
  readonly fromSiteId: string | null;
  readonly toSiteId: string | null;
  readonly vehicle: string | null;
  readonly seats: number;
  readonly dueAt: string;
  readonly passengers: readonly Passenger[];
}

export async function insertTransfers(tx: Tx, trips: readonly NewTransfer[]): Promise<void> {
  if (trips.length === 0) return;
  await tx.sql.run(
    `insert into transfer (id, outbreak_id, area_code, to_area_code, direction, category, from_site_id, to_site_id, vehicle, seats, people, state, requested_at, requested_by, due_at)
     select id, "outbreakId", "areaCode", "toAreaCode", direction, category, "fromSiteId", "toSiteId", vehicle, seats, jsonb_array_length(passengers), 'requested',
       $2::timestamptz, $3, "dueAt"
     from jsonb_to_recordset($1::jsonb) as t (id uuid, "outbreakId" uuid, "areaCode" text, "toAreaCode" text, direction text, category text,
       "fromSiteId" uuid, "toSiteId" uuid, vehicle text, seats integer, "dueAt" timestamptz, passengers jsonb)`,
    [JSON.stringify(trips), tx.now, tx.actor.id],
  );
  const rows = trips.flatMap((trip) => trip.passengers.map((person) => ({ trip, person })));
  await tx.sql.run(
    `insert into transfer_person (transfer_id, order_id, person_id, area_code, to_area_code, segment, stay_id)
     select n.transfer_id, n.order_id, n.person_id, n.area_code, n.to_area_code, n.segment,
       (select y.id from stay y where y.order_id = n.order_id and y.state = 'reserved')
     from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::integer[]) n (transfer_id, order_id, person_id, area_code, to_area_code, segment)`,
    [
      rows.map((r) => r.trip.id),
      rows.map((r) => r.person.orderId),
      rows.map((r) => r.person.personId),
      rows.map((r) => r.trip.areaCode),
      rows.map((r) => r.trip.toAreaCode),
      rows.map((r) => r.person.segment),
    ],
  );
  await tx.sql.run(
    "update isolation_order o set transfer_id = n.transfer_id from unnest($1::uuid[], $2::uuid[]) n (transfer_id, order_id) where o.id = n.order_id",
    [rows.map((r) => r.trip.id), rows.map((r) => r.person.orderId)],
  );
}

export interface TransferRow {
  readonly id: string;
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly toAreaCode: string;
  readonly direction: "toSite" | "home";
  readonly category: Category;
  readonly toSiteId: string | null;
  readonly state: TransferState;
}

export async function lockTransfers(tx: Tx, ids: readonly string[]): Promise<TransferRow[]> {
  return tx.sql.many<TransferRow>(
    `select id, outbreak_id as "outbreakId", area_code as "areaCode", to_area_code as "toAreaCode", direction, category, to_site_id as "toSiteId", state
     from transfer where id = any($1::uuid[]) order by id for update`,
    [ids],
  );
}

/** A passenger who is still expected: his order was not ended meanwhile, or the trip is only his way home. */
export interface Travelling extends Passenger {
  readonly transferId: string;
  readonly areaCode: string;
  readonly orderState: OrderState;
  readonly orderMode: OrderMode;
  readonly toSite: boolean;
}

export async function passengersOf(tx: Tx, transferIds: readonly string[]): Promise<Travelling[]> {
  return tx.sql.many<Travelling>(
    `select p.transfer_id as "transferId", p.order_id as "orderId", p.person_id as "personId", p.segment, o.area_code as "areaCode",
       o.state as "orderState", o.mode as "orderMode", p.stay_id is not null as "toSite"
     from transfer_person p join isolation_order o on o.id = p.order_id
     where p.transfer_id = any($1::uuid[]) order by p.transfer_id, p.person_id`,
    [transferIds],
  );
}

export async function setDeparted(tx: Tx, ids: readonly string[], vehicle: string | null): Promise<void> {
  await tx.sql.run(
    "update transfer set state = 'departed', departed_at = $2, departed_by = $3, vehicle = coalesce($4, vehicle), departed_by_name = $5 where id = any($1::uuid[])",
    [ids, tx.now, tx.actor.id, vehicle, tx.actor.name],
  );
}

export async function setArrived(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.sql.run(
    "update transfer set state = 'arrived', arrived_at = $2, arrived_by = $3, arrived_by_name = $4 where id = any($1::uuid[])",
    [ids, tx.now, tx.actor.id, tx.actor.name],
  );
}

export async function setCancelled(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.sql.run("update transfer set state = 'cancelled' where id = any($1::uuid[])", [ids]);
}

/** Takes people off trips that have not left; returns the trips that are empty now. */
export async function leaveTrips(tx: Tx, orderIds: readonly string[]): Promise<string[]> {
  const left = await tx.sql.many<{ id: string }>(
    `delete from transfer_person p using transfer t where t.id = p.transfer_id and t.state = 'requested' and p.order_id = any($1::uuid[])
     returning t.id`,
    [orderIds],
  );
  if (left.length === 0) return [];
  const trips = [...new Set(left.map((row) => row.id))].toSorted();
  await tx.sql.run(
    `update transfer t set people = n.people from (
       select transfer_id, count(*)::int as people from transfer_person where transfer_id = any($1::uuid[]) group by 1
     ) n where t.id = n.transfer_id`,
    [trips],
  );
  const empty = await tx.sql.many<{ id: string }>(
    `update transfer t set state = 'cancelled' where id = any($1::uuid[]) and not exists (select 1 from transfer_person p where p.transfer_id = t.id) returning id`,
    [trips],
  );
  return empty.map((row) => row.id);
}

/** Orders that have ended and whose people still wait for the journey home. */
export async function waitingForJourneyHome(tx: Tx, personIds: readonly number[]): Promise<string[]> {
  const rows = await tx.sql.many<{ id: string }>(
    `select o.id from isolation_order o join transfer t on t.id = o.transfer_id
     where o.person_id = any($1::bigint[]) and o.state in ('released', 'cancelled') and t.state = 'requested' order by o.id`,
    [personIds],
  );
  return rows.map((row) => row.id);
}

export interface TransferQuery {
  readonly areaCode?: string;
  readonly state?: TransferState;
  readonly direction?: "toSite" | "home";
  readonly overdue?: boolean;
  /** Only those that arrived at or after this moment. */
  readonly arrivedSince?: string;
  readonly sort?: "due" | "-due" | "requested" | "-requested" | "arrived" | "-arrived";
  readonly limit?: number;
  readonly cursor?: string;
}

/** A journey that has not arrived yet stands before those that have. */
const transferSorts: SortTable<Transfer, "due" | "requested" | "arrived"> = {
  keys: {
    due: { sql: "t.due_at", type: "timestamptz", of: (row) => row.dueAt },
    requested: { sql: "t.requested_at", type: "timestamptz", of: (row) => row.requestedAt },
    arrived: {
      sql: "coalesce(t.arrived_at, '-infinity')",
      type: "timestamptz",
      of: (row) => row.arrivedAt ?? "-infinity",
    },
  },
  tie: { sql: "t.id", type: "uuid", of: (row) => row.id },
};

export async function pageTransfers(tx: Tx, query: TransferQuery): Promise<Page<Transfer>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, transferSorts, "due", area);
  const rows = await tx.sql.many<Transfer>(
    `with t as materialized (
       select * from transfer t
       where ((t.area_code >= $1 and t.area_code < $2) or (t.to_area_code >= $1 and t.to_area_code < $2))
         and ($3::text is null or t.state = $3) and ($4::text is null or t.direction = $4)
         and (not $5::boolean or (t.state in ('requested', 'departed') and t.due_at < $6))
         and ($7::timestamptz is null or t.arrived_at >= $7)
         and ${sort.after(9)}
       order by ${sort.order} limit $8
     )
     select t.id, t.area_code as "areaCode", t.to_area_code as "toAreaCode", t.direction, t.category, coalesce(t.to_site_id, t.from_site_id) as "siteId",
       s.name as "siteName", s.name_en as "siteNameEn", t.vehicle, t.seats, t.people, t.state, t.requested_at as "requestedAt", t.due_at as "dueAt", t.departed_at as "departedAt",
       t.departed_by_name as "departedBy", t.arrived_at as "arrivedAt", t.arrived_by_name as "arrivedBy"
     from t left join isolation_site s on s.id = coalesce(t.to_site_id, t.from_site_id)
     order by ${sort.order}`,
    [
      lo,
      hi,
      query.state ?? null,
      query.direction ?? null,
      query.overdue ?? false,
      tx.now,
      query.arrivedSince ?? null,
      sort.limit + 1,
      ...sort.values,
    ],
  );
  return sort.page(rows);
}
