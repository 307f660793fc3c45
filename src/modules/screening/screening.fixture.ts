import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as people } from "#modules/people";
import { module as tasks } from "#modules/tasks";
import { expect } from "vitest";
import type { Ctx, Tx } from "#platform/context";
import type { ModuleDef } from "#platform/module";
import { useCase } from "#platform/usecase";
import { testWorld, type TestWorld } from "#platform/testing";
import {
  openRound,
  registerLabs,
  registerSites,
  sampleOnce,
  module as screening,
  stageBalance,
  uploadTubes,
} from "./index.ts";
import type { TubeUpload } from "./screening.model.ts";

/** A small city for this module's tests: two counties, four villages, people, two sites and a laboratory. */
export interface SmallCity {
  readonly world: TestWorld;
  readonly villages: readonly string[];
  /** The ids of the people of each village. */
  readonly people: ReadonlyMap<string, readonly number[]>;
  readonly sites: Readonly<Record<string, string>>;
  readonly labId: string;
  readonly roundId: string;
}

export const villages = ["371702001201", "371702001202", "371721123201", "371721123202"] as const;

export async function smallCity(perVillage: number, more: readonly ModuleDef[] = []): Promise<SmallCity> {
  const world = await testWorld({ modules: [areas, outbreaks, people, tasks, screening, ...more] });
  await world.sql.run(
    `insert into person (area_code, name, sex, register, ref, registered_at)
     select v, '人' || i, 'unknown', 'test', v || '-' || i, '2022-07-01T00:00:00Z' from unnest($1::text[]) v cross join generate_series(1, $2::int) i
     order by v, i`,
    [villages, perVillage],
  );
  const rows = await world.sql.many<{ id: number; area_code: string }>("select id, area_code from person order by id");
  const byVillage = new Map(
    villages.map((village) => [
      village as string,
      rows.filter((row) => row.area_code === village).map((row) => row.id),
    ]),
  );
  const ctx = world.ctx();
  await openOutbreak(ctx, {
    name: "菏泽疫情",
    nameEn: "Heze outbreak",
    areaCode: "3717",
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
  const sites = await registerSites(ctx, {
    areaCode: "3717",
    sites: [
      { code: "S1", areaCode: "371702001201", name: "第一采样点", tables: 3 },
      { code: "S2", areaCode: "371721123201", name: "第二采样点" },
    ],
  });
  const labs = await registerLabs(ctx, {
    areaCode: "3717",
    labs: [{ code: "L1", areaCode: "3717", name: "市疾控", capacityTubesDay: 10_000 }],
  });
  const round = await openRound(ctx, { areaCode: "3717", areaType: "urban" });
  return { world, villages, people: byVillage, sites, labId: labs["L1"] ?? "", roundId: round.roundId };
}

/** What a site's device does: names people, fills tubes, uploads them. */
export function deviceOf(city: SmallCity) {
  return {
    of: (village: number, from: number, to: number): number[] =>
      (city.people.get(city.villages[village] ?? "") ?? []).slice(from, to),
    tube: (barcode: string, personIds: number[], more: Partial<TubeUpload> = {}): TubeUpload => ({
      barcode,
      kind: "pool",
      personIds,
      at: city.world.clock.now(),
      ...more,
    }),
    upload: (box: string, tubes: TubeUpload[], site = "S1", key?: string) =>
      uploadTubes(city.world.ctx(key === undefined ? {} : { key }), {
        roundId: city.roundId,
        siteId: city.sites[site] ?? "",
        box,
        tubes,
      }),
  };
}
export type Device = ReturnType<typeof deviceOf>;

/** Counters by village recounted from the swabs, in the shape of the coverage table. */
export const recount = `
  select p.area_code, count(*) filter (where s.tube_id is not null)::int as sampled,
    count(*) filter (where t.state in ('open', 'closed'))::int as at_site, count(*) filter (where t.state = 'in_transit')::int as in_transit,
    count(*) filter (where t.state = 'received')::int as received, count(*) filter (where t.state = 'resulted')::int as resulted,
    count(*) filter (where t.state = 'resulted' and t.result = 'positive')::int as positive, count(a.person_id)::int as excused, count(*)::int as due
  from person p left join sample s on s.person_id = p.id and s.round_id = $1 left join tube t on t.id = s.tube_id
  left join absence a on a.person_id = p.id and a.round_id = $1
  group by 1 order by 1`;

export const kept = `
  select area_code, sampled, at_site, in_transit, received, resulted, positive, excused, due from coverage where round_id = $1 order by 1`;

/** Stands in for the modules above: makes their events, and hears this module's. */
export const probe: ModuleDef = { name: "probe", permissions: ["probe.act"], routes: [], register: () => undefined };

/** Runs an internal operation as a use case of its own would. */
export function inTx<T>(ctx: Ctx, work: (tx: Tx) => Promise<T>): Promise<T> {
  return useCase({ name: "probe.act", permission: "probe.act", kind: "write" }, (tx, _input: null) => work(tx))(
    ctx,
    null,
  );
}

/** Makes another module's event. */
export async function emit(ctx: Ctx, name: string, data: object): Promise<void> {
  await inTx(ctx, (tx) => tx.emit({ name, areaCode: "3717", subjectType: "probe", subjectId: "1", data }));
}

/** The data of every event of a name so far. */
export async function eventsOf<D>(city: SmallCity, name: string): Promise<D[]> {
  return (await city.world.sql.many<{ data: D }>("select data from event where name = $1 order by seq", [name])).map(
    (row) => row.data,
  );
}

/** Counters equal a recount, and I1 and I2 hold. */
export async function expectBalanced(city: SmallCity): Promise<void> {
  const { sql } = city.world;
  const rounds = await sql.many<{ id: string }>("select id from round where kind = 'area' and area_code = '3717'");
  for (const { id } of rounds) expect(await sql.many(kept, [id])).toEqual(await sql.many(recount, [id]));
  expect(await inTx(city.world.ctx(), stageBalance)).toMatchObject({ broken: 0 });
  expect(await inTx(city.world.ctx(), (tx) => sampleOnce(tx, "2022-01-01T00:00:00.000Z"))).toMatchObject({ broken: 0 });
}
