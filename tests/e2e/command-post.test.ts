import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importOfficialAreas } from "#modules/areas";
import { registerCase } from "#modules/cases";
import { openResponse } from "#modules/command";
import { registerPeople } from "#modules/people";
import type { Ctx } from "#platform/context";
import { createAccount } from "#platform/accounts";
import { wallClock } from "#platform/clocks";
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

const password = "correct horse battery";
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const village = "371721123201";

/** Stores a person inside a transaction of their own, as an import would. */
const storePerson = useCase(
  { name: "probe.person", permission: "people.person.write", kind: "write" },
  async (tx, input: { ref: string }) => {
    const people = [
      { ref: input.ref, areaCode: village, name: "测试甲", sex: "female" as const, birthDate: "1980-01-01" },
    ];
    return (await registerPeople(tx, { register: "e2e", people }))[0] ?? 0;
  },
);

async function foundCase(ctx: Ctx, ref: string): Promise<void> {
  const personId = await storePerson(ctx, { ref });
  await registerCase(ctx, { personId, provenance: "clinic", source: "clinic" });
}

let world: TestWorld;
let browser: Browser;
let base = "";
let stop: () => Promise<void>;

async function serve(): Promise<void> {
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
  base = await app.listen({ host: "127.0.0.1", port: 0 });
  stop = async () => {
    await stream.close();
    await app.close();
  };
}

async function seed(): Promise<void> {
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
  await foundCase(ctx, "p1");
  const accounts = [
    { login: "chief", name: "指挥长", roles: ["commander"], areaCode: "3717" },
    { login: "shan", name: "单县疾控", roles: ["cdc"], areaCode: "371722" },
    { login: "police", name: "公安", roles: ["police"], areaCode: "3717" },
  ];
  for (const [index, account] of accounts.entries()) {
    const id = `00000000-0000-7000-8000-00000000000${index}`;
    await createAccount(world.sql, { id, password, ...account }, wallClock.now());
  }
}

/** A page of a new visitor; what the browser reports as an error fails the test that caused it. */
async function visitor(language: "zh-CN" | "en"): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, colorScheme: "light" });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.addInitScript(
    `localStorage.getItem("wuyang.language") ?? localStorage.setItem("wuyang.language", "${language}")`,
  );
  return { page, errors };
}

async function enter(page: Page, login: string, to = "/", secret = password): Promise<void> {
  await page.goto(base + to);
  await page.locator("input[autocomplete=username]").fill(login);
  await page.locator("input[autocomplete=current-password]").fill(secret);
  await page.keyboard.press("Enter");
}

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

// Programs for the page are texts, because the browser's own names do not exist in a Node project.
const axeRun = 'axe.run({ exclude: [[".ant-table-measure-row"]] }).then((found) => found.violations)';
const documentWidth = "document.documentElement.scrollWidth";

/** What axe calls serious or critical; the measuring row is the kit's own hidden one. */
async function gravest(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const found: readonly Finding[] = await page.evaluate(axeRun);
  return found
    .filter((rule) => rule.impact === "serious" || rule.impact === "critical")
    .map((rule) => `${rule.id}: ${rule.nodes[0]?.html.slice(0, 200)}`);
}

describe("the command post in a real browser", () => {
  beforeAll(async () => {
    await buildWeb();
    world = await testWorld({ modules });
    await seed();
    await serve();
    browser = await launchBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await stop?.();
    await world?.close();
  });

  it("refuses a wrong password in plain words and lets the right one in", async () => {
    const { page, errors } = await visitor("zh-CN");
    await enter(page, "chief", "/", "wrong password");
    await page.getByRole("alert").getByText("账号或密码错误").waitFor();
    await enter(page, "chief");
    await page.getByRole("heading", { name: "疫情地图" }).waitFor();
    await page.getByText("演练 DRILL").waitFor();
    await page.locator(".map-county > span").nth(5).waitFor();
    expect(await page.getByRole("link", { name: /初筛阳性/ }).innerText()).toContain("1");
    expect(await gravest(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("changes the language without a reload, and keeps it", async () => {
    const { page } = await visitor("zh-CN");
    await enter(page, "chief");
    await page.getByRole("heading", { name: "疫情地图" }).waitFor();
    await page.evaluate("window.sameDocument = true");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "Epidemic curve" }).waitFor();
    await page.getByText("Heze drill").waitFor();
    expect(await page.evaluate("window.sameDocument")).toBe(true);
    expect(await page.evaluate("document.documentElement.lang")).toBe("en");
    await page.reload();
    await page.getByRole("heading", { name: "Epidemic curve" }).waitFor();
    expect(await gravest(page)).toEqual([]);
    await page.context().close();
  });

  it("opens the list behind a figure and a record behind a row, by keyboard too", async () => {
    const { page, errors } = await visitor("en");
    await enter(page, "chief");
    await page.getByRole("link", { name: /Preliminary/ }).click();
    await page.getByRole("heading", { level: 1, name: "Cases" }).waitFor();
    expect(page.url()).toContain("state=preliminary");
    const row = page.locator("table tbody a").first();
    await row.waitFor();
    expect(await page.locator("table tbody").innerText()).toContain("Cao County");
    expect(await gravest(page)).toEqual([]);
    await row.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Changes of class" }).waitFor();
    await page.getByLabel("Purpose").fill("contact tracing of this case");
    await page.getByRole("button", { name: "Show", exact: true }).click();
    await page.getByText("测试甲").waitFor();
    const kept = await world.sql.many("select 1 from audit where reason = 'contact tracing of this case'");
    expect(kept.length).toBeGreaterThan(0);
    expect(await gravest(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("says what to do where a list is empty", async () => {
    const { page } = await visitor("en");
    await enter(page, "chief", "/cases?state=excluded");
    await page.getByText("No case matches. Widen the filters").waitFor();
    await page.context().close();
  });

  it("shows nothing of another area, and says so when the role may not look at all", async () => {
    const shan = await visitor("zh-CN");
    await enter(shan.page, "shan", "/cases?areaCode=371721");
    await shan.page.getByText(/没有符合条件的病例|超出您的辖区/).waitFor();
    expect(await shan.page.locator("table tbody a").count()).toBe(0);
    await shan.page.context().close();
    const police = await visitor("zh-CN");
    await enter(police.page, "police", "/cases");
    await police.page.getByRole("alert").getByText("您的角色无此权限").waitFor();
    await police.page.getByText("演练 DRILL").waitFor();
    expect(await police.page.getByRole("navigation", { name: "页面" }).innerText()).toBe("任务督办\n督导检查\n全部功能");
    await police.page.goto(base);
    await police.page.getByRole("heading", { level: 1, name: "任务督办" }).waitFor();
    await police.page.context().close();
  });

  it("shows a new finding live, without a reload", async () => {
    const { page } = await visitor("en");
    await enter(page, "chief");
    const figure = page.getByRole("link", { name: /Preliminary/ });
    await figure.waitFor();
    const before = Number.parseInt(await figure.innerText(), 10);
    await foundCase(world.ctx({ permissions: allPermissions(modules) }), "p2");
    await expect.poll(async () => Number.parseInt(await figure.innerText(), 10), { timeout: 15_000 }).toBe(before + 1);
    await page.context().close();
  });

  it("stands on a phone without scrolling sideways", async () => {
    const { page } = await visitor("en");
    await page.setViewportSize({ width: 390, height: 844 });
    await enter(page, "chief");
    await page.getByRole("heading", { name: "Rooms and beds" }).waitFor();
    expect(await page.evaluate(documentWidth)).toBeLessThanOrEqual(390);
    await page.context().close();
  });
});
