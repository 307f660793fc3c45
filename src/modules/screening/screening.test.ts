import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ctx } from "#platform/context";
import type { ResultsRecorded, TubePositive } from "./events.model.ts";
import {
  closeRound,
  coverage,
  getTube,
  handOverBoxes,
  listLabs,
  listRounds,
  listSites,
  listTubes,
  moveSample,
  openRound,
  receiveBoxes,
  recordLostTubes,
  rejectTube,
  reportResults,
  roundAdvice,
  roundProgress,
  sealBox,
  stageBalance,
  uploadTubes,
} from "./index.ts";
import {
  type Device,
  type SmallCity,
  deviceOf,
  emit,
  eventsOf,
  expectBalanced,
  inTx,
  probe,
  smallCity,
} from "./screening.fixture.ts";

describe("a round from opening to results", () => {
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

  it("SCR-1: everybody registered in the area is due", async () => {
    const progress = await roundProgress(ctx, { roundId: city.roundId });
    expect(progress).toMatchObject({
      no: 1,
      due: 120,
      sampled: 0,
      areaType: "urban",
      clock: { rule: "NAT-24H", minutesLeft: 1440, late: false },
    });
    expect(progress.byCounty.map((row) => [row.areaCode, row.due])).toEqual([
      ["371702", 60],
      ["371721", 60],
    ]);
  });

  it("I9: takes an upload once, whether the key or the tubes come twice", async () => {
    const tubes = [tube("T1", of(0, 0, 20)), tube("T2", of(0, 20, 25))];
    const first = await upload("B1", tubes, "S1", "k1");
    expect(first).toMatchObject({ tubes: 2, people: 25, already: 0, bad: [] });
    expect(await upload("B1", tubes, "S1", "k1")).toEqual(first);
    expect(await upload("B1", tubes)).toMatchObject({ tubes: 0, people: 0, already: 25, bad: [] });
    expect(await city.world.sql.many("select barcode, state, size from tube order by barcode")).toEqual([
      { barcode: "T1", state: "closed", size: 20 },
      { barcode: "T2", state: "open", size: 5 },
    ]);
    await expectBalanced(city);
  });

  it("I1, SCR-4, SCR-6: keeps the good rows and names the bad ones", async () => {
    const answer = await upload(
      "B2",
      [tube("T3", [...of(2, 0, 3), 999_999, of(0, 0, 1)[0] ?? 0]), tube("T1", of(2, 5, 6))],
      "S2",
    );
    expect(answer).toMatchObject({ tubes: 1, people: 3 });
    expect(answer.bad).toEqual([
      { barcode: "T3", field: "personIds", code: "unknownPerson", personId: 999_999 },
      { barcode: "T3", field: "personIds", code: "duplicatePerson", personId: of(0, 0, 1)[0] },
      { barcode: "T1", field: "barcode", code: "barcodeElsewhere" },
    ]);
    const person = of(0, 0, 1)[0];
    await expect(
      city.world.sql.run(
        "insert into sample select round_id, person_id, tube_id, at, area_code from sample where person_id = $1",
        [person],
      ),
    ).rejects.toThrow("sample_pkey");
    await expectBalanced(city);
  });

  it("SCR-7: people are added to a tube that still stands at the site", async () => {
    expect(await upload("B1", [tube("T2", of(0, 25, 27))])).toMatchObject({ tubes: 0, people: 2, bad: [] });
    await expectBalanced(city);
  });

  it("SCR-8: moves a person between tubes and keeps the trace", async () => {
    const personId = of(0, 26, 27)[0] ?? 0;
    await upload("B1", [tube("T4", of(0, 27, 28))]);
    const moved = await moveSample(ctx, {
      roundId: city.roundId,
      personId,
      toBarcode: "T4",
      note: "read into the wrong tube",
    });
    const trace = await city.world.sql.many(
      "select from_tube_id, to_tube_id, why, note, actor_id from sample_trace where person_id = $1",
      [personId],
    );
    expect(trace).toEqual([
      {
        from_tube_id: moved.fromTubeId,
        to_tube_id: moved.toTubeId,
        why: "moved",
        note: "read into the wrong tube",
        actor_id: "tester",
      },
    ]);
    await expect(
      moveSample(ctx, { roundId: city.roundId, personId, toBarcode: "T1", note: "x" }),
    ).rejects.toMatchObject({ params: { rule: "SCR-8" } });
    const detail = await getTube(city.world.ctx({ reason: "check" }), { id: moved.toTubeId });
    expect(detail).toMatchObject({ tube: { barcode: "T4", size: 2, box: "B1" }, trace: [{ personId }] });
    expect(detail.members[0]?.personName).toMatch(/^人/);
    await expect(getTube(ctx, { id: moved.toTubeId })).rejects.toMatchObject({ code: "auth.reasonRequired" });
    await expectBalanced(city);
  });

  it("SCR-9: a box goes sealed, by two people, from its own site", async () => {
    const siteId = city.sites["S1"] ?? "";
    expect(
      await handOverBoxes(ctx, { siteId, courier: "driver 7", boxes: [{ code: "B1" }, { code: "B2", seal: "x" }] }),
    ).toMatchObject({
      boxes: 0,
      bad: [
        { code: "B1", why: "notSealed" },
        { code: "B2", why: "otherSite" },
      ],
    });
    await expect(handOverBoxes(ctx, { siteId, courier: "tester", boxes: [{ code: "B1" }] })).rejects.toMatchObject({
      params: { rule: "SCR-9" },
    });
    await sealBox(ctx, { siteId, code: "B1", seal: "seal-1" });
    await expect(sealBox(ctx, { siteId, code: "B1", seal: "seal-2" })).rejects.toMatchObject({
      code: "state.notAllowed",
    });
    expect(await handOverBoxes(ctx, { siteId, courier: "driver 7", boxes: [{ code: "B1" }] })).toMatchObject({
      boxes: 1,
      tubes: 3,
      people: 28,
      bad: [],
    });
    expect(await handOverBoxes(ctx, { siteId, courier: "driver 7", boxes: [{ code: "B1" }] })).toMatchObject({
      boxes: 0,
      bad: [{ why: "state" }],
    });
    await expectBalanced(city);
  });

  it("SCR-7: a tube registered after its box left stands where the box stands", async () => {
    expect(await upload("B1", [tube("T5", of(1, 0, 4), { at: "2022-07-23T23:00:00.000Z" })])).toMatchObject({
      tubes: 1,
      people: 4,
      bad: [],
    });
    expect(
      await city.world.sql.one("select state, handed_over_at is not null as gone from tube where barcode = 'T5'"),
    ).toEqual({ state: "in_transit", gone: true });
    expect((await upload("B1", [tube("T2", of(1, 10, 11))])).bad).toMatchObject([{ code: "tubeState" }]);
    await expectBalanced(city);
  });

  it("SCR-9: the laboratory's count is checked and a difference recorded", async () => {
    city.world.clock.forward(60);
    const wrong = await receiveBoxes(ctx, {
      labId: city.labId,
      courier: "driver 8",
      boxes: [
        { code: "B1", counted: 4 },
        { code: "B9", counted: 1 },
      ],
    });
    expect(wrong.bad).toMatchObject([
      { code: "B1", why: "otherCourier" },
      { code: "B9", why: "unknown" },
    ]);
    const answer = await receiveBoxes(ctx, {
      labId: city.labId,
      courier: "driver 7",
      boxes: [{ code: "B1", counted: 3, missing: ["T5"] }],
    });
    expect(answer).toMatchObject({
      boxes: 1,
      tubes: 3,
      people: 28,
      discrepancies: [{ code: "B1", expected: 4, counted: 3 }],
    });
    expect(await city.world.sql.many("select expected, counted, missing from box_discrepancy")).toEqual([
      { expected: 4, counted: 3, missing: ["T5"] },
    ]);
    await expectBalanced(city);
    expect((await listLabs(ctx, {})).items).toMatchObject([{ code: "L1", backlog: 3 }]);
  });

  it("SCR-17: a lost tube stays in the count of what was collected, its people come again", async () => {
    expect(await recordLostTubes(ctx, { barcodes: ["T5", "T99"], note: "not in the box" })).toMatchObject({
      tubes: 1,
      people: 4,
      bad: [{ code: "unknownTube" }],
    });
    const balance = await inTx(ctx, stageBalance);
    expect(balance).toMatchObject({ collected: 35, lost: 4, broken: 0 });
    expect(await upload("B3", [tube("T6", of(1, 0, 4))])).toMatchObject({ people: 4, bad: [] });
    await expectBalanced(city);
  });

  it("SCR-16: a rejected tube's people are to be sampled again", async () => {
    expect(await rejectTube(ctx, { barcode: "T3", note: "leaking" })).toMatchObject({ tubes: 1, people: 3 });
    expect(await upload("B2", [tube("T7", of(2, 0, 3))], "S2")).toMatchObject({ people: 3, bad: [] });
    expect(await city.world.sql.many("select why, count(*)::int as n from sample_trace group by 1 order by 1")).toEqual(
      [
        { why: "lost", n: 4 },
        { why: "moved", n: 1 },
        { why: "rejected", n: 3 },
      ],
    );
    await expectBalanced(city);
  });

  it("NAT-POS, NAT-UNCLEAR: results move the counters; each positive and unclear tube is told", async () => {
    const answer = await reportResults(ctx, {
      labId: city.labId,
      results: [
        { barcode: "T1", result: "negative" },
        { barcode: "T2", result: "positive", ctN: 28.4, ctOrf: 29.15 },
        { barcode: "T4", result: "grey", ctN: 38.2 },
        { barcode: "T88", result: "negative" },
        { barcode: "T1", result: "negative" },
      ],
    });
    expect(answer).toMatchObject({
      negative: 1,
      positive: 1,
      retest: 1,
      resample: 0,
      bad: [
        { barcode: "T88", code: "unknownTube" },
        { barcode: "T1", code: "duplicateTube" },
      ],
    });
    const [positive] = await eventsOf<TubePositive>(city, "screening.tubePositive");
    expect(positive).toMatchObject({
      barcode: "T2",
      purpose: "area",
      size: 6,
      personIds: of(0, 20, 26),
      ctN: 28.4,
      ctOrf: 29.15,
      labId: city.labId,
    });
    const [told] = await eventsOf<ResultsRecorded>(city, "screening.resultsRecorded");
    expect(told?.tubes.map((row) => [row.barcode, row.result, row.step, row.personIds.length])).toEqual([
      ["T2", "positive", "final", 6],
      ["T4", "grey", "retest", 2],
    ]);
    await expectBalanced(city);
  });

  it("NAT-UNCLEAR: unclear again, the people are sampled anew; the same report again changes nothing", async () => {
    const results = [
      { barcode: "T4", result: "invalid" as const },
      { barcode: "T2", result: "positive" as const },
    ];
    expect(await reportResults(ctx, { labId: city.labId, results })).toMatchObject({
      resample: 1,
      already: 1,
      bad: [],
    });
    expect(await reportResults(ctx, { labId: city.labId, results })).toMatchObject({ resample: 0, already: 2 });
    const told = await eventsOf<ResultsRecorded>(city, "screening.resultsRecorded");
    expect(told[1]?.tubes).toMatchObject([
      { barcode: "T4", result: "invalid", step: "resample", personIds: [of(0, 26, 28)[0], of(0, 26, 28)[1]] },
    ]);
    expect(
      await city.world.sql.one("select state, result, retests, ended_reason from tube where barcode = 'T4'"),
    ).toEqual({
      state: "rejected",
      result: "invalid",
      retests: 2,
      ended_reason: "unclear twice",
    });
    await expectBalanced(city);
  });

  it("I10: a county works on its own part of the city's round and sees no other", async () => {
    const county = city.world.ctx({ areaCode: "371721", reason: "check" });
    expect((await listRounds(county, {})).items).toMatchObject([{ no: 1, areaCode: "3717", due: 60 }]);
    expect(
      (await coverage(county, { roundId: city.roundId, level: "village" })).items.map((row) => row.areaCode),
    ).toEqual(city.villages.slice(2));
    expect((await listTubes(county, {})).items.map((row) => row.barcode)).toEqual(["T7", "T3"]);
    expect((await listSites(county, {})).items.map((row) => row.code)).toEqual(["S2"]);
    await expect(
      uploadTubes(county, {
        roundId: city.roundId,
        siteId: city.sites["S1"] ?? "",
        box: "B7",
        tubes: [tube("T70", of(1, 8, 9))],
      }),
    ).rejects.toMatchObject({ code: "record.notFound" });
    await expect(
      reportResults(county, { labId: city.labId, results: [{ barcode: "T7", result: "negative" }] }),
    ).rejects.toMatchObject({ code: "record.notFound" });
    await expect(openRound(county, { areaCode: "371702" })).rejects.toMatchObject({ code: "auth.outsideJurisdiction" });
    await expect(closeRound(county, { roundId: city.roundId })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    const neighbour = of(1, 8, 9)[0] ?? 0;
    // A county's site may sample somebody who lives elsewhere: the person's village gets the count.
    expect(
      await uploadTubes(county, {
        roundId: city.roundId,
        siteId: city.sites["S2"] ?? "",
        box: "B2",
        tubes: [tube("T71", [neighbour])],
      }),
    ).toMatchObject({ people: 1, bad: [] });
    await expect(listRounds(city.world.ctx({ permissions: [] }), {})).rejects.toMatchObject({ code: "auth.forbidden" });
    await expectBalanced(city);
  });

  it("SCR-14, SCR-15: closes when every tube is accounted for, with the community finds", async () => {
    await expect(closeRound(ctx, { roundId: city.roundId })).rejects.toMatchObject({ params: { rule: "SCR-14" } });
    const waiting = await city.world.sql.many<{ barcode: string }>(
      "select barcode from tube where round_id = $1 and state in ('open', 'closed') order by 1",
      [city.roundId],
    );
    await reportResults(ctx, {
      labId: city.labId,
      results: waiting.map((row) => ({ barcode: row.barcode, result: "negative" })),
    });
    const found = of(0, 20, 21)[0] ?? 0;
    const at = city.world.clock.now();
    await emit(ctx, "cases.preliminary", { caseId: "c1", personId: found, positiveAt: at, provenance: "community" });
    await emit(ctx, "cases.preliminary", { caseId: "c1", personId: found, positiveAt: at, provenance: "community" });
    await emit(ctx, "cases.preliminary", {
      caseId: "c2",
      personId: of(0, 21, 22)[0],
      positiveAt: at,
      provenance: "centralQuarantine",
    });
    expect(await closeRound(ctx, { roundId: city.roundId })).toMatchObject({ no: 1, communityPositives: 1 });
    await expect(closeRound(ctx, { roundId: city.roundId })).rejects.toMatchObject({ code: "state.notAllowed" });
    expect(await roundAdvice(ctx, { areaCode: "3717", areaType: "urban" })).toMatchObject({
      action: "open",
      nextDay: "2022-07-25",
      cleanRounds: 0,
    });
    await emit(ctx, "cases.excluded", { caseId: "c1", personId: found });
    expect(await roundAdvice(ctx, { areaCode: "3717", areaType: "urban" })).toMatchObject({
      cleanRounds: 1,
      reasons: [{ rule: "NAT-STOP" }],
    });
  });
});
