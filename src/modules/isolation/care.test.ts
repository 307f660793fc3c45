import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { need } from "#kernel/assert";
import { addHours } from "#kernel/time";
import { exportSheet, importSheet } from "#platform/sheets";
import { readTable } from "#platform/tables";
import { runDuty } from "#platform/usecase";
import {
  addPeople,
  central,
  contactId,
  isolationWorld,
  place,
  send,
  start,
  type IsolationWorld,
} from "./isolation.fixture.ts";
import {
  addSites,
  answerCare,
  arrive,
  askCare,
  confirmCare,
  depart,
  expectHomecomings,
  handOverHome,
  isolationLifeTally,
  listCare,
  listHomecomings,
  listOrders,
  listSiteLives,
  listStaff,
  listTransfers,
  receiveHome,
  siteRecord,
} from "./index.ts";
import { sheets } from "./isolation.sheets.ts";
import { dropCareOfGone } from "./care.service.ts";

let world: IsolationWorld;
beforeEach(async () => {
  world = await isolationWorld();
});
afterEach(() => world.close());

async function guests(ids: readonly number[]): Promise<string[]> {
  await addSites(world.ctx(), { sites: [central] });
  await addPeople(
    world,
    ids.map((id) => ({ id })),
  );
  await place(world, ids);
  const { items } = await listOrders(world.ctx(), {});
  return items.toSorted((a, b) => a.personId - b.personId).map((order) => order.id);
}

/** A guest is found not to be a contact and is taken home. */
async function goHome(personId: number): Promise<void> {
  await send(world.ctx(), {
    name: "tracing.contactExcluded",
    areaCode: "371721",
    subjectType: "contact",
    subjectId: contactId(personId),
    data: { contactId: contactId(personId), reason: "error" },
  });
  const { items } = await listTransfers(world.ctx(), { state: "requested", direction: "home" });
  const transferIds = items.map((trip) => trip.id);
  await depart(world.ctx({ name: "driver" }), { transferIds });
  await arrive(world.ctx({ name: "driver" }), { transferIds });
}

describe("ISO-29, ISO-30: what guests ask for", () => {
  it("is due by its kind, answered, and confirmed by somebody else; what did not help is open again", async () => {
    const [orderId = ""] = await guests([1]);
    const { requestIds } = await askCare(world.ctx(), {
      requests: [
        { orderId, kind: "medicine" },
        { orderId, kind: "pet" },
      ],
    });
    const [medicine = "", pet = ""] = requestIds;
    expect((await listCare(world.ctx(), {})).items.map((row) => [row.kind, row.dueAt])).toEqual([
      ["medicine", addHours(start, 2)],
      ["pet", addHours(start, 24)],
    ]);
    world.clock.set(addHours(start, 3));
    expect((await listCare(world.ctx(), { overdue: true })).items.map((row) => row.id)).toEqual([medicine]);
    const team = world.ctx({ name: "care group" });
    await answerCare(team, { requestIds: [medicine], answer: "送药到门" });
    await expect(answerCare(team, { requestIds: [medicine], answer: "再次" })).rejects.toMatchObject({
      code: "state.notAllowed",
    });
    await expect(confirmCare(team, { requestIds: [medicine], helped: true })).rejects.toMatchObject({
      params: { rule: "ISO-30" },
    });
    expect(await confirmCare(world.ctx(), { requestIds: [medicine], helped: false })).toMatchObject({ sentBack: 1 });
    await answerCare(team, { requestIds: [medicine, pet], answer: "已办" });
    expect(await confirmCare(world.ctx(), { requestIds: [medicine, pet], helped: true })).toMatchObject({
      confirmed: 2,
    });
    expect((await listCare(world.ctx(), { kind: "medicine" })).items).toMatchObject([
      { state: "confirmed", sentBack: 1 },
    ]);
    expect(await world.sql.many("select distinct state from task where kind = 'careRequest'")).toEqual([
      { state: "closed" },
    ]);
  });

  it("only guests ask; a county elsewhere neither sees nor answers; who leaves asks no more", async () => {
    const [orderId = ""] = await guests([1]);
    const { requestIds } = await askCare(world.ctx({ key: "k" }), { requests: [{ orderId, kind: "diet" }] });
    expect(await askCare(world.ctx({ key: "k" }), { requests: [{ orderId, kind: "diet" }] })).toEqual({ requestIds });
    const other = world.ctx({ areaCode: "371702" });
    expect((await listCare(other, {})).items).toEqual([]);
    await expect(answerCare(other, { requestIds, answer: "好的" })).rejects.toMatchObject({ code: "record.notFound" });
    await expect(askCare(other, { requests: [{ orderId, kind: "diet" }] })).rejects.toMatchObject({
      code: "record.notFound",
    });
    await expect(askCare(world.ctx({ permissions: ["isolation.read"] }), { requests: [] })).rejects.toMatchObject({
      code: "auth.forbidden",
    });
    await goHome(1);
    await expect(askCare(world.ctx(), { requests: [{ orderId, kind: "diet" }] })).rejects.toMatchObject({
      params: { what: "guest" },
    });
    await runDuty(world.ctx(), dropCareOfGone);
    expect((await listCare(world.ctx(), {})).items).toMatchObject([{ state: "cancelled" }]);
  });
});

describe("ISO-31: the journey home", () => {
  it("of a guest ends when the community has signed too", async () => {
    await guests([1]);
    await goHome(1);
    const [row] = (await listHomecomings(world.ctx(), {})).items;
    expect(row).toMatchObject({ origin: "site", state: "handedOver", handedBy: "driver", dueAt: addHours(start, 4) });
    const homecomingIds = [row?.id ?? ""];
    await expect(receiveHome(world.ctx({ name: "driver" }), { homecomingIds })).rejects.toMatchObject({
      params: { rule: "ISO-31" },
    });
    const village = world.ctx({ areaCode: "371721101001", name: "village" });
    expect((await listHomecomings(village, {})).items).toHaveLength(1);
    expect(await receiveHome(village, { homecomingIds })).toEqual({ received: 1 });
    expect(await world.sql.many("select state from task where kind = 'homecoming'")).toEqual([{ state: "closed" }]);
    await expect(receiveHome(village, { homecomingIds })).rejects.toMatchObject({ code: "state.notAllowed" });
  });

  it("of people from quarantine elsewhere: announced once, handed over, received; the late are listed", async () => {
    await addPeople(world, [{ id: 1 }, { id: 2, area: "371702101001" }]);
    const people = [1, 2].map((personId) => ({ personId, expectedAt: addHours(start, 5), fromPlace: "济南" }));
    const { homecomingIds } = await expectHomecomings(world.ctx(), { people });
    expect(await expectHomecomings(world.ctx(), { people })).toEqual({ homecomingIds: [], known: 2 });
    const cao = world.ctx({ areaCode: "371721" });
    await expect(expectHomecomings(cao, { people })).rejects.toMatchObject({ code: "record.notFound" });
    expect((await listHomecomings(cao, {})).items.map((row) => row.personId)).toEqual([1]);
    await expect(handOverHome(cao, { homecomingIds })).rejects.toMatchObject({ code: "record.notFound" });
    await expect(receiveHome(world.ctx(), { homecomingIds })).rejects.toMatchObject({ code: "state.notAllowed" });
    await handOverHome(world.ctx({ name: "station" }), { homecomingIds });
    world.clock.set(addHours(start, 20));
    expect((await listHomecomings(world.ctx(), { overdue: true })).items).toHaveLength(2);
    await receiveHome(world.ctx(), { homecomingIds });
    await runDuty(world.ctx(), async (tx) => {
      expect(await isolationLifeTally(tx)).toEqual({ in: 2, done: 2, late: 2, open: 0 });
    });
    await expect(receiveHome(world.ctx({ permissions: ["isolation.read"] }), { homecomingIds })).rejects.toMatchObject({
      code: "auth.forbidden",
    });
  });
});

describe("spreadsheets", () => {
  const sheet = (name: string) =>
    need(
      sheets.find((one) => one.name === name),
      "the sheet exists",
    );
  const take = async (name: string, text: string) =>
    importSheet(world.ctx(), sheet(name), await readTable(Buffer.from(text), "csv"), false);

  it("bad rows come back, good ones stay, a second time is known", async () => {
    const sites = [
      "区划代码,类别,隔离点名称,单人间,备用（尚未启用）",
      "371721101,集中隔离点,甲宾馆,20,是",
      "371721101,集中隔离点,甲宾馆,30,是",
      "371721101,宾馆,乙宾馆,20,",
      "371721101,集中隔离点,丙宾馆,,",
      "371721102,quarantine site,丁宾馆,10,no",
    ].join("\n");
    const first = await take("isolation-sites", sites);
    expect([first.taken, first.known, first.faults.map((fault) => fault.row)]).toEqual([2, 0, [3, 4, 5]]);
    expect(await take("isolation-sites", sites)).toMatchObject({ taken: 0, known: 2 });
    const lives = (await listSiteLives(world.ctx(), {})).items;
    expect(lives.map((site) => [site.name, site.life, site.rooms])).toEqual([
      ["甲宾馆", "selected", 20],
      ["丁宾馆", "opened", 10],
    ]);
    const duty = await take(
      "isolation-duty",
      "区划代码,隔离点名称,岗位,姓名,电话\n371721101,甲宾馆,县级负责领导,甲,1001\n371721101,无此处,人文关怀组,乙,\n371721101,甲宾馆,站长,丙,\n",
    );
    expect([duty.taken, duty.faults.map((fault) => fault.row)]).toEqual([1, [3, 4]]);
    expect((await siteRecord(world.ctx(), { siteId: lives[0]?.id ?? "" })).duties).toMatchObject([{ name: "甲" }]);
    const staff = "区划代码,隔离点名称,人员编号,工作区域\n371721101,甲宾馆,T1,隔离观察区\n371721101,戊宾馆,T2,clean\n";
    expect(await take("isolation-site-staff", staff)).toMatchObject({ taken: 1, bad: 1 });
    expect(await take("isolation-site-staff", staff)).toMatchObject({ taken: 0, known: 1 });
    expect((await listStaff(world.ctx(), {})).items).toMatchObject([{ code: "T1", zone: "isolation" }]);
    const out = await exportSheet(world.ctx(), sheet("isolation-sites"), { state: "opened" }, "csv");
    expect(out.text.toString()).toMatch(/丁宾馆.*open/);
    expect(out.text.toString()).not.toMatch(/甲宾馆/);
  });
});
