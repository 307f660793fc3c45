import { expect, it } from "vitest";
import { breathe } from "./turns.ts";

it("lets what waits come in at each interruption, and gives what the work gives", async () => {
  const seen: string[] = [];
  async function work(): Promise<number> {
    for (const part of ["first", "second", "third"]) {
      seen.push(part);
      await breathe();
    }
    return seen.length;
  }
  let waiting = true;
  const other = (): void => {
    seen.push("other");
    if (waiting) setImmediate(other);
  };
  setImmediate(other);
  const done = await work();
  waiting = false;
  expect(seen.slice(0, 6)).toEqual(["first", "other", "second", "other", "third", "other"]);
  expect(done).toBeGreaterThanOrEqual(3);
});
