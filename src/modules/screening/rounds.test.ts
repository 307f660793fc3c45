import type { ResultsRecorded } from "./events.model.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addMinutes, dayOf } from "#kernel/time";
import type { Ctx } from "#platform/context";
import type { TubeUpload, UploadTubes } from "./screening.model.ts";
import {
  closeRound,
  coverage,
  getTube,
  notSampled,
  openRound,
  progressOf,
  recordAbsences,
  reportResults,
  roundProgress,
  screeningNeeds,
  uploadTubes,
  villageRounds,
  openPurposeRound,
  openStandingRound,
  resultsOf,
} from "./index.ts";
import {
  type Device,
  type SmallCity,
  deviceOf,
  emit,
  expectBalanced,
  inTx,
  probe,
  smallCity,
  eventsOf,
} from "./screening.fixture.ts";

describe("who is due, excused and not sampled", () => {
  let city: SmallCity;
  let ctx: Ctx;
  let of: Device["of"];
  let tube: Device["tube"];
  let upload: Device["upload"];

  beforeAll(async () => {
    city = await smallCity(30, [probe]);
    ctx = city.world.ctx();
    ({ of, tube, upload } = deviceOf(city));
  });
  afterAll(() => city.world.close());

  it("SCR-10, SCR-11: who is not sampled is listed with the reason until they are", async () => {
    await upload("B1", [tube("T1", of(0, 0, 20)), tube("T2", of(0, 20, 26))]);
    const [a = 0, b = 0, c = 0] = of(3, 0, 3);
    const reasons = [
      { personId: a, reason: "away" as const },
      { personId: b, reason: "infant" as const },
      { personId: c, reason: "refused" as const },
    ];
    expect(
      await recordAbsences(ctx, {
        roundId: city.roundId,
        people: [...reasons, { personId: 999_999, reason: "away" }, { personId: of(0, 0, 1)[0] ?? 0, reason: "away" }],
      }),
    ).toEqual({ recorded: 3, unknown: 1, sampled: 1 });
    expect(
      await recordAbsences(ctx, { roundId: city.roundId, people: [{ personId: c, reason: "away" }] }),
    ).toMatchObject({ recorded: 1 });
    await expectBalanced(city);
    const reading = city.world.ctx({ areaCode: "371721", reason: "door visits" });
    const firstPage = await notSampled(reading, { roundId: city.roundId, areaCode: city.villages[3] ?? "", limit: 20 });
    expect(firstPage.items.map((row) => row.reason).slice(0, 4)).toEqual(["away", "infant", "away", null]);
    const rest = await notSampled(reading, {
      roundId: city.roundId,
      areaCode: city.villages[3] ?? "",
      limit: 20,
      ...(firstPage.next ? { cursor: firstPage.next } : {}),
    });
    expect([...firstPage.items, ...rest.items].map((row) => row.personId)).toEqual(of(3, 0, 30));
    expect((await notSampled(reading, { roundId: city.roundId, reason: "infant" })).items).toMatchObject([
      { personId: b, personName: expect.stringMatching(/^人/) as string },
    ]);
    await upload("B2", [tube("T8", [a])], "S2");
    expect(await city.world.sql.many("select 1 from absence where person_id = $1", [a])).toEqual([]);
    await expectBalanced(city);
  });

  it("SCR-2: who goes into isolation is excused now and in the next round, until released", async () => {
    const away = of(1, 20, 23);
    await emit(ctx, "isolation.departed", { personIds: away.slice(0, 1) });
    await emit(ctx, "isolation.placed", {
      orders: away.map((personId) => ({ orderId: "o", personId, mode: "central", siteId: null })),
    });
    expect(
      await city.world.sql.many(
        "select person_id, reason from absence where person_id = any($1::bigint[]) order by 1",
        [away],
      ),
    ).toEqual(away.map((person_id) => ({ person_id, reason: "quarantined" })));
    await emit(ctx, "isolation.released", { personIds: away.slice(0, 1), orderIds: [] });
    const next = await openRound(ctx, {
      areaCode: "371702",
      villages: [city.villages[1] ?? ""],
      areaType: "urban",
      poolSize: 10,
    });
    expect(next).toMatchObject({ no: 1, due: 30, excused: 2, poolSize: 10 });
    await expectBalancedVillage(next.roundId);
    await closeRound(ctx, { roundId: next.roundId });
  });

  async function expectBalancedVillage(roundId: string): Promise<void> {
    const rows = await city.world.sql.many<{ area_code: string; due: number; excused: number }>(
      "select area_code, due, excused from coverage where round_id = $1",
      [roundId],
    );
    expect(rows).toEqual([{ area_code: city.villages[1], due: 30, excused: 2 }]);
  }

  it("SCR-3: refuses pools above the protocol's size and sites outside the round", async () => {
    await expect(openRound(ctx, { areaCode: "371702", poolSize: 21 })).rejects.toMatchObject({
      params: { rule: "NAT-POOL" },
    });
    await expect(openRound(ctx, { areaCode: "371702", villages: ["371721123201"] })).rejects.toMatchObject({
      code: "request.invalid",
    });
    const other = await openRound(ctx, { areaCode: "371702" });
    await expect(
      uploadTubes(ctx, {
        roundId: other.roundId,
        siteId: city.sites["S2"] ?? "",
        box: "B5",
        tubes: [tube("T80", of(2, 9, 10))],
      }),
    ).rejects.toMatchObject({ params: { rule: "SCR-3" } });
  });

  it("shows what a round takes, how villages stand, and the late clock", async () => {
    expect(await screeningNeeds(ctx, { areaCode: "3717" })).toEqual({
      areaCode: "3717",
      people: 120,
      samplers: 1,
      tables: 1,
      sites: 1,
      tubes: 7,
      swabs: 126,
    });
    await reportResults(ctx, { labId: city.labId, results: [{ barcode: "T2", result: "positive" }] });
    const standing = await inTx(ctx, (tx) =>
      villageRounds(tx, [city.villages[0] ?? ""], "2022-07-23T00:00:00.000Z", "2022-07-25T00:00:00.000Z"),
    );
    expect(standing.find((row) => row.roundId === city.roundId)).toMatchObject({
      due: 30,
      sampled: 26,
      complete: false,
      positive: 6,
    });
    city.world.clock.set(addMinutes(city.world.clock.now(), 3 * 1440));
    expect((await inTx(ctx, (tx) => progressOf(tx, city.roundId))).clock.late).toBe(true);
    const closed = await city.world.sql.one<{ id: string }>("select id from round where state = 'closed'");
    expect((await roundProgress(ctx, { roundId: closed.id })).clock.late).toBe(false);
  });

  it("shows coverage by village, town and county, page by page, as the sums of its villages", async () => {
    const chars = { village: 12, town: 9, county: 6 } as const;
    for (const level of ["village", "town", "county"] as const)
      for (const areaCode of ["3717", "371702", "371702001", "371702001202"]) {
        const { items } = await coverage(ctx, { roundId: city.roundId, level, areaCode });
        const sums = await city.world.sql.many(
          `select left(area_code, $3) as "areaCode", sum(due)::int as due, sum(sampled)::int as sampled, sum(positive)::int as positive,
             sum(greatest(due - sampled - excused, 0))::int as "notSampled"
           from coverage where round_id = $1 and starts_with(area_code, $2) group by 1 order by 1`,
          [city.roundId, areaCode, chars[level]],
        );
        expect(items).toMatchObject(sums);
        expect(items).toHaveLength(sums.length);
        const paged: string[] = [];
        let cursor: string | null = "";
        while (cursor !== null) {
          const page: Awaited<ReturnType<typeof coverage>> = await coverage(ctx, {
            roundId: city.roundId,
            level,
            areaCode,
            limit: 1,
            ...(cursor === "" ? {} : { cursor }),
          });
          paged.push(...page.items.map((row) => row.areaCode));
          cursor = page.next;
        }
        expect(paged).toEqual(items.map((row) => row.areaCode));
      }
  });

  it("SCR-13: single tubes of a purpose go into the day's standing round and always tell their results", async () => {
    const open = (day: string) =>
      inTx(ctx, (tx) => openPurposeRound(tx, { purpose: "recheck", areaCode: city.villages[0] ?? "", day }));
    const roundId = await open("2022-07-24");
    expect(await open("2022-07-24")).toBe(roundId);
    expect(await open("2022-07-25")).not.toBe(roundId);
    const { id: pool } = await city.world.sql.one<{ id: number }>("select id from tube where barcode = 'T2'");
    const singles = of(0, 20, 22).map((personId, i) =>
      tube(`R${i}`, [personId], { kind: "single", recheckOf: i === 0 ? pool : 987_654 }),
    );
    const answer = await uploadTubes(ctx, { roundId, siteId: city.sites["S1"] ?? "", box: "R-1", tubes: singles });
    expect(answer).toMatchObject({
      tubes: 1,
      people: 1,
      bad: [{ barcode: "R1", field: "recheckOf", code: "recheckUnknown" }],
    });
    await reportResults(ctx, { labId: city.labId, results: [{ barcode: "R0", result: "negative" }] });
    const told = await eventsOf<ResultsRecorded>(city, "screening.resultsRecorded");
    expect(told.at(-1)?.tubes).toMatchObject([
      {
        barcode: "R0",
        purpose: "recheck",
        recheckOf: pool,
        result: "negative",
        step: "final",
        personIds: [of(0, 20, 21)[0]],
      },
    ]);
    const results = await inTx(ctx, (tx) => resultsOf(tx, of(0, 20, 21), "2022-07-01T00:00:00.000Z"));
    expect(results.map((row) => [row.purpose, row.result])).toEqual([
      ["area", "positive"],
      ["recheck", "negative"],
    ]);
    await expectBalanced(city);
  });

  it("SCR-13: a village's sampler registers its re-checks without waiting for the county, and reads its village only", async () => {
    const sampler = ["screening.round.read", "screening.person.read", "screening.tube.write", "screening.box.write"];
    const [village = "", neighbour = ""] = city.villages;
    const own = city.world.ctx({ areaCode: village, permissions: sampler });
    const beside = city.world.ctx({ areaCode: neighbour, permissions: sampler });
    for (const areaCode of [neighbour, village.slice(0, 6)])
      await expect(openStandingRound(own, { purpose: "recheck", areaCode })).rejects.toMatchObject({
        code: "auth.outsideJurisdiction",
      });
    const { id: pool } = await city.world.sql.one<{ id: number }>("select id from tube where barcode = 'T1'");
    const single = (barcode: string, from: number): TubeUpload =>
      tube(barcode, of(0, from, from + 1), { kind: "single", recheckOf: pool });
    const siteId = city.sites["S1"] ?? "";
    const first = { purpose: "recheck" as const, siteId, box: "V-1", tubes: [single("V1", 0)] };
    expect(await uploadTubes(own, first)).toMatchObject({ tubes: 1, people: 1, bad: [] });
    expect(await uploadTubes(own, first)).toMatchObject({ tubes: 0, already: 1, bad: [] });
    const day = dayOf(city.world.clock.now(), "Asia/Shanghai");
    const { id: roundId } = await city.world.sql.one<{ id: string }>(
      "select id from round where kind = 'recheck' and area_code = $1 and day = $2",
      [village.slice(0, 6), day],
    );
    for (const [ctx_, areaCode] of [[own, village] as const, [beside, neighbour] as const])
      expect(await openStandingRound(ctx_, { purpose: "recheck", areaCode })).toEqual({ roundId });
    // The neighbour is in the same round and learns nothing of the village that began it.
    expect(await roundProgress(own, { roundId })).toMatchObject({ sampled: 1, atSite: 1 });
    expect(await roundProgress(beside, { roundId })).toMatchObject({ sampled: 0, atSite: 0, byCounty: [] });
    expect((await coverage(beside, { roundId, areaCode: village })).items).toEqual([]);
    const { id: tubeId } = await city.world.sql.one<{ id: number }>("select id from tube where barcode = 'V1'");
    const asking = { areaCode: neighbour, permissions: sampler, reason: "door visits" };
    await expect(getTube(city.world.ctx(asking), { id: tubeId })).rejects.toMatchObject({ code: "record.notFound" });
    await expect(uploadTubes(beside, first)).rejects.toMatchObject({ code: "record.notFound" });
    for (const both of [{ roundId }, { purpose: undefined }])
      await expect(uploadTubes(own, { ...first, ...both } as UploadTubes)).rejects.toMatchObject({
        code: "request.invalid",
      });
  });
});
