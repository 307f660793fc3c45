import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { placements } from "#platform/placement";
import {
  databaseFunctions,
  ground,
  readFunction,
  readSources,
  spreadTables,
  tables,
  type Read,
} from "./spread/ground.ts";
import { functionsOf } from "./spread/functions.ts";
import { fanOuts, hotPaths, refused, unknown } from "./spread/known.ts";
import { reachOf } from "./spread/reach.ts";
import { sqlTexts } from "./spread/texts.ts";
import { parse } from "./spread/tree.ts";

/**
 * Every statement of the program, read by PostgreSQL's own parser: on the hot paths it names the shard it asks, or stands
 * here with the reason and what it costs; and none has what Citus refuses. What Citus really plans only a Citus can say:
 * tests/citus.test.ts.
 */

const { reads, faults, loose } = readSources();
const functions = databaseFunctions();
const everything: readonly Read[] = [...reads, ...functions.flatMap((made) => readFunction(made))];

const isFanOut = (bound: string): boolean => bound === "joined" || bound === "all";
const unique = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted();

function fanOutsOf(list: readonly Read[]): string[] {
  return unique(
    list.flatMap(({ place, reaches }) =>
      reaches.flatMap(({ table, bound }) => (isFanOut(bound) ? [`${place} ${table}`] : [])),
    ),
  );
}

describe("the plan of distribution", () => {
  it("names every table of the schema and no other", () => {
    expect(Object.keys(placements).toSorted()).toEqual(tables.toSorted());
  });
});

describe("the program's statements", () => {
  it("are all read", () => {
    expect(reads.length).toBeGreaterThan(900);
    expect(faults).toEqual([]);
    expect(loose).toEqual([]);
    expect(unique(everything.flatMap(({ place, unknown: names }) => (names.length > 0 ? [place] : [])))).toEqual(
      Object.keys(unknown).toSorted(),
    );
  });

  it("name the shards they ask, or are listed with the reason", () => {
    expect(fanOutsOf(everything)).toEqual(Object.keys(fanOuts).toSorted());
  });

  it("have nothing that Citus refuses, but for those listed", () => {
    const found = everything.filter(({ place, refusals }) => refusals.length > 0 && refused[place] === undefined);
    expect(found.map(({ place, refusals }) => `${place}: ${refusals.join("; ")}`)).toEqual([]);
    for (const place of Object.keys(refused))
      expect(
        everything.some((read) => read.place === place && read.refusals.length > 0),
        place,
      ).toBe(true);
  });

  it("put rows of a spread table only with its distribution column", () => {
    const puts = everything.flatMap(({ place, reaches }) =>
      reaches.filter(({ bound }) => bound === "put").map(({ table }) => `${place} ${table}`),
    );
    expect(unique(puts.map((put) => put.split(" ").at(-1) ?? ""))).toEqual(
      spreadTables.filter((table) => table !== "visit_closing").toSorted(),
    );
  });
});

describe("the hot paths", () => {
  const hot = Object.values(hotPaths).flat();

  it.each(Object.entries(hotPaths))("%s: each statement reaches its shard, or says what it costs", (_, places) => {
    for (const place of places) {
      const own = everything.filter((read) => read.place === place);
      expect(
        own.flatMap(({ reaches }) => reaches),
        place,
      ).not.toEqual([]);
      expect(refused[place], place).toBeUndefined();
      for (const fanOut of fanOutsOf(own)) expect(fanOuts[fanOut], fanOut).toMatch(/^hot: /);
    }
  });

  it("hold every fan-out that calls itself hot", () => {
    for (const [fanOut, why] of Object.entries(fanOuts))
      if (why.startsWith("hot: ")) expect(hot, fanOut).toContain(fanOut.slice(0, fanOut.lastIndexOf(" ")));
  });
});

describe("the reading of a statement", () => {
  function read(text: string): { reaches: string[]; refusals: string[]; unknown: string[] } {
    const parsed = parse(text);
    if ("fault" in parsed) throw new Error(parsed.fault);
    const all = parsed.trees.map((tree) => reachOf(tree, ground));
    return {
      reaches: all.flatMap(({ reaches }) => reaches.map(({ table, bound }) => `${table} ${bound}`)),
      refusals: all.flatMap(({ refusals }) => refusals),
      unknown: all.flatMap((one) => one.unknown),
    };
  }

  it.each([
    ["select 1 from person where id = $1", ["person one"]],
    ["select 1 from person p where $1::bigint = p.id", ["person one"]],
    ["select 1 from person where id = any($1::bigint[])", ["person some"]],
    ["select 1 from person where id in (1, 2)", ["person some"]],
    // The column's name alone does not find a shard: it must be compared with a value.
    ["select id from person where area_code = $1 order by id", ["person all"]],
    ["select 1 from person where id > $1", ["person all"]],
    ["select 1 from person where id = $1 or area_code = $2", ["person all"]],
    ["select 1 from person where id = household_id", ["person joined"]],
    ["select 1 from unnest($1::bigint[]) u (id) join person p on p.id = u.id", ["person joined"]],
    ["select 1 from unnest($1::bigint[]) u (id) join person p using (id)", ["person joined"]],
    ["select 1 from person where id in (select person_id from contact)", ["person joined"]],
    ["select 1 from person p join sample s on s.person_id = p.id where s.person_id = $1", ["person one", "sample one"]],
    ["select 1 from person p join sample s on s.person_id = p.id where s.tube_id = $1", ["person all", "sample all"]],
    [
      "select 1 from person p where p.id = $1 and not exists (select from sample s where s.person_id = p.id)",
      ["sample one", "person one"],
    ],
    ["with p as (select id from person where id = $1) select 1 from p", ["person one"]],
    ["insert into sample (round_id, person_id, tube_id, at, area_code) values ($1, $2, $3, $4, $5)", ["sample put"]],
    ["insert into visit (day, person_id) values ($1, $2)", ["visit all"]],
    ["copy visit (day, venue_no, person_id, s, len) from stdin", ["visit put"]],
    ["copy visit (day, person_id) from stdin", ["visit all"]],
    ["copy (select 1 from visit where venue_no = 7) to stdout", ["visit one"]],
    ["update visit set len = 1 where venue_no = $1", ["visit one"]],
    ["delete from absence where round_id = $1", ["absence all"]],
    ["select 1 from contact where person_id = $1", []],
  ])("finds what %s reaches", (text, reaches) => {
    expect(read(text)).toEqual({ reaches, refusals: [], unknown: [] });
  });

  it.each([
    [
      "select 1 from sample s join tube t on t.id = s.tube_id where s.person_id = any($1)",
      "a local and a spread table in one query",
    ],
    [
      "with s as (select tube_id from sample where person_id = any($1)) select 1 from s join tube t on t.id = s.tube_id",
      "a local and a spread table in one query",
    ],
    ["update tube t set size = 1 from sample s where s.tube_id = t.id", "a local and a spread table in one query"],
    [
      "select 1 from sample where person_id = any($1) for update",
      "FOR UPDATE across shards («SQL Support and Workarounds»)",
    ],
    [
      "select 1 from unnest($1::bigint[]) u (id) left join person p on p.id = u.id",
      "an outer join that pulls a spread table together",
    ],
    [
      "select 1 from person p right join unnest($1::bigint[]) u (id) on p.id = u.id",
      "an outer join that pulls a spread table together",
    ],
    [
      "select 1 from person p full join unnest($1::bigint[]) u (id) on p.id = u.id",
      "an outer join that pulls a spread table together",
    ],
    [
      "select 1 from unnest($1::bigint[]) u (id) cross join lateral (select 1 from sample where tube_id = u.id offset 0) s",
      "LIMIT, OFFSET or GROUP BY in a lateral query of a spread table (planner/query_pushdown_planning.c, DeferErrorIfCannotPushdownSubquery)",
    ],
    [
      "select 1 from unnest($1::bigint[]) u (id) cross join lateral (select 1 from sample s where s.tube_id = u.id union select 2 from sample s where s.tube_id = u.id) s",
      "a union inside a lateral query of a spread table",
    ],
    [
      "select 1 from tube t where exists (select from sample s where s.tube_id = t.id)",
      "a subquery of a spread table that looks at rows which are on no shard («SQL Support and Workarounds», correlated subqueries)",
    ],
    [
      "select 1 from person a join person b on b.household_id = a.household_id",
      "a join of spread tables by another column than the distribution column («Configuration Reference», citus.enable_repartition_joins)",
    ],
    [
      "select 1 from visit v join person p on p.id = v.person_id",
      "a join of spread tables by another column than the distribution column («Configuration Reference», citus.enable_repartition_joins)",
    ],
    [
      "with m as (select * from unnest($1::bigint[], $2::bigint[]) m (a, b)) select 1 from m join unnest($3::int[], $4::int[]) n (a, b) on true join person p on p.id = m.a",
      "a joined list of several arrays; it must stand in a WITH of its own",
    ],
    [
      "insert into sample (round_id, person_id) select $1, u from unnest($2::bigint[]) u",
      "INSERT … SELECT into a fenced table with neither ON CONFLICT nor RETURNING",
    ],
    [
      "insert into absence (round_id, person_id) select $1, id from person where id = any($2) on conflict (person_id, round_id) do update set reason = (select 'x')",
      "a subquery in ON CONFLICT («subqueries are not supported within INSERT queries», planner/multi_router_planner.c)",
    ],
    [
      "with recursive up as (select 1 as n union all select n + 1 from up) select 1 from up join person p on p.id = up.n",
      "a recursive WITH («SQL Support and Workarounds»)",
    ],
    ["select 1 from person tablesample system (1)", "TABLESAMPLE («SQL Support and Workarounds»)"],
    [
      "select 1 from person group by grouping sets ((sex), (register))",
      "grouping sets («SQL Support and Workarounds»)",
    ],
  ])("refuses %s", (text, refusal) => {
    expect(read(text).refusals).toEqual([refusal]);
  });

  it.each([
    "select 1 from person p join sample s on s.person_id = p.id where p.id = $1 for update",
    "select 1 from person where id = $1 limit 1 for update",
    "with s as materialized (select tube_id from sample where person_id = any($1)) select 1 from s join tube t on t.id = s.tube_id",
    "update tube t set size = 1 from sample s where s.tube_id = t.id and s.person_id = any($1)",
    "insert into sample (round_id, person_id) select $1, u from unnest($2::bigint[]) u on conflict do nothing",
    "insert into coverage (round_id) select round_id from sample where person_id = any($1)",
  ])("does not refuse %s", (text) => {
    expect(read(text).refusals).toEqual([]);
  });

  it("tells a table that is nowhere, so that none hides behind a name that is filled in", () => {
    expect(read("select 1 from nowhere").unknown).toEqual(["nowhere"]);
    expect(read("with here as (select 1) select 1 from here").unknown).toEqual([]);
  });

  it("reads database functions: the last that is made, what it is told of plans, and whose bounds it takes", () => {
    const create = (body: string, how: string): string =>
      `create or replace function wuyang.planted(ids bigint[]) returns setof bigint ${how} as $$ ${body} $$;`;
    const look = "return query select p.id from person p where p.id = any(ids);";
    const one = (text: string): string[] =>
      [...functionsOf([create("begin return; end", "language plpgsql"), text]).values()].flatMap((made) =>
        readFunction(made).flatMap(({ reaches, refusals }) => [
          ...reaches.map(({ table, bound }) => `${table} ${bound}`),
          ...refusals,
        ]),
      );
    expect(one(create(`begin ${look} end`, "language plpgsql stable"))).toEqual(["person some"]);
    expect(one(create(`begin ${look} end`, "language plpgsql set plan_cache_mode = force_generic_plan"))).toEqual([
      "person some",
      "a plan for any value",
    ]);
    expect(one(create("select id from person where id = any(ids)", "language sql set wuyang.lo = ''"))).toEqual([
      "person some",
      "a function in SQL with parameters",
      "bounds of row-level security as a setting of the function",
    ]);
  });
});

describe("the reading of a source file", () => {
  const planted = `import { columns } from "./other.store.ts";
    const inScope = "area_code = $1";
    const cut = (n: string) => \`limit \${n}\`;
    export async function find(tx: Tx, kind: "tube" | "box", by: string) {
      const rows = ["a", "b"].map((name) => \`\${name}.id\`);
      await tx.sql.many(\`select \${columns}, \${rows.join(", ")} from person where \${inScope} \${cut("$2")}\`, []);
      await tx.sql.many(\`select 1 from \${kind} where \${kind}.x = 1 \${by}\`, []);
      await tx.sql.copyOutBinary("(select 1 from visit)");
      await tx.sql.many(\`\${begin} select 1 from absence\`, []);
      log("select the people first");
      log(\`join sample s on true\`);
    }
    const begin = "with x as (select 1)";`;

  it("follows constants, functions, lists, types and neighbours, and tells what it could not follow", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "wuyang-texts-"));
    try {
      writeFileSync(path.join(folder, "planted.store.ts"), planted);
      writeFileSync(path.join(folder, "other.store.ts"), "export const columns = `id, name`;");
      const { texts, loose } = sqlTexts(folder, "planted.store.ts", spreadTables);
      const found = texts.map(({ text }) => text);
      expect(found).toEqual([
        "select id, name, a.id, b.id from person where area_code = $1 limit $2",
        "select 1 from tube where tube.x = 1 ⟪by⟫",
        "select 1 from box where box.x = 1 ⟪by⟫",
        "copy (select 1 from visit) to stdout",
        "with x as (select 1) select 1 from absence",
        "select the people first",
        "with x as (select 1)",
      ]);
      expect(texts.map(({ place }) => place)).toContain("planted.store.ts find");
      expect(texts.filter(({ isPart }) => isPart).map(({ text }) => text)).toEqual(["with x as (select 1)"]);
      expect(loose).toEqual(["planted.store.ts: `join sample s on true`"]);
      expect(parse("select the people first")).toHaveProperty("fault");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
