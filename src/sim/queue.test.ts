import { describe, expect, it } from "vitest";
import { hash32, prngOf } from "#kernel/prng";
import { EventQueue, type QueueEntry } from "./queue.ts";

type Event = readonly [minute: number, kind: number, a: number, b: number, c: number];

function compare(x: Event, y: Event): number {
  for (const [i, value] of x.entries()) if (value !== y[i]) return value - y[i]!;
  return 0;
}

function drained(queue: EventQueue): Event[] {
  const events: Event[] = [];
  const out: QueueEntry = { minute: 0, kind: 0, a: 0, b: 0, c: 0 };
  while (queue.pop(out)) events.push([out.minute, out.kind, out.a, out.b, out.c]);
  return events;
}

// Few different values in each place, so that ties reach down to the last one.
const events: readonly Event[] = Array.from({ length: 5_000 }, (_, i) => [
  (hash32(i, 1) % 40) - 20,
  hash32(i, 2) % 3,
  hash32(i, 3) % 5,
  hash32(i, 4) % 5,
  hash32(i, 5) % 7,
]);

describe("EventQueue", () => {
  it("gives events in the order of minute, kind, a, b and c, however they came in", () => {
    const expected = [...events].toSorted(compare);
    for (const seed of [1, 2, 3]) {
      const prng = prngOf(seed, "shuffle");
      const shuffled = events
        .map((event) => ({ event, key: prng.next() }))
        .toSorted((x, y) => x.key - y.key)
        .map(({ event }) => event);
      const queue = new EventQueue();
      for (const event of shuffled) queue.push(...event);
      expect(queue.size).toBe(events.length);
      expect(queue.firstMinute).toBe(-20);
      expect(drained(queue)).toEqual(expected);
      expect(queue.firstMinute).toBe(Infinity);
    }
  });

  it("is the same after its entries were saved and loaded", () => {
    const queue = new EventQueue();
    for (const event of events) queue.push(...event);
    const copy = new EventQueue();
    copy.load(queue.entries());
    expect(drained(copy)).toEqual(drained(queue));
  });

  it("refuses a minute that is not whole", () => {
    expect(() => new EventQueue().push(1.5, 0, 0, 0, 0)).toThrow("not whole");
  });
});
