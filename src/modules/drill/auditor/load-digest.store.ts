import { createHash } from "node:crypto";
import type { Sql } from "#platform/db";

/**
 * What a loaded city holds, by table and county: counts and sums of what the rows say. Ids are part of it, because a
 * resumed load gives the same ones; sealed numbers are not, because every seal has a nonce of its own.
 */
const parts: Readonly<Record<string, string>> = {
  area: `select left(code, 6) as county, count(*) as n, sum(population) as a, sum(hashtext(name)::bigint) as b from area group by 1 order by 1`,
  venue: `select left(area_code, 6) as county, count(*) as n, sum(no) as a, sum(hashtext(code || name || kind || id)::bigint) as b from venue group by 1 order by 1`,
  household: `select left(area_code, 6) as county, count(*) as n, sum(id) as a, sum(hashtext(ref || address)::bigint) as b from household group by 1 order by 1`,
  person: `select left(area_code, 6) as county, count(*) as n, sum(id) as a, sum(household_id) as b, sum(coalesce(workplace_venue_id, 0)) as c,
     sum(hashtext(area_code || name || sex || ref)::bigint) as d, sum(birth_date - date '1900-01-01') as e, count(id_enc) as f, count(phone_enc) as g
     from person group by 1 order by 1`,
  person_count: `select left(area_code, 6) as county, count(*) as n, sum(people) as a from person_count group by 1 order by 1`,
  visit: `select day::text as county, count(*) as n, sum(venue_no::bigint) as a, sum(person_id::bigint) as b, sum(s::bigint) as c, sum(coalesce(len, -1)::bigint) as d
     from visit group by 1 order by 1`,
  visit_by_venue: `select day::text as county, count(*) as n, sum(venue_no::bigint) as a, sum(first_s::bigint) as b, sum(end_s::bigint) as c,
     sum(hashtext(encode(body, 'hex'))::bigint) as d from visit_by_venue group by 1 order by 1`,
  visit_by_person: `select day::text as county, count(*) as n, sum(bucket::bigint) as a, sum(hashtext(encode(body, 'hex'))::bigint) as b from visit_by_person group by 1 order by 1`,
  team_member: `select left(area_code, 6) as county, count(*) as n, sum(hashtext(code || name)::bigint) as a from team_member group by 1 order by 1`,
  team: `select left(area_code, 6) as county, count(*) as n, sum(hashtext(code || name)::bigint) as a from team group by 1 order by 1`,
  site: `select left(area_code, 6) as county, count(*) as n, sum(hashtext(code)::bigint) as a from site group by 1 order by 1`,
  room: `select left(area_code, 6) as county, count(*) as n, sum(hashtext(id::text)::bigint) as a from room group by 1 order by 1`,
  grid: `select left(area_code, 6) as county, count(*) as n, sum(hashtext(code)::bigint) as a from grid group by 1 order by 1`,
  case_record: `select left(area_code, 6) as county, count(*) as n, sum(person_id) as a, sum(number) as b, sum(hashtext(id || state || positive_at || coalesce(infector_case_id::text, ''))::bigint) as c
     from case_record group by 1 order by 1`,
  contact: `select left(area_code, 6) as county, count(*) as n, sum(person_id) as a, sum(hashtext(id || kind || state || case_id || identified_at)::bigint) as b from contact group by 1 order by 1`,
  exposure: `select left(area_code, 6) as county, count(*) as n, sum(person_id) as a, sum(overlap_minutes) as b from exposure group by 1 order by 1`,
  task: `select left(area_code, 6) as county, count(*) as n, sum(hashtext(id || kind || state || due_at)::bigint) as a from task group by 1 order by 1`,
  coverage: `select left(area_code, 6) as county, count(*) as n, sum(due) as a from coverage group by 1 order by 1`,
  figure_ledger: `select left(area_code, 6) as county, count(*) as n, sum(change) as a, sum(hashtext(figure || detail)::bigint) as b from figure_ledger group by 1 order by 1`,
};

/** How many rows a table has in all. */
export interface TableCount {
  readonly name: string;
  readonly rows: number;
}

/** SHA-256 in hex over the parts, and how many rows each table holds. */
export async function loadDigest(
  sql: Sql,
): Promise<{ readonly digest: string; readonly counts: readonly TableCount[] }> {
  const hash = createHash("sha256");
  const counts: TableCount[] = [];
  for (const [name, text] of Object.entries(parts)) {
    const rows = await sql.many<Record<string, unknown> & { n: number }>(text);
    for (const row of rows) hash.update(`${name} ${JSON.stringify(Object.values(row))}\n`);
    counts.push({ name, rows: rows.reduce((sum, row) => sum + row.n, 0) });
  }
  return { digest: hash.digest("hex"), counts };
}
