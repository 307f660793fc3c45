import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as people, registerPeople } from "#modules/people";
import { module as screening } from "#modules/screening";
import { testWorld, type TestWorld } from "#platform/testing";
import { useCase } from "#platform/usecase";
import { baseGaps } from "./domain.ts";
import { baseCounts, module } from "./index.ts";

const village = "371721100201";
const seed = useCase(
  { name: "test.people", permission: "people.person.write", kind: "write" },
  (tx, names: readonly string[]) =>
    registerPeople(tx, { register: "hukou", people: names.map((name) => ({ ref: name, name, areaCode: village })) }),
);

describe("base counts", () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await testWorld({ modules: [areas, outbreaks, people, screening, module], at: "2022-07-26T10:00:00.000Z" });
    await world.sql.run(
      `insert into area (code, parent_code, level, kind, name, name_en, population) values
         ('371721', null, 'county', 'county', '曹县', 'Cao County', 8), ('371721100', '371721', 'town', 'town', '庄寨镇', 'Zhuangzhai', 8),
         ($1, '371721100', 'village', 'village', '北关村', 'Beiguan', 5),
         ('371721100202', '371721100', 'village', 'village', '南关村', 'Nanguan', 3)`,
      [village],
    );
    const opened = { name: "菏泽", nameEn: "Heze", areaCode: "371721", timeZone: "Asia/Shanghai" };
    const { id } = await openOutbreak(world.ctx(), { ...opened, protocolId: "covid-19.cn-9" });
    await seed(world.ctx(), ["甲", "乙", "丙", "丁"]);
    for (const [no, sampled] of [
      [1, 1],
      [2, 2],
    ] as const) {
      const round = `00000000-0000-7000-9000-00000000000${no}`;
      await world.sql.run(
        `insert into round (id, outbreak_id, kind, no, area_code, scope, area_type, stage, day, pool_size, household_size, protocol_version, opened_at, state)
         values ($1, $2, 'area', $3, '371721', '{}', 'rural', 'regular', '2022-07-25', 10, 10, '9.0', $4, 'open')`,
        [round, id, no, `2022-07-2${4 + no}T00:00:00.000Z`],
      );
      await world.sql.run(
        "insert into coverage (round_id, area_code, due, excused, collected, resulted) values ($1, $2, 3, 0, $3, $3)",
        [round, village, sampled],
      );
    }
  });
  afterEach(() => world.close());

  it("REP-BASE: census, register and the last round beside each other, at every level", async () => {
    const { items } = await baseCounts(world.ctx(), { level: "village", areaCode: "371721" });
    expect(items).toMatchObject([
      { areaCode: village, population: 5, registered: 4, due: 3, sampled: 2, notDue: 1, notSeen: 1 },
      { areaCode: "371721100202", population: 3, registered: 0, due: null, sampled: null, notDue: null },
    ]);
    for (const level of ["town", "county"] as const)
      expect((await baseCounts(world.ctx(), { level })).items).toMatchObject([
        { registered: 4, sampled: 2, notDue: 1 },
      ]);
    const first = await baseCounts(world.ctx(), { level: "village", limit: 1 });
    expect(
      (await baseCounts(world.ctx(), { level: "village", limit: 1, cursor: first.next ?? "" })).items,
    ).toMatchObject([{ areaCode: "371721100202" }]);
  });

  it("keeps to the jurisdiction and its permission", async () => {
    const stranger = world.ctx({ areaCode: "371702" });
    await expect(baseCounts(stranger, { level: "village", areaCode: "371721" })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    expect((await baseCounts(stranger, { level: "village" })).items).toEqual([]);
    await expect(baseCounts(world.ctx({ permissions: [] }), { level: "town" })).rejects.toMatchObject({
      code: "auth.forbidden",
    });
  });

  it.each([
    ["more due than registered", 4, 9, 2, 0, 7],
    ["everybody asked and seen", 4, 4, 4, 0, 0],
  ])("REP-BASE: %s", (_what, registered, due, sampled, notDue, notSeen) => {
    expect(baseGaps(registered, { openedAt: "x", due, sampled, excused: 0 })).toMatchObject({ notDue, notSeen });
  });
});
