import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { listSources, module as people, openRegister, takeLinkage, workRun } from "#modules/people";
import { openPool, type Pool } from "#platform/db";
import { testWorld, type TestWorld } from "#platform/testing";
import { copiedNumbers, judged } from "../bench/register.bench.ts";
import { registerCity, registerKinds, rowsOf } from "../bench/register.city.ts";
import { entriesOf, loadAreas, loadPeople, takeRows } from "../bench/register.load.ts";
import { benchVillages } from "../bench/load.ts";

/** The benchmark's smallest city: three registers with their mistakes, judged by what the generator knows. */

const count = 5_000;
const villages = benchVillages()
  .filter((_, i) => i % 500 === 0)
  .map(({ code }) => code);
const city = registerCity(1, count, villages);

describe(`three registers of ${count} people in ${villages.length} villages`, () => {
  let world: TestWorld;
  let owner: Pool;
  const ctx = () => world.ctx();

  beforeAll(async () => {
    world = await testWorld({ modules: [areas, outbreaks, people], at: "2022-07-24T12:00:00.000Z" });
    owner = openPool(world.url, { size: 2 });
    await loadAreas({ owner, ctx }, villages);
    const opened = { name: "菏泽", nameEn: "Heze", areaCode: "3717", timeZone: "Asia/Shanghai" };
    await openOutbreak(ctx(), { ...opened, protocolId: "covid-19.cn-9" });
    await loadPeople({ owner, ctx }, city);
    for (const { code, kind } of registerKinds) {
      await openRegister(ctx(), { code, kind, owner: code, areaCode: "3717" });
      const found = registerKinds.find((one) => one.code === code);
      if (found) await takeRows({ owner, ctx }, entriesOf(city, found));
    }
  });
  afterAll(async () => {
    await owner.close();
    await world.close();
  });

  it("are linked without one wrong link, and the reviewer is shown the right person in 97 of 100 rows", async () => {
    for (const { code } of registerKinds) {
      const { no } = await takeLinkage(ctx(), { code });
      expect(await workRun(ctx(), no, { sizes: { countyEntries: 100, threadEntries: 1_000 } })).toBe("done");
    }
    const of = new Map((await judged({ owner })).map((row) => [row.how, row]));
    const all = [...of.values()].reduce((sum, { entries }) => sum + entries, 0);
    const sources = (await listSources(ctx(), {})).items;
    expect(all).toBe(sources.reduce((sum, { entries }) => sum + entries, 0));
    expect(all).toBeGreaterThan(0.99 * registerKinds.reduce((sum, kind) => sum + rowsOf(city, kind), 0));
    const exact = of.get("exactId");
    expect(exact?.entries).toBeGreaterThan(count);
    expect((exact?.entries ?? 0) - (exact?.right ?? 0)).toBe((await copiedNumbers({ owner })).linked);
    const byPhone = of.get("exactPhoneName");
    expect(byPhone?.entries).toBeGreaterThan(count / 10);
    expect(byPhone?.right).toBe(byPhone?.entries);
    const review = of.get("review");
    expect((review?.right ?? 0) / (review?.entries ?? 1)).toBeGreaterThan(0.97);
    expect(of.get("unmatched, of somebody")?.entries ?? 0).toBeLessThan(all / 1_000);
  });
});
