import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startJobs, type Jobs } from "./jobs.ts";
import { createLog } from "./log.ts";
import type { ModuleDef } from "./module.ts";
import { testWorld, type TestWorld } from "./testing.ts";
import { useCase } from "./usecase.ts";

interface Order {
  readonly no: number;
  readonly key?: string;
  readonly fail?: boolean;
}

const order = useCase(
  { name: "probe.order", permission: "probe.write", kind: "write" },
  async (tx, { no, key, fail }: Order) => {
    await tx.enqueue({ name: "probe.print", payload: { no }, ...(key === undefined ? {} : { key }) });
    if (fail) throw new Error("the use case fails");
  },
);
const probe: ModuleDef = { name: "probe", permissions: ["probe.write"], routes: [], register: () => undefined };

describe("jobs", () => {
  const printed: number[] = [];
  const jobs: Jobs[] = [];
  let failures = 0;
  let world: TestWorld;
  const startWorkers = async () =>
    jobs.push(
      await startJobs({
        pool: world.pool,
        url: world.url,
        handlers: {
          "probe.print": async (ctx, payload) => {
            const { no } = payload as Order;
            if (no === 13 && failures++ === 0) throw new Error("the printer is out of paper");
            // What a job does it does as the application, in a transaction of its own.
            await ctx.db.transaction((sql) =>
              sql.run("insert into setting (name, value) values ($1, '1')", [`printed ${no}`]),
            );
            printed.push(no);
          },
        },
        makeCtx: () => world.ctx(),
        log: createLog("silent"),
      }),
    );
  const waiting = () => world.sql.many("select 1 as one from graphile_worker._private_jobs");

  beforeAll(async () => {
    world = await testWorld({ modules: [probe] });
  });
  afterAll(async () => {
    await Promise.all(jobs.map((each) => each.stop()));
    await world.close();
  });

  it("a use case's transaction puts a job into the queue, and takes it back when it fails", async () => {
    await order(world.ctx(), { no: 1 });
    await expect(order(world.ctx(), { no: 2, fail: true })).rejects.toThrow("the use case fails");
    await order(world.ctx(), { no: 3, key: "the same" });
    await order(world.ctx(), { no: 4, key: "the same" });
    expect(await waiting()).toHaveLength(2);
  });

  it("two processes' workers do each job once; of one key, the last that was ordered", async () => {
    await startWorkers();
    await startWorkers();
    for (let no = 20; no < 60; no++) await order(world.ctx(), { no });
    await expect.poll(waiting).toEqual([]);
    expect(printed.toSorted((a, b) => a - b)).toEqual([1, 4, ...Array.from({ length: 40 }, (_, i) => 20 + i)]);
  });

  it("a job that fails is done again", async () => {
    await order(world.ctx(), { no: 13 });
    await expect.poll(() => failures).toBe(1);
    await world.sql.run("update graphile_worker._private_jobs set run_at = now()");
    await expect.poll(() => printed.filter((no) => no === 13)).toEqual([13]);
    await expect.poll(waiting).toEqual([]);
  });

  it("the application may add a job and do nothing else in the queue", async () => {
    await order(world.ctx(), { no: 99 });
    const asked = (text: string) => world.pool.transaction((sql) => sql.many(text));
    await expect(asked("select * from graphile_worker.jobs")).rejects.toThrow("permission denied");
    await expect(asked("select graphile_worker.add_job('probe.print')")).rejects.toThrow("permission denied");
    await expect(asked("delete from graphile_worker._private_jobs")).rejects.toThrow("permission denied");
    await expect.poll(waiting).toEqual([]);
  });
});
