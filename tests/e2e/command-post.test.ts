import { readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerCase } from "#modules/cases";
import type { Ctx } from "#platform/context";
import { allPermissions, modules } from "#server/modules";
import { webFolder } from "#web/build";
import { commandPost, enter, gravest, open, village, visitor, type CommandPost } from "./post.ts";

/** What the log-in and the first page may load of script together, compressed, before map and charts. */
const firstScriptBytesMax = 250_000;
/** What any other page may load beside that, opened at once, before anything was fetched ahead. */
const nextScriptBytesMax = 100_000;

/** The pages that open on a list or a table, as the router names them. */
const router = readFileSync(path.join(import.meta.dirname, "../../src/web/router.tsx"), "utf8");
const listPages = [...router.matchAll(/\bpage\("([^"$]+)"/g)]
  .map((match) => match[1] ?? "")
  .filter((page) => page !== "/");

/** The names of the scripts a page asks for, the map's and the charts' left out. */
function scriptsOf(page: Page): ReadonlySet<string> {
  const scripts = new Set<string>();
  page.on("request", (request) => {
    const name = /\/assets\/([\w.-]+\.js)$/.exec(request.url())?.[1];
    if (name !== undefined && !/^(?:leaflet|echarts)-/.test(name)) scripts.add(name);
  });
  return scripts;
}

function bytesOf(scripts: Iterable<string>): number {
  let sum = 0;
  for (const name of scripts) sum += gzipSync(readFileSync(path.join(webFolder, "assets", name))).length;
  return sum;
}

const documentWidth = "document.documentElement.scrollWidth";

/** What stands in cells that are too narrow for it. */
const cutCells = `[...document.querySelectorAll(".line-list [role=row] > *")]
  .filter((cell) => cell.scrollWidth > cell.clientWidth)
  .map((cell) => cell.textContent)`;

let post: CommandPost;

async function foundCase(ctx: Ctx, ref: string): Promise<void> {
  const [personId = 0] = await post.addPeople([
    { ref, areaCode: village, name: "测试甲", sex: "female", birthDate: "1980-01-01" },
  ]);
  await registerCase(ctx, { personId, provenance: "clinic", source: "clinic" });
}

describe("the command post in a real browser", () => {
  beforeAll(async () => {
    post = await commandPost();
    await foundCase(post.world.ctx({ permissions: allPermissions(modules) }), "p1");
  }, 240_000);

  afterAll(() => post?.close());

  it("refuses a wrong password in plain words and lets the right one in", async () => {
    const { page, errors } = await visitor(post, "zh-CN");
    const scripts = scriptsOf(page);
    await enter(post, page, "chief", "/", "wrong password");
    await page.getByRole("alert").getByText("账号或密码错误").waitFor();
    await enter(post, page, "chief");
    await page.getByRole("heading", { name: "疫情地图" }).waitFor();
    await page.getByText("演练 DRILL").first().waitFor();
    await page.locator(".map-county > span").nth(5).waitFor();
    expect(await page.getByRole("link", { name: /初筛阳性/ }).innerText()).toContain("1");
    expect(bytesOf(scripts)).toBeLessThan(firstScriptBytesMax);
    expect(await gravest(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("opens every page at once after the log-in without much more than the first", async () => {
    // A connection that asks to be spared is fetched nothing ahead, so what is counted is what the page needs.
    const spare = `Object.defineProperty(navigator, "connection", { value: { saveData: true } })`;
    const opened = async (to: string): Promise<ReadonlySet<string>> => {
      const { page } = await visitor(post, "zh-CN");
      await page.addInitScript(spare);
      const scripts = scriptsOf(page);
      await open(post, page, "root", to);
      await page.locator("main h1, main h2").first().waitFor({ state: "attached" });
      await page.waitForFunction('document.querySelectorAll(".ant-skeleton").length === 0');
      await page.context().close();
      return scripts;
    };
    const first = await opened("/");
    expect(listPages.length).toBeGreaterThan(25);
    const heavy: string[] = [];
    for (const to of listPages) {
      const bytes = bytesOf([...(await opened(to))].filter((name) => !first.has(name)));
      if (bytes === 0 || bytes >= nextScriptBytesMax) heavy.push(`${to}: ${bytes}`);
    }
    expect(heavy).toEqual([]);
  }, 240_000);

  it("changes the language without a reload, and keeps it", async () => {
    const { page } = await visitor(post, "zh-CN");
    await enter(post, page, "chief");
    await page.getByRole("heading", { name: "疫情地图" }).waitFor();
    await page.evaluate("window.sameDocument = true");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "Epidemic curve" }).waitFor();
    await page.getByText("Heze drill").first().waitFor();
    expect(await page.evaluate("window.sameDocument")).toBe(true);
    expect(await page.evaluate("document.documentElement.lang")).toBe("en");
    await page.reload();
    await page.getByRole("heading", { name: "Epidemic curve" }).waitFor();
    expect(await gravest(page)).toEqual([]);
    await page.context().close();
  });

  it("opens the list behind a figure and a record behind a row, by keyboard too", async () => {
    const { page, errors } = await visitor(post, "en");
    await enter(post, page, "chief");
    await page.getByRole("link", { name: /Preliminary/ }).click();
    await page.getByRole("heading", { level: 1, name: "Cases" }).waitFor();
    expect(page.url()).toContain("state=preliminary");
    const row = page.locator("table tbody a").first();
    await row.waitFor();
    // The names of areas are asked for by their own, after the rows.
    await page.locator("table tbody").getByText("Cao County").first().waitFor();
    expect(await gravest(page)).toEqual([]);
    await row.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Changes of class" }).waitFor();
    const person = page.getByRole("region", { name: "The person" });
    await person.getByLabel("Purpose").fill("contact tracing of this case");
    await person.getByRole("button", { name: "Show", exact: true }).click();
    await page.getByText("测试甲").waitFor();
    const kept = await post.world.sql.many("select 1 from audit where reason = 'contact tracing of this case'");
    expect(kept.length).toBeGreaterThan(0);
    expect(await gravest(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("sorts a list by a heading, keeps it in the address, and says so to who hears the page", async () => {
    const { page } = await visitor(post, "en");
    await open(post, page, "chief", "/cases");
    const heading = page.getByRole("columnheader", { name: /^Positive/ });
    await heading.waitFor();
    expect(await heading.getAttribute("aria-sort")).toBe("descending");
    await heading.getByRole("button").click();
    await expect.poll(() => page.url()).toContain("sort=positive");
    await expect.poll(() => heading.getAttribute("aria-sort")).toBe("ascending");
    await page.context().close();
  });

  it("shows all rows of a list in one window, every column wide enough, also after a leap", async () => {
    await post.api("root", "POST", "/api/v1/isolation-sites", {
      sites: Array.from({ length: 450 }, (_, i) => ({
        kind: "central",
        areaCode: village,
        name: `曹县${i === 449 ? "一处名字特别长的集中隔离医学观察" : ""}第${i + 1}隔离点`,
        rooms: { single: 1 },
      })),
    });
    const { page, errors } = await visitor(post, "zh-CN");
    await open(post, page, "chief", "/sites");
    await page.getByRole("button", { name: "连续显示" }).click();
    const list = page.locator(".line-list");
    await list.getByRole("link").first().waitFor();
    await expect.poll(() => page.evaluate(cutCells)).toEqual([]);
    const toEnd = (box: { scrollTop: number; scrollHeight: number }): void => {
      box.scrollTop = box.scrollHeight;
    };
    await expect
      .poll(async () => {
        await list.evaluate(toEnd);
        return list.getAttribute("aria-rowcount");
      })
      .toBe("451");
    await list.evaluate(toEnd);
    await list.locator("[aria-rowindex='451'] a").waitFor();
    await expect.poll(() => list.locator(".line-body [role=row]:not(:has(a))").count()).toBe(0);
    await expect.poll(() => page.evaluate(cutCells)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it("says what to do where a list is empty", async () => {
    const { page } = await visitor(post, "en");
    await enter(post, page, "chief", "/cases?state=excluded");
    await page.getByText("No case matches. Widen the filters").waitFor();
    await page.context().close();
  });

  it("shows nothing of another area, and says so when the role may not look at all", async () => {
    const shan = await visitor(post, "zh-CN");
    await enter(post, shan.page, "shan", "/cases?areaCode=371721");
    await shan.page.getByText(/没有符合条件的病例|超出您的辖区/).waitFor();
    expect(await shan.page.locator("table tbody a").count()).toBe(0);
    await shan.page.context().close();
    const police = await visitor(post, "zh-CN");
    await enter(post, police.page, "police", "/cases");
    await police.page.getByRole("alert").getByText("您的角色无此权限").waitFor();
    await police.page.getByText("演练 DRILL").first().waitFor();
    expect(await police.page.getByRole("navigation", { name: "页面" }).innerText()).toBe(
      "任务督办\n督导检查\n数据导入\n防控方案\n全部功能",
    );
    await police.page.goto(post.base);
    await police.page.getByRole("heading", { level: 1, name: "任务督办" }).waitFor();
    await police.page.context().close();
  });

  it("shows a new finding live, without a reload", async () => {
    const { page } = await visitor(post, "en");
    await enter(post, page, "chief");
    const figure = page.getByRole("link", { name: /Preliminary/ });
    await figure.waitFor();
    const before = Number.parseInt(await figure.innerText(), 10);
    await foundCase(post.world.ctx({ permissions: allPermissions(modules) }), "p2");
    await expect.poll(async () => Number.parseInt(await figure.innerText(), 10)).toBe(before + 1);
    await page.context().close();
  });

  it("stands on a phone without scrolling sideways", async () => {
    const { page } = await visitor(post, "en");
    await page.setViewportSize({ width: 390, height: 844 });
    await open(post, page, "chief");
    await page.getByRole("heading", { name: "Rooms and beds" }).waitFor();
    expect(await page.evaluate(documentWidth)).toBeLessThanOrEqual(390);
    await page.context().close();
  });

  it("finds pages, records and functions by keyboard, and brings the focus to what it opened", async () => {
    const { page, errors } = await visitor(post, "en");
    await open(post, page, "chief");
    await page.getByRole("heading", { name: "Epidemic curve" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("close the response");
    await page.getByRole("option").first().waitFor();
    expect(await gravest(page)).toEqual([]);
    await page.getByRole("combobox").fill("risk zones");
    await page.getByRole("option", { name: /Risk zones/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Risk zones" }).waitFor();
    await expect.poll(() => page.evaluate("document.activeElement.tagName")).toBe("H1");
    expect(await page.title()).toContain("Heze drill");
    await page.getByRole("button", { name: /Notices/ }).click();
    await page.getByRole("dialog", { name: "Notices" }).getByRole("button", { name: "Close" }).waitFor();
    expect(await gravest(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    // Paper is marked as a drill and says who printed it, when and of which outbreak.
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".print-head").innerText()).toMatch(/Heze drill[\s\S]*\+08:00[\s\S]*指挥长/);
    expect(await page.locator(".drill-print").isVisible()).toBe(true);
    expect(await page.locator(".top").isVisible()).toBe(false);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
