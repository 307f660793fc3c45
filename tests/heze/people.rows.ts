import { expect } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import {
  addEntries,
  electronicProgress,
  linkEntries,
  listReview,
  listSources,
  markElectronic,
  module as people,
  openRegister,
  registerPeople,
  registersTally,
} from "#modules/people";
import { baseCounts, module as reports } from "#modules/reports";
import { module as screening } from "#modules/screening";
import { runDuty, useCase } from "#platform/usecase";
import { addDays } from "#kernel/time";
import type { HezeRow } from "./row.ts";

const village = "371721100201";
const kinds = ["population", "coInvestigation", "trade"] as const;
const known = useCase(
  { name: "test.people", permission: "people.person.write", kind: "write" },
  (tx, names: readonly string[]) =>
    registerPeople(tx, {
      register: "hukou",
      people: names.map((name) => ({ ref: name, name, areaCode: village, birthDate: "1990-03-07" })),
    }),
);

/** The rows of the account that the registers of people carry. */
export const rows: readonly HezeRow[] = [
  {
    row: "Data (数据统计)",
    figures: { registers: 3, levels: 3, weekDays: 7 },
    modules: [areas, outbreaks, people, screening, reports],
    async play(world, figures) {
      world.clock.set("2022-07-24T08:00:00.000Z");
      await world.sql.run(
        `insert into area (code, parent_code, level, kind, name, name_en, population) values
           ('3717', null, 'city', 'city', '菏泽市', 'Heze', 2), ('371721', '3717', 'county', 'county', '曹县', 'Cao County', 2),
           ('371721100', '371721', 'town', 'town', '庄寨镇', 'Zhuangzhai', 2), ($1, '371721100', 'village', 'village', '前韩村', 'Qianhan', 2)`,
        [village],
      );
      const opened = { name: "菏泽", nameEn: "Heze", areaCode: "3717", timeZone: "Asia/Shanghai" };
      await openOutbreak(world.ctx(), { ...opened, protocolId: "covid-19.cn-9" });
      await known(world.ctx(), ["王小明", "李大山"]);
      // Population, co-investigation and trade registers are put together …
      for (const kind of kinds)
        await openRegister(world.ctx(), { code: kind, kind, owner: kind, areaCode: "371721", askedOn: "2022-07-24" });
      const row = { areaCode: village, birthDate: "1990-03-07" };
      const entries = kinds.map((kind, i) => ({ ...row, register: kind, ref: `${i}`, name: "王小明" }));
      expect(await addEntries(world.ctx(), { entries })).toMatchObject({ taken: Number(figures["registers"]) });
      for (const kind of kinds) await linkEntries(world.ctx(), { register: kind });
      expect((await listReview(world.ctx({ reason: "linking" }), {})).items).toHaveLength(3);
      expect((await listSources(world.ctx(), {})).items).toHaveLength(3);
      // … compared with the test results at county, town and village level …
      const levels = ["county", "town", "village"] as const;
      expect(levels).toHaveLength(Number(figures["levels"]));
      for (const level of levels)
        expect((await baseCounts(world.ctx(), { level })).items).toMatchObject([{ registered: 2, entries: 3 }]);
      // … and all of it electronic within one week.
      for (const kind of kinds) await markElectronic(world.ctx(), { code: kind, day: "2022-07-30" });
      world.clock.set("2022-08-02T08:00:00.000Z");
      const progress = await electronicProgress(world.ctx(), {});
      const target = progress.find(({ day }) => day === addDays("2022-07-24", Number(figures["weekDays"])));
      expect(target).toMatchObject({ asked: 3, electronic: 3, share: 1, late: 0 });
      await runDuty(world.ctx(), async (tx) => {
        expect(await registersTally(tx)).toMatchObject({ in: 3, open: 3, late: 3 });
      });
    },
  },
];
