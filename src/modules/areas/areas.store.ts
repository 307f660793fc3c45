import type { Tx } from "#platform/context";
import type { Area, AreaLevel, AreaRow, AreaQuery } from "./areas.model.ts";

const areaColumns = `code, parent_code as "parentCode", level, kind, name, name_en as "nameEn", population, lat, lon, position`;

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

export async function selectArea(tx: Tx, code: string): Promise<Area | undefined> {
  return tx.sql.maybe<Area>(`select ${areaColumns} from area where code = $1`, [code]);
}

export async function selectAreas(tx: Tx, codes: readonly string[]): Promise<Area[]> {
  return tx.sql.many<Area>(`select ${areaColumns} from area where code = any($1::text[]) order by code`, [codes]);
}

/** The areas of one level whose codes lie in [lo, hi), in the order of their codes. */
export async function selectBelow(tx: Tx, lo: string, hi: string, level: AreaLevel): Promise<Area[]> {
  return tx.sql.many<Area>(
    `select ${areaColumns} from area where code >= $1 and code < $2 and level = $3 order by code`,
    [lo, hi, level],
  );
}

/** One page by code; without a parent the roots of the tree. */
export async function pageAreas(tx: Tx, query: AreaQuery, after: string | null, limit: number): Promise<Area[]> {
  return tx.sql.many<Area>(
    `select ${areaColumns} from area
     where ($1::text is null or parent_code = $1) and ($2::text is null or level = $2)
       and ($1::text is not null or $2::text is not null or parent_code is null)
       and ($3::text is null or code > $3)
     order by code limit $4`,
    [query.parent ?? null, query.level ?? null, after, limit],
  );
}

/** Areas whose name holds the text, shorter names and higher levels first. */
export async function searchByName(tx: Tx, text: string, limit: number): Promise<Area[]> {
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  return tx.sql.many<Area>(
    `select ${areaColumns} from area where name like $1 or name_en ilike $1 or code = $2
     order by length(code), length(name), code limit $3`,
    [pattern, text, limit],
  );
}

export async function existingCodes(tx: Tx, codes: readonly string[]): Promise<Set<string>> {
  const rows = await tx.sql.many<{ code: string }>("select code from area where code = any($1::text[])", [codes]);
  return new Set(rows.map((row) => row.code));
}

/** Stores areas, parents before children; a known code is brought up to date and keeps its boundary if the new row has none. */
export async function upsertAreas(tx: Tx, rows: readonly AreaRow[]): Promise<void> {
  const ordered = rows.toSorted((a, b) => a.code.length - b.code.length || (a.code < b.code ? -1 : 1));
  await tx.sql.run(
    `insert into area (code, parent_code, level, kind, name, name_en, population, lat, lon, position, boundary)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[],
       $8::float8[], $9::float8[], $10::text[], $11::jsonb[])
     on conflict (code) do update set parent_code = excluded.parent_code, level = excluded.level, kind = excluded.kind,
       name = excluded.name, name_en = excluded.name_en, population = excluded.population, lat = excluded.lat,
       lon = excluded.lon, position = excluded.position, boundary = coalesce(excluded.boundary, area.boundary)`,
    [
      ordered.map((row) => row.code),
      ordered.map((row) => row.parentCode),
      ordered.map((row) => row.level),
      ordered.map((row) => row.kind),
      ordered.map((row) => row.name),
      ordered.map((row) => row.nameEn),
      ordered.map((row) => row.population),
      ordered.map((row) => row.lat),
      ordered.map((row) => row.lon),
      ordered.map((row) => row.position),
      ordered.map((row) => (row.boundary === null ? null : JSON.stringify(row.boundary))),
    ],
  );
  await tx.sql.run("update area_version set version = version + 1");
}

/** Grows with every import; what is cached under an older version is stale. */
export async function areaVersion(tx: Tx): Promise<number> {
  return (await tx.sql.one<{ version: number }>("select version from area_version")).version;
}

export interface BoundaryRow {
  readonly code: string;
  readonly name: string;
  readonly nameEn: string;
  readonly population: number;
  readonly boundary: unknown;
}

export async function selectBoundaries(tx: Tx, level: AreaLevel): Promise<BoundaryRow[]> {
  return tx.sql.many<BoundaryRow>(
    `select code, name, name_en as "nameEn", population, boundary from area
     where level = $1 and boundary is not null order by code`,
    [level],
  );
}
