import { areaRange } from "#kernel/area";
import type { CountedFigure, FigureScope } from "#modules/outbreaks";
import type { Tx } from "#platform/context";

/** Counts of this module's records for the reports and the live board, from orders and kept counters. */

function orderFigureText(subject: string, where: string): string {
  return `select ${subject} as "subjectId", case state when 'active' then 'placed' else 'released' end as figure,
      left(area_code, 6) as "areaCode", case state when 'active' then mode else '' end as detail, count(*)::int as value
    from isolation_order where state in ('active', 'released') and ${where} group by 1, 2, 3, 4`;
}

/** People in their place by mode, and those released, by the county they live in. */
export async function orderFigures(tx: Tx, scope: FigureScope): Promise<CountedFigure<"placed" | "released">[]> {
  if (scope.ids) return tx.sql.many(orderFigureText("id::text", "id = any($1::uuid[])"), [scope.ids]);
  const { lo, hi } = areaRange(scope.areaCode);
  return tx.sql.many(orderFigureText("''", "outbreak_id = $1 and area_code >= $2 and area_code < $3"), [
    scope.outbreakId,
    lo,
    hi,
  ]);
}

/** The orders of people that are or were in force, newest last. */
export async function orderIdsOf(tx: Tx, outbreakId: string, personIds: readonly number[]): Promise<string[]> {
  const rows = await tx.sql.many<{ id: string }>(
    "select id from isolation_order where outbreak_id = $1 and person_id = any($2::bigint[]) order by ordered_at, id",
    [outbreakId, personIds],
  );
  return rows.map((row) => row.id);
}

export interface SiteFigures {
  readonly id: string;
  readonly kind: "central" | "fangcang" | "hospital";
  readonly name: string;
  readonly nameEn: string;
  readonly areaCode: string;
  readonly phase: number | null;
  readonly state: "planned" | "open" | "closed";
  readonly lat: number | null;
  readonly lon: number | null;
  readonly rooms: number;
  readonly beds: number;
  /** Occupied or kept for somebody on the way. */
  readonly inUse: number;
  readonly free: number;
}

/** Every quarantine site, fangcang phase and hospital of an area with its rooms and beds. */
export async function siteFigures(tx: Tx, areaCode: string): Promise<SiteFigures[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select s.id, s.kind, s.name, s.name_en as "nameEn", s.area_code as "areaCode", s.phase, s.state, s.lat, s.lon,
       coalesce(sum(c.rooms), 0)::int as rooms, coalesce(sum(c.beds), 0)::int as beds,
       coalesce(sum(c.in_use + c.reserved), 0)::int as "inUse",
       coalesce(sum(c.beds - c.in_use - c.reserved - c.cleaning - c.blocked), 0)::int as free
     from isolation_site s left join isolation_counter c on c.site_id = s.id
     where s.area_code >= $1 and s.area_code < $2
     group by s.id, s.no order by s.kind, s.no`,
    [lo, hi],
  );
}

/** People in their place now, by mode. */
export async function peopleByMode(tx: Tx, areaCode: string): Promise<Record<string, number>> {
  const { lo, hi } = areaRange(areaCode);
  const rows = await tx.sql.many<{ mode: string; n: number }>(
    `select mode, count(*)::int as n from isolation_order
     where state = 'active' and area_code >= $1 and area_code < $2 group by mode order by mode`,
    [lo, hi],
  );
  return Object.fromEntries(rows.map((row) => [row.mode, row.n]));
}
