import type { Sql } from "./db.ts";

interface Line {
  readonly line: string;
}

const parts: readonly string[] = [
  `select format('table %s (%s)', c.relname, string_agg(format('%I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end,
      coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')), ', ' order by a.attnum)) as line
   from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition group by c.relname`,
  `select format('constraint %s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid)) as line
   from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0 and contype <> 'n'
     and not (select relispartition from pg_class where oid = conrelid)`,
  `select replace(indexdef, 'public.', '') as line from pg_indexes
   where schemaname = 'public' and not (select relispartition from pg_class where oid = format('%I.%I', schemaname, tablename)::regclass)`,
  `select format('policy %s on %s using %s', policyname, tablename, qual) as line from pg_policies where schemaname = 'public'`,
  `select format('trigger on %s: %s', tgrelid::regclass, pg_get_triggerdef(oid)) as line
   from pg_trigger where not tgisinternal and tgrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)`,
];

/** The database's shape as sorted lines, one object each: what the migrations add up to. */
export async function describeSchema(sql: Sql): Promise<string> {
  const sections: string[] = [];
  for (const text of parts) {
    const lines = (await sql.many<Line>(text)).map((row) => row.line.replace(/\s+/g, " "));
    sections.push(lines.toSorted().join("\n"));
  }
  return `-- Made by «wuyang db schema» from the migrations; a test proves it fresh.\n\n${sections.join("\n\n")}\n`;
}
