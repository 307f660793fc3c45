import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { preparation } from "#platform/distribute";
import { placements } from "#platform/placement";
import { layerOf, sourceFiles } from "../layers.ts";
import { functionsOf, type DatabaseFunction } from "./functions.ts";
import { reachOf, type Verdict } from "./reach.ts";
import type { Ground } from "./scope.ts";
import { sqlTexts } from "./texts.ts";
import { parse } from "./tree.ts";

/** The project's own statements: those of its sources and those of its database functions. */

const root = path.join(import.meta.dirname, "../..");
const schema = readFileSync(path.join(root, "migrations/schema.sql"), "utf8");

export const spreadTables = Object.entries(placements).flatMap(([name, place]) =>
  place.kind === "distributed" ? [name] : [],
);

/** What is not in the schema: the catalog, the job queue's tables, those of a load or of a batch, and the rows a trigger is given. */
const others =
  /^(?:pg_|information_schema\.|graphile_worker\.|public\.)|_load$|^link_(?:batch|decided|found)$|^(?:new|old)_(?:rows|beds)$/;

export const ground: Ground = {
  placements,
  columns: new Map(
    [...schema.matchAll(/^table (\w+) \((.*)\)$/gm)].map(([, table = "", columns = ""]) => [
      table,
      new Set(columns.split(", ").map((column) => (column.split(" ")[0] ?? "").replaceAll('"', ""))),
    ]),
  ),
  fenced: new Set([...schema.matchAll(/^policy \w+ on (\w+) /gm)].map(([, table]) => table ?? "")),
  others,
  variables: new Set(),
};

export const tables: readonly string[] = [...ground.columns.keys()];

/** One statement and what was read of it. */
export interface Read extends Verdict {
  readonly place: string;
}

export interface Everything {
  readonly reads: readonly Read[];
  readonly faults: readonly string[];
  readonly loose: readonly string[];
}

/** Files that hold SQL for the shipped program; a drill's database is its own and never spread. */
function files(): string[] {
  return ["src/modules", "src/platform", "src/server", "src/cli"]
    .flatMap((folder) => sourceFiles(root, folder))
    .map((file) => file.path)
    .filter(
      (file) => file.endsWith(".ts") && !/test|web/.test(layerOf(file)) && !file.startsWith("src/modules/drill/"),
    );
}

/** Packed days are loaded into tables that become parts of these; read under the name of what they are part of. */
const asPart = (text: string): string => text.replaceAll(/\b(visit_by_\w+?)_new_⟪[^⟫]*⟫/g, "$1");

export function readSources(): Everything {
  const reads: Read[] = [];
  const faults: string[] = [];
  const loose: string[] = [];
  for (const file of files()) {
    const found = sqlTexts(root, file, spreadTables);
    loose.push(...found.loose);
    for (const { place, text, isPart } of found.texts) {
      const parsed = parse(asPart(text));
      if ("fault" in parsed) {
        if (!isPart) faults.push(`${place}: ${parsed.fault}`);
        continue;
      }
      for (const tree of parsed.trees) {
        const verdict = reachOf(tree, ground);
        // A part of other statements has holes that are filled there.
        if (!isPart || (verdict.unknown.length === 0 && !text.includes("⟪"))) reads.push({ place, ...verdict });
      }
    }
  }
  return { reads, faults, loose };
}

/** The functions of a prepared database, as the last of the files has each. */
export function databaseFunctions(): DatabaseFunction[] {
  const folder = path.join(root, "migrations");
  const migrations = readdirSync(folder)
    .filter((name) => /^\d{6}_/.test(name))
    .toSorted()
    .map((name) => readFileSync(path.join(folder, name), "utf8"));
  return [...functionsOf([...migrations, preparation()]).values()];
}

/** What is read of one function, with what Citus refuses of it as a whole. */
export function readFunction(made: DatabaseFunction, on: Ground = ground): Read[] {
  const reads = made.statements.map((tree) => ({
    place: made.name,
    ...reachOf(tree, { ...on, variables: made.variables }),
  }));
  const reached = reads.flatMap((read) => read.reaches.map(({ table }) => table));
  if (reached.length === 0) return reads;
  const refusals: string[] = [];
  // «could not create distributed plan … use of parameters in SQL functions, which is not supported in Citus» (its
  // source, planner/distributed_planner.c); PL/pgSQL gives the values, unless it is told to plan without them.
  if (made.language === "sql" && made.variables.size > 0) refusals.push("a function in SQL with parameters");
  if (made.settings.get("plan_cache_mode") === "force_generic_plan") refusals.push("a plan for any value");
  // A function's own settings are no statements, and only `set local` reaches the other machines (fence.ts).
  if (made.settings.has("wuyang.lo") && reached.some((table) => on.fenced.has(table)))
    refusals.push("bounds of row-level security as a setting of the function");
  return [...reads, { place: made.name, reaches: [], refusals, unknown: [] }];
}
