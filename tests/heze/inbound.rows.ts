import { strict as assert } from "node:assert";
import { module as areas } from "#modules/areas";
import { module as cases } from "#modules/cases";
import {
  arrivalCounts,
  classifyArrivals,
  deliverEscorts,
  disinfectGoods,
  holdGoods,
  inboundTally,
  joinPost,
  listArrivals,
  listEscorts,
  listPosts,
  meetEscorts,
  module as inbound,
  openCheckpoint,
  pageOfArrivals,
  planEscorts,
  recordGoodsResult,
  recordPasses,
  recordWorkerTests,
  registerPost,
  releaseGoods,
  setKeyRegions,
  visitList,
} from "#modules/inbound";
import { module as isolation } from "#modules/isolation";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as people } from "#modules/people";
import { listTasks, module as tasks } from "#modules/tasks";
import type { TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import type { HezeRow } from "./row.ts";

const modules = [areas, outbreaks, people, tasks, cases, isolation, inbound];
/** 庄寨镇 前韩村, Cao county; the last three digits are this test's own. */
const village = "371721102201";
const city = "3717";

async function open(world: TestWorld, at: string): Promise<void> {
  world.clock.set(at);
  await world.sql.run(
    `insert into area (code, parent_code, level, kind, name, name_en) values
       ('3717', null, 'city', 'city', '菏泽市', 'Heze'), ('371721', '3717', 'county', 'county', '曹县', 'Cao County'),
       ('371721102', '371721', 'town', 'town', '庄寨镇', 'Zhuangzhai'),
       ('371721102201', '371721102', 'village', 'village', '前韩村', 'Qianhan')`,
  );
  await openOutbreak(world.ctx(), {
    name: "菏泽疫情",
    nameEn: "Heze outbreak",
    areaCode: city,
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
}

const region = (place: string, level: "high" | "medium" | "low") => ({
  place,
  name: place,
  level,
  fromDay: "2022-07-18",
  source: "province",
});
const returnee = (no: number, origin: string) => ({
  areaCode: village,
  name: `R${no}`,
  idKind: "other" as const,
  idNumber: `RETURN${no}`,
  origin,
  leftOn: "2022-07-22",
});

/** The list of the night is entered, found with its names, walked as tasks, and makes orders of isolation. */
async function listOfTheNight(world: TestWorld, figures: HezeRow["figures"]): Promise<void> {
  await open(world, String(figures["listedAt"]));
  await setKeyRegions(world.ctx(), { regions: [region("341124", "high"), region("411481", "low")] });
  const secretary = world.ctx({ areaCode: village, reason: "night list" });
  const travellers = [returnee(1, "341124"), returnee(2, "411481"), returnee(3, "110105")];
  const { ids, added } = await listArrivals(secretary, { source: "list", travellers });
  assert.equal(added, travellers.length);
  const found = await visitList(secretary, { areaCode: village });
  assert.deepEqual(found.items.map((row) => row.name).toSorted(), ["R1", "R2", "R3"]);
  const visits = await listTasks(secretary, { team: "grid", state: "open" });
  assert.equal(visits.items.length, travellers.length);
  // A list made in the evening is walked by the next morning.
  for (const task of visits.items) assert.ok(task.dueAt <= String(figures["walkedBy"]), task.dueAt);
  const done = await classifyArrivals(secretary, { ids });
  assert.deepEqual(done.plans, { highZone: 1, lowZone: 1 });
  assert.equal((await listTasks(secretary, { team: "grid", state: "open" })).items.length, 0);
  const [orders] = await world.sql.many<{ n: number }>("select count(*)::int as n from isolation_order");
  assert.equal(orders?.n, 2);
}

/** Key regions of the neighbouring provinces, the road, people and goods alike, a closed loop: each is used by a rule. */
async function inboundControl(world: TestWorld, figures: HezeRow["figures"]): Promise<void> {
  await open(world, "2022-07-24T00:00:00.000Z");
  const neighbours = ["34", "32", "41", "13"];
  assert.equal(neighbours.length, figures["neighbouringProvinces"]);
  await setKeyRegions(world.ctx(), { regions: neighbours.map((place) => region(place, "high")) });
  const travellers = neighbours.map((place, i) => returnee(i, `${place}0102`));
  await listArrivals(world.ctx(), { source: "list", travellers });
  assert.ok((await pageOfArrivals(world.ctx(), {})).items.every((row) => row.level === "high"));
  const checkpoint = { areaCode: "371721", code: "K1", name: "K1", road: "G35", kind: "road" } as const;
  const { id } = await openCheckpoint(world.ctx(), checkpoint);
  const { outcomes } = await recordPasses(world.ctx(), {
    id,
    passes: [
      { kind: "person", origin: "3401", leftOn: "2022-07-23", proofHours: 10 },
      { kind: "goods", origin: "3401", leftOn: "2022-07-24" },
    ],
  });
  assert.deepEqual(
    outcomes.map((row) => row.outcome),
    ["escorted", "refused"],
  );
  const goods = await holdGoods(world.ctx(), { areaCode: village, batch: "B", kind: "coldChain", origin: "3401" });
  await assert.rejects(releaseGoods(world.ctx(), { id: goods.id }), /INB-11/);
  await recordGoodsResult(world.ctx(), { id: goods.id, samples: 3, positives: 0 });
  await disinfectGoods(world.ctx(), { id: goods.id });
  assert.equal((await releaseGoods(world.ctx(), { id: goods.id })).state, "released");
  await closedLoop(world);
  await runDuty(world.ctx(), async (tx) => {
    assert.deepEqual(await inboundTally(tx), { in: 8, done: 4, late: 0, open: 4 });
    assert.equal((await arrivalCounts(tx, city))[0]?.arrivals, 4);
  });
}

async function closedLoop(world: TestWorld): Promise<void> {
  await world.sql.run(
    `insert into person (id, area_code, name, sex, register, registered_at) values (7, $1, 'P', 'unknown', 'test', '2022-07-01')`,
    [village],
  );
  const post = { areaCode: village, code: "COLD", name: "cold store", trade: "coldChain" };
  const { id } = await registerPost(world.ctx(), post);
  await joinPost(world.ctx(), { id, personIds: [7] });
  assert.equal((await listPosts(world.ctx(), {})).items[0]?.due, 1);
  const tested = await recordWorkerTests(world.ctx(), { id, tests: [{ personId: 7, result: "negative" }] });
  assert.equal(tested.due, 0);
}

/** Who comes home from a quarantine outside the city is met there and driven home, within the protocol's hours. */
async function metAndDrivenHome(world: TestWorld): Promise<void> {
  await open(world, "2022-08-12T00:00:00.000Z");
  await world.sql.run(
    `insert into person (id, area_code, name, sex, register, registered_at) values (7, $1, 'P', 'unknown', 'test', '2022-07-01')`,
    [village],
  );
  const escort = { areaCode: village, personId: 7, reason: "quarantineOver", place: "隔离点 / site" } as const;
  const { ids } = await planEscorts(world.ctx(), { escorts: [escort] });
  assert.equal((await listTasks(world.ctx(), { team: "transport", state: "open" })).items.length, 1);
  await meetEscorts(world.ctx(), { ids, vehicle: "鲁R" });
  world.clock.forward(120);
  await deliverEscorts(world.ctx(), { ids });
  const [row] = (await listEscorts(world.ctx({ areaCode: village }), {})).items;
  assert.deepEqual([row?.state, row?.late], ["delivered", false]);
  assert.equal((await listTasks(world.ctx(), { team: "transport", state: "open" })).items.length, 0);
}

/** The rows of the account that inbound control carries. */
export const rows: readonly HezeRow[] = [
  {
    row: "23 Jul, evening",
    figures: { listedAt: "2022-07-23T12:00:00.000Z", walkedBy: "2022-07-24T00:00:00.000Z" },
    modules,
    play: listOfTheNight,
  },
  {
    row: "Inbound control (外防输入)",
    // Heze lies at the borders of Anhui, Jiangsu, Henan and, across the river, near Hebei.
    figures: { neighbouringProvinces: 4 },
    modules,
    play: inboundControl,
  },
  { row: "Release (coming home)", figures: {}, modules, play: metAndDrivenHome },
];
