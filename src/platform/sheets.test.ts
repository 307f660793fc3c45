import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { numberColumn, rowFault, textColumn, type ReadRow } from "#kernel/sheet";
import type { ModuleDef } from "./module.ts";
import { cursorKey, pageOf, pageSize } from "./paging.ts";
import {
  defineSheet,
  exportSheet,
  importSheet,
  importSheetParts,
  sheetRoutes,
  templateOf,
  type ExportQuery,
} from "./sheets.ts";
import { readTable, type Table } from "./tables.ts";
import { testWorld, type TestWorld } from "./testing.ts";
import { useCase } from "./usecase.ts";

const columns = {
  name: textColumn({ "zh-CN": "名称", en: "Name" }, { example: "大米" }),
  count: numberColumn({ "zh-CN": "数量", en: "Count" }, { min: 1, max: 1_000 }),
};

/** Stores each good row as a setting; a forbidden thing is a fault that only the service can find. */
const takeThings = useCase(
  { name: "probe.takeThings", permission: "probe.thing.write", kind: "write" },
  async (tx, { rows }: { rows: readonly ReadRow<typeof columns>[] }) => {
    const faults = [];
    let taken = 0;
    for (const { line, row } of rows) {
      if (row.name === "forbidden") {
        faults.push(rowFault(columns.name, line, { "zh-CN": "不收", en: "is not taken" }, tx.lang));
        continue;
      }
      taken += await tx.sql.run(
        "insert into setting (name, value) values ($1, to_jsonb($2::int)) on conflict do nothing",
        [`thing-${row.name}`, row.count],
      );
    }
    return { taken, known: rows.length - taken - faults.length, faults };
  },
);

interface Thing {
  readonly name: string;
  readonly count: number;
}

const listThings = useCase(
  { name: "probe.listThings", permission: "probe.thing.read", kind: "read", personal: true },
  async (tx, query: ExportQuery) => {
    const limit = pageSize(query.limit);
    const [after] = cursorKey(query.cursor, 1) ?? [""];
    const rows = await tx.sql.many<Thing>(
      `select substr(name, 7) as name, value::int as count from setting
        where name like 'thing-%' and name > $1 order by name limit $2`,
      [after === "" ? "" : `thing-${after}`, limit + 1],
    );
    return pageOf(rows, limit, (row) => [row.name]);
  },
);

const things = defineSheet<typeof columns, Thing>({
  name: "probe-things",
  title: { "zh-CN": "物品", en: "Things" },
  tag: "probe",
  columns,
  take: takeThings,
  out: [
    { heading: columns.name.heading, value: (row) => row.name },
    { heading: columns.count.heading, value: (row) => row.count },
  ],
  list: listThings,
});

const probe: ModuleDef = {
  name: "probe",
  permissions: ["probe.thing.read", "probe.thing.write"],
  register() {},
  routes: [],
  sheets: [things],
};

const csv = (...lines: string[]) => readTable(Buffer.from(lines.join("\n")), "csv");

describe("a sheet", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ modules: [probe] });
  });
  afterAll(() => world.close());
  beforeEach(() => world.sql.run("delete from setting where name like 'thing-%'"));

  const stored = async () =>
    (await world.sql.one<{ n: number }>("select count(*)::int as n from setting where name like 'thing-%'")).n;

  it("takes the good rows and gives the bad ones back as they came, with what is wrong", async () => {
    const table = await csv("Name,Count,Shelf", "rice,3,A1", "oil,many,B2", "forbidden,1,C3");
    const outcome = await importSheet(world.ctx(), things, table, false);
    expect(outcome).toMatchObject({ rows: 3, taken: 1, known: 0, bad: 2 });
    expect(outcome.faults.map(({ row, field }) => [row, field])).toEqual([
      [3, "Count"],
      [4, "Name"],
    ]);
    expect(await stored()).toBe(1);
    const back = await readTable(Buffer.from(outcome.badRows), "csv");
    expect(back.headings).toEqual(["Name", "Count", "Shelf", "what is wrong", "line"]);
    expect(back.rows.map(({ cells }) => cells)).toEqual([
      {
        Name: "oil",
        Count: "many",
        Shelf: "B2",
        "what is wrong": "Count: a whole number from 1 to 1000",
        line: "3",
      },
      { Name: "forbidden", Count: "1", Shelf: "C3", "what is wrong": "Name: is not taken", line: "4" },
    ]);
  });

  it("the mended rows alone can be sent, and a row sent again is known", async () => {
    await importSheet(world.ctx(), things, await csv("Name,Count", "rice,3", "oil,many"), false);
    const again = await csv("Name,Count,what is wrong,line", "oil,4,Count: a whole number,3", "rice,3,,2");
    expect(await importSheet(world.ctx(), things, again, false)).toMatchObject({
      taken: 1,
      known: 1,
      bad: 0,
      badRows: "",
    });
    expect(await stored()).toBe(2);
  });

  it("a dry run says the same and writes nothing", async () => {
    const table = await csv("名称,数量", "rice,3", "forbidden,1");
    const tried = await importSheet(world.ctx(), things, table, true);
    expect(tried).toMatchObject({ rows: 2, taken: 1, bad: 1 });
    expect(await stored()).toBe(0);
    expect(await importSheet(world.ctx(), things, table, false)).toEqual(tried);
    expect(await stored()).toBe(1);
  });

  it("a file in parts is the same file: good rows are kept, bad ones come back under one heading in their order", async () => {
    const lines = Array.from({ length: 95 }, (_, i) => `thing ${i},${i % 10 === 3 ? "many" : 1}`);
    async function* parts(): AsyncGenerator<Table> {
      const { headings, rows } = await csv("Name,Count", ...lines);
      for (let at = 0; at < rows.length; at += 7) yield { headings, rows: rows.slice(at, at + 7) };
    }
    let bad = "";
    const onBadRows = (text: string): void => void (bad += text);
    const tried = await importSheetParts(world.ctx(), things, parts(), { dryRun: true, onBadRows });
    expect([tried, await stored()]).toEqual([{ rows: 95, taken: 85, known: 0, bad: 10 }, 0]);
    bad = "";
    expect(await importSheetParts(world.ctx(), things, parts(), { dryRun: false, onBadRows })).toEqual(tried);
    expect(await stored()).toBe(85);
    const back = await readTable(Buffer.from(bad), "csv");
    expect(back.rows.map(({ cells }) => cells["Name"])).toEqual(
      Array.from({ length: 10 }, (_, i) => `thing ${10 * i + 3}`),
    );
  });

  it("a missing column is told once, and no row is taken", async () => {
    const outcome = await importSheet(world.ctx(), things, await csv("Name", "rice"), false);
    expect(outcome).toMatchObject({ taken: 0, bad: 1, faults: [{ row: 1, field: "Count" }] });
    expect(outcome.badRows).toContain("the table has no such column");
  });

  it("needs the permission of its use case", async () => {
    const ctx = world.ctx({ permissions: ["probe.thing.read"] });
    await expect(importSheet(ctx, things, await csv("Name,Count", "rice,3"), false)).rejects.toMatchObject({
      code: "auth.forbidden",
    });
    await expect(exportSheet(world.ctx(), things, {}, "csv")).rejects.toMatchObject({ code: "auth.reasonRequired" });
  });

  it.each(["xlsx", "csv"] as const)(
    "its %s template reads back as a table whose example is a good row",
    async (format) => {
      const file = await templateOf(things, "zh-CN", format);
      const table = await readTable(Buffer.from(file.text), format);
      expect(file.fileName).toBe(`物品.${format}`);
      expect(table.headings).toEqual(["名称", "数量"]);
      expect(await importSheet(world.ctx(), things, table, true)).toMatchObject({ rows: 1, taken: 1, bad: 0 });
    },
  );

  it.each(["xlsx", "csv"] as const)(
    "its %s export holds every page of the list, and begins no formula",
    async (format) => {
      await world.sql.run(
        `insert into setting (name, value)
       select 'thing-' || lpad(i::text, 4, '0'), to_jsonb(i) from generate_series(1, 450) i`,
      );
      await world.sql.run("insert into setting (name, value) values ('thing-=1+1', '7')");
      const file = await exportSheet(world.ctx({ reason: "stocktaking" }), things, {}, format);
      const { headings, rows } = await readTable(Buffer.from(file.text), format);
      expect(headings).toEqual(["Name", "Count"]);
      expect(rows).toHaveLength(451);
      expect(new Set(rows.map(({ cells }) => cells["Name"])).size).toBe(451);
      if (format === "csv") expect(rows.map(({ cells }) => cells["Name"])).toContain("'=1+1");
    },
  );

  it("has the routes it can serve, and no others", () => {
    const urls = (sheet: typeof things) => sheetRoutes(sheet).map(({ method, url }) => `${method} ${url}`);
    expect(urls(things)).toEqual([
      "GET /api/v1/sheets/probe-things/template",
      "POST /api/v1/sheets/probe-things/import",
      "GET /api/v1/sheets/probe-things/export",
    ]);
    expect(urls({ ...things, giving: null })).toHaveLength(2);
    expect(urls({ ...things, taking: null })).toEqual(["GET /api/v1/sheets/probe-things/export"]);
  });
});
