import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorCatalogue } from "#kernel/errors";
import { describeSchema } from "#platform/schema";
import { testWorld, type TestWorld } from "#platform/testing";
import { errorsPage, referencePages } from "#server/reference";

const root = path.join(import.meta.dirname, "..");
const folder = path.join(root, "docs/reference");

describe("docs/reference (write it anew with «npm run wuyang -- docs»)", () => {
  const pages = referencePages();

  it("holds the pages that are made from the code and no others", () => {
    expect(readdirSync(folder).toSorted()).toEqual(Object.keys(pages).toSorted());
  });

  it.each(Object.keys(pages))("%s is fresh", (name) => {
    expect(readFileSync(path.join(folder, name), "utf8")).toBe(pages[name]);
  });

  it("every error of the catalogue is on its page, and every code on the page is in the catalogue", () => {
    const text = readFileSync(path.join(folder, "errors.md"), "utf8");
    const codes = [...text.matchAll(/^\| <a id="([\w.]+)">/gm)].map((match) => match[1]);
    expect(codes).toEqual(Object.keys(errorCatalogue).toSorted());
    expect(errorsPage({ ...errorCatalogue, "made.up": errorCatalogue["auth.required"] })).not.toBe(text);
  });
});

describe("migrations/schema.sql (write it anew with «npm run wuyang -- db schema»)", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld();
  });
  afterAll(() => world.close());

  it("is what the migrations add up to", async () => {
    const fresh = await describeSchema(world.sql);
    expect(readFileSync(path.join(root, "migrations/schema.sql"), "utf8")).toBe(fresh);
    await world.sql.script("alter table setting add column planted text");
    expect(await describeSchema(world.sql)).not.toBe(fresh);
  });
});

describe("words", () => {
  const documents = [
    "README.md",
    "README.zh-CN.md",
    "ARCHITECTURE.md",
    "STYLE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/sizing.md",
    ...["docs/decisions", "docs/runbooks"].flatMap((below) =>
      readdirSync(path.join(root, below)).map((name) => `${below}/${name}`),
    ),
  ];

  it.each(documents)("%s names only files that exist", (name) => {
    const text = readFileSync(path.join(root, name), "utf8");
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? "");
    const paths = [...text.matchAll(/`((?:src|tests|migrations|protocols|scenarios|locales|docs)\/[\w./-]+)`/g)].map(
      (match) => match[1] ?? "",
    );
    const missing = [...links.map((link) => path.join(path.dirname(name), link)), ...paths].filter(
      (file) => !existsSync(path.join(root, file)),
    );
    expect(missing).toEqual([]);
  });
});
