import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sealAudit, verifyAudit } from "./audit.ts";
import type { ModuleDef } from "./module.ts";
import { testWorld, type TestWorld } from "./testing.ts";
import { useCase } from "./usecase.ts";

const mark = useCase(
  {
    name: "probe.mark",
    permission: "probe.write",
    kind: "write",
    area: (input: { area: string; fail?: boolean }) => input.area,
  },
  async (tx, input) => {
    await tx.sql.run("insert into setting (name, value) values ($1, '1')", [`mark-${tx.newId()}`]);
    await tx.emit({
      name: "probe.marked",
      areaCode: input.area,
      subjectType: "probe",
      subjectId: "1",
      data: { fail: input.fail ?? false },
    });
    return { count: (await tx.sql.one<{ n: number }>("select count(*) as n from setting where name like 'mark-%'")).n };
  },
);
const visible = useCase(
  { name: "probe.visible", permission: "probe.write", kind: "read" },
  async (tx) => (await tx.sql.one<{ n: number }>("select count(*) as n from event")).n,
);
const probe: ModuleDef = {
  name: "probe",
  permissions: ["probe.write"],
  routes: [],
  register(bus) {
    bus.on<{ fail: boolean }>("probe.marked", "probe", async (tx, event) => {
      await tx.sql.run("insert into setting (name, value) values ($1, '2')", [`reaction-${tx.newId()}`]);
      if (event.data.fail) throw new Error("the reaction fails");
    });
  },
};

/** Seals until nothing is left: a transaction of another test's database on the same server holds the seal back. */
async function sealAll(world: TestWorld): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    await sealAudit(world.pool, world.clock.now());
    if ((await verifyAudit(world.pool)).unsealed === 0) return;
    await sleep(20);
  }
  throw new Error("the audit was not sealed in time");
}

describe("useCase", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ modules: [probe] });
  });
  afterAll(() => world.close());

  it("refuses without the permission and outside the jurisdiction", async () => {
    await expect(mark(world.ctx({ permissions: [] }), { area: "37" })).rejects.toMatchObject({
      code: "auth.forbidden",
    });
    await expect(mark(world.ctx({ areaCode: "371721" }), { area: "371702" })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
  });

  it("stores the work, its event and its reaction in one transaction", async () => {
    await mark(world.ctx(), { area: "371721" });
    const rows = await world.sql.many<{ name: string }>(
      "select split_part(name, '-', 1) as name from setting order by 1",
    );
    expect(rows.map((row) => row.name)).toEqual(["mark", "reaction"]);
    await expect(mark(world.ctx(), { area: "371721", fail: true })).rejects.toThrow("the reaction fails");
    expect(await world.sql.many("select 1 from setting")).toHaveLength(2);
    expect(await world.sql.many("select 1 from event")).toHaveLength(1);
  });

  it("I9: answers the same key once and refuses it for another request", async () => {
    const first = await mark(world.ctx({ key: "k1" }), { area: "371721" });
    const again = await mark(world.ctx({ key: "k1" }), { area: "371721" });
    expect(again).toEqual(first);
    await expect(mark(world.ctx({ key: "k1" }), { area: "371722" })).rejects.toMatchObject({ code: "key.reused" });
    expect(await world.sql.many("select 1 from event")).toHaveLength(2);
  });

  it("I10: row-level security hides what lies outside the jurisdiction", async () => {
    expect(await visible(world.ctx({ areaCode: "371702" }), undefined)).toBe(0);
    expect(await visible(world.ctx({ areaCode: "3717" }), undefined)).toBe(2);
  });

  it("seals the audit into a chain that shows a changed row", async () => {
    await sealAll(world);
    await mark(world.ctx(), { area: "371721" });
    await sealAll(world);
    const { blocks, brokenBlock } = await verifyAudit(world.pool);
    expect(blocks).toBeGreaterThanOrEqual(2);
    expect(brokenBlock).toBeNull();
    await expect(world.sql.run("update audit set action = 'x'")).rejects.toThrow("append-only");
    await world.sql.script(
      "alter table audit disable trigger append_only; update audit set reason = 'x' where seq = (select max(seq) from audit); alter table audit enable trigger append_only",
    );
    expect(await verifyAudit(world.pool)).toMatchObject({ brokenBlock: blocks });
  });
});
