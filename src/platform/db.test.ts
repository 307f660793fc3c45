import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instantText } from "./db.ts";
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

describe("a moment as PostgreSQL writes it", () => {
  it.each([
    ["2022-07-24 00:30:00+00", "2022-07-24T00:30:00.000Z"],
    ["2022-07-24 00:30:00.5+00", "2022-07-24T00:30:00.500Z"],
    ["2022-07-24 23:59:59.123456+00", "2022-07-24T23:59:59.123Z"],
    ["2022-07-24 23:59:59.07+00", "2022-07-24T23:59:59.070Z"],
    ["0099-12-31 00:00:00+00", "0099-12-31T00:00:00.000Z"],
  ])("%s is the instant %s, as a Date would have it", (text, instant) => {
    expect(instantText(text)).toBe(instant);
    expect(instantText(text)).toBe(new Date(text.replace(" ", "T").replace("+00", "Z")).toISOString());
  });

  it("leaves what is no moment to a Date, which refuses it", () => {
    expect(() => instantText("infinity")).toThrow(RangeError);
  });
});
