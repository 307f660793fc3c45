import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Sql } from "#platform/db";
import { startEmbedded } from "#platform/embedded";
import { benchWorld } from "./load.ts";
import { measure, printTable, type Line } from "./measure.ts";

/**
 * What a question costs that Citus must ask of every shard, because it does not name the distribution column: the same
 * look-up in one table and in 32 hash partitions of it on one PostgreSQL. It shows the searching, not the network: on
 * machines of their own the shards search at the same time, and a message to each is added. Last, what the form of the
 * policies that Citus takes costs beside the usual one (migrations/distributed.sql).
 * Run: node bench/shards.bench.ts [rows]
 */

const rows = Number(process.argv[2] ?? 1_000_000);
const shards = 32;
const runs = 300;
const scans = 10;
const tubesPerBatch = 500;
const peoplePerTube = 10;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Question {
  readonly what: string;
  readonly table: "person" | "sample" | "visit";
  readonly by: string;
  /** How `rows` rows of the table are made; `n` counts them. */
  readonly fill: string;
  readonly text: (table: string) => string;
  readonly params: (i: number) => unknown[];
}

const spreadOver = (i: number): number => 1 + ((i * 7_919) % rows);
const questions: readonly Question[] = [
  {
    what: "person by identity",
    table: "person",
    by: "id",
    fill: "id, area_code, household_id, name, sex, id_kind, id_hash, id_enc, register, registered_at) select n, '371721123201', n / 3, 'n', 'unknown', 'residentId', sha256(int8send(n)), '\\x00', 'b', '2022-07-01'",
    text: (table) => `select id, area_code from ${table} where id_hash = sha256(int8send($1))`,
    params: (i) => [spreadOver(i)],
  },
  {
    what: "household of a person",
    table: "person",
    by: "id",
    fill: "",
    text: (table) => `select id from ${table} where household_id = $1`,
    params: (i) => [Math.floor(spreadOver(i) / 3)],
  },
  {
    what: "members of 500 tubes",
    table: "sample",
    by: "person_id",
    fill: `round_id, person_id, tube_id, at, area_code) select '00000000-0000-7000-8000-000000000001', n, n / ${peoplePerTube}, '2022-07-24', '371721123201'`,
    text: (table) => `select area_code, count(*) from ${table} where tube_id = any($1::bigint[]) group by 1`,
    params: (i) => [
      Array.from({ length: tubesPerBatch }, (_, k) => Math.floor(spreadOver(i * tubesPerBatch + k) / peoplePerTube)),
    ],
  },
  {
    what: "today's visits of one",
    table: "visit",
    by: "venue_no",
    fill: "day, venue_no, person_id, s, len) select '2022-07-24', 1 + (n * 7919) % 40000, n / 3, 80000000 + n % 86400, null",
    text: (table) => `select venue_no, s, len from ${table} where person_id = $1 and s >= 80000000 and s < 80086400`,
    params: (i) => [Math.floor(spreadOver(i) / 3)],
  },
];

/** One table and one of as many partitions as Citus makes shards, with the indexes the real one has. */
async function make(sql: Sql, { table, by, fill }: Question): Promise<void> {
  // The keys that lack the column are not unique any more, as after «wuyang db distribute».
  const { rows: indexes } = await sql.one<{ rows: string[] }>(
    `select json_agg(replace(indexdef, 'UNIQUE ', '')) as rows from pg_indexes where schemaname = 'public' and tablename = $1`,
    [table],
  );
  for (const name of [`one_${table}`, `many_${table}`]) {
    const isMany = name.startsWith("many");
    await sql.script(`create table ${name} (like ${table}) ${isMany ? `partition by hash (${by})` : ""}`);
    for (let shard = 0; isMany && shard < shards; shard++)
      await sql.script(
        `create table ${name}_${shard} partition of ${name} for values with (modulus ${shards}, remainder ${shard})`,
      );
    for (const text of indexes)
      await sql.script(text.replace(/INDEX \w+ ON (?:ONLY )?(?:public\.)?\w+/, `INDEX ON ${name}`));
    await sql.script(`insert into ${name} (${fill} from generate_series(1::bigint, ${rows}) n`);
    await sql.script(`analyze ${name}`);
  }
}

async function ask(sql: Sql): Promise<Line[]> {
  const lines: Line[] = [];
  for (const question of questions) {
    if (question.fill !== "") await make(sql, question);
    // Citus plans each shard's part on its own machine; a plan for 32 partitions at once is what PostgreSQL would add.
    await sql.script(
      "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set max_parallel_workers_per_gather = 0",
    );
    const run =
      (table: string) =>
      (i: number): Promise<unknown> =>
        sql.many(question.text(table), question.params(i));
    const baseline = await measure(run(`one_${question.table}`), runs);
    const measured = await measure(run(`many_${question.table}`), runs);
    lines.push({ what: question.what, who: `${shards} shards`, measured, baseline });
  }
  return lines;
}

const bound = (name: string, isSpread: boolean): string =>
  isSpread ? `current_setting('wuyang.${name}', true)` : `(select current_setting('wuyang.${name}', true))`;

/** People behind the policy as it is, whose bounds are read once a statement, and as Citus takes it, which may be read for each row. */
async function askPolicies(sql: Sql): Promise<Line[]> {
  for (const name of ["fence_one", "fence_spread"]) {
    const isSpread = name === "fence_spread";
    await sql.script(`create table ${name} (like person including indexes);
      insert into ${name} (id, area_code, household_id, name, sex, id_kind, id_hash, id_enc, register, registered_at)
        select n, '3717211' || lpad((n % 1000)::text, 5, '0'), n / 3, 'n', 'unknown', 'residentId', sha256(int8send(n)), '\\x00', 'b', '2022-07-01'
        from generate_series(1::bigint, ${rows}) n;
      alter table ${name} enable row level security;
      create policy jurisdiction on ${name} using (area_code >= ${bound("lo", isSpread)} and area_code < ${bound("hi", isSpread)});
      grant select on ${name} to wuyang_app`);
    await sql.script(`vacuum analyze ${name}`);
  }
  await sql.script("reset enable_seqscan; set role wuyang_app");
  const lines: Line[] = [];
  const asked = async (
    what: string,
    [lo, hi]: readonly [string, string],
    where: string,
    times: number,
  ): Promise<void> => {
    await sql.script(`set wuyang.lo = '${lo}'; set wuyang.hi = '${hi}'`);
    const run =
      (table: string) =>
      (i: number): Promise<unknown> =>
        sql.many(`select count(*) as n from ${table} where ${where}`, where.includes("$1") ? [spreadOver(i)] : []);
    const baseline = await measure(run("fence_one"), times);
    const measured = await measure(run("fence_spread"), times);
    lines.push({ what, who: "policy", measured, baseline });
  };
  await asked("person by number", ["", "~"], "id = $1", runs);
  await asked("people of a village", ["371721100007", "371721100008"], "true", runs);
  await asked("people of the country", ["", "~"], "true", scans);
  return lines;
}

const folder = mkdtempSync(path.join(tmpdir(), "wuyang-shards-"));
chmodSync(folder, 0o755);
const embedded = await startEmbedded({ folder: path.join(folder, "pg") });
try {
  const world = await benchWorld(embedded.url("postgres"), []);
  const { sql, release } = await world.owner.connect();
  print(`${rows} rows a table, one and ${shards} partitions of it, ${runs} runs each; milliseconds`);
  const lines = await ask(sql);
  printTable(lines);
  for (const { what, measured, baseline } of lines)
    print(
      `${what.padEnd(26)} median ${measured.median.toFixed(2)} ms on ${shards}, ${baseline.median.toFixed(2)} ms on one`,
    );
  const policies = await askPolicies(sql);
  print("the policy as Citus takes it, beside the usual one");
  printTable(policies);
  await release();
  await world.close();
} finally {
  await embedded.stop();
  rmSync(folder, { recursive: true, force: true });
}
