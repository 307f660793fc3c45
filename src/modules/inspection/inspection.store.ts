import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import type {
  AreaQuery,
  InspectionTeam,
  NewRoute,
  Place,
  PlaceType,
  RouteQuery,
  RouteRow,
  VisitRow,
} from "./domain.ts";

/** SQL of teams, places, routes, checklists and visits. */

/** Adds teams or corrects those that are known; a code never moves to another area. Returns how many were stored. */
export async function upsertTeams(tx: Tx, teams: readonly InspectionTeam[]): Promise<number> {
  return tx.sql.run(
    `insert into inspection_team (code, area_code, name, name_en, headcount, members, created_at)
     select code, area_code, name, name_en, headcount, array(select jsonb_array_elements_text(members)), $7
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::jsonb[])
       as new (code, area_code, name, name_en, headcount, members)
     on conflict (code) do update set name = excluded.name, name_en = excluded.name_en, headcount = excluded.headcount,
       members = excluded.members where inspection_team.area_code = excluded.area_code`,
    [
      teams.map((t) => t.code),
      teams.map((t) => t.areaCode),
      teams.map((t) => t.name),
      teams.map((t) => t.nameEn),
      teams.map((t) => t.headcount),
      teams.map((t) => JSON.stringify(t.members)),
      tx.now,
    ],
  );
}

/** Which of the codes are teams the reader may see, with their areas. */
export async function teamAreas(tx: Tx, codes: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.sql.many<{ code: string; area_code: string }>(
    "select code, area_code from inspection_team where code = any($1::text[])",
    [codes],
  );
  return new Map(rows.map((row) => [row.code, row.area_code]));
}

export async function pageTeams(tx: Tx, query: AreaQuery): Promise<Page<InspectionTeam>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<InspectionTeam>(
    `select code, area_code as "areaCode", name, name_en as "nameEn", headcount, members from inspection_team
     where area_code >= $1 and area_code < $2 and ($3::text is null or (area_code, code) > ($3, $4))
     order by area_code, code limit $5`,
    [lo, hi, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.code]);
}

/** Adds places or corrects those that are known; a code never moves to another area. Returns how many were stored. */
export async function upsertPlaces(tx: Tx, places: readonly Place[]): Promise<number> {
  return tx.sql.run(
    `insert into inspection_place (code, area_code, place_type, name, name_en, venue_code, created_at)
     select *, $7::timestamptz from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
     on conflict (code) do update set place_type = excluded.place_type, name = excluded.name, name_en = excluded.name_en,
       venue_code = excluded.venue_code where inspection_place.area_code = excluded.area_code`,
    [
      places.map((p) => p.code),
      places.map((p) => p.areaCode),
      places.map((p) => p.placeType),
      places.map((p) => p.name),
      places.map((p) => p.nameEn),
      places.map((p) => p.venueCode),
      tx.now,
    ],
  );
}

const placeColumns = `code, area_code as "areaCode", place_type as "placeType", name, name_en as "nameEn", venue_code as "venueCode"`;

/** The places among the given codes that the reader may see, by code. */
export async function placesByCode(tx: Tx, codes: readonly string[]): Promise<Map<string, Place>> {
  const rows = await tx.sql.many<Place>(`select ${placeColumns} from inspection_place where code = any($1::text[])`, [
    codes,
  ]);
  return new Map(rows.map((row) => [row.code, row]));
}

export async function pagePlaces(tx: Tx, query: AreaQuery & { readonly placeType?: PlaceType }): Promise<Page<Place>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<Place>(
    `select ${placeColumns} from inspection_place
     where area_code >= $1 and area_code < $2 and ($6::text is null or place_type = $6)
       and ($3::text is null or (area_code, code) > ($3, $4)) order by area_code, code limit $5`,
    [lo, hi, after?.[0] ?? null, after?.[1] ?? null, limit + 1, query.placeType ?? null],
  );
  return pageOf(rows, limit, (row) => [row.areaCode, row.code]);
}

/** Writes the routes of teams; a day's route is replaced as a whole. */
export async function upsertRoutes(
  tx: Tx,
  routes: readonly (NewRoute & { readonly areaCode: string })[],
): Promise<number> {
  return tx.sql.run(
    `insert into inspection_route (team_code, day, area_code, places, made_at, made_by)
     select team_code, day, area_code, array(select jsonb_array_elements_text(places)), $5, $6
     from unnest($1::text[], $2::date[], $3::text[], $4::jsonb[]) as new (team_code, day, area_code, places)
     on conflict (team_code, day) do update set places = excluded.places, made_at = excluded.made_at, made_by = excluded.made_by`,
    [
      routes.map((r) => r.teamCode),
      routes.map((r) => r.day),
      routes.map((r) => r.areaCode),
      routes.map((r) => JSON.stringify(r.places)),
      tx.now,
      tx.actor.id,
    ],
  );
}

export async function pageRoutes(tx: Tx, query: RouteQuery, timeZone: string): Promise<Page<RouteRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<RouteRow>(
    `select r.team_code || ' ' || to_char(r.day, 'YYYY-MM-DD') as id, r.team_code as "teamCode", t.name as "teamName", t.name_en as "teamNameEn", r.area_code as "areaCode",
       to_char(r.day, 'YYYY-MM-DD') as day, r.places,
       (select count(distinct v.place_id)::int from inspection_visit v
        where v.place_id = any(r.places) and v.team_code = r.team_code and (v.at at time zone $6)::date = r.day) as visited
     from inspection_route r join inspection_team t on t.code = r.team_code
     where r.area_code >= $1 and r.area_code < $2 and ($7::date is null or r.day = $7)
       and ($3::date is null or (r.day, r.team_code) < ($3, $4)) order by r.day desc, r.team_code desc limit $5`,
    [lo, hi, after?.[0] ?? null, after?.[1] ?? null, limit + 1, timeZone, query.day ?? null],
  );
  return pageOf(rows, limit, (row) => [row.day, row.teamCode]);
}

/** Keeps a version of a checklist at its first use; returns the hash under which it is kept. spec: INS-2 */
export async function keepChecklist(
  tx: Tx,
  list: { readonly id: string; readonly version: string; readonly placeType: string },
  hash: string,
): Promise<string> {
  await tx.sql.run(
    `insert into inspection_checklist (id, version, place_type, body, hash, first_used_at) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [list.id, list.version, list.placeType, JSON.stringify(list), hash, tx.now],
  );
  const row = await tx.sql.one<{ hash: string }>(
    "select hash from inspection_checklist where id = $1 and version = $2",
    [list.id, list.version],
  );
  return row.hash;
}

/** Every version of the checklists that was ever used. */
export async function keptChecklists(tx: Tx): Promise<object[]> {
  const rows = await tx.sql.many<{ body: object }>("select body from inspection_checklist order by id, version");
  return rows.map((row) => row.body);
}

export interface StoredVisit {
  readonly id: string;
  readonly teamCode: string;
  readonly place: Place;
  readonly at: string;
  readonly checklistId: string;
  readonly checklistVersion: string;
  readonly answers: readonly object[];
  readonly score: number | null;
  readonly codePosted: boolean | null;
}

/** Adds visits; those that are there already are left alone. Returns the ids of the new ones. */
export async function insertVisits(tx: Tx, visits: readonly StoredVisit[]): Promise<Set<string>> {
  const rows = await tx.sql.many<{ id: string }>(
    `insert into inspection_visit (id, team_code, place_type, place_id, place_name, area_code, at, checklist_id,
       checklist_version, answers, score, code_posted, visited_by)
     select *, $13::text from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
       $8::text[], $9::text[], $10::jsonb[], $11::smallint[], $12::boolean[])
     on conflict (team_code, place_id, at) do nothing returning id`,
    [
      visits.map((v) => v.id),
      visits.map((v) => v.teamCode),
      visits.map((v) => v.place.placeType),
      visits.map((v) => v.place.code),
      visits.map((v) => v.place.name),
      visits.map((v) => v.place.areaCode),
      visits.map((v) => v.at),
      visits.map((v) => v.checklistId),
      visits.map((v) => v.checklistVersion),
      visits.map((v) => JSON.stringify(v.answers)),
      visits.map((v) => v.score),
      visits.map((v) => v.codePosted),
      tx.actor.id,
    ],
  );
  return new Set(rows.map((row) => row.id));
}

export async function pageVisits(tx: Tx, query: AreaQuery): Promise<Page<VisitRow>> {
  const limit = pageSize(query.limit);
  const { lo, hi } = areaRange(query.areaCode ?? tx.actor.areaCode);
  const after = cursorKey(query.cursor, 2);
  const rows = await tx.sql.many<VisitRow>(
    `select id, team_code as "teamCode", place_type as "placeType", place_id as "placeId", place_name as "placeName",
       area_code as "areaCode", at, checklist_id as "checklistId", checklist_version as "checklistVersion", score,
       code_posted as "codePosted",
       (select count(*)::int from jsonb_array_elements(answers) a where a ->> 'answer' = 'no') as findings
     from inspection_visit where area_code >= $1 and area_code < $2
       and ($3::timestamptz is null or (at, id) < ($3::timestamptz, $4::uuid)) order by at desc, id desc limit $5`,
    [lo, hi, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
  );
  return pageOf(rows, limit, (row) => [row.at, row.id]);
}
