import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addHours } from "#kernel/time";
import {
  addPeople,
  central,
  checkAll,
  isolationWorld,
  makeReady,
  place,
  start,
  type IsolationWorld,
} from "./isolation.fixture.ts";
import {
  addSites,
  capacity,
  checkSite,
  closeSite,
  dutyPhone,
  enterLogs,
  finishConversion,
  isolationLifeTally,
  listDuties,
  listLogs,
  listSiteLives,
  listStaff,
  missingLogs,
  nameDuties,
  openBeds,
  openSite,
  orderConversion,
  outlook,
  recordStaffTests,
  registerStaff,
  sendSiteBack,
  siteRecord,
  standDownSite,
} from "./index.ts";
import { runDuty } from "#platform/usecase";

let world: IsolationWorld;
beforeEach(async () => {
  world = await isolationWorld();
});
afterEach(() => world.close());

const planned = { ...central, state: "planned" as const, emergency: true };
const fangcang = (phase: number) => ({
  kind: "fangcang" as const,
  areaCode: "371721",
  name: `方舱${phase}期`,
  phase,
  state: "planned" as const,
  rooms: { ward: 2 },
});

async function one(site: Parameters<typeof addSites>[1]["sites"][number] = planned): Promise<string> {
  return (await addSites(world.ctx(), { sites: [site] })).siteIds[0] ?? "";
}

async function lives(siteId: string): Promise<string[]> {
  const { events } = await siteRecord(world.ctx(), { siteId });
  return events.map((event) => event.life).toReversed();
}

describe("ISO-22: the life of a site", () => {
  it("goes from selected to stood down, each step with its task and its event", async () => {
    const siteId = await one();
    const ordered = await orderConversion(world.ctx(), { siteId });
    expect(ordered).toMatchObject({ life: "converting", lifeDueAt: addHours(start, 36), state: "planned" });
    expect(await world.sql.many("select kind, state from task where subject_id = $1", [siteId])).toEqual([
      { kind: "siteConvert", state: "open" },
    ]);
    await expect(openSite(world.ctx(), { siteId })).rejects.toMatchObject({ params: { rule: "ISO-22" } });
    await finishConversion(world.ctx(), { siteId });
    await checkAll(world, siteId);
    await expect(openSite(world.ctx(), { siteId })).rejects.toMatchObject({ params: { rule: "ISO-25" } });
    await makeDuties(siteId);
    expect(await openSite(world.ctx(), { siteId })).toMatchObject({ state: "open", rooms: 7 });
    await closeSite(world.ctx(), { siteId });
    expect(await standDownSite(world.ctx(), { siteId })).toMatchObject({ life: "stoodDown", leader: false });
    expect(await lives(siteId)).toEqual(["converting", "converted", "checked", "opened", "cleaning", "stoodDown"]);
    expect(await world.sql.many("select distinct state from task where subject_id = $1 order by 1", [siteId])).toEqual([
      { state: "closed" },
    ]);
    await expect(closeSite(world.ctx(), { siteId })).rejects.toMatchObject({ code: "state.notAllowed" });
  });

  it("a step after its deadline is late, and the site was on the overdue list before", async () => {
    const siteId = await one();
    await orderConversion(world.ctx(), { siteId });
    world.clock.set(addHours(start, 40));
    expect((await listSiteLives(world.ctx(), { overdue: true })).items.map((site) => site.id)).toEqual([siteId]);
    await finishConversion(world.ctx(), { siteId });
    expect((await siteRecord(world.ctx(), { siteId })).events[0]).toMatchObject({ life: "converted", late: true });
    await runDuty(world.ctx(), async (tx) => {
      expect(await isolationLifeTally(tx)).toMatchObject({ open: 1, late: 1 });
    });
  });
});

async function makeDuties(siteId: string): Promise<void> {
  await nameDuties(world.ctx(), {
    duties: [
      { siteId, role: "countyLeader", name: "甲", phone: "1001" },
      { siteId, role: "disciplineOfficer", name: "乙", phone: "1002" },
    ],
  });
}

describe("ISO-24: three zones, two passages", () => {
  it("is checked by somebody other than who converted; an unmet item keeps the site closed", async () => {
    const siteId = await one();
    await orderConversion(world.ctx(), { siteId });
    await finishConversion(world.ctx({ name: "builder" }), { siteId });
    const items = (await siteRecord(world.ctx(), { siteId })).checks.map(({ item }) => ({ item, met: true }));
    await expect(checkSite(world.ctx({ name: "builder" }), { siteId, items })).rejects.toMatchObject({
      params: { rule: "ISO-24" },
    });
    const bad = items.map((answer) => (answer.item === "neverCross" ? { ...answer, met: false } : answer));
    expect(await checkSite(world.ctx(), { siteId, items: bad })).toMatchObject({
      missing: ["neverCross"],
      site: { life: "converted" },
    });
    await expect(openSite(world.ctx(), { siteId })).rejects.toMatchObject({ params: { rule: "ISO-24" } });
    await sendSiteBack(world.ctx(), { siteId, note: "passages cross" });
    await finishConversion(world.ctx({ name: "builder" }), { siteId });
    expect(await checkSite(world.ctx(), { siteId, items })).toMatchObject({ missing: [], site: { life: "checked" } });
    // A second look that finds a fault takes the approval back.
    expect(await checkSite(world.ctx(), { siteId, items: bad })).toMatchObject({ site: { life: "converted" } });
    await expect(checkSite(world.ctx(), { siteId, items: [{ item: "noSuch", met: true }] })).rejects.toMatchObject({
      code: "record.notFound",
    });
  });
});

describe("ISO-25: posts", () => {
  it("who is named relieves who was there; leader and officer are two people; phones are for a purpose", async () => {
    const siteId = await one(central);
    await makeDuties(siteId);
    await nameDuties(world.ctx(), { duties: [{ siteId, role: "countyLeader", name: "丙" }] });
    const { duties } = await siteRecord(world.ctx(), { siteId });
    expect(duties.map((duty) => [duty.role, duty.name, duty.toAt === null])).toEqual([
      ["countyLeader", "丙", true],
      ["disciplineOfficer", "乙", true],
      ["countyLeader", "甲", false],
    ]);
    await expect(
      nameDuties(world.ctx(), { duties: [{ siteId, role: "countyLeader", name: "乙二", phone: "1002" }] }),
    ).rejects.toMatchObject({ params: { rule: "ISO-25" } });
    const [officer] = (await listDuties(world.ctx(), { role: "disciplineOfficer" })).items;
    await expect(dutyPhone(world.ctx(), { dutyId: officer?.id ?? "" })).rejects.toMatchObject({
      code: "auth.reasonRequired",
    });
    expect(await dutyPhone(world.ctx({ reason: "交接" }), { dutyId: officer?.id ?? "" })).toMatchObject({
      phone: "1002",
    });
  });
});

describe("ISO-18: fangcang phases", () => {
  it("are built within 24 hours and open in batches of beds", async () => {
    const siteId = await one(fangcang(1));
    expect(await orderConversion(world.ctx(), { siteId })).toMatchObject({ lifeDueAt: addHours(start, 24) });
    await finishConversion(world.ctx(), { siteId });
    await checkAll(world, siteId);
    await makeDuties(siteId);
    expect(await openSite(world.ctx(), { siteId, beds: 15 })).toMatchObject({ beds: 40, free: 15, blocked: 25 });
    expect(await openBeds(world.ctx(), { siteId, beds: 100 })).toEqual({ opened: 25 });
    expect(await capacity(world.ctx(), {})).toMatchObject({ items: [{ kind: "fangcang", free: 40 }] });
  });
});

describe("ISO-26: the outlook", () => {
  it("counts what is in hand apart from what is free, by county and in all", async () => {
    await one(central);
    const siteId = await one({ ...planned, name: "应急一" });
    await addPeople(world, [{ id: 1 }, { id: 2 }, { id: 3 }]);
    await place(world, [1, 2, 3]);
    const before = (await outlook(world.ctx(), {})).items;
    expect(before).toMatchObject([
      { areaCode: "", kind: "central", free: 4, inHand: 0, notOrdered: 1, netPerDay: 1 },
      { areaCode: "371721", free: 4, inHand: 0 },
    ]);
    await orderConversion(world.ctx(), { siteId });
    const [city] = (await outlook(world.ctx(), {})).items;
    expect(city).toMatchObject({ inHand: 7, notOrdered: 0, runsOutAt: addHours(start, 96) });
    expect(city?.runsOutAtWith).toBe(addHours(start, 264));
    expect((await outlook(world.ctx({ areaCode: "371702" }), {})).items).toEqual([]);
  });
});

describe("ISO-27: the daily log", () => {
  it("follows from the day before; who owes one is listed; a correction is no second log", async () => {
    const siteId = await one(central);
    const day = "2022-07-25";
    world.clock.set("2022-07-26T03:00:00.000Z");
    await world.sql.run("update isolation_site set opened_at = '2022-07-20'");
    expect((await missingLogs(world.ctx(), {})).items.map((site) => site.siteId)).toEqual([siteId]);
    const log = { siteId, day, cameIn: 5, wentOut: 0, present: 5, incidents: 1, note: "停电" };
    expect(await enterLogs(world.ctx(), { logs: [log] })).toEqual({ entered: 1, corrected: 0 });
    expect(await enterLogs(world.ctx(), { logs: [log] })).toEqual({ entered: 0, corrected: 1 });
    expect((await missingLogs(world.ctx(), {})).items).toEqual([]);
    await expect(
      enterLogs(world.ctx(), { logs: [{ ...log, day: "2022-07-26", cameIn: 1, present: 5 }] }),
    ).rejects.toMatchObject({ params: { rule: "ISO-27" } });
    expect((await listLogs(world.ctx(), {})).items).toMatchObject([{ present: 5, registerPresent: 0, incidents: 1 }]);
  });
});

describe("ISO-28: staff tests", () => {
  it("are due daily; the overdue are listed; a positive one becomes work", async () => {
    const siteId = await one(central);
    const staff = [
      { siteId, code: "T1", zone: "isolation" as const },
      { siteId, code: "T2", zone: "clean" as const },
    ];
    expect(await registerStaff(world.ctx(), { staff })).toEqual({ registered: 2, known: 0 });
    expect(await registerStaff(world.ctx(), { staff })).toEqual({ registered: 0, known: 2 });
    world.clock.set(addHours(start, 48));
    const [first, second] = (await listStaff(world.ctx(), { overdue: true })).items;
    expect([first?.code, second?.code]).toEqual(["T1", "T2"]);
    const tests = [{ staffId: first?.id ?? "", result: "positive" as const }];
    expect(await recordStaffTests(world.ctx(), { tests })).toEqual({ filed: 1, positive: 1 });
    expect(await recordStaffTests(world.ctx(), { tests: [{ staffId: second?.id ?? "", result: "negative" }] })).toEqual(
      {
        filed: 1,
        positive: 0,
      },
    );
    expect((await listStaff(world.ctx(), { overdue: true })).items).toEqual([]);
    expect(await world.sql.many("select kind from task where kind = 'siteStaffPositive'")).toHaveLength(1);
  });
});

describe("permissions, jurisdiction, keys", () => {
  it("a role without the permission is refused", async () => {
    const siteId = await one();
    const reader = world.ctx({ permissions: ["isolation.read"] });
    const forbidden = { code: "auth.forbidden" };
    await expect(orderConversion(reader, { siteId })).rejects.toMatchObject(forbidden);
    await expect(checkSite(reader, { siteId, items: [] })).rejects.toMatchObject(forbidden);
    await expect(nameDuties(reader, { duties: [] })).rejects.toMatchObject(forbidden);
    await expect(enterLogs(reader, { logs: [] })).rejects.toMatchObject(forbidden);
    await expect(registerStaff(reader, { staff: [] })).rejects.toMatchObject(forbidden);
  });

  it("I10: a county neither sees nor touches another county's sites", async () => {
    const siteId = await one();
    await makeReady(world, siteId);
    const other = world.ctx({ areaCode: "371702" });
    expect((await listSiteLives(other, {})).items).toEqual([]);
    expect((await listDuties(other, {})).items).toEqual([]);
    const gone = { code: "record.notFound" };
    await expect(siteRecord(other, { siteId })).rejects.toMatchObject(gone);
    await expect(openSite(other, { siteId })).rejects.toMatchObject(gone);
    await expect(nameDuties(other, { duties: [{ siteId, role: "security", name: "丁" }] })).rejects.toMatchObject(gone);
    await expect(registerStaff(other, { staff: [{ siteId, code: "x", zone: "clean" }] })).rejects.toMatchObject(gone);
    await expect(
      enterLogs(other, { logs: [{ siteId, day: "2022-07-25", cameIn: 0, wentOut: 0, present: 0, incidents: 0 }] }),
    ).rejects.toMatchObject(gone);
  });

  it("I9: the same key twice is one order", async () => {
    const siteId = await one();
    const first = await orderConversion(world.ctx({ key: "a" }), { siteId });
    expect(await orderConversion(world.ctx({ key: "a" }), { siteId })).toEqual(first);
    await expect(orderConversion(world.ctx({ key: "b" }), { siteId })).rejects.toMatchObject({
      code: "state.notAllowed",
    });
    expect(await lives(siteId)).toEqual(["converting"]);
  });
});
