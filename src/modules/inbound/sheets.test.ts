import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportSheet, importSheet, type SheetDef } from "#platform/sheets";
import type { TestWorld } from "#platform/testing";
import { inboundWorld, village } from "./inbound.fixture.ts";
import { sheets } from "./sheets.ts";

describe("sheets of inbound control", () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await inboundWorld();
  });
  afterEach(() => world.close());

  function sheet(name: string): SheetDef {
    const found = sheets.find((one) => one.name === name);
    if (!found) throw new Error(`no sheet ${name}`);
    return found;
  }

  async function take(name: string, headings: readonly string[], rows: readonly (readonly string[])[]) {
    const table = {
      headings: [...headings],
      rows: rows.map((values, i) => ({
        line: i + 2,
        cells: Object.fromEntries(headings.map((heading, k) => [heading, values[k] ?? ""])),
      })),
    };
    const { taken, known, bad, faults } = await importSheet(world.ctx(), sheet(name), table, false);
    return { taken, known, bad, lines: faults.map((fault) => fault.row) };
  }

  async function text(name: string): Promise<string> {
    const file = await exportSheet(world.ctx({ reason: "export" }), sheet(name), {}, "csv");
    return String(file.text);
  }

  it("key regions: a level in either language; an end before its beginning comes back", async () => {
    const headings = ["地区代码或国家", "名称", "等级", "起始日期", "终止日期", "来源"];
    const rows = [
      ["320411", "甲区", "高", "2022-07-20", "", "通报"],
      ["341502", "乙区", "low", "2022/7/20", "2022-07-19", "通报"],
      ["341503", "丙区", "很高", "2022-07-20", "", "通报"],
    ];
    expect(await take("inbound-key-regions", headings, rows)).toEqual({ taken: 1, known: 0, bad: 2, lines: [3, 4] });
    expect(await text("inbound-key-regions")).toContain("320411");
  });

  it("letters: one letter for each reference, its good people entered; sent again they are known", async () => {
    const headings = ["来函单位", "函号", "目的地区划代码", "姓名", "来源地", "离开日期"];
    const rows = [
      ["外市疾控", "15号", village, "甲", "320411", "2022-07-24"],
      ["外市疾控", "15号", village, "乙", "320411", "2022-07-24"],
      ["外市疾控", "16号", "371721100299", "丙", "320411", "2022-07-24"],
    ];
    expect(await take("inbound-letters", headings, rows)).toEqual({ taken: 2, known: 0, bad: 1, lines: [4] });
    expect(await take("inbound-letters", headings, rows)).toMatchObject({ taken: 0, known: 2 });
    expect(await world.sql.many("select reference, state from inbound_letter")).toEqual([
      { reference: "15号", state: "open" },
    ]);
    expect(await text("inbound-letters")).toContain("乙");
  });

  it("closed loop: posts are made as they are named; unknown people and trades come back", async () => {
    await world.sql.run(
      `insert into person (id, area_code, name, sex, register, registered_at) values (7, $1, 'P', 'unknown', 'test', '2022-07-01')`,
      [village],
    );
    const headings = ["区划代码", "岗位编号", "岗位名称", "行业", "人员编号"];
    const rows = [
      [village, "C1", "冷库", "coldChain", "7"],
      [village, "C1", "冷库", "coldChain", "8"],
      [village, "C2", "诗社", "诗人", "7"],
    ];
    expect(await take("inbound-closed-loop", headings, rows)).toEqual({ taken: 1, known: 0, bad: 2, lines: [3, 4] });
    expect(await take("inbound-closed-loop", headings, rows)).toMatchObject({ taken: 0, known: 1, bad: 2 });
    expect(await text("inbound-closed-loop")).toContain("C1");
    expect(await text("inbound-passes")).toContain("At");
    expect(await text("inbound-declarations")).toContain("Number");
  });

  it("INB-12: checkpoints come with their place, a known one is moved, a half or foreign place comes back", async () => {
    const headings = ["编号", "区划代码", "名称", "道路", "类别", "纬度", "经度"];
    const rows = [
      ["K1", village, "北卡口", "G1511", "公路", "34.9", "115.5"],
      ["K2", village, "车站", "曹县站", "station", "", ""],
      ["K3", village, "半个", "G105", "公路", "34.9", ""],
      ["K4", village, "国外", "G105", "公路", "48.8", "2.3"],
      ["K5", "371721100299", "无此村", "G105", "公路", "", ""],
    ];
    expect(await take("inbound-checkpoints", headings, rows)).toEqual({ taken: 2, known: 0, bad: 3, lines: [4, 5, 6] });
    const moved = [["K2", village, "车站", "曹县站", "station", "34.8", "115.6"]];
    expect(await take("inbound-checkpoints", headings, moved)).toMatchObject({ taken: 0, known: 1 });
    expect(await world.sql.many("select code, lat, lon from inbound_checkpoint order by code")).toEqual([
      { code: "K1", lat: 34.9, lon: 115.5 },
      { code: "K2", lat: 34.8, lon: 115.6 },
    ]);
    expect(await text("inbound-checkpoints")).toContain("34.8,115.6");
  });
});
