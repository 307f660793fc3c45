import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as cases } from "#modules/cases";
import { module as isolation } from "#modules/isolation";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as people } from "#modules/people";
import { closeRound, module as screening, openRound, recordAbsences } from "#modules/screening";
import { module as tasks } from "#modules/tasks";
import { module as tracing } from "#modules/tracing";
import { module as zones } from "#modules/zones";
import { importSheet } from "#platform/sheets";
import { readTable } from "#platform/tables";
import { testWorld, type TestWorld } from "#platform/testing";
import { runDuty, useCase } from "#platform/usecase";
import { listDoorItems, listDoorLists, makeDoorList, namedDoors, recordVisits } from "./doors.service.ts";
import { gridFigures, gridTally } from "./grid.figures.ts";
import { sheets } from "./grid.sheets.ts";
import { cutGrids, listGrids, listWorkers, registerWorkers } from "./grids.service.ts";
import { module } from "./index.ts";
import { askNeeds, listNeeds, moveNeeds } from "./needs.service.ts";
import { dueReachable, listReachable, recordOutreach, registerReachable } from "./reach.service.ts";
import { beginHalfDay, listStreets, recordStreets, setLanes } from "./streets.service.ts";
import { renderText } from "./texts.service.ts";

const village = "371721100201";
const other = "371702001201";

const emit = useCase(
  { name: "probe.emit", permission: "grid.grid.write", kind: "write" },
  (tx, input: { name: string; areaCode: string; data: object }) =>
    tx.emit({ ...input, subjectType: "probe", subjectId: "1" }),
);

describe("grid", () => {
  let world: TestWorld;

  beforeEach(async () => {
    world = await testWorld({
      modules: [areas, outbreaks, people, tasks, screening, cases, tracing, isolation, zones, module],
      at: "2022-07-26T00:30:00.000Z",
    });
    await world.sql.run(
      `insert into area (code, parent_code, level, kind, name, name_en) values
         ('3717', null, 'city', 'city', '菏泽市', 'Heze'), ('371721', '3717', 'county', 'county', '曹县', 'Cao County'),
         ('371702', '3717', 'county', 'county', '牡丹区', 'Mudan'), ('371721100', '371721', 'town', 'town', '庄寨镇', 'Zhuangzhai'),
         ('371702001', '371702', 'town', 'town', '东城街道', 'Dongcheng'), ('371721100201', '371721100', 'village', 'village', '北关村', 'Beiguan'),
         ('371702001201', '371702001', 'village', 'village', '东关社区', 'Dongguan')`,
    );
    await world.sql.run(
      `insert into household (id, area_code, address, register, ref)
       select i, case when i <= 640 then '371721100201' else '371702001201' end, i || '号', 'test', i::text from generate_series(1, 650) i`,
    );
    await world.sql.run(
      `insert into person (id, area_code, household_id, name, sex, birth_date, register, ref, registered_at)
       select i, case when i <= 640 then '371721100201' else '371702001201' end, i, '人' || i, 'unknown',
         case when i % 10 = 0 then date '1940-01-01' else date '1990-01-01' end, 'test', i::text, '2022-07-01T00:00:00Z'
       from generate_series(1, 650) i`,
    );
    await openOutbreak(world.ctx(), {
      name: "菏泽疫情",
      nameEn: "Heze outbreak",
      areaCode: "3717",
      timeZone: "Asia/Shanghai",
      protocolId: "covid-19.cn-9",
    });
    await cutGrids(world.ctx(), { areaCode: "3717" });
    await registerWorkers(world.ctx(), {
      workers: [
        {
          areaCode: village,
          gridCode: `${village}G01`,
          no: "W1",
          name: "甲",
          role: "gridWorker",
          phone: "13800001234",
        },
        { areaCode: village, no: "C1", name: "乙", role: "cadre", account: "cadre" },
        { areaCode: other, no: "W9", name: "丙", role: "gridWorker" },
      ],
    });
  });
  afterEach(() => world.close());

  /** A round over the county in which three people have refused and everybody else is away. */
  async function roundWithRefusals(areaCode = "371721"): Promise<string> {
    const { roundId } = await openRound(world.ctx(), { areaCode });
    const ids = await world.sql.many<{ id: number }>(
      "select id from person where area_code like $1 || '%' order by id",
      [areaCode],
    );
    await recordAbsences(world.ctx(), {
      roundId,
      people: ids.map(({ id }, i) => ({ personId: id, reason: i < 3 ? ("refused" as const) : ("away" as const) })),
    });
    return roundId;
  }

  async function doors(state = "open") {
    return world.sql.many<{ id: string; person_id: number; no: number; grid_code: string }>(
      "select id, person_id, no, grid_code from door_item where state = $1 order by area_code, grid_code, no",
      [state],
    );
  }

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
    const roundId = await roundWithRefusals();
    expect(await makeDoorList(world.ctx(), { kind: "untested", areaCode: "371721", roundId })).toEqual({
      lists: 1,
      items: 3,
    });
    await closeRound(world.ctx(), { roundId });
    expect((await doors()).map((row) => [row.person_id, row.no, row.grid_code])).toEqual([
      [1, 1, `${village}G01`],
      [2, 2, `${village}G01`],
      [3, 3, `${village}G01`],
    ]);
    world.clock.forward(1_440);
    await closeRound(world.ctx(), { roundId: await roundWithRefusals() });
    expect(await doors("lapsed")).toHaveLength(3);
    expect(await doors()).toHaveLength(3);
    const lists = await listDoorLists(world.ctx(), { areaCode: "371721" });
    expect(lists.items.map((row) => [row.kind, row.state, row.total, row.lapsed])).toEqual([
      ["untested", "open", 3, 0],
      ["untested", "closed", 3, 3],
    ]);
  });

  it("GRID-2: who was sampled meanwhile is settled when the list is made again", async () => {
    const roundId = await roundWithRefusals();
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
    await closeRound(world.ctx(), { roundId: await roundWithRefusals() });
    const [a, b, c] = await doors();
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
    expect((await doors()).map((row) => row.person_id)).toEqual([1, 2]);
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
    expect((await doors()).map((row) => row.person_id)).toEqual([2]);
    expect(await world.sql.many("select key, total, lapsed from door_list order by made_at")).toEqual([
      { key: "2022-07-26 morning", total: 2, lapsed: 2 },
      { key: "2022-07-26 evening", total: 1, lapsed: 0 },
    ]);
  });

  const zone = { zoneId: "z", unit: "village", unitCode: village, caseId: null };

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

  it("GRID-7: a zone's streets are walked lane by lane, morning and evening", async () => {
    await setLanes(world.ctx(), { areaCode: village, lanes: ["一巷", "二巷", "三巷"] });
    const data = { ...zone, level: "medium", effectiveAt: world.clock.now() };
    await emit(world.ctx(), { name: "zones.published", areaCode: village, data });
    await runDuty(world.ctx(), beginHalfDay);
    const { items } = await listStreets(world.ctx(), { areaCode: village });
    expect(items.map((row) => [row.kind, row.half, row.state]).toSorted()).toEqual([
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
    const roundId = await roundWithRefusals();
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
    const roundId = await roundWithRefusals();
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
    await closeRound(world.ctx(), { roundId: await roundWithRefusals() });
    await askNeeds(world.ctx(), { needs: [{ areaCode: village, kind: "food", householdId: 1 }] });
    const mine = (await listNeeds(world.ctx(), {})).items[0]!.id;
    const [door] = await doors();
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
