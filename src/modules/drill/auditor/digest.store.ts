import { createHash } from "node:crypto";
import type { Sql } from "#platform/db";

/** What the outcome of a drill is, by natural keys and in a fixed order; ids and identity values are left out. */
const parts: readonly string[] = [
  `select person_id, state, number, provenance, positive_at, diagnosed_at, reported_at, outcome, outcome_at from case_record order by person_id, positive_at, state`,
  `select person_id, kind, rule_id, state, last_exposure_at, identified_at from contact order by person_id, identified_at, kind, rule_id`,
  `select person_id, mode, state, ordered_at, start_at, ended_at from isolation_order order by person_id, ordered_at, mode`,
  `select unit_code, level, lower(period) as since, upper(period) as until from zone_level order by unit_code, lower(period)`,
  `select r.kind, r.no, r.area_code, r.opened_at, r.closed_at, sum(c.due)::int as due, sum(c.sampled)::int as sampled, sum(c.positive)::int as positive
   from round r left join coverage c on c.round_id = r.id group by r.id order by r.opened_at, r.area_code, r.kind, r.no`,
  `select f.no, x.area_code, x.figure, x.detail, x.value from frozen_figure x join figure_freeze f on f.id = x.freeze_id
   order by f.no, x.area_code, x.figure, x.detail`,
  `select phase, entered_at from phase_entry order by entered_at, phase`,
  `select kind, area_code, owner_team, state, due_at, closed_at, count(*)::int as n from task group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6`,
];

/** SHA-256 in hex over the drill's outcome and the epidemic behind it; the same seed gives the same digest. */
export async function outcomeDigest(sql: Sql, engineDigest: string): Promise<string> {
  const hash = createHash("sha256").update(engineDigest);
  for (const text of parts)
    for (const row of await sql.many<Record<string, unknown>>(text))
      hash.update(`${JSON.stringify(Object.values(row))}\n`);
  return hash.digest("hex");
}
