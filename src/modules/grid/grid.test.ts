import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeRound, recordAbsences } from "#modules/screening";
import type { TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import { listDoorLists, makeDoorList, recordVisits } from "./doors.service.ts";
import { doors, emit, gridWorld, roundWithRefusals, village } from "./grid.fixture.ts";
import { cutGrids, listGrids, listWorkers } from "./grids.service.ts";
import { beginHalfDay } from "./streets.service.ts";

describe("doors of the grids", () => {
  let world: TestWorld;

  beforeEach(async () => {
    world = await gridWorld();
  });
  afterEach(() => world.close());

  it("GRID-1: villages are cut, and cutting again moves nothing", async () => {
    const page = await listGrids(world.ctx(), { areaCode: "371721" });
    expect(page.items.map((row) => [row.code, row.households, row.workers])).toEqual([
      [`${village}G01`, 320, 2],
      [`${village}G02`, 320, 1],
    ]);
    expect(await cutGrids(world.ctx(), { areaCode: "3717" })).toEqual({ villages: 2, grids: 3, households: 650 });
    const again = await listGrids(world.ctx(), { areaCode: "371721" });
    expect(again.items).toEqual(page.items);
    const [worker] = (await listWorkers(world.ctx(), { areaCode: village })).items.filter((row) => row.no === "W1");
    expect(worker).toMatchObject({ name: "甲", phoneEnd: "1234", gridCode: `${village}G01` });
    const [stored] = await world.sql.many<{ phone_enc: Buffer }>("select phone_enc from grid_worker where no = 'W1'");
    expect(stored?.phone_enc.toString("utf8")).not.toContain("1380000");
  });

  it("GRID-2: a round's closing lists its untested once, and the next round's list replaces it", async () => {
    const roundId = await roundWithRefusals(world);
    expect(await makeDoorList(world.ctx(), { kind: "untested", areaCode: "371721", roundId })).toEqual({
      lists: 1,
      items: 3,
    });
    await closeRound(world.ctx(), { roundId });
    expect((await doors(world)).map((row) => [row.person_id, row.no, row.grid_code])).toEqual([
      [1, 1, `${village}G01`],
      [2, 2, `${village}G01`],
      [3, 3, `${village}G01`],
    ]);
    world.clock.forward(1_440);
    await closeRound(world.ctx(), { roundId: await roundWithRefusals(world) });
    expect(await doors(world, "lapsed")).toHaveLength(3);
    expect(await doors(world)).toHaveLength(3);
    const lists = await listDoorLists(world.ctx(), { areaCode: "371721" });
    expect(lists.items.map((row) => [row.kind, row.state, row.total, row.lapsed])).toEqual([
      ["untested", "open", 3, 0],
      ["untested", "closed", 3, 3],
    ]);
  });

  it("GRID-2: who was sampled meanwhile is settled when the list is made again", async () => {
    const roundId = await roundWithRefusals(world);
    await makeDoorList(world.ctx(), { kind: "untested", areaCode: "371721", roundId });
    await recordAbsences(world.ctx(), { roundId, people: [{ personId: 1, reason: "away" }] });
    await makeDoorList(world.ctx(), { kind: "untested", areaCode: "371721", roundId });
    expect(await world.sql.many("select person_id, proof, counted from door_item where state = 'done'")).toEqual([
      { person_id: 1, proof: { method: "swab" }, counted: true },
    ]);
  });

  it("GRID-2: the elderly, a sweep and returnees", async () => {
    expect(await makeDoorList(world.ctx(), { kind: "elderly", areaCode: village })).toEqual({ lists: 1, items: 64 });
    expect(await makeDoorList(world.ctx(), { kind: "sweep", areaCode: "371702" })).toEqual({ lists: 1, items: 10 });
    await emit(world.ctx(), { name: "inbound.classified", areaCode: village, data: { arrivals: [{ personId: 5 }] } });
    await emit(world.ctx(), { name: "inbound.classified", areaCode: village, data: { arrivals: [{ personId: 5 }] } });
    expect(await world.sql.many("select total from door_list where kind = 'returnee'")).toEqual([{ total: 1 }]);
  });

  it("GRID-3: visits count with proof, in time, by the grid's worker; nobody home twice becomes a task", async () => {
    await closeRound(world.ctx(), { roundId: await roundWithRefusals(world) });
    const [a, b, c] = await doors(world);
    const at = world.clock.now();
    const proof = { method: "qr" as const };
    const first = await recordVisits(world.ctx(), {
      visits: [
        { itemId: a!.id, outcome: "done", at, workerNo: "W1", proof },
        { itemId: b!.id, outcome: "notHome", at, workerNo: "W1" },
        { itemId: c!.id, outcome: "done", at, workerNo: "W1" },
        { itemId: c!.id, outcome: "done", at, workerNo: "W9", proof },
      ],
    });
    expect(first).toMatchObject({ recorded: 2, counted: 1, escalated: 0 });
    expect(first.refused.map((row) => [row.row, row.rule])).toEqual([
      [2, "GRID-3"],
      [3, "GRID-3"],
    ]);
    await recordVisits(world.ctx(), { visits: [{ itemId: b!.id, outcome: "notHome", at, workerNo: "W1" }] });
    const task = () =>
      world.sql.many("select kind, owner_team, state, subject_id from task where kind = 'doorNotHome'");
    expect(await task()).toEqual([{ kind: "doorNotHome", owner_team: "grid", state: "open", subject_id: b!.id }]);
    world.clock.forward(24 * 60);
    // The cadre writes with their own account, for every grid of the village, and late.
    const late = await recordVisits(world.ctx({ name: "cadre", areaCode: village }), {
      visits: [b!, c!].map(({ id }) => ({ itemId: id, outcome: "done", at: world.clock.now(), proof })),
    });
    expect(late).toMatchObject({ recorded: 2, counted: 0, refused: [] });
    expect(await task()).toMatchObject([{ state: "closed" }]);
    expect(await world.sql.many("select state, total, done, closed_at from door_list")).toEqual([
      { state: "closed", total: 3, done: 3, closed_at: world.clock.now() },
    ]);
  });

  it("GRID-4: whoever is under an order at home is on the morning's and the evening's list", async () => {
    const orders = [1, 2].map((personId) => ({
      orderId: `00000000-0000-7000-8000-00000000000${personId}`,
      personId,
      areaCode: village,
      category: "contact",
      mode: "home",
      siteId: null,
    }));
    await emit(world.ctx(), { name: "isolation.placed", areaCode: village, data: { orders } });
    await runDuty(world.ctx(), beginHalfDay);
    await runDuty(world.ctx(), beginHalfDay);
    expect((await doors(world)).map((row) => row.household_id)).toEqual([1, 2]);
    expect(await world.sql.many("select kind, cause, household_id from household_need order by household_id")).toEqual([
      { kind: "food", cause: "home", household_id: 1 },
      { kind: "food", cause: "home", household_id: 2 },
    ]);
    await emit(world.ctx(), {
      name: "isolation.released",
      areaCode: village,
      data: { personIds: [1], areaCodes: [village], orderIds: [orders[0]!.orderId], reason: "completed" },
    });
    world.clock.set("2022-07-26T07:30:00.000Z");
    await runDuty(world.ctx(), beginHalfDay);
    expect((await doors(world)).map((row) => row.household_id)).toEqual([2]);
    expect(await world.sql.many("select key, total, lapsed from door_list order by made_at")).toEqual([
      { key: "2022-07-26 morning", total: 2, lapsed: 2 },
      { key: "2022-07-26 evening", total: 1, lapsed: 0 },
    ]);
  });
});
