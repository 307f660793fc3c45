import type { Sql } from "./db.ts";

/** An index that was taken away, and how it is made again. */
export interface KeptIndex {
  readonly name: string;
  readonly table: string;
  readonly text: string;
}

/**
 * Takes away the indexes of tables that no constraint stands on, because filling a table and making them afterwards takes a
 * half to a fifth of the time. Only of empty tables: nobody has read or written them yet.
 */
export async function takeIndexes(sql: Sql, tables: readonly string[]): Promise<KeptIndex[]> {
  const indexes = await sql.many<KeptIndex>(
    `select c.relname::text as name, t.relname::text as table, pg_get_indexdef(i.indexrelid) as text
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
     where t.relnamespace = 'public'::regnamespace and t.relname = any($1::text[])
       and not exists (select from pg_constraint k where k.conindid = i.indexrelid) order by 2, 1`,
    [tables],
  );
  for (const table of new Set(indexes.map((index) => index.table))) {
    const { filled } = await sql.one<{ filled: boolean }>(`select exists (select from ${quoted(table)}) as filled`);
    if (filled) throw new Error(`The indexes of ${table} are in use.`);
  }
  for (const { name } of indexes) await sql.script(`drop index ${quoted(name)}`);
  return indexes;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** How much memory sorting an index may take; PostgreSQL's own default is made for small tables. */
const sortMemory = "512MB";

/** Makes an index again as it was. */
export async function makeIndex(sql: Sql, index: KeptIndex): Promise<void> {
  await sql.run("select set_config('maintenance_work_mem', $1, true)", [sortMemory]);
  await sql.script(index.text);
}
