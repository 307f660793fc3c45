import { areaRange, everywhere } from "#kernel/area";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";

/** The register counted by area: what is kept of a moment, and who has come since. */

/** Counts everybody registered up to a moment anew, village by village; for one who sees every area. */
export async function keepCounts(tx: Tx, upTo: Instant): Promise<void> {
  await tx.sql.run("delete from person_count where area_code >= $1", [everywhere.lo]);
  // Everybody is counted in the index of areas alone; those who came after the moment are few.
  await tx.sql.run(
    `with late as materialized (select area_code, count(*) as people from person where registered_at > $1 group by area_code)
     insert into person_count (area_code, people)
     select total.area_code, total.people - coalesce(late.people, 0)
     from (select area_code, count(*) as people from person group by area_code) total left join late using (area_code)`,
    [upTo],
  );
  await tx.sql.run(
    "insert into person_counted (at) values ($1) on conflict (only_one) do update set at = excluded.at",
    [upTo],
  );
}

/** How many people the register has in each area whose code has so many digits. */
export async function countByPrefix(
  tx: Tx,
  areaCode: string,
  digits: number,
): Promise<{ areaCode: string; people: number }[]> {
  const { lo, hi } = areaRange(areaCode);
  // Asked for first, so that the plan of the count knows how few have registered since.
  const counted = await tx.sql.maybe<{ at: Instant }>("select at from person_counted");
  if (!counted)
    return tx.sql.many(
      `select left(area_code, $3) as "areaCode", count(*)::int as people from person where area_code >= $1 and area_code < $2 group by 1 order by 1`,
      [lo, hi, digits],
    );
  return tx.sql.many(
    `select left(area_code, $3) as "areaCode", sum(people)::int as people from (
       select area_code, people from person_count where area_code >= $1 and area_code < $2
       union all
       select area_code, count(*) from person where registered_at > $4 and area_code >= $1 and area_code < $2 group by area_code
     ) counts group by 1 having sum(people) > 0 order by 1`,
    [lo, hi, digits, counted.at],
  );
}
