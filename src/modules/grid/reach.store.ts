import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type { ReachQuery, Reachable, RecordOutreach, RegisterReachable } from "./grid.model.ts";

const columns = `id, area_code as "areaCode", kind, called, usual_place as "usualPlace", person_id as "personId", registered_at as "registeredAt",
  last_met_at as "lastMetAt", last_tested_at as "lastTestedAt", last_outcome as "lastOutcome"`;

/** Stores people without a door; somebody called the same in the same place is known. Returns how many are new. */
export async function putReachable(tx: Tx, people: RegisterReachable["people"]): Promise<number> {
  const row = await tx.sql.one<{ n: number }>(
    `with put as (
       insert into hard_to_reach (id, area_code, kind, called, usual_place, person_id, registered_at, registered_by)
       select id, area_code, kind, called, usual_place, person_id, $7, $8
       from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) as new (id, area_code, kind, called, usual_place, person_id)
       on conflict (area_code, kind, called) do update set usual_place = excluded.usual_place, active = true,
         person_id = coalesce(excluded.person_id, hard_to_reach.person_id)
       returning xmax = 0 as fresh)
     select count(*) filter (where fresh)::int as n from put`,
    [
      people.map(() => tx.newId()),
      people.map((person) => person.areaCode),
      people.map((person) => person.kind),
      people.map((person) => person.called),
      people.map((person) => person.usualPlace),
      people.map((person) => person.personId ?? null),
      tx.now,
      tx.actor.id,
    ],
  );
  return row.n;
}

/** Who was never met or tested comes before everybody who was. */
const reachSorts: SortTable<Reachable, "registered" | "met" | "tested"> = {
  keys: {
    registered: { sql: "registered_at", type: "timestamptz", of: (row) => row.registeredAt },
    met: { sql: "coalesce(last_met_at, '-infinity')", type: "timestamptz", of: (row) => row.lastMetAt ?? "-infinity" },
    tested: {
      sql: "coalesce(last_tested_at, '-infinity')",
      type: "timestamptz",
      of: (row) => row.lastTestedAt ?? "-infinity",
    },
  },
  tie: { sql: "id::text", type: "text", of: (row) => row.id },
};

export async function pageReachable(tx: Tx, query: ReachQuery): Promise<Page<Reachable>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, reachSorts, "-registered", area);
  const rows = await tx.sql.many<Reachable>(
    `select ${columns} from hard_to_reach where active and area_code >= $1 and area_code < $2 and ($3::text is null or kind = $3)
       and ${sort.after(5)}
     order by ${sort.order} limit $4`,
    [lo, hi, query.state ?? null, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

/** Everybody active of an area, by village and name. */
export async function reachableIn(tx: Tx, areaCode: string, limit: number): Promise<Reachable[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<Reachable>(
    `select ${columns} from hard_to_reach where active and area_code >= $1 and area_code < $2 order by area_code, kind, called limit $3`,
    [lo, hi, limit],
  );
}

export async function lockReachable(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { id: string; areaCode: string }>> {
  const rows = await tx.sql.many<{ id: string; areaCode: string }>(
    `select id, area_code as "areaCode" from hard_to_reach where active and id = any($1::uuid[]) order by id for update`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Stores meetings and brings each person's last up to date; a meeting that is there already changes nothing. */
export async function storeOutreach(
  tx: Tx,
  meetings: readonly (RecordOutreach["meetings"][number] & { readonly areaCode: string })[],
): Promise<number> {
  const stored = await tx.sql.run(
    `insert into outreach (id, person_ref, area_code, at, outcome, note, recorded_by)
     select id, ref, area_code, at, outcome, note, $7
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[]) as new (id, ref, area_code, at, outcome, note)
     on conflict (person_ref, at) do nothing`,
    [
      meetings.map(() => tx.newId()),
      meetings.map((meeting) => meeting.id),
      meetings.map((meeting) => meeting.areaCode),
      meetings.map((meeting) => meeting.at),
      meetings.map((meeting) => meeting.outcome),
      meetings.map((meeting) => meeting.note ?? ""),
      tx.actor.id,
    ],
  );
  await tx.sql.run(
    `update hard_to_reach h set last_outcome = o.outcome, last_met_at = coalesce(o.met, h.last_met_at), last_tested_at = coalesce(o.tested, h.last_tested_at)
     from (select person_ref, (array_agg(outcome order by at desc))[1] as outcome, max(at) filter (where outcome <> 'notFound') as met,
         max(at) filter (where outcome = 'tested') as tested
       from outreach where person_ref = any($1::uuid[]) group by person_ref) o
     where h.id = o.person_ref`,
    [meetings.map((meeting) => meeting.id)],
  );
  return stored;
}
