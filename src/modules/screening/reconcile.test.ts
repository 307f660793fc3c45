import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ctx } from "#platform/context";
import { exportSheet } from "#platform/sheets";
import { asIfSpread } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import {
  listDifferences,
  listReconciliations,
  reconcileRound,
  recordAbsences,
  roundProgress,
  setCoverageRight,
} from "./index.ts";
import { carryOn, damages, dice, registerLate, sampleEverybody, seed } from "./reconcile.fixture.ts";
import { reconcileSheets } from "./reconcile.sheets.ts";
import { recountArea, recountStanding } from "./recount.store.ts";
import { roundOrNone } from "./rounds.service.ts";
import { emit, kept, probe, recount, smallCity, type SmallCity } from "./screening.fixture.ts";

/** A busy round of 20,000 people: whatever is done by use cases leaves nothing to find; each damage by SQL is found with its cause. */

const perVillage = 5_000;

describe(`the counters of a busy round, seed ${seed}`, () => {
  let city: SmallCity;
  let ctx: Ctx;
  const allOf = async (reading: Ctx = ctx, roundId = city.roundId) => {
    const found: Awaited<ReturnType<typeof listDifferences>>["items"] = [];
    let cursor: string | null | undefined;
    do {
      const page = await listDifferences(reading, { roundId, limit: 3, ...(cursor ? { cursor } : {}) });
      found.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return found;
  };

  beforeAll(async () => {
    city = await smallCity(perVillage, [probe]);
    ctx = city.world.ctx();
    await city.world.sql.script("analyze");
    const ids = [...city.people.values()].flat();
    const placed = Array.from({ length: 40 }, () => ids[dice.int(ids.length)] ?? 0);
    await emit(ctx, "isolation.departed", { personIds: placed });
    await registerLate(city, ctx, "early");
    const boxes = await sampleEverybody(city, ctx, city.roundId, "T");
    const away = Array.from({ length: 400 }, () => ({
      personId: ids[dice.int(ids.length)] ?? 0,
      reason: "away" as const,
    }));
    await recordAbsences(ctx, { roundId: city.roundId, people: away });
    await carryOn(city, ctx, city.roundId, "T", boxes);
    city.world.clock.forward(30);
    await registerLate(city, ctx, "later");
  }, 60_000);
  afterAll(() => city.world.close());

  it("SCR-18, SCR-19: the use cases leave nothing to find, and the recount equals one by plain joins", async () => {
    const done = await reconcileRound(ctx, { roundId: city.roundId });
    expect(done).toMatchObject({ reason: "asked", villages: 4, differing: 0, differences: 0 });
    expect(await city.world.sql.many(kept, [city.roundId])).toEqual(await city.world.sql.many(recount, [city.roundId]));
    const states = await city.world.sql.many<{ state: string; n: number }>(
      "select state, count(*)::int as n from tube group by 1 order by 1",
    );
    // Nothing would be proved by a round in which every tube stood at the site.
    expect(states.map((row) => row.state)).toEqual([
      "closed",
      "in_transit",
      "lost",
      "open",
      "received",
      "rejected",
      "resulted",
    ]);
    const { lost, positive } = await city.world.sql.one<{ lost: number; positive: number }>(
      "select sum(lost)::int as lost, sum(positive)::int as positive from coverage",
    );
    expect(lost).toBeGreaterThan(0);
    expect(positive).toBeGreaterThan(0);
    expect(await city.world.sql.many("select 1 from task where kind = 'coverageDiffers'")).toEqual([]);
  });

  it("SCR-19: counts the same where people and swabs are spread", async () => {
    const round = await runDuty(ctx, (tx) => roundOrNone(tx, city.roundId));
    const count = () =>
      runDuty(ctx, async (tx) => [await recountArea(tx, round), await recountStanding(tx, [round.id])] as const);
    const here = await count();
    expect(here[0].map(({ counted }) => counted.resulted > 0)).toEqual([true, true, true, true]);
    expect(await asIfSpread(city.world, count)).toEqual(here);
  });

  it.each(damages)(
    "SCR-20: $cause is found after SQL past the use cases, and set right",
    async ({ cause, text, found }) => {
      expect(await city.world.sql.run(text)).toBeGreaterThan(0);
      const done = await reconcileRound(ctx, { roundId: city.roundId });
      const differences = await allOf();
      expect(done.differences).toBe(found.length);
      const told = differences.map((row) => [row.counter, row.counted - row.kept] as const);
      expect(told.toSorted((x, y) => (x[0] === y[0] ? x[1] - y[1] : x[0] < y[0] ? -1 : 1))).toEqual(found);
      for (const row of differences) expect(row.causes).toEqual([{ cause, people: row.counted - row.kept }]);
      expect(await setCoverageRight(ctx, { roundId: city.roundId })).toMatchObject({ differences: found.length });
      expect(await reconcileRound(ctx, { roundId: city.roundId })).toMatchObject({ differences: 0 });
    },
  );

  it("SCR-20: a village whose row of counters is gone gets it back", async () => {
    const [before] = await city.world.sql.many("delete from coverage where area_code = '371721123201' returning *");
    expect(await reconcileRound(ctx, { roundId: city.roundId })).toMatchObject({ differing: 1, villages: 4 });
    expect((await allOf()).flatMap((row) => row.causes.map((share) => share.cause))).toEqual(
      expect.arrayContaining(["rowMissing"]),
    );
    await setCoverageRight(ctx, { roundId: city.roundId });
    expect(await city.world.sql.one("select * from coverage where area_code = '371721123201'")).toEqual(before);
  });

  it("SCR-21: setting right is on record with what stood before, closes the task, and is refused where nothing differs", async () => {
    await city.world.sql.script("update coverage set due = due + 7 where area_code = '371702001202'");
    await reconcileRound(ctx, { roundId: city.roundId });
    await reconcileRound(ctx, { roundId: city.roundId });
    const taskText = `select state, owner_team, subject_type, params from task where kind = 'coverageDiffers' and state = 'open'`;
    // A second finding of the same round makes no second task.
    expect(await city.world.sql.many(taskText)).toEqual([
      {
        state: "open",
        owner_team: "screening",
        subject_type: "round",
        params: { no: 1, villages: 4, differing: 1, differences: 1, unexplained: 7 },
      },
    ]);
    expect(await setCoverageRight(ctx, { roundId: city.roundId })).toEqual({
      roundId: city.roundId,
      villages: 1,
      differences: 1,
    });
    expect(await city.world.sql.many(taskText)).toEqual([]);
    expect(
      await city.world.sql.one(
        "select action, count, area_code from audit where action = 'screening.coverageSetRight' order by seq desc limit 1",
      ),
    ).toEqual({ action: "screening.coverageSetRight", count: 1, area_code: "3717" });
    expect(
      await city.world.sql.one(
        "select data from event where name = 'screening.coverageSetRight' order by seq desc limit 1",
      ),
    ).toEqual({ data: { roundId: city.roundId, villages: 1, differences: 1, causes: { unexplained: 7 } } });
    const [last] = (await listReconciliations(ctx, { roundId: city.roundId, limit: 1 })).items;
    expect(last).toMatchObject({ reason: "setRight", differences: 1 });
    expect(await allOf()).toMatchObject([
      { areaCode: "371702001202", counter: "due", causes: [{ cause: "unexplained", people: -7 }] },
    ]);
    await expect(setCoverageRight(ctx, { roundId: city.roundId })).rejects.toMatchObject({
      params: { rule: "SCR-21" },
    });
  });

  it("a reader of one county sees the differences of its own villages, and sets nothing right that is wider", async () => {
    await city.world.sql.script("update coverage set due = due + 1");
    await reconcileRound(ctx, { roundId: city.roundId });
    const county = city.world.ctx({ areaCode: "371702" });
    expect((await allOf(county)).map((row) => row.areaCode)).toEqual(["371702001201", "371702001202"]);
    expect((await roundProgress(county, { roundId: city.roundId })).reconciliation).toMatchObject({ differing: 4 });
    await expect(setCoverageRight(county, { roundId: city.roundId })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    const reader = city.world.ctx({ permissions: ["screening.round.read"] });
    await expect(reconcileRound(reader, { roundId: city.roundId })).rejects.toMatchObject({ code: "auth.forbidden" });
    const [sheet] = reconcileSheets;
    const file = sheet ? await exportSheet(reader, sheet, {}, "csv") : null;
    expect(String(file?.text).trim().split("\n")).toHaveLength(5);
    expect(file?.text).toContain("explained by no row -1");
    await setCoverageRight(ctx, { roundId: city.roundId });
  });
});
