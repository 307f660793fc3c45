import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbedded } from "#platform/embedded";

/** Runs of the command line in processes of their own, each with a data folder, some of them killed without warning. */

const root = path.join(import.meta.dirname, "..");
const lookMs = 20;

/** How a run ended, and all that it printed. */
export interface Ran {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** When a run is killed: so long after it has printed this. */
export interface KillAt {
  readonly printed: RegExp;
  readonly afterMs?: number;
}

/** Runs `wuyang` with its data in a folder. */
export async function runCommand(args: readonly string[], dataDir: string, killAt?: KillAt): Promise<Ran> {
  const child = spawn(process.execPath, ["src/cli/main.ts", ...args], {
    cwd: root,
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const over = new Promise<Ran>((resolve) => child.once("exit", (code, signal) => resolve({ code, signal, output })));
  if (killAt) {
    while (!killAt.printed.test(output) && child.exitCode === null) await sleep(lookMs);
    await sleep(killAt.afterMs ?? 0);
    child.kill("SIGKILL");
  }
  return over;
}

/** A folder for runs, open to the user that PostgreSQL runs as. */
export function runsFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "wuyang-runs-"));
  chmodSync(folder, 0o755);
  return folder;
}

/** Removes the folder of runs whose data lie in it under these names. */
export async function removeRuns(folder: string, names: readonly string[]): Promise<void> {
  // A killed process leaves its PostgreSQL behind; taking it over is how it is stopped.
  for (const name of names) await (await startEmbedded({ folder: path.join(folder, name, "pg") })).stop();
  rmSync(folder, { recursive: true, force: true });
}
