import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createQueue, type DrillItem } from "./queue.rules.ts";

const items = fc.array(
  fc.record({
    minute: fc.integer({ min: 0, max: 50 }),
    kind: fc.constantFrom("a", "b"),
    key: fc.string({ maxLength: 3 }),
    data: fc.constant(null),
  }),
  { maxLength: 200 },
);

function drain(list: readonly DrillItem[]): string[] {
  const queue = createQueue(list);
  const out: string[] = [];
  for (let item = queue.pop(); item; item = queue.pop())
    out.push(`${String(item.minute).padStart(3, "0")} ${item.kind} ${item.key}`);
  return out;
}

describe("the drill's queue", () => {
  it("gives items by minute, kind and key, whatever the order they came in", () => {
    fc.assert(
      fc.property(items, fc.integer(), (list, turn) => {
        const turned = list.toSorted((a, b) => ((a.minute * 31 + turn) % 7) - ((b.minute * 31 + turn) % 7));
        expect(drain(turned)).toEqual(drain(list));
        const minutes = drain(list).map((text) => Number(text.slice(0, 3)));
        expect(minutes).toEqual(minutes.toSorted((a, b) => a - b));
      }),
    );
  });
});
