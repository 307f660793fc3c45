import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandPost, enter, visitor, type CommandPost } from "./post.ts";
import { prepareField, recheckPool, testTubes, type Field } from "./seed.ts";

let post: CommandPost;
let field: Field;

/** Presses the button that opens a form and then the form's own. */
async function confirm(page: Page, within: Locator, name: string | RegExp): Promise<void> {
  await within.getByRole("button", { name }).first().click();
  await page.getByRole("dialog").locator(".ant-modal-footer .ant-btn-primary, .ant-btn-dangerous").last().click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

describe("from a positive tube to contacts in rooms and the zone on the map", () => {
  beforeAll(async () => {
    post = await commandPost();
    field = await prepareField(post);
  }, 240_000);
  afterAll(() => post?.close());

  it("is walked in the browser, with the laboratory at the other end", async () => {
    const { page, errors } = await visitor(post, "zh-CN");
    await enter(post, page, "chief", "/positives");
    await page.getByRole("heading", { level: 1 }).waitFor();

    // The laboratory finds a positive pool: its members are held before anybody opens a page.
    await testTubes(post, field, [{ barcode: "P1", kind: "pool", personIds: field.people.slice(0, 5) }], {
      box: "B1",
      positive: ["P1"],
    });
    await page.getByRole("link", { name: "P1" }).click();
    await page.getByRole("heading", { name: /P1/ }).waitFor();
    await expect.poll(async () => page.locator("table tbody tr").count()).toBe(5);

    // The door team's single tubes: one of the five is positive.
    const pool = await post.world.sql.one<{ id: number }>("select id from tube where barcode = 'P1'");
    await recheckPool(post, field, pool.id);
    await page.goto(`${post.base}/cases?state=preliminary`);
    await page.locator("table tbody a").first().click();
    await page
      .getByRole("heading", { name: "分类订正" })
      .or(page.getByRole("heading", { level: 1 }))
      .first()
      .waitFor();

    // Diagnosed by the protocol's own facts.
    await page.getByRole("button", { name: "诊断分类" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("符合的诊断依据").click();
    await page.getByTitle("核酸检测阳性").click();
    await page.keyboard.press("Escape");
    // A click that comes while the choices are still folding up is taken as one more way to fold them.
    await page.locator(".ant-select-dropdown").first().waitFor({ state: "hidden" });
    await form.getByRole("button", { name: "诊断分类" }).click();
    await page.getByText("无症状感染者1").first().waitFor();

    // Its contacts: those of the household and of the tube are found by themselves.
    await confirm(page, page.locator(".page-actions").first(), "判定密接");
    await page.goto(`${post.base}/contacts`);
    await page.locator("table tbody a").first().waitFor();
    const contacts = await post.world.sql.one<{ n: number }>(
      "select count(*)::int as n from contact where state <> 'excluded'",
    );
    expect(contacts.n).toBeGreaterThan(0);

    // A room for each, a vehicle, and the keys at the other end.
    await page.goto(`${post.base}/transfers`);
    const columns = page.locator(".transit > *");
    await confirm(page, columns.nth(0), "分配房间");
    await columns.nth(1).getByRole("checkbox").first().waitFor();
    await confirm(page, columns.nth(1), "安排转运");
    for (const [index, button] of [
      [2, /接上|出发/],
      [3, /送达|到达/],
    ] as const) {
      const column = columns.nth(index);
      await column.getByRole("checkbox").first().waitFor();
      for (const box of await column.getByRole("checkbox").all()) await box.check();
      await confirm(page, column, button);
    }
    const placed = await post.world.sql.one<{ n: number }>(
      "select count(*)::int as n from isolation_order where state = 'active'",
    );
    expect(placed.n).toBeGreaterThan(0);

    // The case's home was proposed as a zone; it is decided, and stands on the list and on the map.
    await page.goto(`${post.base}/zones?state=proposed`);
    await page.locator("table tbody a").first().click();
    await confirm(page, page.locator(".page-actions").first(), /^发\s?布$/);
    await page.goto(`${post.base}/zones?state=published`);
    await page.locator("table tbody a").first().waitFor();
    await page.goto(post.base);
    await page.getByRole("heading", { name: "疫情地图" }).waitFor();
    const board = await page.evaluate(
      'fetch("/api/v1/board").then((answer) => answer.json()).then((found) => found.zones.length)',
    );
    expect(board).toBeGreaterThan(0);
    expect(errors).toEqual([]);
    await page.context().close();
  }, 240_000);
});
