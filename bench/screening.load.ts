import { openOutbreak } from "#modules/outbreaks";
import { openRound, registerLabs, registerSites } from "#modules/screening";
import type { Ctx } from "#platform/context";
import type { Sql } from "#platform/db";
import { inventedName } from "../src/modules/drill/names.rules.ts";
import { benchVillages, type BenchWorld } from "./load.ts";

/** A city with its sampling sites and laboratories, at any size, loaded by COPY. */

export const cityArea = "3717";
const sitesCount = 660;
const labsCount = 12;
const seed = 7;
const peopleOfHousehold = 3;
const poolSize = 10;

export interface SampledCity {
  readonly people: number;
  /** One for all calls: two contexts of a world draw the same ids. */
  readonly ctx: Ctx;
  /** The sites in the order of their people: site s samples the people of `peopleOf(city, s)`. */
  readonly sites: readonly { readonly id: string; readonly code: string; readonly areaCode: string }[];
  readonly labs: readonly string[];
}

/** The people a site samples: neighbours, so a site's tubes are of a few villages. */
export function peopleOf(city: SampledCity, site: number): { readonly from: number; readonly to: number } {
  const at = (s: number): number => Math.floor((s * city.people) / city.sites.length);
  return { from: at(site) + 1, to: at(site + 1) };
}

const villages = benchVillages();

function villageOf(person: number, people: number): string {
  return villages[Math.floor(((person - 1) * villages.length) / people)]?.code ?? "";
}

async function asOwner<T>(world: BenchWorld, work: (sql: Sql) => Promise<T>): Promise<T> {
  const { sql, release } = await world.owner.connect();
  try {
    return await work(sql);
  } finally {
    await release();
  }
}

/** The register as a first load of a city makes it: by COPY, its secondary indexes made afterwards. */
async function loadPeople(world: BenchWorld, people: number): Promise<void> {
  await asOwner(world, async (sql) => {
    const indexes = await dropIndexes(sql, "person");
    function* rows(): Generator<readonly (string | number)[]> {
      for (let id = 1; id <= people; id++) {
        const household = Math.ceil(id / peopleOfHousehold);
        const name = inventedName(seed, id, household);
        yield [id, villageOf(id, people), household, name, "unknown", "bench", id, "2022-07-01T00:00:00Z"];
      }
    }
    await sql.copyIn("person (id, area_code, household_id, name, sex, register, ref, registered_at)", rows());
    for (const text of indexes) await sql.script(text);
    await sql.run("select setval('person_id_seq', $1)", [people]);
    await sql.script("vacuum analyze person");
  });
}

/** Loads people, sites and laboratories into an empty database, and opens the outbreak. */
export async function loadCity(world: BenchWorld, people: number): Promise<SampledCity> {
  await loadPeople(world, people);
  const ctx = world.ctx("");
  await openOutbreak(ctx, {
    name: "菏泽疫情",
    nameEn: "Heze outbreak",
    areaCode: cityArea,
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
  const sites = Array.from({ length: sitesCount }, (_, s) => ({
    code: `S${s}`,
    areaCode: villageOf(1 + Math.floor((s * people) / sitesCount), people),
    name: `第${s + 1}采样点`,
  }));
  const ids = await registerSites(ctx, { areaCode: cityArea, sites });
  const labs = Array.from({ length: labsCount }, (_, i) => ({
    code: `L${i}`,
    areaCode: cityArea,
    name: `第${i + 1}实验室`,
    capacityTubesDay: 100_000,
  }));
  const labIds = await registerLabs(ctx, { areaCode: cityArea, labs });
  return {
    people,
    ctx,
    sites: sites.map(({ code, areaCode }) => ({ code, areaCode, id: ids[code] ?? "" })),
    labs: labs.map(({ code }) => labIds[code] ?? ""),
  };
}

/** Opens a round over the whole city. */
export async function openCityRound(city: SampledCity): Promise<string> {
  const { roundId } = await openRound(city.ctx, { areaCode: cityArea, areaType: "urban", poolSize });
  return roundId;
}

/** One in so many is away; one in so many others has simply not come. */
const awayEvery = 97;
const missingEvery = 501;

/** How many of the people up to this one are sampled. */
const sampledUpTo = (n: string): string =>
  `(${n} - ${n} / ${awayEvery} - ${n} / ${missingEvery} + ${n} / ${awayEvery * missingEvery})`;

/**
 * A round in the middle of its evening, stored row by row as the sites would have filled it: the tubes of all sites in
 * turn, six in ten with a result, the others on their way, the counters as the use cases would have left them. The
 * swabs' indexes are made when all are stored.
 */
export async function loadRound(world: BenchWorld, city: SampledCity, roundId: string): Promise<void> {
  const sites = city.sites.length;
  const perSite = Math.ceil((Math.floor(city.people / sites) + 1) / poolSize);
  const stageOf = `case when k * 100 < ${perSite} * 60 then 0 when k * 100 < ${perSite} * 75 then 1 when k * 100 < ${perSite} * 90 then 2 else 3 end`;
  await asOwner(world, async (sql) => {
    await sql.script(`create temp table site_no as select id, area_code, substr(code, 2)::int as s,
        floor(substr(code, 2)::bigint * ${city.people} / ${sites})::bigint as before,
        floor((substr(code, 2)::bigint + 1) * ${city.people} / ${sites})::bigint as upto from site;
      create temp table box_no as select gen_random_uuid() as id, id as site_id, area_code, s, before, upto, stage
        from site_no cross join generate_series(0, 3) stage;
      insert into box (id, outbreak_id, code, area_code, site_id, state, handed_over_at, received_at, lab_id)
        select b.id, r.outbreak_id, 'X' || b.s || '-' || b.stage, b.area_code, b.site_id, case b.stage when 3 then 'open' when 2 then 'in_transit' else 'received' end,
          case when b.stage < 3 then r.opened_at end, case when b.stage < 2 then r.opened_at end, case when b.stage < 2 then (select id from lab limit 1) end
        from box_no b cross join round r where r.id = '${roundId}'`);
    const { base } = await sql.one<{ base: number }>("select coalesce(max(id), 0) + 1 as base from tube");
    await sql.script(`insert into tube (outbreak_id, round_id, area_code, site_id, box_id, barcode, kind, capacity, size, purpose,
        collected_at, handed_over_at, received_at, resulted_at, state, result, lab_id)
      select r.outbreak_id, r.id, b.area_code, b.site_id, b.id, 'T' || x.k || '-' || x.s, 'pool', ${poolSize},
        ${sampledUpTo(`least(b.before + (x.k + 1) * ${poolSize}, b.upto)`)} - ${sampledUpTo(`least(b.before + x.k * ${poolSize}, b.upto)`)}, 'area',
        r.opened_at, case when x.stage < 3 then r.opened_at end, case when x.stage < 2 then r.opened_at end, case when x.stage < 1 then r.opened_at end,
        (array['resulted', 'received', 'in_transit', 'closed'])[x.stage + 1],
        case when x.stage = 0 then case when (x.k * ${sites} + x.s) % 1000 = 0 then 'positive' else 'negative' end end, l.id
      from (select k, s, ${stageOf} as stage from generate_series(0, ${perSite - 1}) k cross join generate_series(0, ${sites - 1}) s) x
      join box_no b on b.s = x.s and b.stage = x.stage cross join round r left join (select id from lab limit 1) l on x.stage < 2
      where r.id = '${roundId}' order by x.k, x.s`);
    const indexes = await dropIndexes(sql, "sample");
    // Tube (k, s) has the number base + k·sites + s: the order in which they were made.
    await sql.script(`insert into absence (round_id, person_id, area_code, reason, recorded_at, recorded_by)
        select '${roundId}', id, area_code, 'away', '2022-07-24T12:00:00Z', 'bench' from person where id % ${awayEvery} = 0;
      insert into sample (round_id, person_id, tube_id, at, area_code)
        select '${roundId}', p.id, ${base} + (p.id - 1 - before) / ${poolSize} * ${sites} + s, '2022-07-24T12:00:00Z', p.area_code
        from site_no join person p on p.id > before and p.id <= upto and p.id % ${awayEvery} <> 0 and p.id % ${missingEvery} <> 0
        order by 3, 2`);
    for (const text of indexes) await sql.script(text);
    await sql.script(`analyze sample; analyze tube;
      with n as (select s.area_code, count(*)::int as collected, (count(*) filter (where t.state = 'closed'))::int as at_site,
          (count(*) filter (where t.state = 'in_transit'))::int as in_transit, (count(*) filter (where t.state = 'received'))::int as received,
          (count(*) filter (where t.state = 'resulted'))::int as resulted, (count(*) filter (where t.result = 'positive'))::int as positive
        from sample s join tube t on t.id = s.tube_id where s.round_id = '${roundId}' group by 1),
      a as (select area_code, count(*)::int as excused from absence where round_id = '${roundId}' group by 1)
      update coverage c set collected = n.collected, at_site = n.at_site, in_transit = n.in_transit, received = n.received, resulted = n.resulted,
        positive = n.positive, excused = coalesce(a.excused, 0)
      from n left join a using (area_code) where c.round_id = '${roundId}' and c.area_code = n.area_code`);
    await sql.script("vacuum analyze");
  });
}

/** Drops a table's keys (unless others refer to them) and indexes; gives what makes them anew. */
async function dropIndexes(sql: Sql, table: string): Promise<string[]> {
  const keys = await sql.many<{ name: string; text: string }>(
    `select conname as name, pg_get_constraintdef(oid) as text from pg_constraint k where conrelid = $1::regclass and contype in ('p', 'u')
       and not exists (select from pg_constraint f where f.contype = 'f' and f.confrelid = k.conrelid)`,
    [table],
  );
  for (const { name } of keys) await sql.script(`alter table ${table} drop constraint ${name}`);
  const indexes = await sql.many<{ name: string; text: string }>(
    "select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as text from pg_index where indrelid = $1::regclass and not indisprimary",
    [table],
  );
  for (const { name } of indexes) await sql.script(`drop index ${name}`);
  await sql.script("set maintenance_work_mem = '512MB'");
  return [
    ...keys.map(({ name, text }) => `alter table ${table} add constraint ${name} ${text}`),
    ...indexes.map(({ text }) => text),
  ];
}
