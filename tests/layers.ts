import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** A source file and what it imports, as the architecture test reads it. */
export interface SourceFile {
  /** Path from the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

/** The modules, ground floor first: a module may import only those before it. */
export const moduleOrder = [
  "areas",
  "outbreaks",
  "people",
  "tasks",
  "teams",
  "venues",
  "screening",
  "cases",
  "tracing",
  "isolation",
  "zones",
  "inbound",
  "grid",
  "sentinel",
  "inspection",
  "supplies",
  "reports",
  "command",
  "desk",
  "drill",
] as const;

const importPattern = /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g;

/** What a text imports, dynamic imports included. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? "");
}

/** Every TypeScript file below a folder. */
export function sourceFiles(root: string, folder: string): SourceFile[] {
  const here = path.join(root, folder);
  return readdirSync(here).flatMap((name) => {
    const file = path.posix.join(folder, name);
    if (statSync(path.join(root, file)).isDirectory()) return sourceFiles(root, file);
    if (!/\.tsx?$/.test(name)) return [];
    const text = readFileSync(path.join(root, file), "utf8");
    return [{ path: file, text, imports: importsOf(text) }];
  });
}

type Layer = "kernel" | "domain" | "sim" | "epi" | "public" | "platform" | "module" | "web" | "server" | "cli" | "test";

const testFile = /\.(?:test|bench|fixture|testing)\.tsx?$|(?:^|\/)testing(?:\.\w+)?\.ts$/;

/** The layer a file belongs to, by its place and its name; fixtures, benchmarks and test worlds are test code. */
export function layerOf(file: string): Layer {
  if (testFile.test(file)) return "test";
  if (file.startsWith("src/kernel/")) return "kernel";
  if (file.startsWith("src/sim/")) return "sim";
  if (file.startsWith("src/epi/")) return "epi";
  if (file.startsWith("src/public/")) return "public";
  if (file.startsWith("src/platform/")) return "platform";
  if (file.startsWith("src/server/")) return "server";
  if (file.startsWith("src/cli/")) return "cli";
  if (file === "src/web/build.ts") return "server";
  if (file.startsWith("src/web/") || /^src\/modules\/\w+\/web\//.test(file)) return "web";
  if (/^src\/modules\/\w+\/(domain|[\w.-]+\.(model|rules))\.ts$/.test(file)) return "domain";
  return "module";
}

/** Which imports from outside its own folder each layer may write. */
const allowed: Readonly<Record<Layer, RegExp>> = {
  kernel: /^$/,
  domain: /^(#kernel\/|#domain\/|#sim\/|#epi\/|typebox(?:\/|$))/,
  sim: /^(#kernel\/|#domain\/)/,
  epi: /^#kernel\//,
  public: /^#kernel\//,
  platform: /^(#kernel\/|#platform\/|node:|[a-z@])/,
  module: /^(#kernel\/|#platform\/|#public\/|#domain\/|#modules\/|#sim\/|#epi\/|node:|[a-z@])/,
  web: /^(#kernel\/|#domain\/|#pages\/|#web\/|#webx\/|[a-z@])/,
  server: /^(#kernel\/|#platform\/|#public\/|#domain\/|#modules\/|#server\/|#web\/build$|node:|[a-z@])/,
  cli: /^(#kernel\/|#platform\/|#domain\/|#modules\/|#server\/|#web\/build$|#sim\/|#epi\/|node:|[a-z@])/,
  test: /./,
};

/** The imports of a file that its layer forbids; relative paths may not leave the module's own folder. */
export function forbiddenImports(file: SourceFile): string[] {
  const layer = layerOf(file.path);
  return file.imports.filter((name) => {
    if (name.startsWith(".")) {
      const target = path.posix.join(path.posix.dirname(file.path), name);
      return layer !== "test" && homeOf(target) !== homeOf(file.path);
    }
    return !allowed[layer].test(name);
  });
}

/** The folder whose inside a file may reach by relative paths. */
function homeOf(file: string): string {
  const module = /^src\/modules\/(\w+)\//.exec(file);
  if (module) return file.includes("/web/") ? `${module[1]}/web` : `${module[1]}`;
  if (file.startsWith("locales/")) return "src/web";
  return file.split("/").slice(0, 2).join("/");
}

/** Test code that a file which is shipped would pull in. */
export function testImports(file: SourceFile): string[] {
  if (layerOf(file.path) === "test") return [];
  return file.imports.filter((name) => testFile.test(name) || name === "#platform/testing");
}

/** Imports of a module that stands later in the order than the file's own. */
export function upwardImports(file: SourceFile, order: readonly string[] = moduleOrder): string[] {
  const own = /^src\/modules\/(\w+)\//.exec(file.path)?.[1];
  if (own === undefined || layerOf(file.path) === "test" || layerOf(file.path) === "web") return [];
  return file.imports.filter((name) => {
    const other = /^#(?:domain|modules)\/(\w+)$/.exec(name)?.[1];
    return other !== undefined && order.indexOf(other) >= order.indexOf(own);
  });
}

/** Clock and randomness that a layer takes as arguments instead. */
export function wildTime(file: SourceFile): string[] {
  const layer = layerOf(file.path);
  if (layer === "platform" || layer === "test" || layer === "web") return [];
  return (
    file.text.match(/Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|process\.hrtime/g)?.filter(
      // Pace and timing of a run are measured on the wall, outside the outbreak's clock.
      (use) =>
        !(use === "performance.now(" && (layer === "cli" || file.path === "src/modules/drill/runner.service.ts")),
    ) ?? []
  );
}

/** The tables a migration makes. */
export function tablesOf(migration: string): string[] {
  // A name that is filled in later (`%I`) is a partition: its table is named elsewhere in the file.
  return [...migration.matchAll(/create (?:unlogged )?table (?:if not exists )?(?:public\.)?(?!if\b)(\w+)/g)].map(
    (match) => match[1] ?? "",
  );
}

/** SQL that names a table, in a string of the file; a `with` name of the file's own is not the table. */
export function namesTable(text: string, table: string): boolean {
  // Comments speak of rounds and cases too; only code can reach a table.
  const code = text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, "");
  if (new RegExp(`(?:\\bwith\\s+|\\)\\s*,\\s*)${table}\\s+as\\s*(?:materialized\\s*)?\\(`).test(code)) return false;
  return new RegExp(
    `\\b(?:from|join|into|update|truncate|copy|delete from|table)\\s+(?:only\\s+)?(?:public\\.)?${table}\\b(?!["'}])`,
  ).test(code);
}
