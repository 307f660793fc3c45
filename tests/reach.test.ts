import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { modules } from "#server/modules";

const root = path.join(import.meta.dirname, "..");

/** What the pages are written in: every module's and the shell's. */
const pages = [
  ...readdirSync(path.join(root, "src/modules")).map((module) => path.join(root, "src/modules", module, "web")),
  path.join(root, "src/web"),
]
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((file) => path.join(folder, file)))
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

/** Operations that no person at a desk takes, each with the reason. */
const notForADesk: Readonly<Record<string, string>> = {
  importAreasErrors: "the dry run of the import answers the same rows",
  importPeopleErrors: "the dry run of the import answers the same rows",
  searchAreas: "the search of the whole command post finds places",
  recordVisit: "phones at the venues' doors send it, one scan a request",
  recordVisitLines: "gateways of venue codes send them",
  recordVisits: "phones at the venues' doors send them",
  getEpicurve: "the board carries the curve",
  getClocks: "the board carries the clocks of the loop",
  caseCurve: "the board carries the curve",
  releaseCheck: "the release list carries each person's conditions",
  countZones: "the board carries the zones by county",
  checkLift: "a zone's page carries what its lifting still needs",
  getFigures: "the board carries the figures now, a briefing those that are frozen",
  listDirectives: "the list of relays names each directive and opens it",
};

const segment = String.raw`(?:\$\{[^}]*(?:\{[^}]*\}[^}]*)?\}|[\w-]+)`;

/** Does a page name the operation, or its address with something in the places of its parameters? */
function isReached({ operationId, url }: { readonly operationId: string; readonly url: string }): boolean {
  if (pages.includes(`"${operationId}"`)) return true;
  const address = url
    .split("/")
    .map((part) => (part.startsWith(":") ? segment : part.replaceAll(".", String.raw`\.`)))
    .join("/");
  return new RegExp(`${address}["'\`?]`).test(pages);
}

describe("the command post", () => {
  const routes = modules
    .flatMap((module) => module.routes)
    // Public pages are pages themselves; tables come in and go out by the buttons of their lists.
    .filter(({ permission, url }) => typeof permission === "string" && !url.includes("/sheets/"));

  it("reaches every operation of the API from a page", () => {
    const missing = routes.filter((route) => !(route.operationId in notForADesk) && !isReached(route));
    expect(missing.map(({ operationId }) => operationId)).toEqual([]);
  });

  it("names no operation as unreachable that is gone or reached after all", () => {
    const known = new Map(routes.map((route) => [route.operationId, route]));
    const wrong = Object.keys(notForADesk).filter((id) => {
      const route = known.get(id);
      return route === undefined || isReached(route);
    });
    expect(wrong).toEqual([]);
  });
});
