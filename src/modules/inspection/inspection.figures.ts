import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import type { AccountRow, InspectionTally, PlaceCount, Repeat } from "./domain.ts";

/** Counts of inspection for the board, the reports and a drill. */

const praise = "commendation";
/** What the owner answers for is the repair: the re-check may follow after the deadline. */
const lateText = (now: string): string =>
  `coalesce(case when state in ('rectified', 'closed') then fixed_at end, ${now}) > due_at`;

/** How inspection stands: findings that came in, closed ones, those after their deadline, and those still open. */
export async function inspectionTally(tx: Tx): Promise<InspectionTally> {
  return tx.sql.one<InspectionTally>(
    `select count(*)::int as in, count(*) filter (where state = 'closed')::int as done,
       count(*) filter (where ${lateText("$1")})::int as late,
       count(*) filter (where state <> 'closed')::int as open
     from inspection_finding`,
    [tx.now],
  );
}

/** What each county (or the divisions of the given code length) has to answer for since a moment. spec: INS-11 */
export async function accountOf(
  tx: Tx,
  input: { readonly areaCode: string; readonly since: string; readonly codeLength: number },
): Promise<Omit<AccountRow, "name" | "nameEn" | "inTimeShare">[]> {
  const { lo, hi } = areaRange(input.areaCode);
  return tx.sql.many(
    `with found as (
       select left(area_code, $4) as area, count(*) as findings, count(*) filter (where state = 'closed') as closed,
         count(*) filter (where state = 'closed' and fixed_at <= due_at) as in_time, count(*) filter (where ${lateText("$5")}) as late,
         sum(sent_back_count) as sent_back
       from inspection_finding where area_code >= $1 and area_code < $2 and found_at >= $3 group by 1),
     seen as (
       select left(area_code, $4) as area, count(*) as visits from inspection_visit
       where area_code >= $1 and area_code < $2 and at >= $3 group by 1),
     answered as (
       select left(area_code, $4) as area, count(*) filter (where kind <> '${praise}') as penalties,
         count(*) filter (where kind = '${praise}') as commendations
       from inspection_sanction where area_code >= $1 and area_code < $2 and decided_at >= $3 group by 1)
     select area as "areaCode", coalesce(visits, 0)::int as visits, coalesce(findings, 0)::int as findings, coalesce(closed, 0)::int as closed,
       coalesce(in_time, 0)::int as "closedInTime", coalesce(late, 0)::int as late, coalesce(sent_back, 0)::int as "sentBack",
       coalesce(penalties, 0)::int as penalties, coalesce(commendations, 0)::int as commendations
     from found full join seen using (area) full join answered using (area) order by area`,
    [lo, hi, input.since, input.codeLength, tx.now],
  );
}

/** Places at which the same item was found more than once since a moment, the most often first. spec: INS-9 */
export async function repeatsOf(
  tx: Tx,
  input: { readonly areaCode: string; readonly since: string; readonly limit: number },
): Promise<Repeat[]> {
  const { lo, hi } = areaRange(input.areaCode);
  return tx.sql.many(
    `select f.place_id as "placeId", min(f.place_name) as "placeName", min(f.area_code) as "areaCode", f.item_id as item,
       min(f.text) as text, min(f.text_en) as "textEn", count(*)::int as times, max(f.found_at) as "lastAt",
       count(*) filter (where f.state <> 'closed')::int as open,
       (select count(*)::int from inspection_sanction s
        where s.area_code = min(f.area_code) and s.place_id = f.place_id and s.kind <> '${praise}' and s.decided_at >= $3) as penalties
     from inspection_finding f where f.area_code >= $1 and f.area_code < $2 and f.found_at >= $3
     group by f.place_id, f.item_id having count(*) > 1 order by count(*) desc, max(f.found_at) desc, f.place_id, f.item_id limit $4`,
    [lo, hi, input.since, input.limit],
  );
}

/** Places by division and type: those whose code is wanting, those looked at, those where it hung. spec: INS-12 */
export async function placeCounts(
  tx: Tx,
  input: { readonly areaCode: string; readonly codeLength: number; readonly placeTypes: readonly string[] },
): Promise<PlaceCount[]> {
  const { lo, hi } = areaRange(input.areaCode);
  return tx.sql.many(
    `select left(p.area_code, $4) as "areaCode", p.place_type as kind, count(*) filter (where p.venue_code is null)::int as "withoutCode",
       count(last.code_posted)::int as visited, count(*) filter (where last.code_posted)::int as posted
     from inspection_place p
     left join lateral (
       select code_posted from inspection_visit v where v.place_id = p.code and v.code_posted is not null order by v.at desc limit 1) last on true
     where p.area_code >= $1 and p.area_code < $2 and p.place_type = any($3::text[]) group by 1, 2 order by 1, 2`,
    [lo, hi, input.placeTypes, input.codeLength],
  );
}
