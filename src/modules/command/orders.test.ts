import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadAreas, module as areas, type AreaRow } from "#modules/areas";
import { module as cases, registerCase } from "#modules/cases";
import { module as isolation } from "#modules/isolation";
import { module as outbreaks } from "#modules/outbreaks";
import { module as people, registerPeople } from "#modules/people";
import { module as reports } from "#modules/reports";
import { module as screening } from "#modules/screening";
import { module as tasks } from "#modules/tasks";
import { module as tracing } from "#modules/tracing";
import { module as venues } from "#modules/venues";
import { module as zones } from "#modules/zones";
import type { Tx } from "#platform/context";
import { testWorld, type TestWorld } from "#platform/testing";
import { importSheet } from "#platform/sheets";
import { readTable } from "#platform/tables";
import { runDuty } from "#platform/usecase";
import {
  acceptReport,
  acknowledgeDirective,
  getDirective,
  listDirectives,
  listRelays,
  relayDirective,
  reportDirective,
  sendReportBack,
} from "./directives.service.ts";
import { changeResponseLevel, commandOrdersTally, holdBriefing, module, openResponse } from "./index.ts";
import { listMinutes, writeMinutes } from "./minutes.service.ts";
import { sheets } from "./orders.sheets.ts";
import { countOrders } from "./orders.store.ts";
import { chronicleDocument, getReview, reviewDocument } from "./review.service.ts";
import { keepStepOpen, listReopening, planReopening, reopenStep, suspendStep } from "./reopening.service.ts";

const modules = [areas, outbreaks, people, tasks, venues, screening, cases, tracing, isolation, zones, reports, module];
const cao = "371721";
const mudan = "371702";
const village = "371721102201";
const area = (code: string, parentCode: string | null, level: AreaRow["level"]): AreaRow => ({
  code,
  parentCode,
  level,
  kind: level,
  name: code,
  nameEn: code,
  population: 1_000,
  lat: null,
  lon: null,
  boundary: null,
  position: "exact",
});
const directive = {
  kind: "above" as const,
  issuedBy: "省指挥部 Provincial command",
  documentNo: "鲁指〔2022〕1",
  title: { "zh-CN": "从严管控", en: "Tighten control" },
  body: { "zh-CN": "当日传达到县", en: "Pass on to the counties the same day" },
};

describe("directives, minutes and the reopening on the real database", () => {
  let world: TestWorld;
  let directiveId = "";

  const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => runDuty(world.ctx(), work);
  const county = (areaCode: string, name = "county") => world.ctx({ areaCode, name });
  const relayOf = async (areaCode: string) => {
    const [relay] = (await listRelays(county(areaCode), {})).items.filter((row) => row.directiveId === directiveId);
    return relay ?? { id: "" };
  };
  async function find(): Promise<void> {
    const person = await inTx((tx) =>
      registerPeople(tx, { register: "test", people: [{ areaCode: village, name: "某甲", ref: world.clock.now() }] }),
    );
    await registerCase(world.ctx(), {
      personId: person[0] ?? 0,
      source: "clinic",
      provenance: "clinic",
      sampledAt: world.clock.now(),
      positiveAt: world.clock.now(),
    });
  }

  beforeAll(async () => {
    world = await testWorld({ modules, at: "2022-07-24T00:30:00.000Z" });
    await inTx((tx) =>
      loadAreas(tx, [
        area("3717", null, "city"),
        area(cao, "3717", "county"),
        area(mudan, "3717", "county"),
        area("371721102", cao, "town"),
        area(village, "371721102", "village"),
      ]),
    );
    await openResponse(world.ctx(), {
      name: "测试疫情",
      nameEn: "Test outbreak",
      areaCode: "3717",
      timeZone: "Asia/Shanghai",
      protocolId: "covid-19.cn-9",
      drill: true,
    });
  });
  afterAll(() => world.close());

  it("DIR-1, DIR-6: one call relays to every county with two tasks each, and once only", async () => {
    const sent = await relayDirective(world.ctx({ areaCode: "3717" }), directive);
    directiveId = sent.id;
    expect(sent).toMatchObject({
      no: 1,
      counties: 2,
      relayDueAt: "2022-07-24T01:30:00.000Z",
      receiptDueAt: "2022-07-24T02:30:00.000Z",
      reportDueAt: "2022-07-25T00:30:00.000Z",
    });
    expect(sent.relays.map((relay) => [relay.areaCode, relay.state])).toEqual([
      [mudan, "relayed"],
      [cao, "relayed"],
    ]);
    expect((await relayDirective(world.ctx(), directive)).id).toBe(directiveId);
    const made = await world.sql.many(
      "select kind, area_code, owner_team from task where subject_type = 'directiveRelay' order by area_code, kind",
    );
    expect(made).toEqual(
      [mudan, cao].flatMap((area_code) => [
        { kind: "receiveDirective", area_code, owner_team: "command" },
        { kind: "reportDirective", area_code, owner_team: "command" },
      ]),
    );
  });

  it("a county reads every directive, sees its own relay and touches no other's", async () => {
    expect((await listDirectives(county(cao), {})).items).toMatchObject([{ no: 1, counties: 1 }]);
    expect((await getDirective(county(cao), { id: directiveId })).relays).toMatchObject([{ areaCode: cao }]);
    expect((await listRelays(county(cao), {})).items).toHaveLength(1);
    const other = await relayOf(mudan);
    await expect(acknowledgeDirective(county(cao), other)).rejects.toMatchObject({ code: "record.notFound" });
    await expect(relayDirective(county(cao), { ...directive, documentNo: "2" })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    const nobody = world.ctx({ permissions: ["command.directive.read"] });
    await expect(relayDirective(nobody, directive)).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(acknowledgeDirective(nobody, other)).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(listReopening(nobody, {})).rejects.toMatchObject({ code: "auth.forbidden" });
  });

  it("DIR-2, DIR-3, DIR-4: received late, reported, sent back, reported again, accepted by another", async () => {
    world.clock.set("2022-07-24T03:00:00.000Z");
    const relay = await relayOf(cao);
    await expect(reportDirective(county(cao), { ...relay, report: "已落实" })).rejects.toMatchObject({
      code: "state.notAllowed",
    });
    const input = { id: relay.id };
    expect(await acknowledgeDirective(county(cao), input)).toMatchObject({ state: "received", receiptLate: true });
    await expect(acknowledgeDirective(county(cao), input)).rejects.toMatchObject({ code: "state.notAllowed" });
    const report = { ...input, report: "已传达到全部乡镇", photos: ["meeting.jpg"] };
    expect(await reportDirective(county(cao), report)).toMatchObject({ state: "reported", reportLate: false });
    await expect(acceptReport(world.ctx({ name: "county" }), input)).rejects.toMatchObject({
      params: { rule: "DIR-4" },
    });
    await expect(acceptReport(county(cao, "chief"), input)).rejects.toMatchObject({ code: "auth.outsideJurisdiction" });
    world.clock.set("2022-07-24T20:00:00.000Z");
    const back = await sendReportBack(world.ctx({ name: "chief" }), { ...input, reason: "缺少落实照片" });
    expect(back).toMatchObject({ state: "sentBack", sentBack: 1, reportDueAt: "2022-07-25T08:00:00.000Z" });
    expect(await inTx(commandOrdersTally)).toEqual({ in: 2, done: 0, late: 0, open: 2 });
    await reportDirective(county(cao), report);
    expect(await acceptReport(world.ctx({ name: "chief" }), input)).toMatchObject({ state: "accepted" });
    world.clock.set("2022-07-25T01:00:00.000Z");
    expect((await listRelays(world.ctx(), { late: true })).items.map((row) => row.areaCode)).toEqual([mudan, cao]);
    expect(await inTx(commandOrdersTally)).toEqual({ in: 2, done: 1, late: 1, open: 1 });
  });

  it("DIR-5: a new response level reaches every county as a directive with the measures it adds", async () => {
    await changeResponseLevel(world.ctx(), { level: "II" });
    const [newest] = (await listDirectives(world.ctx(), {})).items;
    expect(newest).toMatchObject({ no: 2, kind: "level", counties: 2, issuedBy: "测试疫情" });
    expect(newest?.body.en).toContain("Risk zones");
    expect(newest?.body.en).toContain("Stop public transport");
    expect(newest?.body.en).not.toContain("Masks");
  });

  it("REO-1, REO-2, REO-3: planned, refused with what is unmet, reopened, found again, suspended", async () => {
    await find();
    const step = (code: string, batch: number, areaCode: string) => ({
      areaCode,
      code,
      batch,
      kind: "area" as const,
      name: { "zh-CN": code, en: code },
      plannedAt: "2022-07-28T00:00:00.000Z",
    });
    const city = world.ctx({ areaCode: "3717" });
    const plan = { steps: [step("mudan", 1, mudan), step("cao", 2, cao)] };
    expect(await planReopening(city, plan)).toEqual({ added: 2, changed: 0 });
    expect(await planReopening(city, plan)).toEqual({ added: 0, changed: 2 });
    await expect(planReopening(city, { steps: [step("x", 1, "3799")] })).rejects.toMatchObject({
      code: "request.invalid",
    });
    await expect(planReopening(county(cao), plan)).rejects.toMatchObject({ code: "auth.outsideJurisdiction" });
    const [seen, ...others] = (await listReopening(county(cao), {})).items;
    expect(others).toEqual([]);
    expect(seen?.criteria.find((row) => row.id === "batchBefore")).toMatchObject({ met: false, value: 0 });
    const all = (await listReopening(city, {})).items;
    const [first, second] = ["mudan", "cao"].map((code) => ({ id: all.find((row) => row.code === code)?.id ?? "" }));
    if (!first || !second) throw new Error("both steps are planned");
    await expect(reopenStep(city, first)).rejects.toMatchObject({
      code: "rule.refused",
      params: { rule: "REO-1", why: "daysSinceLastFind 0 / 5, communityCleanDays 0 / 3" },
    });
    world.clock.set("2022-08-01T00:00:00.000Z");
    await expect(reopenStep(city, second)).rejects.toMatchObject({
      params: { why: expect.stringMatching(/batchBefore 0/) },
    });
    expect(await reopenStep(city, first)).toMatchObject({ state: "reopened", late: true });
    const opened = await reopenStep(city, second);
    expect(opened.met).toContainEqual({ id: "batchBefore", met: true, value: 1, target: 1 });
    expect(await planReopening(city, plan)).toEqual({ added: 0, changed: 0 });
    world.clock.forward(60);
    await find();
    const open = "select count(*)::int as n from task where kind = 'decideSuspension' and state = 'open'";
    expect(await world.sql.one(open)).toEqual({ n: 1 });
    expect((await keepStepOpen(city, { ...second, reason: "闭环内" })).findAt).toBeNull();
    world.clock.forward(60);
    await find();
    expect(await suspendStep(city, { ...second, reason: "社会面检出" })).toMatchObject({ state: "suspended" });
    expect(await world.sql.one(open)).toEqual({ n: 0 });
    await expect(suspendStep(city, { ...second, reason: "again" })).rejects.toMatchObject({ code: "state.notAllowed" });
  });

  it("MIN-1, MIN-2: minutes of a briefing, corrected by a new version, with their task", async () => {
    world.clock.set("2022-08-01T11:31:00.000Z");
    const { id } = await holdBriefing(world.ctx(), {});
    const open = "select due_at from task where kind = 'writeMinutes' and state = 'open'";
    expect(await world.sql.many(open)).toEqual([{ due_at: "2022-08-01T15:31:00.000Z" }]);
    const minutes = { id, present: "市指挥部各组", text: "通报昨日情况" };
    await writeMinutes(world.ctx(), minutes);
    expect(await world.sql.many(open)).toEqual([]);
    expect(await writeMinutes(world.ctx(), { ...minutes, text: "更正：通报当日情况" })).toMatchObject({ version: 2 });
    expect((await listMinutes(county(cao), { id })).map((row) => row.version)).toEqual([1, 2]);
    await expect(writeMinutes(county(cao), minutes)).rejects.toMatchObject({ code: "auth.outsideJurisdiction" });
    expect(await inTx(commandOrdersTally)).toMatchObject({ in: 7, done: 4, open: 3 });
  });

  it("takes the good rows of a reopening plan and gives the bad ones back", async () => {
    const sheet = sheets.find(({ name }) => name === "command-reopening");
    if (!sheet) throw new Error("the sheet of the plan is declared");
    const head = "编号,名称,英文名称,区划代码,批次,类别,计划时间";
    const rows = [
      "B1,公交1路,Bus 1,3717,3,公交线路,2022-08-17 06:00",
      "B2,某地,Somewhere,371799,3,区域,2022-08-17 06:00",
    ];
    const table = await readTable(Buffer.from([head, ...rows, "B3,某校,School,3717,0,学校,明天"].join("\n")), "csv");
    const done = await importSheet(world.ctx(), sheet, table, false);
    expect(done).toMatchObject({ rows: 3, taken: 1, bad: 2 });
    expect(done.faults.map(({ row, field }) => [row, field])).toEqual([
      [3, "area code"],
      [4, "batch"],
      [4, "planned at"],
    ]);
    const step = (await listReopening(world.ctx({ areaCode: "3717" }), {})).items.find(({ code }) => code === "B1");
    expect(step).toMatchObject({ kind: "busLine", plannedAt: "2022-08-16T22:00:00.000Z", ready: false });
  });

  it("counts what is due after part of an hour", async () => {
    const id = "00000000-0000-0000-0000-000000000000";
    const found = inTx((tx) => countOrders(tx, { outbreakId: id, minutesHours: 1.5, reopeningHours: 0.5 }));
    expect(await found).toEqual({ in: 0, done: 0, late: 0, open: 0 });
  });

  it("REV-1, REV-2, CMD-8: the review measures what happened, and both documents print in both languages", async () => {
    const found = await getReview(world.ctx(), {});
    expect(found.whole).toBe(true);
    const own = await getReview(county(cao), {});
    expect([own.whole, own.areaCode]).toEqual([false, cao]);
    expect(await reviewDocument(county(cao), { lang: "en" })).toContain("not of the whole outbreak");
    expect(found.stages.map(({ stage }) => stage)).toEqual(["detect", "notify", "respond"]);
    expect(found.actions.find(({ id }) => id === "commanded")?.at).not.toBeNull();
    expect(found.late.find(({ kind }) => kind === "reportDirective")).toMatchObject({ team: "command" });
    await expect(getReview(world.ctx({ permissions: ["command.board.read"] }), {})).rejects.toMatchObject({
      code: "auth.forbidden",
    });
    expect(await reviewDocument(world.ctx(), { lang: "zh-CN" })).toContain("处置复盘");
    const told = await chronicleDocument(world.ctx(), { lang: "en" });
    expect(told).toContain("Directive 1 relayed: Tighten control");
    expect(told).toContain("DRILL");
  });
});
