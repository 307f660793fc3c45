import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { distribute, preparation, spreadStatements } from "./distribute.ts";
import { obstacles } from "./obstacles.ts";
import { placements, type Placement } from "./placement.ts";
import { testWorld, type TestWorld } from "./testing.ts";

/** What Citus refuses is read from the catalog of a migrated database; each rule is shown what it must find. */

const plan = (places: Record<string, { by: string; beside?: string }>): Record<string, Placement> =>
  Object.fromEntries(
    Object.entries(places).map(([name, place]) => [name, { kind: "distributed", why: "planted", ...place }]),
  );

describe("what stands in the way of spreading", () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld();
  });
  afterAll(() => world.close());
  beforeEach(() => world.sql.script("begin"));
  afterEach(() => world.sql.script("rollback"));

  it("nothing does, once the database is prepared; before, each part of the preparation is missed", async () => {
    const before = await obstacles(world.sql, placements);
    expect(before).toEqual([
      "person_identity does not hold id, which person is spread by",
      "person_ref does not hold id, which person is spread by",
      "absence_round_id_fkey refers from absence, which is spread, to round, which stays",
      "person_alias_person_id_fkey refers from person_alias, which stays, to person, which is spread",
      "the policy jurisdiction on absence has a subquery",
      "the policy jurisdiction on person has a subquery",
      "the policy jurisdiction on person_control has a subquery",
      "the policy jurisdiction on sample has a subquery",
    ]);
    await world.sql.script(preparation());
    expect(await obstacles(world.sql, placements)).toEqual([]);
    // An upgrade runs it again.
    await world.sql.script(preparation());
    expect(await obstacles(world.sql, placements)).toEqual([]);
  });

  it("nothing does on the days that visits come in, are closed, packed and dropped", async () => {
    await world.sql.script(preparation());
    await world.sql.script(`select wuyang.add_visit_day('2022-07-23'); select wuyang.add_visit_day('2022-07-24');
      select wuyang.close_visit_day('2022-07-23'); select wuyang.begin_visit_seal('2022-07-23');
      select wuyang.end_visit_seal('2022-07-23', 0, 1::smallint, '2022-07-24')`);
    expect(await obstacles(world.sql, placements)).toEqual([]);
  });

  it("a key without the distribution column, an index as well as a constraint", async () => {
    await world.sql.script(`create table planted (id bigint primary key, person_id bigint not null, code text);
      create unique index planted_code on planted (code, person_id); create unique index planted_part on planted (id) where code is null`);
    expect(await obstacles(world.sql, plan({ planted: { by: "person_id" } }))).toEqual([
      "planted_part does not hold person_id, which planted is spread by",
      "planted_pkey does not hold person_id, which planted is spread by",
    ]);
  });

  it("an exclusion that does not compare the distribution column by «=»", async () => {
    await world.sql.script(`create table planted (person_id bigint, held tstzrange, no integer,
      constraint planted_right exclude using gist (person_id with =, held with &&),
      constraint planted_wrong exclude using gist (person_id with <>, held with &&),
      constraint planted_none exclude using gist (no with =, held with &&))`);
    expect(await obstacles(world.sql, plan({ planted: { by: "person_id" } }))).toEqual([
      "planted_none does not hold person_id, which planted is spread by",
      "planted_wrong does not hold person_id, which planted is spread by",
    ]);
  });

  it("foreign keys that would cross from shard to shard or to the coordinator", async () => {
    await world.sql.script(`create table planted_to (id bigint, no bigint, primary key (id, no));
      create table planted_from (id bigint, no bigint, other bigint,
        constraint right_one foreign key (id, no) references planted_to (id, no),
        constraint wrong_place foreign key (no, id) references planted_to (id, no),
        constraint set_null foreign key (id, no) references planted_to (id, no) on delete set null);
      create table planted_home (id bigint, no bigint, constraint from_home foreign key (id, no) references planted_to (id, no));
      alter table planted_from add constraint to_home foreign key (id) references household (id)`);
    const places = plan({ planted_to: { by: "id" }, planted_from: { by: "id", beside: "planted_to" } });
    expect(await obstacles(world.sql, places)).toEqual([
      "from_home refers from planted_home, which stays, to planted_to, which is spread",
      "set_null would change the distribution column",
      "to_home refers from planted_from, which is spread, to household, which stays",
      "wrong_place refers across shards: both distribution columns must stand in one place of it",
    ]);
    const apart = plan({ planted_to: { by: "id" }, planted_from: { by: "id" } });
    expect(await obstacles(world.sql, apart)).toContain(
      "right_one refers across shards: both distribution columns must stand in one place of it",
    );
  });

  it("triggers, policies with a subquery, numbers that count by themselves, and columns that are made", async () => {
    await world.sql
      .script(`create table planted (id integer generated always as identity, area_code text, twice integer generated always as (7) stored);
      select wuyang.protect('planted'); select wuyang.append_only('planted')`);
    expect(await obstacles(world.sql, plan({ planted: { by: "twice" } }))).toEqual([
      "planted has the trigger append_only",
      "the policy jurisdiction on planted has a subquery",
      "planted.id counts by itself and is no bigint",
      "planted is spread by twice, which is generated",
    ]);
    expect(await obstacles(world.sql, plan({ planted: { by: "person_id" } }))).toContain(
      "planted has no column person_id to be spread by",
    );
  });

  it("neighbours of another type, and tables that are none", async () => {
    await world.sql
      .script(`create table planted (person_id integer); create view planted_view as select 1::bigint as id;
      create table planted_twice (id bigint) partition by range (id);
      create table planted_half partition of planted_twice for values from (1) to (9) partition by hash (id);
      create table planted_parent (id bigint); create table planted_heir () inherits (planted_parent)`);
    const places = plan({
      sample: { by: "person_id" },
      planted: { by: "person_id", beside: "sample" },
      planted_view: { by: "id" },
      planted_twice: { by: "id" },
      planted_parent: { by: "id" },
    });
    const found = await obstacles(world.sql, places);
    expect(found).toContain("planted cannot lie beside sample: their distribution columns differ in type");
    expect(found).toContain("planted_view is no table to be spread");
    expect(found).toContain("planted_twice has partitions that are partitioned");
    expect(found).toContain("planted_parent has heirs");
  });

  it("spreads the table that others lie beside before them, and says what is missing without Citus", async () => {
    const names = spreadStatements().map(({ name }) => name);
    for (const [name, place] of Object.entries(placements))
      if (place.kind === "distributed" && place.beside !== undefined)
        expect(names.indexOf(place.beside)).toBeLessThan(names.indexOf(name));
    await expect(distribute(world.sql)).rejects.toThrow("The extension citus is not in this database");
  });
});
