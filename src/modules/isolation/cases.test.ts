import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { diagnoseCase, excludeCase, registerCase } from "#modules/cases";
import {
  addPeople,
  results,
  contactId,
  identified,
  isolationWorld,
  send,
  type IsolationWorld,
  central,
  hospital,
  orderStates,
  place,
} from "./isolation.fixture.ts";
import {
  addSites,
  allocate,
  arrive,
  changePlace,
  depart,
  dueTests,
  listOrders,
  listTransfers,
  recordExitTests,
  release,
  requestTransfer,
} from "./index.ts";

let world: IsolationWorld;
beforeEach(async () => {
  world = await isolationWorld();
});
afterEach(() => world.close());

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
    await place(world, [1]);
    const { caseId } = await positive(1);
    await diagnoseCase(world.ctx(), { caseId, facts: { natPositive: true } });
    expect(await orderStates(world)).toEqual(["1 close central cancelled", "1 case fangcang pending"]);
    expect(await allocate(world.ctx(), {})).toMatchObject({ beds: 1, assignments: [{ rule: "ISO-10" }] });
    const { transfers } = await requestTransfer(world.ctx(), {});
    await depart(world.ctx(), { transferIds: transfers.map((t) => t.transferId) });
    expect(await world.sql.many("select category, state from stay order by reserved_at, category")).toEqual([
      { category: "case", state: "reserved" },
      { category: "contact", state: "ended" },
    ]);
    await arrive(world.ctx(), { transferIds: transfers.map((t) => t.transferId) });
    expect(await orderStates(world)).toEqual(["1 close central cancelled", "1 case hospital active"]);
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
    expect((await orderStates(world)).slice(1)).toEqual([
      "1 case hospital released",
      "1 discharged homeMonitor active",
    ]);
    expect(
      await world.sql.many("select due_day from test_due where result is null and due_day > $1::date", [
        world.clock.now().slice(0, 10),
      ]),
    ).toEqual([{ due_day: "2022-08-07" }]);
    return home();
  });

  /** EXIT-HOME: the test of day 7, weak and strong. */
  async function home(): Promise<void> {
    world.clock.set("2022-08-07T01:00:00.000Z");
    await send(world.ctx(), results([1], "positive", world.clock.now(), 90, 36.5));
    expect(await release(world.ctx(), {})).toMatchObject({ released: 1 });
    expect((await orderStates(world)).slice(2)).toEqual(["1 discharged homeMonitor released"]);
    await world.sql.run(
      "update isolation_order set state = 'active', ended_at = null, end_reason = null where plan_class = 'discharged'",
    );
    await world.sql.run(
      "update test_due set result = null, resulted_at = null, sampled_at = null, tube_id = null where due_day = '2022-08-07'",
    );
    await send(world.ctx(), results([1], "positive", world.clock.now(), 91, 30));
    expect((await orderStates(world)).slice(2)).toEqual([
      "1 discharged homeMonitor cancelled",
      "1 case fangcang pending",
    ]);
  }

  it("a case that was none is released, with a journey home", async () => {
    await addSites(world.ctx(), { sites: [hospital] });
    await addPeople(world, [{ id: 1 }]);
    const { caseId } = await positive(1);
    await allocate(world.ctx(), {});
    const { transfers } = await requestTransfer(world.ctx(), {});
    await depart(world.ctx(), { transferIds: transfers.map((t) => t.transferId) });
    await arrive(world.ctx(), { transferIds: transfers.map((t) => t.transferId) });
    await excludeCase(world.ctx(), { caseId, reason: "contaminated sample" });
    expect(await orderStates(world)).toEqual(["1 case hospital released"]);
    expect((await listTransfers(world.ctx(), { direction: "home" })).items).toHaveLength(1);
  });

  it("a contact whose case was none is a contact again", async () => {
    await addSites(world.ctx(), { sites: [central, hospital] });
    await addPeople(world, [{ id: 1 }]);
    await place(world, [1]);
    await positive(1);
    await world.sql.run("update case_record set state = 'excluded', excluded_reason = 'test'");
    await send(world.ctx(), identified([{ id: 1 }]));
    expect(await orderStates(world)).toEqual([
      "1 close central cancelled",
      "1 case fangcang cancelled",
      "1 close central pending",
    ]);
  });

  it("who was about to go home and turns positive is taken off that trip, which is called off", async () => {
    await addSites(world.ctx(), { sites: [central, hospital] });
    await addPeople(world, [{ id: 1 }]);
    await place(world, [1]);
    const data = { contactId: contactId(1), personId: 1, reason: "mistaken" };
    await send(world.ctx(), {
      name: "tracing.contactExcluded",
      areaCode: "371721",
      subjectType: "contact",
      subjectId: data.contactId,
      data,
    });
    const [home] = (await listTransfers(world.ctx(), { direction: "home" })).items;
    expect(home).toMatchObject({ state: "requested", people: 1 });
    await positive(1);
    expect((await listTransfers(world.ctx(), { direction: "home" })).items).toMatchObject([{ state: "cancelled" }]);
    // A driver who had the trip on the list finds nothing to do, and no error.
    expect(await depart(world.ctx(), { transferIds: [home?.id ?? ""] })).toEqual({ people: 0 });
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
    expect(await orderStates(world)).toEqual(["1 case hospital active"]);
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
