import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadAreas } from "#modules/areas";
import { exportSheet, importSheet, type SheetDef } from "#platform/sheets";
import { runDuty } from "#platform/usecase";
import { listLabs, listSites, registerLabs, registerSites } from "./index.ts";
import { smallCity, villages, type SmallCity } from "./screening.fixture.ts";
import { sheets } from "./screening.sheets.ts";

const [urban, , rural] = villages;

/** The village's own row of the area tree; the fixture's people need none. */
function area(code: string) {
  const place = { lat: 35, lon: 115, position: "approximate" as const, population: 1_000, boundary: null };
  return { code, parentCode: null, level: "village" as const, kind: "village", name: code, nameEn: code, ...place };
}

describe("SCR-18: places of sampling and testing", () => {
  let city: SmallCity;
  beforeAll(async () => {
    city = await smallCity(1);
    await runDuty(city.world.ctx(), (tx) => loadAreas(tx, villages.map(area)));
  });
  afterAll(() => city.world.close());

  function sheet(name: string): SheetDef {
    const found = sheets.find((one) => one.name === name);
    if (!found) throw new Error(`no sheet ${name}`);
    return found;
  }

  async function take(name: string, rows: readonly Readonly<Record<string, string>>[], areaCode = "3717") {
    const headings = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const table = { headings, rows: rows.map((cells, i) => ({ line: i + 2, cells })) };
    const { taken, known, faults } = await importSheet(city.world.ctx({ areaCode }), sheet(name), table, false);
    return { taken, known, faults: faults.map(({ row, field }) => `${row} ${field}`) };
  }

  it("come as a spreadsheet: good rows stand, bad ones come back by line and column", async () => {
    const row = (编号: string, more: Record<string, string> = {}) => ({
      编号,
      区划代码: urban,
      名称: 编号,
      日检测管数: "500",
      ...more,
    });
    const rows = [
      row("L2", { 纬度: "35.2", 经度: "115.4" }),
      row("L3"),
      row("L4", { 纬度: "35.2" }),
      row("L5", { 纬度: "115.4", 经度: "35.2" }),
      row("L3"),
      row("L6", { 区划代码: "371702999" }),
    ];
    expect(await take("screening-labs", rows)).toEqual({
      taken: 2,
      known: 0,
      faults: ["4 Longitude", "5 Latitude", "6 Code", "7 Area code"],
    });
    const { items } = await listLabs(city.world.ctx(), { areaCode: "371702" });
    expect(items.map(({ code, lat, lon }) => [code, lat, lon])).toEqual([
      ["L2", 35.2, 115.4],
      ["L3", null, null],
    ]);
    expect(await take("screening-labs", [row("L3", { 纬度: "35.3", 经度: "115.3" })])).toMatchObject({ known: 1 });
    const file = await exportSheet(city.world.ctx(), sheet("screening-labs"), {}, "csv");
    expect(String(file.text)).toContain("L3,371702001201,L3,L3,35.3,115.3,500");
  });

  it("never take the code of another county's place", async () => {
    const rows = [{ 编号: "S1", 区划代码: rural, 名称: "别处" }];
    expect(await take("screening-sites", rows, "371721")).toEqual({ taken: 0, known: 0, faults: ["2 Code"] });
    const site = await city.world.sql.one("select name, area_code from site where code = 'S1'");
    expect(site).toEqual({ name: "第一采样点", area_code: urban });
  });

  it("AREA-8: a half or foreign position is refused at its field", async () => {
    const lab = { code: "L9", areaCode: "3717", name: "市立医院", capacityTubesDay: 10 };
    await expect(
      registerLabs(city.world.ctx(), { areaCode: "3717", labs: [lab, { ...lab, code: "L8", lat: 35.2 }] }),
    ).rejects.toMatchObject({ code: "request.invalid", fields: [{ pointer: "/labs/1/lon" }] });
    const site = { code: "S9", areaCode: urban, name: "采样点", lat: 48.8, lon: 2.3 };
    await expect(registerSites(city.world.ctx(), { areaCode: "3717", sites: [site] })).rejects.toMatchObject({
      fields: [{ pointer: "/sites/0/lon" }],
    });
    await expect(
      registerSites(city.world.ctx(), { areaCode: "371721", sites: [{ ...site, lat: 35, lon: 115 }] }),
    ).rejects.toMatchObject({ fields: [{ pointer: "/sites/0/areaCode" }] });
    await registerLabs(city.world.ctx(), { areaCode: "3717", labs: [{ ...lab, lat: 35.25, lon: 115.44 }] });
    const { items } = await listLabs(city.world.ctx(), {});
    expect(items.find(({ code }) => code === "L9")).toMatchObject({ lat: 35.25, lon: 115.44 });
    expect((await listSites(city.world.ctx(), {})).items.map(({ code }) => code)).not.toContain("S9");
  });
});
