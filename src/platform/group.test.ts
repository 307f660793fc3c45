import fc from "fast-check";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createGroup, GroupFull } from "./group.ts";
import { limitsOf } from "./groupcase.ts";

const limits = { callsMax: 4, waitingMax: 100, flightsMax: 1, gatherMs: 1 };

describe("a group of calls", () => {
  it("answers every call by its own outcome, whatever the sizes and the pauses", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ pause: fc.boolean(), bad: fc.boolean() }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 3 }),
        async (plan, callsMax, flightsMax) => {
          let under = 0;
          let most = 0;
          const seen: number[] = [];
          const group = createGroup<number, string>({ ...limits, callsMax, flightsMax }, async (calls) => {
            under += 1;
            most = Math.max(most, under);
            expect(calls.length).toBeLessThanOrEqual(callsMax);
            seen.push(...calls);
            await sleep(1);
            under -= 1;
            return calls.map((call) => (plan[call]?.bad ? new Error(`no ${call}`) : `yes ${call}`));
          });
          const answers: Promise<string>[] = [];
          for (const [i, { pause }] of plan.entries()) {
            answers.push(group.add(i).catch((error: unknown) => (error as Error).message));
            if (pause) await sleep(1);
          }
          await group.close();
          expect(await Promise.all(answers)).toEqual(plan.map(({ bad }, i) => `${bad ? "no" : "yes"} ${i}`));
          // Each once, in the order in which they came.
          expect(seen).toEqual(plan.map((_, i) => i));
          expect(most).toBeLessThanOrEqual(flightsMax);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("waits a moment for company, and not when the group is full", async () => {
    const sizes: number[] = [];
    const group = createGroup<number, number>({ ...limits, gatherMs: 20 }, async (calls) => {
      sizes.push(calls.length);
      return calls;
    });
    await Promise.all([group.add(1), group.add(2), group.add(3)]);
    const began = performance.now();
    await Promise.all([group.add(1), group.add(2), group.add(3), group.add(4)]);
    expect(performance.now() - began).toBeLessThan(20);
    expect(sizes).toEqual([3, 4]);
  });

  it("turns away whom it has no room for, and takes calls again when there is room", async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const group = createGroup<number, number>({ ...limits, waitingMax: 6 }, async (calls) => {
      await held;
      return calls;
    });
    const taken = Array.from({ length: 10 }, (_, i) => group.add(i));
    await expect(group.add(10)).rejects.toBeInstanceOf(GroupFull);
    release();
    expect(await Promise.all(taken)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await group.add(11)).toBe(11);
    await group.close();
    await expect(group.add(12)).rejects.toBeInstanceOf(GroupFull);
  });

  it("a group that fails fails its own calls and no other", async () => {
    const group = createGroup<number, number>(limits, async (calls) => {
      if (calls.includes(2)) throw new Error("the disk is full");
      return calls;
    });
    const answers = await Promise.allSettled([1, 2, 3, 4, 5, 6].map((call) => group.add(call)));
    expect(answers.map(({ status }) => status)).toEqual([
      "rejected",
      "rejected",
      "rejected",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    await group.close();
  });
});

describe("the limits of a group", () => {
  const pair = { callsMax: 256, waitingMax: 4_096, flightsMax: 2, gatherMs: 2 };

  it("are one group under way at a time in one of several processes, with as many calls in it as two have alone", () => {
    const def = { limits: pair, bodyBytesMax: 1, copies: false };
    expect(limitsOf(def, false)).toEqual(pair);
    expect(limitsOf(def, true)).toEqual({ ...pair, callsMax: 512, flightsMax: 1 });
  });

  it("stay where the work copies rows, whose size is that of its bodies", () => {
    expect(limitsOf({ limits: pair, bodyBytesMax: 1, copies: true }, true)).toEqual(pair);
  });
});
