import { assert } from "#kernel/assert";
import { at } from "./arrays.ts";

const stride = 5;
const entriesMax = 200_000_000 / stride;

/** One event: who and what are integers, and together they decide the order within a minute. */
export interface QueueEntry {
  minute: number;
  kind: number;
  a: number;
  b: number;
  c: number;
}

/**
 * A binary heap ordered by (minute, kind, a, b, c). The order is total over what events mean, so it
 * does not depend on the order in which they were pushed.
 */
export class EventQueue {
  #entries = new Int32Array(stride * 1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The minute of the first event; Infinity when there is none. */
  get firstMinute(): number {
    return this.#size === 0 ? Infinity : at(this.#entries, 0);
  }

  push(minute: number, kind: number, a: number, b: number, c: number): void {
    assert(Number.isInteger(minute), "an event's minute is not whole");
    assert(this.#size < entriesMax, "the event queue is full");
    if ((this.#size + 1) * stride > this.#entries.length) this.#grow();
    let hole = this.#size;
    this.#size += 1;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.#before(minute, kind, a, b, c, parent)) break;
      this.#entries.copyWithin(hole * stride, parent * stride, parent * stride + stride);
      hole = parent;
    }
    this.#write(hole, minute, kind, a, b, c);
  }

  /** Takes the first event into `out`; false when there is none. */
  pop(out: QueueEntry): boolean {
    if (this.#size === 0) return false;
    this.#read(0, out);
    this.#size -= 1;
    if (this.#size > 0) this.#sinkLast();
    return true;
  }

  /** A copy of the heap, for a snapshot. */
  entries(): Int32Array {
    return this.#entries.slice(0, this.#size * stride);
  }

  /** Takes over a heap that `entries` returned. */
  load(entries: Int32Array): void {
    assert(entries.length % stride === 0, "the queue's entries are cut off");
    this.#size = entries.length / stride;
    this.#entries = new Int32Array(Math.max(1024 * stride, entries.length));
    this.#entries.set(entries);
  }

  #sinkLast(): void {
    const entries = this.#entries;
    const last = this.#size * stride;
    const minute = at(entries, last);
    const kind = at(entries, last + 1);
    const a = at(entries, last + 2);
    const b = at(entries, last + 3);
    const c = at(entries, last + 4);
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#entryBefore(child + 1, child)) child += 1;
      if (!this.#beforeOf(child, minute, kind, a, b, c)) break;
      entries.copyWithin(hole * stride, child * stride, child * stride + stride);
      hole = child;
    }
    this.#write(hole, minute, kind, a, b, c);
  }

  /** Does the given event come before the entry? */
  #before(minute: number, kind: number, a: number, b: number, c: number, entry: number): boolean {
    const entries = this.#entries;
    const base = entry * stride;
    const byMinute = minute - at(entries, base);
    if (byMinute !== 0) return byMinute < 0;
    const byKind = kind - at(entries, base + 1);
    if (byKind !== 0) return byKind < 0;
    const byA = a - at(entries, base + 2);
    if (byA !== 0) return byA < 0;
    const byB = b - at(entries, base + 3);
    if (byB !== 0) return byB < 0;
    return c < at(entries, base + 4);
  }

  /** Does the entry come before the given event? */
  #beforeOf(entry: number, minute: number, kind: number, a: number, b: number, c: number): boolean {
    const entries = this.#entries;
    const base = entry * stride;
    const byMinute = at(entries, base) - minute;
    if (byMinute !== 0) return byMinute < 0;
    const byKind = at(entries, base + 1) - kind;
    if (byKind !== 0) return byKind < 0;
    const byA = at(entries, base + 2) - a;
    if (byA !== 0) return byA < 0;
    const byB = at(entries, base + 3) - b;
    if (byB !== 0) return byB < 0;
    return at(entries, base + 4) < c;
  }

  #entryBefore(left: number, right: number): boolean {
    const entries = this.#entries;
    const base = left * stride;
    return this.#before(
      at(entries, base),
      at(entries, base + 1),
      at(entries, base + 2),
      at(entries, base + 3),
      at(entries, base + 4),
      right,
    );
  }

  #read(entry: number, out: QueueEntry): void {
    const entries = this.#entries;
    const base = entry * stride;
    out.minute = at(entries, base);
    out.kind = at(entries, base + 1);
    out.a = at(entries, base + 2);
    out.b = at(entries, base + 3);
    out.c = at(entries, base + 4);
  }

  #write(entry: number, minute: number, kind: number, a: number, b: number, c: number): void {
    const entries = this.#entries;
    const base = entry * stride;
    entries[base] = minute;
    entries[base + 1] = kind;
    entries[base + 2] = a;
    entries[base + 3] = b;
    entries[base + 4] = c;
  }

  #grow(): void {
    const larger = new Int32Array(this.#entries.length * 2);
    larger.set(this.#entries);
    this.#entries = larger;
  }
}
