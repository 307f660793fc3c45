import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmbedded } from "#platform/embedded";

/** What the benchmarks' programs have in common: their options, and a PostgreSQL of their own. */

/** The value after `--name` on the command line. */
export function option(name: string): string | undefined;
export function option(name: string, fallback: string): string;
export function option(name: string, fallback?: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? fallback : (process.argv[at + 1] ?? fallback);
}

/** Lends a temporary folder and removes it afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), "wuyang-bench-"));
  // PostgreSQL runs as another user where this runs as root, and must reach its folder.
  chmodSync(folder, 0o755);
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Lends a fresh embedded PostgreSQL: its URL and the folder of its data. Unless it is thrown away, every commit waits for
 * the disk, as in earnest.
 */
export function onServer(
  work: (url: string, dataFolder: string) => Promise<void>,
  { throwAway = false } = {},
): Promise<void> {
  return inFolder(async (folder) => {
    const dataFolder = path.join(folder, "pg");
    const server = await startEmbedded({ folder: dataFolder, throwAway });
    try {
      await work(server.url("postgres"), dataFolder);
    } finally {
      await server.stop();
    }
  });
}
