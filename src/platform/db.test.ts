import { describe, expect, it } from "vitest";
import { instantText } from "./db.ts";

describe("a moment as PostgreSQL writes it", () => {
  it.each([
    ["2022-07-24 00:30:00+00", "2022-07-24T00:30:00.000Z"],
    ["2022-07-24 00:30:00.5+00", "2022-07-24T00:30:00.500Z"],
    ["2022-07-24 23:59:59.123456+00", "2022-07-24T23:59:59.123Z"],
    ["2022-07-24 23:59:59.07+00", "2022-07-24T23:59:59.070Z"],
    ["0099-12-31 00:00:00+00", "0099-12-31T00:00:00.000Z"],
  ])("%s is the instant %s, as a Date would have it", (text, instant) => {
    expect(instantText(text)).toBe(instant);
    expect(instantText(text)).toBe(new Date(text.replace(" ", "T").replace("+00", "Z")).toISOString());
  });

  it("leaves what is no moment to a Date, which refuses it", () => {
    expect(() => instantText("infinity")).toThrow(RangeError);
  });
});
