import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ProblemError } from "#kernel/errors";
import type { TestWorld } from "#platform/testing";
import {
  allocateRequest,
  askSupplies,
  countStock,
  decideRequest,
  dispatchRequest,
  getRequest,
  listRequests,
  listStock,
  moveStock,
  receiveRequest,
  settleRequest,
} from "./index.ts";
import { city, county, ledgerFaults, otherCounty, suppliedCity } from "./testing.supplies.ts";

const cityUser = { areaCode: city, name: "city" };
const caoUser = { areaCode: county, name: "cao" };
const mudanUser = { areaCode: otherCounty, name: "mudan" };

function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "done",
    (error: ProblemError) => (error.code === "rule.refused" ? String(error.params["rule"]) : error.code),
  );
}

describe("requests", () => {
  let world: TestWorld;

  beforeEach(async () => {
    world = await suppliedCity();
  });
  afterEach(() => world.close());

  const ask = (change: object = {}) =>
    askSupplies(world.ctx(caoUser), {
      warehouse: "CAO",
      no: "CX-1",
      neededBy: "2022-07-27T00:00:00.000Z",
      reason: "round 3",
      lines: [
        { item: "mask", quantity: 4_000 },
        { item: "alcohol", quantity: 60 },
      ],
      ...change,
    });
  const tasks = () =>
    world.sql.many<{ kind: string; area_code: string }>(
      "select kind, area_code from task where state = 'open' order by kind, area_code",
    );
  const held = async (code: string) => {
    const { items } = await listStock(world.ctx(), {});
    return Object.fromEntries(
      items.filter((row) => row.warehouse === code).map((row) => [row.item, [row.onHand, row.reserved]]),
    );
  };

  it("SUP-7, SUP-14: asked, granted, promised, sent, received short, answered for", async () => {
    const { id } = await ask();
    expect(await tasks()).toEqual([{ kind: "supplyDecision", area_code: city }]);
    const all = [
      { item: "mask", quantity: 4_000 },
      { item: "alcohol", quantity: 60 },
    ];
    expect((await decideRequest(world.ctx(cityUser), { id, lines: all })).state).toBe("approved");
    expect(await tasks()).toEqual([{ kind: "supplyDispatch", area_code: city }]);
    await allocateRequest(world.ctx(cityUser), { id, warehouse: "CITY" });
    expect(await held("CITY")).toEqual({ mask: [10_000, 4_000], alcohol: [140, 60] });
    // SUP-2: what is promised is neither issued nor counted away.
    const rest = { warehouse: "CITY", kind: "issued" as const, lines: [{ item: "mask", quantity: 6_001 }], note: "x" };
    expect(await codeOf(moveStock(world.ctx(cityUser), rest))).toBe("SUP-1");
    const away = { warehouse: "CITY", lines: [{ item: "mask", counted: 3_999, reason: "gone" }] };
    expect(await codeOf(countStock(world.ctx(cityUser), away))).toBe("SUP-2");
    await dispatchRequest(world.ctx(cityUser), { id, vehicle: "鲁R·0001" });
    expect(await held("CITY")).toEqual({ mask: [6_000, 0], alcohol: [80, 0] });
    expect(await tasks()).toEqual([{ kind: "supplyReceipt", area_code: county }]);
    const { allocations } = await getRequest(world.ctx(caoUser), { id });
    expect(allocations.map((row) => [row.item, row.batch, row.quantity])).toEqual([
      ["alcohol", "A1", 40],
      ["alcohol", "A2", 20],
      ["mask", "-", 4_000],
    ]);
    const short = { allocationId: allocations[2]?.id ?? "", received: 3_950, reason: "one box wet" };
    const received = await receiveRequest(world.ctx(caoUser), { id, differences: [short] });
    expect(received).toMatchObject({ state: "received", late: false });
    expect(await held("CAO")).toEqual({ mask: [3_950, 0], alcohol: [60, 0] });
    expect(await tasks()).toEqual([{ kind: "supplyDiscrepancy", area_code: city }]);
    const settled = await settleRequest(world.ctx(cityUser), { id, settlement: "written off" });
    expect(settled.state).toBe("closed");
    expect(await tasks()).toEqual([]);
    expect(await ledgerFaults(world)).toMatchObject({ broken: 0, lowest: 0 });
    expect(await codeOf(receiveRequest(world.ctx(caoUser), { id, differences: [] }))).toBe("state.notAllowed");
  });

  it("SUP-9: a part, a refusal, and never by who asked", async () => {
    const { id } = await ask();
    const mine = { ...cityUser, name: "cao" };
    const half = { id, lines: [{ item: "mask", quantity: 2_000 }], decision: "half now" };
    expect(await codeOf(decideRequest(world.ctx(mine), half))).toBe("SUP-9");
    expect((await decideRequest(world.ctx(cityUser), half)).state).toBe("partly");
    const other = await ask({ no: "CX-2" });
    expect(await codeOf(decideRequest(world.ctx(cityUser), { id: other.id, lines: [] }))).toBe("SUP-9");
    const refused = await decideRequest(world.ctx(cityUser), { id: other.id, lines: [], decision: "none" });
    expect(refused.state).toBe("refused");
    expect(await tasks()).toEqual([{ kind: "supplyDispatch", area_code: city }]);
    expect(await codeOf(ask({ no: "CX-2" }))).toBe("record.duplicate");
  });

  it("SUP-1: what is granted and not there is not promised, even to two at once", async () => {
    const first = await ask({ no: "A", lines: [{ item: "mask", quantity: 7_000 }] });
    const second = await ask({ no: "B", lines: [{ item: "mask", quantity: 7_000 }] });
    for (const { id } of [first, second])
      await decideRequest(world.ctx(cityUser), { id, lines: [{ item: "mask", quantity: 7_000 }] });
    const outcomes = await Promise.all(
      [first, second].map(({ id }) => codeOf(allocateRequest(world.ctx(cityUser), { id, warehouse: "CITY" }))),
    );
    expect(outcomes.toSorted()).toEqual(["SUP-1", "done"]);
    expect(await held("CITY")).toMatchObject({ mask: [10_000, 7_000] });
  });

  it("SUP-8: a neighbour helps out; a third county sees nothing of it", async () => {
    await countStock(world.ctx(mudanUser), {
      warehouse: "MUDAN",
      lines: [{ item: "mask", counted: 900, reason: "opening" }],
    });
    const { id } = await ask({ sourceAreaCode: otherCounty, lines: [{ item: "mask", quantity: 300 }] });
    expect((await listRequests(world.ctx(mudanUser), {})).items).toHaveLength(1);
    await decideRequest(world.ctx(mudanUser), { id, lines: [{ item: "mask", quantity: 300 }] });
    expect(await codeOf(allocateRequest(world.ctx(), { id, warehouse: "CITY" }))).toBe("SUP-8");
    await allocateRequest(world.ctx(mudanUser), { id, warehouse: "MUDAN" });
    await dispatchRequest(world.ctx(mudanUser), { id, vehicle: "鲁R·0002" });
    expect((await receiveRequest(world.ctx(caoUser), { id, differences: [] })).state).toBe("closed");
    expect(await held("CAO")).toEqual({ mask: [300, 0] });
    const third = { areaCode: "371725", name: "third" };
    expect((await listRequests(world.ctx(third), {})).items).toEqual([]);
    expect(await codeOf(getRequest(world.ctx(third), { id }))).toBe("record.notFound");
    expect(await codeOf(ask({ no: "X", sourceAreaCode: county }))).toBe("SUP-8");
  });

  it("a county does not decide what it asked of the city, and a role without the permission nothing", async () => {
    const { id } = await ask();
    const grant = { id, lines: [{ item: "mask", quantity: 4_000 }] };
    expect(await codeOf(decideRequest(world.ctx({ ...caoUser, name: "boss" }), grant))).toBe(
      "auth.outsideJurisdiction",
    );
    const clerk = { areaCode: city, permissions: ["supplies.request.read"] };
    expect(await codeOf(decideRequest(world.ctx(clerk), grant))).toBe("auth.forbidden");
  });
});
