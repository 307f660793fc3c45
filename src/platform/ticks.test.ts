import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ModuleDef } from "./module.ts";
import { testWorld, type TestWorld } from "./testing.ts";
import { runDueDuties } from "./ticks.ts";

const ran: string[] = [];
const probe: ModuleDef = {
  name: "probe",
  permissions: [],
  routes: [],
  register(bus) {
    bus.every(30, "probe.fails", async (tx) => {
      await tx.sql.run("insert into setting (name, value) values ('half done', '1')");
      throw new Error("the disk is full");
    });
    bus.every(30, "probe.works", async () => void ran.push("works"));
  },
};

describe("repeating duties", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ modules: [probe] });
  });
  afterAll(() => world.close());

  it("one that fails is named, leaves nothing half done and keeps no other from its turn", async () => {
    await expect(runDueDuties(world.ctx())).rejects.toThrow("probe.fails: the disk is full");
    expect(ran).toEqual(["works"]);
    expect(await world.sql.many("select 1 from setting")).toEqual([]);
    // The one that ran waits for its next time; the one that failed is due still.
    await expect(runDueDuties(world.ctx())).rejects.toThrow("probe.fails");
    expect(ran).toEqual(["works"]);
  });
});
