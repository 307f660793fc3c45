import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { need } from "#kernel/assert";
import { addHours } from "#kernel/time";
import { runDuty } from "#platform/usecase";
import {
  addPeople,
  central,
  isolationWorld,
  place,
  results,
  send,
  start,
  type IsolationWorld,
} from "./isolation.fixture.ts";
import {
  addSites,
  advanceOrders,
  arrive,
  depart,
  listReleases,
  listTransfers,
  recordTestSampling,
  release,
  releaseForecast,
  releasePapers,
  testsOfDay,
} from "./index.ts";

let world: IsolationWorld;
beforeEach(async () => {
  world = await isolationWorld();
  await addSites(world.ctx(), { sites: [central] });
  await addPeople(world, [{ id: 1 }, { id: 2 }, { id: 3, area: "371702101001" }]);
  await place(world, [1, 2, 3]);
});
afterEach(() => world.close());

/** Samples whoever is due, and files the tubes as negative. */
async function testDay(day: number): Promise<void> {
  world.clock.set(addHours(start, 24 * day));
  const { items } = await testsOfDay(world.ctx(), { limit: 200 });
  const ids = items.map((row) => row.personId);
  if (ids.length === 0) return;
  await recordTestSampling(world.ctx(), { samples: ids.map((personId, i) => ({ personId, tubeId: day * 100 + i })) });
  await send(world.ctx(), results(ids, "negative", world.clock.now(), day * 100));
}

async function goHome(): Promise<void> {
  await runDuty(world.ctx(), advanceOrders);
  const { items } = await listTransfers(world.ctx(), { state: "requested" });
  const transferIds = items.map((trip) => trip.id);
  if (transferIds.length === 0) return;
  await depart(world.ctx({ name: "sender" }), { transferIds, vehicle: "R-1" });
  await arrive(world.ctx({ name: "receiver" }), { transferIds });
}

describe("the release list of the day", () => {
  it("forecasts whose stretch and whose plan ends, and lists who may go with each condition", async () => {
    const forecast = await releaseForecast(world.ctx(), {});
    expect(forecast.items).toHaveLength(21);
    expect(forecast.items.filter((day) => day.home > 0).map((day) => day.home)).toEqual([3]);
    for (let day = 0; day < 8; day++) await testDay(day);
    await goHome();
    for (let day = 8; day < 11; day++) await testDay(day);
    const today = await listReleases(world.ctx(), { group: "contacts" });
    expect(today.items.map((row) => [row.coveredName, row.ready])).toEqual([
      ["P*", true],
      ["P*", true],
      ["P*", true],
    ]);
    expect(today.items[0]?.checks.map((check) => check.item)).toContain("testsNegative");
    const first = await listReleases(world.ctx(), { group: "contacts", limit: 2 });
    const rest = await listReleases(world.ctx(), {
      group: "contacts",
      limit: 2,
      cursor: need(first.next, "a next page"),
    });
    expect(new Set([...first.items, ...rest.items].map((row) => row.orderId)).size).toBe(3);
    // A county sees its own people and no others.
    expect((await listReleases(world.ctx({ areaCode: "371702" }), { group: "contacts" })).items).toHaveLength(1);

    const ids = today.items.map((row) => row.orderId);
    const asked = world.ctx({ reason: "papers of the day" });
    await expect(releasePapers(asked, { orderIds: ids })).rejects.toMatchObject({ code: "state.notAllowed" });
    expect(await release(world.ctx(), { orderIds: ids })).toMatchObject({ released: 3, waiting: [] });
    await expect(releasePapers(world.ctx(), { orderIds: ids })).rejects.toMatchObject({ code: "auth.reasonRequired" });
    const papers = await releasePapers(asked, { orderIds: ids });
    expect(papers.items.map((paper) => paper.name)).toEqual(["P3", "P1", "P2"]);
    expect(papers.items[0]?.negatives).toBeGreaterThan(0);
    expect((await listReleases(world.ctx(), { group: "contacts" })).items).toEqual([]);
  });

  it("gives the tests of the day page by page, each person once", async () => {
    world.clock.set(addHours(start, 24 * 3));
    const all = await testsOfDay(world.ctx(), {});
    expect(all).toMatchObject({ items: [{ personId: 1 }, { personId: 2 }, { personId: 3 }], next: null });
    const first = await testsOfDay(world.ctx(), { limit: 2 });
    expect(first.items.map((row) => row.personId)).toEqual([1, 2]);
    const rest = await testsOfDay(world.ctx(), { limit: 2, cursor: need(first.next, "a next page") });
    expect(rest).toMatchObject({ items: [{ personId: 3 }], next: null });
  });

  it("says what is missing: a test nobody took", async () => {
    for (let day = 0; day < 8; day++) await testDay(day);
    await goHome();
    world.clock.set(addHours(start, 24 * 11));
    const { items } = await listReleases(world.ctx(), { group: "contacts" });
    expect(items).toHaveLength(3);
    expect(items[0]).toMatchObject({ ready: false });
    expect(items[0]?.checks.filter((check) => !check.met).map((check) => check.item)).toEqual(["testsDone"]);
  });

  it("needs the permission and the area", async () => {
    const reader = world.ctx({ permissions: [] });
    await expect(listReleases(reader, { group: "patients" })).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(releaseForecast(world.ctx({ areaCode: "371702" }), { areaCode: "371721" })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
  });
});

describe("both ends of a journey", () => {
  it("are kept by name, and the board asks only for what arrived lately", async () => {
    for (let day = 0; day < 8; day++) await testDay(day);
    await goHome();
    const { items } = await listTransfers(world.ctx(), { state: "arrived", arrivedSince: addHours(start, 24 * 6) });
    expect(new Set(items.map((trip) => `${trip.departedBy} ${trip.arrivedBy} ${trip.vehicle}`))).toEqual(
      new Set(["sender receiver R-1"]),
    );
    const all = await listTransfers(world.ctx(), { state: "arrived" });
    expect(all.items.length).toBeGreaterThan(items.length);
  });
});
