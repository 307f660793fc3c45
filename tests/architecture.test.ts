import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { allPermissions, modules, platformPermissions } from "#server/modules";
import { roleTable } from "#server/roles";
import {
  forbiddenImports,
  importsOf,
  layerOf,
  moduleOrder,
  namesTable,
  sourceFiles,
  tablesOf,
  testImports,
  upwardImports,
  wildTime,
  type SourceFile,
} from "./layers.ts";

const root = path.join(import.meta.dirname, "..");
const files = sourceFiles(root, "src");
const moduleNames = readdirSync(path.join(root, "src/modules"));
const migrations = readdirSync(path.join(root, "migrations"))
  .filter((name) => /^\d{6}_/.test(name))
  .toSorted();

/** Tables that two modules may name, with the reason. */
const sharedTables: Readonly<Record<string, string>> = {
  event: "the platform's log of what happened; every module's chronicle reads it",
};
/** Files that may name another module's tables, with the reason; a row that nothing uses fails the test. */
const tableReaders: readonly { readonly pattern: RegExp; readonly tables: RegExp; readonly why: string }[] = [
  {
    pattern: /^src\/modules\/drill\/auditor\//,
    tables: /./,
    why: "the auditor checks the invariants on the rows themselves, not through the code it checks",
  },
  {
    pattern: /^src\/modules\/screening\/(?:rounds|upload|recount|evidence)\.store\.ts$/,
    tables: /^person$/,
    why: "who is due in a round, and in whose village a swab counts, is one join over up to ten million people",
  },
];

function planted(file: string, text: string): SourceFile {
  return { path: file, text, imports: importsOf(text) };
}

describe("layers", () => {
  it("no file imports what its layer forbids", () => {
    expect(files.flatMap((file) => forbiddenImports(file).map((name) => `${file.path} → ${name}`))).toEqual([]);
  });

  it("no module imports one that stands later in the order", () => {
    expect(files.flatMap((file) => upwardImports(file).map((name) => `${file.path} → ${name}`))).toEqual([]);
    expect(moduleNames.filter((name) => !(moduleOrder as readonly string[]).includes(name))).toEqual([]);
  });

  it("clock and randomness come as arguments", () => {
    expect(files.flatMap((file) => wildTime(file).map((use) => `${file.path}: ${use}`))).toEqual([]);
  });

  it("nothing that is shipped imports test code", () => {
    expect(files.flatMap((file) => testImports(file).map((name) => `${file.path} → ${name}`))).toEqual([]);
  });

  it("each check fails on its own planted example", () => {
    expect(forbiddenImports(planted("src/modules/cases/cases.rules.ts", 'import fs from "node:fs";'))).toEqual([
      "node:fs",
    ]);
    expect(
      forbiddenImports(planted("src/modules/cases/cases.rules.ts", 'import type { Db } from "#platform/db";')),
    ).toEqual(["#platform/db"]);
    expect(
      forbiddenImports(
        planted("src/modules/cases/cases.service.ts", 'import type { Z } from "../zones/zones.model.ts";'),
      ),
    ).toEqual(["../zones/zones.model.ts"]);
    expect(
      forbiddenImports(planted("src/modules/cases/web/index.tsx", 'import { listCases } from "#modules/cases";')),
    ).toEqual(["#modules/cases"]);
    expect(forbiddenImports(planted("src/sim/engine.ts", 'import { Pool } from "pg";'))).toEqual(["pg"]);
    expect(upwardImports(planted("src/modules/areas/areas.service.ts", 'import { x } from "#modules/cases";'))).toEqual(
      ["#modules/cases"],
    );
    expect(wildTime(planted("src/modules/cases/cases.service.ts", "const now = Date.now();"))).toEqual(["Date.now("]);
    expect(wildTime(planted("src/platform/clocks.ts", "const now = Date.now();"))).toEqual([]);
    expect(
      testImports(planted("src/modules/cases/cases.service.ts", 'import { w } from "./testing.world.ts";')),
    ).toEqual(["./testing.world.ts"]);
    expect(
      testImports(planted("src/modules/cases/cases.service.ts", 'import { testWorld } from "#platform/testing";')),
    ).toEqual(["#platform/testing"]);
    expect(testImports(planted("src/modules/cases/cases.test.ts", 'import { w } from "./testing.world.ts";'))).toEqual(
      [],
    );
    expect(layerOf("src/modules/cases/cases.rules.ts")).toBe("domain");
  });
});

describe("modules", () => {
  it.each(moduleNames)("%s has its README, its domain and its front door", (name) => {
    for (const file of ["README.md", "domain.ts", "index.ts"])
      expect(existsSync(path.join(root, "src/modules", name, file)), `${name}/${file}`).toBe(true);
  });

  it("a table is named only in its own module", () => {
    const offences: string[] = [];
    const used = new Set<string>();
    for (const migration of migrations) {
      // `000021_isolation_life` is a later migration of isolation.
      const owner = migration.slice(7, -4).split("_")[0] ?? "";
      for (const table of tablesOf(readFileSync(path.join(root, "migrations", migration), "utf8"))) {
        if (table in sharedTables) continue;
        for (const file of files) {
          if (layerOf(file.path) === "test") continue;
          const own =
            owner === "platform"
              ? file.path.startsWith("src/platform/") ||
                file.path.startsWith("src/server/") ||
                file.path.startsWith("src/modules/drill/")
              : file.path.startsWith(`src/modules/${owner}/`);
          if (own || !namesTable(file.text, table)) continue;
          const reader = tableReaders.find(({ pattern, tables }) => pattern.test(file.path) && tables.test(table));
          if (reader) used.add(reader.why);
          else offences.push(`${file.path} names ${table} of ${owner}`);
        }
      }
    }
    expect(offences).toEqual([]);
    expect(tableReaders.filter(({ why }) => !used.has(why))).toEqual([]);
  });

  it("the table check sees a planted offence", () => {
    expect(tablesOf("create table case_record (id uuid);")).toEqual(["case_record"]);
    expect(namesTable("select id from case_record where", "case_record")).toBe(true);
    expect(namesTable("select id from case_recorder", "case_record")).toBe(false);
    expect(namesTable("with stay as (select 1) select * from stay s", "stay")).toBe(false);
    expect(namesTable("with night as (select 1) select * from night, stay join stay s on true", "stay")).toBe(true);
    expect(tablesOf("execute format('create table if not exists %I partition of visit')")).toEqual([]);
  });
});

describe("migrations", () => {
  it("are contiguous in the order of the modules", () => {
    const numbers = migrations.map((name) => Number(name.slice(0, 6)));
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });
});

describe("routes and permissions", () => {
  const routes = modules.flatMap((module) => module.routes.map((route) => ({ module: module.name, route })));

  it("every route has a permission that exists, an operation of its own and a tag", () => {
    const known = new Set(allPermissions(modules));
    const seen = new Set<string>();
    for (const { module, route } of routes) {
      const { permission } = route;
      const good = typeof permission === "string" ? known.has(permission) : permission.public.length > 10;
      expect(good, `${module} ${route.url}: permission ${JSON.stringify(permission)}`).toBe(true);
      expect(route.operationId, `${module} ${route.url}`).toMatch(/^[a-z]\w+$/);
      expect(seen.has(route.operationId), `${route.operationId} stands twice`).toBe(false);
      seen.add(route.operationId);
      expect(route.tag.length).toBeGreaterThan(0);
      expect(route.response === null || typeof route.response === "object").toBe(true);
    }
  });

  it("every permission is held by a role besides the administrator's", () => {
    const globs = Object.entries(roleTable)
      .filter(([role]) => role !== "admin" && role !== "system")
      .flatMap(([, list]) => list);
    const held = (permission: string) =>
      globs.some((glob) => new RegExp(`^${glob.replace(/\./g, "\\.").replace(/\*/g, ".*")}$`).test(permission));
    const free = new Set<string>(platformPermissions);
    expect(
      allPermissions(modules).filter(
        (permission) => !free.has(permission) && !permission.startsWith("drill.") && !held(permission),
      ),
    ).toEqual([]);
  });

  it("every permission is named as module.verb or module.noun.verb", () => {
    expect(allPermissions(modules).filter((permission) => !/^[a-z]\w*(\.[a-z]\w*){1,2}$/.test(permission))).toEqual([]);
  });
});
