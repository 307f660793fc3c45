import { areaRange } from "#kernel/area";
import type { Day, Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { LotFacts } from "./stock.rules.ts";
import type { MovementKind, Warehouse } from "./supplies.model.ts";

/** Writing the ledger: lots, balances, movements and the days' use, always in this order of locks. */

export async function findWarehouse(tx: Tx, code: string): Promise<Warehouse | undefined> {
  return tx.sql.maybe<Warehouse>(
    `select id, area_code as "areaCode", code, name, name_en as "nameEn", level from supply_warehouse where code = $1`,
    [code],
  );
}

export async function warehouseById(tx: Tx, id: string): Promise<Warehouse | undefined> {
  return tx.sql.maybe<Warehouse>(
    `select id, area_code as "areaCode", code, name, name_en as "nameEn", level from supply_warehouse where id = $1`,
    [id],
  );
}

/** The ids of items by their codes. */
export async function itemIds(tx: Tx, codes: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.sql.many<{ code: string; id: string }>(
    "select code, id from supply_item where code = any($1::text[]) order by code",
    [codes],
  );
  return new Map(rows.map((row) => [row.code, row.id]));
}

/**
 * Makes the balances there are none of and locks them all, in the order of the items: whoever moves anything in a
 * warehouse takes these locks first, so two transactions can neither cross nor both spend the same stock.
 */
export async function lockBalances(tx: Tx, warehouse: Warehouse, items: readonly string[]): Promise<void> {
  const sorted = [...new Set(items)].toSorted();
  await tx.sql.run(
    `insert into supply_balance (warehouse_id, item_id, area_code, on_hand, first_at)
     select $1, item, $2, 0, $3 from unnest($4::uuid[]) item order by item on conflict do nothing`,
    [warehouse.id, warehouse.areaCode, tx.now, sorted],
  );
  await tx.sql.many(
    "select item_id from supply_balance where warehouse_id = $1 and item_id = any($2::uuid[]) order by item_id for update",
    [warehouse.id, sorted],
  );
}

export interface StoredLot extends LotFacts {
  readonly itemId: string;
}

/** The lots of items in a warehouse whose balances are locked. */
export async function lotsOf(tx: Tx, warehouseId: string, items: readonly string[]): Promise<StoredLot[]> {
  return tx.sql.many<StoredLot>(
    `select id, item_id as "itemId", batch, expires_on as "expiresOn", on_hand as "onHand", reserved
     from supply_lot where warehouse_id = $1 and item_id = any($2::uuid[]) order by item_id, batch`,
    [warehouseId, items],
  );
}

/** The lots that spoiled before a day and still hold something that is not promised. */
export async function spoiledLots(tx: Tx, warehouseId: string, today: Day): Promise<StoredLot[]> {
  return tx.sql.many<StoredLot>(
    `select id, item_id as "itemId", batch, expires_on as "expiresOn", on_hand as "onHand", reserved
     from supply_lot where warehouse_id = $1 and expires_on < $2 and on_hand > reserved order by item_id, batch`,
    [warehouseId, today],
  );
}

export async function insertLot(
  tx: Tx,
  warehouse: Warehouse,
  lot: { readonly itemId: string; readonly batch: string; readonly expiresOn: Day | null },
): Promise<StoredLot> {
  const id = tx.newId();
  await tx.sql.run(
    `insert into supply_lot (id, area_code, warehouse_id, item_id, batch, expires_on, on_hand)
     values ($1, $2, $3, $4, $5, $6, 0)`,
    [id, warehouse.areaCode, warehouse.id, lot.itemId, lot.batch, lot.expiresOn],
  );
  return { id, ...lot, onHand: 0, reserved: 0 };
}

/** One movement of one lot; `quantity` is signed. */
export interface LedgerRow {
  readonly itemId: string;
  readonly lotId: string;
  readonly kind: MovementKind;
  readonly quantity: number;
  readonly referenceType: string;
  readonly referenceId: string;
  readonly note: string;
}

/** Writes movements with the lots, balances and days they change; the database refuses a lot below zero. */
export async function post(tx: Tx, warehouse: Warehouse, rows: readonly LedgerRow[], today: Day): Promise<void> {
  for (const row of rows) {
    await tx.sql.run(
      `insert into supply_movement (id, area_code, warehouse_id, item_id, lot_id, kind, quantity, at, reference_type, reference_id, note, by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        tx.newId(),
        warehouse.areaCode,
        warehouse.id,
        row.itemId,
        row.lotId,
        row.kind,
        row.quantity,
        tx.now,
        row.referenceType,
        row.referenceId,
        row.note,
        tx.actor.id,
      ],
    );
    await tx.sql.run("update supply_lot set on_hand = on_hand + $2 where id = $1", [row.lotId, row.quantity]);
    await tx.sql.run(
      `update supply_balance set on_hand = on_hand + $3::bigint,
         counted_at = case when $4 = 'counted' then $5::timestamptz else counted_at end
       where warehouse_id = $1 and item_id = $2`,
      [warehouse.id, row.itemId, row.quantity, row.kind, tx.now],
    );
    await noteUse(tx, warehouse, row, today);
  }
}

/** What people take counts as use; what goes to another warehouse only for the one it leaves. */
async function noteUse(tx: Tx, warehouse: Warehouse, row: LedgerRow, today: Day): Promise<void> {
  const used = row.kind === "issued" || row.kind === "returned" ? -row.quantity : 0;
  const sent = row.kind === "dispatched" ? -row.quantity : 0;
  if (used === 0 && sent === 0) return;
  await tx.sql.run(
    `insert into supply_day (warehouse_id, item_id, day, area_code, used, sent) values ($1, $2, $3, $4, $5, $6)
     on conflict (warehouse_id, item_id, day) do update set used = supply_day.used + excluded.used, sent = supply_day.sent + excluded.sent`,
    [warehouse.id, row.itemId, today, warehouse.areaCode, used, sent],
  );
}

/** Promises stock of a lot, or takes the promise back with a negative quantity. */
export async function reserve(
  tx: Tx,
  warehouseId: string,
  itemId: string,
  lotId: string,
  quantity: number,
): Promise<void> {
  await tx.sql.run("update supply_lot set reserved = reserved + $2 where id = $1", [lotId, quantity]);
  await tx.sql.run("update supply_balance set reserved = reserved + $3 where warehouse_id = $1 and item_id = $2", [
    warehouseId,
    itemId,
    quantity,
  ]);
}

/** Notes that somebody counted, also where the count agrees with the book and nothing moves. */
export async function insertCount(
  tx: Tx,
  warehouse: Warehouse,
  row: {
    readonly itemId: string;
    readonly lotId: string;
    readonly booked: number;
    readonly counted: number;
    readonly reason: string;
  },
): Promise<string> {
  const id = tx.newId();
  await tx.sql.run(
    `insert into supply_count (id, area_code, warehouse_id, item_id, lot_id, booked, counted, reason, at, by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      id,
      warehouse.areaCode,
      warehouse.id,
      row.itemId,
      row.lotId,
      row.booked,
      row.counted,
      row.reason,
      tx.now,
      tx.actor.id,
    ],
  );
  await tx.sql.run("update supply_balance set counted_at = $3 where warehouse_id = $1 and item_id = $2", [
    warehouse.id,
    row.itemId,
    tx.now,
  ]);
  return id;
}

/** How a balance stands and what left it in the window, for the rule of days left. */
export interface BalanceUse {
  readonly warehouseId: string;
  readonly itemId: string;
  readonly areaCode: string;
  readonly warehouse: string;
  readonly item: string;
  readonly free: number;
  readonly firstAt: Instant;
  readonly uses: readonly { readonly day: Day; readonly quantity: number }[];
  readonly alertId: string | null;
}

/** What may be taken on the day in a parameter: what is there, less what is promised and what has spoiled. */
export const freeOn = (day: string): string => `b.on_hand - b.reserved - coalesce((
         select sum(l.on_hand - l.reserved) from supply_lot l
         where l.warehouse_id = b.warehouse_id and l.item_id = b.item_id and l.expires_on < ${day}::date), 0)::int`;

/** Balances with their store, item and open alert, and their use since the day in `$3`. */
export const balancesWithUse = `supply_balance b
     join supply_warehouse w on w.id = b.warehouse_id
     join supply_item i on i.id = b.item_id
     left join supply_alert a on a.warehouse_id = b.warehouse_id and a.item_id = b.item_id and a.cleared_at is null
     left join lateral (
       select json_agg(json_build_object('day', d.day, 'quantity', d.used + d.sent) order by d.day) as uses
       from supply_day d where d.warehouse_id = b.warehouse_id and d.item_id = b.item_id and d.day >= $3) u on true`;

/** Every balance of an area with its use since a day. */
export async function balanceUses(tx: Tx, areaCode: string, since: Day, today: Day): Promise<BalanceUse[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<BalanceUse>(
    `select b.warehouse_id as "warehouseId", b.item_id as "itemId", b.area_code as "areaCode", w.code as warehouse,
       i.code as item, ${freeOn("$4")} as free, b.first_at as "firstAt", a.id as "alertId",
       coalesce(u.uses, '[]'::json) as uses
     from ${balancesWithUse}
     where b.area_code >= $1 and b.area_code < $2
     order by w.code, i.code`,
    [lo, hi, since, today],
  );
}

export async function insertAlert(
  tx: Tx,
  row: BalanceUse,
  alert: { readonly daysLeft: number; readonly dueAt: Instant },
): Promise<string> {
  const id = tx.newId();
  await tx.sql.run(
    `insert into supply_alert (id, area_code, warehouse_id, item_id, raised_at, due_at, days_left)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [id, row.areaCode, row.warehouseId, row.itemId, tx.now, alert.dueAt, alert.daysLeft],
  );
  return id;
}

export async function clearAlerts(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.sql.run("update supply_alert set cleared_at = $2 where id = any($1::uuid[])", [ids, tx.now]);
}
