import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as people } from "#modules/people";
import { module as screening } from "#modules/screening";
import { listTasks, module as tasks } from "#modules/tasks";
import { importSheet } from "#platform/sheets";
import { readTable } from "#platform/tables";
import { testWorld, type TestWorld } from "#platform/testing";
import { runDuty, useCase } from "#platform/usecase";
import {
  followTests,
  listAlerts,
  listCounts,
  listSignals,
  listSilent,
  listUnits,
  module,
  recordCounts,
  recordVisits,
  registerUnits,
  reportSignals,
  sentinelTally,
  signalPerson,
  verifyAlert,
  watchCounts,
} from "./index.ts";

const village = "371721100201";
const elsewhere = "371702001001";
const cao = "371721";

const emitResults = useCase(
  { name: "probe.results", permission: "sentinel.signal.write", kind: "write" },
  (tx, input: { personIds: number[]; result: string }) =>
    tx.emit({
      name: "screening.resultsRecorded",
      areaCode: cao,
      subjectType: "lab",
      subjectId: "L",
      data: { tubes: [{ kind: "single", personIds: input.personIds, result: input.result }] },
    }),
);

describe("sentinel", () => {
  let world: TestWorld;
  const probe = () => world.ctx({ areaCode: cao, name: "probe" });

  beforeEach(async () => {
    world = await testWorld({
      modules: [areas, outbreaks, people, tasks, screening, module],
      at: "2022-07-20T02:00:00.000Z",
    });
    await world.sql.run(
      `insert into area (code, parent_code, level, kind, name, name_en) values
         ('3717', null, 'city', 'city', '菏泽市', 'Heze'), ('371721', '3717', 'county', 'county', '曹县', 'Cao County'),
         ('371702', '3717', 'county', 'district', '牡丹区', 'Mudan'), ('371721100', '371721', 'town', 'town', '庄寨镇', 'Zhuangzhai'),
         ('371721100201', '371721100', 'village', 'village', '北关村', 'Beiguan'),
         ('371702001', '371702', 'town', 'town', '东城', 'Dongcheng'), ('371702001001', '371702001', 'village', 'community', '一居', 'First')`,
    );
    await openOutbreak(world.ctx(), {
      name: "菏泽疫情",
      nameEn: "Heze outbreak",
      areaCode: "3717",
      timeZone: "Asia/Shanghai",
      protocolId: "covid-19.cn-9",
    });
    await registerUnits(probe(), {
      units: [
        { areaCode: village, code: "Y1", kind: "pharmacy", name: "便民药店" },
        { areaCode: village, code: "V1", kind: "villageClinic", name: "北关村卫生室", reportsBy: "17:00" },
      ],
    });
  });
  afterEach(() => world.close());

  const fever = { unit: "Y1", ref: "1", areaCode: village, name: "王小明", phone: "13800000001", temperature: 37.8 };
  const only = async () => (await listSignals(world.ctx(), {})).items[0];

  it("SEN-1, SEN-2, SEN-3: takes good signals with their visits, names the bad ones, and knows a repeat", async () => {
    const outcome = await reportSignals(probe(), {
      signals: [
        fever,
        { ...fever, ref: "2", name: "王**" },
        { ...fever, ref: "3", temperature: 36.6 },
        { ...fever, ref: "4", phone: "" },
        { ...fever, ref: "5", unit: "Y9" },
        { ...fever, ref: "6", areaCode: "371721100999" },
        { ...fever, ref: "7", at: "2022-07-21T00:00:00Z" },
        { ...fever, ref: "8", idNumber: "110105194912310021" },
        { ...fever, ref: "9", temperature: 36.5, drugClasses: ["antipyretic"] },
      ],
    });
    expect(outcome).toMatchObject({ taken: 2, known: 0 });
    expect(outcome.bad.map((row) => [row.index, row.field])).toEqual([
      [1, "name"],
      [2, "temperature"],
      [3, "idNumber"],
      [4, "unit"],
      [5, "areaCode"],
      [6, "at"],
      [7, "idNumber"],
    ]);
    expect(JSON.stringify(outcome)).not.toMatch(/王|1380/);
    expect(await reportSignals(probe(), { signals: [fever] })).toEqual({ taken: 0, known: 1, bad: [] });
    const { items } = await listTasks(world.ctx({ areaCode: village }), { team: "grid" });
    expect(items.map((task) => [task.kind, task.dueAt])).toEqual([
      ["sentinelVisit", "2022-07-20T06:00:00.000Z"],
      ["sentinelVisit", "2022-07-20T06:00:00.000Z"],
    ]);
    const { text } = await world.sql.one<{ text: string }>("select string_agg(data::text, '') as text from event");
    expect(text).not.toMatch(/王小明|13800000001/);
    expect((await listSignals(world.ctx({ areaCode: village }), { limit: 1 })).next).not.toBeNull();
  });

  it("answers the same key once", async () => {
    const ctx = world.ctx({ areaCode: cao, key: "k1" });
    const first = await reportSignals(ctx, { signals: [fever] });
    expect(await reportSignals(ctx, { signals: [fever] })).toEqual(first);
    expect(await world.sql.many("select 1 from probe_signal")).toHaveLength(1);
  });

  it("a person who stays in another county is visited there; neither county sees the other's", async () => {
    await reportSignals(probe(), { signals: [fever, { ...fever, ref: "far", areaCode: elsewhere }] });
    const here = await listSignals(world.ctx({ areaCode: cao }), {});
    const there = await listSignals(world.ctx({ areaCode: "371702" }), {});
    expect([here.items, there.items].map((rows) => rows.map((row) => row.areaCode))).toEqual([[village], [elsewhere]]);
    const id = here.items[0]?.id as string;
    expect(
      await recordVisits(world.ctx({ areaCode: "371702" }), { visits: [{ signalId: id, outcome: "toTest" }] }),
    ).toMatchObject({ taken: 0, bad: [{ field: "signalId" }] });
    await expect(signalPerson(world.ctx({ areaCode: "371702", reason: "x" }), { id })).rejects.toMatchObject({
      code: "record.notFound",
    });
    expect((await listUnits(world.ctx({ areaCode: "371702" }), {})).items).toEqual([]);
    const taken = await registerUnits(world.ctx({ areaCode: "371702" }), {
      units: [{ areaCode: elsewhere, code: "Y1", kind: "pharmacy", name: "another" }],
    });
    expect(taken.bad).toMatchObject([{ field: "code" }]);
  });

  it("needs the permission of each act, and a reason for a name", async () => {
    const clerk = world.ctx({ permissions: ["sentinel.signal.read"] });
    await expect(reportSignals(clerk, { signals: [fever] })).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(recordCounts(clerk, { counts: [] })).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(registerUnits(clerk, { units: [] })).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(recordVisits(clerk, { visits: [] })).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(verifyAlert(clerk, { id: village, real: true })).rejects.toMatchObject({ code: "auth.forbidden" });
    await reportSignals(probe(), { signals: [fever] });
    const id = (await only())?.id as string;
    await expect(signalPerson(world.ctx(), { id })).rejects.toMatchObject({ code: "auth.reasonRequired" });
    expect(await signalPerson(world.ctx({ reason: "visit" }), { id })).toMatchObject({ name: "王小明" });
  });

  it("SEN-4, SEN-5, SEN-10: visit → test → result; the result ends it, as the clock finds it too", async () => {
    await reportSignals(probe(), { signals: [fever, { ...fever, ref: "2", name: "李大山", phone: "13800000002" }] });
    const [b, a] = (await listSignals(world.ctx(), {})).items;
    await recordVisits(world.ctx(), { visits: [{ signalId: a?.id as string, outcome: "toTest" }] });
    expect(
      await recordVisits(world.ctx(), { visits: [{ signalId: b?.id as string, outcome: "otherCause" }] }),
    ).toMatchObject({
      taken: 0,
      bad: [{ index: 0, field: "outcome" }],
    });
    expect((await listTasks(world.ctx(), { state: "open" })).items.map((task) => task.kind).toSorted()).toEqual([
      "sentinelTest",
      "sentinelVisit",
    ]);
    const person = await world.sql.one<{ person_id: number }>("select person_id from probe_signal where id = $1", [
      a?.id,
    ]);
    await world.sql.run(
      `insert into round (id, outbreak_id, kind, no, area_code, scope, area_type, stage, day, pool_size, household_size, protocol_version, opened_at, state)
       select '00000000-0000-7000-9000-000000000001', id, 'area', 1, '371721', '{}', 'rural', 'regular', '2022-07-20', 10, 10, '9.0', $1, 'open' from outbreak`,
      [world.clock.now()],
    );
    world.clock.forward(60);
    // The tube's box and site are not this test's subject.
    await world.sql.script("set session_replication_role = replica");
    await world.sql.run(
      `insert into tube (id, barcode, outbreak_id, round_id, site_id, box_id, area_code, kind, purpose, capacity, size, state, result, collected_at, resulted_at)
       overriding system value
       select 1, 'T1', id, '00000000-0000-7000-9000-000000000001', id, id, $1, 'single', 'area', 1, 1, 'resulted', 'negative', $2, $2 from outbreak`,
      [village, world.clock.now()],
    );
    await world.sql.run("insert into sample (person_id, tube_id, round_id, area_code, at) values ($1, 1, $2, $3, $4)", [
      person.person_id,
      "00000000-0000-7000-9000-000000000001",
      village,
      world.clock.now(),
    ]);
    await runDuty(world.ctx(), followTests);
    expect((await listSignals(world.ctx(), { state: "negative" })).items.map((row) => row.id)).toEqual([a?.id]);
    expect((await listTasks(world.ctx(), { state: "open" })).items.map((task) => task.kind)).toEqual(["sentinelVisit"]);
    await emitResults(world.ctx(), { personIds: [person.person_id], result: "negative" });
    await runDuty(world.ctx(), async (tx) => {
      expect(await sentinelTally(tx)).toEqual({ in: 2, done: 1, late: 0, open: 1 });
    });
  });

  it("SEN-6: counts with nil returns, corrections and late ones; bad rows come back", async () => {
    const zero = { unit: "Y1", day: "2022-07-20", fever: 0, respiratory: 0, drugs: 0 };
    const outcome = await recordCounts(probe(), {
      counts: [
        zero,
        { ...zero, day: "2022-07-21" },
        { ...zero, unit: "Z" },
        zero,
        { ...zero, day: "2022-07-19", drugs: 3 },
      ],
    });
    expect(outcome).toMatchObject({ taken: 2, known: 0 });
    expect(outcome.bad.map((row) => [row.index, row.field])).toEqual([
      [1, "day"],
      [2, "unit"],
      [3, "day"],
    ]);
    expect(await recordCounts(probe(), { counts: [zero] })).toMatchObject({ taken: 0, known: 1 });
    expect(await recordCounts(probe(), { counts: [{ ...zero, fever: 2 }] })).toMatchObject({ taken: 1 });
    const { items } = await listCounts(world.ctx({ areaCode: village }), {});
    expect(items.map((row) => [row.day, row.fever, row.late, row.corrections])).toEqual([
      ["2022-07-20", 2, false, 1],
      ["2022-07-19", 0, true, 0],
    ]);
    expect((await listCounts(world.ctx({ areaCode: "371702" }), {})).items).toEqual([]);
  });

  it("SEN-7: a probe without a return by its time of day is listed as silent", async () => {
    await recordCounts(probe(), { counts: [{ unit: "Y1", day: "2022-07-20", fever: 0, respiratory: 0, drugs: 0 }] });
    expect((await listSilent(probe(), {})).items).toEqual([]);
    world.clock.set("2022-07-20T09:00:00.000Z");
    expect((await listSilent(probe(), {})).items).toMatchObject([{ code: "V1", lastDay: null, missingDays: 1 }]);
    world.clock.set("2022-07-22T09:30:00.000Z");
    expect((await listSilent(probe(), {})).items.map((row) => [row.code, row.missingDays])).toEqual([
      ["V1", 3],
      ["Y1", 1],
    ]);
  });

  it("SEN-8, SEN-9: a jump raises one alert a place, to be verified or dismissed with a reason; no case comes of it", async () => {
    const counts = Array.from({ length: 12 }, (_, i) => ({
      unit: "V1",
      day: `2022-07-${String(20 + i).padStart(2, "0")}`,
      fever: i === 11 ? 25 : 4 + (i % 3),
      respiratory: 0,
      drugs: 0,
    }));
    world.clock.set("2022-07-31T08:00:00.000Z");
    await recordCounts(probe(), { counts });
    await runDuty(world.ctx(), watchCounts);
    await runDuty(world.ctx(), watchCounts);
    const { items } = await listAlerts(world.ctx(), {});
    expect(items.map((row) => [row.areaCode, row.measure, row.observed, row.day])).toEqual(
      expect.arrayContaining([
        ["371721", "fever", 25, "2022-07-31"],
        ["371721100", "fever", 25, "2022-07-31"],
      ]),
    );
    expect(items).toHaveLength(2);
    expect(items[0]?.rules).toEqual(["ratio", "deviation", "c1", "c2", "c3"]);
    const [first, second] = items;
    const id = first?.id as string;
    await expect(verifyAlert(world.ctx({ areaCode: "371702" }), { id, real: true })).rejects.toMatchObject({
      code: "record.notFound",
    });
    await expect(verifyAlert(world.ctx(), { id, real: false })).rejects.toMatchObject({ params: { rule: "SEN-9" } });
    expect(await verifyAlert(world.ctx(), { id, real: true })).toMatchObject({ state: "verified" });
    await verifyAlert(world.ctx(), { id: second?.id as string, real: false, reason: "summer camp" });
    expect(await world.sql.many("select 1 from case_record")).toEqual([]);
    expect((await listTasks(world.ctx(), { state: "open" })).items).toEqual([]);
  });

  it("takes spreadsheets row by row", async () => {
    const sheet = (name: string) => module.sheets?.find((row) => row.name === name) as never;
    const read = (text: string) => readTable(Buffer.from(text), "csv");
    const units = await importSheet(
      probe(),
      sheet("sentinel-units"),
      await read(
        `村居代码,单位编码,类别,名称,每日上报时限\n${village},F1,发热门诊,县医院发热门诊,18:00\n${village},F2,药店,乙,25:00\n`,
      ),
      false,
    );
    expect(units).toMatchObject({ taken: 1, bad: 1 });
    const counts = await importSheet(
      probe(),
      sheet("sentinel-counts"),
      await read(
        "单位编码,日期,发热人数,呼吸道症状人数,四类药购买人数\nF1,2022-07-20,0,0,0\nF1,2022-07-20,x,0,0\nNO,2022-07-20,1,1,1\n",
      ),
      false,
    );
    expect(counts).toMatchObject({ taken: 1, bad: 2 });
    expect(counts.faults.map((fault) => fault.row)).toEqual([3, 4]);
    const signals = await importSheet(
      probe(),
      sheet("sentinel-signals"),
      await read(
        `单位编码,登记号,现住村居代码,姓名,联系电话,时间,体温,药品类别,症状\nF1,1,${village},赵一平,13800000009,2022-07-20 09:30,38.1,,cough\nF1,2,${village},赵,13800000009,,38.1,,\nF1,3,${village},赵二,13800000009,,,,hiccups\n`,
      ),
      false,
    );
    expect(signals).toMatchObject({ taken: 1, bad: 2 });
    expect((await only())?.at).toBe("2022-07-20T01:30:00.000Z");
  });
});
