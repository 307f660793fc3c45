import { module as areas } from "#modules/areas";
import { module as cases } from "#modules/cases";
import { module as isolation } from "#modules/isolation";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as people } from "#modules/people";
import { module as tasks } from "#modules/tasks";
import { testWorld, type TestWorld } from "#platform/testing";
import { module } from "./inbound.module.ts";
import type { Traveller } from "./inbound.model.ts";

/** Two counties with a village each, an open outbreak and the neighbours, for the tests of this folder. */

export const village = "371721100201";
export const otherVillage = "371702001001";
/** 16:00 in Heze. */
export const start = "2022-07-25T08:00:00.000Z";

export async function inboundWorld(): Promise<TestWorld> {
  const world = await testWorld({ modules: [areas, outbreaks, people, tasks, cases, isolation, module], at: start });
  await world.sql.run(
    `insert into area (code, parent_code, level, kind, name, name_en) values
       ('3717', null, 'city', 'city', '菏泽市', 'Heze'), ('371721', '3717', 'county', 'county', '曹县', 'Cao County'),
       ('371721100', '371721', 'town', 'town', '庄寨镇', 'Zhuangzhai'),
       ('371721100201', '371721100', 'village', 'village', '前韩村', 'Qianhan'),
       ('371702', '3717', 'county', 'county', '牡丹区', 'Mudan'), ('371702001', '371702', 'town', 'town', '东城', 'Dongcheng'),
       ('371702001001', '371702001', 'village', 'village', '一村', 'One')`,
  );
  await openOutbreak(world.ctx(), {
    name: "菏泽疫情",
    nameEn: "Heze outbreak",
    areaCode: "3717",
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
  return world;
}

/** A traveller to the first village from a county of another province. */
export function traveller(no: number, change: Partial<Traveller> = {}): Traveller {
  return {
    areaCode: village,
    name: `T${no}`,
    idKind: "other",
    idNumber: `TRAVEL${no}`,
    origin: "320411",
    leftOn: "2022-07-24",
    ...change,
  };
}

export const highRegion = { place: "320411", name: "X", level: "high", fromDay: "2022-07-20", source: "s" } as const;
