import { areaRange } from "#kernel/area";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { sortOf, type SortTable } from "#platform/sorting";
import { sums } from "./rounds.store.ts";
import type { CoverageQuery, CoverageRow } from "./screening.model.ts";

/** Coverage as it is read: from the kept counters, never from people or swabs. */

const byVillage = `
  select area_code as "areaCode", null as "areaName", due, sampled, excused, at_site as "atSite", in_transit as "inTransit", received,
    resulted, positive, lost, greatest(due - sampled - excused, 0) as "notSampled"
  from coverage where round_id = $1 and area_code >= $2 and area_code < $3 and ($4::text is null or area_code > $4) order by area_code limit $5`;

/**
 * Sums by town or county. The walk steps from each part's first village to the next part's; grouping the villages by
 * the beginning of their codes would sort them all, because the planner does not know that they are sorted already.
 */
const byPart = `
  with recursive step as (
    select 1 as no, (select min(area_code) from coverage where round_id = $1 and area_code < $3
      and area_code >= case when $4::text is null then $2 else $4 || U&'\\FFFF' end) as first
    union all
    select no + 1, (select min(c.area_code) from coverage c
      where c.round_id = $1 and c.area_code > left(step.first, $6) || U&'\\FFFF' and c.area_code < $3)
    from step where step.first is not null and no < $5)
  select left(step.first, $6) as "areaCode", null as "areaName", part.* from step cross join lateral (
    select sum(c.due)::int as due, sum(c.sampled)::int as sampled, sum(c.excused)::int as excused, sum(c.at_site)::int as "atSite",
      sum(c.in_transit)::int as "inTransit", sum(c.received)::int as received, sum(c.resulted)::int as resulted,
      sum(c.positive)::int as positive, sum(c.lost)::int as lost, sum(greatest(c.due - c.sampled - c.excused, 0))::int as "notSampled"
    from coverage c where c.round_id = $1 and c.area_code >= step.first and c.area_code < least(left(step.first, $6) || U&'\\FFFF', $3)) part
  where step.first is not null order by 1`;

const partChars = { county: 6, town: 9 } as const;

const codeChars = { ...partChars, village: 12 } as const;
const millionths = 1_000_000;
type CoverageSortRow = CoverageRow & { readonly share: number };

/**
 * The share is worked out for every village of the round that the reader sees: as many as a city has, 5,800 in Heze, whose
 * counters lie side by side under the round.
 */
const coverageSorts: SortTable<CoverageSortRow, "area" | "notSampled" | "coverage"> = {
  keys: {
    area: [],
    notSampled: { sql: `"notSampled"`, type: "integer", of: (row) => row.notSampled },
    coverage: { sql: "share", type: "bigint", of: (row) => row.share },
  },
  tie: { sql: `"areaCode" collate "C"`, type: "text", of: (row) => row.areaCode },
};

/** Counters of a round by village, or summed by town or county, in the order of codes or by what is missing. */
export async function pageCoverage(tx: Tx, query: CoverageQuery): Promise<Page<CoverageRow>> {
  const area = query.areaCode ?? tx.actor.areaCode;
  const { lo, hi } = areaRange(area);
  const sort = sortOf(query, coverageSorts, "area", area);
  const level = query.level ?? "village";
  if ((query.sort ?? "area") === "area") {
    const args = [query.roundId, lo, hi, sort.values[0] ?? null, sort.limit + 1];
    const rows =
      level === "village"
        ? await tx.sql.many<CoverageSortRow>(byVillage, args)
        : await tx.sql.many<CoverageSortRow>(byPart, [...args, partChars[level]]);
    return sort.page(rows);
  }
  const rows = await tx.sql.many<CoverageSortRow>(
    `select * from (
       select left(c.area_code, $2) as "areaCode", null as "areaName", ${sums},
         sum(greatest(c.due - c.sampled - c.excused, 0))::int as "notSampled",
         coalesce(${millionths} * sum(c.sampled + c.excused) / nullif(sum(c.due), 0), ${millionths})::bigint as share
       from coverage c where c.round_id = $1 and c.area_code >= $3 and c.area_code < $4 group by 1) k
     where ${sort.after(6)}
     order by ${sort.order} limit $5`,
    [query.roundId, codeChars[level], lo, hi, sort.limit + 1, ...sort.values],
  );
  const page = sort.page(rows);
  return { ...page, items: page.items.map(({ share: _share, ...row }) => row) };
}
