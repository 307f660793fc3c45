import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadAreas, module as areas } from "#modules/areas";
import { diagnoseCase, module as cases, recordOutcome, registerCase } from "#modules/cases";
import { module as isolation } from "#modules/isolation";
import { module as outbreaks } from "#modules/outbreaks";
import { module as people, registerPeople } from "#modules/people";
import { figuresReconcile, module as reports } from "#modules/reports";
import { module as screening } from "#modules/screening";
import { module as tasks } from "#modules/tasks";
import { module as tracing } from "#modules/tracing";
import { module as venues } from "#modules/venues";
import { module as zones } from "#modules/zones";
import { Check } from "typebox/value";
import type { Tx } from "#platform/context";
import { testWorld, type TestWorld } from "#platform/testing";
import { runDueDuties } from "#platform/ticks";
import { runDuty } from "#platform/usecase";
import { Board } from "./board.model.ts";
import {
  addDecisions,
  briefingReportHtml,
  withdrawDecision,
  changeResponseLevel,
  checkPhases,
  chronicle,
  closeResponse,
  getBriefing,
  getClocks,
  getPhases,
  holdBriefing,
  listBriefings,
  liveBoard,
  module,
  openResponse,
  storeRealSeries,
} from "./index.ts";

const modules = [areas, outbreaks, people, tasks, venues, screening, cases, tracing, isolation, zones, reports, module];
const village = "371721102201";
const sick = { natPositive: true, epiHistory: true, feverOrRespiratory: true, imagingFeatures: true };
const well = { natPositive: true, epiHistory: true };

function area(code: string, level: "city" | "county" | "town" | "village", name: string, nameEn: string) {
  const parents: Record<string, string | null> = {
    city: null,
    county: "3717",
    town: code.slice(0, 6),
    village: code.slice(0, 9),
  };
  return {
    code,
    parentCode: parents[level] ?? null,
    level,
    kind: level,
    name,
    nameEn,
    population: 1000,
    lat: 35,
    lon: 115,
    position: "approximate" as const,
    boundary: null,
  };
}

describe("command post on the real database", () => {
  let world: TestWorld;
  let persons: number[] = [];

  const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => runDuty(world.ctx(), work);
  async function found(
    person: number,
    facts: Record<string, boolean>,
    provenance: "clinic" | "community" | "centralQuarantine",
  ): Promise<string> {
    const { caseId } = await registerCase(world.ctx(), {
      personId: persons[person] as number,
      provenance,
      source: "clinic",
      sampledAt: world.clock.now(),
      positiveAt: world.clock.now(),
    });
    world.clock.forward(60);
    await diagnoseCase(world.ctx(), { caseId, facts });
    return caseId;
  }
  const phaseNow = async (): Promise<string> =>
    (await world.sql.one<{ phase: string }>("select phase from outbreak")).phase;

  beforeAll(async () => {
    world = await testWorld({ modules, at: "2022-07-24T00:00:00.000Z" });
    await inTx((tx) =>
      loadAreas(tx, [
        area("3717", "city", "菏泽市", "Heze"),
        area("371702", "county", "牡丹区", "Mudan"),
        area("371721", "county", "曹县", "Cao"),
        area("371721102", "town", "磐石", "Panshi"),
        area(village, "village", "前韩村", "Qianhan"),
      ]),
    );
    persons = await inTx((tx) =>
      registerPeople(tx, {
        register: "test",
        people: ["张秘密", "王隐私", "李不显"].map((name, i) => ({
          ref: name,
          areaCode: village,
          name,
          household: `h${i}`,
        })),
      }),
    );
  });
  afterAll(() => world.close());

  it("CMD-1: opens the response in its first phase; there is nothing to brief on yet", async () => {
    await openResponse(world.ctx(), {
      name: "测试疫情",
      nameEn: "Test outbreak",
      areaCode: "3717",
      timeZone: "Asia/Shanghai",
      protocolId: "covid-19.cn-9",
      drill: true,
    });
    expect(await phaseNow()).toBe("activation");
    expect((await getPhases(world.ctx(), {})).map((row) => row.phase)).toEqual([
      "activation",
      "containment",
      "communityZero",
      "lifting",
      "allClear",
    ]);
    await expect(holdBriefing(world.ctx(), {})).rejects.toMatchObject({
      code: "rule.refused",
      params: { rule: "CMD-4" },
    });
    await expect(closeResponse(world.ctx(), {})).rejects.toMatchObject({ code: "rule.refused" });
  });

  it("CMD-2: the first positive opens containment in its own transaction", async () => {
    world.clock.set("2022-07-24T02:00:00.000Z");
    await found(0, sick, "clinic");
    expect(await phaseNow()).toBe("containment");
    expect(await world.sql.many("select name from event where name = 'command.phaseReached'")).toHaveLength(1);
  });

  it("CMD-4, CMD-5: a briefing freezes the figures at its slot, decides, and is held once", async () => {
    world.clock.set("2022-07-24T11:34:00.000Z");
    const given = { areaCode: "371721", team: "grid", text: { "zh-CN": "逐户核对", en: "Check every door" } };
    const held = await holdBriefing(world.ctx(), { decisions: [given] });
    expect(held).toMatchObject({
      no: 1,
      slot: "19:30",
      day: "2022-07-24",
      cutoffAt: "2022-07-24T11:30:00.000Z",
      reconciled: true,
    });
    expect(held.figures.find((row) => row.figure === "confirmed")).toMatchObject({
      areaCode: "371721",
      detail: "clinic",
      value: 1,
    });
    const last = held.decisions.at(-1);
    expect(last).toMatchObject({ kind: "given", team: "grid", dueAt: "2022-07-25T00:30:00.000Z" });
    const task = await world.sql.one("select kind, owner_team, area_code, state from task where id = $1", [
      last?.taskId,
    ]);
    expect(task).toEqual({ kind: "directive", owner_team: "grid", area_code: "371721", state: "open" });
    expect((await holdBriefing(world.ctx(), { slot: "19:30" })).id).toBe(held.id);
    expect((await getBriefing(world.ctx(), { id: held.id })).decisions).toHaveLength(held.decisions.length);
  });

  it("CMD-5: further decisions become tasks, and one nobody has begun is taken back with its task", async () => {
    const [held] = (await listBriefings(world.ctx(), {})).items;
    const id = held?.id ?? "";
    const given = { areaCode: "371721", team: "grid", text: { "zh-CN": "增派人手", en: "Send more people" } };
    const more = await addDecisions(world.ctx(), { id, decisions: [given] });
    const added = more.decisions.at(-1);
    expect(added).toMatchObject({ kind: "given", withdrawnAt: null, dueAt: "2022-07-25T00:30:00.000Z" });
    expect(more.decisions.map(({ no }) => no)).toEqual(more.decisions.map((_, index) => index + 1));
    const less = await withdrawDecision(world.ctx(), { id, no: added?.no ?? 0, reason: "given twice" });
    expect(less.decisions.at(-1)).toMatchObject({ withdrawnReason: "given twice" });
    expect(await world.sql.one("select state from task where id = $1", [added?.taskId])).toEqual({
      state: "cancelled",
    });
    await expect(withdrawDecision(world.ctx(), { id, no: added?.no ?? 0, reason: "again" })).rejects.toMatchObject({
      code: "state.notAllowed",
    });
    const begun = less.decisions[0];
    await world.sql.run("update task set state = 'started' where id = $1", [begun?.taskId]);
    await expect(withdrawDecision(world.ctx(), { id, no: begun?.no ?? 0, reason: "late" })).rejects.toMatchObject({
      code: "state.notAllowed",
    });
    await world.sql.run("update task set state = 'open' where id = $1", [begun?.taskId]);
    await expect(
      addDecisions(world.ctx({ permissions: ["command.briefing.read"] }), { id, decisions: [given] }),
    ).rejects.toMatchObject({ code: "auth.forbidden" });
  });

  it("CMD-4: the clock holds a briefing nobody opened; the last one's directives are reviewed", async () => {
    world.clock.set("2022-07-25T00:31:00.000Z");
    await found(1, well, "centralQuarantine");
    world.clock.set("2022-07-25T00:33:00.000Z");
    await runDueDuties(world.ctx());
    const { items } = await listBriefings(world.ctx(), {});
    expect(items.map((row) => [row.no, row.slot, row.cutoffAt, row.reconciled])).toEqual([
      [2, "08:30", "2022-07-25T00:30:00.000Z", true],
      [1, "19:30", "2022-07-24T11:30:00.000Z", true],
    ]);
    const open = await world.sql.many<{ subject_id: string }>(
      "select distinct subject_id from task where kind = 'directive' and state = 'open'",
    );
    expect(open.every((row) => row.subject_id === items[0]?.id)).toBe(true);
  });

  it("REP-1, REP-3: the report holds the frozen figures in both languages and no name", async () => {
    world.clock.set("2022-07-25T11:30:00.000Z");
    const held = await holdBriefing(world.ctx(), {});
    for (const [lang, texts] of [
      ["zh-CN", ["第 3 期", "菏泽市疫情防控指挥部", "演练", "较上期新增确诊病例 0 例、无症状感染者 1 例", "曹县"]],
      ["en", ["No. 3", "1 new asymptomatic", "DRILL", "Cao", "Epidemic curve"]],
    ] as const) {
      const html = await briefingReportHtml(world.ctx(), { id: held.id, lang });
      for (const text of texts) expect(html).toContain(text);
      for (const name of ["张秘密", "王隐私", "李不显"]) expect(html).not.toContain(name);
      expect(html).not.toMatch(/undefined|NaN|\[object/);
    }
    expect((await inTx(figuresReconcile)).broken).toEqual([]);
  });

  it("CMD-9: the board is what its model says, per jurisdiction, and quick", async () => {
    await inTx((tx) => storeRealSeries(tx, [{ day: "2022-07-24", confirmed: 1, asymptomatic: 0 }]));
    const board = await liveBoard(world.ctx({ areaCode: "3717" }));
    expect(Check(Board, board)).toBe(true);
    expect(board.totals).toMatchObject({ confirmed: 1, asymptomatic: 1, inCare: 2, preliminary: 0 });
    expect(board.outbreak).toMatchObject({ drill: true, phase: "containment", speed: 0 });
    expect(board.counties.map((row) => [row.code, row.cases])).toEqual([
      ["371702", 0],
      ["371721", 2],
    ]);
    expect(board.curve.days.map((row) => row.day)).toEqual(["2022-07-24", "2022-07-25"]);
    expect(board.curve.days[0]).toMatchObject({
      byReport: { confirmed: 1, asymptomatic: 0 },
      real: { confirmed: 1, asymptomatic: 0 },
    });
    const county = await liveBoard(world.ctx({ areaCode: "371702" }));
    expect(Check(Board, county)).toBe(true);
    expect(county.totals).toMatchObject({ confirmed: 0, asymptomatic: 0 });
    expect(county.counties.map((row) => row.code)).toEqual(["371702"]);
    // The phases are the whole outbreak's, whoever looks.
    expect(county.phases).toEqual(board.phases);
    await expect(liveBoard(world.ctx({ areaCode: "3717", permissions: [] }))).rejects.toMatchObject({
      code: "auth.forbidden",
    });
  });

  it("CMD-6: clocks are measured on the records, for all time or a window", async () => {
    const clocks = new Map((await getClocks(world.ctx({ areaCode: "3717" }), {})).map((row) => [row.arrow, row]));
    expect(clocks.size).toBe(12);
    expect(clocks.get("preliminaryToReport")).toMatchObject({
      ruleId: "RPT-2H",
      n: 0,
      targetMin: 120,
      lateOpen: 2,
      inTimeShare: 0,
    });
    const recent = await getClocks(world.ctx({ areaCode: "3717" }), { hours: 12 });
    expect(recent.find((row) => row.arrow === "preliminaryToReport")?.lateOpen).toBe(1);
  });

  it("CMD-3: the response level is one of the protocol's", async () => {
    expect(await changeResponseLevel(world.ctx(), { level: "II" })).toEqual({ level: "II", changed: true });
    await expect(changeResponseLevel(world.ctx(), { level: "V" })).rejects.toMatchObject({ code: "request.invalid" });
  });

  it("SOC-ZERO, CMD-2: zero is declared after three full days, the all-clear when nothing is open", async () => {
    world.clock.set("2022-07-27T23:00:00.000Z");
    await checkPhases(world.ctx(), {});
    expect(await phaseNow()).toBe("communityZero");
    const ladder = await getPhases(world.ctx(), {});
    expect(ladder.find((row) => row.phase === "lifting")?.criteria).toEqual([
      { id: "cleanDays", met: false, value: 2, target: 3 },
    ]);
    await world.sql.run("update zone set state = 'lifted', lifted_at = $1, level_since = $1", [world.clock.now()]);
    await world.sql.run("update contact set state = 'released'");
    world.clock.set("2022-07-28T23:00:00.000Z");
    expect((await checkPhases(world.ctx(), {})).entered).toEqual(["lifting"]);
    const ids = await world.sql.many<{ id: string }>(
      "select id from case_record where state <> 'excluded' order by positive_at",
    );
    for (const { id } of ids) await recordOutcome(world.ctx(), { caseId: id, outcome: "recovered" });
    expect((await checkPhases(world.ctx(), {})).entered).toEqual(["allClear"]);
    const outbreak = await world.sql.one<{ community_zero_at: string; all_clear_at: string }>(
      "select community_zero_at, all_clear_at from outbreak",
    );
    expect(outbreak).toEqual({
      community_zero_at: "2022-07-27T23:00:00.000Z",
      all_clear_at: "2022-07-28T23:00:00.000Z",
    });
  });

  it("CMD-8: the chronicle tells the story in order, in both languages, and names nobody", async () => {
    const lines = await inTx(chronicle);
    expect(lines.map((line) => line.kind)).toEqual(
      expect.arrayContaining(["opened", "firstPositive", "cases", "briefing", "level", "phase"]),
    );
    expect(lines.map((line) => line.at)).toEqual(lines.map((line) => line.at).toSorted());
    expect(lines.at(-1)?.text).toEqual({ "zh-CN": "进入阶段：响应终止", en: "Phase reached: All-clear" });
    expect(JSON.stringify(lines)).not.toMatch(/张秘密|王隐私|李不显/);
    await closeResponse(world.ctx(), {});
  });
});
