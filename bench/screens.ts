import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchBrowser } from "../tests/e2e/browser.ts";
import { option } from "./program.ts";

/**
 * Makes a picture of every page of a running command post: desktop, tablet and phone, both languages, light and dark;
 * and names what does not fit its window or is reported as an error by the browser.
 * Run beside `npm start`: node bench/screens.ts --base http://127.0.0.1:8480 --login command --password … [--out out/screens]
 * [--looks en-dark-phone,zh-CN-light-desktop] [--pages /cases,/teams?tab=members]
 */

const base = option("base", "http://127.0.0.1:8480");
const login = option("login", "command");
const password = option("password", "");
const out = option("out", "out/screens");
const listed = (name: string): readonly string[] => option(name, "").split(",").filter(Boolean);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const sizes = [
  { name: "desktop", width: 1366, height: 768 },
  { name: "tablet", width: 820, height: 1180 },
  { name: "phone", width: 390, height: 844 },
] as const;
const languages = ["zh-CN", "en"] as const;
const themes = ["light", "dark"] as const;

/** Where the first record of each kind is found, for the pages that show one. */
const firstOf: Readonly<Record<string, string>> = {
  "/cases/$id": "/api/v1/cases",
  "/contacts/$id": "/api/v1/contacts",
  "/tubes/$id": "/api/v1/positive-tubes",
  "/rounds/$id": "/api/v1/rounds",
  "/zones/$id": "/api/v1/zones",
  "/sites/$id": "/api/v1/isolation-sites",
  "/sites/$id/floors": "/api/v1/isolation-sites",
  "/tasks/$id": "/api/v1/tasks",
  "/briefings/$id": "/api/v1/briefings",
  "/inbound/$id": "/api/v1/inbound/arrivals",
  "/inspection/$id": "/api/v1/inspection/findings",
  "/teams/members/$id": "/api/v1/team-members",
  "/supplies/requests/$id": "/api/v1/supplies/requests",
};

interface Shown {
  /** As the router names it. */
  readonly page: string;
  readonly address: string;
}

async function addresses(cookie: string): Promise<Shown[]> {
  const asked = listed("pages");
  const router = readFileSync(new URL("../src/web/router.tsx", import.meta.url), "utf8");
  const every = [...router.matchAll(/\bpage\("([^"]+)"/g)].map((match) => match[1] ?? "");
  const pages = asked.length > 0 ? asked : every;
  const found: Shown[] = [];
  for (const page of pages) {
    if (!page.includes("$")) {
      found.push({ page, address: page });
      continue;
    }
    const answer = await fetch(`${base}${firstOf[page] ?? ""}?limit=1`, { headers: { cookie } });
    const body = (await answer.json()) as { readonly items?: readonly { readonly id?: string | number }[] };
    const id = body.items?.[0]?.id;
    if (id === undefined) print(`no record for ${page}`);
    else found.push({ page, address: page.replace("$id", String(id)) });
  }
  return found;
}

async function logIn(): Promise<string> {
  const answer = await fetch(`${base}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login, password }),
  });
  if (!answer.ok) throw new Error(`the log-in was refused: ${answer.status}`);
  return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
}

const settleMs = 700;

async function shoot(page: Page, address: string, file: string): Promise<string[]> {
  const faults: string[] = [];
  const hear = (error: Error): void => void faults.push(`${address}: ${error.message}`);
  page.on("pageerror", hear);
  await page.goto(base + address);
  await page
    .locator("main h1, main h2")
    .first()
    .waitFor({ state: "attached" })
    .catch(() => undefined);
  await page.waitForFunction('document.querySelectorAll(".ant-skeleton").length === 0').catch(() => undefined);
  await page.waitForTimeout(settleMs);
  const [wide, room] = (await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")) as [number, number];
  if (wide > room) faults.push(`${address}: ${wide} px wide in a window of ${room}`);
  await page.screenshot({ path: file });
  page.off("pageerror", hear);
  return faults;
}

async function series(browser: Browser, cookie: string, pages: readonly Shown[]): Promise<string[]> {
  const faults: string[] = [];
  const [name = "", value = ""] = cookie.split("=");
  for (const size of sizes)
    for (const language of languages)
      for (const theme of themes) {
        const look = `${language}-${theme}-${size.name}`;
        if (listed("looks").length > 0 && !listed("looks").includes(look)) continue;
        const folder = path.join(out, look);
        mkdirSync(folder, { recursive: true });
        const context = await browser.newContext({ viewport: size });
        await context.addCookies([{ name, value, url: base }]);
        const page = await context.newPage();
        await page.addInitScript(
          `localStorage.setItem("wuyang.language", "${language}"); localStorage.setItem("wuyang.theme", "${theme}")`,
        );
        for (const { page: pattern, address } of pages) {
          const file = `${pattern === "/" ? "board" : pattern.slice(1).replaceAll(/[^a-z0-9]+/gi, "-")}.png`;
          faults.push(...(await shoot(page, address, path.join(folder, file))).map((fault) => `${folder} ${fault}`));
        }
        sheet(folder);
        print(`${folder}: ${pages.length} pages`);
        await context.close();
      }
  return faults;
}

/** All pictures of a folder beside each other. */
function sheet(folder: string): void {
  const pictures = readdirSync(folder)
    .filter((file) => file.endsWith(".png"))
    .map((file) => `<figure><img src="${file}" width="640"><figcaption>${file}</figcaption></figure>`);
  writeFileSync(
    path.join(folder, "index.html"),
    `<!doctype html><meta charset="utf-8"><title>${folder}</title><style>body{display:flex;flex-wrap:wrap;gap:12px}figure{margin:0}</style>${pictures.join("\n")}`,
  );
}

const cookie = await logIn();
const browser = await launchBrowser();
const faults = await series(browser, cookie, await addresses(cookie));
for (const fault of faults) print(fault);
print(`${faults.length} findings`);
await browser.close();
