import { readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandPost, enter, gravest, visitor, type CommandPost } from "./post.ts";
import { richOutbreak } from "./seed.ts";

/** Every page behind the log-in, as the router names them, so that a new page is looked at by itself. */
const router = readFileSync(path.join(import.meta.dirname, "../../src/web/router.tsx"), "utf8");
const pages = [...router.matchAll(/\bpage\("([^"]+)"/g)].map((match) => match[1] ?? "");

let post: CommandPost;
let ids: Readonly<Record<string, string>>;

function addressOf(page: string): string | undefined {
  if (!page.includes("$")) return page;
  const id = ids[page];
  return id === undefined || id === "" ? undefined : page.replace(/\$\w+/, encodeURIComponent(id));
}

async function settled(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor({ state: "attached" });
  await page.waitForFunction('document.querySelectorAll(".ant-skeleton").length === 0');
}

/** Words of the code in place of words of people: `cases.title`. */
const untranslated = /^[a-z]+(\.[a-zA-Z0-9-]+){1,5}$/m;
const han = /[\u3400-\u9fff]/;
describe("every page", () => {
  beforeAll(async () => {
    post = await commandPost();
    ids = await richOutbreak(post);
  }, 180_000);
  afterAll(() => post?.close());

  it("is known with an address, records among them", () => {
    expect(pages.length).toBeGreaterThan(35);
    const records = pages.filter((page) => page.includes("$"));
    // A page of a record that the seed does not make is named here, so that it is not passed over in silence.
    expect(records.filter((page) => addressOf(page) === undefined)).toEqual([
      "/inspection/$id",
      "/supplies/requests/$id",
    ]);
  });

  it.each([
    ["zh-CN", "light"],
    ["en", "dark"],
  ] as const)(
    "has no serious fault of access in %s and %s, no word of the code, and no error",
    async (language, theme) => {
      const { page, errors } = await visitor(post, language);
      await page.addInitScript(`localStorage.setItem("wuyang.theme", "${theme}")`);
      await enter(post, page, "root");
      await settled(page);
      const faults: string[] = [];
      for (const name of pages) {
        const address = addressOf(name);
        if (address === undefined) continue;
        await page.goto(post.base + address);
        await settled(page).catch(() => faults.push(`${name}: never settled`));
        faults.push(...(await gravest(page)).map((fault) => `${name}: ${fault}`));
        if (new URL(page.url()).pathname === "/login") faults.push(`${name}: sent back to the log-in`);
        const text = await page.locator("main").innerText();
        const code = untranslated.exec(text);
        if (code) faults.push(`${name}: says ${code[0]}`);
        if (language === "en") {
          const headings = await page.locator("main button, main label").allInnerTexts();
          faults.push(
            ...headings.filter((words) => han.test(words) && !/[a-z]/.test(words)).map((words) => `${name}: ${words}`),
          );
        }
        const wide: number = await page.evaluate("document.documentElement.scrollWidth");
        if (wide > 1366) faults.push(`${name}: ${wide} px wide`);
      }
      expect(faults).toEqual([]);
      expect(errors).toEqual([]);
      await page.context().close();
    },
    240_000,
  );

  it("prints a briefing in either language, with its frozen figures", async () => {
    const { page } = await visitor(post, "zh-CN");
    const id = ids["/briefings/$id"] ?? "";
    await enter(post, page, "chief", `/briefings/${id}`);
    await page.getByRole("heading", { level: 1, name: /08:30/ }).waitFor();
    for (const [lang, words] of [
      ["zh-CN", /菏泽/],
      ["en", /Situation report|Heze/],
    ] as const) {
      await page.goto(`${post.base}/api/v1/briefings/${id}/report?lang=${lang}`);
      expect(await page.locator("body").innerText()).toMatch(words);
      expect(await page.locator("body").innerText()).toMatch(/DRILL|演练/);
      const pdf = await page.pdf({ format: "A4" });
      expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
      expect(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeGreaterThan(0);
    }
    await page.context().close();
  }, 180_000);

  it("takes a task from the log-in to its end by the keyboard alone", async () => {
    const { page } = await visitor(post, "zh-CN");
    await page.goto(`${post.base}/login`);
    await page.locator("input[autocomplete=username]").focus();
    await page.keyboard.type("chief");
    await page.keyboard.press("Tab");
    await page.keyboard.type("correct horse battery");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "疫情地图" }).waitFor();
    const id = ids["/tasks/$id"] ?? "";
    await page.goto(`${post.base}/tasks?state=open`);
    const link = page.locator(`table tbody a[href="/tasks/${id}"]`);
    await link.waitFor();
    await tabTo(page, `a[href="/tasks/${id}"]`);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "提交完成" }).waitFor();
    await tabTo(page, ".page-actions button.ant-btn-primary");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await tabTo(page, ".ant-modal textarea");
    await page.keyboard.type("已办结");
    await tabTo(page, ".ant-modal-footer .ant-btn-primary");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const task = await post.world.sql.one<{ state: string }>("select state from task where id = $1", [id]);
    expect(["closed", "submitted"]).toContain(task.state);
    await page.context().close();
  }, 180_000);
});

const tabsMax = 250;

/** Presses Tab until the focus stands on what is looked for. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < tabsMax; presses += 1) {
    if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)}) === true`)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the Tab key does not reach ${selector}`);
}
