import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmbedded } from "#platform/embedded";
import type { DrillSummary } from "#modules/drill";

const root = path.join(import.meta.dirname, "..");
const scale = "0.02";
const runMsMax = 480_000;

interface Played {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Plays the small second disease in a process of its own, and kills it without warning when asked to. */
async function play(folder: string, name: string, killAfterMs?: number): Promise<Played> {
  const out = path.join(folder, `out-${name}`);
  const child = spawn(
    process.execPath,
    ["src/cli/main.ts", "drill", "--scenario", "rongcheng-port", "--scale", scale, "--seed", "1", "--out", out],
    { cwd: root, env: { ...process.env, DATA_DIR: path.join(folder, name) }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const over = new Promise<Played>((resolve) =>
    child.once("exit", (code, signal) => resolve({ code, signal, output })),
  );
  if (killAfterMs !== undefined) {
    while (!output.includes("playing") && child.exitCode === null) await sleep(50);
    await sleep(killAfterMs);
    child.kill("SIGKILL");
  }
  return over;
}

function summaryOf(folder: string, name: string): DrillSummary {
  return JSON.parse(
    readFileSync(path.join(folder, `out-${name}`, `rongcheng-port-1-${scale}`, "summary.json"), "utf8"),
  ) as DrillSummary;
}

describe("a drill of a second disease, without pooled testing", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "wuyang-drill-"));
  beforeAll(() => chmodSync(folder, 0o755));
  afterAll(async () => {
    // The killed process leaves its PostgreSQL behind; taking it over is how it is stopped.
    for (const name of ["whole", "killed"])
      await (await startEmbedded({ folder: path.join(folder, name, "pg") })).stop();
    rmSync(folder, { recursive: true, force: true });
  });

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
