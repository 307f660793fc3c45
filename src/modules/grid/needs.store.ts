import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Grid } from "#domain/outbreaks";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type { Need, NeedQuery, NewNeed } from "./grid.model.ts";

export interface AskedNeed extends NewNeed {
  readonly id: string;
  readonly key: string;
  readonly dueAt: Instant;
}

/** Stores requests; one that was written down before stays as it is. Returns the ids that are new. */
export async function insertNeeds(
  tx: Tx,
  outbreakId: string,
  needs: readonly AskedNeed[],
): Promise<ReadonlySet<string>> {
  const rows = await tx.sql.many<{ id: string }>(
    `insert into household_need (id, outbreak_id, area_code, household_id, place, kind, note, cause, key, asked_at, due_at, state, moved_at)
     select id, $1, area_code, household_id, place, kind, note, 'request', key, $2, due_at, 'asked', $2
     from unnest($3::uuid[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::timestamptz[])
       as new (id, area_code, household_id, place, kind, note, key, due_at)
     on conflict (area_code, kind, key) do nothing returning id`,
    [
      outbreakId,
      tx.now,
      needs.map((need) => need.id),
      needs.map((need) => need.areaCode),
      needs.map((need) => need.householdId ?? null),
      needs.map((need) => need.place ?? ""),
      needs.map((need) => need.kind),
      needs.map((need) => need.note ?? ""),
      needs.map((need) => need.key),
      needs.map((need) => need.dueAt),
    ],
  );
  return new Set(rows.map((row) => row.id));
}

/**
 * Food for every household under control whose last came long enough ago: all households of a closed village, and
 * each home in quarantine. One statement each, however many villages. spec: GRID-5
 */
export async function feedWatched(
  tx: Tx,
  outbreakId: string,
  facts: { readonly grid: Grid["needs"]; readonly fedBefore: Instant; readonly dueAt: Instant },
): Promise<number> {
  const due = `ended_at is null and (fed_at is null or fed_at <= $2)`;
  // The id is made of what the need is, so that the same statement gives the same rows in every run.
  const columns = `insert into household_need (id, outbreak_id, area_code, household_id, kind, cause, key, asked_at, due_at, state, moved_at)
     select md5('food ' || household || ' ' || $3)::uuid, $1, area, household, 'food', why, household || ' ' || $3, $3::timestamptz, $4, 'asked', $3::timestamptz
     from`;
  const zones = await tx.sql.run(
    `${columns} (select h.household_id as household, h.area_code as area, 'zone' as why from grid_watch w
         join grid_household h on h.area_code = w.subject where w.kind = 'zone' and w.level = any($5::text[]) and w.${due}) n
     on conflict (area_code, kind, key) do nothing`,
    [outbreakId, facts.fedBefore, tx.now, facts.dueAt, facts.grid.foodLevels],
  );
  const homes = await tx.sql.run(
    `${columns} (select distinct household_id as household, area_code as area, 'home' as why from grid_watch
         where kind = 'home' and household_id is not null and ${due}) n
     on conflict (area_code, kind, key) do nothing`,
    [outbreakId, facts.fedBefore, tx.now, facts.dueAt],
  );
  await tx.sql.run(
    `update grid_watch set fed_at = $1 where ended_at is null and (fed_at is null or fed_at <= $2) and (kind = 'home' or level = any($3::text[]))`,
    [tx.now, facts.fedBefore, facts.grid.foodLevels],
  );
  return zones + homes;
}

/** Ends what a zone's rule asked for and nobody brought: the control has ended. */
export async function dropZoneNeeds(tx: Tx, areaCode: string): Promise<void> {
  await tx.sql.run(
    `update household_need set state = 'refused', moved_at = $2
     where area_code = $1 and cause = 'zone' and state in ('asked', 'accepted')`,
    [areaCode, tx.now],
  );
}

const needColumns = `id, area_code as "areaCode", household_id as "householdId", place, kind, note, cause, asked_at as "askedAt",
  due_at as "dueAt", state, delivered_at as "deliveredAt", coalesce(delivered_at, $1::timestamptz) > due_at and state <> 'refused' as late`;

const needSorts: SortTable<Omit<Need, "areaName">, "due" | "asked"> = {
  keys: {
    due: { sql: "due_at", type: "timestamptz", of: (row) => row.dueAt },
    asked: { sql: "asked_at", type: "timestamptz", of: (row) => row.askedAt },
  },
  tie: { sql: "id::text", type: "text", of: (row) => row.id },
};

export async function pageNeeds(tx: Tx, query: NeedQuery): Promise<Page<Omit<Need, "areaName">>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, needSorts, "due", area);
  const rows = await tx.sql.many<Omit<Need, "areaName">>(
    `select ${needColumns} from household_need where area_code >= $2 and area_code < $3
       and ($4::text is null or state = $4) and ($5::text is null or kind = $5)
       and ${sort.after(7)}
     order by ${sort.order} limit $6`,
    [tx.now, lo, hi, query.state ?? null, query.kind ?? null, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

/** Open needs of an area in the order of households, for whoever plans the deliveries of a town or county. */
export async function openNeeds(
  tx: Tx,
  areaCode: string,
  state: Need["state"],
  limit: number,
): Promise<
  {
    id: string;
    areaCode: string;
    householdId: number | null;
    kind: string;
    key: string;
    askedAt: Instant;
    dueAt: Instant;
  }[]
> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many(
    `select id, area_code as "areaCode", household_id as "householdId", kind, key, asked_at as "askedAt", due_at as "dueAt"
     from household_need where area_code >= $1 and area_code < $2 and state = $3 order by area_code, kind, key limit $4`,
    [lo, hi, state, limit],
  );
}

export async function lockNeeds(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { id: string; state: Need["state"]; deliveredBy: string | null; cause: Need["cause"] }>> {
  const rows = await tx.sql.many<{
    id: string;
    state: Need["state"];
    deliveredBy: string | null;
    cause: Need["cause"];
  }>(
    `select id, state, delivered_by as "deliveredBy", cause from household_need where id = any($1::uuid[]) order by id for update`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

export async function storeMoves(
  tx: Tx,
  ids: readonly string[],
  to: Need["state"],
  confirmedBy: string | null,
): Promise<void> {
  await tx.sql.run(
    `update household_need set state = $2, moved_at = $3,
       delivered_at = case when $2 = 'delivered' then $3::timestamptz else delivered_at end,
       delivered_by = case when $2 = 'delivered' then $4 else delivered_by end,
       confirmed_by = case when $2 = 'confirmed' then $5 else confirmed_by end
     where id = any($1::uuid[])`,
    [ids, to, tx.now, tx.actor.id, confirmedBy],
  );
}
