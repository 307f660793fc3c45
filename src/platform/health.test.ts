import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addHours } from "#kernel/time";
import { createBus } from "./events.ts";
import { noteBackup, readHealth } from "./health.ts";
import { enqueueJob } from "./jobs.ts";
import { countJobs, listJobs, retryJob } from "./joblist.ts";
import { growthPerDay, noteSize } from "./sizes.ts";
import { testWorld, type TestWorld } from "./testing.ts";
import { readDuties, runDueDuties } from "./ticks.ts";

const wall = "2026-03-01T10:20:00.000Z";

describe("how an installation stands", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld();
  });
  afterAll(() => world?.close());

  it("counts the queue's jobs by how they stand, and gives a failed one its attempts again", async () => {
    await world.pool.transaction(async (sql) => {
      await enqueueJob(sql, { name: "one", payload: { person: "张三" } });
      await enqueueJob(sql, { name: "two", payload: {} });
    });
    await world.sql.run(
      "update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'Error 23505 task_pkey' where id = (select min(id) from graphile_worker._private_jobs)",
    );
    // Asked as the application, which does not see the queue's tables itself.
    await world.pool.transaction(async (sql) => {
      expect(await countJobs(sql)).toMatchObject({ waiting: 1, running: 0, retrying: 0, failed: 1 });
      const [failed, waiting] = await listJobs(sql);
      expect(failed).toMatchObject({ task: "one", state: "failed", failure: "Error 23505 task_pkey" });
      expect(waiting).toMatchObject({ task: "two", state: "waiting", failure: null });
      expect(JSON.stringify([failed, waiting])).not.toContain("张三");
      expect(await retryJob(sql, failed?.id ?? 0)).toBe(true);
      expect(await countJobs(sql)).toMatchObject({ waiting: 2, failed: 0 });
      expect(await retryJob(sql, 999_999)).toBe(false);
    });
  });

  it("tells of each duty when it ran and is due, and of a failed one when and how, while the others run on", async () => {
    const bus = createBus();
    let broken = true;
    bus.every(60, "b.breaks", () => (broken ? Promise.reject(new Error("no place for 张三")) : Promise.resolve()));
    bus.every(30, "a.runs", () => Promise.resolve());
    bus.every(15, "c.never", () => Promise.resolve());
    const ctx = { ...world.ctx(), services: { ...world.ctx().services, bus } };
    const { duties } = bus;
    await expect(
      runDueDuties({ ...ctx, services: { ...ctx.services, bus: { ...bus, duties: duties.slice(0, 2) } } }),
    ).rejects.toThrow(/no place for/);
    const [runs, breaks, never] = await readDuties(world.sql, duties);
    const now = world.clock.now();
    expect(runs).toMatchObject({ name: "a.runs", lastAt: now, failedAt: null });
    expect(breaks).toMatchObject({ name: "b.breaks", failedAt: now });
    expect(breaks?.failure).toMatch(/^Error/);
    expect(breaks?.failure).not.toContain("张三");
    // It is due still: what failed has not been done.
    expect((breaks?.nextAt ?? "") <= now).toBe(true);
    expect(never).toMatchObject({ name: "c.never", lastAt: null, nextAt: null });
    broken = false;
    await runDueDuties(ctx);
    expect((await readDuties(world.sql, duties))[1]).toMatchObject({ lastAt: now, failedAt: null, failure: null });
  });

  it("tells the growth of the database from its size by the hour, once it was watched for long enough", async () => {
    await noteSize(world.pool, wall);
    await noteSize(world.pool, wall);
    const { noted } = await world.sql.one<{ noted: number }>("select count(*)::int as noted from database_size");
    expect(noted).toBe(1);
    expect(await growthPerDay(world.sql, wall)).toBeNull();
    await world.sql.run("insert into database_size (at, bytes) select $1, bytes - 5000000 from database_size", [
      addHours(wall.replace(":20:", ":00:"), -12),
    ]);
    expect(await growthPerDay(world.sql, wall)).toBeCloseTo(10_000_000, 0);
    await world.sql.run("insert into database_size (at, bytes) values ($1, 1)", [addHours(wall, -24 * 100)]);
    await noteSize(world.pool, addHours(wall, 1));
    expect(await world.sql.many("select 1 from database_size where bytes = 1")).toEqual([]);
  });

  it("tells the age of the last backup that was noted, and of no standby where none follows", async () => {
    const at = { now: world.clock.now(), wall };
    expect((await readHealth(world.sql, at, [])).backup).toBeNull();
    await noteBackup(world.sql, { at: wall, by: "ops", note: "tape 7" });
    const health = await readHealth(world.sql, at, []);
    expect(health.backup).toEqual({ at: wall, by: "ops", note: "tape 7" });
    expect(health.standbys).toEqual([]);
    expect(health.connectionsMax).toBeGreaterThan(10);
  });
});
