import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { areaRange, everywhere, type AreaRange } from "#kernel/area";
import { prngOf } from "#kernel/prng";
import { addMinutes } from "#kernel/time";
import { openPool, type Pool, type Sql } from "#platform/db";
import { distribute, dropLocalRows, preparation, spreadStatements } from "#platform/distribute";
import { createBus } from "#platform/events";
import { setBounds } from "#platform/fence";
import { migrate, selfTest } from "#platform/migrate";
import { secretsOf } from "#platform/secrets";
import { testWorld, type TestClock, type TestWorld } from "#platform/testing";
import { modules } from "#server/modules";
import { answers, cityOf, load, type City, type Loaded } from "./spread/city.ts";
import { explainTexts, planned, plannedCalls, taskCounts } from "./spread/plans.ts";

/**
 * The same small city in three databases: plain, prepared as for Citus but on one machine, and, where CITUS_URL names an
 * empty database of a Citus coordinator with its workers, spread. The first two run always; only the third proves what
 * Citus does. docs/runbooks/several-machines.md says how to make one.
 */

const citusUrl = process.env["CITUS_URL"];

interface Told {
  readonly loaded: Loaded;
  readonly answers: Record<string, unknown>;
}

async function tell(city: City): Promise<Told> {
  const loaded = await load(city);
  return { loaded, answers: await answers(city, loaded) };
}

let plain: TestWorld;
let plainTold: Told;

beforeAll(async () => {
  plain = await testWorld({ modules });
  plainTold = await tell(cityOf(plain));
});
afterAll(() => plain?.close());

/** Sends the statements of the hot paths as the application; gives the task counts of their plans. */
async function plansOf(pool: Pool): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {};
  await pool.transaction(async (sql) => {
    await setBounds(sql, everywhere);
    for (const [i, one] of planned.entries()) {
      const [prepare, explain] = explainTexts(one, `planned_${i}`);
      await sql.script(prepare);
      const lines = await sql.many<Record<string, string>>(explain);
      found[one.place] = taskCounts(lines.map((line) => Object.values(line).join()));
    }
  });
  return found;
}

/** Runs the calls of the hot paths; Citus stops at a query of more than one task where it is told to. */
async function callAsOneTask(pool: Pool): Promise<void> {
  await pool.transaction(async (sql) => {
    await setBounds(sql, everywhere);
    await sql.script("set local citus.multi_task_query_log_level = 'error'");
    for (const call of plannedCalls) await sql.many(call);
  });
}

describe("the city on one machine", () => {
  it("is one in which something happens", () => {
    expect(plainTold.loaded.said).toMatchObject({ found: { close: 7, secondary: 5, general: 0 } });
    const { coPresence, met, contacts, untested } = plainTold.answers as Record<string, unknown[]>;
    expect(coPresence?.length).toBeGreaterThan(2);
    expect(met?.length).toBeGreaterThan(2);
    expect(untested?.length).toBeGreaterThan(2);
    expect(contacts).toMatchObject({ items: Array.from({ length: 12 }, () => ({})) });
    expect(plainTold.answers["balance"]).toMatchObject({ broken: 0 });
    expect(plainTold.answers["sampledOnce"]).toMatchObject({ broken: 0 });
  });

  it("answers the same once the database is prepared for several", async () => {
    const prepared = await testWorld({ modules });
    try {
      await prepared.sql.script(preparation());
      expect(await tell(cityOf(prepared))).toEqual(plainTold);
    } finally {
      await prepared.close();
    }
  });

  it("has plans for the statements of the hot paths, without a shard in them", async () => {
    const plans = await plansOf(plain.pool);
    expect(Object.values(plans)).toEqual(planned.map(() => []));
    await callAsOneTask(plain.pool);
  });

  it("counts the tasks of a plan as Citus writes them", () => {
    const explained = [
      "Sort",
      "  ->  Custom Scan (Citus Adaptive)",
      "        Task Count: 32",
      "        ->  Distributed Subplan 5_1",
      "              ->  Custom Scan (Citus Adaptive)",
      "                    Task Count: 1",
    ];
    expect(taskCounts(explained)).toEqual([32, 1]);
  });
});

/** A fresh database on the coordinator, migrated and spread, with the city's own clock and random numbers. */
async function spreadWorld(
  url: string,
): Promise<{ world: City; owner: Pool; pool: Pool; sql: Sql; done: string[]; close(): Promise<void> }> {
  const owner = openPool(url, { size: 2 });
  const taken = await owner.transaction((sql) =>
    sql.maybe("select to_regclass('public.migration') as name where to_regclass('public.migration') is not null"),
  );
  if (taken) throw new Error("CITUS_URL must name an empty database: this one has tables of Wuyang");
  await migrate(owner);
  await selfTest(owner);
  const done = await owner.transaction(distribute);
  await owner.transaction((sql) => dropLocalRows(sql, done));
  const pool = openPool(url, { role: "wuyang_app", size: 5 });
  const { sql, release } = await owner.connect();
  const bus = createBus();
  for (const module of modules) module.register(bus);
  const permissions = new Set(modules.flatMap((module) => module.permissions));
  const services = { bus, secrets: secretsOf(Buffer.alloc(32, 7)) };
  const prng = prngOf(1, "city");
  let now = "2022-07-24T00:00:00.000Z";
  const clock: TestClock = {
    now: () => now,
    set: (at) => (now = at),
    forward: (minutes) => (now = addMinutes(now, minutes)),
  };
  return {
    owner,
    pool,
    sql,
    done,
    world: {
      clock,
      ctx: ({ reason, areaCode = "", name = "tester" } = {}) => ({
        actor: { id: name, name, roles: ["test"], permissions, areaCode },
        clock,
        prng,
        db: pool,
        services,
        lang: "en",
        ...(reason === undefined ? {} : { reason }),
      }),
    },
    async close() {
      await release();
      await pool.close();
      await owner.close();
    },
  };
}

type Spread = Awaited<ReturnType<typeof spreadWorld>>;

/** The tables of the plan are on shards, and telling it again changes nothing. */
async function checkTables({ done, owner }: Spread): Promise<void> {
  expect(done.toSorted()).toEqual(
    spreadStatements()
      .map(({ name }) => name)
      .toSorted(),
  );
  expect(await owner.transaction(distribute)).toEqual([]);
}

async function checkPlans({ pool }: Spread): Promise<void> {
  // The members of a household are a listed fan-out: the person asked is one task, the household one on each shard.
  const { "people/people.store.ts selectHouseholdMembers": household = [], ...others } = await plansOf(pool);
  expect(household).toContain(1);
  for (const [place, counts] of Object.entries(others)) {
    expect(counts, place).not.toEqual([]);
    expect(new Set(counts), place).toEqual(new Set([1]));
  }
  await callAsOneTask(pool);
}

/** The shards hide their rows from who set no bounds, and those of other areas from who did. */
async function checkFence({ pool }: Spread): Promise<void> {
  const count = (range: AreaRange | null): Promise<number> =>
    pool.transaction(async (sql) => {
      if (range) await setBounds(sql, range);
      return (await sql.one<{ n: number }>("select count(*) as n from person")).n;
    });
  expect(await count(null)).toBe(0);
  expect(await count(areaRange("371721"))).toBe(9);
  expect(await count(everywhere)).toBe(19);
}

it.runIf(citusUrl !== undefined)(
  citusUrl === undefined
    ? "CITUS_URL is not set, so nothing here proves that Citus takes the tables, plans the hot paths on one shard, carries the bounds of row-level security to the workers, or answers as one machine does"
    : "the city on several machines: Citus takes the tables, asks one shard on the hot paths, keeps the fence, and answers as one machine does",
  async () => {
    const spread = await spreadWorld(citusUrl ?? "");
    try {
      await checkTables(spread);
      expect(await tell(spread.world)).toEqual(plainTold);
      await checkPlans(spread);
      await checkFence(spread);
    } finally {
      await spread.close();
    }
  },
);
