import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = path.join(import.meta.dirname, "..");
const planted = path.join(root, "tests/fences");

describe("the resolver's fence", () => {
  const require = createRequire(path.join(root, "package.json"));

  it("knows the front doors and nothing behind them", () => {
    expect(require.resolve("#modules/cases")).toBe(path.join(root, "src/modules/cases/index.ts"));
    expect(require.resolve("#domain/cases")).toBe(path.join(root, "src/modules/cases/domain.ts"));
    for (const inside of ["#modules/cases/cases.store", "#modules/cases/cases.store.ts", "#domain/cases/cases.rules"])
      expect(() => require.resolve(inside), inside).toThrow(/Cannot find module/);
  });
});

describe("the compiler's fence", () => {
  it("domain files know neither Node nor a browser", () => {
    const tsc = path.join(root, "node_modules/typescript/bin/tsc");
    const run = spawnSync(process.execPath, [tsc, "-p", path.join(planted, "tsconfig.json"), "--pretty", "false"], {
      encoding: "utf8",
    });
    const missing = [...run.stdout.matchAll(/error TS\d+: Cannot find name '(\w+)'/g)].map((match) => match[1]);
    expect(missing).toEqual(["process", "document", "fetch", "setTimeout"]);
  });
});

describe("the linter's fence", () => {
  let found: string[];
  let folder: string;

  beforeAll(() => {
    // The rules are bound to folders below the configuration, so the planted tree gets a copy of it for itself.
    folder = mkdtempSync(path.join(tmpdir(), "wuyang-fences-"));
    cpSync(path.join(planted, "src"), path.join(folder, "src"), { recursive: true });
    const config = JSON.parse(readFileSync(path.join(root, ".oxlintrc.json"), "utf8")) as Record<string, unknown>;
    writeFileSync(
      path.join(folder, ".oxlintrc.json"),
      JSON.stringify({ ...config, $schema: undefined, ignorePatterns: [], options: {} }),
    );
    const oxlint = path.join(root, "node_modules/oxlint/bin/oxlint");
    const run = spawnSync(process.execPath, [oxlint, "--format", "unix"], { cwd: folder, encoding: "utf8" });
    found = run.stdout.split("\n");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ["src/kernel/planted.ts", "'typebox' import is restricted"],
    ["src/sim/planted.ts", "'#platform/db' import is restricted"],
    ["src/epi/planted.ts", "'#domain/outbreaks' import is restricted"],
    ["src/platform/planted.ts", "'#modules/cases' import is restricted"],
    ["src/server/planted.ts", "'#pages/cases' import is restricted"],
    ["src/web/planted.ts", "'node:fs' import is restricted"],
    ["src/modules/planted/web/index.tsx", "'#modules/cases' import is restricted"],
    ["src/modules/planted/planted.rules.ts", "'node:fs' import is restricted"],
    ["src/modules/planted/planted.rules.ts", "'Math.random' is restricted"],
    ["src/modules/planted/planted.rules.ts", "'Date.now' is restricted"],
    ["src/modules/planted/planted.model.ts", "'#platform/db' import is restricted"],
    ["src/modules/planted/planted.service.ts", "'../zones/zones.model.ts' import is restricted"],
    ["src/modules/planted/planted.service.ts", "'#server/app' import is restricted"],
    ["src/modules/planted/ring-a.ts", "Dependency cycle detected"],
  ])("%s: %s", (file, message) => {
    expect(found.filter((line) => line.startsWith(file)).join("\n")).toContain(message);
  });
});
