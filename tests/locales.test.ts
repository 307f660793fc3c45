import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseSync } from "vite";
import { describe, expect, it } from "vitest";
import { outcomes } from "#domain/cases";
import { briefingSlots } from "#domain/command";
import * as isolation from "#domain/isolation";
import * as outbreaks from "#domain/outbreaks";
import * as screening from "#domain/screening";
import { ownerTeams } from "#domain/tasks";
import { contactStates, exposureSources } from "#domain/tracing";
import { zoneStates, zoneUnits } from "#domain/zones";
import { roleTable } from "#server/roles";

const root = path.join(import.meta.dirname, "..");
const languages = ["zh-CN", "en"] as const;

/** Words whose values come from the server; each group must know them all, and none may be missing. */
const groupsOfValues =
  /^(enums|operation|field|functions\.part|protocols\.part|task\.kind|phase\.criterion|zones\.reason|\w+\.values)\./;

function flat(value: unknown, prefix: string): [string, string][] {
  if (typeof value === "string") return [[prefix, value]];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, part]) =>
    flat(part, prefix === "" ? key : `${prefix}.${key}`),
  );
}

function textsOf(language: string): Map<string, string> {
  const folder = path.join(root, "locales", language);
  return new Map(
    readdirSync(folder).flatMap((file) =>
      flat(JSON.parse(readFileSync(path.join(folder, file), "utf8")), file.replace(".json", "")),
    ),
  );
}

interface WebFile {
  readonly name: string;
  readonly text: string;
}

function webFiles(): WebFile[] {
  const folders = [
    "src/web",
    ...readdirSync(path.join(root, "src/modules")).map((module) => `src/modules/${module}/web`),
  ];
  return folders.flatMap((folder) => {
    const here = path.join(root, folder);
    const names = readdirSync(path.dirname(here)).includes(path.basename(here)) ? readdirSync(here) : [];
    return names
      .filter((name) => /\.tsx?$/.test(name) && name !== "build.ts" && !name.endsWith(".test.ts"))
      .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(path.join(here, name), "utf8") }));
  });
}

/** Keys written whole, and the beginnings of keys whose end is a value. */
function keysIn(text: string): { readonly whole: string[]; readonly begun: string[] } {
  const whole = [...text.matchAll(/\bt\(\s*"([\w.-]+)"/g)].map((match) => match[1] ?? "");
  const begun = [...text.matchAll(/\bt\(\s*`([\w.-]+)\$\{/g)].map((match) => match[1] ?? "");
  const groups = [...text.matchAll(/(?:wordFor\(\s*t,\s*|\bgroup[:=]\s*)"(\w+\.[\w.-]+)"/g)].map(
    (match) => `${match[1]}.`,
  );
  return { whole, begun: [...begun, ...groups] };
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

function visit(value: unknown, see: (node: Node, parent: Node | null) => void, parent: Node | null = null): void {
  if (Array.isArray(value)) for (const item of value) visit(item, see, parent);
  if (!isNode(value)) return;
  see(value, parent);
  for (const [name, child] of Object.entries(value)) if (name !== "parent") visit(child, see, value);
}

const spokenAttributes = new Set([
  "title",
  "label",
  "placeholder",
  "alt",
  "aria-label",
  "description",
  "text",
  "empty",
]);
const han = /[\u3400-\u9fff]/;
const word = /\p{L}{2,}/u;

/** Text a person would read that stands in the code instead of in the locales. */
function literalTexts(file: WebFile): string[] {
  const found: string[] = [];
  visit(parseSync(file.name, file.text).program, (node, parent) => {
    const value = typeof node["value"] === "string" ? node["value"] : "";
    if (node.type === "JSXText" && word.test(value)) found.push(value.trim());
    if (node.type !== "Literal" || value === "") return;
    const attribute = parent?.type === "JSXAttribute" ? (parent["name"] as { name?: unknown }).name : null;
    if (typeof attribute === "string" && spokenAttributes.has(attribute) && word.test(value)) found.push(value);
    else if (han.test(value)) found.push(value);
  });
  return found.map((text) => `${file.name}: ${text}`);
}

const firstFiles = ["src/web/words-zh.ts", "src/web/words-en.ts"] as const;

/** The files of words that come with the first page. */
function readFirst(name: string): string[] {
  const text = readFileSync(path.join(root, name), "utf8");
  return /\{([\w,]+)\}\.json/.exec(text)?.[1]?.split(",") ?? [];
}

/** Where an import of a page's file leads, as far as pages are concerned. */
function pageFile(from: string, specifier: string): string | null {
  if (specifier.startsWith(".")) return path.posix.join(path.posix.dirname(from), specifier);
  const [, door = "", name = ""] = /^#(webx?|pages)\/(.+)$/.exec(specifier) ?? [];
  if (door === "pages") return `src/modules/${name}/web/index.tsx`;
  return door === "" ? null : `src/web/${name}.${door === "web" ? "ts" : "tsx"}`;
}

/** What the first page is drawn by: all that its frame and the board import, and what the board fetches after itself. */
function firstPage(): ReadonlySet<string> {
  const known = new Map(files.map(({ name, text }) => [name, text]));
  const found = new Set<string>();
  const waiting = ["src/web/main.tsx", "src/modules/command/web/board.tsx"];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const text = known.get(name);
    if (text === undefined || found.has(name)) continue;
    found.add(name);
    const isBoard = name.startsWith("src/modules/");
    const links = isBoard
      ? /(?:^import (?!type)[^;]*?from |import\()"([^"]+)"/gm
      : /^import (?!type)[^;]*?from "([^"]+)"/gm;
    for (const [, specifier = ""] of text.matchAll(links)) {
      const next = pageFile(name, specifier);
      if (next !== null) waiting.push(next);
    }
  }
  return found;
}

const files = webFiles();
const texts = new Map(languages.map((language) => [language, textsOf(language)]));
const keys = new Set(texts.get("zh-CN")?.keys());
const used = files.map((file) => keysIn(file.text));

describe("locales", () => {
  it("has the same keys in every language, none of them empty", () => {
    for (const language of languages) {
      const own = texts.get(language) ?? new Map<string, string>();
      expect([...own.keys()].toSorted()).toEqual([...keys].toSorted());
      expect([...own].filter(([, text]) => text.trim() === "").map(([key]) => key)).toEqual([]);
    }
  });

  it("fills the same blanks in every language", () => {
    const blanks = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[0]).toSorted();
    const other = texts.get("en");
    const differing = [...(texts.get("zh-CN") ?? [])].filter(
      ([key, text]) => blanks(text).join() !== blanks(other?.get(key) ?? "").join(),
    );
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  it("has every key the pages ask for", () => {
    const missing = used.flatMap((file) => file.whole).filter((key) => !keys.has(key));
    const missingGroups = used
      .flatMap((file) => file.begun)
      .filter((begin) => ![...keys].some((key) => key.startsWith(begin)));
    expect([...missing, ...missingGroups]).toEqual([]);
  });

  it("has no key that nothing asks for", () => {
    const whole = new Set(used.flatMap((file) => file.whole));
    const begun = used.flatMap((file) => file.begun);
    const unused = [...keys].filter(
      (key) => !whole.has(key) && !groupsOfValues.test(key) && !begun.some((begin) => key.startsWith(begin)),
    );
    expect(unused).toEqual([]);
  });

  it("has a word for every task that a protocol gives", () => {
    const folder = path.join(root, "protocols");
    const kinds = readdirSync(folder).flatMap((file) =>
      [...readFileSync(path.join(folder, file), "utf8").matchAll(/kind: (\w+), team:/g)].map((match) => match[1] ?? ""),
    );
    expect(kinds.length).toBeGreaterThan(0);
    expect(kinds.filter((kind) => !keys.has(`task.kind.${kind}`))).toEqual([]);
  });

  it("has a word for every value that the modules know", () => {
    const known: Readonly<Record<string, readonly string[]>> = {
      "enums.caseState": outbreaks.caseStates,
      "enums.provenance": outbreaks.provenances,
      "enums.contactKind": outbreaks.contactClasses,
      "enums.setting": outbreaks.settings,
      "enums.risk": outbreaks.zoneLevels,
      "enums.phase": outbreaks.phases,
      "phase.criterion": outbreaks.measures,
      "enums.team": ownerTeams,
      "enums.outcome": outcomes,
      "enums.contactState": contactStates,
      "enums.exposureSource": exposureSources,
      "enums.purpose": screening.purposes,
      "enums.tubeKind": screening.tubeKinds,
      "enums.tubeState": screening.tubeStates,
      "enums.result": screening.tubeResults,
      "enums.siteKind": isolation.siteKinds,
      "enums.siteState": isolation.siteStates,
      "enums.roomKind": isolation.roomKinds,
      "enums.transferState": isolation.transferStates,
      "enums.zoneState": zoneStates,
      "enums.unit": zoneUnits,
      "enums.slot": briefingSlots,
      "enums.role": Object.keys(roleTable),
    };
    const missing = Object.entries(known).flatMap(([group, values]) =>
      values.map((value) => `${group}.${value}`).filter((key) => !keys.has(key)),
    );
    expect(missing).toEqual([]);
  });

  it("has a word for every value in the vocabulary that a module's domain names", async () => {
    const folders = readdirSync(path.join(root, "src/modules"));
    const missing: string[] = [];
    for (const folder of folders) {
      const domain = (await import(path.join(root, "src/modules", folder, "domain.ts"))) as { vocabulary?: object };
      for (const [group, values] of Object.entries(domain.vocabulary ?? {}) as [string, readonly string[]][])
        missing.push(...values.map((value) => `${group}.${value}`).filter((key) => !keys.has(key)));
    }
    expect(missing).toEqual([]);
  });

  it("brings with the first page every word that the log-in, the frame and the board say", () => {
    const first = firstFiles.flatMap((name) => readFirst(name));
    const said = new Set(
      files
        .filter(({ name }) => firstPage().has(name))
        .flatMap(({ text }) => [...keysIn(text).whole, ...keysIn(text).begun]),
    );
    expect(said.size).toBeGreaterThan(100);
    expect([...said].map((key) => key.split(".")[0] ?? "").filter((file) => !first.includes(file))).toEqual([]);
    expect(firstPage().has("src/web/timeline.tsx")).toBe(false);
  });

  it("finds no text in the pages themselves", () => {
    expect(files.flatMap(literalTexts)).toEqual([]);
  });

  it("would find such a text: each check has its failing example", () => {
    const planted = (text: string): string[] => literalTexts({ name: "planted.tsx", text });
    expect(planted("export const A = () => <p>Loading</p>;")).toHaveLength(1);
    expect(planted("export const A = () => <p>正在读取</p>;")).toHaveLength(1);
    expect(planted('export const A = () => <img alt="A map" />;')).toHaveLength(1);
    expect(planted('export const a = "病例";')).toHaveLength(1);
    expect(planted('export const A = () => <p className="muted">{t("common.loading")}</p>;')).toEqual([]);
    expect(keysIn('t("a.b"); t(`c.d.${x}`); wordFor(t, "enums.risk", y)')).toEqual({
      whole: ["a.b"],
      begun: ["c.d.", "enums.risk."],
    });
  });
});
