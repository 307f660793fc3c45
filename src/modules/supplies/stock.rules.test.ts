import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { demandOf, driversOf, normQuantity } from "./demand.rules.ts";
import { decided, mayActOn, mayDeliver, requestEnds, type RequestAction } from "./requests.rules.ts";
import {
  countDifference,
  dailyUse,
  daysLeft,
  freeOf,
  isExpired,
  moved,
  pickLots,
  refill,
  signed,
  stockState,
  type Book,
  type LotFacts,
} from "./stock.rules.ts";
import { movementKinds, requestStates } from "./supplies.model.ts";

const today = "2022-07-26";
const lot = (id: string, expiresOn: string | null, onHand: number, reserved = 0): LotFacts => ({
  id,
  batch: id,
  expiresOn,
  onHand,
  reserved,
});

describe("the ledger (SUP-1, SUP-2)", () => {
  it.for([
    ["SUP-1 takes what is there", { onHand: 5, reserved: 0 }, -5, 0],
    ["SUP-1 refuses one more", { onHand: 5, reserved: 0 }, -6, "SUP-1"],
    ["SUP-2 leaves what is promised", { onHand: 5, reserved: 2 }, -3, 2],
    ["SUP-2 refuses what is promised", { onHand: 5, reserved: 2 }, -4, "SUP-2"],
    ["SUP-1 takes in", { onHand: 0, reserved: 0 }, 7, 7],
  ] as const)("%s", ([, book, quantity, expected]) => {
    const after = moved(book, quantity);
    expect(after.ok ? after.value.onHand : after.refusal.params["rule"]).toBe(expected);
  });

  it("SUP-1 (I11): any sequence of movements keeps the book equal to its ledger, and neither ever below zero", () => {
    const movement = fc.record({
      kind: fc.constantFrom(...movementKinds),
      quantity: fc.integer({ min: 1, max: 500 }),
      reserve: fc.integer({ min: -50, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(movement, { maxLength: 120 }), (movements) => {
        let book: Book = { onHand: 0, reserved: 0 };
        const ledger: number[] = [];
        for (const { kind, quantity, reserve } of movements) {
          const reserved = book.reserved + reserve;
          if (reserved >= 0 && reserved <= book.onHand) book = { ...book, reserved };
          let change = kind === "counted" ? 0 : signed(kind, quantity);
          if (kind === "counted") {
            const difference = countDifference(book, quantity - 1, "counted");
            if (!difference.ok) continue;
            change = difference.value;
          }
          const after = moved(book, change);
          if (!after.ok) continue;
          ledger.push(change);
          book = after.value;
          expect(book.onHand).toBe(ledger.reduce((sum, each) => sum + each, 0));
          expect(book.onHand).toBeGreaterThanOrEqual(book.reserved);
          expect(book.reserved).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("which lots (SUP-3)", () => {
  const shelf = [
    lot("late", "2023-01-01", 10),
    lot("undated", null, 10),
    lot("soon", "2022-07-26", 4, 1),
    lot("gone", "2022-07-25", 100),
  ];
  it.for([
    ["SUP-3 the first to expire, on its last good day", 2, [["soon", 2]]],
    [
      "SUP-3 promised stock is left, then the next",
      5,
      [
        ["soon", 3],
        ["late", 2],
      ],
    ],
    [
      "SUP-3 what never spoils goes last",
      14,
      [
        ["soon", 3],
        ["late", 10],
        ["undated", 1],
      ],
    ],
    ["SUP-1 expired stock does not count", 24, "SUP-1"],
  ] as const)("%s", ([, quantity, expected]) => {
    const picks = pickLots(shelf, quantity, today);
    expect(picks.ok ? picks.value.map((pick) => [pick.lotId, pick.quantity]) : picks.refusal.params["rule"]).toEqual(
      expected,
    );
  });

  it("SUP-3: any shelf gives exactly what is wanted or refuses because less is free", () => {
    const shelves = fc.array(
      fc.record({ expires: fc.option(fc.integer({ min: 20, max: 31 })), onHand: fc.nat(50), reserved: fc.nat(50) }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(shelves, fc.integer({ min: 1, max: 300 }), (rows, quantity) => {
        const lots = rows.map((row, i) =>
          lot(
            `l${i}`,
            row.expires === null ? null : `2022-07-${row.expires}`,
            row.onHand,
            Math.min(row.onHand, row.reserved),
          ),
        );
        const picks = pickLots(lots, quantity, today);
        expect(picks.ok).toBe(freeOf(lots, today) >= quantity);
        if (!picks.ok) return;
        expect(picks.value.reduce((sum, pick) => sum + pick.quantity, 0)).toBe(quantity);
        const dates = picks.value.map((pick) => pick.expiresOn ?? "9999");
        expect(dates).toEqual(dates.toSorted());
        for (const pick of picks.value) {
          const from = lots.find((each) => each.id === pick.lotId);
          expect(isExpired(pick.expiresOn, today)).toBe(false);
          expect(pick.quantity).toBeLessThanOrEqual((from?.onHand ?? 0) - (from?.reserved ?? 0));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("counts (SUP-4)", () => {
  it.for([
    ["SUP-4 agrees", { onHand: 9, reserved: 0 }, 9, "", 0],
    ["SUP-4 differs without a reason", { onHand: 9, reserved: 0 }, 8, "", "SUP-4"],
    ["SUP-4 less, with its reason", { onHand: 9, reserved: 0 }, 8, "broken", -1],
    ["SUP-4 more, with its reason", { onHand: 9, reserved: 0 }, 12, "found", 3],
    ["SUP-2 below what is promised", { onHand: 9, reserved: 5 }, 4, "lost", "SUP-2"],
  ] as const)("%s", ([, book, counted, reason, expected]) => {
    const difference = countDifference(book, counted, reason);
    expect(difference.ok ? difference.value : difference.refusal.params["rule"]).toBe(expected);
  });
});

describe("days left (SUP-5, SUP-6)", () => {
  const uses = [
    { day: "2022-07-22", quantity: 900 },
    { day: "2022-07-24", quantity: 30 },
    { day: "2022-07-26", quantity: 60 },
  ];
  it.for([
    ["SUP-5 the window of three days", "2022-07-01", 3, 30],
    ["SUP-5 a younger stock by its own days", "2022-07-25", 3, 30],
    ["SUP-5 on its first day", "2022-07-26", 3, 60],
    ["SUP-5 a longer window", "2022-07-01", 5, 198],
  ] as const)("%s", ([, first, window, expected]) => {
    expect(dailyUse(uses, first, today, window)).toBe(expected);
  });
  it("SUP-5: more came back than went out is no use at all", () => {
    expect(dailyUse([{ day: today, quantity: -5 }], "2022-07-01", today, 3)).toBe(0);
  });
  it.for([
    ["SUP-5 lasts", 90, 30, 3, "fine"],
    ["SUP-6 a day before the threshold", 89, 30, 89 / 30, "short"],
    ["SUP-5 nothing free", 0, 30, 0, "short"],
    ["SUP-5 nothing used", 90, 0, null, "unused"],
    ["SUP-6 an empty shelf nobody uses", 0, 0, 0, "unused"],
  ] as const)("%s", ([, free, perDay, expected, state]) => {
    const left = daysLeft(free, perDay);
    expect(left).toBe(expected);
    expect(stockState(left, perDay, 3)).toBe(state);
  });
  it("SUP-6: what is asked for fills the stock up to the days", () => {
    expect(refill(40, 30, 7)).toBe(170);
    expect(refill(400, 30, 7)).toBe(0);
  });
});

describe("requests (SUP-7, SUP-8, SUP-9, SUP-12)", () => {
  const steps: Readonly<Record<RequestAction, readonly string[]>> = {
    decide: ["asked"],
    allocate: ["approved", "partly"],
    dispatch: ["allocated"],
    receive: ["dispatched"],
    settle: ["received"],
  };
  it.for(Object.entries(steps))("SUP-7 %s only in its states", ([action, states]) => {
    const may = requestStates.filter((state) => mayActOn(state, action as RequestAction).ok);
    expect(may).toEqual(states);
  });
  it.for([
    ["SUP-8 the area above", "371721", "3717", true],
    ["SUP-8 a neighbour", "371721", "371702", true],
    ["SUP-8 oneself", "371721", "371721", false],
    ["SUP-8 an area below", "371721", "371721100", false],
  ] as const)("%s", ([, area, source, expected]) => {
    expect(requestEnds(area, source).ok).toBe(expected);
  });

  const asked = new Map([
    ["mask", 100],
    ["tube", 10],
  ]);
  it.for([
    ["SUP-9 everything", { mask: 100, tube: 10 }, "", "b", "approved"],
    ["SUP-9 a part with its reason", { mask: 50 }, "stock", "b", "partly"],
    ["SUP-9 a part without a reason", { mask: 50 }, "", "b", "SUP-9"],
    ["SUP-9 nothing", {}, "none left", "b", "refused"],
    ["SUP-9 more than asked", { mask: 101 }, "x", "b", "SUP-9"],
    ["SUP-9 a thing nobody asked for", { swab: 1 }, "x", "b", "SUP-9"],
    ["SUP-9 one's own request", { mask: 100, tube: 10 }, "", "a", "SUP-9"],
  ] as const)("%s", ([, granted, decision, decidedBy, expected]) => {
    const outcome = decided(asked, new Map(Object.entries(granted)), { askedBy: "a", decidedBy, decision });
    expect(outcome.ok ? outcome.value.state : outcome.refusal.params["rule"]).toBe(expected);
  });
  it("SUP-12: a delivery is confirmed or returned once sent, refused before", () => {
    expect(mayDeliver("asked", "send").ok).toBe(true);
    expect(mayDeliver("asked", "confirm").ok).toBe(false);
    expect(mayDeliver("sent", "return").ok).toBe(true);
    expect(mayDeliver("sent", "refuse").ok).toBe(false);
    expect(mayDeliver("delivered", "return").ok).toBe(false);
  });
});

describe("demand (SUP-13, domain.md §2.4)", () => {
  const norm = { rule: "SUP-D1", per: "personDue", quantity: 1, spoilageShare: 0.05, source: "domain.md" } as const;
  it("N = 1 M people in one round take 1,050,000 swabs and 52,500 tubes of 20", () => {
    expect(normQuantity(norm, 1_000_000)).toBe(1_050_000);
    expect(normQuantity(norm, 50_000)).toBe(52_500);
  });
  it("twenty are twenty-one and not twenty-two", () => {
    expect(normQuantity(norm, 20)).toBe(21);
  });
  it("what is free and what is on the way is not missing", () => {
    const drivers = driversOf({
      days: 7,
      rounds: 2,
      peopleDue: 1_000,
      poolsDue: 50,
      samplersDue: 3,
      inCentral: 10,
      atHome: 4,
      residentsUnderControl: 0,
    });
    const meals = { ...norm, rule: "SUP-D9", per: "centralDay", quantity: 3, spoilageShare: 0 } as const;
    const need = demandOf({ item: "x", norms: [norm, meals], onHand: 100, onTheWay: 10 }, drivers);
    expect(need).toMatchObject({ demand: 2_100 + 210, gap: 2_310 - 110 });
    expect(demandOf({ item: "x", norms: [meals], onHand: 500, onTheWay: 0 }, drivers).gap).toBe(0);
  });
});
