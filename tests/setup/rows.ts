import type { Sql } from "#platform/db";

/**
 * Fills the tables behind the lists with made-up rows, read off the catalogue: every column gets a value of its type and
 * its check, every reference a row that is there. Only for a database that is thrown away: rules between columns are dropped.
 */

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly given: boolean;
  /** The words a check allows. */
  readonly words: readonly string[] | null;
  /** The table and column a foreign key names. */
  readonly refers: string | null;
}

/** What a table is filled with beside what its columns say: SQL by column, with `i` as the number of the row. */
type Wanted = Readonly<Record<string, string>>;

const secondsSpread = 86_400;
const referredMax = 500;

async function columnsOf(sql: Sql, table: string): Promise<ColumnRow[]> {
  return sql.many<ColumnRow>(
    `select a.attname as name, format_type(a.atttypid, null) as type, not a.attnotnull as nullable,
       a.attidentity <> '' or a.attgenerated <> '' as given,
       (select array_agg(m[1]) from pg_constraint k, regexp_matches(pg_get_constraintdef(k.oid), '''([a-zA-Z_]+)''::text', 'g') m
        where k.conrelid = a.attrelid and k.contype = 'c' and k.conkey = array[a.attnum]) as words,
       (select f.confrelid::regclass || ' ' || b.attname from pg_constraint f join pg_attribute b on b.attrelid = f.confrelid and b.attnum = f.confkey[1]
        where f.conrelid = a.attrelid and f.contype = 'f' and f.conkey = array[a.attnum] limit 1) as refers
     from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [table],
  );
}

function expressionOf(table: string, column: ColumnRow, refs: ReadonlyMap<string, readonly string[]>): string {
  const { name, type, words, refers } = column;
  if (refers !== null) {
    const known = refs.get(refers) ?? [];
    if (known.length > 0)
      return `(array[${known.map((id) => `'${id}'`).join(",")}])[1 + (i * 31) % ${known.length}]::${type}`;
  }
  if (words !== null && type === "text")
    return `(array[${words.map((word) => `'${word}'`).join(",")}])[1 + i % ${words.length}]`;
  switch (type) {
    case "uuid":
      return `md5('${table}.${name}' || i)::uuid`;
    case "timestamp with time zone":
      // Out of step with the number of the row, and some of them equal.
      return `timestamptz '2022-07-10T00:00:00Z' + ((i * 7919) % ${secondsSpread}) * interval '1 second'`;
    case "date":
      return `date '2022-07-01' + (i * 13 % 60)`;
    case "bigint":
      return "i";
    case "integer":
    case "smallint":
      return "i * 17 % 97";
    case "boolean":
      return "i % 3 = 0";
    case "text":
      return `'${name}-' || lpad((i * 7 % 1000003)::text, 7, '0')`;
    case "jsonb":
      return "'{}'::jsonb";
    case "bytea":
      return "'\\x00'::bytea";
    case "text[]":
      return "'{}'::text[]";
    default:
      return `'1'::${type}`;
  }
}

/** The ids that the columns of a table may refer to, by the table and column they are of. */
async function referred(sql: Sql, columns: readonly ColumnRow[]): Promise<Map<string, readonly string[]>> {
  const refs = new Map<string, readonly string[]>();
  for (const { refers } of columns) {
    if (refers === null || refs.has(refers)) continue;
    const [other = "", column = ""] = refers.split(" ");
    const found = await sql.many<{ id: string }>(`select ${column}::text as id from ${other} limit ${referredMax}`);
    refs.set(
      refers,
      found.map(({ id }) => id),
    );
  }
  return refs;
}

/** What a column is filled with; null leaves it out. */
function cellOf(
  table: string,
  column: ColumnRow,
  wanted: Wanted,
  refs: ReadonlyMap<string, readonly string[]>,
): string | null {
  const own = wanted[column.name];
  if (own !== undefined) return own;
  if (column.given) return null;
  if (column.name === "area_code") return "areas[1 + (i * 11) % array_length(areas, 1)]";
  if (!column.nullable) return expressionOf(table, column, refs);
  // A time that may be missing is missing in every third row.
  const isTime = column.type === "timestamp with time zone" || column.type === "date";
  return isTime ? `case when i % 3 > 0 then ${expressionOf(table, column, refs)} end` : null;
}

/** Fills one table with so many rows, spread over the areas; what holds its columns against each other is dropped. */
async function fill(sql: Sql, table: string, rows: number, areas: readonly string[], wanted: Wanted): Promise<void> {
  const columns = await columnsOf(sql, table);
  const refs = await referred(sql, columns);
  const rules = await sql.many<{ drop: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop from pg_constraint
     where conrelid = $1::regclass and contype = 'c'`,
    [table],
  );
  for (const { drop } of rules) await sql.script(drop);
  const cells = columns.flatMap((column): [string, string][] => {
    const cell = cellOf(table, column, wanted, refs);
    return cell === null ? [] : [[column.name, cell]];
  });
  await sql.run(
    `insert into ${table} (${cells.map(([name]) => name).join(", ")})
     select ${cells.map(([, value]) => value).join(", ")} from (select $1::text[] as areas) a, generate_series(1, $2::int) i
     on conflict do nothing`,
    [areas, rows],
  );
}

/** The tables behind the lists that sort, those first that others refer to; a share of the rows where there are fewer by nature. */
const listTables: readonly { readonly table: string; readonly share: number; readonly wanted?: Wanted }[] = [
  { table: "round", share: 0.001, wanted: { kind: "'area'", area_code: "'3717'", no: "i", scope: "'{}'::jsonb" } },
  { table: "site", share: 0.01 },
  { table: "lab", share: 0.001 },
  { table: "box", share: 0.3 },
  { table: "tube", share: 1, wanted: { state: "'received'", recheck_of: "null" } },
  { table: "task", share: 1 },
  { table: "case_record", share: 0.2, wanted: { infector_case_id: "null", state: "'confirmed'" } },
  { table: "positive_tube", share: 0.1 },
  { table: "contact", share: 1, wanted: { state: "'placed'", linked_contact_id: "null" } },
  { table: "zone", share: 0.1, wanted: { state: "'published'" } },
  { table: "isolation_site", share: 0.005, wanted: { no: "i" } },
  { table: "isolation_counter", share: 0.01 },
  {
    table: "isolation_order",
    share: 1,
    wanted: { transfer_id: "null", state: "'active'", last_segment: "true", person_id: "i" },
  },
  { table: "transfer", share: 0.5 },
  { table: "inbound_declaration", share: 1 },
  { table: "inbound_checkpoint", share: 0.003 },
  { table: "door_list", share: 0.02 },
  { table: "door_item", share: 1 },
  { table: "hard_to_reach", share: 0.1, wanted: { active: "true" } },
  { table: "household_need", share: 0.5, wanted: { place: "'1'" } },
  { table: "probe_unit", share: 0.02 },
  { table: "probe_signal", share: 1 },
  { table: "inspection_team", share: 0.002 },
  { table: "inspection_visit", share: 0.05 },
  { table: "inspection_finding", share: 0.5 },
  { table: "supply_item", share: 0.0005 },
  { table: "supply_warehouse", share: 0.002 },
  { table: "supply_balance", share: 0.1 },
  { table: "supply_request", share: 0.2 },
  { table: "team", share: 0.1 },
  { table: "team_member", share: 1 },
  { table: "person_register", share: 0.001 },
  { table: "person_entry", share: 1 },
  { table: "account", share: 0.02, wanted: { roles: "array['cdc']" } },
  { table: "audit", share: 1 },
];

const leastRows = 40;

/** Fills every table behind a sorted list; `rows` is the number for the largest. */
export async function fillLists(sql: Sql, rows: number, areas: readonly string[], outbreakId: string): Promise<void> {
  await sql.script("set session_replication_role = replica");
  for (const { table, share, wanted } of listTables) {
    const ofOutbreak = (await columnsOf(sql, table)).some(({ name }) => name === "outbreak_id");
    const outbreak: Wanted = ofOutbreak ? { outbreak_id: `'${outbreakId}'::uuid` } : {};
    await fill(sql, table, Math.max(leastRows, Math.round(rows * share)), areas, { ...outbreak, ...wanted });
  }
  await sql.run(
    `insert into coverage (round_id, area_code, due, collected, at_site)
     select (select id from round order by no limit 1), code, 100, n * 7 % 100, n * 7 % 100
     from unnest($1::text[]) with ordinality as a (code, n)`,
    [areas],
  );
  await sql.run(
    `insert into person_open (entry_no, register, area_code, state, received_at, name)
     select no, register, area_code, 'review', received_at, name from person_entry where no % 4 = 0`,
  );
  // A tube stands in its box's area, as both come from the sampling site.
  await sql.run("update tube set area_code = box.area_code from box where box.id = tube.box_id");
  await sql.script("set session_replication_role = origin; analyze");
}
