import { module as areas } from "#modules/areas";
import { module as cases } from "#modules/cases";
import { module as isolation } from "#modules/isolation";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as people } from "#modules/people";
import { module as screening, openRound, recordAbsences } from "#modules/screening";
import { module as tasks } from "#modules/tasks";
import { module as tracing } from "#modules/tracing";
import { module as zones } from "#modules/zones";
import { testWorld, type TestWorld } from "#platform/testing";
import { useCase } from "#platform/usecase";
import { cutGrids, registerWorkers } from "./grids.service.ts";
import { module } from "./index.ts";

export const village = "371721100201";
export const other = "371702001201";
/** What the zones' events say of the village. */
export const zone = { zoneId: "z", unit: "village", unitCode: village, caseId: null };

/** Emits what other modules emit. */
export const emit = useCase(
  { name: "probe.emit", permission: "grid.grid.write", kind: "write" },
  (tx, input: { name: string; areaCode: string; data: object }) =>
    tx.emit({ ...input, subjectType: "probe", subjectId: "1" }),
);

/** Two counties, two villages with 640 and 10 households of one person each, their grids and workers. */
export async function gridWorld(): Promise<TestWorld> {
  const world = await testWorld({
    modules: [areas, outbreaks, people, tasks, screening, cases, tracing, isolation, zones, module],
    at: "2022-07-26T00:30:00.000Z",
  });
  await world.sql.run(
    `insert into area (code, parent_code, level, kind, name, name_en) values
       ('3717', null, 'city', 'city', '菏泽市', 'Heze'), ('371721', '3717', 'county', 'county', '曹县', 'Cao County'),
       ('371702', '3717', 'county', 'county', '牡丹区', 'Mudan'), ('371721100', '371721', 'town', 'town', '庄寨镇', 'Zhuangzhai'),
       ('371702001', '371702', 'town', 'town', '东城街道', 'Dongcheng'), ('371721100201', '371721100', 'village', 'village', '北关村', 'Beiguan'),
       ('371702001201', '371702001', 'village', 'village', '东关社区', 'Dongguan')`,
  );
  await world.sql.run(
    `insert into household (id, area_code, address, register, ref)
     select i, case when i <= 640 then '371721100201' else '371702001201' end, i || '号', 'test', i::text from generate_series(1, 650) i`,
  );
  await world.sql.run(
    `insert into person (id, area_code, household_id, name, sex, birth_date, register, ref, registered_at)
     select i, case when i <= 640 then '371721100201' else '371702001201' end, i, '人' || i, 'unknown',
       case when i % 10 = 0 then date '1940-01-01' else date '1990-01-01' end, 'test', i::text, '2022-07-01T00:00:00Z'
     from generate_series(1, 650) i`,
  );
  await openOutbreak(world.ctx(), {
    name: "菏泽疫情",
    nameEn: "Heze outbreak",
    areaCode: "3717",
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
  await cutGrids(world.ctx(), { areaCode: "3717" });
  await registerWorkers(world.ctx(), {
    workers: [
      {
        areaCode: village,
        gridCode: `${village}G01`,
        no: "W1",
        name: "甲",
        role: "gridWorker",
        phone: "13800001234",
      },
      { areaCode: village, no: "C1", name: "乙", role: "cadre", account: "cadre" },
      { areaCode: other, no: "W9", name: "丙", role: "gridWorker" },
    ],
  });
  return world;
}

/** A round over the county in which three people have refused and everybody else is away. */
export async function roundWithRefusals(world: TestWorld, areaCode = "371721"): Promise<string> {
  const { roundId } = await openRound(world.ctx(), { areaCode });
  const ids = await world.sql.many<{ id: number }>("select id from person where area_code like $1 || '%' order by id", [
    areaCode,
  ]);
  await recordAbsences(world.ctx(), {
    roundId,
    people: ids.map(({ id }, i) => ({ personId: id, reason: i < 3 ? ("refused" as const) : ("away" as const) })),
  });
  return roundId;
}

export async function doors(world: TestWorld, state = "open") {
  return world.sql.many<{ id: string; person_id: number; household_id: number; no: number; grid_code: string }>(
    "select id, person_id, household_id, no, grid_code from door_item where state = $1 order by area_code, grid_code, no",
    [state],
  );
}
