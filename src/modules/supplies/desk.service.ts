import { ProblemError } from "#kernel/errors";
import { ok, refuse, type Result } from "#kernel/result";
import { dayOf, type Day } from "#kernel/time";
import { findCurrentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import {
  findWarehouse,
  insertLot,
  itemIds,
  lockBalances,
  lotsOf,
  type LedgerRow,
  type StoredLot,
} from "./ledger.store.ts";
import { countDifference, isExpired, moved, pickLots, signed, type Pick } from "./stock.rules.ts";
import type { MovementKind, Warehouse } from "./supplies.model.ts";

/** The clock's day; before an outbreak is opened, that of UTC. */
export async function todayOf(tx: Tx): Promise<Day> {
  return dayOf(tx.now, (await findCurrentOutbreak(tx))?.timeZone ?? "UTC");
}

/** A warehouse the actor may see; throws record.notFound. */
export async function warehouseOf(tx: Tx, code: string): Promise<Warehouse> {
  const warehouse = await findWarehouse(tx, code);
  if (warehouse === undefined) throw new ProblemError("record.notFound", { what: "warehouse" });
  return warehouse;
}

/** The area of the warehouse that an input names, for the check of jurisdiction. */
export async function areaOfWarehouse(input: { readonly warehouse: string }, tx: Tx): Promise<string> {
  return (await warehouseOf(tx, input.warehouse)).areaCode;
}

/** The value of a rule, or its refusal as the problem that the caller is told. */
export function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new ProblemError(result.refusal.code, result.refusal.params);
  return result.value;
}

/** The ids of items by their codes; throws record.notFound for a code nobody registered. */
export async function idsOf(tx: Tx, codes: readonly string[]): Promise<Map<string, string>> {
  const ids = await itemIds(tx, codes);
  if (codes.some((code) => !ids.has(code))) throw new ProblemError("record.notFound", { what: "item" });
  return ids;
}

/** One warehouse with its locked balances and the lots of some items, as the movements of this transaction leave them. */
export interface Desk {
  readonly warehouse: Warehouse;
  readonly today: Day;
  readonly items: ReadonlyMap<string, string>;
  readonly lots: StoredLot[];
}

/** Locks what a warehouse holds of items and reads its lots. */
export async function openDesk(tx: Tx, warehouse: Warehouse, items: ReadonlyMap<string, string>): Promise<Desk> {
  const ids = [...items.values()];
  await lockBalances(tx, warehouse, ids);
  return { warehouse, today: await todayOf(tx), items, lots: await lotsOf(tx, warehouse.id, ids) };
}

/** What a movement is for. */
export interface Reference {
  readonly type: string;
  readonly id: string;
  readonly note: string;
}

/** A line that goes in: without a batch it joins the lot that has none. */
export interface LineIn {
  readonly item: string;
  readonly quantity: number;
  readonly batch?: string | undefined;
  readonly expiresOn?: string | null | undefined;
}

/** The batch of what carries neither a number nor a date. */
const noBatch = "-";

function itemOf(desk: Desk, code: string): string {
  const id = desk.items.get(code);
  if (id === undefined) throw new ProblemError("record.notFound", { what: "item" });
  return id;
}

function put(desk: Desk, lot: StoredLot): void {
  const at = desk.lots.findIndex((each) => each.id === lot.id);
  if (at < 0) desk.lots.push(lot);
  else desk.lots[at] = lot;
}

function ledgerRow(lot: StoredLot, kind: MovementKind, quantity: number, reference: Reference): LedgerRow {
  return {
    itemId: lot.itemId,
    lotId: lot.id,
    kind,
    quantity,
    referenceType: reference.type,
    referenceId: reference.id,
    note: reference.note,
  };
}

/** The lot that a line names, made when the warehouse has none of it; its expiry is one and stays. */
async function lotFor(tx: Tx, desk: Desk, line: Omit<LineIn, "quantity">): Promise<Result<StoredLot>> {
  const itemId = itemOf(desk, line.item);
  const expiresOn = line.expiresOn ?? null;
  // What carries a date and no number is told apart by its date.
  const batch = line.batch ?? expiresOn ?? noBatch;
  const known = desk.lots.find((lot) => lot.itemId === itemId && lot.batch === batch);
  // spec: SUP-10
  if (known && expiresOn !== null && known.expiresOn !== expiresOn)
    return refuse("rule.refused", {
      rule: "SUP-10",
      why: `batch ${batch} expires on ${known.expiresOn ?? "–"} / 该批次有效期为 ${known.expiresOn ?? "–"}`,
    });
  return ok(known ?? (await insertLot(tx, desk.warehouse, { itemId, batch, expiresOn })));
}

/** Takes a line in; the movement is written by `post`. */
export async function bookIn(
  tx: Tx,
  desk: Desk,
  kind: "received" | "donated" | "returned",
  line: LineIn,
  reference: Reference,
): Promise<Result<LedgerRow>> {
  const lot = await lotFor(tx, desk, line);
  if (!lot.ok) return lot;
  const after = moved(lot.value, signed(kind, line.quantity));
  if (!after.ok) return after;
  put(desk, { ...lot.value, ...after.value });
  return ok(ledgerRow(lot.value, kind, signed(kind, line.quantity), reference));
}

/** Which lots give a quantity of an item: the named batch, else first expiring first. */
export function choose(
  desk: Desk,
  line: { readonly item: string; readonly quantity: number; readonly batch?: string | undefined },
): Result<Pick[]> {
  const itemId = itemOf(desk, line.item);
  const lots = desk.lots.filter((lot) => lot.itemId === itemId && (line.batch ?? lot.batch) === lot.batch);
  return pickLots(lots, line.quantity, desk.today);
}

/** Gives a line out, first expiring first. */
export function bookOut(
  desk: Desk,
  kind: "issued" | "dispatched" | "lost" | "expired",
  line: { readonly item: string; readonly quantity: number; readonly batch?: string | undefined },
  reference: Reference,
): Result<LedgerRow[]> {
  const picks = choose(desk, line);
  if (!picks.ok) return picks;
  return ok(picks.value.map((pick) => takeLot(desk, pick.lotId, kind, pick.quantity, reference)));
}

/** Takes a quantity out of one lot that is known to hold it free. */
export function takeLot(
  desk: Desk,
  lotId: string,
  kind: "issued" | "dispatched" | "lost" | "expired",
  quantity: number,
  reference: Reference,
): LedgerRow {
  const lot = desk.lots.find((each) => each.id === lotId);
  if (lot === undefined) throw new ProblemError("record.notFound", { what: "lot" });
  put(desk, { ...lot, ...granted(moved(lot, signed(kind, quantity))) });
  return ledgerRow(lot, kind, signed(kind, quantity), reference);
}

/** Puts back into its lot what was taken from it. */
export function giveBack(desk: Desk, lotId: string, quantity: number, reference: Reference): LedgerRow {
  const lot = desk.lots.find((each) => each.id === lotId);
  if (lot === undefined) throw new ProblemError("record.notFound", { what: "lot" });
  put(desk, { ...lot, onHand: lot.onHand + quantity });
  return ledgerRow(lot, "returned", quantity, reference);
}

/** The batch under which a load is shelved: one number with two dates is two batches. */
export function shelfBatch(
  desk: Desk,
  line: { readonly item: string; readonly batch: string; readonly expiresOn: Day | null },
): string {
  const clash = desk.lots.some(
    (lot) => lot.itemId === itemOf(desk, line.item) && lot.batch === line.batch && lot.expiresOn !== line.expiresOn,
  );
  return clash ? `${line.batch} (${line.expiresOn ?? "–"})` : line.batch;
}

export interface Counted {
  readonly lot: StoredLot;
  readonly booked: number;
  readonly difference: number;
}

/** Holds a count against the book; a lot that nobody booked begins at zero. */
export async function bookCount(
  tx: Tx,
  desk: Desk,
  line: Omit<LineIn, "quantity"> & { readonly counted: number; readonly reason?: string | undefined },
): Promise<Result<Counted>> {
  const itemId = itemOf(desk, line.item);
  const own = desk.lots.filter((lot) => lot.itemId === itemId);
  // spec: SUP-4
  if (line.batch === undefined && own.length > 1)
    return refuse("rule.refused", {
      rule: "SUP-4",
      why: "several batches: say which was counted / 有多个批次，请注明",
    });
  const found = await lotFor(tx, desk, { ...line, batch: line.batch ?? own[0]?.batch });
  if (!found.ok) return found;
  const lot = found.value;
  const difference = countDifference(lot, line.counted, line.reason ?? "");
  if (!difference.ok) return difference;
  put(desk, { ...lot, onHand: line.counted });
  return ok({ lot, booked: lot.onHand, difference: difference.value });
}

/** What spoiled and is promised to nobody. */
export function spoiledOf(desk: Desk): StoredLot[] {
  return desk.lots.filter((lot) => isExpired(lot.expiresOn, desk.today) && lot.onHand > lot.reserved);
}
