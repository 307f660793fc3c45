import type { Tx } from "#platform/context";

/** The ancestors of each code, nearest first (town, county, city); a code without parents has an empty list. */
export async function areaAncestors(tx: Tx, codes: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await tx.sql.many<{ code: string; ancestors: string[] }>(
    `with recursive up as (
       select code as start, parent_code, 1 as step from area where code = any($1::text[])
       union all
       select up.start, area.parent_code, up.step + 1 from up join area on area.code = up.parent_code where up.step < 10
     )
     select start as code, array_agg(parent_code order by step) filter (where parent_code is not null) as ancestors
     from up group by start`,
    [codes],
  );
  return new Map(rows.map((row) => [row.code, row.ancestors ?? []]));
}
