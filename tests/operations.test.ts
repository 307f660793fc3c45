import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { FormField } from "#kernel/form";
import { modules } from "#server/modules";
import { operationsOf } from "#server/operations";

const operations = [...operationsOf(modules).values()];
const folder = path.join(import.meta.dirname, "../locales/zh-CN");
const words = new Map<string, unknown>();

/** The word of a dotted key in the Chinese locale; the locales test holds the other language against it. */
function wordAt(key: string): unknown {
  const [file = "", ...rest] = key.split(".");
  if (!words.has(file)) words.set(file, JSON.parse(readFileSync(path.join(folder, `${file}.json`), "utf8")));
  return rest.reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], words.get(file));
}

function everyField(fields: readonly FormField[]): FormField[] {
  return fields.flatMap((field) => [field, ...everyField(field.fields ?? [])]);
}

describe("forms made from the API's schemas", () => {
  const fields = operations.flatMap((operation) =>
    everyField([...operation.params, ...operation.fields]).map((field) => ({ of: operation.id, field })),
  );

  it("has a name for every operation in words", () => {
    expect(operations.length).toBeGreaterThan(200);
    expect(operations.map(({ id }) => id).filter((id) => typeof wordAt(`operation.${id}`) !== "string")).toEqual([]);
  });

  it("has a word for every field and every value of a choice", () => {
    const unnamed = fields.filter(({ field }) => typeof wordAt(`field.${field.name}`) !== "string");
    expect(unnamed.map(({ of, field }) => `${of}: ${field.name}`)).toEqual([]);
    const unsaid = fields.flatMap(({ of, field }) =>
      (field.values ?? [])
        .filter((value) => !value.includes(".") && typeof wordAt(`${field.words}.${value}`) !== "string")
        .map((value) => `${of}: ${field.words}.${value}`),
    );
    expect(unsaid).toEqual([]);
  });

  it("has no word of an operation that is gone", () => {
    const known = new Set(operations.map(({ id }) => id));
    const said = Object.keys(JSON.parse(readFileSync(path.join(folder, "operation.json"), "utf8")) as object);
    expect(said.filter((id) => !known.has(id))).toEqual([]);
  });
});
