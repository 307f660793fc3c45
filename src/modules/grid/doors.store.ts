import { areaRange } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { PersonHome } from "#modules/people";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type { DoorItem, DoorItemQuery, DoorList, DoorListQuery, Visit } from "./grid.model.ts";

/** Somebody, or a whole household, at whose door a worker knocks. */
export interface Door {
  readonly areaCode: string;
  readonly personId: number | null;
  readonly householdId: number | null;
}

export interface NewList {
  readonly outbreakId: string;
  readonly kind: DoorList["kind"];
  readonly key: string;
  readonly roundId: string | null;
  readonly dueAt: Instant;
}

/** The town that walks the doors of a village. */
export const townChars = 9;

/** Makes the list in each town; one that is there stays as it is. */
export async function insertLists(tx: Tx, list: NewList, towns: readonly string[]): Promise<void> {
  await tx.sql.run(
    `insert into door_list (id, outbreak_id, area_code, kind, key, round_id, made_at, due_at, state)
     select id, $3, town, $4, $5, $6, $7, $8, 'open' from unnest($1::uuid[], $2::text[]) as new (id, town)
     on conflict (kind, key, area_code) do nothing`,
    [towns.map(() => tx.newId()), towns, list.outbreakId, list.kind, list.key, list.roundId, tx.now, list.dueAt],
  );
}

/** Puts doors on the lists of their towns in walking order: grid by grid, household by household. Returns how many are new. */
export async function insertItems(tx: Tx, list: NewList, doors: readonly Door[]): Promise<number> {
  return tx.sql.run(
    `insert into door_item (id, list_id, area_code, grid_code, household_id, person_id, no, due_at, state)
     select n.id, l.id, n.area_code, coalesce(h.grid_code, g.code), n.household_id, n.person_id,
       row_number() over (partition by l.id, n.area_code, coalesce(h.grid_code, g.code) order by h.no nulls last, n.household_id, n.person_id),
       l.due_at, 'open'
     from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[]) as n (id, area_code, household_id, person_id)
     join door_list l on l.kind = $5 and l.key = $6 and l.area_code = left(n.area_code, $7)
     left join grid_household h on h.household_id = n.household_id
     left join grid g on h.household_id is null and g.code = n.area_code || 'G01'
     on conflict do nothing`,
    [
      doors.map(() => tx.newId()),
      doors.map((door) => door.areaCode),
      doors.map((door) => door.householdId),
      doors.map((door) => door.personId),
      list.kind,
      list.key,
      townChars,
    ],
  );
}

/** Households of an area's grids, one door each, for a sweep. */
export async function sweepDoors(tx: Tx, areaCode: string, limit: number): Promise<Door[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<Door>(
    `select area_code as "areaCode", null as "personId", household_id as "householdId" from grid_household
     where area_code >= $1 and area_code < $2 order by area_code, grid_code, no limit $3`,
    [lo, hi, limit],
  );
}

/** People of a list who are no longer missing were sampled meanwhile: their doors are done. Returns the lists touched. */
export async function settleSampled(
  tx: Tx,
  list: NewList,
  areaCode: string,
  missing: readonly PersonHome[],
): Promise<string[]> {
  const { lo, hi } = areaRange(areaCode);
  const rows = await tx.sql.many<{ id: string }>(
    `update door_item i set state = 'done', visited_at = $4, proof = '{"method": "swab"}', counted = $4 <= i.due_at
     from door_list l where l.kind = $1 and l.key = $2 and i.list_id = l.id and i.state in ('open', 'notHome')
       and i.area_code >= $5 and i.area_code < $6 and not (i.person_id = any($3::bigint[]))
     returning i.list_id as id`,
    [list.kind, list.key, missing.map((person) => person.personId), tx.now, lo, hi],
  );
  return [...new Set(rows.map((row) => row.id))].toSorted();
}

/** Ends what is still open on older lists of the kind in these towns; the newer list takes its place. */
export async function lapseOlder(
  tx: Tx,
  list: NewList,
  areaCode: string,
): Promise<{ readonly lists: string[]; readonly escalated: string[] }> {
  const { lo, hi } = areaRange(areaCode);
  const rows = await tx.sql.many<{ list: string; id: string; escalated: boolean }>(
    `update door_item i set state = 'lapsed' from door_list l
     where l.kind = $1 and l.key <> $2 and l.state = 'open' and l.area_code >= $3 and l.area_code < $4
       and i.list_id = l.id and i.state in ('open', 'notHome')
     returning i.list_id as list, i.id, i.escalated_at is not null as escalated`,
    [list.kind, list.key, lo, hi],
  );
  return {
    lists: [...new Set(rows.map((row) => row.list))].toSorted(),
    escalated: rows.flatMap((row) => (row.escalated ? [row.id] : [])),
  };
}

/** Counts lists anew from their doors; a list without an open door closes. */
export async function recount(tx: Tx, listIds: readonly string[]): Promise<void> {
  await tx.sql.run(
    `update door_list l set total = c.total, done = c.done, not_home = c.not_home, refused = c.refused, moved = c.moved, lapsed = c.lapsed,
       state = case when c.left_open = 0 then 'closed' else 'open' end,
       closed_at = case when c.left_open = 0 then coalesce(l.closed_at, $2::timestamptz) end
     from (select list_id, count(*)::int as total, count(*) filter (where state = 'done')::int as done,
         count(*) filter (where state = 'notHome')::int as not_home, count(*) filter (where state = 'refused')::int as refused,
         count(*) filter (where state = 'moved')::int as moved, count(*) filter (where state = 'lapsed')::int as lapsed,
         count(*) filter (where state in ('open', 'notHome'))::int as left_open
       from door_item where list_id = any($1::uuid[]) group by list_id) c
     where l.id = c.list_id`,
    [listIds, tx.now],
  );
}

/** The lists of a kind and key, by town. */
export async function listsOf(tx: Tx, kind: DoorList["kind"], key: string): Promise<string[]> {
  const rows = await tx.sql.many<{ id: string }>(
    "select id from door_list where kind = $1 and key = $2 order by area_code",
    [kind, key],
  );
  return rows.map((row) => row.id);
}

const millionths = 1_000_000;

/** A list is made for a town and a day, so that there are few; the share that is done is worked out as they are read. */
const listSorts: SortTable<Omit<DoorList, "areaName">, "due" | "done"> = {
  keys: {
    due: { sql: "due_at", type: "timestamptz", of: (row) => row.dueAt },
    done: {
      sql: `(${millionths}::bigint * done / greatest(total, 1))`,
      type: "bigint",
      of: (row) => Math.floor((millionths * row.done) / Math.max(row.total, 1)),
    },
  },
  tie: { sql: "id::text", type: "text", of: (row) => row.id },
};

export async function pageLists(tx: Tx, query: DoorListQuery): Promise<Page<Omit<DoorList, "areaName">>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, listSorts, "-due", area);
  const rows = await tx.sql.many<Omit<DoorList, "areaName">>(
    `select id, area_code as "areaCode", kind, key, round_id as "roundId", made_at as "madeAt", due_at as "dueAt", state, total, done,
       not_home as "notHome", refused, moved, lapsed
     from door_list where area_code >= $1 and area_code < $2 and ($3::text is null or state = $3) and ($4::text is null or kind = $4)
       and ${sort.after(6)}
     order by ${sort.order} limit $5`,
    [lo, hi, query.state ?? null, query.kind ?? null, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

const itemColumns = `id, list_id as "listId", area_code as "areaCode", grid_code as "gridCode", no, household_id as "householdId",
  person_id as "personId", due_at as "dueAt", state, attempts, visited_at as "visitedAt", proof->>'method' as method, counted`;

const itemSorts: SortTable<DoorItem, "walk" | "due"> = {
  keys: {
    walk: [
      { sql: "area_code", type: "text", of: (row) => row.areaCode },
      { sql: "coalesce(grid_code, '')", type: "text", of: (row) => row.gridCode ?? "" },
      { sql: "no", type: "integer", of: (row) => row.no },
    ],
    due: { sql: "due_at", type: "timestamptz", of: (row) => row.dueAt },
  },
  tie: { sql: "id::text", type: "text", of: (row) => row.id },
};

/** Doors in walking order, or by when they must be knocked at. */
export async function pageItems(tx: Tx, query: DoorItemQuery): Promise<Page<DoorItem>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, itemSorts, "walk", area);
  const rows = await tx.sql.many<DoorItem>(
    `select ${itemColumns} from door_item where area_code >= $1 and area_code < $2
       and ($3::uuid is null or list_id = $3) and ($4::text is null or state = $4)
       and ${sort.after(6)}
     order by ${sort.order} limit $5`,
    [lo, hi, query.listId ?? null, query.state ?? null, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

/** Doors still to be knocked at, in walking order, for a whole list or area at once. */
export async function openItems(
  tx: Tx,
  areaCode: string,
  kind: DoorList["kind"],
  key: string,
  limit: number,
): Promise<DoorItem[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<DoorItem>(
    `select ${itemColumns} from door_item where area_code >= $1 and area_code < $2 and state in ('open', 'notHome')
       and list_id in (select id from door_list where kind = $3 and key = $4)
     order by area_code, grid_code, no, person_id, household_id limit $5`,
    [lo, hi, kind, key, limit],
  );
}

export interface LockedItem {
  readonly id: string;
  readonly listId: string;
  readonly areaCode: string;
  readonly gridCode: string | null;
  readonly state: DoorItem["state"];
  readonly dueAt: Instant;
  readonly attempts: number;
  readonly escalated: boolean;
}

export async function lockItems(tx: Tx, ids: readonly string[]): Promise<Map<string, LockedItem>> {
  const rows = await tx.sql.many<LockedItem>(
    `select id, list_id as "listId", area_code as "areaCode", grid_code as "gridCode", state, due_at as "dueAt", attempts,
       escalated_at is not null as escalated
     from door_item where id = any($1::uuid[]) order by id for update`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** A visit that was taken, ready to be stored. */
export interface TakenVisit {
  readonly visit: Visit;
  readonly workerId: string;
  readonly counted: boolean;
  readonly escalate: boolean;
}

export async function storeVisits(tx: Tx, visits: readonly TakenVisit[]): Promise<void> {
  await tx.sql.run(
    `update door_item i set state = v.outcome, attempts = i.attempts + 1, visited_at = v.at, worker_id = v.worker, proof = v.proof,
       counted = v.counted, escalated_at = case when v.escalate then $8 else i.escalated_at end
     from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::uuid[], $5::jsonb[], $6::boolean[], $7::boolean[])
       as v (id, outcome, at, worker, proof, counted, escalate)
     where i.id = v.id`,
    [
      visits.map(({ visit }) => visit.itemId),
      visits.map(({ visit }) => visit.outcome),
      visits.map(({ visit }) => visit.at),
      visits.map(({ workerId }) => workerId),
      visits.map(({ visit }) => (visit.proof === undefined ? null : JSON.stringify(visit.proof))),
      visits.map(({ counted }) => counted),
      visits.map(({ escalate }) => escalate),
      tx.now,
    ],
  );
}
