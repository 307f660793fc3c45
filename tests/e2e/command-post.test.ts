import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerCase } from "#modules/cases";
import type { Ctx } from "#platform/context";
import { allPermissions, modules } from "#server/modules";
import { commandPost, enter, gravest, village, visitor, type CommandPost } from "./post.ts";

const documentWidth = "document.documentElement.scrollWidth";

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
  }, 120_000);

  afterAll(() => post?.close());

  it("refuses a wrong password in plain words and lets the right one in", async () => {
    const { page, errors } = await visitor(post, "zh-CN");
    await enter(post, page, "chief", "/", "wrong password");
    await page.getByRole("alert").getByText("账号或密码错误").waitFor();
    await enter(post, page, "chief");
    await page.getByRole("heading", { name: "疫情地图" }).waitFor();
    await page.getByText("演练 DRILL").first().waitFor();
    await page.locator(".map-county > span").nth(5).waitFor();
    expect(await page.getByRole("link", { name: /初筛阳性/ }).innerText()).toContain("1");
    expect(await gravest(page)).toEqual([]);
    expect(errors).toEqual([]);
    await page.context().close();
  });

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
    expect(await page.locator("table tbody").innerText()).toContain("Cao County");
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
      "任务督办\n督导检查\n全部功能",
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
    await expect.poll(async () => Number.parseInt(await figure.innerText(), 10), { timeout: 15_000 }).toBe(before + 1);
    await page.context().close();
  });

  it("stands on a phone without scrolling sideways", async () => {
    const { page } = await visitor(post, "en");
    await page.setViewportSize({ width: 390, height: 844 });
    await enter(post, page, "chief");
    await page.getByRole("heading", { name: "Rooms and beds" }).waitFor();
    expect(await page.evaluate(documentWidth)).toBeLessThanOrEqual(390);
    await page.context().close();
  });
});
