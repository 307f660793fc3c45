import { importOfficialAreas } from "#modules/areas";
import { openResponse } from "#modules/command";
import type { Sql } from "#platform/db";
import { benchVillages, loadSites, type BenchWorld } from "./load.ts";

/** How large the city of the bench is. */
export interface CitySize {
  readonly people: number;
  readonly contacts: number;
  readonly cases: number;
  readonly openTasks: number;
}

export const issueSize: CitySize = { people: 1_000_000, contacts: 200_000, cases: 20_000, openTasks: 20_000 };

const closedPerOpen = 5;
const startOf = "2022-07-10T00:00:00Z";

/** Fills a fresh database: areas down to villages, people, cases in chains, contacts, tasks, sites with rooms. */
export async function loadCity(world: BenchWorld, size: CitySize): Promise<void> {
  const ctx = world.ctx("");
  await importOfficialAreas(ctx, { code: "3717" });
  const opened = await openResponse(ctx, {
    name: "基准",
    nameEn: "Bench",
    areaCode: "3717",
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
  const { sql, release } = await world.owner.connect();
  await loadVillages(sql);
  await loadPeople(sql, size.people);
  await loadCases(sql, opened.id, size);
  await loadContacts(sql, opened.id, size);
  await loadPlaces(sql, opened.id);
  await loadTasks(sql, opened.id, size.openTasks);
  await release();
  await loadSites(ctx, benchVillages());
  await world.analyze();
}

async function loadVillages(sql: Sql): Promise<void> {
  const codes = benchVillages().map(({ code }) => code);
  // Only where the county is there; codes of the official list stay as they are.
  await sql.run(
    `insert into area (code, parent_code, level, kind, name, name_en, population, lat, lon)
     select distinct substr(v.code, 1, 9), substr(v.code, 1, 6), 'town', 'town', '镇' || substr(v.code, 7, 3), 'Town ' || substr(v.code, 7, 3), 0, 35.2, 115.5
     from unnest($1::text[]) as v (code) join area county on county.code = substr(v.code, 1, 6) on conflict do nothing`,
    [codes],
  );
  await sql.run(
    `insert into area (code, parent_code, level, kind, name, name_en, population, lat, lon)
     select v.code, substr(v.code, 1, 9), 'village', 'village', '村' || substr(v.code, 10), 'Village ' || substr(v.code, 10), 171,
       35.0 + (substr(v.code, 10)::int % 50) / 100.0, 115.2 + (substr(v.code, 7, 3)::int % 60) / 100.0
     from unnest($1::text[]) as v (code) join area town on town.code = substr(v.code, 1, 9) on conflict do nothing`,
    [codes],
  );
}

async function loadPeople(sql: Sql, people: number): Promise<void> {
  await sql.run(
    `with village as (select array_agg(code order by code) as codes from area where level = 'village')
     insert into person (id, area_code, household_id, name, sex, birth_date, register, ref, registered_at)
     select i, codes[1 + i % array_length(codes, 1)], i / 3, '人' || i, case when i % 2 = 0 then 'male' else 'female' end,
       date '1930-01-01' + (i * 37 % 30000), 'bench', i::text, $2
     from village, generate_series(1, $1::int) i`,
    [people, startOf],
  );
}

/** Each case but the first few was infected by an earlier one, so that there are chains to draw. */
async function loadCases(sql: Sql, outbreakId: string, size: CitySize): Promise<void> {
  await sql.run(
    `insert into case_record (id, outbreak_id, person_id, area_code, state, number, title_zh, title_en, provenance, in_community, source,
       positive_at, onset_at, sampled_at, diagnosed_at, reported_at, control_at, protocol_version, created_at, infector_case_id)
     select ('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, $1, p.id, p.area_code, 'asymptomatic', i, '无症状感染者' || i, 'Asymptomatic infection ' || i,
       'community', true, 'clinic', $3::timestamptz + i * interval '2 minutes', $3::timestamptz + i * interval '2 minutes' - interval '1 day',
       $3::timestamptz + i * interval '2 minutes' - interval '8 hours', $3::timestamptz + i * interval '2 minutes' + interval '1 hour',
       $3::timestamptz + i * interval '2 minutes' + interval '2 hours', $3::timestamptz + i * interval '2 minutes' + interval '3 hours', '9.0', $3::timestamptz + i * interval '2 minutes',
       case when i % 40 = 0 or i < 40 then null else ('00000000-0000-7000-8000-' || lpad(to_hex(i - 1 - i % 7), 12, '0'))::uuid end
     from generate_series(1, $2::int) i join person p on p.id = $4 + i`,
    [outbreakId, size.cases, startOf, size.contacts],
  );
}

async function loadContacts(sql: Sql, outbreakId: string, size: CitySize): Promise<void> {
  await sql.run(
    `insert into contact (id, outbreak_id, person_id, area_code, case_id, kind, criterion_id, rule_id, setting, higher_risk, last_exposure_at,
       identified_at, due_at, placed_at, state, source)
     select gen_random_uuid(), $1, p.id, p.area_code, ('00000000-0000-7000-8000-' || lpad(to_hex(1 + i % $3), 12, '0'))::uuid, 'close', 'household', 'CONT-1', 'household', false,
       $4::timestamptz + i * interval '3 seconds', $4::timestamptz + i * interval '3 seconds' + interval '5 hours', $4::timestamptz + i * interval '3 seconds' + interval '17 hours',
       case when i % 4 = 0 then null else $4::timestamptz + i * interval '3 seconds' + interval '9 hours' end, case when i % 4 = 0 then 'identified' else 'placed' end, 'tracing'
     from generate_series(1, $2::int) i join person p on p.id = i`,
    [outbreakId, size.contacts, size.cases, startOf],
  );
}

/** Half of the cases met their infector at a venue that some sixty others were infected at, a fifth at home; of the rest nobody knows. */
async function loadPlaces(sql: Sql, outbreakId: string): Promise<void> {
  await sql.run(
    `insert into venue (id, code, area_code, kind, name, name_en, created_at)
     select gen_random_uuid(), 'bench' || i, area_code, 'market', '集市' || i, 'Market ' || i, $1::timestamptz
     from generate_series(0, 160) i join lateral (select area_code from person where id = 1 + i * 1000) p on true`,
    [startOf],
  );
  await sql.run(
    `insert into exposure (id, outbreak_id, case_id, person_id, area_code, key, setting, venue_id, last_at, overlap_minutes, gap_minutes,
       source, class, criterion_id, rule_id, protocol_version, found_at)
     select gen_random_uuid(), $1, c.infector_case_id, c.person_id, c.area_code, 'bench', case when c.number % 10 < 5 then 'shop' else 'household' end,
       v.id, c.positive_at - interval '2 days', 40, 0, 'visit', 'close', 'household', 'CONT-1', '9.0', c.positive_at
     from case_record c left join venue v on c.number % 10 < 5 and v.code = 'bench' || (c.number / 10 % 161)
     where c.infector_case_id is not null and c.number % 10 < 7`,
    [outbreakId],
  );
}

async function loadTasks(sql: Sql, outbreakId: string, open: number): Promise<void> {
  await sql.run(
    `with village as (select array_agg(code order by code) as codes from area where level = 'village')
     insert into task (id, outbreak_id, kind, area_code, owner_team, subject_type, subject_id, state, needs_second_check, due_at, created_at, closed_at, closed_by)
     select gen_random_uuid(), $1, (array['placeContact', 'doorSampling', 'transfer', 'coreTrack'])[1 + i % 4], codes[1 + i * 7 % array_length(codes, 1)],
       (array['isolation', 'sampling', 'transport', 'tracing'])[1 + i % 4], 'case', ('00000000-0000-7000-8000-' || lpad(to_hex(1 + i % 1000), 12, '0')),
       case when i <= $2 then 'open' else 'closed' end, false, $4::timestamptz + i * interval '20 seconds', $4::timestamptz, case when i <= $2 then null else $4::timestamptz end, case when i <= $2 then null else 'bench' end
     from village, generate_series(1, $3::int) i`,
    [outbreakId, open, open * (1 + closedPerOpen), startOf],
  );
}
