import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandPost, enter, gravest, visitor, type CommandPost } from "./post.ts";
import { prepareField, testTubes, type Field } from "./seed.ts";

/** A counter that is wrong is seen on its round's page with the cause, and set right there. */
describe("the counters of a round in the browser", () => {
  let post: CommandPost;
  let field: Field;
  beforeAll(async () => {
    post = await commandPost();
    field = await prepareField(post);
    const tube = { barcode: "T1", kind: "pool", personIds: field.people.slice(0, 5) };
    await testTubes(post, field, [tube], { box: "B1", positive: [] });
    // Past the system: a tube goes back without its members' counters, and a counter is written.
    await post.world.sql.script(
      "update tube set state = 'received', resulted_at = null, result = null; update coverage set due = due + 2 where due > 8",
    );
  }, 180_000);
  afterAll(() => post?.close());

  it("recounts, names the causes, and sets the counters right", async () => {
    const { page, errors } = await visitor(post, "en");
    await enter(post, page, "root");
    await page.goto(`${post.base}/rounds/${field.roundId}?tab=recount`);
    await page.getByText("Not recounted yet").first().waitFor();
    await page.getByRole("button", { name: "Recount now" }).click();
    await page.getByRole("dialog").getByText("Nothing is changed").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Recount now" }).click();
    await page.getByText("3 counters differ in 1 villages").first().waitFor();
    const rows = page.getByRole("row");
    await rows.filter({ hasText: "explained by no row −2" }).waitFor();
    await rows.filter({ hasText: "a tube's state and the counters disagree −5" }).waitFor();
    await rows.filter({ hasText: "a tube's state and the counters disagree +5" }).waitFor();
    expect(await gravest(page)).toEqual([]);
    await page.getByRole("button", { name: "Set the counters right" }).click();
    await page.getByRole("dialog").getByText("3 counters of 1 villages are set").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Set the counters right" }).click();
    await page.getByText("3 counters set right in 1 villages").first().waitFor();
    expect(await page.getByRole("button", { name: "Set the counters right" }).count()).toBe(0);
    await page.getByRole("tab", { name: "Recounts" }).click();
    await rows.filter({ hasText: "Set right" }).waitFor();
    await rows.filter({ hasText: "Asked for" }).waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
