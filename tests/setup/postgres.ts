import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "#platform/embedded";

/** One throw-away PostgreSQL for the whole run; every test file clones its own database on it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(tmpdir(), "wuyang-test-"));
  // Readable by the server's own user, who is not root even when the tests are.
  chmodSync(folder, 0o755);
  const server = await startEmbedded({ folder: path.join(folder, "pg"), throwAway: true });
  project.provide("postgresUrl", server.url("postgres"));
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
