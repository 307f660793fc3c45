import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testWorld, type TestWorld } from "./testing.ts";

describe("a connection that PostgreSQL ends", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld();
  });
  afterAll(() => world.close());

  it("fails the transaction it is lent to, and nothing else", async () => {
    const broken = world.pool.transaction(async (sql) => {
      const { pid } = await sql.one<{ pid: number }>("select pg_backend_pid() as pid");
      await world.sql.run("select pg_terminate_backend($1)", [pid]);
      // Between two statements nobody waits for an answer: what then arrives must not stop the program.
      await sleep(100);
      await sql.run("select 1");
    });
    await expect(broken).rejects.toThrow(/connection/i);
    expect(await world.pool.transaction((sql) => sql.one("select 1 as one"))).toEqual({ one: 1 });
  });
});
