import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importCases, importCasesFromFile } from "#modules/cases";
import { chains, importContacts, importContactsFromFile } from "./index.ts";
import { tracingWorld, type TracingWorld } from "./testing.world.ts";

const here = import.meta.dirname;
const folder = join(here, "../../../../shared/data/outbreaks/tianjin_singapore");
const absent = existsSync(folder) ? "" : ` (skipped: the line lists are not at ${folder})`;
const caseMapping = (name: string): string =>
  readFileSync(join(here, "../cases/mappings", `${name}.cases.yaml`), "utf8");
const contactMapping = (name: string): string => readFileSync(join(here, "mappings", `${name}.contacts.yaml`), "utf8");

const caseHead = "case_id,sex,age,date_onset,date_confirm,exposure_start,exposure_end,severity,died,infection_source\n";

describe("importing who met whom (TRACE-13)", () => {
  let world: TracingWorld;
  beforeAll(async () => {
    world = await tracingWorld();
    const text = `${caseHead}A,F,50,2020-01-10,2020-01-20,,,normal,,\nB,M,51,2020-01-12,2020-01-21,,,normal,,\nC,M,20,2020-01-15,2020-01-22,,,normal,,\n`;
    await importCases(world.ctx(), { text, mapping: caseMapping("tianjin"), dryRun: false });
  });
  afterAll(() => world.close());

  it("names rows whose ends are no cases, and writes nothing in a dry run", async () => {
    const text = "infector,infectee,source_text\nA,B,wife of A\nA,Z,son\nA,A,self\n,C,x\n";
    const report = await importContacts(world.ctx(), { text, mapping: contactMapping("tianjin"), dryRun: true });
    expect(report).toMatchObject({ rows: 4, taken: 1, bad: 3 });
    expect(report.errors.map((error) => `${error.line} ${error.field} ${error.message}`)).toEqual([
      "3 to names no case of this outbreak",
      "4 to is the same as from",
      "5 from is empty but needed",
    ]);
    expect(await world.sql.many("select 1 from case_link")).toHaveLength(0);
  });

  it("of two possible infectors the first to fall ill is taken; the meeting is judged by the protocol", async () => {
    const text = "infector,infectee,source_text\nB,C,colleague of B\nA,C,family of A\nA,B,shopping in the mall\n";
    const input = { text, mapping: contactMapping("tianjin"), dryRun: false };
    expect(await importContacts(world.ctx(), input)).toMatchObject({ taken: 3, known: 0 });
    expect(await importContacts(world.ctx(), input)).toMatchObject({ taken: 0, known: 3 });
    const { nodes, edges, clusters } = await chains(world.ctx(), {});
    const ref = new Map(nodes.map((node) => [node.id, node.ref]));
    expect(edges.map((edge) => `${ref.get(edge.from)}→${ref.get(edge.to)} ${edge.serialDays}`).toSorted()).toEqual([
      "A→B 2",
      "A→C 5",
    ]);
    expect(clusters).toMatchObject([{ size: 3, generations: 2 }]);
    const rows = await world.sql.many(
      "select p.ref, kind, setting, rule_id, state from contact join person p on p.id = person_id order by 1",
    );
    expect(rows).toEqual([
      { ref: "B", kind: "close", setting: "shop", rule_id: "CC", state: "converted" },
      { ref: "C", kind: "close", setting: "household", rule_id: "CC", state: "converted" },
    ]);
  });
});

type Raw = Readonly<Record<string, string>>;

/** Reads the raw file without this system's reader: the files quote only cells that hold a comma. */
function raw(name: string): Raw[] {
  const [heading = "", ...lines] = readFileSync(join(folder, `${name}.csv`), "utf8")
    .trim()
    .split(/\r?\n/);
  const columns = heading.split(",");
  return lines.map((line) => {
    const cells = [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map((match) => match[1] ?? match[2] ?? "");
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? ""]));
  });
}

/** Sizes of the connected groups, by walking from each person; people without a link are groups of one. */
function groupSizes(names: readonly string[], pairs: readonly (readonly [string, string])[]): number[] {
  const left = new Set(names);
  const sizes: number[] = [];
  for (const start of names) {
    if (!left.delete(start)) continue;
    const queue = [start];
    for (const at of queue)
      for (const [a, b] of pairs) {
        const next = a === at ? b : b === at ? a : undefined;
        if (next !== undefined && left.delete(next)) queue.push(next);
      }
    sizes.push(queue.length);
  }
  return sizes.toSorted((a, b) => b - a);
}

async function imported(name: string): Promise<TracingWorld> {
  const world = await tracingWorld();
  await importCasesFromFile(world.ctx(), {
    file: join(folder, `${name}_linelist_clean.csv`),
    mapping: name,
    dryRun: false,
  });
  const file = join(folder, `${name}_contacts_clean.csv`);
  const rows = raw(`${name}_contacts_clean`).length;
  const dry = await importContactsFromFile(world.ctx(), { file, mapping: name, dryRun: true });
  expect(dry).toMatchObject({ rows, taken: rows, bad: 0 });
  const real = await importContactsFromFile(world.ctx(), { file, mapping: name, dryRun: false });
  expect(real).toMatchObject({ taken: rows, bad: 0 });
  return world;
}

async function classCounts(world: TracingWorld): Promise<Record<string, number>> {
  const rows = await world.sql.many<{ kind: string; n: number }>(
    "select kind, count(*)::int as n from contact group by 1 order by 1",
  );
  return Object.fromEntries(rows.map((row) => [row.kind, row.n]));
}

// The expected figures are counted here from the raw files, with nothing of this system.
describe.skipIf(absent !== "")(`the published links${absent}`, () => {
  it("tianjin: infectors, generations, cluster sizes, serial intervals, settings and classes are those of the raw file", async () => {
    const world = await imported("tianjin");
    try {
      const people = new Map(
        raw("tianjin_linelist_clean").map((row, i) => [
          row["case_id"] ?? "",
          {
            when: row["date_onset"] || row["date_confirm"] || "",
            onset: row["date_onset"],
            day: row["date_confirm"] ?? "",
            i,
          },
        ]),
      );
      const links = raw("tianjin_contacts_clean").map(
        (row) => [row["infector"] ?? "", row["infectee"] ?? "", row["source_text"] ?? ""] as const,
      );
      const first = (a: string, b: string): number => {
        const [x, y] = [people.get(a), people.get(b)];
        if (!x || !y) throw new Error("a link names nobody");
        return x.when.localeCompare(y.when) || x.day.localeCompare(y.day) || x.i - y.i;
      };
      const infector = new Map<string, string>();
      for (const infectee of new Set(links.map((link) => link[1]))) {
        const possible = links
          .filter((link) => link[1] === infectee)
          .map((link) => link[0])
          .filter(
            (name) => !(links.some((link) => link[0] === infectee && link[1] === name) && first(infectee, name) < 0),
          );
        const [chosen] = possible.toSorted(first);
        if (chosen !== undefined) infector.set(infectee, chosen);
      }
      const generation = (name: string): number => (infector.has(name) ? 1 + generation(infector.get(name) ?? "") : 0);
      const { nodes, edges, clusters, links: shown } = await chains(world.ctx(), {});
      const ref = new Map(nodes.map((node) => [node.id, node.ref ?? ""]));
      expect(nodes).toHaveLength(people.size);
      expect(shown).toHaveLength(links.length);
      expect(Object.fromEntries(edges.map((edge) => [ref.get(edge.to) ?? "", ref.get(edge.from)]))).toEqual(
        Object.fromEntries(infector),
      );
      expect(Object.fromEntries(nodes.map((node) => [node.ref ?? "", node.generation]))).toEqual(
        Object.fromEntries([...people.keys()].map((name) => [name, generation(name)])),
      );
      expect(clusters.map((cluster) => cluster.size)).toEqual(
        groupSizes(
          [...people.keys()],
          links.map((link) => [link[0], link[1]]),
        ),
      );
      const onset = (name: string): number => Date.parse(people.get(name)?.onset || "none") / 86_400_000;
      const serial = [...infector]
        .map(([to, from]) => onset(to) - onset(from))
        .filter((days) => !Number.isNaN(days))
        .toSorted((a, b) => a - b);
      expect(edges.flatMap((edge) => edge.serialDays ?? []).toSorted((a, b) => a - b)).toEqual(serial);
      const words = {
        household: /famil|\bwife|whife|sband|\bson\b|daughter|duaghtor|mother|father|brother|sister/,
        work: /cowork|colleag|workplace/,
        gathering: /relative/,
        shop: /shop|mall/,
      };
      const counted: Record<string, number> = {};
      for (const [, , text] of links) {
        const setting = Object.entries(words).find(([, pattern]) => pattern.test(text.toLowerCase()))?.[0] ?? "other";
        counted[setting] = (counted[setting] ?? 0) + 1;
      }
      const bySetting = Object.fromEntries(
        (
          await world.sql.many<{ setting: string; n: number }>(
            "select setting, count(*)::int as n from case_link group by 1",
          )
        ).map((row) => [row.setting, row.n]),
      );
      expect(bySetting).toEqual(counted);
      // Every setting the bulletins name is, for an hour together, near contact.
      expect(await classCounts(world)).toEqual({ close: new Set(links.map((link) => link[1])).size });
    } finally {
      await world.close();
    }
  });

  it("singapore: links without direction give clusters and classes, and invent no infector", async () => {
    const world = await imported("singapore");
    try {
      const people = raw("singapore_linelist_clean");
      const links = raw("singapore_contacts_clean").map(
        (row) => [row["case_a"] ?? "", row["case_b"] ?? "", row["kind"] ?? ""] as const,
      );
      const { nodes, edges, clusters, links: shown } = await chains(world.ctx(), {});
      expect([nodes.length, edges.length, shown.length]).toEqual([people.length, 0, links.length]);
      expect(clusters.map((cluster) => cluster.size)).toEqual(
        groupSizes(
          people.map((row) => row["CaseID"] ?? ""),
          links.map((link) => [link[0], link[1]]),
        ),
      );
      const order = people
        .map((row) => ({
          id: row["CaseID"] ?? "",
          when: row["date_onset_symptoms"] || row["date_confirmation"] || "",
          day: row["date_confirmation"] ?? "",
        }))
        .toSorted((a, b) => a.when.localeCompare(b.when) || a.day.localeCompare(b.day))
        .map((row) => row.id);
      // Equal days are ordered by the line list itself, which the stable sort keeps.
      const later = (a: string, b: string): string => (order.indexOf(a) > order.indexOf(b) ? a : b);
      const near = new Set(links.filter((link) => link[2] === "related").map((link) => later(link[0], link[1])));
      const same = new Set(links.map((link) => later(link[0], link[1])).filter((name) => !near.has(name)));
      expect(await classCounts(world)).toEqual({ close: near.size, general: same.size });
    } finally {
      await world.close();
    }
  });
});
