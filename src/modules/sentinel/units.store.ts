import { areaRange } from "#kernel/area";
import type { Day } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { Count, CountQuery, NewCount, NewUnit, Unit, UnitQuery } from "./sentinel.model.ts";

const unitColumns = `id, area_code as "areaCode", code, kind, name, reports_by as "reportsBy", reports_from as "reportsFrom", state`;

/** Registers units or changes those of the reader's own area; returns the codes that were stored, and whether each is new. */
export async function upsertUnits(
  tx: Tx,
  units: readonly NewUnit[],
  facts: { readonly from: Day; readonly reportsBy: string },
): Promise<{ code: string; fresh: boolean }[]> {
  return tx.sql.many(
    `insert into probe_unit (id, area_code, code, kind, name, reports_by, reports_from, state, registered_at)
     select id, area_code, code, kind, name, reports_by, $7::date, state, $8
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $9::text[])
       as new (id, area_code, code, kind, name, reports_by, state)
     on conflict (code) do update set kind = excluded.kind, name = excluded.name, reports_by = excluded.reports_by, state = excluded.state
     returning code, (xmax = 0) as fresh`,
    [
      units.map(() => tx.newId()),
      units.map((unit) => unit.areaCode),
      units.map((unit) => unit.code),
      units.map((unit) => unit.kind),
      units.map((unit) => unit.name),
      units.map((unit) => unit.reportsBy ?? facts.reportsBy),
      facts.from,
      tx.now,
      units.map((unit) => (unit.closed ? "closed" : "active")),
    ],
  );
}

/** Where the units with these codes stand, in any area. */
export async function unitHomes(tx: Tx, codes: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.sql.many<{ code: string; areaCode: string }>(
    `select code, area_code as "areaCode" from wuyang.probe_unit_homes($1::text[])`,
    [codes],
  );
  return new Map(rows.map((row) => [row.code, row.areaCode]));
}

export async function pageUnits(tx: Tx, query: UnitQuery): Promise<Page<Unit>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Unit>(
    `select ${unitColumns} from probe_unit
     where area_code >= $1 and area_code < $2 and ($3::text is null or kind = $3) and ($4::text is null or (area_code, code) > ($4, $5))
     order by area_code, code limit $6`,
    [lo, hi, query.kind ?? null, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.code]);
}

/** Fever clinics, village clinics and pharmacies of an area that are open, by area. */
export async function unitsIn(tx: Tx, areaCode: string, limit: number): Promise<Unit[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<Unit>(
    `select ${unitColumns} from probe_unit where area_code >= $1 and area_code < $2 and state <> 'closed'
     order by area_code, code limit $3`,
    [lo, hi, limit],
  );
}

/** The units with these codes, as far as the reader sees them. */
export async function unitsByCode(tx: Tx, codes: readonly string[]): Promise<Map<string, Unit>> {
  const rows = await tx.sql.many<Unit>(`select ${unitColumns} from probe_unit where code = any($1::text[])`, [codes]);
  return new Map(rows.map((row) => [row.code, row]));
}

export interface StoredCount extends NewCount {
  readonly unitId: string;
  readonly areaCode: string;
  readonly late: boolean;
}

/** Stores daily counts; a changed count is a correction, the same count again is nothing. Returns the units' rows that changed. */
export async function upsertCounts(tx: Tx, counts: readonly StoredCount[]): Promise<number> {
  return tx.sql.run(
    `insert into probe_count (unit_id, day, area_code, fever, respiratory, drugs, received_at, received_by, late)
     select unit_id, day, area_code, fever, respiratory, drugs, $8, $9, late
     from unnest($1::uuid[], $2::date[], $3::text[], $4::int[], $5::int[], $6::int[], $7::boolean[])
       as new (unit_id, day, area_code, fever, respiratory, drugs, late)
     on conflict (unit_id, day) do update set fever = excluded.fever, respiratory = excluded.respiratory, drugs = excluded.drugs,
       received_by = excluded.received_by, corrections = probe_count.corrections + 1
     where (probe_count.fever, probe_count.respiratory, probe_count.drugs) is distinct from (excluded.fever, excluded.respiratory, excluded.drugs)`,
    [
      counts.map((row) => row.unitId),
      counts.map((row) => row.day),
      counts.map((row) => row.areaCode),
      counts.map((row) => row.fever),
      counts.map((row) => row.respiratory),
      counts.map((row) => row.drugs),
      counts.map((row) => row.late),
      tx.now,
      tx.actor.id,
    ],
  );
}

export async function pageCounts(tx: Tx, query: CountQuery): Promise<Page<Count>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 3);
  const rows = await tx.sql.many<Count>(
    `select c.unit_id || ' ' || c.day as id, c.unit_id as "unitId", u.code as "unitCode", u.name as "unitName", u.kind as "unitKind", c.area_code as "areaCode", c.day,
       c.fever, c.respiratory, c.drugs, c.received_at as "receivedAt", c.late, c.corrections
     from probe_count c join probe_unit u on u.id = c.unit_id
     where c.area_code >= $1 and c.area_code < $2 and ($3::date is null or c.day = $3)
       and ($4::text is null or c.area_code > $4 or (c.area_code = $4 and (c.day < $5::date or (c.day = $5::date and c.unit_id::text > $6))))
     order by c.area_code, c.day desc, c.unit_id::text limit $7`,
    [lo, hi, query.day ?? null, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.day, row.unitId]);
}

/** One active unit with its last return; the silent ones are told by the rules. */
export interface LastReturn extends Unit {
  readonly lastDay: Day | null;
}

/** Active units without a return for `before` or a later day, by area and code. */
export async function pageQuiet(
  tx: Tx,
  query: { areaCode: string; before: Day; after: readonly (string | number)[] | null; limit: number },
): Promise<LastReturn[]> {
  const { lo, hi } = areaRange(query.areaCode);
  return tx.sql.many(
    `select ${unitColumns}, (select max(c.day) from probe_count c where c.unit_id = probe_unit.id) as "lastDay" from probe_unit
     where area_code >= $1 and area_code < $2 and state = 'active' and ($4::text is null or (area_code, code) > ($4, $5))
       and not exists (select 1 from probe_count c where c.unit_id = probe_unit.id and c.day >= $3)
     order by area_code, code limit $6`,
    [lo, hi, query.before, query.after?.[0] ?? null, query.after?.[1] ?? null, query.limit],
  );
}

/** The sums of one day over a county or a town. */
export interface DaySum {
  readonly areaCode: string;
  readonly day: Day;
  readonly fever: number;
  readonly respiratory: number;
  readonly drugs: number;
}

/** Daily sums by county and by town since a day, over everything the reader sees. */
export async function daySums(tx: Tx, from: Day, to: Day): Promise<DaySum[]> {
  return tx.sql.many(
    `select left(area_code, digits) as "areaCode", day, sum(fever)::int as fever, sum(respiratory)::int as respiratory, sum(drugs)::int as drugs
     from probe_count, (values (6), (9)) as level (digits)
     where day >= $1 and day <= $2 group by left(area_code, digits), day order by 1, 2`,
    [from, to],
  );
}
