import { assert } from "#kernel/assert";

/** One thing an actor will do: what, about which record, with what it must remember until then. */
export interface DrillItem {
  /** Minutes since the local midnight that begins day 0; a whole number. */
  readonly minute: number;
  readonly kind: string;
  /** Natural key of the record, never a running number: order must not depend on how it was found. */
  readonly key: string;
  readonly data: unknown;
}

/** What an actor will do, in order of time; items of one minute go by kind and key, so that order is the same in every run. */
export interface DrillQueue {
  readonly size: number;
  push(item: DrillItem): void;
  peek(): DrillItem | undefined;
  pop(): DrillItem | undefined;
  /** Every item, for saving. */
  items(): readonly DrillItem[];
}

const itemCountMax = 2_000_000;

function before(a: DrillItem, b: DrillItem): boolean {
  if (a.minute !== b.minute) return a.minute < b.minute;
  if (a.kind !== b.kind) return a.kind < b.kind;
  return a.key < b.key;
}

/** Makes a queue (a binary heap) of the given items. */
export function createQueue(saved: readonly DrillItem[] = []): DrillQueue {
  const heap: DrillItem[] = [];

  function swap(i: number, j: number): void {
    const held = heap[i] as DrillItem;
    heap[i] = heap[j] as DrillItem;
    heap[j] = held;
  }

  function push(item: DrillItem): void {
    assert(Number.isInteger(item.minute), `item ${item.kind} has a fractional minute`);
    assert(heap.length < itemCountMax, "the drill's queue is full");
    heap.push(item);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(heap[at] as DrillItem, heap[parent] as DrillItem)) break;
      swap(at, parent);
      at = parent;
    }
  }

  function pop(): DrillItem | undefined {
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    heap[0] = last;
    let at = 0;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && before(heap[child] as DrillItem, heap[least] as DrillItem)) least = child;
      if (least === at) return top;
      swap(at, least);
      at = least;
    }
  }

  for (const item of saved) push(item);
  return {
    get size() {
      return heap.length;
    },
    push,
    pop,
    peek: () => heap[0],
    items: () => heap,
  };
}
