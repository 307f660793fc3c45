import { ProblemError } from "#kernel/errors";
import { addDays, dayOf, daysBetween, type Day } from "#kernel/time";
import { areasByCode } from "#modules/areas";
import { findCurrentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { pageOfAll, type SortTable } from "#platform/sorting";
import { useCase } from "#platform/usecase";
import { supplyCatalogue } from "./catalogue.load.ts";
import {
  areaOfWarehouse,
  bookCount,
  bookIn,
  bookOut,
  granted,
  idsOf,
  openDesk,
  spoiledOf,
  takeLot,
  todayOf,
  warehouseOf,
  type Desk,
} from "./desk.service.ts";
import { insertCount, post, spoiledLots, type LedgerRow } from "./ledger.store.ts";
import {
  donationLines,
  insertDonation,
  insertItem,
  insertWarehouse,
  pageDonations,
  pageExpiry,
  pageItems,
  pageLots,
  pageMovements,
  allStock,
  pageStock,
  pageWarehouses,
  type StockFacts,
} from "./lists.store.ts";
import { dailyUse, daysLeft, stockState } from "./stock.rules.ts";
import type {
  CountStock,
  Donate,
  ListQuery,
  LotRow,
  Moved,
  MoveStock,
  RegisterItems,
  RegisterWarehouses,
  StockQuery,
  StockRow,
} from "./supplies.model.ts";

/** Adds items to the register; a code that is there keeps what it says. */
export async function takeItems(tx: Tx, items: RegisterItems["items"]): Promise<{ taken: number; known: number }> {
  let taken = 0;
  for (const item of items) taken += (await insertItem(tx, item)) ? 1 : 0;
  return { taken, known: items.length - taken };
}

/** Adds one warehouse; false when its code is taken. */
export async function takeWarehouse(tx: Tx, row: RegisterWarehouses["warehouses"][number]): Promise<boolean> {
  return insertWarehouse(tx, row);
}

export const registerItems = useCase(
  { name: "supplies.registerItems", permission: "supplies.item.write", kind: "write" },
  (tx, input: RegisterItems) => takeItems(tx, input.items),
);

/** Registers every item of the catalogue that comes with the system. */
export const loadCatalogue = useCase(
  { name: "supplies.loadCatalogue", permission: "supplies.item.write", kind: "write" },
  async (tx, _input: object) => {
    const { items } = await supplyCatalogue();
    return takeItems(
      tx,
      items.map((item) => ({
        code: item.code,
        name: item.name["zh-CN"],
        nameEn: item.name.en,
        unit: item.unit["zh-CN"],
        unitEn: item.unit.en,
        kind: item.kind,
        perishable: item.perishable,
      })),
    );
  },
);

/** Adds warehouses inside the actor's area; areas that do not exist are refused. */
export const registerWarehouses = useCase(
  { name: "supplies.registerWarehouses", permission: "supplies.warehouse.write", kind: "write" },
  async (tx, input: RegisterWarehouses): Promise<{ taken: number; known: number }> => {
    const codes = input.warehouses.map((row) => row.areaCode);
    if (codes.some((code) => !code.startsWith(tx.actor.areaCode))) throw new ProblemError("auth.outsideJurisdiction");
    const areas = await areasByCode(tx, codes);
    if (codes.some((code) => !areas.has(code))) throw new ProblemError("record.notFound", { what: "area" });
    let taken = 0;
    for (const row of input.warehouses) taken += (await takeWarehouse(tx, row)) ? 1 : 0;
    return { taken, known: input.warehouses.length - taken };
  },
);

async function told(tx: Tx, desk: Desk, what: string, rows: readonly LedgerRow[]): Promise<Moved> {
  await post(tx, desk.warehouse, rows, desk.today);
  await tx.emit({
    name: `supplies.${what}`,
    areaCode: desk.warehouse.areaCode,
    subjectType: "warehouse",
    subjectId: desk.warehouse.id,
    data: { movements: rows.length },
  });
  return { movements: rows.length, quantity: rows.reduce((sum, row) => sum + row.quantity, 0) };
}

/** A count against the book: each difference is a movement with its reason. spec: SUP-4 */
export const countStock = useCase(
  { name: "supplies.count", permission: "supplies.stock.write", kind: "write", area: areaOfWarehouse },
  async (tx, input: CountStock): Promise<Moved> => {
    const warehouse = await warehouseOf(tx, input.warehouse);
    const items = await idsOf(
      tx,
      input.lines.map((line) => line.item),
    );
    const desk = await openDesk(tx, warehouse, items);
    const rows: LedgerRow[] = [];
    for (const line of input.lines) {
      const { lot, booked, difference } = granted(await bookCount(tx, desk, line));
      const reason = line.reason ?? "";
      const id = await insertCount(tx, warehouse, {
        itemId: lot.itemId,
        lotId: lot.id,
        booked,
        counted: line.counted,
        reason,
      });
      if (difference !== 0)
        rows.push({
          itemId: lot.itemId,
          lotId: lot.id,
          kind: "counted",
          quantity: difference,
          referenceType: "count",
          referenceId: id,
          note: reason,
        });
    }
    return told(tx, desk, "counted", rows);
  },
);

/** Takes in, gives out, takes back or writes off; what goes out leaves first expiring first. */
export const moveStock = useCase(
  { name: "supplies.move", permission: "supplies.stock.write", kind: "write", area: areaOfWarehouse },
  async (tx, input: MoveStock): Promise<Moved> => {
    const warehouse = await warehouseOf(tx, input.warehouse);
    const items = await idsOf(
      tx,
      input.lines.map((line) => line.item),
    );
    const desk = await openDesk(tx, warehouse, items);
    const reference = { type: "note", id: input.reference ?? "", note: input.note };
    const rows: LedgerRow[] = [];
    for (const line of input.lines) {
      if (input.kind === "received" || input.kind === "returned")
        rows.push(granted(await bookIn(tx, desk, input.kind, line, reference)));
      else rows.push(...granted(bookOut(desk, input.kind, line, reference)));
    }
    return told(tx, desk, "moved", rows);
  },
);

/** Two lines of one batch are one gift of it. */
function byLot(rows: readonly LedgerRow[]): LedgerRow[] {
  const found = new Map<string, LedgerRow>();
  for (const row of rows)
    found.set(row.lotId, { ...row, quantity: row.quantity + (found.get(row.lotId)?.quantity ?? 0) });
  return [...found.values()];
}

/** A gift with its receipt: an organisation is named, a person never. spec: SUP-11 */
export const donate = useCase(
  { name: "supplies.donate", permission: "supplies.stock.write", kind: "write", area: areaOfWarehouse },
  async (tx, input: Donate): Promise<Moved> => {
    if ((input.giverKind === "organisation") !== (input.giver !== undefined))
      throw new ProblemError("rule.refused", {
        rule: "SUP-11",
        why: "name an organisation; of a person keep only the receipt / 单位须写名称，个人只留收据号",
      });
    if ((await donationLines(tx, [input.receiptNo])).length > 0)
      throw new ProblemError("record.duplicate", { what: "receipt" });
    const warehouse = await warehouseOf(tx, input.warehouse);
    const items = await idsOf(
      tx,
      input.lines.map((line) => line.item),
    );
    const desk = await openDesk(tx, warehouse, items);
    const reference = { type: "donation", id: input.receiptNo, note: "" };
    const rows: LedgerRow[] = [];
    for (const line of input.lines) rows.push(granted(await bookIn(tx, desk, "donated", line, reference)));
    const { receiptNo, giverKind, giver = "" } = input;
    for (const { itemId, lotId, quantity } of byLot(rows))
      await insertDonation(tx, warehouse, { receiptNo, giverKind, giver, itemId, lotId, quantity });
    return told(tx, desk, "donated", rows);
  },
);

/** Takes everything that spoiled off the shelves of a warehouse. spec: SUP-10 */
export const discardExpired = useCase(
  { name: "supplies.discard", permission: "supplies.stock.write", kind: "write", area: areaOfWarehouse },
  async (tx, input: { warehouse: string; note: string }): Promise<Moved> => {
    const warehouse = await warehouseOf(tx, input.warehouse);
    const spoiled = await spoiledLots(tx, warehouse.id, await todayOf(tx));
    const desk = await openDesk(tx, warehouse, new Map(spoiled.map((lot) => [lot.itemId, lot.itemId])));
    const reference = { type: "expiry", id: "", note: input.note };
    const rows = spoiledOf(desk).map((lot) => takeLot(desk, lot.id, "expired", lot.onHand - lot.reserved, reference));
    return told(tx, desk, "discarded", rows);
  },
);

const readStock = { permission: "supplies.stock.read", kind: "read" } as const;

/** Days left of one balance by the catalogue's window. */
function stockRow(row: StockFacts, today: Day, timeZone: string, rules: { window: number; short: number }): StockRow {
  const { firstAt, short: _alert, uses, ...shown } = row;
  const perDay = dailyUse(uses, dayOf(firstAt, timeZone), today, rules.window);
  const left = daysLeft(row.free, perDay);
  return { ...shown, dailyUse: perDay, daysLeft: left, state: stockState(left, perDay, rules.short) };
}

/** As many balances as are put in the order of their days left: the warehouses of a province with fifty items each. */
const stockSortedMax = 20_000;

/** Days left is a rule's figure; what nobody uses lasts longest. */
const stockSorts: SortTable<StockRow, "daysLeft"> = {
  keys: {
    daysLeft: {
      sql: "",
      type: "integer",
      of: (row) => (row.state === "unused" ? Number.MAX_SAFE_INTEGER : (row.daysLeft ?? Number.MAX_SAFE_INTEGER)),
    },
  },
  tie: { sql: "", type: "text", of: (row) => row.key },
};

/** What each warehouse of an area holds and how long it lasts. */
export const listStock = useCase(
  { name: "supplies.stock", ...readStock },
  async (tx, { sort = "place", ...query }: StockQuery): Promise<Page<StockRow>> => {
    const { rules } = await supplyCatalogue();
    const timeZone = (await findCurrentOutbreak(tx))?.timeZone ?? "UTC";
    const today = dayOf(tx.now, timeZone);
    const days = { since: addDays(today, 1 - rules.useWindowDays.value), today };
    const by = { window: rules.useWindowDays.value, short: rules.shortDays.value };
    const shown = (row: StockFacts): StockRow => stockRow(row, today, timeZone, by);
    if (sort === "place" || sort === "-place") {
      const found = await pageStock(tx, { ...query, sort }, days);
      return { items: found.items.map(shown), next: found.next };
    }
    const all = await allStock(tx, query, days, stockSortedMax);
    if (all.length > stockSortedMax) throw new ProblemError("limit.exceeded", { limit: stockSortedMax });
    return pageOfAll(all.map(shown), { ...query, sort }, stockSorts, "daysLeft");
  },
);

function withExpiry(today: Day, row: Omit<LotRow, "daysToExpiry">): LotRow {
  return { ...row, daysToExpiry: row.expiresOn === null ? null : daysBetween(today, row.expiresOn) };
}

/** What spoils within the catalogue's days, or has; `all` shows every dated lot. spec: SUP-10 */
export const listExpiry = useCase(
  { name: "supplies.expiry", ...readStock },
  async (tx, query: ListQuery): Promise<Page<LotRow>> => {
    const { rules } = await supplyCatalogue();
    const today = await todayOf(tx);
    const until = query.state === "all" ? null : addDays(today, rules.expiryWarnDays.value);
    const found = await pageExpiry(tx, query, { today, until });
    return { items: found.items.map((row) => withExpiry(today, row)), next: found.next };
  },
);

/** Every batch of every item, as the stock sheet shows it. */
export const listLots = useCase(
  { name: "supplies.lots", ...readStock },
  async (tx, query: ListQuery): Promise<Page<LotRow>> => {
    const today = await todayOf(tx);
    const found = await pageLots(tx, query);
    return { items: found.items.map((row) => withExpiry(today, row)), next: found.next };
  },
);
export const listMovements = useCase({ name: "supplies.movements", ...readStock }, (tx, query: ListQuery) =>
  pageMovements(tx, query),
);
export const listItems = useCase({ name: "supplies.items", ...readStock }, (tx, query: ListQuery) =>
  pageItems(tx, query),
);
export const listWarehouses = useCase({ name: "supplies.warehouses", ...readStock }, (tx, query: ListQuery) =>
  pageWarehouses(tx, query),
);
export const listDonations = useCase({ name: "supplies.donations", ...readStock }, (tx, query: ListQuery) =>
  pageDonations(tx, query),
);
