import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addMinutes } from "#kernel/time";
import { registerPeople } from "#modules/people";
import type { Ctx } from "#platform/context";
import { runDueDuties } from "#platform/ticks";
import { closeRound, openPurposeRound, openRound, reportResults, uploadTubes } from "./index.ts";
import { inTx, probe, smallCity, type SmallCity } from "./screening.fixture.ts";

describe("SCR-19: every night, each open round and each that closed since", () => {
  let city: SmallCity;
  let ctx: Ctx;
  const runs = () =>
    city.world.sql.many<{ round_id: string; differences: number }>(
      "select round_id, differences from reconciliation where reason = 'nightly' order by at, round_id",
    );
  beforeAll(async () => {
    city = await smallCity(20, [probe]);
    ctx = city.world.ctx();
  });
  afterAll(() => city.world.close());

  it("once a night at three of the outbreak's clock, standing rounds with the others", async () => {
    const { clock } = city.world;
    const standing = await inTx(ctx, (tx) =>
      openPurposeRound(tx, { purpose: "quarantine", areaCode: city.villages[0] ?? "", day: "2022-07-24" }),
    );
    const [person = 0, other = 0] = city.people.get(city.villages[0] ?? "") ?? [];
    const upload = (roundId: string, barcode: string, personIds: number[]) =>
      uploadTubes(ctx, {
        roundId,
        siteId: city.sites["S1"] ?? "",
        box: `${barcode}-box`,
        tubes: [{ barcode, kind: "single", personIds, at: clock.now() }],
      });
    await upload(standing, "Q1", [person]);
    await upload(city.roundId, "A1", [other]);
    await runDueDuties(ctx);
    expect(await runs()).toEqual([]);
    // Half past two in Heze, then five past three.
    clock.set("2022-07-24T18:30:00.000Z");
    await runDueDuties(ctx);
    expect(await runs()).toEqual([]);
    clock.set("2022-07-24T19:05:00.000Z");
    await runDueDuties(ctx);
    expect(await runs()).toHaveLength(2);
    clock.forward(60);
    await runDueDuties(ctx);
    expect((await runs()).map((run) => run.differences)).toEqual([0, 0]);
  });

  it("a closed round is counted once more, people who register after it are not due in it", async () => {
    const { clock, sql } = city.world;
    await reportResults(ctx, { labId: city.labId, results: [{ barcode: "A1", result: "negative" }] });
    await closeRound(ctx, { roundId: city.roundId });
    clock.forward(10);
    const village = city.villages[0] ?? "";
    await inTx(ctx, (tx) =>
      registerPeople(tx, { register: "late", people: [{ ref: "1", areaCode: village, name: "新来" }] }),
    );
    await openRound(ctx, { areaCode: "371702", areaType: "urban" });
    clock.set("2022-07-25T19:00:00.000Z");
    await runDueDuties(ctx);
    const after = await runs();
    expect(after).toHaveLength(5);
    expect(after.filter((run) => run.differences > 0)).toEqual([]);
    clock.set(addMinutes(clock.now(), 1_440));
    await runDueDuties(ctx);
    // The closed round has had its last one; the standing and the county's go on.
    expect(await runs()).toHaveLength(7);
    expect(
      await sql.one("select due from coverage where round_id = $1 and area_code = $2", [city.roundId, village]),
    ).toEqual({
      due: 20,
    });
  });

  it("a difference of the night makes the task, and a night without one closes it", async () => {
    const { clock, sql } = city.world;
    const standing = await sql.one<{ id: string }>("select id from round where kind = 'quarantine'");
    await sql.run("update coverage set excused = excused + 1 where round_id = $1", [standing.id]);
    clock.set(addMinutes(clock.now(), 1_440));
    await runDueDuties(ctx);
    const taskText =
      "select subject_id, state, due_at, area_code from task where kind = 'coverageDiffers' order by created_at";
    expect(await sql.many(taskText)).toEqual([
      { subject_id: standing.id, state: "open", due_at: addMinutes(clock.now(), 360), area_code: "371702" },
    ]);
    await sql.run("update coverage set excused = 0 where round_id = $1", [standing.id]);
    clock.set(addMinutes(clock.now(), 1_440));
    await runDueDuties(ctx);
    expect(await sql.many(taskText)).toMatchObject([{ state: "closed" }]);
  });
});
