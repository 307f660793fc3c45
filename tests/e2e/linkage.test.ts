import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { workRun } from "#modules/people";
import { commandPost, enter, gravest, village, visitor, type CommandPost } from "./post.ts";

const rows = 120;

/** A register is compared in the background, and its page shows how far it is without being loaded again. */
describe("the comparison of a register in the browser", () => {
  let post: CommandPost;
  const counts: unknown[] = [];
  beforeAll(async () => {
    post = await commandPost();
    await post.addPeople([{ areaCode: village, name: "王小明", birthDate: "1990-03-07", phone: "13800000001" }]);
    for (const code of ["HUKOU", "CATERING"]) {
      await post.api("root", "POST", "/api/v1/registers", { code, kind: "trade", owner: code, areaCode: "3717" });
      const lines = Array.from({ length: rows }, (_, i) => `${code},${i},371721,赵${i},1960-01-01,`);
      lines[0] = `${code},0,371721,王小明,1990-03-07,13800000001`;
      lines[1] = `${code},1,371721,王晓明,1990-03-07,`;
      const content = ["register,ref,area_code,name,birth_date,phone", ...lines].join("\n");
      const body = { format: "csv", content, dryRun: false };
      const taken = await post.api("root", "POST", "/api/v1/sheets/people-register-entries/import", body);
      counts.push(taken);
    }
  }, 180_000);
  afterAll(() => post?.close());

  it("is started at the source, followed, and stopped", async () => {
    expect(counts).toMatchObject([
      { bad: 0, taken: rows },
      { bad: 0, taken: rows },
    ]);
    const { page, errors } = await visitor(post, "en");
    await enter(post, page, "root");
    const start = async (code: string): Promise<void> => {
      await page.goto(`${post.base}/registers`);
      const row = page.getByRole("row").filter({ hasText: code });
      await row.getByRole("button", { name: "Match the register" }).click();
      await page.getByRole("dialog").getByText("It runs in the background").waitFor();
      await page.getByRole("dialog").getByRole("button", { name: "Match the register" }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
    };
    await start("HUKOU");
    await page.getByRole("tab", { name: "Matching" }).click();
    const run = page.getByRole("row").filter({ hasText: "HUKOU" });
    await run.filter({ hasText: "running" }).waitFor();
    expect(await gravest(page)).toEqual([]);
    // What a worker of the installation does with the job.
    await workRun(post.world.ctx(), 1);
    await run.filter({ hasText: "done" }).waitFor();
    expect(await run.getByRole("cell").allTextContents()).toEqual(
      expect.arrayContaining(["HUKOU", "120", "1", "118", "管理员"]),
    );
    await start("CATERING");
    await page.getByRole("tab", { name: "Matching" }).click();
    const second = page.getByRole("row").filter({ hasText: "CATERING" });
    await second.getByRole("button", { name: "Stop matching" }).click();
    await page.getByRole("dialog").getByText("What was decided stays").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Stop matching" }).click();
    await second.filter({ hasText: "stopped" }).waitFor();
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
