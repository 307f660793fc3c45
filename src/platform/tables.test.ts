import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { csvParts, readTableFile, type Table } from "./tables.ts";

const folder = mkdtempSync(path.join(tmpdir(), "wuyang-tables-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function partsOf(content: string | Buffer, rowsMax: number): Promise<Table[]> {
  const file = path.join(folder, "part.csv");
  writeFileSync(file, content);
  const parts: Table[] = [];
  for await (const part of csvParts(file, rowsMax)) parts.push(part);
  return parts;
}

describe("a CSV file in parts", () => {
  it("has the rows and lines of the same file read whole, quotes and breaks across the parts included", async () => {
    const lines = ["\uFEFFref;name;note"];
    // Longer than what is parsed at a time, with records that hold line breaks and delimiters.
    for (let i = 0; i < 90_000; i++) lines.push(`${i};"王;${i}";"第一行\n第二行 ""${"x".repeat(i % 60)}"""`);
    const file = path.join(folder, "whole.csv");
    writeFileSync(file, lines.join("\n"));
    const whole = await readTableFile(file);
    const parts = await partsOf(lines.join("\n"), 7_000);
    expect(parts.every(({ rows }) => rows.length <= 7_000)).toBe(true);
    expect(parts.length).toBeGreaterThan(12);
    expect(parts.flatMap(({ rows }) => [...rows])).toEqual(whole.rows);
    expect(new Set(parts.map(({ headings }) => headings.join()))).toEqual(new Set(["ref,name,note"]));
  });

  it("reads GB 18030, a last line without a break, and a file of headings alone", async () => {
    // 编号,姓名 / 1,王 in GB 18030.
    const bytes = Buffer.from([0xb1, 0xe0, 0xba, 0xc5, 0x2c, 0xd0, 0xd5, 0xc3, 0xfb, 0x0a, 0x31, 0x2c, 0xcd, 0xf5]);
    const [part] = await partsOf(bytes, 10);
    expect(part).toEqual({ headings: ["编号", "姓名"], rows: [{ line: 2, cells: { 编号: "1", 姓名: "王" } }] });
    expect(await partsOf("a,b\n", 10)).toEqual([]);
    expect(await partsOf("", 10)).toEqual([]);
  });

  it("refuses a quotation that never ends instead of holding it all", async () => {
    await expect(partsOf(`a,b\n1,"${"x".repeat(17_000_000)}\n`, 10)).rejects.toMatchObject({ code: "limit.exceeded" });
  });
});
