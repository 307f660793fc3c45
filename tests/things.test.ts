import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { thingsZh } from "#kernel/things";

const root = path.join(import.meta.dirname, "../src");

/** Every word by which the code names a record that is missing or there already. */
function named(): Set<string> {
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  const words = new Set<string>();
  for (const file of sources) {
    const text = readFileSync(path.join(root, file), "utf8");
    for (const match of text.matchAll(/"record\.(?:notFound|duplicate)", \{ what: ([^}]+)\}/g))
      for (const word of (match[1] ?? "").matchAll(/"([^"]+)"/g)) words.add(word[1] ?? "");
    for (const match of text.matchAll(/\bmissing\("([^"]+)"\)/g)) words.add(match[1] ?? "");
  }
  return words;
}

describe("records that are not there", () => {
  it("are named in Chinese, every one, and no word stands here for nothing", () => {
    const words = named();
    expect(words.size).toBeGreaterThan(50);
    expect([...words].filter((word) => !(word in thingsZh))).toEqual([]);
    expect(Object.keys(thingsZh).filter((word) => !words.has(word))).toEqual([]);
  });
});
