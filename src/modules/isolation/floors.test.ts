import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { need } from "#kernel/assert";
import {
  addPeople,
  central,
  hospital,
  identified,
  isolationWorld,
  send,
  type IsolationWorld,
} from "./isolation.fixture.ts";
import {
  addSites,
  allocate,
  arrive,
  assignBed,
  depart,
  floorRooms,
  listOrders,
  listWaiting,
  requestTransfer,
  siteGuests,
  takeBack,
} from "./index.ts";

let world: IsolationWorld;
let siteId: string;
let orders: Map<number, string>;
beforeEach(async () => {
  world = await isolationWorld();
  const made = await addSites(world.ctx(), { sites: [central, hospital] });
  siteId = need(made.siteIds[0], "a site");
  await addPeople(world, [{ id: 1, household: 5 }, { id: 2, household: 5, birth: "2014-01-01" }, { id: 3 }, { id: 4 }]);
  await send(world.ctx(), identified([{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4, kind: "secondary" }]));
  const found = await listOrders(world.ctx(), {});
  orders = new Map(found.items.map((order) => [order.personId, order.id]));
});
afterEach(() => world.close());

const order = (personId: number): string => need(orders.get(personId), "an order");
const rooms = async (personId?: number) =>
  (await floorRooms(world.ctx(), { siteId, ...(personId === undefined ? {} : { orderId: order(personId) }) })).items;
/** The first free bed of the first room of a kind. */
async function bedOf(kind: string, from = 0): Promise<number> {
  const room = (await rooms()).filter((one) => one.kind === kind)[from];
  return need(room?.beds.find((bed) => bed.state === "free")?.bedId, "a free bed");
}

describe("the floors of a site", () => {
  it("shows rooms floor by floor with what each is; pages do not repeat a room", async () => {
    const all = await rooms();
    expect(all.map((room) => `${room.floor} ${room.no} ${room.kind} ${room.state}`)).toEqual([
      "1 101 single free",
      "1 102 single free",
      "1 103 single free",
      "1 104 single free",
      "2 201 family free",
      "2 202 family free",
      "2 203 accessible free",
      "2 204 staff staff",
      "3 301 staff staff",
      "3 302 staff staff",
    ]);
    const first = await floorRooms(world.ctx(), { siteId, limit: 6 });
    const rest = await floorRooms(world.ctx(), { siteId, limit: 6, cursor: need(first.next, "a next page") });
    expect([...first.items, ...rest.items].map((room) => room.no)).toEqual(all.map((room) => room.no));
    expect(rest.next).toBeNull();
  });

  it("says before the drop why a person does not get a room, and refuses the same when it is done", async () => {
    await assignBed(world.ctx(), { orderId: order(3), bedId: await bedOf("single") });
    const preview = new Map((await rooms(4)).map((room) => [room.no, room.refusal]));
    expect(preview.get("101")).toEqual({ why: "held", rule: "I4" });
    expect(preview.get("102")).toEqual({ why: "otherPurpose", rule: "ISO-12" });
    expect(preview.get("201")).toBeNull();
    expect(preview.get("204")).toEqual({ why: "notForGuests", rule: "ISO-12" });
    const bedId = await bedOf("single", 1);
    await expect(assignBed(world.ctx(), { orderId: order(4), bedId })).rejects.toMatchObject({
      code: "rule.refused",
      params: { rule: "ISO-12" },
    });
    expect(await world.sql.many("select 1 from stay")).toHaveLength(1);
  });

  it("ISO-7: a child follows its mother into the family room, not before", async () => {
    const bedId = await bedOf("family");
    await expect(assignBed(world.ctx(), { orderId: order(2), bedId })).rejects.toMatchObject({
      params: { rule: "ISO-7" },
    });
    await assignBed(world.ctx(), { orderId: order(1), bedId });
    const room = need(
      (await rooms(2)).find((one) => one.no === "201"),
      "the family room",
    );
    expect(room).toMatchObject({ state: "partly", refusal: null, guests: [{ coveredName: "P*", mayTakeBack: true }] });
    await assignBed(world.ctx(), { orderId: order(2), bedId: await bedOf("family") });
    expect(await world.sql.one("select count(*)::int as n from stay where state = 'reserved'")).toEqual({ n: 2 });
  });

  it("needs the permission, and the site in the jurisdiction", async () => {
    const reader = world.ctx({ permissions: ["isolation.read"] });
    await expect(assignBed(reader, { orderId: order(3), bedId: 1 })).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(takeBack(reader, { orderId: order(3) })).rejects.toMatchObject({ code: "auth.forbidden" });
    // Row-level security hides a site of another county: it is as if it were not there.
    await expect(floorRooms(world.ctx({ areaCode: "371702" }), { siteId })).rejects.toMatchObject({
      code: "record.notFound",
    });
    await expect(
      listWaiting(world.ctx({ areaCode: "371702" }), { for: "room", areaCode: "371721" }),
    ).rejects.toMatchObject({ code: "auth.outsideJurisdiction" });
  });

  it("names guests only for a purpose, and the audit keeps it", async () => {
    await assignBed(world.ctx(), { orderId: order(3), bedId: await bedOf("single") });
    await expect(siteGuests(world.ctx(), { siteId })).rejects.toMatchObject({ code: "auth.reasonRequired" });
    const asked = { ...world.ctx(), reason: "meals of the day" };
    expect(await siteGuests(asked, { siteId })).toEqual({
      items: [{ orderId: order(3), name: "P3", idLast4: null }],
      next: null,
    });
    expect(await world.sql.one("select reason, count from audit where action = 'isolation.siteGuests'")).toMatchObject({
      reason: "meals of the day",
    });
  });
});

describe("taking an allocation back", () => {
  it("frees the bed, takes the person off the vehicle, and he waits again", async () => {
    await assignBed(world.ctx(), { orderId: order(3), bedId: await bedOf("single") });
    await requestTransfer(world.ctx(), { orderIds: [order(3)] });
    await takeBack(world.ctx(), { orderId: order(3) });
    expect((await rooms()).find((room) => room.no === "101")?.state).toBe("free");
    expect(await world.sql.many("select state from transfer")).toEqual([{ state: "cancelled" }]);
    const waiting = await listWaiting(world.ctx(), { for: "room" });
    expect(waiting.items.map((row) => row.orderId)).toContain(order(3));
    await assignBed(world.ctx(), { orderId: order(3), bedId: await bedOf("single") });
  });

  it("is refused once the vehicle has left, and when there is nothing to take back", async () => {
    await expect(takeBack(world.ctx(), { orderId: order(3) })).rejects.toMatchObject({ code: "state.notAllowed" });
    await allocate(world.ctx(), { orderIds: [order(3)] });
    const { transfers } = await requestTransfer(world.ctx(), { orderIds: [order(3)] });
    const transferIds = transfers.map((trip) => trip.transferId);
    await depart(world.ctx(), { transferIds });
    await expect(takeBack(world.ctx(), { orderId: order(3) })).rejects.toMatchObject({ code: "state.notAllowed" });
    await arrive(world.ctx(), { transferIds });
    await expect(takeBack(world.ctx(), { orderId: order(3) })).rejects.toMatchObject({ code: "state.notAllowed" });
  });
});

describe("who waits", () => {
  it("is listed due first, for a room and then for a vehicle; a site shows whom its kind can take", async () => {
    const ids = async (query: Parameters<typeof listWaiting>[1]) =>
      (await listWaiting(world.ctx(), query)).items.map((row) => row.orderId).toSorted();
    expect(await ids({ for: "room", siteKind: "central" })).toEqual([1, 2, 3].map(order).toSorted());
    expect(await ids({ for: "room", siteKind: "hospital" })).toEqual([]);
    await assignBed(world.ctx(), { orderId: order(3), bedId: await bedOf("single") });
    expect(await ids({ for: "vehicle" })).toEqual([order(3)]);
    const page = await listWaiting(world.ctx(), { for: "room", limit: 1 });
    const rest = await listWaiting(world.ctx(), { for: "room", cursor: need(page.next, "a next page") });
    expect([...page.items, ...rest.items].map((row) => row.household)).toEqual([2, 2]);
  });
});
