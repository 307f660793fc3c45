import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as tasks } from "#modules/tasks";
import { testWorld, type TestWorld } from "#platform/testing";
import type { NewMember } from "./domain.ts";
import { answerCallUp, callUp, module, registerMembers } from "./index.ts";

export const village = "371721100201";
export const otherVillage = "371721100202";
export const otherCounty = "371702001001";

/** A city of two counties with an outbreak. */
export async function teamsWorld(): Promise<TestWorld> {
  const world = await testWorld({ modules: [areas, outbreaks, tasks, module], at: "2022-07-25T00:00:00.000Z" });
  await world.sql.run(
    `insert into area (code, parent_code, level, kind, name, name_en) values
       ('3717', null, 'city', 'city', '菏泽市', 'Heze'), ('371721', '3717', 'county', 'county', '曹县', 'Cao County'),
       ('371702', '3717', 'county', 'county', '牡丹区', 'Mudan'),
       ('371702001', '371702', 'town', 'town', '东城街道', 'Dongcheng'),
       ('371702001001', '371702001', 'village', 'village', '东关社区', 'Dongguan'),
       ('371721100', '371721', 'town', 'town', '庄寨镇', 'Zhuangzhai'),
       ('371721100201', '371721100', 'village', 'village', '北关村', 'Beiguan'),
       ('371721100202', '371721100', 'village', 'village', '南关村', 'Nanguan')`,
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

export const member = (code: string, areaCode = village, more: Partial<NewMember> = {}): NewMember => ({
  code,
  areaCode,
  name: "张三丰",
  kind: "partyMember",
  ...more,
});

/** Members who were called up and answered that they come. */
export async function upMembers(world: TestWorld, members: readonly NewMember[]): Promise<string> {
  await registerMembers(world.ctx(), { members });
  const { id } = await callUp(world.ctx(), { areaCode: "3717", reason: "first positive" });
  await answerCallUp(world.ctx(), { answers: members.map(({ code }) => ({ memberCode: code, coming: true })) });
  return id;
}
