import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as screening } from "#modules/screening";
import { module as tasks } from "#modules/tasks";
import { testWorld, type TestWorld } from "#platform/testing";
import { useCase } from "#platform/usecase";
import {
  checkLift,
  countZones,
  drawZone,
  dropZone,
  extendZone,
  getZone,
  liftZone,
  listZones,
  module,
  publishZone,
  raiseZone,
  zoneLevelsAt,
} from "./index.ts";
import { askForLifts } from "./proposals.service.ts";

const village = "371721100201";
const otherVillage = "371721100202";
const caseA = "00000000-0000-7000-8000-00000000000a";
const caseB = "00000000-0000-7000-8000-00000000000b";

/** Emits what the cases module emits, through a use case of the test's own. */
const emitCase = useCase(
  { name: "probe.case", permission: "zones.zone.write", kind: "write" },
  async (tx, input: { name: string; caseId: string; areaCode?: string; provenance?: string }) => {
    const data = { caseId: input.caseId, personId: 1, positiveAt: tx.now, provenance: input.provenance ?? "clinic" };
    const areaCode = input.areaCode ?? village;
    await tx.emit({ name: input.name, areaCode, subjectType: "case", subjectId: input.caseId, data });
  },
);
const lookForLifts = useCase(
  { name: "probe.lifts", permission: "zones.zone.write", kind: "write" },
  (tx, _input: null) => askForLifts(tx),
);

describe("zones", () => {
  let world: TestWorld;
  let outbreakId: string;

  beforeEach(async () => {
    world = await testWorld({ modules: [areas, outbreaks, tasks, screening, module], at: "2022-07-26T00:00:00.000Z" });
    await world.sql.run(
      `insert into area (code, parent_code, level, kind, name, name_en) values
         ('3717', null, 'city', 'city', '菏泽市', 'Heze'), ('371721', '3717', 'county', 'county', '曹县', 'Cao County'),
         ('371721100', '371721', 'town', 'town', '庄寨镇', 'Zhuangzhai'),
         ('371721100201', '371721100', 'village', 'village', '北关村', 'Beiguan'),
         ('371721100202', '371721100', 'village', 'village', '南关村', 'Nanguan')`,
    );
    const opened = await openOutbreak(world.ctx(), {
      name: "菏泽疫情",
      nameEn: "Heze outbreak",
      areaCode: "3717",
      timeZone: "Asia/Shanghai",
      protocolId: "covid-19.cn-9",
    });
    outbreakId = opened.id;
  });
  afterEach(() => world.close());

  /** A whole area round over the village on the world's day. */
  async function round(no: number, change: { sampled?: number; positive?: number } = {}): Promise<void> {
    const id = `00000000-0000-7000-9000-0000000000${String(no).padStart(2, "0")}`;
    const sampled = change.sampled ?? 90;
    await world.sql.run(
      `insert into round (id, outbreak_id, kind, no, area_code, scope, area_type, stage, day, pool_size, household_size,
         protocol_version, opened_at, state)
       values ($1, $2, 'area', $3, '371721', '{}', 'rural', 'regular', $4::timestamptz::date, 10, 10, '9.0', $4, 'open')`,
      [id, outbreakId, no, world.clock.now()],
    );
    await world.sql.run(
      `insert into coverage (round_id, area_code, due, excused, collected, resulted, positive) values ($1, $2, 100, 10, $3, $3, $4)`,
      [id, village, sampled, change.positive ?? 0],
    );
  }

  async function zoneOf(code = village): Promise<string> {
    const sql = "select id from zone where unit_code = $1 and state in ('proposed', 'published')";
    return (await world.sql.one<{ id: string }>(sql, [code])).id;
  }

  async function published(level: "high" | "medium" = "high"): Promise<string> {
    const drawn = await drawZone(world.ctx(), {
      areaCode: village,
      unit: "village",
      unitCode: village,
      name: "北关村",
      level,
      reason: "by hand",
    });
    await publishZone(world.ctx(), { id: drawn.id });
    return drawn.id;
  }

  function openTasks(): Promise<{ kind: string; ownerTeam: string }[]> {
    return world.sql.many(
      `select kind, owner_team as "ownerTeam" from task where subject_type = 'zone' and state = 'open' order by kind`,
    );
  }

  it("ZONE-3: a preliminary positive proposes its residence once, as a task of headquarters", async () => {
    await emitCase(world.ctx(), { name: "cases.preliminary", caseId: caseA });
    await emitCase(world.ctx(), { name: "cases.diagnosed", caseId: caseA });
    const rows = await world.sql.many("select unit_code, level, state, name, name_en, case_id from zone");
    expect(rows).toEqual([
      { unit_code: village, level: "high", state: "proposed", name: "北关村", name_en: "Beiguan", case_id: caseA },
    ]);
    const [task] = await world.sql.many<{ params: object }>("select kind, owner_team, params, due_at from task");
    expect(task).toEqual({
      kind: "zoneProposal",
      owner_team: "command",
      params: { unit: "village", unitCode: village, level: "high", rule: "ZONE-H", caseId: caseA },
      due_at: "2022-07-26T12:00:00.000Z",
    });
    expect(await world.sql.many("select 1 from zone_level")).toEqual([]);
  });

  it("somebody found in central quarantine draws no zone", async () => {
    await emitCase(world.ctx(), { name: "cases.preliminary", caseId: caseA, provenance: "centralQuarantine" });
    expect(await world.sql.many("select 1 from zone")).toEqual([]);
  });

  it("publishing gives a level, tasks and the event in one transaction", async () => {
    await emitCase(world.ctx(), { name: "cases.preliminary", caseId: caseA });
    const zone = await publishZone(world.ctx(), { id: await zoneOf(), effectiveAt: "2022-07-26T04:00:00.000Z" });
    expect(zone).toMatchObject({ state: "published", level: "high", cleanDays: 0, areaName: "Beiguan" });
    expect(zone.nextLift).toBe("2022-08-01T16:00:00.000Z");
    expect((await openTasks()).map((task) => task.kind)).toEqual([
      "zoneDisinfection",
      "zoneDoorSampling",
      "zoneDoorService",
      "zoneGuard",
    ]);
    expect(
      await world.sql.many("select level, lower(period) as at, rule_id, protocol_version from zone_level"),
    ).toEqual([
      { level: "high", at: "2022-07-26T04:00:00.000Z", rule_id: "ZONE-H", protocol_version: "covid-19.cn-9 9.0" },
    ]);
    const [event] = await world.sql.many<{ data: object }>("select data from event where name = 'zones.published'");
    expect(event?.data).toMatchObject({ unitCode: village, level: "high", effectiveAt: "2022-07-26T04:00:00.000Z" });
    await expect(publishZone(world.ctx(), { id: zone.id })).rejects.toMatchObject({ code: "state.notAllowed" });
  });

  it("ZONE-H-LIFT, ZONE-HM-LIFT: high to medium on day 7 with a clean round, to low three days later", async () => {
    const id = await published();
    world.clock.set("2022-08-01T08:00:00.000Z");
    await expect(liftZone(world.ctx(), { id })).rejects.toMatchObject({ params: { rule: "ZONE-H-LIFT" } });
    world.clock.set("2022-08-02T01:00:00.000Z");
    await round(7);
    const medium = await liftZone(world.ctx(), { id });
    expect(medium).toMatchObject({ state: "published", level: "medium", nextLift: "2022-08-04T16:00:00.000Z" });
    expect((await openTasks()).map((task) => task.kind)).toEqual(["zoneGuard", "zonePickup"]);
    world.clock.set("2022-08-05T01:00:00.000Z");
    const low = await liftZone(world.ctx(), { id });
    expect(low).toMatchObject({ state: "lifted", level: "low", liftedAt: "2022-08-05T01:00:00.000Z" });
    expect(await openTasks()).toEqual([]);
    const controls = await world.sql.many("select status, since from area_control order by since");
    expect(controls).toEqual([
      { status: "highZone", since: "2022-07-26T00:00:00.000Z" },
      { status: "mediumZone", since: "2022-08-02T01:00:00.000Z" },
      { status: "none", since: "2022-08-05T01:00:00.000Z" },
    ]);
    const detail = await getZone(world.ctx(), { id });
    expect(detail.levels.map((step) => [step.level, step.rule, step.to])).toEqual([
      ["high", "ZONE-H", "2022-08-02T01:00:00.000Z"],
      ["medium", "ZONE-H-LIFT", "2022-08-05T01:00:00.000Z"],
    ]);
    const names = await world.sql.many<{ name: string }>(
      "select name from event where name like 'zones.%' order by seq",
    );
    expect(names.map((row) => row.name)).toEqual([
      "zones.proposed",
      "zones.published",
      "zones.levelChanged",
      "zones.levelChanged",
      "zones.countyRoutine",
    ]);
  });

  it.each([
    ["a missing resident", { sampled: 89 }],
    ["a positive", { positive: 1 }],
  ])("ZONE-H-LIFT: not with %s in the day-7 round", async (_, change) => {
    const id = await published();
    world.clock.set("2022-08-02T01:00:00.000Z");
    await round(7, change);
    await expect(liftZone(world.ctx(), { id })).rejects.toMatchObject({ code: "rule.refused" });
    const check = await checkLift(world.ctx(), { id });
    expect(check?.reasons.map((reason) => [reason.id, reason.met])).toEqual([
      ["cleanDays", true],
      ["lastDayRound", false],
    ]);
  });

  it("ZONE-EXT: an infection inside restarts the days and asks for one review a day", async () => {
    const id = await published();
    world.clock.set("2022-07-30T03:00:00.000Z");
    await emitCase(world.ctx(), { name: "cases.preliminary", caseId: caseA, provenance: "highZone" });
    await emitCase(world.ctx(), { name: "cases.preliminary", caseId: caseB, provenance: "highZone" });
    await emitCase(world.ctx(), { name: "cases.diagnosed", caseId: caseA, provenance: "highZone" });
    expect((await openTasks()).filter((task) => task.kind === "zoneReview")).toHaveLength(1);
    world.clock.set("2022-08-02T01:00:00.000Z");
    await round(7);
    expect(await checkLift(world.ctx(), { id })).toMatchObject({
      allowed: false,
      cleanDays: 3,
      earliest: "2022-08-06",
    });
    await extendZone(world.ctx(), { id, from: "2022-07-31", reason: "one zone, one policy" });
    expect((await openTasks()).some((task) => task.kind === "zoneReview")).toBe(false);
    expect(await checkLift(world.ctx(), { id })).toMatchObject({ earliest: "2022-08-07" });
    await emitCase(world.ctx(), { name: "cases.excluded", caseId: caseA });
    await emitCase(world.ctx(), { name: "cases.excluded", caseId: caseB });
    expect((await openTasks()).filter((task) => task.kind === "zoneReview")).toHaveLength(1);
  });

  it("a resident's infection in a medium zone raises it, and the lower level never overlaps the higher (I6)", async () => {
    const id = await published("medium");
    world.clock.set("2022-07-27T00:00:00.000Z");
    await emitCase(world.ctx(), { name: "cases.preliminary", caseId: caseA, provenance: "mediumZone" });
    await raiseZone(world.ctx(), { id, level: "high", reason: "resident infected" });
    await expect(raiseZone(world.ctx(), { id, level: "medium", reason: "x" })).rejects.toMatchObject({
      params: { rule: "ZONE-5" },
    });
    expect(await world.sql.many("select level, upper(period) as ended from zone_level order by lower(period)")).toEqual(
      [
        { level: "medium", ended: "2022-07-27T00:00:00.000Z" },
        { level: "high", ended: null },
      ],
    );
    await expect(
      world.sql.run(
        `insert into zone_level select zone_id, unit_code, area_code, 'low', tstzrange('2022-07-26T12:00Z', '2022-07-26T13:00Z'),
           'X', '', '', '' from zone_level limit 1`,
      ),
    ).rejects.toThrow("zone_level_unit_code_period_excl");
  });

  it("a unit has one zone at a time; a dropped one frees it", async () => {
    const id = await published();
    const again = {
      areaCode: village,
      unit: "village",
      unitCode: village,
      name: "北关村",
      level: "high",
      reason: "x",
    } as const;
    await expect(drawZone(world.ctx(), again)).rejects.toMatchObject({ code: "record.duplicate" });
    await expect(dropZone(world.ctx(), { id, reason: "x" })).rejects.toMatchObject({ code: "state.notAllowed" });
    await emitCase(world.ctx(), { name: "cases.preliminary", caseId: caseA, areaCode: otherVillage });
    await emitCase(world.ctx(), { name: "cases.excluded", caseId: caseA });
    const other = await world.sql.one("select state from zone where unit_code = $1", [otherVillage]);
    expect(other).toEqual({ state: "dropped" });
    await expect(drawZone(world.ctx(), { ...again, unitCode: otherVillage })).rejects.toMatchObject({
      fields: [{ pointer: "/unitCode" }],
    });
    await expect(
      drawZone(world.ctx(), { ...again, areaCode: otherVillage, unitCode: otherVillage, level: "low" }),
    ).rejects.toMatchObject({
      params: { rule: "ZONE-2" },
    });
  });

  it("ZONE-6: the clock asks headquarters once for a zone that may fall", async () => {
    await published();
    world.clock.set("2022-08-02T01:00:00.000Z");
    await round(7);
    await lookForLifts(world.ctx(), null);
    await lookForLifts(world.ctx(), null);
    expect((await openTasks()).filter((task) => task.kind === "zoneLift")).toEqual([
      { kind: "zoneLift", ownerTeam: "command" },
    ]);
  });

  it("lists by area and level, counts by county, and keeps to the jurisdiction", async () => {
    await published();
    await emitCase(world.ctx(), { name: "cases.preliminary", caseId: caseA, areaCode: otherVillage });
    const all = await listZones(world.ctx(), { limit: 1 });
    expect([all.items.length, typeof all.next]).toEqual([1, "string"]);
    expect((await listZones(world.ctx(), { limit: 1, cursor: all.next ?? "" })).next).toBeNull();
    expect((await listZones(world.ctx(), { state: "published" })).items).toHaveLength(1);
    expect((await listZones(world.ctx({ areaCode: "371702" }), {})).items).toEqual([]);
    expect(await countZones(world.ctx(), {})).toEqual([{ countyCode: "371721", high: 1, medium: 0, rest: "low" }]);
    const id = await zoneOf();
    await expect(publishZone(world.ctx({ areaCode: "371702" }), { id })).rejects.toMatchObject({
      code: "record.notFound",
    });
    const levels = useCase({ name: "probe.levels", permission: "zones.zone.read", kind: "read" }, (tx, _input: null) =>
      zoneLevelsAt(tx, [village, otherVillage], tx.now),
    );
    expect([...(await levels(world.ctx(), null))]).toEqual([[village, "high"]]);
  });
});
