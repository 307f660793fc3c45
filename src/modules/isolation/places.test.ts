import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addHours } from "#kernel/time";
import { runDuty } from "#platform/usecase";
import {
  addPeople,
  identified,
  makeReady,
  isolationWorld,
  send,
  start,
  type IsolationWorld,
  central,
  place,
} from "./isolation.fixture.ts";
import {
  addSites,
  allocate,
  arrive,
  assignBed,
  capacity,
  depart,
  dueTests,
  listOrders,
  listRooms,
  openFangcangPhase,
  requestTransfer,
  staysBroken,
} from "./index.ts";

let world: IsolationWorld;
beforeEach(async () => {
  world = await isolationWorld();
});
afterEach(() => world.close());

describe("I4: the database refuses", () => {
  const stay = (facts: Record<string, unknown>) =>
    world.sql.run(
      `insert into stay (id, order_id, person_id, bed_id, room_id, site_id, area_code, category, purpose, party, ward, state, held, period, reserved_at)
     select gen_random_uuid(), (select id from isolation_order limit 1), n.person, b.id, b.room_id, b.site_id, b.area_code, n.category, 'close', n.party, b.kind = 'ward', 'inUse',
       tstzrange(n.since, n.till), tstzrange(n.since, n.till), n.since
     from jsonb_to_record($1::jsonb) as n (person bigint, bed bigint, category text, party text, since timestamptz, till timestamptz) join bed b on b.id = n.bed`,
      [
        JSON.stringify({
          category: "contact",
          since: "2022-07-25",
          till: null,
          party: `p${String(facts["person"])}`,
          ...facts,
        }),
      ],
    );
  let beds: number[];
  beforeEach(async () => {
    await addSites(world.ctx(), {
      sites: [{ ...central, rooms: { single: 1, family: 1, bedsPerFamily: 2, ward: 1, bedsPerWard: 3 } }],
    });
    await addPeople(world, [{ id: 1 }]);
    await send(world.ctx(), identified([{ id: 1 }]));
    beds = (await world.sql.many<{ id: number }>("select id from bed order by id")).map((row) => row.id);
  });
  const [single, family, familyB, ward, wardB] = [0, 1, 2, 3, 4] as const;
  it.each([
    ["a second stay in a bed", { person: 1, bed: single }, { person: 2, bed: single }, "stay_bed_once"],
    [
      "a contact in a room with a case",
      { person: 1, bed: ward, category: "case" },
      { person: 2, bed: wardB },
      "stay_no_contact_with_case",
    ],
    [
      "two households in a family room",
      { person: 1, bed: family, party: "h1" },
      { person: 2, bed: familyB, party: "h2" },
      "stay_room_one_party",
    ],
    ["one person in two places", { person: 1, bed: single }, { person: 1, bed: ward }, "stay_person_once"],
    [
      "an overlap of one second",
      { person: 1, bed: single, till: "2022-07-26T00:00:01Z" },
      { person: 2, bed: single, since: "2022-07-26T00:00:00Z" },
      "stay_bed_once",
    ],
  ])("%s", async (_name, first, second, constraint) => {
    await stay({ ...first, bed: beds[first.bed] });
    await expect(stay({ ...second, bed: beds[second.bed] })).rejects.toMatchObject({ code: "23P01", constraint });
  });
  it("and allows what is right: the next guest, a family in one room, a full ward", async () => {
    await stay({ person: 1, bed: beds[single], till: "2022-07-26T00:00:00Z" });
    await stay({ person: 2, bed: beds[single], since: "2022-07-26T00:00:00Z" });
    await stay({ person: 3, bed: beds[family], party: "h1" });
    await stay({ person: 4, bed: beds[familyB], party: "h1" });
    await stay({ person: 5, bed: beds[ward], category: "case" });
    await stay({ person: 6, bed: beds[wardB], category: "case" });
    let check = { checked: 0, broken: 1 };
    await runDuty(world.ctx(), async (tx) => {
      check = await staysBroken(tx);
    });
    expect(check).toEqual({ checked: 6, broken: 0 });
  });
  it("through the use case the refusal names the rule, and nothing is stored", async () => {
    await addPeople(world, [{ id: 2 }]);
    await send(world.ctx(), identified([{ id: 2 }]));
    const ids = new Map((await listOrders(world.ctx(), {})).items.map((order) => [order.personId, order.id]));
    await assignBed(world.ctx(), { orderId: ids.get(1) ?? "", bedId: beds[single] ?? 0 });
    await expect(assignBed(world.ctx(), { orderId: ids.get(2) ?? "", bedId: beds[single] ?? 0 })).rejects.toMatchObject(
      { code: "rule.refused", params: { rule: "I4" } },
    );
    expect(await world.sql.many("select 1 from stay")).toHaveLength(1);
    expect(await world.sql.one("select in_use, reserved from isolation_counter where kind = 'single'")).toEqual({
      in_use: 0,
      reserved: 1,
    });
  });
});

describe("sites and capacity", () => {
  it("makes 30,306 rooms and 5,000 fangcang beds at once, with counters and RLS", async () => {
    const sites = Array.from({ length: 215 }, (_, i) => ({
      kind: "central" as const,
      areaCode: `3717${String(2 + (i % 9)).padStart(2, "0")}`,
      name: `隔离点${i}`,
      rooms: { single: 120, family: 15, accessible: i < 206 ? 6 : 5, bedsPerFamily: 3 },
    }));
    const fangcang = [100, 100, 50].map((ward, i) => ({
      kind: "fangcang" as const,
      areaCode: "371721",
      name: `方舱${i + 1}期`,
      phase: i + 1,
      state: "planned" as const,
      rooms: { ward },
    }));
    const before = performance.now();
    const made = await addSites(world.ctx(), { sites: [...sites, ...fangcang] });
    const seconds = (performance.now() - before) / 1000;
    expect(made).toMatchObject({ rooms: 30_306 + 250, beds: 30_306 + 215 * 15 * 2 + 5_000 });
    expect(seconds).toBeLessThan(10);
    const all = await capacity(world.ctx(), {});
    expect(all.items).toMatchObject([{ kind: "central", sites: 215, rooms: 30_306, roomsFree: 30_306 }]);
    const county = await capacity(world.ctx({ areaCode: "371702" }), { by: "county" });
    expect(county.items.map((row) => row.key)).toEqual(["371702"]);
    expect(
      (await listRooms(world.ctx({ areaCode: "371702" }), { limit: 200 })).items.every(
        (row) => row.areaCode === "371702",
      ),
    ).toBe(true);
  });

  it("ISO-18: fangcang phases open in their order and when ready", async () => {
    const phases = [1, 2].map((phase) => ({
      kind: "fangcang" as const,
      areaCode: "371721",
      name: `方舱${phase}期`,
      phase,
      state: "planned" as const,
      readyAt: addHours(start, 24 * phase),
      rooms: { ward: 2 },
    }));
    const { siteIds } = await addSites(world.ctx(), { sites: phases });
    const [one = "", two = ""] = siteIds;
    for (const siteId of siteIds) await makeReady(world, siteId);
    await expect(openFangcangPhase(world.ctx(), { siteId: one })).rejects.toMatchObject({ params: { rule: "ISO-18" } });
    world.clock.set(addHours(start, 48));
    await expect(openFangcangPhase(world.ctx(), { siteId: two })).rejects.toMatchObject({ params: { rule: "ISO-18" } });
    expect(await openFangcangPhase(world.ctx(), { siteId: one })).toMatchObject({ state: "open", free: 40 });
    await openFangcangPhase(world.ctx(), { siteId: two });
    expect(await capacity(world.ctx(), {})).toMatchObject({ items: [{ kind: "fangcang", beds: 80 }] });
    await expect(openFangcangPhase(world.ctx(), { siteId: two })).rejects.toMatchObject({ code: "state.notAllowed" });
  });

  it("counters follow every change of a bed", async () => {
    await addSites(world.ctx(), { sites: [central] });
    await addPeople(world, [{ id: 1, household: 5 }, { id: 2, household: 5 }, { id: 3 }]);
    await place(world, [1, 2, 3]);
    const counted = `select kind, count(*) filter (where state = 'inUse')::int as in_use, count(*) filter (where state = 'reserved')::int as reserved,
      count(distinct room_id) filter (where state <> 'free')::int as rooms_busy from bed group by kind order by kind`;
    expect(
      await world.sql.many("select kind, in_use, reserved, rooms_busy from isolation_counter order by kind"),
    ).toEqual(await world.sql.many(counted));
    expect(await capacity(world.ctx(), {})).toMatchObject({
      items: [{ inUse: 3 }],
      forecast: [{ kind: "central", netPerDay: 1 }],
    });
    expect(
      (await listRooms(world.ctx(), { state: "inUse" })).items.map((row) => [row.kind, row.inUse, row.category]),
    ).toEqual([
      ["single", 1, "contact"],
      ["family", 2, "contact"],
    ]);
  });
});

describe("jurisdiction and keys", () => {
  it("I10: a county sees its own people and the guests of its sites, and confirms only its own end", async () => {
    await addSites(world.ctx(), { sites: [{ ...central, areaCode: "371702101", name: "牡丹" }] });
    await addPeople(world, [{ id: 1 }, { id: 2, area: "371722101001" }]);
    await send(world.ctx(), identified([{ id: 1 }, { id: 2 }]));
    const cao = world.ctx({ areaCode: "371721" });
    const mudan = world.ctx({ areaCode: "371702" });
    const shan = world.ctx({ areaCode: "371722" });
    expect((await listOrders(cao, {})).items.map((o) => o.personId)).toEqual([1]);
    expect((await listOrders(mudan, {})).items).toEqual([]);
    await expect(allocate(cao, { areaCode: "371722" })).rejects.toMatchObject({ code: "auth.outsideJurisdiction" });
    await allocate(world.ctx(), { areaCode: "371721" });
    expect((await listOrders(mudan, {})).items.map((o) => o.personId)).toEqual([1]);
    const { transfers } = await requestTransfer(cao, {});
    const transferIds = transfers.map((t) => t.transferId);
    await expect(depart(mudan, { transferIds })).rejects.toMatchObject({ code: "auth.outsideJurisdiction" });
    await expect(depart(shan, { transferIds })).rejects.toMatchObject({ code: "record.notFound" });
    await depart(cao, { transferIds });
    await expect(arrive(cao, { transferIds })).rejects.toMatchObject({ code: "auth.outsideJurisdiction" });
    await arrive(mudan, { transferIds });
    expect((await dueTests(mudan, { day: "2022-07-25" })).items.map((t) => t.personId)).toEqual([1]);
    expect((await dueTests(shan, { day: "2022-07-25" })).items).toEqual([]);
    await expect(
      addSites(cao, { sites: [central, { ...central, areaCode: "371702", name: "x" }] }),
    ).rejects.toMatchObject({ code: "auth.outsideJurisdiction" });
    await expect(allocate(world.ctx({ permissions: ["isolation.read"] }), {})).rejects.toMatchObject({
      code: "auth.forbidden",
    });
  });

  it("I9: the same key twice is one allocation, one trip, one departure", async () => {
    await addSites(world.ctx(), { sites: [central] });
    await addPeople(world, [{ id: 1 }]);
    await send(world.ctx(), identified([{ id: 1 }]));
    const twice = async <T>(run: (key: string) => Promise<T>, key: string): Promise<T> => {
      const first = await run(key);
      expect(await run(key)).toEqual(first);
      return first;
    };
    await twice((key) => allocate(world.ctx({ key }), {}), "a");
    const { transfers } = await twice((key) => requestTransfer(world.ctx({ key }), {}), "b");
    const transferIds = transfers.map((t) => t.transferId);
    await twice((key) => depart(world.ctx({ key }), { transferIds }), "c");
    await twice((key) => arrive(world.ctx({ key }), { transferIds }), "d");
    expect(
      await world.sql.many(
        "select (select count(*) from stay) as stays, (select count(*) from transfer) as trips, (select count(*) from test_due) as tests",
      ),
    ).toEqual([{ stays: 1, trips: 1, tests: 5 }]);
    await expect(depart(world.ctx(), { transferIds })).rejects.toMatchObject({ code: "state.notAllowed" });
  });
});
