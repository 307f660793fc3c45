import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addDays, addHours } from "#kernel/time";
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
  central,
  orderStates,
  place,
} from "./isolation.fixture.ts";
import {
  addSites,
  advanceOrders,
  allocate,
  arrive,
  contactsUnplaced,
  depart,
  dueTests,
  listOrders,
  listTransfers,
  recordTestSampling,
  release,
  releaseCheck,
  requestTransfer,
  startHome,
} from "./index.ts";

let world: IsolationWorld;
beforeEach(async () => {
  world = await isolationWorld();
});
afterEach(() => world.close());

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
    expect(await orderStates(world)).toEqual(["1 close central transferring"]);
    world.clock.forward(60);
    await arrive(world.ctx(), { transferIds });
    expect(await orderStates(world)).toEqual(["1 close central active"]);
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
    expect(await orderStates(world)).toEqual(["1 close homeMonitor active"]);
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
    expect(await orderStates(world)).toEqual(["1 close homeMonitor released"]);
  });

  it("ISO-14: a missed test stays due and is shown; a sampled person is not called twice", async () => {
    await addSites(world.ctx(), { sites: [central] });
    await addPeople(world, [{ id: 1 }, { id: 2 }]);
    await place(world, [1, 2]);
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
    expect(await orderStates(world)).toEqual(["1 secondary home active", "2 close central pending"]);
    world.clock.forward(60);
    await send(
      world.ctx(),
      identified([
        { id: 1, contact: contactId(11) },
        { id: 2, kind: "secondary", contact: contactId(12), exposed: "2022-07-25T00:30:00.000Z" },
      ]),
    );
    expect(await orderStates(world)).toEqual([
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
    expect(await orderStates(world)).toEqual(["1 close central pending"]);
    await send(world.ctx(), excluded(contactId(11)));
    expect(await orderStates(world)).toEqual(["1 close central cancelled"]);
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
    expect(await orderStates(world)).toEqual(["1 secondary home cancelled", "1 close central pending"]);
  });

  it("ISO-4: a general contact monitors himself at once; ISO-7: a child stays home with a carer", async () => {
    await addSites(world.ctx(), { sites: [central] });
    await addPeople(world, [{ id: 1 }, { id: 2, birth: "2015-05-05" }, { id: 3 }]);
    await send(world.ctx(), identified([{ id: 1, kind: "general" }, { id: 2 }]));
    expect(await allocate(world.ctx(), {})).toMatchObject({ home: 1 });
    const { orderIds } = await startHome(world.ctx(), { carerPersonId: 3 });
    expect(orderIds).toHaveLength(1);
    expect(await orderStates(world)).toEqual(["1 general homeMonitor active", "2 close home active"]);
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
