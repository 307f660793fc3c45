import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { DeliveryRow } from "./requests.model.ts";
import type { DeliveryState, ListQuery } from "./supplies.model.ts";

/** A delivery as the rules see it. */
export interface DeliveryFacts {
  readonly id: string;
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly no: string;
  readonly state: DeliveryState;
  readonly warehouseId: string | null;
}

const facts = `id, outbreak_id as "outbreakId", area_code as "areaCode", no, state, warehouse_id as "warehouseId"`;

export async function findDelivery(tx: Tx, id: string): Promise<DeliveryFacts | undefined> {
  return tx.sql.maybe<DeliveryFacts>(`select ${facts} from supply_delivery where id = $1`, [id]);
}

/** Locks deliveries in the order of their numbers. */
export async function lockDeliveries(tx: Tx, ids: readonly string[]): Promise<DeliveryFacts[]> {
  return tx.sql.many<DeliveryFacts>(
    `select ${facts} from supply_delivery where id = any($1::uuid[]) order by no for update`,
    [ids],
  );
}

export interface NewDelivery {
  readonly outbreakId: string;
  readonly areaCode: string;
  readonly no: string;
  readonly grid: string;
  readonly household: string;
  readonly need: string;
  readonly dueAt: Instant;
  readonly lines: readonly { readonly itemId: string; readonly quantity: number }[];
}

/** Stores what a household asks for; undefined when its number is taken. */
export async function insertDelivery(tx: Tx, row: NewDelivery): Promise<string | undefined> {
  const id = tx.newId();
  const stored = await tx.sql.run(
    `insert into supply_delivery (id, outbreak_id, area_code, no, grid, household, need, state, asked_at, asked_by, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, 'asked', $8, $9, $10) on conflict (no) do nothing`,
    [id, row.outbreakId, row.areaCode, row.no, row.grid, row.household, row.need, tx.now, tx.actor.id, row.dueAt],
  );
  if (stored === 0) return undefined;
  for (const line of row.lines)
    await tx.sql.run(
      "insert into supply_delivery_line (delivery_id, item_id, area_code, quantity) values ($1, $2, $3, $4)",
      [id, line.itemId, row.areaCode, line.quantity],
    );
  return id;
}

export interface DeliveryLine {
  readonly deliveryId: string;
  readonly itemId: string;
  readonly item: string;
  readonly quantity: number;
}

export async function deliveryLines(tx: Tx, ids: readonly string[]): Promise<DeliveryLine[]> {
  return tx.sql.many<DeliveryLine>(
    `select l.delivery_id as "deliveryId", l.item_id as "itemId", i.code as item, l.quantity
     from supply_delivery_line l join supply_item i on i.id = l.item_id
     where l.delivery_id = any($1::uuid[]) order by i.code`,
    [ids],
  );
}

export async function updateSent(tx: Tx, id: string, warehouseId: string): Promise<void> {
  await tx.sql.run("update supply_delivery set state = 'sent', sent_at = $2, warehouse_id = $3 where id = $1", [
    id,
    tx.now,
    warehouseId,
  ]);
}

/** Which lot gave what to a delivery; it belongs to the warehouse's area. */
export async function insertDeliveryLot(
  tx: Tx,
  row: { readonly deliveryId: string; readonly lotId: string; readonly areaCode: string; readonly quantity: number },
): Promise<void> {
  await tx.sql.run(
    "insert into supply_delivery_lot (delivery_id, lot_id, area_code, quantity) values ($1, $2, $3, $4)",
    [row.deliveryId, row.lotId, row.areaCode, row.quantity],
  );
}

export async function deliveryLots(
  tx: Tx,
  deliveryId: string,
): Promise<{ readonly lotId: string; readonly itemId: string; readonly quantity: number }[]> {
  return tx.sql.many(
    `select d.lot_id as "lotId", l.item_id as "itemId", d.quantity from supply_delivery_lot d
     join supply_lot l on l.id = d.lot_id where d.delivery_id = $1 order by l.item_id, l.batch`,
    [deliveryId],
  );
}

export async function updateEnded(
  tx: Tx,
  id: string,
  end: { readonly state: "delivered" | "returned" | "refused"; readonly signed: boolean | null; readonly note: string },
): Promise<void> {
  await tx.sql.run("update supply_delivery set state = $2, ended_at = $3, signed = $4, note = $5 where id = $1", [
    id,
    end.state,
    tx.now,
    end.signed,
    end.note,
  ]);
}

const rowText = `select v.id, v.no, v.area_code as "areaCode", v.grid, v.household, v.need, v.state, v.asked_at as "askedAt",
    v.due_at as "dueAt", v.sent_at as "sentAt", v.ended_at as "endedAt", v.signed,
    coalesce(v.ended_at, $1::timestamptz) > v.due_at as late,
    (select json_agg(json_build_object('item', i.code, 'itemName', i.name, 'itemNameEn', i.name_en, 'quantity', l.quantity) order by i.code)
      from supply_delivery_line l join supply_item i on i.id = l.item_id where l.delivery_id = v.id) as lines
  from supply_delivery v`;

export async function deliveryRow(tx: Tx, id: string): Promise<DeliveryRow | undefined> {
  return tx.sql.maybe<DeliveryRow>(`${rowText} where v.id = $2`, [tx.now, id]);
}

/** Deliveries of an area, the latest due first. */
export async function pageDeliveries(tx: Tx, query: ListQuery): Promise<Page<DeliveryRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<DeliveryRow>(
    `${rowText}
     where v.area_code >= $2 and v.area_code < $3 and ($4::text is null or v.state = $4)
       and ($5::timestamptz is null or (v.due_at, v.id::text) < ($5::timestamptz, $6))
     order by v.due_at desc, v.id::text desc limit $7`,
    [tx.now, lo, hi, query.state ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.dueAt, row.id]);
}
