import { describe, expect, it } from "vitest";
import {
  areaColumn,
  choiceColumn,
  dayColumn,
  momentColumn,
  numberColumn,
  optional,
  readSheetRows,
  rowFault,
  textColumn,
  yesNoColumn,
  type Column,
  type SheetFacts,
} from "./sheet.ts";

const heading = { "zh-CN": "列", en: "Column" };
const facts: SheetFacts = { lang: "en", within: "3717" };
const wordsOf = { food: { "zh-CN": "食品", en: "Food" }, medicine: { "zh-CN": "药品", en: "Medicine" } };

/** The value of a cell, or the fault's text in English. */
function read(of: Column<unknown>, text: string): unknown {
  const answer = of.read(text, facts);
  return "fault" in answer ? `fault: ${answer.fault.en}` : answer.value;
}

describe("the columns of a sheet", () => {
  it("a text has a longest length, and a needed cell may not be empty", () => {
    const of = textColumn(heading, { max: 3 });
    expect(read(of, "abc")).toBe("abc");
    expect(read(of, "abcd")).toBe("fault: text, at most 3 characters");
    expect(read(of, "")).toBe("fault: must be filled in");
  });

  it.each([
    ["12", 12],
    ["1,200", 1200],
    ["1，200", 1200],
    ["0", "fault: a whole number from 1 to 5000"],
    ["5001", "fault: a whole number from 1 to 5000"],
    ["1.5", "fault: a whole number from 1 to 5000"],
    ["many", "fault: a whole number from 1 to 5000"],
  ])("a number %s reads as %s", (text, value) => {
    expect(read(numberColumn(heading, { min: 1, max: 5_000 }), text)).toBe(value);
  });

  it("a number with decimals keeps them", () => {
    expect(read(numberColumn(heading, { decimals: true }), "36.6")).toBe(36.6);
  });

  it.each([
    ["2022-07-24", "2022-07-24"],
    ["2022/7/4", "2022-07-04"],
    ["2022年7月24日", "2022-07-24"],
    ["20220724", "2022-07-24"],
    ["2022-07-24T00:00:00", "2022-07-24"],
    ["2022-02-30", "fault: a day, such as 2022-07-24"],
    ["24.07.2022", "fault: a day, such as 2022-07-24"],
  ])("a day %s reads as %s", (text, value) => {
    expect(read(dayColumn(heading), text)).toBe(value);
  });

  it.each([
    ["2022-07-24 08:30", "2022-07-24 08:30"],
    ["2022/07/24 08:30:59", "2022-07-24 08:30"],
    ["2022-07-24T08:30:00", "2022-07-24 08:30"],
    ["2022-07-24 24:00", "fault: a moment, such as 2022-07-24 08:30"],
    ["2022-13-24 08:30", "fault: a moment, such as 2022-07-24 08:30"],
    ["2022-07-24", "fault: a moment, such as 2022-07-24 08:30"],
  ])("a moment %s reads as %s", (text, value) => {
    expect(read(momentColumn(heading), text)).toBe(value);
  });

  it("an area lies in the area of the import", () => {
    expect(read(areaColumn(heading), "371721123201")).toBe("371721123201");
    expect(read(areaColumn(heading), "3702")).toBe("fault: lies outside the area of this import");
    expect(read(areaColumn(heading), "曹县")).toBe("fault: is not an area code");
  });

  it("a choice is written as its word in either language or as the value, and shown as the word", () => {
    const of = choiceColumn(heading, wordsOf);
    expect(["food", "食品", "FOOD", "药品"].map((text) => read(of, text))).toEqual([
      "food",
      "food",
      "food",
      "medicine",
    ]);
    expect(read(of, "toys")).toBe("fault: one of Food, Medicine");
    expect([of.show("food", "zh-CN"), of.show("medicine", "en"), of.show(null, "en")]).toEqual([
      "食品",
      "Medicine",
      null,
    ]);
  });

  it("yes and no in either language", () => {
    const of = yesNoColumn(heading);
    expect(["是", "Yes", "1", "否", "n", "false"].map((text) => read(of, text))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(read(of, "perhaps")).toBe("fault: yes or no");
    expect([of.show(true, "zh-CN"), of.show(false, "en"), of.show(undefined, "en")]).toEqual(["是", "no", null]);
  });

  it("an optional cell may be empty, but what stands in it must read", () => {
    const of = optional(dayColumn(heading));
    expect(of.required).toBe(false);
    expect(read(of, "")).toBeUndefined();
    expect(read(of, "soon")).toBe("fault: a day, such as 2022-07-24");
  });
});

describe("readSheetRows", () => {
  const sheet = {
    name: textColumn({ "zh-CN": "名称", en: "Name" }, { also: ["品名"] }),
    count: numberColumn({ "zh-CN": "数量", en: "Count" }),
    note: optional(textColumn({ "zh-CN": "备注", en: "Note" })),
  };
  const table = (headings: string[], ...rows: string[][]) => ({
    headings,
    rows: rows.map((cells, index) => ({
      line: index + 2,
      cells: Object.fromEntries(headings.map((text, column) => [text, cells[column] ?? ""])),
    })),
  });

  it.each([[["名称", "数量"]], [["NAME", "count"]], [["品名", "Count"]]])("knows the headings %j", (headings) => {
    const { good, faults } = readSheetRows(sheet, table(headings, ["rice", "3"]), facts);
    expect(good).toEqual([{ line: 2, row: { name: "rice", count: 3, note: undefined } }]);
    expect(faults).toEqual([]);
  });

  it("keeps the good rows and names each bad cell by line and column", () => {
    const { good, faults } = readSheetRows(
      sheet,
      table(["名称", "数量", "备注"], ["rice", "3", "x"], ["", "many", ""], [" oil ", "1", ""]),
      { ...facts, lang: "zh-CN" },
    );
    expect(good.map(({ line, row }) => [line, row.name])).toEqual([
      [2, "rice"],
      [4, "oil"],
    ]);
    expect(faults.map(({ row, field }) => [row, field])).toEqual([
      [3, "名称"],
      [3, "数量"],
    ]);
    expect(JSON.stringify(faults)).not.toContain("many");
  });

  it("takes no row when a needed column is missing, and says which", () => {
    const { good, faults } = readSheetRows(sheet, table(["名称"], ["rice"]), facts);
    expect(good).toEqual([]);
    expect(faults).toEqual([{ row: 1, field: "Count", message: "the table has no such column" }]);
  });

  it("a service's own fault is named the same way", () => {
    const message = { "zh-CN": "没有", en: "is unknown" };
    expect(rowFault(sheet.name, 7, message, "en")).toEqual({ row: 7, field: "Name", message: "is unknown" });
    expect(rowFault(null, 7, message, "zh-CN")).toEqual({ row: 7, field: "", message: "没有" });
  });
});
