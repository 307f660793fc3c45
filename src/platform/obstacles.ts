import type { Sql } from "./db.ts";
import type { Placement } from "./placement.ts";

/**
 * What Citus would refuse of the tables as they are in the catalog, without needing Citus: each rule with where it is
 * said. Pages are of the documentation of Citus 13, files of its source (src/backend/distributed).
 */

type Placements = Readonly<Record<string, Placement>>;

/** A table of the plan that is spread. */
interface Spread {
  readonly name: string;
  readonly by: string;
  readonly group: string;
}

type Rule = (sql: Sql, spread: readonly Spread[]) => Promise<string[]>;

export async function obstacles(sql: Sql, placements: Placements): Promise<string[]> {
  const spread = Object.entries(placements).flatMap(([name, place]) =>
    place.kind === "distributed" ? [{ name, by: place.by, group: place.beside ?? name }] : [],
  );
  const found: string[] = [];
  for (const rule of [keys, references, triggers, policies, columns, groups, kinds])
    found.push(...(await rule(sql, spread)));
  return found;
}

const named = (spread: readonly Spread[]): [readonly string[], readonly string[]] => [
  spread.map(({ name }) => name),
  spread.map(({ by }) => by),
];

/**
 * «Primary keys and uniqueness constraints must include the distribution column» («Creating and Modifying Distributed
 * Objects»); an exclusion must compare it by `=` (commands/create_distributed_table.c, ErrorIfUnsupportedConstraint).
 */
const keys: Rule = async (sql, spread) => {
  const rows = await sql.many<{ line: string }>(
    `select format('%s does not hold %s, which %s is spread by', i.indexrelid::regclass, t.by, t.name) as line
     from unnest($1::text[], $2::text[]) as t (name, by)
     join pg_index i on i.indrelid = to_regclass(t.name) and (i.indisunique or i.indisexclusion)
     join pg_attribute a on a.attrelid = i.indrelid and a.attname = t.by
     left join pg_constraint x on x.conindid = i.indexrelid and x.contype = 'x'
     where not exists (
       select from unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) with ordinality as k (attnum, n)
       where k.attnum = a.attnum
         and (x.oid is null or exists (select from pg_operator o where o.oid = x.conexclop[k.n] and o.oprname = '=')))
     order by 1`,
    named(spread),
  );
  return rows.map(({ line }) => line);
};

/**
 * «Foreign keys may be created … between two colocated distributed tables when the key includes the distribution column,
 * or as a distributed table referencing a reference table» (the same page); SET NULL and the like are refused on the
 * distribution column (commands/foreign_constraint.c).
 */
const references: Rule = async (sql, spread) => {
  const rows = await sql.many<{
    name: string;
    from: string;
    to: string;
    fromKey: string[];
    toKey: string[];
    act: string;
  }>(
    `select f.conname as name, f.conrelid::regclass::text as from, f.confrelid::regclass::text as to,
       concat(f.confdeltype, f.confupdtype) as act,
       (select json_agg(a.attname order by k.n) from unnest(f.conkey) with ordinality k (no, n)
        join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.no) as "fromKey",
       (select json_agg(a.attname order by k.n) from unnest(f.confkey) with ordinality k (no, n)
        join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.no) as "toKey"
     from pg_constraint f where f.contype = 'f' and f.connamespace = 'public'::regnamespace order by 1`,
  );
  const places = new Map(spread.map((one) => [one.name, one]));
  return rows.flatMap((key) => {
    const from = places.get(key.from);
    const to = places.get(key.to);
    if (!from && !to) return [];
    if (!from) return [`${key.name} refers from ${key.from}, which stays, to ${key.to}, which is spread`];
    if (!to) return [`${key.name} refers from ${key.from}, which is spread, to ${key.to}, which stays`];
    const at = key.fromKey.indexOf(from.by);
    if (from.group !== to.group || at < 0 || key.toKey[at] !== to.by)
      return [`${key.name} refers across shards: both distribution columns must stand in one place of it`];
    return /[nd]/.test(key.act) || /^.c/.test(key.act) ? [`${key.name} would change the distribution column`] : [];
  });
};

/** «cannot distribute relation … because it has triggers» (commands/create_distributed_table.c, EnsureRelationHasNoTriggers). */
const triggers: Rule = async (sql, spread) => {
  const rows = await sql.many<{ line: string }>(
    `select format('%s has the trigger %s', t.name, g.tgname) as line
     from unnest($1::text[]) as t (name) join pg_trigger g on g.tgrelid = to_regclass(t.name) and not g.tgisinternal order by 1`,
    [named(spread)[0]],
  );
  return rows.map(({ line }) => line);
};

/** «Subqueries are not supported in policies on distributed tables» (commands/policy.c). */
const policies: Rule = async (sql, spread) => {
  const rows = await sql.many<{ line: string }>(
    `select format('the policy %s on %s has a subquery', p.policyname, t.name) as line
     from unnest($1::text[]) as t (name) join pg_policies p on p.schemaname = 'public' and p.tablename = t.name
     where concat(p.qual, ' ', p.with_check) ~* '\\mselect\\M' order by 1`,
    [named(spread)[0]],
  );
  return rows.map(({ line }) => line);
};

/**
 * An identity must be a bigint (CHANGELOG, 11.3: «Prevents using identity columns on data types other than bigint»), a
 * sequence of another type draws numbers each machine makes for itself, and what is generated cannot be spread by
 * (commands/create_distributed_table.c, DistributionColumnIsGeneratedCheck).
 */
const columns: Rule = async (sql, spread) => {
  const rows = await sql.many<{
    name: string;
    column: string;
    by: string;
    identity: boolean;
    made: boolean;
    type: string;
  }>(
    `select t.name, a.attname as column, t.by, a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%' as identity,
       a.attgenerated <> '' as made, format_type(a.atttypid, null) as type
     from unnest($1::text[], $2::text[]) as t (name, by)
     join pg_attribute a on a.attrelid = to_regclass(t.name) and a.attnum > 0 and not a.attisdropped
     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum order by 1, 2`,
    named(spread),
  );
  const missing = spread.filter(({ name, by }) => !rows.some((row) => row.name === name && row.column === by));
  return [
    ...missing.map(({ name, by }) => `${name} has no column ${by} to be spread by`),
    ...rows.flatMap((row) => {
      if (row.identity && row.type !== "bigint") return [`${row.name}.${row.column} counts by itself and is no bigint`];
      return row.made && row.column === row.by ? [`${row.name} is spread by ${row.by}, which is generated`] : [];
    }),
  ];
};

/** Tables that lie beside each other have distribution columns of one type (utils/colocation_utils.c). */
const groups: Rule = async (sql, spread) => {
  const rows = await sql.many<{ name: string; type: string }>(
    `select t.name, format_type(a.atttypid, null) as type from unnest($1::text[], $2::text[]) as t (name, by)
     join pg_attribute a on a.attrelid = to_regclass(t.name) and a.attname = t.by`,
    named(spread),
  );
  const types = new Map(rows.map((row) => [row.name, row.type]));
  return spread
    .filter(({ name, group }) => types.get(name) !== types.get(group))
    .map(({ name, group }) => `${name} cannot lie beside ${group}: their distribution columns differ in type`);
};

/** Regular and partitioned tables of one level, as others' parents in no other way («Creating and Modifying Distributed Objects»). */
const kinds: Rule = async (sql, spread) => {
  const rows = await sql.many<{ line: string }>(
    `select case when c.relkind not in ('r', 'p') or c.relpersistence = 't' then format('%s is no table to be spread', t.name)
         when c.relkind = 'r' and exists (select from pg_inherits h where h.inhparent = c.oid) then format('%s has heirs', t.name)
         else format('%s has partitions that are partitioned', t.name) end as line
     from unnest($1::text[]) as t (name) join pg_class c on c.oid = to_regclass(t.name)
     where c.relkind not in ('r', 'p') or c.relpersistence = 't' or (c.relkind = 'r' and exists (select from pg_inherits h where h.inhparent = c.oid))
       or exists (select from pg_inherits h join pg_class p on p.oid = h.inhrelid where h.inhparent = c.oid and p.relkind = 'p') order by 1`,
    [named(spread)[0]],
  );
  return rows.map(({ line }) => line);
};
