import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTable } from "#platform/tables";
import { testWorld, type TestWorld } from "#platform/testing";
import { useCase } from "#platform/usecase";
import type { AreaRow } from "./domain.ts";
import { isInside, splitByWeight, splitName, squareKilometres } from "./domain.ts";
import {
  areaAncestors,
  areaBoundaries,
  areaNames,
  buildAreas,
  getArea,
  importAreas,
  importOfficialAreas,
  listAreas,
  module,
  searchAreas,
} from "./index.ts";

const shared = "../shared/data/heze";
const zones = [
  { code: "371721", population: 1_384_282, name: { "zh-CN": "曹县", en: "Cao County" } },
  { code: "371771", population: 412_353, position: { lat: 35.20826, lon: 115.55329 } },
];

describe("names", () => {
  it.each([
    ["前韩村民委员会", "前韩村", "Village"],
    ["楼庄镇", "楼庄镇", "Town"],
    ["兴隆社区居委会", "兴隆社区", "Community"],
    ["红旗村民委会", "红旗村", "Village"],
    ["村", "村", ""],
  ])("AREA-2: %s is called %s", (official, short, english) => {
    expect(splitName(official)).toMatchObject({ short, english });
  });
});

describe("splitByWeight", () => {
  it("AREA-6: adds to the total exactly", () => {
    expect(splitByWeight(10, [1, 1, 1])).toEqual([4, 3, 3]);
    expect(splitByWeight(7, [0, 0])).toEqual([0, 0]);
  });
});

describe("the official tree of a city", () => {
  let rows: AreaRow[] = [];
  beforeAll(async () => {
    rows = await buildAreas("3717");
  });
  const at = (level: string): AreaRow[] => rows.filter((row) => row.level === level);

  it("has 11 county-level units, 167 towns and 5,040 villages with their codes", () => {
    expect(["city", "county", "town", "village"].map((level) => at(level).length)).toEqual([1, 11, 167, 5040]);
    const kinds = (kind: string): number => rows.filter((row) => row.kind === kind).length;
    expect([kinds("subdistrict"), kinds("town"), kinds("township")]).toEqual([34, 127, 6]);
    expect(kinds("developmentZone")).toBe(2);
    expect(at("county").map((row) => row.code)).toEqual(expect.arrayContaining(["371771", "371772"]));
    expect(rows.find((row) => row.code === "371721101301")).toMatchObject({
      name: "前韩村",
      nameEn: "Qianhan Village",
      parentCode: "371721101",
    });
  });

  it("AREA-4: places every town and village inside its county, the same each time", async () => {
    const shapes = new Map(at("county").map((row) => [row.code, row.boundary]));
    for (const row of [...at("town"), ...at("village")]) {
      const boundary = shapes.get(row.code.slice(0, 6));
      expect(row.position).toBe("approximate");
      if (boundary) expect(isInside(boundary, [row.lon ?? 0, row.lat ?? 0]), row.code).toBe(true);
    }
    expect(await buildAreas("3717")).toEqual(rows);
  });

  it("AREA-5: places a zone without a boundary around its middle, inside the county it was cut from", async () => {
    const own = await buildAreas("3717", zones);
    const zone = own.find((row) => row.code === "371771");
    expect(zone).toMatchObject({ lat: 35.20826, lon: 115.55329, boundary: null, position: "approximate" });
    const towns = own.filter((row) => row.level === "town" && row.parentCode === "371771");
    const host = at("county").find((row) => row.boundary && isInside(row.boundary, [115.55329, 35.20826]));
    for (const town of towns) expect(isInside(host?.boundary ?? [], [town.lon ?? 0, town.lat ?? 0])).toBe(true);
  });

  it("AREA-6: keeps only the census units' areas and splits their people exactly", async () => {
    const own = await buildAreas("3717", zones);
    expect(own.filter((row) => row.level === "county")).toHaveLength(2);
    const people = (level: string): number =>
      own.filter((row) => row.level === level).reduce((n, row) => n + row.population, 0);
    expect(["city", "county", "town", "village"].map(people)).toEqual(Array(4).fill(1_384_282 + 412_353));
    expect(Math.min(...own.filter((row) => row.level === "village").map((row) => row.population))).toBeGreaterThan(50);
    expect(own.find((row) => row.code === "371721")?.nameEn).toBe("Cao County");
  });

  it("builds a county-level city as a root of its own", async () => {
    const own = await buildAreas("371082");
    expect(own[0]).toMatchObject({ code: "371082", parentCode: null, level: "county" });
    expect(own.every((row) => row.lat !== null)).toBe(true);
  });

  it.skipIf(!existsSync(shared))("AREA-3: agrees with the independently made divisions and boundaries", () => {
    const lines = readFileSync(`${shared}/heze-divisions.csv`, "utf8").trim().split("\n").slice(1);
    const listed = lines.map((line) => line.split(",")).filter((cells) => cells[3] !== "city");
    expect(new Map(listed.map((cells) => [cells[0], splitName(cells[1] ?? "").short]))).toEqual(
      new Map(rows.filter((row) => row.level !== "city").map((row) => [row.code, row.name])),
    );
    const { features } = JSON.parse(readFileSync(`${shared}/heze-counties.geojson`, "utf8")) as {
      features: { properties: { code: string; area_km2: number } }[];
    };
    // Mudan and Dingtao are drawn whole here; the two zones are cut out of them there.
    for (const { properties } of features.filter(
      (f) => !["371702", "371703", "371771", "371772"].includes(f.properties.code),
    )) {
      const boundary = at("county").find((row) => row.code === properties.code)?.boundary ?? [];
      expect(squareKilometres(boundary) / properties.area_km2, properties.code).toBeCloseTo(1, 1);
    }
  });
});

describe("areas in the store", () => {
  let world: TestWorld;
  const ask = useCase({ name: "test.ask", permission: "areas.area.read", kind: "read" }, async (tx) => ({
    names: await areaNames(tx, ["371721", "nowhere"]),
    up: await areaAncestors(tx, ["371721123224"]),
  }));
  beforeAll(async () => {
    world = await testWorld({ modules: [module] });
    await importOfficialAreas(world.ctx(), { code: "3717", units: zones });
  });
  afterAll(() => world.close());

  it("pages the areas below a parent and answers one, by name or by code", async () => {
    const first = await listAreas(world.ctx(), { parent: "371721", limit: 20 });
    const second = await listAreas(world.ctx(), { parent: "371721", limit: 20, cursor: first.next ?? "" });
    expect(first.items).toHaveLength(20);
    const codes = [...first.items, ...second.items].map((area) => area.code);
    expect(codes).toEqual([...new Set(codes)].toSorted());
    expect((await listAreas(world.ctx(), {})).items.map((area) => area.code)).toEqual(["3717"]);
    expect((await searchAreas(world.ctx(), { text: "前韩" })).map((area) => area.code)).toContain("371721101301");
    expect(await searchAreas(world.ctx(), { text: "100%" })).toEqual([]);
    await expect(getArea(world.ctx(), { code: "9" })).rejects.toMatchObject({ code: "record.notFound" });
    const answer = await ask(world.ctx(), {});
    expect(answer.names).toEqual(
      new Map([
        ["371721", "Cao County"],
        ["nowhere", "nowhere"],
      ]),
    );
    expect(answer.up.get("371721123224")).toEqual(["371721123", "371721", "3717"]);
  });

  it("gives the counties' boundaries as GeoJSON and again after an import", async () => {
    const text = await areaBoundaries(world.ctx(), { level: "county" });
    const { features } = JSON.parse(text) as { features: { id: string; geometry: { type: string } }[] };
    expect(features.map((feature) => feature.id)).toEqual(["371721"]);
    await importOfficialAreas(world.ctx(), { code: "371702" });
    expect(await areaBoundaries(world.ctx(), { level: "county" })).not.toBe(text);
  });

  it("AREA-7: tries an import, then stores the good rows and names the bad ones", async () => {
    const csv =
      "代码,名称,人口,纬度,经度\n371721900,试验镇,100,34.9,115.4\n371721900001,甲村民委员会,60,,\n371721900002,,40,,\n" +
      "371721900003,丙村,many,95,\n";
    const table = await readTable(Buffer.from(csv), "csv");
    const input = { table, dryRun: true, areaCode: "371721" };
    expect(await importAreas(world.ctx(), input)).toMatchObject({ total: 4, good: 2, bad: 2, stored: 0 });
    expect(await world.sql.many("select 1 from area where code = '371721900'")).toHaveLength(0);
    const result = await importAreas(world.ctx({ areaCode: "371721" }), { ...input, dryRun: false });
    expect(result.stored).toBe(2);
    expect(result.errors.map((error) => [error.row, error.field])).toEqual([
      [4, "name"],
      [5, "population"],
      [5, "lat"],
      [5, "lat"],
    ]);
    expect(
      await world.sql.many("select name, parent_code from area where code > '371721900' and code < '3717219001'"),
    ).toEqual([{ name: "甲村", parent_code: "371721900" }]);
  });

  it("AREA-1, I10: refuses an import outside one's jurisdiction, as a whole or by the row", async () => {
    const table = await readTable(Buffer.from("code,name\n371702900,越界镇\n"), "csv");
    const county = world.ctx({ areaCode: "371721" });
    await expect(importAreas(county, { table, dryRun: false, areaCode: "371702" })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    expect((await importAreas(county, { table, dryRun: false, areaCode: "371721" })).errors[0]?.field).toBe("code");
    await expect(
      importAreas(world.ctx({ permissions: [] }), { table, dryRun: true, areaCode: "" }),
    ).rejects.toMatchObject({
      code: "auth.forbidden",
    });
  });
});

describe("readTable", () => {
  it("reads semicolons, byte order marks and GB 18030", async () => {
    const utf = await readTable(Buffer.from("\uFEFFcode;name\n1;甲\n\n2;乙\n"), "csv");
    expect(utf).toMatchObject({
      headings: ["code", "name"],
      rows: [{ line: 2, cells: { code: "1", name: "甲" } }, { line: 4 }],
    });
    // 代码,名称 / 1,曹县 in GB 18030, as Chinese spreadsheets save it.
    const gb = Buffer.from("b4fac2eb2cc3fbb3c60a312cb2dccfd80a", "hex");
    expect((await readTable(gb, "csv")).rows[0]?.cells).toEqual({ 代码: "1", 名称: "曹县" });
  });
});
