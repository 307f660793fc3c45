import { describe, expect, it } from "vitest";
import type { FormField } from "./form.ts";
import { fieldPath, pathOf, sentBody, shownForm } from "./form-values.ts";

const zone = "Asia/Shanghai";
const fields: readonly FormField[] = [
  { name: "note", kind: "text", required: false },
  { name: "at", kind: "moment", required: true },
  { name: "holder", kind: "text", required: true, nullable: true },
  { name: "ids", kind: "list", required: true, numbers: true },
  { name: "facts", kind: "flags", required: true },
  { name: "title", kind: "group", required: false, fields: [{ name: "en", kind: "text", required: true }] },
  { name: "lines", kind: "rows", required: true, min: 1, fields: [{ name: "sure", kind: "switch", required: true }] },
];

describe("what a form sends", () => {
  it("says moments as instants, nothing as null where that means none, and leaves the empty out", () => {
    const typed = { note: "  ", at: "2022-08-01T08:30", ids: ["7", "8"], facts: ["ct"], title: {}, lines: [{}] };
    expect(sentBody(fields, typed, zone)).toEqual({
      at: "2022-08-01T00:30:00.000Z",
      holder: null,
      ids: [7, 8],
      facts: { ct: true },
      lines: [{ sure: false }],
    });
  });

  it("shows what it would send again", () => {
    const body = {
      at: "2022-08-01T00:30:00.000Z",
      holder: "m1",
      ids: [7],
      facts: { ct: true },
      lines: [{ sure: true }],
    };
    expect(sentBody(fields, shownForm(fields, body, zone), zone)).toEqual(body);
  });

  it("opens the first row of a list that needs one", () => {
    expect(shownForm(fields, {}, zone)["lines"]).toEqual([{}]);
  });

  it("puts the record's id into the path, escaped", () => {
    expect(pathOf("/api/v1/zones/:id/lift", { id: "a/b" })).toBe("/api/v1/zones/a%2Fb/lift");
  });

  it("finds the field that a pointer names, inside a row too", () => {
    expect(fieldPath("/lines/0/quantity")).toEqual(["lines", 0, "quantity"]);
    expect(fieldPath("/areaCode")).toEqual(["areaCode"]);
  });
});
