import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { distribute, placements, placementStatements } from "#platform/placement";
import { testWorld, type TestWorld } from "#platform/testing";
import { namesTable, sourceFiles } from "./layers.ts";

const root = path.join(import.meta.dirname, "..");
const schema = readFileSync(path.join(root, "migrations/schema.sql"), "utf8");
const tables = [...schema.matchAll(/^table (\w+)/gm)].map((match) => match[1] ?? "");
const distributed = Object.entries(placements).flatMap(([name, place]) =>
  place.kind === "distributed" ? [{ name, by: place.by }] : [],
);

/** Strings of a store that name a distributed table and not its column, with the reason why that may be. */
const fanOuts: Readonly<Record<string, string>> = {
  "auditor/invariants.store.ts sample": "an audit of every row asks every shard by its nature",
  "people/arrivals.store.ts person": "the owners of a phone: an index lookup on each shard",
  "people/homes.store.ts person": "counts the people of villages: one pass over each shard",
  "people/people.store.ts person":
    "one number looked for by its hash, an index lookup on each shard; and the count of an area",
  "people/counts.store.ts person": "counts an area's people by division: one pass over each shard",
  "screening/boxes.store.ts sample": "the members of a box's tubes: an index lookup a tube on each shard",
  "screening/evidence.store.ts person": "why a count differs: one pass over each shard, only where one does",
  "screening/evidence.store.ts sample": "why a count differs: one pass over each shard, only where one does",
  "screening/recount.store.ts person": "the night's count of every round: one pass over each shard",
  "screening/recount.store.ts sample": "the night's count of every round: one pass over each shard",
  "screening/recount.store.ts absence": "the night's count of every round: one pass over each shard",
  "screening/rounds.store.ts person": "who is due in a round, counted once when it opens: one pass over each shard",
  "screening/tubes.store.ts sample": "the members of a few tubes: an index lookup a tube on each shard",
};

/** The strings of a source text; one that holds another's template is taken whole. */
function strings(text: string): string[] {
  return [...text.matchAll(/`[^`]*`|"(?:[^"\\\n]|\\.)*"/g)].map((match) => match[0]);
}

function offences(): string[] {
  const stores = sourceFiles(root, "src/modules").filter(({ path: file }) => file.endsWith(".store.ts"));
  return stores.flatMap((file) =>
    distributed.flatMap(({ name, by }) => {
      const bad = strings(file.text).filter((text) => namesTable(text, name) && !new RegExp(`\\b${by}\\b`).test(text));
      return bad.length > 0 ? [`${path.basename(path.dirname(file.path))}/${path.basename(file.path)} ${name}`] : [];
    }),
  );
}

describe("the plan of distribution", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld();
  });
  afterAll(() => world.close());

  it("names every table of the schema and no other", () => {
    expect(Object.keys(placements).toSorted()).toEqual(tables.toSorted());
  });

  it("distributes by a column that every key of the table holds, as Citus asks", () => {
    for (const { name, by } of distributed) {
      const keys = [...schema.matchAll(new RegExp(`^constraint \\w+ on ${name}: (?:PRIMARY KEY|UNIQUE) (.*)$`, "gm"))];
      for (const [line, columns] of keys) expect(columns, line).toMatch(new RegExp(`\\b${by}\\b`));
      expect(schema, name).toMatch(new RegExp(`^table ${name} \\(.*\\b${by} `, "m"));
    }
  });

  it("makes one statement a table that does not stay local, and says what is missing without Citus", async () => {
    const moved = Object.values(placements).filter(({ kind }) => kind !== "local");
    expect(placementStatements()).toHaveLength(moved.length);
    await expect(distribute(world.sql)).rejects.toThrow("The extension citus is not in this database");
  });
});

describe("the statements of the stores", () => {
  it("name the distribution column, or are listed with the reason", () => {
    expect(offences().toSorted()).toEqual(Object.keys(fanOuts).toSorted());
  });
});
