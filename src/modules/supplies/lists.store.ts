import { areaRange } from "#kernel/area";
import type { Day, Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import { sortOf, type Sorting, type SortTable } from "#platform/sorting";
import { balancesWithUse, freeOn } from "./ledger.store.ts";
import type {
  DonationRow,
  Item,
  ListQuery,
  LotRow,
  MovementRow,
  RegisterItems,
  RegisterWarehouses,
  StockRow,
  Warehouse,
} from "./supplies.model.ts";

/** Reading the registers and the ledger, page by page. */

const names = `w.code as warehouse, w.name as "warehouseName", w.name_en as "warehouseNameEn", i.code as item,
  i.name as "itemName", i.name_en as "itemNameEn", i.unit, i.unit_en as "unitEn"`;

export async function insertItem(tx: Tx, item: RegisterItems["items"][number]): Promise<boolean> {
  const stored = await tx.sql.run(
    `insert into supply_item (id, code, name, name_en, unit, unit_en, kind, perishable, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (code) do nothing`,
    [tx.newId(), item.code, item.name, item.nameEn, item.unit, item.unitEn, item.kind, item.perishable, tx.now],
  );
  return stored === 1;
}

export async function insertWarehouse(tx: Tx, warehouse: RegisterWarehouses["warehouses"][number]): Promise<boolean> {
  const stored = await tx.sql.run(
    `insert into supply_warehouse (id, area_code, code, name, name_en, level, created_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (code) do nothing`,
    [tx.newId(), warehouse.areaCode, warehouse.code, warehouse.name, warehouse.nameEn, warehouse.level, tx.now],
  );
  return stored === 1;
}

export async function pageItems(tx: Tx, query: ListQuery): Promise<Page<Item>> {
  const limit = pageSize(query.limit);
  const after = cursorKey(query.cursor, 1);
  const rows = await tx.sql.many<Item>(
    `select id, code, name, name_en as "nameEn", unit, unit_en as "unitEn", kind, perishable from supply_item
     where ($1::text is null or kind = $1) and ($2::text is null or code > $2) order by code limit $3`,
    [query.state ?? null, after?.[0] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.code]);
}

export async function pageWarehouses(tx: Tx, query: ListQuery): Promise<Page<Warehouse>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Warehouse>(
    `select id, area_code as "areaCode", code, name, name_en as "nameEn", level from supply_warehouse
     where area_code >= $1 and area_code < $2 and ($3::text is null or level = $3)
       and ($4::text is null or (area_code, code) > ($4, $5)) order by area_code, code limit $6`,
    [lo, hi, query.state ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.code]);
}

/** A balance as its list reads it; the rule makes days left of it. */
export type StockFacts = Omit<StockRow, "dailyUse" | "daysLeft" | "state"> & {
  readonly firstAt: Instant;
  readonly short: boolean;
  readonly uses: readonly { readonly day: Day; readonly quantity: number }[];
};

type StockPlace = StockFacts & { readonly place: readonly [string, string] };
const stockSorts: SortTable<StockPlace, "place"> = {
  keys: {
    place: [
      { sql: "b.area_code", type: "text", of: (row) => row.areaCode },
      { sql: "b.warehouse_id::text", type: "text", of: (row) => row.place[0] },
    ],
  },
  tie: { sql: "b.item_id::text", type: "text", of: (row) => row.place[1] },
};

interface UseDays {
  readonly since: Day;
  readonly today: Day;
}

/** Balances of an area; the state `short` asks for those with an open alert. */
export async function pageStock(
  tx: Tx,
  query: ListQuery & { readonly sort?: "place" | "-place" },
  days: UseDays,
): Promise<Page<StockFacts>> {
  const sort = sortOf(query, stockSorts, "place");
  return sort.page(await stockRows(tx, query, days, sort));
}

/** Every balance of an area at once, up to a limit, for an order that no index holds. */
export async function allStock(tx: Tx, query: ListQuery, days: UseDays, most: number): Promise<StockFacts[]> {
  const sort = sortOf({ sort: "place" }, stockSorts, "place");
  return stockRows(tx, query, days, { ...sort, limit: most });
}

async function stockRows(
  tx: Tx,
  query: ListQuery,
  { since, today }: UseDays,
  sort: Sorting<StockPlace>,
): Promise<StockPlace[]> {
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  return tx.sql.many<StockPlace>(
    `select b.warehouse_id || ' ' || b.item_id as key, b.area_code as "areaCode", ${names}, i.kind,
       b.on_hand as "onHand", b.reserved, ${freeOn("$5")} as free, b.first_at as "firstAt",
       b.counted_at as "countedAt", a.id is not null as short, coalesce(u.uses, '[]'::json) as uses,
       array[b.warehouse_id::text, b.item_id::text] as place
     from ${balancesWithUse}
     where b.area_code >= $1 and b.area_code < $2 and ($4::boolean is null or (a.id is not null) = $4)
       and ${sort.after(7)}
     order by ${sort.order} limit $6`,
    [lo, hi, since, query.state === undefined ? null : query.state === "short", today, sort.limit + 1, ...sort.values],
  );
}

/** Lots that hold something and can spoil, the first to spoil first; state `soon` bounds the day. */
export async function pageExpiry(
  tx: Tx,
  query: ListQuery,
  days: { readonly today: Day; readonly until: Day | null },
): Promise<Page<Omit<LotRow, "daysToExpiry">>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Omit<LotRow, "daysToExpiry"> & { readonly expiresOn: string }>(
    `select l.id, l.area_code as "areaCode", ${names}, l.batch, l.expires_on as "expiresOn", l.on_hand as "onHand"
     from supply_lot l join supply_warehouse w on w.id = l.warehouse_id join supply_item i on i.id = l.item_id
     where l.area_code >= $1 and l.area_code < $2 and l.on_hand > 0 and l.expires_on is not null
       and ($3::date is null or l.expires_on <= $3) and ($4::boolean is false or l.expires_on < $5::date)
       and ($6::date is null or (l.expires_on, l.id::text) > ($6::date, $7))
     order by l.expires_on, l.id::text limit $8`,
    [lo, hi, days.until, query.state === "spoiled", days.today, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.expiresOn, row.id]);
}

/** Every lot of an area with what it holds, for the stock sheet. */
export async function pageLots(tx: Tx, query: ListQuery): Promise<Page<Omit<LotRow, "daysToExpiry">>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 3);
  const rows = await tx.sql.many<Omit<LotRow, "daysToExpiry">>(
    `select l.id, l.area_code as "areaCode", ${names}, l.batch, l.expires_on as "expiresOn", l.on_hand as "onHand"
     from supply_lot l join supply_warehouse w on w.id = l.warehouse_id join supply_item i on i.id = l.item_id
     where l.area_code >= $1 and l.area_code < $2
       and ($3::text is null or (w.code, i.code, l.batch) > ($3, $4, $5))
     order by w.code, i.code, l.batch limit $6`,
    [lo, hi, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.warehouse, row.item, row.batch]);
}

export async function pageMovements(tx: Tx, query: ListQuery): Promise<Page<MovementRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<MovementRow & { readonly seq: number }>(
    `select m.seq, m.id, m.area_code as "areaCode", ${names}, l.batch, m.kind, m.quantity, m.at,
       m.reference_type as "referenceType", m.reference_id as "referenceId", m.note
     from supply_movement m join supply_warehouse w on w.id = m.warehouse_id join supply_item i on i.id = m.item_id
     join supply_lot l on l.id = m.lot_id
     where m.area_code >= $1 and m.area_code < $2 and ($3::text is null or m.kind = $3)
       and ($4::timestamptz is null or (m.at, m.seq) < ($4::timestamptz, $5::bigint))
     order by m.at desc, m.seq desc limit $6`,
    [lo, hi, query.state ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.at, row.seq]);
}

export interface NewDonation {
  readonly receiptNo: string;
  readonly giverKind: DonationRow["giverKind"];
  readonly giver: string;
  readonly itemId: string;
  readonly lotId: string;
  readonly quantity: number;
}

export async function insertDonation(tx: Tx, warehouse: Warehouse, row: NewDonation): Promise<void> {
  await tx.sql.run(
    `insert into supply_donation (id, area_code, warehouse_id, receipt_no, giver_kind, giver, item_id, lot_id, quantity, at, by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      tx.newId(),
      warehouse.areaCode,
      warehouse.id,
      row.receiptNo,
      row.giverKind,
      row.giver,
      row.itemId,
      row.lotId,
      row.quantity,
      tx.now,
      tx.actor.id,
    ],
  );
}

/** The receipts of a number, with what they were for; a number is used once. */
export async function donationLines(
  tx: Tx,
  receiptNos: readonly string[],
): Promise<{ receiptNo: string; item: string; batch: string }[]> {
  return tx.sql.many(
    `select d.receipt_no as "receiptNo", i.code as item, l.batch from supply_donation d
     join supply_item i on i.id = d.item_id join supply_lot l on l.id = d.lot_id where d.receipt_no = any($1::text[])
     order by 1, 2, 3`,
    [receiptNos],
  );
}

export async function pageDonations(tx: Tx, query: ListQuery): Promise<Page<DonationRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<DonationRow>(
    `select d.id, d.area_code as "areaCode", ${names}, d.receipt_no as "receiptNo", d.giver_kind as "giverKind", d.giver,
       l.batch, l.expires_on as "expiresOn", d.quantity, d.at
     from supply_donation d join supply_warehouse w on w.id = d.warehouse_id join supply_item i on i.id = d.item_id
     join supply_lot l on l.id = d.lot_id
     where d.area_code >= $1 and d.area_code < $2
       and ($3::timestamptz is null or (d.at, d.id::text) < ($3::timestamptz, $4))
     order by d.at desc, d.id::text desc limit $5`,
    [lo, hi, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.at, row.id]);
}

/** What an area holds of each item that is free, and what is on the road to it. */
export async function heldByItem(
  tx: Tx,
  areaCode: string,
): Promise<Map<string, { readonly onHand: number; readonly onTheWay: number }>> {
  const { lo, hi } = areaRange(areaCode);
  const rows = await tx.sql.many<{ item: string; onHand: number; onTheWay: number }>(
    `select i.code as item, coalesce(b.n, 0) as "onHand", coalesce(r.n, 0) as "onTheWay" from supply_item i
     left join (select item_id, sum(on_hand - reserved)::bigint as n from supply_balance
       where area_code >= $1 and area_code < $2 group by 1) b on b.item_id = i.id
     left join (select a.item_id, sum(a.quantity)::bigint as n from supply_allocation a join supply_request q on q.id = a.request_id
       where q.state in ('allocated', 'dispatched') and a.area_code >= $1 and a.area_code < $2 group by 1) r on r.item_id = i.id
     order by i.code`,
    [lo, hi],
  );
  return new Map(rows.map((row) => [row.item, row]));
}
