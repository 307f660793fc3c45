import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page, Response } from "playwright-core";
import { createAccount } from "#platform/accounts";
import { wallClock } from "#platform/clocks";
import { startEmbedded } from "#platform/embedded";
import { modules } from "#server/modules";
import { buildWeb } from "#web/build";
import { launchBrowser } from "../tests/e2e/browser.ts";
import { benchWorld, boundsOf, type BenchWorld } from "./load.ts";
import { logIn, password, serve } from "./serve.ts";
import { measure, once, printTable, type Line } from "./measure.ts";
import { issueSize, loadCity } from "./web-load.ts";

/**
 * The screens on a city of 1,000,000 people, 200,000 contacts, 20,000 cases and 20,000 open tasks (120,000 in all), over HTTP
 * and in a headless browser: what each page's data take for a village's, a county's and the city's reader, how much script
 * the first page loads, when the board can be used, and how the chains are drawn.
 * Run: node bench/web.bench.ts [--people 1000000] [--runs 30] [--only list|chains] [--json FILE]
 */

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at === -1 ? undefined : process.argv[at + 1];
};
const runs = Number(option("runs") ?? 30);
const people = Number(option("people") ?? issueSize.people);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const readers = { village: "", county: "371721", city: "3717" };
type Reader = keyof typeof readers;

async function addReaders(world: BenchWorld): Promise<void> {
  const { sql, release } = await world.owner.connect();
  const village = await sql.one<{ code: string }>(
    "select code from area where level = 'village' and code like '371721%' order by code offset 100 limit 1",
  );
  readers.village = village.code;
  for (const [index, [login, areaCode]] of Object.entries(readers).entries()) {
    const id = `00000000-0000-7000-8000-00000000000${index + 1}`;
    await createAccount(sql, { id, login, password, name: login, roles: ["commander"], areaCode }, wallClock.now());
  }
  await release();
}

/** Every page of the router without a record of its own. */
function pagePaths(): string[] {
  const router = readFileSync(new URL("../src/web/router.tsx", import.meta.url), "utf8");
  return [...router.matchAll(/\bpage\("([^"$]+)"/g)].map((match) => match[1] ?? "");
}

const cookies = new Map<string, string>();

/** Log-ins are few a minute, so each reader logs in once. */
async function cookieOf(base: string, login: string): Promise<string> {
  const cookie = cookies.get(login) ?? (await logIn(base, login));
  cookies.set(login, cookie);
  return cookie;
}

/** A window of a reader who is logged in. */
async function windowOf(browser: Browser, base: string, login: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const [name = "", value = ""] = (await cookieOf(base, login)).split("=");
  await context.addCookies([{ name, value, url: base }]);
  return context.newPage();
}

/** What scripts weigh as they are sent. */
async function gzipBytes(urls: Iterable<string>): Promise<number> {
  let bytes = 0;
  for (const url of urls) bytes += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length;
  return bytes;
}

function isScript(url: string): boolean {
  return new URL(url).pathname.endsWith(".js");
}

interface Visit {
  readonly path: string;
  readonly urls: readonly string[];
  readonly scriptBytes: number;
}

const quiet = new Set(["/api/v1/stream", "/api/v1/session"]);

const backgroundMs = 8_000;

/** What a page asks of the server, and how much script came with it that no page before had brought. */
async function visitPages(browser: Browser, base: string): Promise<Visit[]> {
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

/** The server answers so many requests a minute to one address; the bench waits rather than measure refusals. */
const requestsPerMinute = 5_000;
const window = { since: performance.now(), asked: 0 };

async function politely(): Promise<void> {
  window.asked += 1;
  if (window.asked < requestsPerMinute) return;
  const left = 60_500 - (performance.now() - window.since);
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
  window.since = performance.now();
  window.asked = 0;
}

/** Names of areas are asked one parent at a time; one such question stands for all of them. */
function worthAsking(asked: ReadonlyMap<string, string>, url: string): boolean {
  if (!url.startsWith("/api/v1/areas?parent=")) return !asked.has(url);
  return ![...asked.keys()].some((one) => one.startsWith("/api/v1/areas?parent="));
}

async function dataLines(world: BenchWorld, base: string, visits: readonly Visit[]): Promise<Line[]> {
  const { sql, release } = await world.owner.connect();
  const lines: Line[] = [];
  const asked = new Map<string, string>();
  for (const { path: where, urls } of visits)
    for (const url of urls) if (worthAsking(asked, url)) asked.set(url, where);
  for (const login of Object.keys(readers) as Reader[]) {
    const cookie = await cookieOf(base, login);
    const scan = "select count(*) from contact where area_code >= $1 and area_code < $2 and placed_at is null";
    const baseline = await measure(() => sql.many(scan, boundsOf(readers[login])), runs);
    for (const [url, where] of asked) {
      const ask = async (): Promise<void> => {
        const answer = await fetch(base + url, { headers: { cookie } });
        await answer.arrayBuffer();
        if (answer.status >= 400 && answer.status !== 403 && answer.status !== 404)
          throw new Error(`${url}: ${answer.status}`);
      };
      // Counted before they are asked, so that no wait falls into a measured run.
      for (let i = 0; i < runs + 5; i += 1) await politely();
      lines.push({
        what: `${where} ${url.replace("/api/v1", "").slice(0, 60)}`,
        who: login,
        measured: await measure(ask, runs),
        baseline,
      });
    }
  }
  await release();
  return lines;
}

const interactiveRuns = 5;

/** From the address to figures that can be pressed, and the script that was loaded until then. */
async function firstLoad(browser: Browser, base: string): Promise<{ readonly ms: number; readonly kilobytes: number }> {
  const took: number[] = [];
  let kilobytes = 0;
  for (let run = 0; run < interactiveRuns; run += 1) {
    const page = await windowOf(browser, base, "city");
    const scripts = new Set<string>();
    page.on("response", (response) => {
      if (isScript(response.url()) && !/leaflet|echarts/.test(response.url())) scripts.add(response.url());
    });
    took.push(
      await once(async () => {
        await page.goto(base);
        await page.locator(".totals .figure").first().waitFor();
      }),
    );
    await page.waitForLoadState("networkidle").catch(() => undefined);
    kilobytes = (await gzipBytes(scripts)) / 1_000;
    await page.context().close();
  }
  return { ms: took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] ?? 0, kilobytes };
}

interface Chains {
  readonly drawn: number;
  readonly frameP95: number;
  /** From the choice until the picture with one mark a household, village or venue stands. */
  readonly together: Readonly<Record<"household" | "village" | "venue", number>>;
  readonly marks: string;
}

/** Chooses what the chains draw together; how long until another picture stands. */
async function drawTogether(page: Page, name: RegExp): Promise<number> {
  const picture = page.locator("canvas.chain-picture");
  const before = await picture.getAttribute("aria-label");
  await page.locator(".filters .ant-select").last().click();
  const choice = page.locator(".ant-select-item-option").filter({ hasText: name }).last();
  await choice.waitFor();
  return once(async () => {
    await choice.click();
    await page.waitForFunction(
      `document.querySelector("canvas.chain-picture").getAttribute("aria-label") !== ${JSON.stringify(before)}`,
    );
  });
}

/** The chains of all cases: when they are drawn, the longest frames while they are moved, and drawing together. */
async function chains(browser: Browser, base: string): Promise<Chains> {
  const page = await windowOf(browser, base, "city");
  const drawn = await once(async () => {
    await page.goto(`${base}/chains`);
    await page.locator("canvas.chain-picture").waitFor();
  });
  await page.evaluate(
    `window.frames_ = []; (function tick(last) { requestAnimationFrame((now) => { window.frames_.push(now - last); tick(now); }); })(performance.now())`,
  );
  const box = await page.locator("canvas.chain-picture").boundingBox();
  const x = (box?.x ?? 0) + 300;
  const y = (box?.y ?? 0) + 200;
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 0; step < 60; step += 1) await page.mouse.move(x - step * 4, y - step * 3);
  await page.mouse.up();
  const frames: number[] = await page.evaluate("window.frames_");
  const sorted = frames.slice(2).toSorted((a, b) => a - b);
  const together = {
    household: await drawTogether(page, /household|家庭/),
    village: await drawTogether(page, /village|村/),
    venue: await drawTogether(page, /place|场所/),
  };
  const marks = (await page.locator("canvas.chain-picture").getAttribute("aria-label")) ?? "";
  await page.context().close();
  return { drawn, frameP95: sorted[Math.floor(sorted.length * 0.95)] ?? 0, together, marks };
}

const rowsScrolled = 100_000;
const scrollStepPx = 1_400;

interface LongList {
  readonly rows: number;
  readonly frames: number;
  /** Which frames took over 50 ms. */
  readonly slow: readonly number[];
  readonly max: number;
  readonly p95: number;
}

/** The contacts as one continuous list, scrolled through: the longest frame, and the ninety-fifth percentile. */
async function longList(browser: Browser, base: string): Promise<LongList> {
  const page = await windowOf(browser, base, "city");
  await page.goto(`${base}/contacts`);
  await page.getByRole("button", { name: /^(Continuous|连续显示)$/ }).click();
  await page.locator(".line-body [role=row]").first().waitFor();
  const measured = (await page.evaluate(`new Promise((resolve) => {
    const box = document.querySelector(".line-list");
    const frames = [];
    let last = performance.now();
    const began = last;
    const step = (now) => {
      frames.push(now - last);
      last = now;
      box.scrollTop += ${scrollStepPx};
      const rows = Math.floor((box.scrollTop + box.clientHeight) / 34);
      if (rows >= ${rowsScrolled} || now - began > 240000) {
        frames.shift();
        const slow = frames.flatMap((ms, i) => (ms > 50 ? [i] : []));
        frames.sort((a, b) => a - b);
        resolve({ rows, frames: frames.length, slow, max: frames.at(-1), p95: frames[Math.floor(frames.length * 0.95)] });
      } else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`)) as LongList;
  await page.context().close();
  return measured;
}

/** What the pages ask, bring and take; prints it and gives it back for the file. */
async function pagesReport(world: BenchWorld, browser: Browser, base: string): Promise<object> {
  const visits = await visitPages(browser, base);
  const lines = await dataLines(world, base, visits);
  printTable(lines.toSorted((a, b) => b.measured.p95 - a.measured.p95).slice(0, 40));
  const slow = lines.filter(({ measured }) => measured.p95 >= 200);
  print(`${lines.length} questions of ${visits.length} pages; over 200 ms at p95: ${slow.length}`);
  await new Promise((resolve) => setTimeout(resolve, 60_500));
  const load = await firstLoad(browser, base);
  print(
    `first page: ${load.kilobytes.toFixed(0)} kB of script as sent, without map and charts (budget 300); figures after ${load.ms.toFixed(0)} ms (budget 2000)`,
  );
  const heavy = visits.filter(({ scriptBytes }) => scriptBytes > 100_000);
  print(
    `pages that bring more than 100 kB of script: ${heavy.map((one) => `${one.path} ${Math.round(one.scriptBytes / 1000)} kB`).join(", ") || "none"}`,
  );
  const drawn = await chainsReport(browser, base);
  return { lines, load, drawn, visits };
}

async function chainsReport(browser: Browser, base: string): Promise<Chains> {
  const drawn = await chains(browser, base);
  const { household, village, venue } = drawn.together;
  print(
    `chains of ${issueSize.cases} cases: there after ${drawn.drawn.toFixed(0)} ms (budget 2000), frame p95 ${drawn.frameP95.toFixed(1)} ms while moved`,
  );
  print(
    `drawn together by household ${household.toFixed(0)} ms, by village ${village.toFixed(0)} ms, by venue ${venue.toFixed(0)} ms (${drawn.marks})`,
  );
  return drawn;
}

async function run(url: string): Promise<void> {
  const world = await benchWorld(url, modules);
  const loadMs = await once(() => loadCity(world, { ...issueSize, people }));
  print(
    `loaded ${people} people, ${issueSize.contacts} contacts, ${issueSize.cases} cases in ${(loadMs / 1000).toFixed(1)} s`,
  );
  await addReaders(world);
  await buildWeb();
  const { base, stop } = await serve(world, "2022-08-07T12:00:00.000Z");
  const browser = await launchBrowser();
  const only = option("only");
  if (only === "chains") await chainsReport(browser, base);
  const pages = only === undefined ? await pagesReport(world, browser, base) : null;
  const long = only === "chains" ? null : await longList(browser, base);
  if (long)
    print(
      `a list of ${long.rows} rows scrolled: longest of ${long.frames} frames ${long.max.toFixed(1)} ms (budget 50; over it: ${long.slow.join(", ") || "none"}), p95 ${long.p95.toFixed(1)} ms`,
    );
  const file = option("json");
  if (file) writeFileSync(file, JSON.stringify({ people, ...pages, long }, null, 2));
  await browser.close();
  await stop();
  await world.close();
}

const folder = mkdtempSync(path.join(tmpdir(), "wuyang-bench-"));
// PostgreSQL runs as another user where this runs as root, and must reach its folder.
chmodSync(folder, 0o755);
const server = await startEmbedded({ folder: path.join(folder, "pg"), throwAway: true });
try {
  await run(server.url("postgres"));
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
