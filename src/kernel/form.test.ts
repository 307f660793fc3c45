import Type from "typebox";
import { describe, expect, it } from "vitest";
import { formFields, type BodySchema } from "./form.ts";

const words = (name: string): string => `words.${name}`;
const fieldsOf = (schema: object) => formFields(schema as BodySchema, words);

describe("a form read from a schema", () => {
  const cases: readonly [string, object, object][] = [
    ["a text", { name: Type.String({ maxLength: 50 }) }, { name: "name", required: true, kind: "text", max: 50 }],
    [
      "a long text",
      { story: Type.String({ maxLength: 900 }) },
      { name: "story", required: true, kind: "long", max: 900 },
    ],
    ["an area", { areaCode: Type.Optional(Type.String()) }, { name: "areaCode", required: false, kind: "area" }],
    ["a day", { on: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" }) }, { name: "on", required: true, kind: "day" }],
    ["a moment", { at: Type.String({ format: "date-time" }) }, { name: "at", required: true, kind: "moment" }],
    [
      "a whole number",
      { seats: Type.Integer({ minimum: 1, maximum: 60 }) },
      { name: "seats", required: true, kind: "number", whole: true, min: 1, max: 60 },
    ],
    [
      "a choice",
      { to: Type.Union([Type.Literal("a"), Type.Literal("b")]) },
      { name: "to", required: true, kind: "choice", values: ["a", "b"], words: "words.to" },
    ],
    [
      "a value or nothing",
      { code: Type.Union([Type.String(), Type.Null()]) },
      { name: "code", required: true, nullable: true, kind: "text" },
    ],
    [
      "numbers, one or more",
      { ids: Type.Array(Type.Integer(), { minItems: 1 }) },
      { name: "ids", required: true, kind: "list", min: 1, numbers: true, whole: true },
    ],
    [
      "rows",
      { lines: Type.Array(Type.Object({ sure: Type.Boolean() }), { maxItems: 9 }) },
      {
        name: "lines",
        required: true,
        kind: "rows",
        max: 9,
        fields: [{ name: "sure", required: true, kind: "switch" }],
      },
    ],
    [
      "a group",
      { title: Type.Object({ en: Type.String() }) },
      { name: "title", required: true, kind: "group", fields: [{ name: "en", required: true, kind: "text" }] },
    ],
    ["marks", { facts: Type.Record(Type.String(), Type.Boolean()) }, { name: "facts", required: true, kind: "flags" }],
  ];
  it.each(cases)("asks for %s", (_, properties, field) => {
    expect(fieldsOf(Type.Object(properties as never))).toEqual([field]);
  });

  it("asks for nothing where there is no body", () => {
    expect(formFields(undefined, words)).toEqual([]);
  });
});
