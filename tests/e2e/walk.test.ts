import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandPost, enter, village, visitor, type CommandPost } from "./post.ts";

const town = village.slice(0, 9);
const neighbours = [village, `${town}202`];

interface Round {
  readonly roundId: string;
}

/** What the field has done before the command post looks: people, a round, tubes on their way to the laboratory. */
interface Field {
  readonly people: readonly number[];
  readonly siteId: string;
  readonly labId: string;
  readonly roundId: string;
}

let post: CommandPost;
let field: Field;

async function prepare(): Promise<Field> {
  const people = await post.addPeople(
    Array.from({ length: 14 }, (_, i) => ({
      ref: `w${i}`,
      areaCode: neighbours[i < 10 ? 0 : 1] ?? village,
      name: `走查${i}`,
      sex: i % 2 === 0 ? ("female" as const) : ("male" as const),
      birthDate: "1985-05-05",
      household: `h${Math.floor(i / 3)}`,
      phone: `1380000${String(i).padStart(4, "0")}`,
    })),
  );
  const sites = await post.api<Record<string, string>>("root", "POST", "/api/v1/sampling-sites", {
    areaCode: "3717",
    sites: [{ code: "S1", areaCode: village, name: "村口采样点" }],
  });
  const labs = await post.api<Record<string, string>>("root", "POST", "/api/v1/labs", {
    areaCode: "3717",
    labs: [{ code: "L1", areaCode: "3717", name: "市疾控", capacityTubesDay: 5_000 }],
  });
  await post.api("root", "POST", "/api/v1/isolation-sites", {
    sites: [
      { kind: "central", areaCode: "371721", name: "曹县隔离点", rooms: { single: 40 } },
      { kind: "fangcang", areaCode: "371721", name: "曹县方舱", rooms: { ward: 1, bedsPerWard: 40 } },
      { kind: "hospital", areaCode: "3717", name: "市定点医院", rooms: { ward: 1, bedsPerWard: 40 } },
    ],
  });
  const round = await post.api<Round>("root", "POST", "/api/v1/rounds", { areaCode: town, areaType: "rural" });
  return { people, siteId: sites["S1"] ?? "", labId: labs["L1"] ?? "", roundId: round.roundId };
}

/** Tubes from the site to the laboratory, and the laboratory's results, over the interface that devices use. */
async function test(
  tubes: readonly { barcode: string; kind: string; personIds: number[] }[],
  box: string,
  positive: string[],
  roundId = field.roundId,
) {
  const at = post.world.clock.now();
  await post.api("root", "POST", "/api/v1/tubes", {
    roundId,
    siteId: field.siteId,
    box,
    tubes: tubes.map((tube) => ({ ...tube, at })),
  });
  await post.api("root", "POST", "/api/v1/boxes/seal", { siteId: field.siteId, code: box, seal: `${box}-seal` });
  await post.api("root", "POST", "/api/v1/boxes/hand-over", {
    siteId: field.siteId,
    courier: "C1",
    boxes: [{ code: box }],
  });
  await post.api("root", "POST", "/api/v1/boxes/receive", {
    labId: field.labId,
    courier: "C1",
    boxes: [{ code: box, counted: tubes.length }],
  });
  await post.api("root", "POST", "/api/v1/results", {
    labId: field.labId,
    results: tubes.map(({ barcode }) =>
      positive.includes(barcode)
        ? { barcode, result: "positive", ctN: 24, ctOrf: 25 }
        : { barcode, result: "negative", ctN: null, ctOrf: null },
    ),
  });
}

/** Presses the button that opens a form and then the form's own. */
async function confirm(page: Page, within: Locator, name: string | RegExp): Promise<void> {
  await within.getByRole("button", { name }).first().click();
  await page.getByRole("dialog").locator(".ant-modal-footer .ant-btn-primary, .ant-btn-dangerous").last().click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

describe("from a positive tube to contacts in rooms and the zone on the map", () => {
  beforeAll(async () => {
    post = await commandPost();
    field = await prepare();
  }, 120_000);
  afterAll(() => post?.close());

  it("is walked in the browser, with the laboratory at the other end", async () => {
    const { page, errors } = await visitor(post, "zh-CN");
    await enter(post, page, "chief", "/positives");
    await page.getByRole("heading", { level: 1 }).waitFor();
    const [first = 0, second = 0] = field.people;

    // The laboratory finds a positive pool: its members are held before anybody opens a page.
    await test([{ barcode: "P1", kind: "pool", personIds: field.people.slice(0, 5) }], "B1", ["P1"]);
    await page.getByRole("link", { name: "P1" }).click();
    await page.getByRole("heading", { name: /P1/ }).waitFor();
    await expect.poll(async () => page.locator("table tbody tr.ant-table-row").count()).toBe(5);

    // The door team's single tubes: one of the five is positive.
    const singles = field.people.slice(0, 5).map((id, i) => ({ barcode: `D${i}`, kind: "single", personIds: [id] }));
    const pool = await post.world.sql.one<{ id: number }>("select id from tube where barcode = 'P1'");
    const recheck = await post.api<Round>("root", "POST", "/api/v1/rounds/standing", {
      purpose: "recheck",
      areaCode: village,
    });
    const asked = singles.map((tube) => ({ ...tube, recheckOf: pool.id }));
    await test(asked, "B2", ["D0"], recheck.roundId);
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
    expect([first, second].every((id) => id > 0)).toBe(true);

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
  }, 120_000);
});
