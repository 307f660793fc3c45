import { describe, expect, it } from "vitest";
import type { Database } from "#platform/db";
import { keeper } from "./kept.ts";

/** A database only as the key under which answers are kept. */
const database = (): Database => ({ transaction: () => Promise.reject(new Error("nothing is read here")) });

interface Making {
  readonly done: (value: string) => void;
  readonly fail: () => void;
}

/** Makings that end when the test says so. */
function makings(): { readonly begun: Making[]; readonly make: () => Promise<string> } {
  const begun: Making[] = [];
  return {
    begun,
    make: () =>
      new Promise((resolve, reject) => begun.push({ done: resolve, fail: () => reject(new Error("not made")) })),
  };
}

describe("what is kept because it costs much", () => {
  it("is made once for all who ask while it is being made, however long that takes", async () => {
    const get = keeper<string>({ ageMs: 0, ageOfMaking: 0, staleMs: 0 });
    const db = database();
    const { begun, make } = makings();
    const asked = [get(db, "a", make), get(db, "a", make), get(db, "a", make)];
    expect(begun).toHaveLength(1);
    begun[0]?.done("one");
    expect(await Promise.all(asked)).toEqual(["one", "one", "one"]);
  });

  it("is kept apart by key and by database", async () => {
    const get = keeper<string>({ ageMs: 60_000, ageOfMaking: 0, staleMs: 0 });
    const db = database();
    expect(await get(db, "a", () => Promise.resolve("a"))).toBe("a");
    expect(await get(db, "b", () => Promise.resolve("b"))).toBe("b");
    expect(await get(database(), "a", () => Promise.resolve("other"))).toBe("other");
    expect(await get(db, "a", () => Promise.resolve("new"))).toBe("a");
  });

  it("is given while a new one is made, and then the new one", async () => {
    const get = keeper<string>({ ageMs: 0, ageOfMaking: 0, staleMs: 60_000 });
    const db = database();
    expect(await get(db, "a", () => Promise.resolve("old"))).toBe("old");
    const { begun, make } = makings();
    expect(await get(db, "a", make)).toBe("old");
    expect(await get(db, "a", make)).toBe("old");
    expect(begun).toHaveLength(1);
    begun[0]?.done("new");
    await Promise.resolve();
    expect(await get(db, "a", make)).toBe("new");
  });

  it("is waited for once it is too old to be shown", async () => {
    const get = keeper<string>({ ageMs: 0, ageOfMaking: 0, staleMs: 0 });
    const db = database();
    await get(db, "a", () => Promise.resolve("old"));
    expect(await get(db, "a", () => Promise.resolve("new"))).toBe("new");
  });

  it("stays fresh in proportion to what its making took", async () => {
    const get = keeper<string>({ ageMs: 0, ageOfMaking: 1_000_000, staleMs: 0 });
    const db = database();
    await get(db, "a", () => new Promise((resolve) => setTimeout(() => resolve("dear"), 5)));
    expect(await get(db, "a", () => Promise.resolve("new"))).toBe("dear");
  });

  it("a failure is told and not kept: the first is made again, a later one leaves what was", async () => {
    const get = keeper<string>({ ageMs: 0, ageOfMaking: 0, staleMs: 60_000 });
    const db = database();
    const { begun, make } = makings();
    const failed = get(db, "a", make);
    begun[0]?.fail();
    await expect(failed).rejects.toThrow("not made");
    expect(await get(db, "a", () => Promise.resolve("old"))).toBe("old");
    expect(await get(db, "a", make)).toBe("old");
    begun[1]?.fail();
    await Promise.resolve();
    await Promise.resolve();
    expect(await get(db, "a", () => Promise.resolve("new"))).toBe("old");
    expect(await get(db, "a", () => Promise.resolve("newer"))).toBe("new");
  });
});
