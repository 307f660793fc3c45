import type { Tx } from "#platform/context";
import type { CaseMeeting } from "./where.rules.ts";

/** More meetings of one person with cases add nothing to the question where they were infected. */
const meetingsMax = 12;

/** Meetings of cases with cases, of each person those with its infector first, then the strictest and longest. */
export async function meetingsOfCases(
  tx: Tx,
  outbreakId: string,
  cases: readonly { readonly personId: number; readonly infectorCaseId: string | null }[],
): Promise<Map<number, CaseMeeting[]>> {
  const rows = await tx.sql.many<CaseMeeting>(
    `select c.person_id as "personId", e.case_id as "caseId", e.venue_id as "venueId", e.place, e.setting, e.class,
       e.overlap_minutes as "overlapMinutes", e.last_at as "lastAt"
     from unnest($2::bigint[], $3::uuid[]) as c (person_id, infector)
     cross join lateral (
       select x.case_id, x.venue_id, x.place, x.setting, x.class, x.overlap_minutes, x.last_at from exposure x
       where x.person_id = c.person_id and x.outbreak_id = $1 and x.via_contact_id is null
       order by (x.case_id is not distinct from c.infector) desc,
         array_position(array['close', 'secondary', 'general'], x.class) nulls last, x.overlap_minutes desc, x.last_at, x.id
       limit $4) e`,
    [outbreakId, cases.map((record) => record.personId), cases.map((record) => record.infectorCaseId), meetingsMax],
  );
  const byPerson = new Map<number, CaseMeeting[]>();
  for (const row of rows) {
    const known = byPerson.get(row.personId);
    if (known) known.push(row);
    else byPerson.set(row.personId, [row]);
  }
  return byPerson;
}
