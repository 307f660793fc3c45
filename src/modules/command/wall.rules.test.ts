import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wallTurns, type WallItem, type WallPlace, type WallRoom } from "./wall.rules.ts";

const item = (key: string, height: number, isWide = false): WallItem => ({ key, height, isWide });
const room = (columns: number, height: number): WallRoom => ({ columns, height, gap: 10, overlap: 30 });
const curve = item("curve", 200);
const names = (turns: readonly (readonly WallPlace[])[]): string[] =>
  turns.map((turn) => turn.map(({ key, column }) => `${key}${column}`).join(" "));

describe("CMD-11: the turns of the wall", () => {
  it("shows on a low screen one after the other, the curve wherever it still fits", () => {
    const items = [item("round", 500), item("phases", 360), item("rooms", 280), item("loop", 460, true)];
    const turns = wallTurns(items, room(1, 545), curve);
    expect(names(turns)).toEqual(["curve0 rooms0", "round0", "phases0", "loop0"]);
    expect(turns[0]).toEqual([
      { key: "curve", column: 0, span: 1, top: 0, height: 255, shift: 0 },
      { key: "rooms", column: 0, span: 1, top: 265, height: 280, shift: 0 },
    ]);
  });

  it("fills several columns and gives a wide panel all of them", () => {
    const items = [
      item("round", 600),
      item("phases", 450),
      item("overdue", 480),
      item("rooms", 350),
      item("loop", 500, true),
    ];
    const turns = wallTurns(items, room(2, 850), curve);
    expect(names(turns)).toEqual(["curve0 phases0 round1", "overdue0 rooms1 curve1", "loop0 curve0"]);
    expect(turns[2]?.[0]).toMatchObject({ key: "loop", span: 2, top: 0, height: 500 });
  });

  it("pages what is too high, so that each row is seen whole on some page", () => {
    const [first, second, third] = wallTurns([item("overdue", 1_000)], room(1, 400), null);
    expect([first, second, third].map((turn) => turn?.[0]?.shift)).toEqual([0, 370, 600]);
  });

  it("never lets two panels overlap or stand outside the room, loses none, and ends", () => {
    const seed = 20_220_724;
    fc.assert(
      fc.property(
        fc.array(fc.record({ height: fc.integer({ min: 20, max: 2_000 }), isWide: fc.boolean() }), { maxLength: 9 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 150, max: 1_500 }),
        fc.boolean(),
        (heights, columns, height, withCurve) => {
          const items = heights.map((one, i) => item(`p${i}`, one.height, one.isWide));
          const turns = wallTurns(items, room(columns, height), withCurve ? curve : null);
          const shown = new Set(turns.flat().map(({ key }) => key));
          for (const { key } of items) expect(shown).toContain(key);
          for (const turn of turns) {
            expect(new Set(turn.map(({ key }) => key)).size).toBe(turn.length);
            for (const place of turn) {
              expect(place.top).toBeGreaterThanOrEqual(0);
              expect(place.top + place.height).toBeLessThanOrEqual(height);
              expect(place.column + place.span).toBeLessThanOrEqual(columns);
            }
            for (const [i, a] of turn.entries())
              for (const b of turn.slice(i + 1)) {
                const apart =
                  a.column + a.span <= b.column ||
                  b.column + b.span <= a.column ||
                  a.top + a.height + 10 <= b.top ||
                  b.top + b.height + 10 <= a.top;
                expect(apart).toBe(true);
              }
          }
          // Of a paged panel, every strip as high as a row is whole on some page.
          for (const { key, height: whole } of items) {
            const pages = turns.flat().filter((place) => place.key === key);
            if (whole > height * 8) continue;
            for (let row = 0; row + 20 <= whole; row += 10)
              expect(pages.some(({ shift, height: h }) => shift <= row && row + 20 <= shift + h)).toBe(true);
          }
        },
      ),
      { seed, numRuns: 200 },
    );
  });
});
