import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDays, addHours } from "#kernel/time";
import { diagnoseCase, excludeCase, registerCase } from "#modules/cases";
import { runDuty } from "#platform/usecase";
import {
  addPeople,
  contactId,
  identified,
  isolationWorld,
  results,
  send,
  start,
  type IsolationWorld,
} from "./isolation.fixture.ts";
import {
  addSites,
  advanceOrders,
  allocate,
  arrive,
  changePlace,
  contactsUnplaced,
  depart,
  dueTests,
  listOrders,
  listTransfers,
  recordExitTests,
  recordTestSampling,
  release,
  releaseCheck,
  requestTransfer,
  startHome,
} from "./index.ts";

const central = {
  kind: "central" as const,
  areaCode: "371721101",
  name: "隔离点一",
  rooms: { single: 4, family: 2, accessible: 1, roomsPerFloor: 4, clean: 2, buffer: 1 },
};
const hospital = {
  kind: "hospital" as const,
  areaCode: "371721101",
  name: "定点医院",
  rooms: { ward: 2, bedsPerWard: 3 },
};

let world: IsolationWorld;
beforeEach(async () => {
  world = await isolationWorld();
});
afterEach(() => world.close());

async function orderStates(): Promise<string[]> {
  const rows = await world.sql.many<{ line: string }>(
    "select person_id || ' ' || plan_class || ' ' || mode || ' ' || state as line from isolation_order order by person_id, ended_at nulls last, ordered_at",
  );
  return rows.map((row) => row.line);
}

/** Identifies, allocates, fetches: all people are in their rooms afterwards. */
async function place(ids: readonly number[]): Promise<void> {
  await send(world.ctx(), identified(ids.map((id) => ({ id }))));
  await allocate(world.ctx(), {});
  const { transfers } = await requestTransfer(world.ctx(), {});
  const transferIds = transfers.map((trip) => trip.transferId);
  await depart(world.ctx(), { transferIds });
  await arrive(world.ctx(), { transferIds });
}

/** Every due test of the day is taken and negative. */
async function testDay(day: string): Promise<number> {
  world.clock.set(`${day}T01:00:00.000Z`);
  const { items } = await dueTests(world.ctx(), { day });
  if (items.length > 0)
    await send(
      world.ctx(),
      results(
        items.map((item) => item.personId),
        "negative",
        world.clock.now(),
        Number(day.slice(8)) * 1000,
      ),
    );
  return items.length;
}

describe("a close contact from the order to the release (PLAN-CC 7+3)", () => {
  it("ISO-2, ISO-3, ISO-15: room, calendar, journey home, monitoring, release", async () => {
    await addSites(world.ctx(), { sites: [central] });
    await addPeople(world, [{ id: 1 }]);
    const ordered = await send(world.ctx(), identified([{ id: 1, dueAt: addHours(start, 8) }]));
    expect(ordered.map((event) => event.name)).toEqual(["tracing.contactsIdentified", "isolation.ordered"]);
    expect(await allocate(world.ctx(), { areaCode: "371721" })).toMatchObject({
      beds: 1,
      none: 0,
      assignments: [{ rule: "ISO-1" }],
    });
    const { transfers } = await requestTransfer(world.ctx(), { areaCode: "371721", vehicle: "鲁R12345" });
    expect(transfers).toMatchObject([{ people: 1, direction: "toSite", dueAt: addHours(start, 8) }]);
    const transferIds = transfers.map((trip) => trip.transferId);
    expect(await world.sql.many("select kind, owner_team from task")).toEqual([
      { kind: "transfer", owner_team: "transport" },
    ]);
    await depart(world.ctx(), { transferIds });
    expect(await orderStates()).toEqual(["1 close central transferring"]);
    world.clock.forward(60);
    await arrive(world.ctx(), { transferIds });
    expect(await orderStates()).toEqual(["1 close central active"]);
    expect(await world.sql.many("select state from task")).toEqual([{ state: "closed" }]);
    expect(await world.sql.many("select to_char(due_day, 'MM-DD') as day from test_due order by due_day")).toEqual(
      ["07-25", "07-26", "07-27", "07-29", "07-31"].map((day) => ({ day })),
    );

    const taken = [];
    for (let day = "2022-07-25"; day <= "2022-07-31"; day = addDays(day, 1)) {
      taken.push(await testDay(day));
      if (day < "2022-07-31") await runDuty(world.ctx(), advanceOrders);
    }
    expect(taken).toEqual([1, 1, 1, 0, 1, 0, 1]);
    expect(await listTransfers(world.ctx(), { state: "requested" })).toMatchObject({ items: [] });
    await runDuty(world.ctx(), advanceOrders);
    const home = (await listTransfers(world.ctx(), { state: "requested", direction: "home" })).items.map(
      (trip) => trip.id,
    );
    expect(home).toHaveLength(1);
    await depart(world.ctx(), { transferIds: home });
    expect(await world.sql.many("select state from stay")).toEqual([{ state: "ended" }]);
    expect(await world.sql.many("select state from bed where state <> 'free'")).toEqual([{ state: "cleaning" }]);
    await arrive(world.ctx(), { transferIds: home });
    expect(await orderStates()).toEqual(["1 close homeMonitor active"]);
    expect(await release(world.ctx(), {})).toMatchObject({ released: 0, waiting: [] });

    expect(await testDay("2022-08-02")).toBe(0);
    expect(
      (await releaseCheck(world.ctx(), { orderId: (await listOrders(world.ctx(), {})).items[0]?.id ?? "" })).checks
        .filter((c) => !c.met)
        .map((c) => c.item),
    ).toEqual(["duration", "testsDone"]);
    expect(await testDay("2022-08-03")).toBe(1);
    await runDuty(world.ctx(), advanceOrders);
    expect(await world.sql.many("select state from bed where state <> 'free'")).toEqual([]);
    expect(await release(world.ctx(), {})).toMatchObject({ released: 1, trips: [] });
    expect(await orderStates()).toEqual(["1 close homeMonitor released"]);
  });

  it("ISO-14: a missed test stays due and is shown; a sampled person is not called twice", async () => {
    await addSites(world.ctx(), { sites: [central] });
    await addPeople(world, [{ id: 1 }, { id: 2 }]);
    await place([1, 2]);
    world.clock.set("2022-07-26T01:00:00.000Z");
    expect((await dueTests(world.ctx(), {})).items.map((item) => [item.personId, item.dueDay, item.missed])).toEqual([
      [1, "2022-07-25", true],
      [2, "2022-07-25", true],
    ]);
    expect(await recordTestSampling(world.ctx(), { samples: [{ personId: 1, tubeId: 7 }] })).toEqual({ linked: 1 });
    expect(
      (await dueTests(world.ctx(), { areaCode: "371721" })).items.map((item) => [item.personId, item.dayNo]),
    ).toEqual([
      [1, 2],
      [2, 1],
    ]);
    await send(world.ctx(), results([1], "negative", world.clock.now(), 7));
    expect(await world.sql.many("select day_no, tube_id, result from test_due where result is not null")).toEqual([
      { day_no: 1, tube_id: 7, result: "negative" },
    ]);
    const heard = await send(world.ctx(), results([2], "positive", world.clock.now(), 8, 25));
    expect(heard.find((event) => event.name === "isolation.testPositive")?.data.tests).toMatchObject([
      { personId: 2, contactId: contactId(2), testNo: 1 },
    ]);
  });
});

describe("orders", () => {
  it("ISO-5: a stricter class supersedes, a weaker one joins, a later exposure moves the end", async () => {
    await addSites(world.ctx(), { sites: [central] });
    await addPeople(world, [{ id: 1 }, { id: 2 }]);
    await send(world.ctx(), identified([{ id: 1, kind: "secondary" }, { id: 2 }]));
    await startHome(world.ctx(), {});
    expect(await orderStates()).toEqual(["1 secondary home active", "2 close central pending"]);
    world.clock.forward(60);
    await send(
      world.ctx(),
      identified([
        { id: 1, contact: contactId(11) },
        { id: 2, kind: "secondary", contact: contactId(12), exposed: "2022-07-25T00:30:00.000Z" },
      ]),
    );
    expect(await orderStates()).toEqual([
      "1 secondary home cancelled",
      "1 close central pending",
      "2 close central pending",
    ]);
    expect(
      await world.sql.many(
        "select contact_id, order_id = (select id from isolation_order where person_id = 1 and state = 'pending') as new from order_contact where contact_id in ($1, $2) order by 1",
        [contactId(1), contactId(11)],
      ),
    ).toEqual([
      { contact_id: contactId(1), new: true },
      { contact_id: contactId(11), new: true },
    ]);
    expect(
      await world.sql.many("select to_char(anchor_at, 'DD HH24:MI') as at from isolation_order where person_id = 2"),
    ).toEqual([{ at: "25 00:30" }]);
  });

  it("ends by an exclusion only when no other contact needs it", async () => {
    await addPeople(world, [{ id: 1 }]);
    await send(world.ctx(), identified([{ id: 1 }]));
    await send(world.ctx(), identified([{ id: 1, contact: contactId(11) }]));
    const excluded = (id: string) => ({
      name: "tracing.contactExcluded",
      areaCode: "371721",
      subjectType: "contact",
      subjectId: id,
      data: { contactId: id, personId: 1, reason: "not there" },
    });
    await send(world.ctx(), excluded(contactId(1)));
    expect(await orderStates()).toEqual(["1 close central pending"]);
    await send(world.ctx(), excluded(contactId(11)));
    expect(await orderStates()).toEqual(["1 close central cancelled"]);
  });

  it("SC-ESC: the escalated contact goes to central quarantine", async () => {
    await addPeople(world, [{ id: 1 }]);
    await send(world.ctx(), identified([{ id: 1, kind: "secondary" }]));
    await startHome(world.ctx(), {});
    await send(world.ctx(), {
      name: "tracing.contactEscalated",
      areaCode: "371721",
      subjectType: "contact",
      subjectId: "x",
      data: {
        contactId: contactId(1),
        personId: 1,
        from: "secondary",
        to: "close",
        lastExposureAt: "2022-07-24T04:00:00.000Z",
        areaCode: "371721101001",
        dueAt: null,
      },
    });
    expect(await orderStates()).toEqual(["1 secondary home cancelled", "1 close central pending"]);
  });

  it("ISO-4: a general contact monitors himself at once; ISO-7: a child stays home with a carer", async () => {
    await addSites(world.ctx(), { sites: [central] });
    await addPeople(world, [{ id: 1 }, { id: 2, birth: "2015-05-05" }, { id: 3 }]);
    await send(world.ctx(), identified([{ id: 1, kind: "general" }, { id: 2 }]));
    expect(await allocate(world.ctx(), {})).toMatchObject({ home: 1 });
    const { orderIds } = await startHome(world.ctx(), { carerPersonId: 3 });
    expect(orderIds).toHaveLength(1);
    expect(await orderStates()).toEqual(["1 general homeMonitor active", "2 close home active"]);
    expect(await world.sql.many("select carer_person_id from isolation_order where person_id = 2")).toEqual([
      { carer_person_id: 3 },
    ]);
  });

  it("ISO-13, I5: what is late is marked by the clock, and unmarked lateness is found", async () => {
    await addPeople(world, [{ id: 1 }]);
    await send(world.ctx(), identified([{ id: 1, dueAt: addHours(start, 8) }]));
    let check = { checked: 0, broken: 0 };
    const look = () =>
      runDuty(world.ctx(), async (tx) => {
        check = await contactsUnplaced(tx, [contactId(1), contactId(99)]);
      });
    await look();
    expect(check).toEqual({ checked: 3, broken: 1 });
    world.clock.set(addHours(start, 10));
    await look();
    expect(check.broken).toBe(2);
    await runDuty(world.ctx(), advanceOrders);
    await look();
    expect(check.broken).toBe(1);
    expect((await listOrders(world.ctx(), { overdue: true })).items).toMatchObject([
      { personId: 1, lateAt: addHours(start, 10) },
    ]);
  });
});

describe("cases", () => {
  const positive = (personId: number) =>
    registerCase(world.ctx(), {
      personId,
      provenance: "centralQuarantine",
      source: "clinic",
      positiveAt: world.clock.now(),
    });

  it("ISO-9: a contact who turns positive leaves his room for the hospital, then is discharged to home monitoring", async () => {
    await addSites(world.ctx(), { sites: [central, hospital] });
    await addPeople(world, [{ id: 1 }]);
    await place([1]);
    const { caseId } = await positive(1);
    await diagnoseCase(world.ctx(), { caseId, facts: { natPositive: true } });
    expect(await orderStates()).toEqual(["1 close central cancelled", "1 case fangcang pending"]);
    expect(await allocate(world.ctx(), {})).toMatchObject({ beds: 1, assignments: [{ rule: "ISO-10" }] });
    const { transfers } = await requestTransfer(world.ctx(), {});
    await depart(world.ctx(), { transferIds: transfers.map((t) => t.transferId) });
    expect(await world.sql.many("select category, state from stay order by reserved_at, category")).toEqual([
      { category: "case", state: "reserved" },
      { category: "contact", state: "ended" },
    ]);
    await arrive(world.ctx(), { transferIds: transfers.map((t) => t.transferId) });
    expect(await orderStates()).toEqual(["1 close central cancelled", "1 case hospital active"]);
    expect((await dueTests(world.ctx(), { day: "2022-07-30", category: "case" })).items).toMatchObject([
      { personId: 1, dueDay: "2022-07-30" },
    ]);
    world.clock.set("2022-07-30T01:00:00.000Z");
    await recordExitTests(world.ctx(), { tests: [{ personId: 1, result: "positive", ctN: 36, ctOrf: null }] });
    expect(await release(world.ctx(), {})).toMatchObject({
      discharged: 0,
      waiting: [{ checks: [{ rule: "EXIT-1", value: 1, target: 2 }] }],
    });
    world.clock.set("2022-07-31T02:00:00.000Z");
    await recordExitTests(world.ctx(), { tests: [{ personId: 1, result: "negative" }] });
    const done = await release(world.ctx(), {});
    expect(done).toMatchObject({ discharged: 1, trips: [{ direction: "home", people: 1 }] });
    const transferIds = done.trips.map((trip) => trip.transferId);
    await depart(world.ctx(), { transferIds });
    await arrive(world.ctx(), { transferIds });
    expect((await orderStates()).slice(1)).toEqual(["1 case hospital released", "1 discharged homeMonitor active"]);
    expect(
      await world.sql.many("select due_day from test_due where result is null and due_day > $1::date", [
        world.clock.now().slice(0, 10),
      ]),
    ).toEqual([{ due_day: "2022-08-07" }]);
  });

  it("a case that was none is released, with a journey home", async () => {
    await addSites(world.ctx(), { sites: [hospital] });
    await addPeople(world, [{ id: 1 }]);
    const { caseId } = await positive(1);
    await allocate(world.ctx(), {});
    const { transfers } = await requestTransfer(world.ctx(), {});
    await depart(world.ctx(), { transferIds: transfers.map((t) => t.transferId) });
    await arrive(world.ctx(), { transferIds: transfers.map((t) => t.transferId) });
    await excludeCase(world.ctx(), { caseId, reason: "contaminated sample" });
    expect(await orderStates()).toEqual(["1 case hospital released"]);
    expect((await listTransfers(world.ctx(), { direction: "home" })).items).toHaveLength(1);
  });

  it("ISO-19: a patient who gets worse moves from fangcang to hospital", async () => {
    await addSites(world.ctx(), {
      sites: [hospital, { kind: "fangcang", areaCode: "371721102", name: "方舱", phase: 1, rooms: { ward: 1 } }],
    });
    await addPeople(world, [{ id: 1 }]);
    await positive(1);
    await allocate(world.ctx(), {});
    const { transfers } = await requestTransfer(world.ctx(), {});
    await depart(world.ctx(), { transferIds: transfers.map((t) => t.transferId) });
    await arrive(world.ctx(), { transferIds: transfers.map((t) => t.transferId) });
    const orderId = (await listOrders(world.ctx(), {})).items[0]?.id ?? "";
    await expect(changePlace(world.ctx(), { orderId, mode: "central", reason: "x" })).rejects.toMatchObject({
      code: "rule.refused",
    });
    await changePlace(world.ctx(), { orderId, mode: "hospital", reason: "SpO2 92 %" });
    expect(await allocate(world.ctx(), {})).toMatchObject({ beds: 1 });
    const move = await requestTransfer(world.ctx(), {});
    await depart(world.ctx(), { transferIds: move.transfers.map((t) => t.transferId) });
    await arrive(world.ctx(), { transferIds: move.transfers.map((t) => t.transferId) });
    expect(await orderStates()).toEqual(["1 case hospital active"]);
    expect(
      await world.sql.many(
        "select s.kind, y.state from stay y join isolation_site s on s.id = y.site_id order by y.reserved_at, y.arrived_at",
      ),
    ).toEqual([
      { kind: "fangcang", state: "ended" },
      { kind: "hospital", state: "inUse" },
    ]);
  });
});
