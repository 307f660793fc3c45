import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { DrillSummary } from "#modules/drill";
import { removeRuns, runCommand, runsFolder, type Ran } from "./command.ts";

const scale = "0.02";
const runMsMax = 480_000;

/** Plays the small second disease, and kills it without warning when asked to. */
function play(folder: string, name: string, killAfterMs?: number): Promise<Ran> {
  const out = path.join(folder, `out-${name}`);
  return runCommand(
    ["drill", "--scenario", "rongcheng-port", "--scale", scale, "--seed", "1", "--out", out],
    path.join(folder, name),
    killAfterMs === undefined ? undefined : { printed: /playing/, afterMs: killAfterMs },
  );
}

function summaryOf(folder: string, name: string): DrillSummary {
  return JSON.parse(
    readFileSync(path.join(folder, `out-${name}`, `rongcheng-port-1-${scale}`, "summary.json"), "utf8"),
  ) as DrillSummary;
}

describe("a drill of a second disease, without pooled testing", () => {
  const folder = runsFolder();
  afterAll(() => removeRuns(folder, ["whole", "killed"]));

  it(
    "comes to its all-clear with every invariant whole, and a kill in the middle changes nothing (I8)",
    async () => {
      const whole = await play(folder, "whole");
      expect(whole.code, whole.output).toBe(0);
      const expected = summaryOf(folder, "whole");
      expect(expected.allClear).not.toBeNull();
      expect(expected.rounds).toEqual([]);
      expect(Object.values(expected.invariants).every((count) => count.broken === 0)).toBe(true);
      expect(expected.total.confirmed).toBeGreaterThan(0);

      const killed = await play(folder, "killed", 1_500);
      expect(killed.signal, killed.output).toBe("SIGKILL");
      const resumed = await play(folder, "killed");
      expect(resumed.code, resumed.output).toBe(0);
      // It went on: the city was not set up a second time.
      expect(resumed.output).not.toContain("people");
      expect(summaryOf(folder, "killed").digest).toBe(expected.digest);
    },
    runMsMax,
  );
});
