import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { onTestFailed } from "vitest";
import { uuidv7 } from "#kernel/ids";
import { importOfficialAreas } from "#modules/areas";
import { openResponse } from "#modules/command";
import { registerPeople, type NewPerson } from "#modules/people";
import { createAccount } from "#platform/accounts";
import { systemPrng, wallClock } from "#platform/clocks";
import { createLog } from "#platform/log";
import { createMetrics } from "#platform/metrics";
import { testWorld, type TestWorld } from "#platform/testing";
import { useCase } from "#platform/usecase";
import { buildApp } from "#server/app";
import { identifier, type AppContext } from "#server/identity";
import { allPermissions, modules } from "#server/modules";
import { permissionTable } from "#server/roles";
import { openStream } from "#server/stream";
import { buildWeb, webFolder } from "#web/build";
import { launchBrowser } from "./browser.ts";

export const password = "correct horse battery";
export const village = "371721123201";
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const accounts = [
  { login: "chief", name: "指挥长", roles: ["commander"], areaCode: "3717" },
  { login: "shan", name: "单县疾控", roles: ["cdc"], areaCode: "371722" },
  { login: "sampler", name: "村采样员", roles: ["sampler"], areaCode: village },
  { login: "police", name: "公安", roles: ["police"], areaCode: "3717" },
  { login: "root", name: "管理员", roles: ["admin"], areaCode: "3717" },
] as const;
export type Login = (typeof accounts)[number]["login"];

/** Stores people inside a transaction of their own, as an import would. */
const storePeople = useCase(
  { name: "probe.people", permission: "people.person.write", kind: "write" },
  (tx, people: readonly NewPerson[]) => registerPeople(tx, { register: "e2e", people }),
);

/** A command post with a real server, a real database and a real browser. */
export interface CommandPost {
  readonly world: TestWorld;
  readonly browser: Browser;
  readonly base: string;
  /** Asks the server as an account would, over HTTP. */
  readonly api: <T>(login: Login, method: string, path: string, body?: unknown) => Promise<T>;
  /** The cookie of a session opened over HTTP, once for each account: the server counts log-ins. */
  readonly session: (login: Login) => Promise<string>;
  readonly addPeople: (people: readonly NewPerson[]) => Promise<number[]>;
  readonly close: () => Promise<void>;
}

async function serve(world: TestWorld): Promise<{ base: string; stop: () => Promise<void> }> {
  const permissionsOf = permissionTable(allPermissions(modules));
  const stream = await openStream(world.pool, () => undefined);
  const context: AppContext = {
    pool: world.pool,
    services: world.ctx().services,
    clock: world.clock,
    wall: wallClock,
    permissionsOf,
    options: { secureCookies: false, webFolder },
    identify: identifier(world.pool, permissionsOf, wallClock),
  };
  const app = await buildApp({
    context,
    modules,
    log: createLog("silent"),
    metrics: createMetrics(),
    stream,
    ready: () => Promise.resolve(true),
  });
  const base = await app.listen({ host: "127.0.0.1", port: 0 });
  const stop = async (): Promise<void> => {
    await stream.close();
    await app.close();
  };
  return { base, stop };
}

/** Builds the pages, opens an outbreak of Heze with its areas and accounts, serves it and starts the browser. */
export async function commandPost(at?: string): Promise<CommandPost> {
  await buildWeb();
  const world = await testWorld({ modules, ...(at === undefined ? {} : { at }) });
  const ctx = world.ctx({ permissions: allPermissions(modules) });
  await importOfficialAreas(ctx, { code: "3717" });
  await openResponse(ctx, {
    name: "菏泽演练",
    nameEn: "Heze drill",
    areaCode: "3717",
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
    drill: true,
  });
  for (const account of accounts) {
    const id = uuidv7(wallClock.now(), systemPrng);
    await createAccount(world.sql, { id, password, ...account, roles: [...account.roles] }, wallClock.now());
  }
  const { base, stop } = await serve(world);
  const browser = await launchBrowser();
  const cookies = new Map<Login, string>();
  const logIn = async (login: Login): Promise<string> => {
    const answer = await fetch(`${base}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ login, password }),
    });
    const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    cookies.set(login, cookie);
    return cookie;
  };
  return {
    world,
    browser,
    base,
    async api<T>(login: Login, method: string, path: string, body?: unknown): Promise<T> {
      const answer = await fetch(base + path, {
        method,
        headers: {
          cookie: cookies.get(login) ?? (await logIn(login)),
          "idempotency-key": uuidv7(wallClock.now(), systemPrng),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
      return (text === "" ? undefined : JSON.parse(text)) as T;
    },
    session: async (login) => cookies.get(login) ?? (await logIn(login)),
    addPeople: (people) => storePeople(world.ctx({ permissions: allPermissions(modules) }), people),
    async close() {
      await browser.close();
      await stop();
      await world.close();
    },
  };
}

/** A page of a new visitor; what the browser reports as an error fails the test that caused it. */
export async function visitor(
  post: CommandPost,
  language: "zh-CN" | "en",
): Promise<{ readonly page: Page; readonly errors: string[] }> {
  // A dialog that is still growing lets the button slip from under a click on a busy machine.
  const context = await post.browser.newContext({
    viewport: { width: 1366, height: 768 },
    colorScheme: "light",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  onTestFailed(async ({ task }) => tellOf(page, task.name));
  await page.addInitScript(
    `localStorage.getItem("wuyang.language") ?? localStorage.setItem("wuyang.language", "${language}")`,
  );
  return { page, errors };
}

const picturesFolder = path.join(import.meta.dirname, "../../out/e2e");
const toldCharsMax = 1_500;

/** What a visitor had before their eyes when a test failed: its address and words on the console, and a picture. */
async function tellOf(page: Page, test: string): Promise<void> {
  if (page.isClosed()) return;
  mkdirSync(picturesFolder, { recursive: true });
  const picture = path.join(picturesFolder, `${test.replaceAll(/\W+/g, "-").slice(0, 80)}.png`);
  await page.screenshot({ path: picture });
  const words = await page.locator("body").innerText();
  process.stderr.write(`\n${test}\nstood at ${page.url()}, picture ${picture}\n${words.slice(0, toldCharsMax)}\n`);
}

/**
 * Logs in through the page and goes on to where the visitor wanted. It returns when the server has answered,
 * since whoever asks for the next page before that is sent back to the log-in.
 */
export async function enter(post: CommandPost, page: Page, login: Login, to = "/", secret = password): Promise<void> {
  await page.goto(post.base + to);
  await page.locator("input[autocomplete=username]").fill(login);
  await page.locator("input[autocomplete=current-password]").fill(secret);
  const answered = page.waitForResponse(
    (answer) => answer.url().endsWith("/api/v1/session") && answer.request().method() === "POST",
  );
  await page.keyboard.press("Enter");
  const answer = await answered;
  if (answer.ok()) await page.locator("#places").waitFor({ state: "attached" });
}

/** Opens a page as an account whose session is there already. */
export async function open(post: CommandPost, page: Page, login: Login, to = "/"): Promise<void> {
  const [name = "", value = ""] = (await post.session(login)).split("=");
  await page.context().addCookies([{ name, value, url: post.base }]);
  await page.goto(post.base + to);
  await page.locator("#places").waitFor({ state: "attached" });
}

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

// A program for the page is a text, because the browser's own names do not exist in a Node project.
const axeRun = (only: string): string => `axe.run(document, ${only}).then((found) => found.violations)`;
const ruleSets = {
  all: "{}",
  colours: '{ runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } }',
} as const;

/** What axe calls serious or critical, by all its rules or those of colour. */
export async function gravest(page: Page, rules: keyof typeof ruleSets = "all"): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axeSource);
  const found: readonly Finding[] = await page.evaluate(axeRun(ruleSets[rules]));
  return found
    .filter((rule) => rule.impact === "serious" || rule.impact === "critical")
    .map((rule) => `${rule.id}: ${rule.nodes[0]?.html.slice(0, 200)}`);
}
