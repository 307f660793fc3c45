import { ok, refuse, type Result } from "#kernel/result";
import { daysBetween, type Day } from "#kernel/time";
import type { MovementKind, StockRow } from "./supplies.model.ts";

/** What a lot or a balance holds, and how much of it is promised to somebody. */
export interface Book {
  readonly onHand: number;
  readonly reserved: number;
}

const incoming: ReadonlySet<MovementKind> = new Set(["received", "donated", "returned"]);

/** The signed quantity of a movement: what comes in is positive, what goes out negative. */
export function signed(kind: Exclude<MovementKind, "counted">, quantity: number): number {
  return incoming.has(kind) ? quantity : -quantity;
}

/** The book after a movement; refused when it would fall below zero or below what is promised. */
export function moved(book: Book, quantity: number): Result<Book> {
  const onHand = book.onHand + quantity;
  // spec: SUP-1 (I11): stock on hand = received − issued ± counted, never below zero.
  if (onHand < 0)
    return refuse("rule.refused", {
      rule: "SUP-1",
      why: `only ${book.onHand} on hand, ${-quantity} wanted / 库存仅 ${book.onHand}，需 ${-quantity}`,
    });
  // spec: SUP-2: what is allocated to a request is not given to anybody else.
  if (onHand < book.reserved)
    return refuse("rule.refused", {
      rule: "SUP-2",
      why: `${book.reserved} are allocated to a request / 其中 ${book.reserved} 已调拨待发`,
    });
  return ok({ onHand, reserved: book.reserved });
}

/** A lot as the choice of lots sees it. */
export interface LotFacts extends Book {
  readonly id: string;
  readonly batch: string;
  readonly expiresOn: Day | null;
}

export interface Pick {
  readonly lotId: string;
  readonly batch: string;
  readonly expiresOn: Day | null;
  readonly quantity: number;
}

/** Has the lot spoiled by the day? The day it expires on is its last good one. */
export function isExpired(expiresOn: Day | null, today: Day): boolean {
  return expiresOn !== null && expiresOn < today;
}

function firstExpiringFirst(a: LotFacts, b: LotFacts): number {
  if (a.expiresOn !== b.expiresOn) {
    if (a.expiresOn === null) return 1;
    if (b.expiresOn === null) return -1;
    return a.expiresOn < b.expiresOn ? -1 : 1;
  }
  return a.batch < b.batch ? -1 : 1;
}

/** What may be taken of these lots today. */
export function freeOf(lots: readonly LotFacts[], today: Day): number {
  return lots.reduce((sum, lot) => sum + (isExpired(lot.expiresOn, today) ? 0 : lot.onHand - lot.reserved), 0);
}

/** Which lots give a quantity: first expiring first, spoiled ones never, promised ones never. */
export function pickLots(lots: readonly LotFacts[], quantity: number, today: Day): Result<Pick[]> {
  const free = freeOf(lots, today);
  // spec: SUP-1
  if (free < quantity)
    return refuse("rule.refused", {
      rule: "SUP-1",
      why: `${free} free and not expired, ${quantity} wanted / 可用 ${free}，需 ${quantity}`,
    });
  // spec: SUP-3
  const picks: Pick[] = [];
  let wanted = quantity;
  for (const lot of lots.filter((each) => !isExpired(each.expiresOn, today)).toSorted(firstExpiringFirst)) {
    const taken = Math.min(wanted, lot.onHand - lot.reserved);
    if (taken > 0) picks.push({ lotId: lot.id, batch: lot.batch, expiresOn: lot.expiresOn, quantity: taken });
    wanted -= taken;
  }
  return ok(picks);
}

/** The difference a count makes; refused without a reason, or when less is there than is promised. */
export function countDifference(book: Book, counted: number, reason: string): Result<number> {
  const difference = counted - book.onHand;
  // spec: SUP-4
  if (difference !== 0 && reason === "")
    return refuse("rule.refused", {
      rule: "SUP-4",
      why: `the book says ${book.onHand}: say why it differs / 账面 ${book.onHand}，请说明差异原因`,
    });
  const after = moved(book, difference);
  return after.ok ? ok(difference) : after;
}

/** What left a warehouse on one day. */
export interface DayUse {
  readonly day: Day;
  readonly quantity: number;
}

/** Mean use per day over the window that ends today; a younger stock is judged by the days it has been there. */
export function dailyUse(uses: readonly DayUse[], firstDay: Day, today: Day, windowDays: number): number {
  // spec: SUP-5
  const days = Math.max(1, Math.min(windowDays, daysBetween(firstDay, today) + 1));
  const total = uses.reduce((sum, use) => {
    const age = daysBetween(use.day, today);
    return age >= 0 && age < days ? sum + use.quantity : sum;
  }, 0);
  // More came back than went out: nothing is being used.
  return Math.max(0, total / days);
}

/** How many days what is free lasts at the present rate; null where nothing is used and something is there. */
export function daysLeft(free: number, perDay: number): number | null {
  // spec: SUP-5
  if (free <= 0) return 0;
  return perDay <= 0 ? null : free / perDay;
}

/** Is the stock running low, does it last, or is it not used at all? */
export function stockState(left: number | null, perDay: number, shortDays: number): StockRow["state"] {
  // spec: SUP-6: an empty shelf that nobody takes from is not a shortage.
  if (perDay <= 0) return "unused";
  return left !== null && left < shortDays ? "short" : "fine";
}

/** How much to ask for so that the stock lasts `fillDays` again. */
export function refill(free: number, perDay: number, fillDays: number): number {
  return Math.max(0, Math.ceil(perDay * fillDays - free));
}
