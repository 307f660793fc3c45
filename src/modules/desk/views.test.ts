import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestWorld } from "#platform/testing";
import { deskWorld } from "./desk.fixture.ts";
import { viewsPerAccountMax } from "./domain.ts";
import { dropView, listViews, saveView } from "./index.ts";

const view = { page: "/cases", name: "今日新增", search: { state: "confirmed" }, columns: ["number"], shared: false };

describe("saved views", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await deskWorld();
  });
  afterAll(() => world.close());

  it("keeps a view, and the same name again is the same view", async () => {
    const mine = world.ctx({ name: "a", areaCode: "371721" });
    const first = await saveView(mine, view);
    const again = await saveView(mine, { ...view, search: { state: "asymptomatic" } });
    expect(again).toEqual({ ...view, id: first.id, search: { state: "asymptomatic" }, own: true });
    expect(await world.sql.many("select search, owner_area from saved_view")).toEqual([
      { search: { state: "asymptomatic" }, owner_area: "371721" },
    ]);
    expect(await listViews(mine, { page: "/contacts" })).toEqual([]);
  });

  it("DESK-1: a shared view is seen in its area and below, and dropped by its keeper only", async () => {
    const county = world.ctx({ name: "county", areaCode: "371721" });
    const shared = await saveView(county, { ...view, name: "全县口径", shared: true });
    const names = async (name: string, areaCode: string) =>
      (await listViews(world.ctx({ name, areaCode }), { page: "/cases" })).map((one) => [one.name, one.own]);
    expect(await names("town", "371721123")).toEqual([["全县口径", false]]);
    expect(await names("other", "371721")).toEqual([["全县口径", false]]);
    expect(await names("city", "3717")).toEqual([]);
    expect(await names("mudan", "371702")).toEqual([]);
    await expect(dropView(world.ctx({ name: "town", areaCode: "371721123" }), { id: shared.id })).rejects.toMatchObject(
      {
        code: "record.notFound",
      },
    );
    await dropView(county, { id: shared.id });
    expect(await names("town", "371721123")).toEqual([]);
  });

  it("DESK-1: keeps at most fifty of an account, but goes on changing those it has", async () => {
    const busy = world.ctx({ name: "busy", areaCode: "371702" });
    for (let i = 0; i < viewsPerAccountMax; i += 1) await saveView(busy, { ...view, name: `v${i}` });
    await expect(saveView(busy, { ...view, name: "one more" })).rejects.toMatchObject({ code: "limit.exceeded" });
    expect(await saveView(busy, { ...view, name: "v7", shared: true })).toMatchObject({ shared: true });
  });
});
