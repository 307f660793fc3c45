import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { areaRange, everywhere } from "#kernel/area";
import { nested, openPool, type Database, type Pool, type Sql } from "./db.ts";
import { preparation } from "./distribute.ts";
import { boundsText, setBounds } from "./fence.ts";
import { testWorld, type TestWorld } from "./testing.ts";

/** Row-level security as it is on one machine and as it is after the preparation for several, on the same rows. */

const fencedTables = ["person", "sample", "absence", "person_control", "household", "event"] as const;
type Counts = Record<string, number>;

async function counts(sql: Sql): Promise<Counts> {
  const found: Counts = {};
  for (const table of fencedTables)
    found[table] = (await sql.one<{ n: number }>(`select count(*)::int as n from ${table}`)).n;
  return found;
}

const each = (n: number): Counts => Object.fromEntries(fencedTables.map((table) => [table, n]));

describe.each([
  ["on one machine", ""],
  ["prepared for several", preparation()],
])("the fence of areas, %s", (_, prepare) => {
  let world: TestWorld;
  let pool: Pool;

  beforeAll(async () => {
    world = await testWorld();
    await world.sql.script(`
      insert into round (id, outbreak_id, kind, no, area_code, scope, area_type, stage, day, pool_size, household_size, protocol_version, opened_at, state)
        values ('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002', 'area', 1, '3717', '{}', 'low', 'regular', '2022-07-24', 10, 10, '1', '2022-07-24', 'open');
      insert into person (id, area_code, name, sex, register, registered_at)
        select n, area, 'n', 'unknown', 'r', '2022-07-24' from unnest(array['371721123201', '371722123201']) with ordinality t (area, n);
      insert into sample (round_id, person_id, tube_id, at, area_code)
        select '00000000-0000-7000-8000-000000000001', id, 1, '2022-07-24', area_code from person;
      insert into absence (round_id, person_id, area_code, reason, recorded_at, recorded_by)
        select '00000000-0000-7000-8000-000000000001', id, area_code, 'away', '2022-07-24', 'x' from person;
      insert into person_control (person_id, area_code, status, since) select id, area_code, 'home', '2022-07-24' from person;
      insert into household (area_code, register, ref) select area_code, 'r', id::text from person;
      insert into event (id, at, name, area_code, subject_type, subject_id, actor_id, actor_name, data)
        select gen_random_uuid(), '2022-07-24', 'x', area_code, 'person', id::text, 'x', 'x', '{}' from person`);
    await world.sql.script(prepare);
    // One connection, so that each transaction comes after the one before.
    pool = openPool(world.url, { role: "wuyang_app", size: 1 });
  });
  afterAll(async () => {
    await pool.close();
    await world.close();
  });

  const within = (code: string | null): Promise<Counts> =>
    pool.transaction(async (sql) => {
      if (code !== null) await setBounds(sql, code === "" ? everywhere : areaRange(code));
      return counts(sql);
    });

  it("shows nothing to a transaction that set no bounds, on a fresh connection and after one that had them", async () => {
    expect(await within(null)).toEqual(each(0));
    expect(await within("")).toEqual(each(2));
    expect(await within(null)).toEqual(each(0));
  });

  it("binds a transaction that begins with its bounds, one inside another too, and none after it", async () => {
    const counted = (db: Database, code: string) => db.transaction(counts, boundsText(areaRange(code)));
    expect(await counted(pool, "371721")).toEqual(each(1));
    expect(await within(null)).toEqual(each(0));
    const inside = pool.transaction((sql) => counted(nested(sql), "371721"), boundsText(everywhere));
    expect(await inside).toEqual(each(1));
  });

  it("shows an area its own rows, and takes no others from it", async () => {
    expect(await within("371721")).toEqual(each(1));
    expect(await within("371721123201")).toEqual(each(1));
    expect(await within("371723")).toEqual(each(0));
    await expect(
      pool.transaction(async (sql) => {
        await setBounds(sql, areaRange("371721"));
        await sql.run("insert into person_control values (9, '371722123201', 'home', '2022-07-24')");
      }),
    ).rejects.toThrow(/row-level security/);
  });

  it("holds for the rest of the transaction after a savepoint was rolled back", async () => {
    const seen = await pool.transaction(async (sql) => {
      await setBounds(sql, areaRange("371721"));
      await sql.script("savepoint inner_step");
      await setBounds(sql, everywhere);
      await sql.script("rollback to inner_step");
      return counts(sql);
    });
    expect(seen).toEqual(each(1));
  });

  it("is lifted by a look into other counties for that look alone", async () => {
    const [homes, seen] = await pool.transaction(async (sql) => {
      await setBounds(sql, areaRange("371721"));
      const found = await sql.many(
        "select id from wuyang.person_refs('r', array['x']) union all select id from wuyang.person_homes('{}')",
      );
      return [found, await counts(sql)] as const;
    });
    expect(homes).toEqual([]);
    expect(seen).toEqual(each(1));
  });

  it("takes a bound as a text, whatever is in it", async () => {
    const bound = "'; set role postgres; --\\";
    const [row] = await pool.transaction(async (sql) => {
      await setBounds(sql, { lo: bound, hi: bound });
      return sql.many("select current_setting('wuyang.lo') as lo, current_user as who");
    });
    expect(row).toEqual({ lo: bound, who: "wuyang_app" });
  });
});

describe("a registration in two counties at once", () => {
  it("finds the person whom the other has just registered, without a unique key to refuse it", async () => {
    const world = await testWorld();
    await world.sql.script(preparation());
    // What wuyang.is_spread() says where Citus has the table.
    await world.sql.script(
      "create or replace function wuyang.is_spread(target regclass) returns boolean language sql as 'select true'",
    );
    const pool = openPool(world.url, { role: "wuyang_app", size: 2 });
    const register = (): Promise<number> =>
      pool.transaction(async (sql) => {
        await setBounds(sql, everywhere);
        const known = await sql.many<{ id: number }>("select id from wuyang.person_homes(array['\\x01'::bytea])");
        if (known[0]) return known[0].id;
        const made = await sql.one<{ id: number }>(
          `insert into person (area_code, name, sex, id_kind, id_hash, id_enc, register, registered_at)
           values ('371721123201', 'n', 'unknown', 'residentId', '\\x01', '\\x01', 'r', '2022-07-24') returning id`,
        );
        return made.id;
      });
    try {
      const ids = await Promise.all([register(), register()]);
      expect(new Set(ids).size).toBe(1);
    } finally {
      await pool.close();
      await world.close();
    }
  });
});
