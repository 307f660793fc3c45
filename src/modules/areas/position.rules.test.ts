import { describe, expect, it } from "vitest";
import { readSheetRows } from "#kernel/sheet";
import { placedRows, positionColumns, positionFault, positionFaults } from "./position.rules.ts";

describe("AREA-8: where a place stands", () => {
  it.each([
    ["neither", {}, null, ""],
    ["neither, as nulls", { lat: null, lon: null }, null, ""],
    ["a point in Heze", { lat: 35.23, lon: 115.48 }, null, ""],
    ["the northernmost point", { lat: 53.56, lon: 123.25 }, null, ""],
    ["an island in the south", { lat: 16.83, lon: 112.34 }, null, ""],
    ["latitude alone", { lat: 35.23 }, "lon", "together"],
    ["longitude alone", { lon: 115.48, lat: null }, "lat", "together"],
    ["exchanged", { lat: 115.48, lon: 35.23 }, "lat", "exchanged"],
    ["too far north", { lat: 55, lon: 115 }, "lat", "outside"],
    ["too far west", { lat: 35, lon: 60 }, "lon", "outside"],
    ["nowhere at all", { lat: 0, lon: 0 }, "lat", "outside"],
  ] as const)("%s", (_what, position, field, why) => {
    const fault = positionFault(position);
    expect(fault?.field ?? null).toBe(field);
    expect(fault?.why.en ?? "").toContain(why);
  });

  it("names the field of each of several places", () => {
    const places = [{ lat: 35, lon: 115 }, { lat: 35 }, { lat: 1, lon: 115 }];
    expect(positionFaults(places, (i) => `/labs/${i}`, "zh-CN")).toEqual([
      { pointer: "/labs/1/lon", detail: "经纬度须同时填写或都不填" },
      { pointer: "/labs/2/lat", detail: "不在本国范围内" },
    ]);
  });

  it("reads columns by either name and leaves the bad rows out by line", () => {
    const table = {
      headings: ["纬度", "Longitude"],
      rows: [
        { line: 2, cells: { 纬度: "34.8", Longitude: "115.5" } },
        { line: 3, cells: { 纬度: "", Longitude: "" } },
        { line: 4, cells: { 纬度: "34.8", Longitude: "" } },
        { line: 5, cells: { 纬度: "91", Longitude: "115.5" } },
      ],
    };
    const read = readSheetRows(positionColumns, table, { lang: "en", within: "" });
    expect(read.faults).toEqual([{ row: 5, field: "Latitude", message: "a number from -90 to 90" }]);
    const { good, faults } = placedRows(read.good, "en");
    expect(good.map(({ row }) => row)).toEqual([
      { lat: 34.8, lon: 115.5 },
      { lat: undefined, lon: undefined },
    ]);
    expect(faults).toEqual([
      { row: 4, field: "Longitude", message: "latitude and longitude are given together or not at all" },
    ]);
  });
});
