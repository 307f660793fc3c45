import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testWorld, type TestWorld } from "#platform/testing";
import type { Tx } from "#platform/context";
import { runDuty, useCase } from "#platform/usecase";
import { countByPrefix, countRegister, module, peopleCount, registerPeople } from "./index.ts";

const [north, south, elsewhere] = ["371721101301", "371721102201", "371702001001"] as const;

describe("the register counted by area", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ modules: [module], at: "2022-07-26T10:00:00.000Z" });
  });
  afterAll(() => world.close());

  async function inTx<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    let result: T | undefined;
    await runDuty(world.ctx(), async (tx) => {
      result = await work(tx);
    });
    return result as T;
  }
  const register = (areaCode: string, refs: readonly string[]) =>
    inTx((tx) => registerPeople(tx, { register: "hukou", people: refs.map((ref) => ({ ref, name: ref, areaCode })) }));
  const towns = () => inTx((tx) => countByPrefix(tx, "371721", 9));
  const kept = () => world.sql.many("select area_code as area, people from person_count order by 1");

  it("is counted as it stands while nothing is kept", async () => {
    await register(north, ["a", "b", "c"]);
    await register(elsewhere, ["d"]);
    expect(await towns()).toEqual([{ areaCode: "371721101", people: 3 }]);
    expect(await inTx((tx) => peopleCount(tx, ""))).toBe(4);
  });

  it("adds who came since to what is kept, also who came in the same minute", async () => {
    world.clock.forward(120);
    await register(north, ["e"]);
    await inTx(countRegister);
    // The last minutes are left out: a transaction that began in them may still be open.
    expect(await kept()).toEqual([
      { area: elsewhere, people: 1 },
      { area: north, people: 3 },
    ]);
    await register(south, ["f", "g"]);
    const expected = [
      { areaCode: "371721101", people: 4 },
      { areaCode: "371721102", people: 2 },
    ];
    expect(await towns()).toEqual(expected);
    world.clock.forward(24 * 60);
    await inTx(countRegister);
    expect(await kept()).toHaveLength(3);
    expect(await towns()).toEqual(expected);
  });

  it("counts no more than the reader's area", async () => {
    const count = useCase({ name: "test.count", permission: "people.person.read", kind: "read" }, (tx, area: string) =>
      peopleCount(tx, area),
    );
    expect(await count(world.ctx({ areaCode: "371721" }), "")).toBe(6);
    expect(await count(world.ctx({ areaCode: south }), "")).toBe(2);
    expect(await count(world.ctx({ areaCode: south }), elsewhere)).toBe(0);
  });
});
