import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { distribute, dropLocalRows, gather, hasCitus, preparation, spreadStatements } from "./distribute.ts";
import { describeSchema } from "./schema.ts";
import { testWorld, type TestWorld } from "./testing.ts";

/**
 * Citus is outside and is played: the tables and functions of it that are asked, noting what they were told, in a
 * transaction that is rolled back. What it does with that is for tests/citus.test.ts.
 */
const standIn = `
  set local allow_system_table_mods = on;
  create table pg_catalog.pg_dist_partition (logicalrelid regclass, told text);
  create table pg_catalog.pg_dist_node (nodename text, isactive boolean, noderole text, shouldhaveshards boolean);
  create table public.played_login (nodename text, result text);
  create table public.played_freed (name regclass);
  grant select on pg_catalog.pg_dist_partition to public;
  create function create_distributed_table(name regclass, by text, colocate_with text) returns void language sql
    as $$ insert into pg_catalog.pg_dist_partition values (name, by || ' ' || colocate_with) $$;
  create function run_command_on_workers(command text) returns table (nodename text, result text) language sql
    as $$ select nodename, result from public.played_login $$;
  create function truncate_local_data_after_distributing_table(name regclass) returns void language sql
    as $$ insert into public.played_freed values (name) $$;
  create function citus_total_relation_size(name regclass) returns bigint language sql as $$ select 4711::bigint $$;
  insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    values (999999, 'citus', 10, 'public'::regnamespace, false, '13.2');
  insert into pg_dist_node values ('worker1', true, 'primary', true);
  insert into played_login values ('worker1', 't')`;

describe("spreading", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await world.sql.script("begin");
    await world.sql.script(standIn);
  });
  afterEach(() => world.sql.script("rollback"));

  const told = (): Promise<unknown[]> =>
    world.sql.many("select logicalrelid::text as name, told from pg_dist_partition order by ctid");

  it("tells Citus each table once, and the neighbours of whom they lie beside", async () => {
    expect(await hasCitus(world.sql)).toBe(true);
    const done = await distribute(world.sql);
    expect(done).toEqual(spreadStatements().map(({ name }) => name));
    expect(await told()).toEqual([
      { name: "visit", told: "venue_no none" },
      { name: "visit_by_person", told: "bucket none" },
      { name: "person", told: "id none" },
      { name: "visit_closing", told: "venue_no public.visit" },
      { name: "visit_by_venue", told: "venue_no public.visit" },
      { name: "sample", told: "person_id public.person" },
      { name: "absence", told: "person_id public.person" },
      { name: "person_control", told: "person_id public.person" },
    ]);
    expect(await distribute(world.sql)).toEqual([]);
    await dropLocalRows(world.sql, done);
    expect(await world.sql.one("select count(*)::int as n from played_freed")).toEqual({ n: done.length });
  });

  it("packs a day into tables that are spread before they are filled, and counts what they take on all machines", async () => {
    await distribute(world.sql);
    await world.sql.script("select wuyang.add_visit_day('2022-07-23'); select wuyang.close_visit_day('2022-07-23')");
    await world.sql.script("select wuyang.begin_visit_seal('2022-07-23')");
    expect((await told()).slice(-2)).toEqual([
      { name: "visit_by_venue_new_20220723", told: "venue_no visit_by_venue" },
      { name: "visit_by_person_new_20220723", told: "bucket visit_by_person" },
    ]);
    expect(
      await world.sql.one("select wuyang.end_visit_seal('2022-07-23', 0, 1::smallint, '2022-07-24')::int as bytes"),
    ).toEqual({ bytes: 2 * 4_711 });
  });

  it("says all that is in the way: no machine, no log-in, a table that Citus would refuse", async () => {
    await world.sql.script(`update pg_dist_node set shouldhaveshards = false; update played_login set result = 'f';
      create trigger planted before insert on sample for each statement execute function wuyang.refuse_change()`);
    await expect(distribute(world.sql)).rejects.toThrow(
      "Nothing was changed, because\n- no machine takes shards: add the workers with citus_add_node()\n" +
        "- on worker1 the role wuyang_app cannot log in: create it there with LOGIN\n- sample has the trigger planted",
    );
    expect(await told()).toEqual([]);
  });

  it("is not for a role that row-level security binds: it could not copy the rows", async () => {
    await world.sql.script("create role planted_owner; grant all on all tables in schema public to planted_owner");
    await world.sql.script(
      "alter table person owner to planted_owner; alter table sample owner to planted_owner; alter table absence owner to planted_owner; alter table person_control owner to planted_owner; alter table person_alias owner to planted_owner; grant all on schema public, wuyang to planted_owner; grant select on pg_dist_node to planted_owner; alter function wuyang.stays_of owner to planted_owner; alter function wuyang.visitors_of owner to planted_owner; alter function wuyang.meetings_of owner to planted_owner; set local role planted_owner",
    );
    await expect(distribute(world.sql)).rejects.toThrow(
      "the role planted_owner is bound by row-level security: connect as a superuser",
    );
  });
});

describe("the way back to one machine", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld();
  });
  afterAll(() => world.close());
  beforeEach(() => world.sql.script("begin"));
  afterEach(() => world.sql.script("rollback"));

  const shape = async (): Promise<string> => {
    const { text } = await world.sql.one<{ text: string }>(
      "select string_agg(pg_get_functiondef(oid), ' ' order by proname) as text from pg_proc where pronamespace = 'wuyang'::regnamespace",
    );
    return (await describeSchema(world.sql)) + text;
  };

  it("leads from the prepared database to exactly what the migrations make, however often it is walked", async () => {
    const before = await shape();
    await gather(world.sql);
    expect(await shape()).toBe(before);
    for (let i = 0; i < 2; i++) {
      await world.sql.script(preparation());
      const prepared = await shape();
      expect(prepared).not.toBe(before);
      await world.sql.script(preparation());
      expect(await shape()).toBe(prepared);
      await gather(world.sql);
      await gather(world.sql);
      expect(await shape()).toBe(before);
    }
  });

  it("keeps what an upgrade of the spread database brings to the two questions of tracing", async () => {
    await world.sql.script(preparation());
    const upgrade = `create or replace function wuyang.stays_of(people integer[], buckets integer[], first_day date, last_day date, from_s integer, to_s integer)
      returns table (person integer, venue integer, s integer, len integer, body bytea) language sql stable as $$ select 1, 2, 3, 4, null::bytea $$`;
    await world.sql.script(upgrade);
    const asked = "select person from wuyang.stays_of('{}', '{}', '2022-07-23', '2022-07-24', 0, 1)";
    expect(await world.sql.many(asked)).toEqual([{ person: 1 }]);
    await world.sql.script(preparation());
    expect(await world.sql.many(asked)).toEqual([]);
    await gather(world.sql);
    expect(await world.sql.many(asked)).toEqual([{ person: 1 }]);
  });

  it("stops at an identity that was registered twice, and where Citus is", async () => {
    await world.sql.script(preparation());
    const twice = `insert into person (area_code, name, sex, id_kind, id_hash, id_enc, register, registered_at)
      select '371721123201', 'n', 'unknown', 'residentId', '\\x01', '\\x01', 'r', '2022-07-24' from generate_series(1, 2)`;
    await world.sql.script(`${twice}; savepoint made`);
    await expect(gather(world.sql)).rejects.toThrow('could not create unique index "person_identity"');
    await world.sql.script(`rollback to made; ${standIn}`);
    await expect(gather(world.sql)).rejects.toThrow("The extension citus is in this database.");
  });
});
