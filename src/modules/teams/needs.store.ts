import { areaRange } from "#kernel/area";
import { instantOf } from "#kernel/time";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type { NeedQuery, NeedRow, NewNeed } from "./duty.model.ts";
import { assignable, type Candidate, type Span } from "./teams.rules.ts";

/** A need that still misses people. */
export interface LockedNeed {
  readonly id: string;
  readonly areaCode: string;
  readonly code: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly skill: string | null;
  readonly people: number;
  readonly filled: number;
  readonly from: string;
  readonly to: string;
}

const columns = `id, area_code as "areaCode", code, target_type as "targetType", target_id as "targetId", skill, people, filled,
  from_at as "from", to_at as "to"`;

/** Stores needs; one whose code is known keeps its record. Gives the new ones. */
export async function insertNeeds(
  tx: Tx,
  outbreakId: string,
  needs: readonly NewNeed[],
): Promise<{ id: string; code: string; areaCode: string; from: string }[]> {
  return tx.sql.many(
    `insert into team_need (id, area_code, outbreak_id, code, target_type, target_id, skill, people, from_at, to_at, state,
       opened_at, opened_by)
     select id, area_code, $1, code, target_type, target_id, skill, people, from_at, to_at, 'open', $2, $3
     from unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::int[], $11::timestamptz[],
       $12::timestamptz[]) as n (id, area_code, code, target_type, target_id, skill, people, from_at, to_at)
     on conflict (outbreak_id, code) do nothing
     returning id, code, area_code as "areaCode", from_at as "from"`,
    [
      outbreakId,
      tx.now,
      tx.actor.id,
      needs.map(() => tx.newId()),
      needs.map((need) => need.areaCode),
      needs.map((need) => need.code),
      needs.map((need) => need.targetType),
      needs.map((need) => need.targetId),
      needs.map((need) => need.skill ?? null),
      needs.map((need) => need.people),
      needs.map((need) => need.from),
      needs.map((need) => need.to),
    ],
  );
}

/** The ids of needs by their codes, as far as they lie in the reader's area. */
export async function needIds(tx: Tx, outbreakId: string, codes: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.sql.many<{ id: string; code: string }>(
    "select id, code from team_need where outbreak_id = $1 and code = any($2::text[])",
    [outbreakId, codes],
  );
  return new Map(rows.map((row) => [row.code, row.id]));
}

/** Needs of an area that still miss people and are not over, the earliest first. */
export async function lockOpenNeeds(
  tx: Tx,
  areaCode: string,
  ids: readonly string[] | null,
  limit: number,
): Promise<LockedNeed[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<LockedNeed>(
    `select ${columns} from team_need where state = 'open' and to_at > $1 and area_code >= $2 and area_code < $3
       and ($4::uuid[] is null or id = any($4)) order by from_at, area_code, code limit $5 for update`,
    [tx.now, lo, hi, ids, limit],
  );
}

export async function lockNeed(tx: Tx, id: string): Promise<(LockedNeed & { readonly state: string }) | undefined> {
  return tx.sql.maybe(`select ${columns}, state from team_need where id = $1 for update`, [id]);
}

export async function endNeed(tx: Tx, id: string): Promise<void> {
  await tx.sql.run("update team_need set state = 'cancelled', ended_at = $2 where id = $1", [id, tx.now]);
  await tx.sql.run("update team_shift set state = 'cancelled' where need_id = $1 and state = 'planned'", [id]);
}

/** People looked for in one area, with one skill, at one time. */
export interface Search {
  readonly lo: string;
  readonly hi: string;
  readonly skill: string | null;
  readonly span: Span;
  readonly count: number;
}

/** For each search the least worked who have no shift within the rest around it, one query for all. */
export async function candidatesFor(
  tx: Tx,
  searches: readonly Search[],
  taken: readonly number[],
  restMs: number,
): Promise<Candidate[][]> {
  const rows = await tx.sql.many<Candidate & { no: number }>(
    `select g.no, c.* from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::int[])
       as g (no, lo, hi, skill, from_at, to_at, n), lateral (
       select m.id as "memberId", m.code, m.area_code as "areaCode", m.skills, m.minutes_worked as "minutesWorked"
       from team_member m
       where m.area_code >= g.lo collate "C" and m.area_code < g.hi collate "C" and m.state = any($8::text[])
         and (g.skill is null or g.skill = any(m.skills)) and m.id <> all($9::bigint[])
         and not exists (select from team_shift s where s.member_id = m.id and s.period && tstzrange(g.from_at, g.to_at)
           and s.state in ('planned', 'onDuty', 'done'))
       order by m.minutes_worked, m.code limit g.n) c
     order by g.no, c."minutesWorked", c.code`,
    [
      searches.map((_, i) => i),
      searches.map((search) => search.lo),
      searches.map((search) => search.hi),
      searches.map((search) => search.skill),
      searches.map((search) => instantOf(search.span.from - restMs)),
      searches.map((search) => instantOf(search.span.to + restMs)),
      searches.map((search) => search.count),
      assignable,
      taken,
    ],
  );
  const found: Candidate[][] = searches.map(() => []);
  for (const { no, ...candidate } of rows) found[no]?.push(candidate);
  return found;
}

/** Adds the people found to the needs and tells which are full now. */
export async function addFilled(tx: Tx, found: ReadonlyMap<string, number>): Promise<string[]> {
  const rows = await tx.sql.many<{ id: string; full: boolean }>(
    `update team_need n set filled = n.filled + d.found,
       state = case when n.filled + d.found >= n.people then 'filled' else n.state end,
       filled_at = case when n.filled + d.found >= n.people then $1 else n.filled_at end
     from unnest($2::uuid[], $3::int[]) as d (id, found) where n.id = d.id returning n.id, n.state = 'filled' as full`,
    [tx.now, [...found.keys()], [...found.values()]],
  );
  return rows.filter((row) => row.full).map((row) => row.id);
}

/** Closes needs whose time is over, in every area; gives those that never were full. */
export async function closePast(tx: Tx): Promise<string[]> {
  const rows = await tx.sql.many<{ id: string; unfilled: boolean }>(
    `update team_need set state = 'closed', ended_at = $1 where state in ('open', 'filled') and to_at <= $1
     returning id, filled < people as unfilled`,
    [tx.now],
  );
  return rows.filter((row) => row.unfilled).map((row) => row.id);
}

export async function pageNeeds(tx: Tx, query: NeedQuery): Promise<Page<NeedRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const key = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<NeedRow>(
    `select ${columns}, state, (coalesce(filled_at, ended_at, $7) > from_at) as late
     from team_need where area_code >= $1 and area_code < $2 and ($3::text is null or state = $3)
       and ($4::timestamptz is null or (from_at, id::text) < ($4::timestamptz, $5))
     order by from_at desc, id::text desc limit $6`,
    [lo, hi, query.state ?? null, key?.[0] ?? null, key?.[1] ?? null, limit + 1, tx.now],
  );
  return pageOf(rows, limit, (row) => [row.from, row.id]);
}
