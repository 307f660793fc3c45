import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandPost, enter, village, visitor, type CommandPost } from "./post.ts";
import { positivePool, prepareField } from "./seed.ts";

let post: CommandPost;

/** Presses the map at shares of its width and height. */
async function press(page: Page, selector: string, at: readonly (readonly [number, number])[]): Promise<void> {
  const map = page.locator(selector);
  await map.scrollIntoViewIfNeeded();
  const box = await map.boundingBox();
  for (const [x, y] of at)
    await map.click({ position: { x: (box?.width ?? 0) * x, y: (box?.height ?? 0) * y }, force: true });
}

async function count(page: Page, selector: string): Promise<number> {
  return Number(/\d+/.exec(await page.locator(selector).innerText())?.[0] ?? 0);
}

describe("maps that are worked on", () => {
  beforeAll(async () => {
    post = await commandPost();
    // The first person's village stands in no official list; here it lies beside one that does.
    await post.world.sql.run(
      `insert into area (code, parent_code, level, kind, name, name_en, lat, lon)
       select $1, parent_code, level, kind, '走查村', 'Walk Village', lat + 0.001, lon from area
       where level = 'village' and code like '371721123%' order by code limit 1`,
      [village],
    );
    await positivePool(post, await prepareField(post));
  }, 240_000);
  afterAll(() => post?.close());

  it("AREA-8: a laboratory's place is pressed on the map of its form, and stored", async () => {
    const { page, errors } = await visitor(post, "zh-CN");
    await enter(post, page, "root", "/tubes?tab=labs");
    await page
      .locator("tbody")
      .getByRole("button", { name: /修\s?改/ })
      .first()
      .click();
    const form = page.getByRole("dialog");
    await form.getByRole("button", { name: "在地图上选点" }).click();
    await page.locator(".position-map .map-label").first().waitFor({ state: "attached" });
    // The middle by the keyboard first, then a press beside it.
    await page.locator(".position-map .map").focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => form.getByLabel("纬度").inputValue()).toMatch(/^3[45]\./);
    const middle = await form.getByLabel("经度").inputValue();
    await press(page, ".position-map .map", [[0.75, 0.3]]);
    await expect.poll(() => form.getByLabel("经度").inputValue()).not.toBe(middle);
    await form.locator(".ant-modal-footer .ant-btn-primary").click();
    await form.waitFor({ state: "detached" });
    const lab = await post.world.sql.one<{ lat: number; lon: number }>("select lat, lon from lab where code = 'L1'");
    expect(lab.lat).toBeGreaterThan(34);
    expect(lab.lon).toBeGreaterThan(Number(middle));
    expect(errors).toEqual([]);
    await page.context().close();
  }, 180_000);

  it("a county's reader draws round villages at once: corner by corner, by keys, and round a case's home", async () => {
    const { page, errors } = await visitor(post, "en");
    await enter(post, page, "root", "/zones/draw");
    await page
      .locator(".draw-areas")
      .getByRole("button", { name: /^Cao County/ })
      .click();
    await page.locator(".draw-map.leaflet-container canvas").waitFor();
    await page.getByRole("button", { name: "Polygon" }).click();
    await press(page, ".draw-map", [
      [0.4, 0.35],
      [0.62, 0.35],
      [0.62, 0.6],
      [0.1, 0.1],
    ]);
    const close = page.locator(".draw-tools .ant-btn-primary");
    await expect.poll(() => count(page, ".draw-tools .ant-btn-primary")).toBe(4);
    // The last corner was a slip.
    await page.keyboard.press("Backspace");
    await expect.poll(() => count(page, ".draw-tools .ant-btn-primary")).toBe(3);
    await page.keyboard.press("Enter");
    await expect.poll(() => count(page, ".draw-told")).toBeGreaterThan(0);
    const drawn = await count(page, ".draw-told");
    expect(await close.count()).toBe(0);

    // Escape leaves the choice as it was.
    await page.getByRole("button", { name: "Polygon" }).click();
    await press(page, ".draw-map", [[0.5, 0.5]]);
    await page.keyboard.press("Escape");
    await page.locator('.draw-tools [aria-pressed="true"]').getByText("Choose one by one").waitFor();
    await page.getByRole("heading", { name: `Villages chosen: ${drawn}` }).waitFor();

    await page.getByRole("button", { name: "Circle round a case" }).click();
    await page.locator(".draw-circle .ant-select").click();
    await page.locator(".ant-select-item-option").first().click();
    const take = page.locator(".draw-circle .ant-btn-primary");
    await expect.poll(() => count(page, ".draw-circle .ant-btn-primary")).toBeGreaterThan(0);
    const near = await count(page, ".draw-circle .ant-btn-primary");
    await page.getByRole("spinbutton").fill("6000");
    await expect.poll(() => count(page, ".draw-circle .ant-btn-primary")).toBeGreaterThan(near);
    await take.click();

    // The case's home was proposed as a zone: the preview names it and says what that means.
    await page.locator(".draw-field textarea").fill("a find");
    await page.getByRole("button", { name: "See what it does" }).click();
    await page.locator(".draw-overlaps").getByText("A proposal waits").waitFor();
    await page.getByText("Sampling sites", { exact: true }).waitFor();
    const publish = page.getByRole("button", { name: "Publish now" });
    expect(await publish.isDisabled()).toBe(true);
    await page.getByRole("button", { name: /^Leave out the villages/ }).click();
    await page.getByRole("button", { name: "See what it does" }).click();
    await expect.poll(() => publish.isEnabled()).toBe(true);
    expect(errors).toEqual([]);
    await page.context().close();
  }, 240_000);
});
