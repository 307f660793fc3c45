import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import type { Cell } from "#platform/db";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import type {
  MemberQuery,
  MemberRow,
  NewTeam,
  PostQuery,
  PostRow,
  Registered,
  TeamQuery,
  TeamRow,
} from "./teams.model.ts";

interface Ready {
  readonly area_code: string;
  readonly code: string;
}

/** Where a keyset page begins: the area and the code of the last row before it. */
function after(cursor: string | undefined): readonly [string | null, string | null] {
  const key = cursorKey(cursor, 2);
  return key === null ? [null, null] : [String(key[0]), String(key[1])];
}

const byCode = (row: { areaCode: string; code: string }): readonly string[] => [row.areaCode, row.code];

const teamSorts: SortTable<TeamRow, "area" | "code"> = {
  keys: { area: { sql: "area_code", type: "text", of: (row) => row.areaCode }, code: [] },
  tie: { sql: "code || ''", type: "text", of: (row) => row.code },
};

export async function pageTeams(tx: Tx, query: TeamQuery): Promise<Page<TeamRow>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, teamSorts, "area", area);
  const rows = await tx.sql.many<TeamRow>(
    `select id, area_code as "areaCode", kind, code, name, parent_code as "parentCode", leader_code as "leaderCode", state,
       (select count(*)::int from team_member m where m.team_id = team.id) as members
     from team where area_code >= $1 and area_code < $2 and ($3::text is null or kind = $3)
       and ${sort.after(5)}
     order by ${sort.order} limit $4`,
    [lo, hi, query.kind ?? null, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

/** A member's row with the sealed phone, which only an export opens. */
export interface StoredMember extends MemberRow {
  readonly phoneEnc: Buffer | null;
}

/** The filters of a list of members; an export's state is any text, and one that is no state finds nobody. */
export type MembersAsked = Omit<MemberQuery, "state"> & { readonly state?: string };

const memberSorts: SortTable<StoredMember, "area" | "code" | "hours"> = {
  keys: {
    area: { sql: "m.area_code", type: "text", of: (row) => row.areaCode },
    code: [],
    hours: { sql: "m.minutes_worked", type: "integer", of: (row) => row.minutesWorked },
  },
  tie: { sql: "m.code || ''", type: "text", of: (row) => row.code },
};

export async function pageMembers(tx: Tx, query: MembersAsked): Promise<Page<StoredMember>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, memberSorts, "area", area);
  // The team goes in by its id, so that its own index can serve a page of it.
  const teamId = query.teamCode === undefined ? null : await teamIdOf(tx, query.teamCode);
  if (teamId === undefined) return { items: [], next: null };
  const rows = await tx.sql.many<StoredMember>(
    `select m.id::text as id, m.code, m.area_code as "areaCode", m.name, m.kind, m.skills, m.home_area_code as "homeAreaCode", m.state,
       (select t.code from team t where t.id = m.team_id) as "teamCode", m.minutes_worked as "minutesWorked",
       m.absent_reason as "absentReason", m.phone_enc as "phoneEnc"
     from team_member m where m.area_code >= $1 and m.area_code < $2 and ($3::text is null or m.state = $3)
       and ($4::text is null or m.kind = $4) and ($5::uuid is null or m.team_id = $5)
       and ${sort.after(7)}
     order by ${sort.order} limit $6`,
    [lo, hi, query.state ?? null, query.kind ?? null, teamId, sort.limit + 1, ...sort.values],
  );
  return sort.page(rows);
}

export async function pagePosts(tx: Tx, query: PostQuery): Promise<Page<PostRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const rows = await tx.sql.many<PostRow>(
    `select p.area_code as "areaCode", p.kind, p.code, p.name, p.place, p.people_needed as "peopleNeeded",
       h.id::text as "holderId", h.code as "holderCode"
     from team_post p left join team_member h on h.id = p.holder_id where p.area_code >= $1 and p.area_code < $2 and ($3::text is null or p.kind = $3)
       and ($4::text is null or (p.area_code, p.code || '') > ($4, $5))
     order by p.area_code, p.code || '' limit $6`,
    [lo, hi, query.kind ?? null, ...after(query.cursor), limit + 1],
  );
  return pageOf(rows, limit, byCode);
}

async function teamIdOf(tx: Tx, code: string): Promise<string | undefined> {
  return (await tx.sql.maybe<{ id: string }>("select id from team where code = $1", [code]))?.id;
}

export async function lockTeam(tx: Tx, code: string): Promise<TeamRow | undefined> {
  return tx.sql.maybe<TeamRow>(
    `select id, area_code as "areaCode", kind, code, name, parent_code as "parentCode", leader_code as "leaderCode", state,
       0 as members from team where code = $1 for update`,
    [code],
  );
}

export async function closeTeamRow(tx: Tx, id: string): Promise<void> {
  await tx.sql.run("update team set state = 'closed', closed_at = $2 where id = $1", [id, tx.now]);
  await tx.sql.run("update team_member set team_id = null where team_id = $1", [id]);
}

/**
 * Loads rows by COPY. COPY is refused on tables under row-level security, so they go into a temporary table and from there
 * in one insert; a code that is known already keeps its record.
 */
async function load(
  tx: Tx,
  table: string,
  shape: string,
  rows: Iterable<readonly Cell[]>,
  insert: string,
): Promise<Registered> {
  await tx.sql.script(`create temp table ${table}_load (${shape}) on commit drop`);
  const count = await tx.sql.copyIn(`${table}_load`, rows);
  const added = await tx.sql.run(insert, [tx.now]);
  // A code that neither was added nor can be seen here is another area's.
  const elsewhere = await tx.sql.many<Ready>(
    `select distinct code from ${table}_load l where not exists (select from ${table} k where k.code = l.code)
     order by code limit 200`,
  );
  await tx.sql.script(`drop table ${table}_load`);
  return { added, known: count - added - elsewhere.length, elsewhere: elsewhere.map((row) => row.code) };
}

/** Teams by COPY; ids are made by the database's caller so that they are the same in every run of a drill. */
export async function copyTeams(tx: Tx, rows: Iterable<NewTeam>): Promise<Registered> {
  function* cells(): Generator<readonly Cell[]> {
    for (const t of rows)
      yield [tx.newId(), t.areaCode, t.kind, t.code, t.name, t.parentCode ?? null, t.leaderCode ?? null];
  }
  return load(
    tx,
    "team",
    'id uuid, area_code text, kind text, code text collate "C", name text, parent_code text, leader_code text',
    cells(),
    `insert into team (id, area_code, kind, code, name, parent_code, leader_code, registered_at)
     select id, area_code, kind, code, name, parent_code, leader_code, $1 from team_load on conflict (code) do nothing`,
  );
}

/** Members by COPY, their cells in the order of the temporary table. */
export async function copyMembers(tx: Tx, rows: Iterable<readonly Cell[]>): Promise<Registered> {
  return load(
    tx,
    "team_member",
    `area_code text, code text collate "C", name text, phone_hash bytea, phone_enc bytea, kind text, skills text[],
     home_area_code text, vaccinated boolean, team_code text collate "C"`,
    rows,
    `insert into team_member (area_code, code, name, phone_hash, phone_enc, kind, skills, home_area_code, vaccinated, team_id,
       registered_at)
     select l.area_code, l.code, l.name, l.phone_hash, l.phone_enc, l.kind, l.skills, l.home_area_code, l.vaccinated, t.id, $1
     from team_member_load l left join team t on t.code = l.team_code on conflict (code) do nothing`,
  );
}

/** Posts by COPY, their cells in the order of the temporary table. */
export async function copyPosts(tx: Tx, rows: Iterable<readonly Cell[]>): Promise<Registered> {
  return load(
    tx,
    "team_post",
    `id uuid, area_code text, kind text, code text collate "C", name text, place text, people_needed integer,
     holder_code text collate "C"`,
    rows,
    `insert into team_post (id, area_code, kind, code, name, place, people_needed, holder_id, registered_at)
     select l.id, l.area_code, l.kind, l.code, l.name, l.place, l.people_needed, m.id, $1
     from team_post_load l left join team_member m on m.code = l.holder_code on conflict (code) do nothing`,
  );
}

/** A post whose holder changed: who held it before and who holds it now. */
export interface HolderChange {
  readonly areaCode: string;
  readonly kind: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Puts a member on a post, or takes the holder off; undefined when there is no such post or no such member. */
export async function setHolder(
  tx: Tx,
  postCode: string,
  memberCode: string | null,
): Promise<HolderChange | undefined> {
  return tx.sql.maybe<HolderChange>(
    `with post as (select id, holder_id from team_post where code = $1 for update)
     update team_post p set holder_id = (select id from team_member where code = $2) from post
     where p.id = post.id and ($2::text is null or exists (select from team_member where code = $2))
     returning p.area_code as "areaCode", p.kind, post.holder_id::text as before, p.holder_id::text as after`,
    [postCode, memberCode],
  );
}

/** One counter of one area. */
export interface CountRow {
  readonly areaCode: string;
  readonly what: string;
  readonly n: number;
}

/** The kept counters of an area, added up by the areas one level below it (the first `digits` of their codes). */
export async function countsBelow(tx: Tx, areaCode: string, digits: number): Promise<CountRow[]> {
  const { lo, hi } = areaRange(areaCode);
  return tx.sql.many<CountRow>(
    `select left(area_code, $3) as "areaCode", what, sum(n)::int as n from team_count
     where area_code >= $1 and area_code < $2 group by 1, 2 order by 1, 2`,
    [lo, hi, digits],
  );
}
