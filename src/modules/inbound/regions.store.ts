import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { AreaListQuery } from "./control.model.ts";
import type { KeyRegion, SetKeyRegion } from "./inbound.model.ts";

/** SQL of the key regions. */

const columns = `id, place, name, level, from_day as "fromDay", to_day as "toDay", source`;

/** The regions that hold one of the origins or lie in it. */
export async function regionsFor(tx: Tx, outbreakId: string, origins: readonly string[]): Promise<KeyRegion[]> {
  return tx.sql.many<KeyRegion>(
    `select ${columns} from inbound_region r
     where outbreak_id = $1 and exists (select 1 from unnest($2::text[]) o (origin)
       where starts_with(o.origin, r.place) or starts_with(r.place, o.origin) or lower(r.place) = lower(o.origin))
     order by place, from_day`,
    [outbreakId, origins],
  );
}

/** Stores regions; the same place and first day is the same entry, whose level, end and source it sets. */
export async function upsertRegions(tx: Tx, outbreakId: string, rows: readonly SetKeyRegion[]): Promise<number> {
  return tx.sql.run(
    `insert into inbound_region (id, outbreak_id, place, name, level, from_day, to_day, source, set_at, set_by)
     select id, $1, place, name, level, from_day, to_day, source, $9, $10
     from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[], $8::text[])
       as n (id, place, name, level, from_day, to_day, source)
     on conflict (outbreak_id, place, from_day) do update set name = excluded.name, level = excluded.level,
       to_day = excluded.to_day, source = excluded.source, set_at = excluded.set_at, set_by = excluded.set_by`,
    [
      outbreakId,
      rows.map(() => tx.newId()),
      rows.map((row) => row.place),
      rows.map((row) => row.name),
      rows.map((row) => row.level),
      rows.map((row) => row.fromDay),
      rows.map((row) => row.toDay ?? null),
      rows.map((row) => row.source),
      tx.now,
      tx.actor.id,
    ],
  );
}

export async function pageRegions(tx: Tx, outbreakId: string, query: AreaListQuery): Promise<Page<KeyRegion>> {
  const limit = pageSize(query.limit);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<KeyRegion>(
    `select ${columns} from inbound_region
     where outbreak_id = $1 and ($2::text is null or (place, from_day) > ($2, $3::date))
     order by place, from_day limit $4`,
    [outbreakId, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.place, row.fromDay]);
}
