import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as cases } from "#modules/cases";
import { module as outbreaks, startOutbreak } from "#modules/outbreaks";
import { listSources, module as people, openRegister } from "#modules/people";
import { module as tasks } from "#modules/tasks";
import { module as tracing } from "#modules/tracing";
import { module as venues } from "#modules/venues";
import { testWorld, type TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import { outcomeText, runImport, writeErrors, type ImportOrder } from "../src/cli/import.command.ts";

const root = path.join(import.meta.dirname, "..");
const lists = path.join(root, "..", "shared", "data", "outbreaks", "tianjin_singapore");
const absent = existsSync(lists) ? "" : ` (skipped: the line lists are not at ${lists})`;

let world: TestWorld;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "wuyang-import-"));
  world = await testWorld({ modules: [areas, outbreaks, people, tasks, venues, cases, tracing] });
  await runDuty(world.ctx(), async (tx) => {
    const where = { name: "天津", nameEn: "Tianjin", areaCode: "12", timeZone: "Asia/Shanghai" };
    await startOutbreak(tx, { ...where, protocolId: "covid-19.cn-9" });
  });
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

function fileOf(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function count(table: string): Promise<number> {
  return (await world.sql.one<{ n: number }>(`select count(*)::int as n from ${table}`)).n;
}

describe("wuyang import", () => {
  it("areas: a dry run writes nothing, --apply writes the good rows, the bad ones stand in a file", async () => {
    const text = "code,name,level\n12,天津市,city\n120101,和平区,county\n,坏,county\n";
    const order: ImportOrder = { kind: "areas", file: fileOf("areas.csv", text), apply: false };
    const checked = await runImport(world.ctx(), order);
    expect(checked).toMatchObject({ rows: 3, taken: 2, bad: 1 });
    expect(await count("area")).toBe(0);
    const errorPath = writeErrors(order.file, checked);
    expect(readFileSync(errorPath, "utf8")).toMatch(/^\uFEFFrow,field,message\n4,code,/);
    expect(outcomeText(order, checked, errorPath)).toMatch(/^3 rows read: 2 would be taken, .*dry run/s);
    expect(await runImport(world.ctx(), { ...order, apply: true })).toMatchObject({ taken: 2, bad: 1 });
    expect(await world.sql.many("select code, name from area order by code")).toEqual([
      { code: "12", name: "天津市" },
      { code: "120101", name: "和平区" },
    ]);
    const mended = fileOf("areas.csv", "code,name,level\n12,天津市,city\n");
    writeErrors(mended, await runImport(world.ctx(), { ...order, apply: true }));
    expect(existsSync(errorPath)).toBe(false);
  });

  it("people: need a register, and are found again when the file comes twice", async () => {
    const text = "ref,area_code,name,sex\nP1,120101,甲,male\nP2,120101,乙,female\nP3,,丙,male\n";
    const order: ImportOrder = { kind: "people", file: fileOf("people.csv", text), apply: true };
    await expect(runImport(world.ctx(), order)).rejects.toThrow("--register");
    const household: ImportOrder = { ...order, register: "household" };
    expect(await runImport(world.ctx(), household)).toMatchObject({ rows: 3, taken: 2, known: 0, bad: 1 });
    expect(await runImport(world.ctx(), household)).toMatchObject({ rows: 3, taken: 0, known: 2, bad: 1 });
    expect(await count("person")).toBe(2);
  });

  it("a register's rows come in parts, however many; bad ones stand in a file by line and field", async () => {
    await runDuty(world.ctx(), (tx) =>
      tx.sql.run(
        "insert into area (code, parent_code, level, kind, name, name_en) values ('120102', '12', 'county', 'county', '河东', 'Hedong')",
      ),
    );
    await openRegister(world.ctx(), { code: "HUKOU", kind: "population", owner: "公安局", areaCode: "12" });
    const lines = ["来源编码,编号,村居代码,姓名,出生日期,证件号码"];
    for (let i = 0; i < 60_000; i++) lines.push(`HUKOU,${i},120102,甲${i},1990-01-01,`);
    lines[50_500] = "HUKOU,x,120102,乙,1990-02-30,";
    lines[59_000] = "NONE,y,120102,丙,,";
    const order: ImportOrder = {
      kind: "people-register-entries",
      file: fileOf("hukou.csv", lines.join("\n")),
      apply: true,
    };
    const outcome = await runImport(world.ctx(), order);
    expect(outcome).toMatchObject({ rows: 60_000, taken: 59_998, known: 0, bad: 2 });
    const back = readFileSync(writeErrors(order.file, outcome), "utf8").trim().split("\n");
    expect(back).toEqual([
      expect.stringContaining("来源编码,编号,村居代码,姓名,出生日期,证件号码"),
      expect.stringMatching(/^HUKOU,x,.*birth_date.*,50501$/),
      expect.stringMatching(/^NONE,y,.*register.*,59001$/),
    ]);
    expect(await count("person_entry")).toBe(59_998);
    expect((await listSources(world.ctx(), {})).items).toMatchObject([{ code: "HUKOU", entries: 59_998, withId: 0 }]);
    expect(await runImport(world.ctx(), order)).toMatchObject({ taken: 0, known: 59_998, bad: 2 });
  });

  it("cases: need a mapping, and a mapping that is wrong is named by its place", async () => {
    const order: ImportOrder = { kind: "cases", file: fileOf("cases.csv", "case_id\n1\n"), apply: false };
    await expect(runImport(world.ctx(), order)).rejects.toThrow("--map");
    const map = fileOf("map.yaml", "format: cases\n");
    await expect(runImport(world.ctx(), { ...order, map })).rejects.toMatchObject({ code: "request.invalid" });
  });
});

describe.skipIf(absent !== "")(`the published Tianjin lists${absent}`, () => {
  /** Rows of a file counted without this system's reader. */
  const rowsOf = (name: string) => readFileSync(path.join(lists, name), "utf8").trim().split(/\r?\n/).length - 1;

  it("cases, then contacts: dry run, then stored, every row", async () => {
    const line: ImportOrder = {
      kind: "cases",
      file: path.join(lists, "tianjin_linelist_clean.csv"),
      map: "tianjin",
      apply: false,
    };
    const rows = rowsOf("tianjin_linelist_clean.csv");
    const before = await count("case_record");
    expect(await runImport(world.ctx(), line)).toMatchObject({ rows, taken: rows, known: 0, bad: 0, errorFile: "" });
    expect(await count("case_record")).toBe(before);
    expect(await runImport(world.ctx(), { ...line, apply: true })).toMatchObject({ taken: rows, bad: 0 });
    expect(await count("case_record")).toBe(before + rows);
    const linksFile = "tianjin_contacts_clean.csv";
    const links: ImportOrder = { kind: "contacts", file: path.join(lists, linksFile), map: "tianjin", apply: true };
    expect(await runImport(world.ctx(), links)).toMatchObject({ rows: rowsOf(linksFile), taken: rowsOf(linksFile) });
    expect(await count("case_link")).toBe(rowsOf(linksFile));
    expect(await runImport(world.ctx(), links)).toMatchObject({ taken: 0, known: rowsOf(linksFile) });
  });
});
