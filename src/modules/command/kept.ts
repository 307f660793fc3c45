import type { Database } from "#platform/db";
import { stopwatch } from "#platform/clocks";

/** How long an answer that costs much is kept, by the machine's own time. */
export interface KeepLimits {
  /** For so long it is given as it is. */
  readonly ageMs: number;
  /** And for so many times what its making took, so that making it is never more than a small part of the work. */
  readonly ageOfMaking: number;
  /** Up to this age it is given while a new one is made; beyond it, whoever asks waits for the new one. */
  readonly staleMs: number;
}

interface Kept<T> {
  value: Promise<T>;
  /** Since the making of the value began. */
  readonly age: () => number;
  /** Null while it is being made. */
  freshMs: number | null;
  /** The one that will take its place. */
  next: Kept<T> | null;
}

const keptMax = 500;

/** Keeps answers by database and key: each is made once for all who ask meanwhile; a failure is not kept. */
export function keeper<T>(limits: KeepLimits): (db: Database, key: string, make: () => Promise<T>) => Promise<T> {
  const stores = new WeakMap<Database, Map<string, Kept<T>>>();

  function begin(store: Map<string, Kept<T>>, key: string, make: () => Promise<T>): Kept<T> {
    const own: Kept<T> = { value: make(), age: stopwatch(), freshMs: null, next: null };
    own.value.then(
      () => {
        own.freshMs = own.age() + Math.max(limits.ageMs, limits.ageOfMaking * own.age());
        if (store.get(key)?.next === own) store.set(key, own);
      },
      () => {
        const held = store.get(key);
        if (held === own) store.delete(key);
        else if (held?.next === own) held.next = null;
      },
    );
    return own;
  }

  return (db, key, make) => {
    const store = stores.get(db) ?? new Map<string, Kept<T>>();
    stores.set(db, store);
    const held = store.get(key);
    if (held === undefined) {
      if (store.size >= keptMax) store.clear();
      const first = begin(store, key, make);
      store.set(key, first);
      return first.value;
    }
    if (held.freshMs === null || held.age() < held.freshMs) return held.value;
    held.next ??= begin(store, key, make);
    return held.age() < limits.staleMs ? held.value : held.next.value;
  };
}
