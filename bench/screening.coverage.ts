import { coverage, reconcileRound } from "#modules/screening";
import { boundsOf, type BenchWorld } from "./load.ts";
import { measure, once, type Measured } from "./measure.ts";
import { quantile, rowOf, type Row } from "./report.ts";
import { cityArea, type SampledCity } from "./screening.load.ts";

/** Coverage read from the kept counters, and the night's recount, each beside counting the rows by plain joins. */

const countyChars = 6;
const pageMax = 200;
const reads = 200;
const recounts = 3;

/** Who is due, sampled and excused, and where the swabs are, counted by joining people with their swabs. */
const plainText = (chars: number): string => `
  select left(p.area_code, ${chars}) as area_code, count(*)::int as due, count(s.tube_id)::int as sampled, count(a.person_id)::int as excused,
    (count(*) filter (where t.state in ('open', 'closed')))::int as at_site, (count(*) filter (where t.state = 'in_transit'))::int as in_transit,
    (count(*) filter (where t.state = 'received'))::int as received, (count(*) filter (where t.state = 'resulted'))::int as resulted,
    (count(*) filter (where t.state = 'resulted' and t.result = 'positive'))::int as positive
  from person p left join sample s on s.person_id = p.id and s.round_id = $1 left join tube t on t.id = s.tube_id
  left join absence a on a.person_id = p.id and a.round_id = $1
  where p.area_code >= $2 and p.area_code < $3 group by 1 order by 1`;

const villageChars = 12;

/** Milliseconds of the plain count, as the owner: without the fence, whose bounds the planner cannot see, it has its best plan. */
async function plainly(world: BenchWorld, roundId: string, area: string, chars: number): Promise<number> {
  const { sql, release } = await world.owner.connect();
  const [lo, hi] = boundsOf(area);
  const took = await once(() => sql.many(plainText(chars), [roundId, lo, hi]));
  await release();
  return took;
}

interface Reading {
  readonly name: string;
  readonly level: "village" | "county";
  /** The area of the nth reading. */
  readonly area: (i: number) => string;
  readonly plainRuns: number;
}

async function read(
  city: SampledCity,
  roundId: string,
  world: BenchWorld,
  reading: Reading,
): Promise<{ kept: Measured; plain: Measured }> {
  const { level, area, plainRuns } = reading;
  const kept = await measure((i) => coverage(city.ctx, { roundId, areaCode: area(i), level, limit: pageMax }), reads);
  const chars = level === "county" ? countyChars : villageChars;
  const took: number[] = [];
  for (let i = 0; i < plainRuns; i++) took.push(await plainly(world, roundId, area(i), chars));
  const sorted = took.toSorted((a, b) => a - b);
  return { kept, plain: { median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) } };
}

/** Coverage by village for a village and for a county, and the whole city's by county: the slowest p95 first. */
export async function readCoverage(
  world: BenchWorld,
  city: SampledCity,
  roundId: string,
  print: (line: string) => void,
): Promise<Row[]> {
  const villages = city.sites.map((site) => site.areaCode);
  const of = (i: number): string => villages[(i * 7) % villages.length] ?? cityArea;
  const readings: readonly Reading[] = [
    { name: "village", level: "village", area: of, plainRuns: 20 },
    { name: "county", level: "village", area: (i) => of(i).slice(0, countyChars), plainRuns: 5 },
    { name: "city", level: "county", area: () => cityArea, plainRuns: 1 },
  ];
  const rows: Row[] = [];
  for (const reading of readings) {
    const { kept, plain } = await read(city, roundId, world, reading);
    print(
      `  ${reading.name.padEnd(10)} from counters p50 ${kept.median.toFixed(2)} ms, from rows p50 ${plain.median.toFixed(1)} ms`,
    );
    rows.push(rowOf(`coverage.read.${reading.name}.ms`, kept.p95, "ms", plain.p95, "counting the rows"));
  }
  const slowest = rows.reduce((a, b) => (a.value >= b.value ? a : b));
  return [{ ...slowest, name: "coverage.read.ms" }, ...rows];
}

/** The night's recount of a round over the city, with its comparison and its record, beside one by plain left joins. */
export async function reconcileCoverage(
  world: BenchWorld,
  city: SampledCity,
  roundId: string,
  print: (line: string) => void,
): Promise<Row[]> {
  const took: number[] = [];
  for (let i = 0; i < recounts; i++) {
    took.push(await once(() => reconcileRound(city.ctx, { roundId })));
  }
  const done = await reconcileRound(city.ctx, { roundId });
  print(`  ${done.villages} villages compared, ${done.differences} counters differ`);
  if (done.differences > 0) throw new Error("what was loaded and its counters must agree");
  const plain = await plainly(world, roundId, cityArea, villageChars);
  const median = took.toSorted((a, b) => a - b)[Math.floor(recounts / 2)] ?? 0;
  return [rowOf("coverage.reconcile.s", median / 1_000, "s", plain / 1_000, "plain left joins")];
}
