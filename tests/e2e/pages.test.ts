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

/** Words that the page should not say: keys of the locale files, and Chinese on an English page's controls. */
async function wordFaults(page: Page, language: "zh-CN" | "en"): Promise<string[]> {
  const code = untranslated.exec(await page.locator("main").innerText());
  const faults = code ? [`says ${code[0]}`] : [];
  if (language === "zh-CN") return faults;
  const labels = await page.locator("main button, main label").allInnerTexts();
  return [...faults, ...labels.filter((words) => han.test(words) && !/[a-z]/.test(words))];
}

type Theme = "light" | "dark";

async function themeOf(page: Page): Promise<Theme> {
  return (await page.evaluate("document.documentElement.dataset.theme")) === "dark" ? "dark" : "light";
}

/** Colours that are still on their way from one theme to the other are nobody's fault. */
const atRest = `document.getAnimations().every((one) =>
  one.playState !== "running" || one.effect?.getComputedTiming().iterations === Infinity)`;

/** A wall is dark whoever stands before it, and has no button for it. */
const alwaysDark = ["/wall"];

/** Changes the theme by the page's own button. */
async function turnOver(page: Page): Promise<Theme> {
  const next = (await themeOf(page)) === "dark" ? "light" : "dark";
  await page.locator("button.own-name").click();
  await page
    .locator("[data-panel]")
    .getByRole("button", { name: next === "dark" ? /^(深色|Dark)$/ : /^(浅色|Light)$/ })
    .click();
  await page.keyboard.press("Escape");
  await page.waitForFunction(`document.documentElement.dataset.theme === "${next}"`);
  await page.waitForFunction(atRest);
  return next;
}

/** What a turn of the wall looks like. */
interface Seen {
  readonly faults: readonly string[];
  readonly titles: readonly string[];
  readonly least: number;
  readonly leastOf: string;
}

/** Looks at the wall: what is cut or scrolls, which panels stand, and the smallest letters. */
const wallLook = `(() => {
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
  const faults = [];
  const { scrollWidth, scrollHeight } = document.documentElement;
  if (scrollWidth > innerWidth || scrollHeight > innerHeight) faults.push("scrolls to " + scrollWidth + "×" + scrollHeight);
  const slots = [...document.querySelectorAll(".wall-slot")].filter(isSeen);
  for (const box of [...slots, ...document.querySelectorAll(".wall > .totals, .wall-map .panel, .wall-slot .scroll-x")]) {
    if (!isSeen(box)) continue;
    const paged = box.matches(".wall-slot") && box.scrollHeight > box.clientHeight * 1.5;
    if (box.scrollWidth > box.clientWidth + 1 || (!paged && box.scrollHeight > box.clientHeight + 1))
      faults.push(box.className + " holds " + box.scrollWidth + "×" + box.scrollHeight + " in " + box.clientWidth + "×" + box.clientHeight);
  }
  let least = Infinity;
  let leastOf = "";
  for (const element of document.querySelectorAll(".shell *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
    if (!own || !isSeen(element) || element.closest(".sr-only, .skip") || element.getBoundingClientRect().width < 2) continue;
    const px = parseFloat(getComputedStyle(element).fontSize);
    if (px < least) [least, leastOf] = [px, element.outerHTML.slice(0, 120)];
  }
  return { faults, titles: slots.map((slot) => slot.querySelector("h2")?.textContent ?? ""), least, leastOf };
})()`;

describe("every page", () => {
  beforeAll(async () => {
    post = await commandPost();
    ids = await richOutbreak(post);
  }, 180_000);
  afterAll(() => post?.close());

  it("is known with an address, records among them", () => {
    expect(pages.length).toBeGreaterThan(35);
    const records = pages.filter((page) => page.includes("$"));
    expect(records.length).toBeGreaterThan(10);
    expect(records.filter((page) => addressOf(page) === undefined)).toEqual([]);
  });

  it.each(["zh-CN", "en"] as const)(
    "has no serious fault of access in %s in light and in dark, no word of the code, and no error",
    async (language) => {
      const { page, errors } = await visitor(post, language);
      await enter(post, page, "root");
      await settled(page);
      const faults: string[] = [];
      const seen: Record<Theme, string[]> = { light: [], dark: [] };
      for (const name of pages) {
        await page.goto(post.base + (addressOf(name) ?? name));
        await settled(page).catch(() => faults.push(`${name}: never settled`));
        if (new URL(page.url()).pathname === "/login") faults.push(`${name}: sent back to the log-in`);
        faults.push(...(await wordFaults(page, language)).map((fault) => `${name}: ${fault}`));
        // The theme is turned over on the page itself: the next page then begins with the other one.
        const look = async (theme: Theme, rules: "all" | "colours"): Promise<void> => {
          seen[theme].push(name);
          faults.push(...(await gravest(page, rules)).map((fault) => `${name}, ${theme}: ${fault}`));
          const wide: number = await page.evaluate("document.documentElement.scrollWidth");
          if (wide > 1366) faults.push(`${name}, ${theme}: ${wide} px wide`);
        };
        await look(await themeOf(page), "all");
        // The theme changes nothing but colours, so only the rules about them are asked again.
        if (!alwaysDark.includes(name)) await look(await turnOver(page), "colours");
      }
      expect(faults).toEqual([]);
      expect(errors).toEqual([]);
      expect(seen.dark).toEqual(pages);
      expect(seen.light).toEqual(pages.filter((name) => !alwaysDark.includes(name)));
      await page.context().close();
    },
    480_000,
  );

  it("fits the wall on three screens without scrolling, whole panels in turns, in letters of 16 px at 1080 lines", async () => {
    const { page, errors } = await visitor(post, "en");
    await enter(post, page, "root", "/wall");
    for (const [width, height] of [
      [1366, 768],
      [1920, 1080],
      [3840, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.reload();
      await page.locator(".wall-slot:not([inert])").first().waitFor();
      await page.keyboard.press(" ");
      const deck = page.locator(".wall-deck[data-turns]");
      const shown = new Set<string>();
      for (let turn = 0; turn < Number(await deck.getAttribute("data-turns")); turn += 1) {
        await page
          .locator(".wall-foot")
          .getByText(`Turn ${turn + 1} of`)
          .waitFor();
        const seen: Seen = await page.evaluate(wallLook);
        expect(seen.faults, `${width}×${height}, turn ${turn + 1}`).toEqual([]);
        if (height >= 1080) expect(seen.least, seen.leastOf).toBeGreaterThanOrEqual(16);
        for (const title of seen.titles) shown.add(title);
        await page.keyboard.press("ArrowRight");
      }
      // The curve, the round, phases, what is late, rooms, and the clocks of the loop.
      expect(shown.size).toBe(6);
    }
    expect(errors).toEqual([]);
    await page.context().close();
  }, 180_000);

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
