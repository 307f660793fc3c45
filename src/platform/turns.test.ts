import { expect, it } from "vitest";
import { inTurns } from "./turns.ts";

it("lets what waits come in at each interruption, and gives what the work gives", async () => {
  const seen: string[] = [];
  function* work(): Generator<void, number> {
    for (const part of ["first", "second", "third"]) {
      seen.push(part);
      yield;
    }
    return seen.length;
  }
  let waiting = true;
  const other = (): void => {
    seen.push("other");
    if (waiting) setImmediate(other);
  };
  setImmediate(other);
  const done = await inTurns(work());
  waiting = false;
  expect(seen.slice(0, 6)).toEqual(["first", "other", "second", "other", "third", "other"]);
  expect(done).toBeGreaterThanOrEqual(3);
});

it("fails with what the work throws", async () => {
  function* work(): Generator<void, number> {
    yield;
    throw new Error("broken");
  }
  await expect(inTurns(work())).rejects.toThrow("broken");
});
