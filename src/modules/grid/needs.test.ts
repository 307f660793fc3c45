import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeRound } from "#modules/screening";
import { importSheet } from "#platform/sheets";
import { readTable } from "#platform/tables";
import type { TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import { listDoorItems, listDoorLists, makeDoorList, namedDoors, recordVisits } from "./doors.service.ts";
import { gridFigures, gridTally } from "./grid.figures.ts";
import { doors, emit, gridWorld, other, roundWithRefusals, village, zone } from "./grid.fixture.ts";
import { sheets } from "./grid.sheets.ts";
import { cutGrids, listGrids } from "./grids.service.ts";
import { askInPublic, askNeeds, listNeeds, moveNeeds } from "./needs.service.ts";
import { dueReachable, listReachable, recordOutreach, registerReachable } from "./reach.service.ts";
import { beginHalfDay, listStreets, recordStreets, setLanes } from "./streets.service.ts";
import { renderText } from "./texts.service.ts";

describe("needs, streets and people without a door", () => {
  let world: TestWorld;

  beforeEach(async () => {
    world = await gridWorld();
  });
  afterEach(() => world.close());

  it("GRID-5: a closed village's households get food by rule, again after three days, and no more when it opens", async () => {
    const data = { ...zone, level: "high", effectiveAt: world.clock.now() };
    await emit(world.ctx(), { name: "zones.published", areaCode: village, data });
    await runDuty(world.ctx(), beginHalfDay);
    const count = () =>
      world.sql.one("select count(*) as n, count(*) filter (where state = 'asked') as open from household_need");
    expect(await count()).toEqual({ n: 640, open: 640 });
    world.clock.forward(72 * 60);
    await runDuty(world.ctx(), beginHalfDay);
    expect(await count()).toEqual({ n: 1_280, open: 1_280 });
    const page = await listNeeds(world.ctx(), { areaCode: village, limit: 1 });
    expect(page.items[0]).toMatchObject({ kind: "food", cause: "zone", late: true, areaName: "Beiguan" });
    const changed = { zoneId: "z", unit: "village", unitCode: village, from: "high", to: "low", rule: "ZONE-L" };
    await emit(world.ctx(), { name: "zones.levelChanged", areaCode: village, data: changed });
    expect(await count()).toEqual({ n: 1_280, open: 0 });
  });

  it("GRID-5, GRID-6: requests have a deadline by kind, a task, and are confirmed by the household", async () => {
    const needs = [
      { areaCode: village, kind: "dialysis", householdId: 1, ref: "R1" } as const,
      { areaCode: village, kind: "mask", place: "东街12号", ref: "R2" } as const,
      { areaCode: village, kind: "food", householdId: 650 } as const,
      { areaCode: village, kind: "food" } as const,
    ];
    const taken = await askNeeds(world.ctx(), { needs });
    expect(taken).toMatchObject({ taken: 2, known: 0 });
    expect(taken.refused.map((row) => row.row)).toEqual([2, 3]);
    expect(await askNeeds(world.ctx(), { needs: needs.slice(0, 2) })).toMatchObject({ taken: 0, known: 2 });
    expect(
      await world.sql.many("select kind, due_at from task where subject_type = 'householdNeed' order by due_at"),
    ).toEqual([
      { kind: "householdNeed", due_at: "2022-07-26T04:30:00.000Z" },
      { kind: "householdNeed", due_at: "2022-07-27T00:30:00.000Z" },
    ]);
    const { items } = await listNeeds(world.ctx(), { areaCode: village });
    const ids = items.map((row) => row.id);
    expect(await moveNeeds(world.ctx(), { ids, to: "delivered" })).toEqual({ moved: 2, refused: [] });
    expect(await moveNeeds(world.ctx(), { ids, to: "confirmed" })).toMatchObject({ moved: 0 });
    expect(await moveNeeds(world.ctx(), { ids, to: "confirmed", confirmedBy: "household" })).toMatchObject({
      moved: 2,
    });
    expect(await world.sql.many("select distinct state from task where subject_type = 'householdNeed'")).toEqual([
      { state: "closed" },
    ]);
  });

  it("GRID-5: a household asks without an account and gets a number; an unknown village gets none", async () => {
    const resident = world.ctx({ permissions: ["grid.public.write", "grid.public.read"] });
    const asked = await askInPublic(resident, { areaCode: village, place: "东街12号", kind: "dialysis" });
    expect(asked.next).toContain("within 4 hours");
    expect(await world.sql.many("select key, kind, place, state from household_need")).toEqual([
      { key: asked.number, kind: "dialysis", place: "东街12号", state: "asked" },
    ]);
    expect(await askInPublic(resident, { areaCode: "371799999999", place: "1", kind: "food" })).toMatchObject({
      number: null,
    });
    await expect(listNeeds(resident, {})).rejects.toMatchObject({ code: "auth.forbidden" });
  });

  it("GRID-7: a zone's streets are walked lane by lane, morning and evening", async () => {
    await setLanes(world.ctx(), { areaCode: village, lanes: ["一巷", "二巷", "三巷"] });
    const data = { ...zone, level: "medium", effectiveAt: world.clock.now() };
    await emit(world.ctx(), { name: "zones.published", areaCode: village, data });
    await runDuty(world.ctx(), beginHalfDay);
    const { items } = await listStreets(world.ctx(), { areaCode: village });
    expect(
      items.map((row) => [row.kind, row.half, row.state]).toSorted((a, b) => (a.join() < b.join() ? -1 : 1)),
    ).toEqual([
      ["disinfection", "morning", "open"],
      ["patrol", "morning", "open"],
    ]);
    const [first, second] = items.map((row) => row.id);
    const part = { rounds: [{ id: first!, lanes: ["一巷", "三巷"] }, { id: second! }] };
    expect(await recordStreets(world.ctx(), part)).toEqual({ done: 1, partial: 1, refused: [] });
    const partial = await listStreets(world.ctx(), { areaCode: village, state: "partial" });
    expect(partial.items[0]).toMatchObject({ lanesMissing: ["二巷"], late: false });
    world.clock.forward(240);
    expect((await listStreets(world.ctx(), { state: "partial" })).items[0]).toMatchObject({ late: true });
    expect(
      await recordStreets(world.ctx(), { rounds: [{ id: first!, lanes: ["二巷"] }, { id: second! }] }),
    ).toMatchObject({
      done: 1,
      refused: [{ row: 1, rule: "state.notAllowed" }],
    });
    expect(await gridTally({ ...world.ctx(), sql: world.sql, now: world.clock.now() } as never)).toEqual({
      in: 2,
      done: 2,
      late: 1,
      open: 0,
    });
  });

  it("GRID-8: who has no door and was not tested in the round is listed by name", async () => {
    const roundId = await roundWithRefusals(world);
    const named = { areaCode: village, usualPlace: "汽车站桥下" };
    await registerReachable(world.ctx(), {
      people: [
        { ...named, kind: "roughSleeper", called: "老李" },
        { ...named, kind: "wastePicker", called: "王婶" },
        { ...named, areaCode: "371799999999", kind: "other", called: "某人" },
      ],
    });
    const reason = "outreach tonight";
    const due = async () =>
      (await dueReachable(world.ctx({ reason }), { areaCode: "371721", roundId })).items.map((row) => [
        row.called,
        row.why,
      ]);
    expect(await due()).toEqual([
      ["老李", "notTested"],
      ["王婶", "notTested"],
    ]);
    await expect(dueReachable(world.ctx(), { roundId })).rejects.toMatchObject({ code: "auth.reasonRequired" });
    const people = (await listReachable(world.ctx({ reason }), {})).items;
    const li = people.find((row) => row.called === "老李")!.id;
    const meeting = { id: li, outcome: "tested", at: world.clock.now() } as const;
    expect(await recordOutreach(world.ctx(), { meetings: [meeting] })).toMatchObject({ taken: 1, known: 0 });
    expect(await recordOutreach(world.ctx(), { meetings: [meeting] })).toMatchObject({ taken: 0, known: 1 });
    expect(await due()).toEqual([["王婶", "notTested"]]);
  });

  it("GRID-9: leaflets and loudspeaker texts in both languages", async () => {
    await emit(world.ctx(), {
      name: "zones.published",
      areaCode: village,
      data: { ...zone, level: "high", effectiveAt: world.clock.now() },
    });
    const leaflet = await renderText(world.ctx(), { template: "zoneLeaflet", areaCode: village });
    expect(leaflet.contentType).toContain("html");
    expect(String(leaflet.text)).toContain("Since 2022-07-26 08:30, Beiguan is a high-risk area");
    const spoken = { template: "zoneLoudspeaker", areaCode: village, format: "text" } as const;
    const zh = await renderText({ ...world.ctx(), lang: "zh-CN" }, spoken);
    expect(String(zh.text)).toContain("北关村现为高风险区。足不出户、上门服务");
    const roundId = await roundWithRefusals(world);
    const round = await renderText(world.ctx(), {
      template: "roundLoudspeaker",
      areaCode: village,
      roundId,
      format: "text",
    });
    expect(String(round.text)).toContain("round 1 has begun and ends at 2022-07-27 08:30");
  });

  it("asks for the permission of each use case", async () => {
    const ctx = world.ctx({ permissions: ["tasks.task.read"], reason: "why" });
    const forbidden = { code: "auth.forbidden" };
    await expect(cutGrids(ctx, { areaCode: village })).rejects.toMatchObject(forbidden);
    await expect(makeDoorList(ctx, { kind: "sweep", areaCode: village })).rejects.toMatchObject(forbidden);
    await expect(recordVisits(ctx, { visits: [] })).rejects.toMatchObject(forbidden);
    await expect(askNeeds(ctx, { needs: [] })).rejects.toMatchObject(forbidden);
    await expect(recordStreets(ctx, { rounds: [] })).rejects.toMatchObject(forbidden);
    await expect(listReachable(ctx, {})).rejects.toMatchObject(forbidden);
    await expect(gridFigures(ctx, {})).rejects.toMatchObject(forbidden);
  });

  it("a county neither sees nor touches another county's rows", async () => {
    await closeRound(world.ctx(), { roundId: await roundWithRefusals(world) });
    await askNeeds(world.ctx(), { needs: [{ areaCode: village, kind: "food", householdId: 1 }] });
    const mine = (await listNeeds(world.ctx(), {})).items[0]!.id;
    const [door] = await doors(world);
    const stranger = world.ctx({ areaCode: "371702", reason: "look" });
    expect((await listDoorLists(stranger, {})).items).toEqual([]);
    expect((await listDoorItems(stranger, { areaCode: village })).items).toEqual([]);
    expect((await namedDoors(stranger, { limit: 50 })).items).toEqual([]);
    expect((await listGrids(stranger, {})).items.map((row) => row.areaCode)).toEqual([other]);
    expect((await listNeeds(stranger, { areaCode: village })).items).toEqual([]);
    expect(await moveNeeds(stranger, { ids: [mine], to: "accepted" })).toMatchObject({
      moved: 0,
      refused: [{ row: 0 }],
    });
    expect(
      await recordVisits(stranger, {
        visits: [{ itemId: door!.id, outcome: "refused", at: world.clock.now(), workerNo: "W1" }],
      }),
    ).toMatchObject({ recorded: 0, refused: [{ rule: "record.notFound" }] });
    await expect(makeDoorList(stranger, { kind: "sweep", areaCode: village })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    expect(await askNeeds(stranger, { needs: [{ areaCode: village, kind: "food", householdId: 1 }] })).toMatchObject({
      taken: 0,
    });
  });

  it("sheets: good rows stay, bad ones come back, and the same file again is known", async () => {
    const csv = `village code,kind,name or what they are called,usual place
${village},rough sleeper,老李,桥下
${village},nonsense,老王,桥下
${village},拾荒,王婶,废品站
371721999999,拾荒,无村,废品站
`;
    const sheet = sheets.find(({ name }) => name === "grid-hard-to-reach")!;
    const table = await readTable(Buffer.from(csv), "csv");
    const first = await importSheet(world.ctx(), sheet, table, false);
    expect(first).toMatchObject({ rows: 4, taken: 2, known: 0, bad: 2 });
    expect(first.faults.map((fault) => fault.row)).toEqual([3, 5]);
    expect(await importSheet(world.ctx(), sheet, table, false)).toMatchObject({ taken: 0, known: 2, bad: 2 });
    const named = await namedDoors(world.ctx({ reason: "walk" }), { limit: 10 });
    expect(named.items).toEqual([]);
    const workers = await readTable(
      Buffer.from(`编号,姓名,身份,村（社区）代码,电话\nW5,丁,网格员,${village},13900000000\n`),
      "csv",
    );
    const workerSheet = sheets.find(({ name }) => name === "grid-workers")!;
    expect(await importSheet(world.ctx(), workerSheet, workers, true)).toMatchObject({ taken: 1 });
    expect(await importSheet(world.ctx(), workerSheet, workers, false)).toMatchObject({ taken: 1, bad: 0 });
    const needs = await readTable(
      Buffer.from(
        `village code,need,household number,request number\n${village},dialysis,1,A1\n${village},food,650,A2\n`,
      ),
      "csv",
    );
    const needSheet = sheets.find(({ name }) => name === "grid-needs")!;
    expect(await importSheet(world.ctx(), needSheet, needs, false)).toMatchObject({ taken: 1, bad: 1 });
    expect(await gridFigures(world.ctx(), {})).toMatchObject({ grids: 3, workers: 4, hardToReach: 2, needsOpen: 1 });
  });
});
