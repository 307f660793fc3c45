import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { importSheet } from "#platform/sheets";
import type { TestWorld } from "#platform/testing";
import { highRegion, inboundWorld, otherVillage, traveller, village } from "./inbound.fixture.ts";
import {
  answerLetter,
  classifyArrivals,
  closeArrival,
  declare,
  deliverEscorts,
  disinfectGoods,
  enterLetter,
  getArrival,
  holdGoods,
  inboundTally,
  joinPost,
  leavePost,
  listArrivals,
  listEscorts,
  listKeyRegions,
  listLetters,
  listPasses,
  listPosts,
  meetEscorts,
  module,
  openCheckpoint,
  pageOfArrivals,
  planShift,
  receiptLetter,
  recordGoodsResult,
  recordPasses,
  recordWorkerTests,
  registerPost,
  releaseGoods,
  setKeyRegions,
  setOutcomes,
  visitList,
} from "./index.ts";
import { askForPostTests } from "./posts.service.ts";
import { runDuty } from "#platform/usecase";

describe("inbound", () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await inboundWorld();
  });
  afterEach(() => world.close());

  const declared = (no: number, change: object = {}) =>
    declare(world.ctx(), {
      ...traveller(no),
      idKind: "other",
      idNumber: `TRAVEL${no}`,
      arrivesAt: "2022-07-26T02:00:00.000Z",
      ...change,
    });
  const openTasks = () =>
    world.sql.many<{ kind: string; area_code: string; due_at: string }>(
      "select kind, area_code, due_at from task where state = 'open' order by kind, due_at",
    );

  it("INB-4, INB-7: a declaration gives a number and a visit; the same form again gives the same number", async () => {
    await setKeyRegions(world.ctx(), { regions: [highRegion] });
    const first = await declared(1);
    expect(first).toMatchObject({ declared: { level: "high" } });
    expect(await declared(1)).toEqual(first);
    expect(await openTasks()).toEqual([
      { kind: "arrivalVisit", area_code: village, due_at: "2022-07-27T02:00:00.000Z" },
    ]);
    const [row] = await world.sql.many<object>("select name, id_enc, state, level from inbound_declaration");
    expect(row).toMatchObject({ state: "declared", level: "high" });
    expect(JSON.stringify(row)).not.toContain("TRAVEL1");
    const faults = await declared(2, { areaCode: "3799", idNumber: "x", leftOn: "2022-08-30" });
    expect("faults" in faults && Object.keys(faults.faults)).toEqual(["areaCode", "idNumber", "leftOn"]);
  });

  it("INB-2, INB-3: classification registers the person, orders the plan and closes the visit", async () => {
    await setKeyRegions(world.ctx(), { regions: [highRegion] });
    const { ids } = await listArrivals(world.ctx(), {
      source: "list",
      travellers: [traveller(1), traveller(2, { origin: "110101" })],
    });
    expect(await classifyArrivals(world.ctx(), { ids })).toEqual({ classified: 2, plans: { highZone: 1 } });
    const orders = await world.sql.many("select plan_class, mode, area_code, anchor_at from isolation_order");
    expect(orders).toEqual([
      { plan_class: "highZone", mode: "central", area_code: village, anchor_at: "2022-07-24T04:00:00.000Z" },
    ]);
    expect(await world.sql.many("select name, register from person order by name")).toEqual([
      { name: "T1", register: "inbound" },
      { name: "T2", register: "inbound" },
    ]);
    expect(await openTasks()).toEqual([]);
    const page = await pageOfArrivals(world.ctx(), {});
    const states = page.items.map((row) => `${row.state} ${row.late}`);
    expect(states.toSorted()).toEqual(["classified false", "closed false"]);
    expect(await classifyArrivals(world.ctx(), { ids })).toEqual({ classified: 0, plans: {} });
  });

  it("INB-3: a place listed later raises who has come from there, and his plan", async () => {
    await setKeyRegions(world.ctx(), { regions: [{ ...highRegion, level: "low" }] });
    const { ids } = await listArrivals(world.ctx(), { source: "list", travellers: [traveller(1)] });
    await classifyArrivals(world.ctx(), { ids });
    expect(await setKeyRegions(world.ctx(), { regions: [highRegion] })).toEqual({ stored: 1, regraded: 1 });
    const orders = await world.sql.many("select plan_class, state from isolation_order order by plan_class");
    expect(orders).toEqual([
      { plan_class: "highZone", state: "pending" },
      { plan_class: "lowZone", state: "cancelled" },
    ]);
    expect(await setKeyRegions(world.ctx(), { regions: [highRegion] })).toEqual({ stored: 1, regraded: 0 });
    expect((await listKeyRegions(world.ctx(), {})).items).toHaveLength(1);
  });

  it("INB-2: who is under a stricter order already keeps it, and its days", async () => {
    await setKeyRegions(world.ctx(), { regions: [highRegion, { ...highRegion, place: "3415", level: "low" }] });
    const stays = [traveller(1), traveller(1, { origin: "3415", leftOn: "2022-07-26" })];
    for (const stay of stays) {
      const { ids } = await listArrivals(world.ctx(), { source: "list", travellers: [stay] });
      await classifyArrivals(world.ctx(), { ids });
      world.clock.forward(24 * 60);
    }
    expect(await world.sql.many("select plan_class, state, anchor_at from isolation_order")).toEqual([
      { plan_class: "highZone", state: "pending", anchor_at: "2022-07-24T04:00:00.000Z" },
    ]);
  });

  it("an arrival that did not come is cancelled with its reason, once", async () => {
    const { ids } = await listArrivals(world.ctx(), { source: "list", travellers: [traveller(1)] });
    const id = ids[0] ?? "";
    expect(await closeArrival(world.ctx(), { id, reason: "did not come" })).toMatchObject({ state: "cancelled" });
    expect(await openTasks()).toEqual([]);
    await expect(closeArrival(world.ctx(), { id, reason: "again" })).rejects.toMatchObject({
      code: "state.notAllowed",
    });
  });

  it("INB-5, INB-6, INB-9: the road knows who declared, registers who did not, and has people driven home", async () => {
    await setKeyRegions(world.ctx(), { regions: [highRegion, { ...highRegion, place: "3415", level: "low" }] });
    const made = await declared(1, { areaCode: otherVillage });
    const receipt = "declared" in made ? made.declared.receipt : "";
    const county = world.ctx({ areaCode: "371721" });
    const { id } = await openCheckpoint(county, {
      areaCode: "371721",
      code: "G1",
      name: "G1",
      road: "G35",
      kind: "road",
    });
    const shift = { id, startsAt: "2022-07-25T00:00:00.000Z", endsAt: "2022-07-25T12:00:00.000Z", lead: "L", staff: 6 };
    expect(await planShift(county, shift)).toMatchObject({ lead: "L" });
    const { outcomes } = await recordPasses(county, {
      id,
      passes: [
        { kind: "person", receipt },
        {
          kind: "person",
          origin: "3415",
          leftOn: "2022-07-24",
          proofHours: 12,
          traveller: { name: "U", areaCode: village },
          idKind: "other",
          idNumber: "UNDECL1",
        },
        { kind: "goods", origin: "320411", leftOn: "2022-07-25" },
        { kind: "person", proofHours: 60, testDeclined: true },
      ],
    });
    expect(outcomes.map((row) => row.outcome)).toEqual(["escorted", "tested", "refused", "refused"]);
    expect((await listPasses(county, { state: "refused" })).items).toHaveLength(2);
    const states = await world.sql.many("select source, state from inbound_declaration order by source");
    expect(states).toEqual([
      { source: "public", state: "arrived" },
      { source: "road", state: "arrived" },
    ]);
    const [escort] = (await listEscorts(world.ctx(), {})).items;
    expect(escort).toMatchObject({ areaCode: otherVillage, state: "planned", place: "G1" });
    const ids = [escort?.id ?? ""];
    await expect(deliverEscorts(world.ctx(), { ids })).rejects.toMatchObject({ code: "state.notAllowed" });
    await meetEscorts(world.ctx(), { ids, vehicle: "V1" });
    world.clock.forward(7 * 60);
    await deliverEscorts(world.ctx(), { ids });
    expect((await listEscorts(world.ctx(), {})).items).toMatchObject([{ state: "delivered", late: true }]);
  });

  it("INB-8: a letter is receipted, its people found, and answered; late when it took longer than a day", async () => {
    await setKeyRegions(world.ctx(), { regions: [highRegion] });
    const people = [1, 2].map((no) => {
      const { areaCode, name, origin, leftOn } = traveller(no);
      return { areaCode, name, origin, leftOn, idKind: "other" as const, idNumber: `TRAVEL${no}` };
    });
    const letter = { direction: "in", areaCode: "371721", counterpart: "CDC", reference: "15", people } as const;
    const { id } = await enterLetter(world.ctx(), letter);
    expect((await enterLetter(world.ctx(), letter)).id).toBe(id);
    expect((await openTasks()).map((task) => task.kind)).toEqual(["letterAnswer", "letterVisit"]);
    await expect(answerLetter(world.ctx(), { id })).rejects.toMatchObject({ params: { rule: "INB-8" } });
    await receiptLetter(world.ctx(), { id });
    await setOutcomes(world.ctx(), { id, outcomes: [{ line: 1, outcome: "found" }] });
    await expect(answerLetter(world.ctx(), { id })).rejects.toMatchObject({ params: { rule: "INB-8" } });
    await setOutcomes(world.ctx(), { id, outcomes: [{ line: 2, outcome: "notHere" }] });
    world.clock.forward(25 * 60);
    expect(await answerLetter(world.ctx(), { id })).toMatchObject({ state: "answered", late: true, pending: 0 });
    expect(await openTasks()).toEqual([]);
    expect(await world.sql.many("select plan_class from isolation_order")).toEqual([{ plan_class: "highZone" }]);
  });

  it("INB-10: an exposed post is tested as its trade says, and leaves by rotation under the plan", async () => {
    const { ids } = await listArrivals(world.ctx(), { source: "list", travellers: [traveller(1), traveller(2)] });
    await classifyArrivals(world.ctx(), { ids });
    const personIds = (await world.sql.many<{ id: number }>("select id from person order by id")).map((row) => row.id);
    const post = { areaCode: village, code: "COLD-1", name: "C", trade: "coldChain" };
    await expect(registerPost(world.ctx(), { ...post, trade: "poet" })).rejects.toMatchObject({
      code: "record.notFound",
    });
    const { id } = await registerPost(world.ctx(), post);
    expect(await joinPost(world.ctx(), { id, personIds })).toEqual({ joined: 2 });
    expect(await joinPost(world.ctx(), { id, personIds })).toEqual({ joined: 0 });
    await runDuty(world.ctx(), askForPostTests);
    await runDuty(world.ctx(), askForPostTests);
    expect((await openTasks()).map((task) => task.kind)).toEqual(["postTests"]);
    const test = (result: "negative" | "positive") =>
      recordWorkerTests(world.ctx(), { id, tests: personIds.map((personId) => ({ personId, result })) });
    expect(await test("negative")).toEqual({ recorded: 2, due: 0, rotate: [] });
    expect(await openTasks()).toEqual([]);
    world.clock.forward(14 * 24 * 60);
    expect((await listPosts(world.ctx(), {})).items).toMatchObject([{ workers: 2, due: 2, rotate: 2 }]);
    expect(await test("positive")).toMatchObject({ recorded: 2, rotate: personIds });
    expect((await openTasks()).map((task) => task.kind)).toEqual(["postPositive"]);
    expect(await leavePost(world.ctx(), { id, personIds })).toEqual({ left: 2 });
    expect(await world.sql.many("select distinct plan_class from isolation_order")).toEqual([
      { plan_class: "highRiskPost" },
    ]);
  });

  it("INB-11: a batch is held until it is negative and disinfected; a positive one is sealed", async () => {
    const goods = { areaCode: village, batch: "B1", kind: "coldChain", origin: "Ecuador" } as const;
    const { id } = await holdGoods(world.ctx(), goods);
    await expect(holdGoods(world.ctx(), goods)).rejects.toMatchObject({ code: "record.duplicate" });
    await expect(releaseGoods(world.ctx(), { id })).rejects.toMatchObject({ params: { rule: "INB-11" } });
    await recordGoodsResult(world.ctx(), { id, samples: 3, positives: 0 });
    await expect(releaseGoods(world.ctx(), { id })).rejects.toMatchObject({ params: { rule: "INB-11" } });
    await disinfectGoods(world.ctx(), { id });
    expect(await releaseGoods(world.ctx(), { id })).toMatchObject({ state: "released", level: "abroad" });
    const sealed = await holdGoods(world.ctx(), { ...goods, batch: "B2" });
    expect(await recordGoodsResult(world.ctx(), { id: sealed.id, samples: 5, positives: 1 })).toMatchObject({
      state: "sealed",
    });
    expect(await openTasks()).toEqual([]);
    world.clock.forward(3 * 24 * 60);
    await holdGoods(world.ctx(), { ...goods, batch: "B3" });
    const tallies: object[] = [];
    await runDuty(world.ctx(), async (tx) => void tallies.push(await inboundTally(tx)));
    expect(tallies).toEqual([{ in: 3, done: 2, late: 0, open: 1 }]);
  });

  it("INB-7: the public page needs no account, says what is wrong at its field, and tells nothing of anybody", async () => {
    await setKeyRegions(world.ctx(), { regions: [highRegion] });
    const resident = world.ctx({ permissions: ["inbound.public.read", "inbound.public.write"] });
    const call = async (method: string, body: object): Promise<string> => {
      const route = module.routes.find((row) => row.url === "/public/declare" && row.method === method);
      const answer = (await route?.handler(resident, { params: {}, query: {}, body })) as { text: string };
      return answer.text;
    };
    expect(await call("GET", {})).toContain("idNumber");
    const sent = {
      name: "T1",
      idKind: "other",
      idNumber: "TRAVEL1",
      phone: "13800000000",
      areaCode: village,
      origin: "320411",
      leftOn: "2022-07-24",
      arrivesAt: "2022-07-26T10:00",
    };
    expect(await call("POST", { ...sent, leftOn: "" })).toContain("must be filled in");
    const answer = await call("POST", sent);
    expect(answer).toMatch(/R[0-9A-F]{12}/);
    expect(answer).toContain("high-risk");
    expect(answer).not.toContain("TRAVEL1");
    // Who knows another's number learns nothing of what that other has declared.
    expect(await call("POST", { ...sent, name: "X", origin: "110101" })).not.toContain("high-risk");
    expect(await world.sql.many("select name, origin from inbound_declaration")).toEqual([
      { name: "T1", origin: "320411" },
    ]);
    await expect(pageOfArrivals(resident, {})).rejects.toMatchObject({ code: "auth.forbidden" });
  });

  it("a role without the permission is refused", async () => {
    const nobody = world.ctx({ permissions: ["inbound.public.write"] });
    const denied = { code: "auth.forbidden" };
    await expect(listArrivals(nobody, { source: "list", travellers: [traveller(1)] })).rejects.toMatchObject(denied);
    await expect(classifyArrivals(nobody, { ids: [] })).rejects.toMatchObject(denied);
    await expect(setKeyRegions(nobody, { regions: [highRegion] })).rejects.toMatchObject(denied);
    await expect(pageOfArrivals(nobody, {})).rejects.toMatchObject(denied);
    await expect(listLetters(nobody, {})).rejects.toMatchObject(denied);
    await expect(visitList(world.ctx(), {})).rejects.toMatchObject({ code: "auth.reasonRequired" });
  });

  it("a county neither sees nor touches another county's rows", async () => {
    const { ids } = await listArrivals(world.ctx(), { source: "list", travellers: [traveller(1)] });
    const { id: letterId } = await enterLetter(world.ctx(), {
      direction: "in",
      areaCode: "371721",
      counterpart: "CDC",
      reference: "1",
      people: [{ areaCode: village, name: "P", origin: "320411", leftOn: "2022-07-24" }],
    });
    const goods = await holdGoods(world.ctx(), { areaCode: village, batch: "B", kind: "parcel", origin: "320411" });
    const stranger = world.ctx({ areaCode: "371702", reason: "r" });
    const unknown = { code: "record.notFound" };
    expect((await pageOfArrivals(stranger, {})).items).toEqual([]);
    expect((await pageOfArrivals(stranger, { areaCode: "371721" })).items).toEqual([]);
    expect((await listLetters(stranger, {})).items).toEqual([]);
    await expect(getArrival(stranger, { id: ids[0] ?? "" })).rejects.toMatchObject(unknown);
    await expect(classifyArrivals(stranger, { ids })).rejects.toMatchObject(unknown);
    await expect(receiptLetter(stranger, { id: letterId })).rejects.toMatchObject(unknown);
    await expect(
      setOutcomes(stranger, { id: letterId, outcomes: [{ line: 1, outcome: "found" }] }),
    ).rejects.toMatchObject(unknown);
    await expect(disinfectGoods(stranger, { id: goods.id })).rejects.toMatchObject(unknown);
    await expect(listArrivals(stranger, { source: "list", travellers: [traveller(2)] })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    const own = world.ctx({ areaCode: village, reason: "visit" });
    expect(await getArrival(own, { id: ids[0] ?? "" })).toMatchObject({ name: "T1", idLast4: "VEL1" });
    expect((await visitList(own, {})).items).toHaveLength(1);
  });

  it("a list is taken row by row: good rows stay, bad ones come back; sent again they are known", async () => {
    const sheet = module.sheets?.find((row) => row.name === "inbound-declarations");
    if (!sheet) throw new Error("no such sheet");
    const headings = ["目的地区划代码", "姓名", "证件类型", "证件号码", "来源地", "离开日期"];
    const cells = (values: string[]) => Object.fromEntries(headings.map((name, i) => [name, values[i] ?? ""]));
    const table = {
      headings,
      rows: [
        { line: 2, cells: cells([village, "甲", "other", "AAA111", "320411", "2022-07-24"]) },
        { line: 3, cells: cells(["371721100299", "乙", "other", "AAA112", "320411", "2022-07-24"]) },
        { line: 4, cells: cells([village, "丙", "residentId", "123", "320411", "2022-07-24"]) },
        { line: 5, cells: cells([village, "丁", "", "", "320411", "24 July"]) },
      ],
    };
    const first = await importSheet(world.ctx(), sheet, table, false);
    expect(first).toMatchObject({ rows: 4, taken: 1, known: 0, bad: 3 });
    expect(first.faults.map((fault) => fault.row)).toEqual([3, 4, 5]);
    expect(await importSheet(world.ctx(), sheet, table, false)).toMatchObject({ taken: 0, known: 1, bad: 3 });
    expect(await world.sql.many("select 1 from inbound_declaration")).toHaveLength(1);
  });
});
