import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { delays, importCases, listCases } from "./index.ts";
import { caseWorld, type CaseWorld } from "./testing.world.ts";

const mappingOf = (name: string): string =>
  readFileSync(join(import.meta.dirname, "mappings", `${name}.cases.yaml`), "utf8");
const folder = join(import.meta.dirname, "../../../../shared/data/outbreaks/tianjin_singapore");
const absent = existsSync(folder) ? "" : ` (skipped: the line lists are not at ${folder})`;

const mapping = mappingOf("tianjin");
const head = "case_id,sex,age,date_onset,date_confirm,exposure_start,exposure_end,severity,died,infection_source\n";

describe("importing a line list (CASE-15)", () => {
  let world: CaseWorld;
  beforeAll(async () => {
    world = await caseWorld();
  });
  afterAll(() => world.close());

  it("names every bad row by line and field, and gives them back as a file", async () => {
    const text = `${head}A1,F,59,2020-01-14,2020-01-21,,,severe,,mall\nA2,F,x,14/01/2020,,,,odd,,mall\nA1,M,30,,2020-01-22,,,normal,,mall\n`;
    const report = await importCases(world.ctx(), { text, mapping, dryRun: true });
    expect(report).toMatchObject({ dryRun: true, rows: 3, taken: 1, known: 0, bad: 2 });
    expect(report.errors.map((error) => `${error.line} ${error.field}`)).toEqual([
      "3 age",
      "3 severity",
      "3 onsetDay",
      "3 diagnosedDay",
      "4 ref",
    ]);
    expect(report.errorFile.split("\n")[0]).toBe(`${head.trim()},line,error`);
    expect(report.errorFile).toContain("A2,F,x");
    expect(report.errorFile).not.toContain("59");
    expect(await world.sql.many("select 1 from case_record")).toHaveLength(0);
  });

  it("refuses a mapping that is wrong, with the place, and rows outside the actor's area", async () => {
    await expect(
      importCases(world.ctx(), { text: head, mapping: "format: cases\n", dryRun: true }),
    ).rejects.toMatchObject({ code: "request.invalid" });
    const text = `${head}A1,F,59,2020-01-14,2020-01-21,,,severe,,mall\n`;
    expect((await importCases(world.ctx({ areaCode: "3717" }), { text, mapping, dryRun: true })).errors).toEqual([
      { line: 2, field: "areaCode", message: "lies outside your area" },
    ]);
  });

  it("takes the good rows once; sending the file again changes nothing", async () => {
    const text = `${head}A1,F,59,2020-01-14,2020-01-21,,,severe,,Wuhan\nA2,M,40,,2020-01-20,,,unclassfied,10/02/2020,mall\n`;
    expect(await importCases(world.ctx(), { text, mapping, dryRun: false })).toMatchObject({
      taken: 2,
      known: 0,
      bad: 0,
      errorFile: "",
    });
    expect(await importCases(world.ctx(), { text, mapping, dryRun: false })).toMatchObject({ taken: 0, known: 2 });
    const rows = await world.sql.many(
      "select ref, number, state, severity, provenance, outcome, age from case_record order by ref",
    );
    expect(rows).toEqual([
      {
        ref: "A1",
        number: 2,
        state: "confirmed",
        severity: "severe",
        provenance: "inbound",
        outcome: "inCare",
        age: 59,
      },
      { ref: "A2", number: 1, state: "confirmed", severity: null, provenance: "clinic", outcome: "died", age: 40 },
    ]);
    expect(
      await world.sql.one("select count(*)::int as n from event where name in ('cases.imported', 'cases.preliminary')"),
    ).toEqual({ n: 1 });
    const person = await world.sql.one("select ref, id_hash, register from person where ref = 'A1'");
    expect(person).toEqual({ ref: "A1", id_hash: null, register: "tianjin-2020" });
  });
});

type Raw = Readonly<Record<string, string>>;

/** Reads the raw file without this system's reader: both files quote only cells that hold a comma. */
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

/** Whole days from one column to another of the rows that have both. */
function daysOf(rows: readonly Raw[], from: string, to: string): number[] {
  return rows
    .filter((row) => row[from] && row[to])
    .map((row) => (Date.parse(row[to] ?? "") - Date.parse(row[from] ?? "")) / 86_400_000)
    .toSorted((a, b) => a - b);
}

function figures(days: readonly number[]) {
  const at = (share: number): number => {
    const place = share * (days.length - 1);
    const low = days[Math.floor(place)] ?? 0;
    return low + (place % 1) * ((days[Math.ceil(place)] ?? 0) - low);
  };
  return {
    n: days.length,
    meanDays: expect.closeTo(days.reduce((a, b) => a + b, 0) / days.length, 6) as number,
    medianDays: expect.closeTo(at(0.5), 6) as number,
    p90Days: expect.closeTo(at(0.9), 6) as number,
    negative: days.filter((d) => d < 0).length,
  };
}

// The expected figures are counted here from the raw files, with nothing of this system.
describe.skipIf(absent !== "")(`the published line lists${absent}`, () => {
  it.each([
    ["tianjin", "tianjin_linelist_clean", { onset: "date_onset", diagnosed: "date_confirm" }],
    [
      "singapore",
      "singapore_linelist_clean",
      {
        onset: "date_onset_symptoms",
        diagnosed: "date_confirmation",
        quarantined: "date_quarantine",
        admitted: "date_hospital",
        outcome: "date_discharge",
      },
    ],
  ] as const)("%s: every row comes in, and the delays are those of the raw file", async (name, file, columns) => {
    const world = await caseWorld();
    try {
      const rows = raw(file);
      const text = readFileSync(join(folder, `${file}.csv`), "utf8");
      const input = { text, mapping: mappingOf(name) };
      expect(await importCases(world.ctx(), { ...input, dryRun: true })).toMatchObject({
        rows: rows.length,
        taken: rows.length,
        bad: 0,
      });
      expect(await importCases(world.ctx(), { ...input, dryRun: false })).toMatchObject({ taken: rows.length, bad: 0 });
      const pairs = Object.entries(columns);
      for (const [from, fromColumn] of pairs)
        for (const [to, toColumn] of pairs)
          if (from !== to)
            expect(await delays(world.ctx(), { from, to } as never), `${from} → ${to}`).toEqual(
              figures(daysOf(rows, fromColumn, toColumn)),
            );
      const page = await listCases(world.ctx(), { limit: 200 });
      expect(page.items).toHaveLength(rows.length);
      const inbound = rows.filter((row) =>
        /wuhan|hubei/i.test(row["infection_source"] ?? row["travel_history"] ?? ""),
      ).length;
      expect(page.items.filter((row) => row.provenance === "inbound")).toHaveLength(inbound);
    } finally {
      await world.close();
    }
  });
});
