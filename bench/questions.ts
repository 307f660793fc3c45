import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Browser, Page, Response } from "playwright-core";
import { createAccount, loginTaken, setPassword } from "#platform/accounts";
import { wallClock } from "#platform/clocks";
import type { Sql } from "#platform/db";
import { modules } from "#server/modules";
import { measure, once, type Line, type Measured } from "./measure.ts";
import { logIn, password } from "./serve.ts";

/** What the pages ask of the server, and how long each answer takes for a village's, a county's and the city's reader. */

export const readerNames = ["village", "county", "city"] as const;
export type Reader = (typeof readerNames)[number];
/** The area of each reader, from the narrowest on. */
export type Readers = Readonly<Record<Reader, string>>;

const reason = encodeURIComponent("基准测量 benchmark");
const loginOf = (reader: Reader): string => `bench-${reader}`;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Gives each reader an account that may ask everything in its area; done again it changes nothing. */
export async function addReaders(sql: Sql, readers: Readers): Promise<void> {
  for (const [index, name] of readerNames.entries()) {
    const login = loginOf(name);
    const now = wallClock.now();
    if (await loginTaken(sql, login)) {
      await sql.run("update account set area_code = $2 where login = $1", [login, readers[name]]);
      await setPassword(sql, login, password, now);
      continue;
    }
    const id = `00000000-0000-7000-8000-00000000000${index + 1}`;
    await createAccount(sql, { id, login, password, name: login, roles: ["commander"], areaCode: readers[name] }, now);
  }
}

/** Every page of the router without a record of its own. */
function pagePaths(): string[] {
  const router = readFileSync(new URL("../src/web/router.tsx", import.meta.url), "utf8");
  return [...router.matchAll(/\bpage\("([^"$]+)"/g)].map((match) => match[1] ?? "");
}

const cookies = new Map<string, string>();

/** Log-ins are few a minute, so each reader logs in once. */
async function cookieOf(base: string, reader: Reader): Promise<string> {
  const cookie = cookies.get(reader) ?? (await logIn(base, loginOf(reader)));
  cookies.set(reader, cookie);
  return cookie;
}

/** A window of a reader who is logged in. */
export async function windowOf(browser: Browser, base: string, reader: Reader): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const [name = "", value = ""] = (await cookieOf(base, reader)).split("=");
  await context.addCookies([{ name, value, url: base }]);
  return context.newPage();
}

/** What scripts weigh as they are sent. */
export async function gzipBytes(urls: Iterable<string>): Promise<number> {
  let bytes = 0;
  for (const url of urls) bytes += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length;
  return bytes;
}

export function isScript(url: string): boolean {
  return new URL(url).pathname.endsWith(".js");
}

/** A page with what it asked, and how much script came with it that no page before had brought. */
export interface Visit {
  readonly path: string;
  readonly urls: readonly string[];
  readonly scriptBytes: number;
}

const quiet = new Set(["/api/v1/stream", "/api/v1/session"]);
const backgroundMs = 8_000;

/** Opens every page once as the city's reader and listens. */
export async function visitPages(browser: Browser, base: string): Promise<Visit[]> {
  const page = await windowOf(browser, base, "city");
  await page.goto(base);
  await page.waitForLoadState("networkidle").catch(() => undefined);
  // Whoever looks at the first page for a moment gets what lists share in the background.
  const background = new Set<string>();
  const hear = (response: Response): void => void (isScript(response.url()) && background.add(response.url()));
  page.on("response", hear);
  await page.waitForTimeout(backgroundMs);
  page.off("response", hear);
  print(
    `fetched in the background after the first page: ${Math.round((await gzipBytes(background)) / 1_000)} kB of script`,
  );
  const visits: Visit[] = [];
  for (const where of pagePaths()) {
    const urls = new Set<string>();
    const scripts = new Set<string>();
    const listen = (response: Response): void => {
      const { pathname, search } = new URL(response.url());
      if (pathname.startsWith("/api/v1") && response.request().method() === "GET" && !quiet.has(pathname))
        urls.add(pathname + search);
      if (isScript(response.url())) scripts.add(response.url());
    };
    page.on("response", listen);
    await page.evaluate(
      `history.pushState({}, "", ${JSON.stringify(where)}); dispatchEvent(new PopStateEvent("popstate"))`,
    );
    await page.waitForTimeout(400);
    await page.waitForLoadState("networkidle", { timeout: 10_000 }).catch(() => undefined);
    page.off("response", listen);
    visits.push({ path: where, urls: [...urls], scriptBytes: await gzipBytes(scripts) });
  }
  await page.context().close();
  // The first page was there before anybody listened.
  return [{ path: "/", urls: ["/api/v1/board"], scriptBytes: 0 }, ...visits];
}

/** Every list of the API that can be asked without naming a record, whether a page asks it at once or after a click. */
export function listVisits(): Visit[] {
  return modules
    .flatMap((module) => module.routes)
    .filter(({ method, url, query, permission }) => {
      const required = (query as { readonly required?: readonly string[] } | undefined)?.required ?? [];
      // A spreadsheet of a hundred thousand rows is no list; it is asked for by name and may take its time.
      const isList = method === "GET" && !url.includes(":") && !url.startsWith("/api/v1/sheets/");
      return isList && required.length === 0 && typeof permission === "string";
    })
    .map(({ url }) => ({ path: "API", urls: [url], scriptBytes: 0 }));
}

/** Stands in a question for the area of whoever asks it. */
const ownArea = "{area}";

/** Questions that need an answer to something first: a search, a level, an area. */
function askedWith(day: string): Visit {
  const text = (words: string): string => encodeURIComponent(words);
  const span = `from=${day}T00:00:00.000Z&to=${day}T23:59:59.000Z`;
  const urls = [
    `areas/search?text=${text("曹县")}`,
    `desk/search?q=${text("超市")}`,
    `desk/search?q=${text("第1")}`,
    "desk/search?q=12",
    "base-counts?level=county",
    "base-counts?level=village",
    `round-needs?areaCode=${ownArea}`,
    `round-advice?areaCode=${ownArea}`,
    "board/places?kind=sampling",
    "cases/delays?from=onset&to=reported",
    `people/${"1000"}/visits?${span}`,
    `people/${"1000"}/co-presence?${span}`,
  ];
  return { path: "search", urls: urls.map((url) => `/api/v1/${url}`), scriptBytes: 0 };
}

/** What is asked of one record: the first of each list, as the narrowest reader who has one sees it. */
export async function recordVisits(base: string, day: string): Promise<Visit[]> {
  const routes = modules.flatMap((module) => module.routes);
  const visits: Visit[] = [askedWith(day)];
  for (const { urls } of listVisits()) {
    const list = urls[0] ?? "";
    const below = routes.filter(({ method, url, query }) => {
      const required = (query as { readonly required?: readonly string[] } | undefined)?.required ?? [];
      return method === "GET" && url.startsWith(`${list}/:`) && url.split(":").length === 2 && required.length === 0;
    });
    const id = below.length === 0 ? undefined : await firstOf(base, list);
    if (id !== undefined)
      visits.push({ path: "record", urls: below.map(({ url }) => url.replace(/:\w+/, id)), scriptBytes: 0 });
  }
  return visits;
}

/** The id or code of a list's first record. */
async function firstOf(base: string, list: string): Promise<string | undefined> {
  for (const reader of readerNames) {
    const headers = { cookie: await cookieOf(base, reader), "x-reason": reason };
    const answer = await fetch(`${base}${list}?limit=1`, { headers });
    if (!answer.ok) return undefined;
    const { items } = (await answer.json()) as { readonly items?: readonly Readonly<Record<string, unknown>>[] };
    const id = items?.[0]?.["id"] ?? items?.[0]?.["code"];
    if (typeof id === "string" || typeof id === "number") return String(id);
  }
  return undefined;
}

/** Half of what the server answers in a minute to one address, whose minute may begin in the middle of ours: the bench waits rather than measure refusals. */
const requestsPerMinute = 2_900;
const window = { since: 0, asked: 0 };

async function politely(): Promise<void> {
  if (window.asked === 0) window.since = performance.now();
  window.asked += 1;
  if (window.asked < requestsPerMinute) return;
  const left = 60_500 - (performance.now() - window.since);
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
  window.asked = 0;
}

/** Names of areas are asked one parent at a time; one such question stands for all of them. */
function worthAsking(asked: ReadonlyMap<string, string>, url: string): boolean {
  if (!url.startsWith("/api/v1/areas?parent=")) return !asked.has(url);
  return ![...asked.keys()].some((one) => one.startsWith("/api/v1/areas?parent="));
}

/** A question with the time its answer takes for each reader. */
export interface Asked {
  readonly url: string;
  readonly page: string;
  readonly times: Readonly<Record<Reader, Measured>>;
  /** The answer to the city's reader. */
  readonly bytes: number;
}

/** What takes seconds is asked a few times only. */
const slowMs = 1_500;
const slowRuns = 5;
/** Asks every question of some visits many times as each reader; those that are refused for a reader are quick and stay. */
export async function askAll(base: string, visits: readonly Visit[], readers: Readers, runs: number): Promise<Asked[]> {
  const pages = new Map<string, string>();
  for (const { path, urls } of visits) for (const url of urls) if (worthAsking(pages, url)) pages.set(url, path);
  const asked: Asked[] = [];
  const refused = new Set<string>();
  for (const [url, page] of pages) {
    let bytes = 0;
    const times: Partial<Record<Reader, Measured>> = {};
    for (const reader of readerNames) {
      const cookie = await cookieOf(base, reader);
      const ask = async (): Promise<void> => {
        const answer = await fetch(base + url.replace(ownArea, readers[reader]), {
          headers: { cookie, "x-reason": reason },
        });
        bytes = (await answer.arrayBuffer()).byteLength;
        // What is asked wrongly is said and measured as what it is; a run of a quarter of an hour does not end by it.
        if (answer.status >= 400 && answer.status !== 403 && answer.status !== 404)
          refused.add(`${url}: ${answer.status}`);
      };
      await politely();
      const first = await once(ask);
      const times_ = first > slowMs ? slowRuns : runs;
      // Counted before they are asked, so that no wait falls into a measured run.
      for (let i = 0; i < times_ + 5; i += 1) await politely();
      times[reader] = await measure(ask, times_);
    }
    asked.push({ url, page, times: times as Record<Reader, Measured>, bytes });
  }
  for (const one of refused) print(`not answered: ${one}`);
  return asked;
}

/** The answers of one reader as lines of a table, the slowest first; the baseline is the same question of another reader. */
export function linesOf(asked: readonly Asked[], reader: Reader, beside: Reader): Line[] {
  return asked
    .map(({ url, page, times }) => ({
      what: `${page} ${url.replace("/api/v1", "").slice(0, 60)}`,
      who: reader,
      measured: times[reader],
      baseline: times[beside],
    }))
    .toSorted((a, b) => b.measured.p95 - a.measured.p95);
}
