import { module as areas } from "#modules/areas";
import { module as outbreaks, openOutbreak } from "#modules/outbreaks";
import { module as isolation } from "#modules/isolation";
import { module as screening } from "#modules/screening";
import { module as tasks } from "#modules/tasks";
import { module as zones } from "#modules/zones";
import { module as people } from "#modules/people";
import { module as cases } from "#modules/cases";
import { module as tracing } from "#modules/tracing";
import { testWorld, type TestWorld } from "#platform/testing";
import { countStock, loadCatalogue, module, registerWarehouses } from "./index.ts";

export const city = "3717";
export const county = "371721";
export const otherCounty = "371702";
export const village = "371721100201";

/** A city with two counties and a village, the catalogue, and a warehouse in each; the city's holds something. */
export async function suppliedCity(): Promise<TestWorld> {
  const modules = [areas, outbreaks, people, tasks, screening, cases, tracing, isolation, zones, module];
  const world = await testWorld({ modules, at: "2022-07-26T00:00:00.000Z" });
  await world.sql.run(
    `insert into area (code, parent_code, level, kind, name, name_en, population) values
       ('3717', null, 'city', 'city', '菏泽市', 'Heze', 8800000),
       ('371721', '3717', 'county', 'county', '曹县', 'Cao County', 1000000),
       ('371702', '3717', 'county', 'county', '牡丹区', 'Mudan', 1200000),
       ('371721100', '371721', 'town', 'town', '庄寨镇', 'Zhuangzhai', 80000),
       ('371721100201', '371721100', 'village', 'village', '前韩村', 'Qianhan', 1500)`,
  );
  await openOutbreak(world.ctx(), {
    name: "菏泽疫情",
    nameEn: "Heze outbreak",
    areaCode: city,
    timeZone: "Asia/Shanghai",
    protocolId: "covid-19.cn-9",
  });
  await loadCatalogue(world.ctx(), {});
  await registerWarehouses(world.ctx(), {
    warehouses: [
      { areaCode: city, code: "CITY", name: "市库", nameEn: "City store", level: "city" },
      { areaCode: county, code: "CAO", name: "曹县库", nameEn: "Cao store", level: "county" },
      { areaCode: otherCounty, code: "MUDAN", name: "牡丹库", nameEn: "Mudan store", level: "county" },
    ],
  });
  await countStock(world.ctx(), {
    warehouse: "CITY",
    lines: [
      { item: "mask", counted: 10_000, reason: "opening" },
      { item: "alcohol", batch: "A1", expiresOn: "2022-08-05", counted: 40, reason: "opening" },
      { item: "alcohol", batch: "A2", expiresOn: "2023-08-05", counted: 100, reason: "opening" },
    ],
  });
  return world;
}

/** The ledger against lots and balances, and the lowest any lot ever stood at: I11 on the rows. */
export async function ledgerFaults(world: TestWorld): Promise<{ broken: number; lowest: number; lines: number }> {
  return world.sql.one(
    `select (select count(*) from supply_movement)::int as lines,
       (select least(0, min(held)) from (select sum(quantity) over (partition by lot_id order by seq) as held from supply_movement) s)::int as lowest,
       ((select count(*) from supply_lot l where on_hand <> (select coalesce(sum(quantity), 0) from supply_movement m where m.lot_id = l.id))
        + (select count(*) from supply_balance b where array[on_hand, reserved]::bigint[] is distinct from
            (select array[coalesce(sum(on_hand), 0), coalesce(sum(reserved), 0)]::bigint[] from supply_lot l where l.warehouse_id = b.warehouse_id and l.item_id = b.item_id)))::int as broken`,
  );
}
