import { expect } from "vitest";
import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as people } from "#modules/people";
import { module as screening } from "#modules/screening";
import {
  listAlerts,
  listSignals,
  listUnits,
  module as sentinel,
  recordCounts,
  registerUnits,
  reportSignals,
  sentinelTally,
  watchCounts,
} from "#modules/sentinel";
import { listTasks, module as tasks } from "#modules/tasks";
import { runDuty } from "#platform/usecase";
import type { HezeRow } from "./row.ts";

const village = "371721100201";
const kinds = ["feverClinic", "villageClinic", "pharmacy"] as const;

/** The rows of the account that the probes carry. */
export const rows: readonly HezeRow[] = [
  {
    row: "Three probes (三个探头)",
    figures: { kinds: 3, feverC: 37.3, drugClasses: 4 },
    modules: [areas, outbreaks, people, tasks, screening, sentinel],
    async play(world, figures) {
      world.clock.set("2022-07-23T08:00:00.000Z");
      await world.sql.run(
        `insert into area (code, parent_code, level, kind, name, name_en) values
           ('371721', null, 'county', 'county', '曹县', 'Cao County'), ('371721100', '371721', 'town', 'town', '庄寨镇', 'Zhuangzhai'),
           ($1, '371721100', 'village', 'village', '前韩村', 'Qianhan')`,
        [village],
      );
      const opened = { name: "菏泽", nameEn: "Heze", areaCode: "371721", timeZone: "Asia/Shanghai" };
      await openOutbreak(world.ctx(), { ...opened, protocolId: "covid-19.cn-9" });
      const units = kinds.map((kind) => ({ areaCode: village, code: kind, kind, name: kind }));
      await registerUnits(world.ctx(), { units });
      expect((await listUnits(world.ctx(), {})).items).toHaveLength(Number(figures["kinds"]));
      const drugs = ["antipyretic", "cough", "antiviral", "antibiotic"];
      expect(drugs).toHaveLength(Number(figures["drugClasses"]));
      const person = { unit: "pharmacy", areaCode: village, name: "王小明", phone: "13800000001" };
      const signals = [
        { ...person, unit: "villageClinic", ref: "fever", temperature: Number(figures["feverC"]) },
        ...drugs.map((drug) => ({ ...person, ref: drug, drugClasses: [drug] })),
      ];
      expect(await reportSignals(world.ctx(), { signals })).toMatchObject({ taken: 5, bad: [] });
      expect((await listSignals(world.ctx({ areaCode: village }), {})).items).toHaveLength(5);
      // Symptoms and sales are counted, and a jump of either is looked into; the signals are visits of the grid.
      const days = Array.from({ length: 9 }, (_, i) => `2022-07-${15 + i}`);
      const counts = days.map((day, i) => {
        const n = i === 8 ? 40 : 5;
        return { unit: "pharmacy", day, fever: 0, respiratory: 0, drugs: n };
      });
      await recordCounts(world.ctx(), { counts });
      await runDuty(world.ctx(), watchCounts);
      const alerts = (await listAlerts(world.ctx(), { state: "raised" })).items;
      expect(alerts.map((alert) => alert.measure)).toEqual(["drugs", "drugs"]);
      expect((await listTasks(world.ctx(), { team: "grid" })).items).toHaveLength(5);
      await runDuty(world.ctx(), async (tx) => {
        expect(await sentinelTally(tx)).toEqual({ in: 7, done: 0, late: 0, open: 7 });
      });
    },
  },
];
