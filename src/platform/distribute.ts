import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { obstacles } from "./obstacles.ts";
import type { Sql } from "./db.ts";
import { placements } from "./placement.ts";

const migrations = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "migrations");

/** What a database needs before Citus takes its tables; it runs on plain PostgreSQL too, and twice as once. */
export function preparation(): string {
  return readFileSync(path.join(migrations, "distributed.sql"), "utf8");
}

interface Spread {
  readonly name: string;
  readonly text: string;
}

/** A statement for each table that is spread, the ones that others lie beside first. */
export function spreadStatements(): Spread[] {
  const spread = Object.entries(placements).flatMap(([name, place]) =>
    place.kind === "distributed" ? [{ name, place }] : [],
  );
  return spread
    .toSorted((a, b) => Number(a.place.beside !== undefined) - Number(b.place.beside !== undefined))
    .map(({ name, place: { by, beside } }) => ({
      name,
      text: `select create_distributed_table('public.${name}', '${by}', colocate_with := '${beside === undefined ? "none" : `public.${beside}`}')`,
    }));
}

/** Is Citus loaded into this database? */
export async function hasCitus(sql: Sql): Promise<boolean> {
  return (await sql.maybe("select 1 as one from pg_extension where extname = 'citus'")) !== undefined;
}

/** What is missing around the database, each with what to do. */
async function missingAround(sql: Sql): Promise<string[]> {
  const found: string[] = [];
  const me = await sql.one<{ name: string; may: boolean }>(
    "select rolname as name, rolsuper or rolbypassrls as may from pg_roles where rolname = current_user",
  );
  // Rows are copied to the shards as the one who spreads them, and row-level security refuses that to everybody else.
  if (!me.may) found.push(`the role ${me.name} is bound by row-level security: connect as a superuser`);
  const { n } = await sql.one<{ n: number }>(
    "select count(*) as n from pg_dist_node where isactive and noderole = 'primary' and shouldhaveshards",
  );
  if (n === 0) found.push("no machine takes shards: add the workers with citus_add_node()");
  // Citus connects to the workers as the role that asks, and the application asks as wuyang_app (Citus, «Configuration
  // Reference», citus.node_conninfo; its source, connection_management.c).
  const logins = await sql.many<{ nodename: string; result: string }>(
    `select nodename, result from run_command_on_workers(
       $$select coalesce((select rolcanlogin from pg_roles where rolname = 'wuyang_app'), false)$$)`,
  );
  for (const { nodename, result } of logins)
    if (result !== "t") found.push(`on ${nodename} the role wuyang_app cannot log in: create it there with LOGIN`);
  return found;
}

/**
 * Spreads the tables that are not spread yet and brings the rest into the form that Citus takes; to be run after each
 * upgrade again. Where something stands in the way it says what, and changes nothing.
 */
export async function distribute(sql: Sql): Promise<string[]> {
  if (!(await hasCitus(sql)))
    throw new Error(
      "The extension citus is not in this database. Install Citus on every machine, «create extension citus», add the workers by citus_add_node, then run this again; --dry-run shows what would be run.",
    );
  await sql.script(preparation());
  const inTheWay = [...(await missingAround(sql)), ...(await obstacles(sql, placements))];
  if (inTheWay.length > 0) throw new Error(`Nothing was changed, because\n- ${inTheWay.join("\n- ")}`);
  const done = new Set(
    (await sql.many<{ name: string }>("select logicalrelid::regclass::text as name from pg_dist_partition")).map(
      ({ name }) => name,
    ),
  );
  const wanted = spreadStatements().filter(({ name }) => !done.has(name));
  for (const { text } of wanted) await sql.script(text);
  return wanted.map(({ name }) => name);
}

/** Frees what the rows of tables still take on the coordinator once they are on the shards and nobody reads them here. */
export async function dropLocalRows(sql: Sql, names: readonly string[]): Promise<void> {
  for (const name of names) await sql.run("select truncate_local_data_after_distributing_table($1::regclass)", [name]);
}

/** Gives a database that was spread, and was then restored into one PostgreSQL, the form of one machine again. */
export async function gather(sql: Sql): Promise<void> {
  if (await hasCitus(sql))
    throw new Error(
      "The extension citus is in this database. Restore a dump of it into a PostgreSQL without Citus, then run this there.",
    );
  await sql.script(readFileSync(path.join(migrations, "gathered.sql"), "utf8"));
}
