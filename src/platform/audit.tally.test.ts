import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addMinutes } from "#kernel/time";
import { tally, tallyMinutes, writeTallies } from "./audit.tally.ts";
import type { Actor } from "./context.ts";
import { testWorld, type TestWorld } from "./testing.ts";

const now = "2022-07-23T12:00:00.000Z";
const later = addMinutes(now, tallyMinutes);

describe("calls counted by their sender", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld({ at: now });
  });
  afterAll(async () => world.close());

  const actor = (id: string, areaCode = "3717"): Actor => ({ ...world.ctx().actor, id, name: `gate ${id}`, areaCode });
  const counted = (calls: readonly Actor[], at = now): Promise<void> =>
    world.pool.transaction((sql) => tally(sql, "probe.scan", calls, at));
  const lines = () =>
    world.sql.many(
      `select at, actor_id as actor, actor_name as name, subject_type as type, area_code as area, count from audit
       where action = 'probe.scan' order by seq`,
    );
  const waiting = () =>
    world.sql.one("select coalesce(sum(count), 0)::int as calls, count(*)::int as rows from audit_tally");
  const line = (id: string, at: string, count: number, area = "3717") => ({
    at,
    actor: id,
    name: `gate ${id}`,
    type: "useCase",
    area,
    count,
  });

  it("are one line for each sender and area, however many groups and connections counted them", async () => {
    const [a, b, elsewhere] = [actor("a"), actor("b"), actor("a", "371721")];
    await counted([a, b, a]);
    await counted([b], addMinutes(now, 2));
    // Two transactions at one time are two connections.
    await world.pool.transaction(async (sql) => {
      await tally(sql, "probe.scan", [a], addMinutes(now, 1));
      await counted([a], addMinutes(now, -1));
      await counted([elsewhere], addMinutes(now, -1));
    });
    await counted([]);
    expect(await writeTallies(world.pool, addMinutes(now, tallyMinutes + 2))).toBe(3);
    expect(await lines()).toEqual([
      line("a", addMinutes(now, -1), 4),
      line("a", addMinutes(now, -1), 1, "371721"),
      line("b", now, 2),
    ]);
    expect(await waiting()).toEqual({ calls: 0, rows: 0 });
  });

  it("wait until they are old enough, and where a group is adding to them for the next turn", async () => {
    const c = actor("c");
    await counted([c]);
    expect(await writeTallies(world.pool, addMinutes(later, -1))).toBe(0);
    await world.pool.transaction(async (sql) => {
      await sql.run("select 1 from audit_tally for update");
      expect(await writeTallies(world.pool, later)).toBe(0);
    });
    expect(await waiting()).toEqual({ calls: 1, rows: 1 });
    expect(await writeTallies(world.pool, later)).toBe(1);
    expect((await lines()).at(-1)).toEqual(line("c", now, 1));
  });

  it("are forgotten with the transaction that made them", async () => {
    const failed = world.pool.transaction(async (sql) => {
      await tally(sql, "probe.scan", [actor("d")], now);
      throw new Error("the group fails");
    });
    await expect(failed).rejects.toThrow("the group fails");
    expect(await waiting()).toEqual({ calls: 0, rows: 0 });
  });
});
