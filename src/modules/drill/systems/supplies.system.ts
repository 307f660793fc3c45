import { need } from "#kernel/assert";
import { addDays, dayOf } from "#kernel/time";
import { countStock, loadCatalogue, registerWarehouses, suppliesTally } from "#modules/supplies";
import type { Ctx } from "#platform/context";
import type { CityWorld } from "../world.service.ts";
import { suppliesActor } from "./supplies.actor.ts";
import { storeOf, SuppliesSection } from "./supplies.section.ts";
import { defineSystem } from "./system.ts";

/** The catalogue, a store in the city and one in each county, and what lies in them on the first day. */
async function setUp(ctx: Ctx, world: CityWorld, section: SuppliesSection): Promise<void> {
  await loadCatalogue(ctx, {});
  const { scenario, city, areas } = world;
  const nameOf = (code: string) =>
    need(
      areas.find((area) => area.code === code),
      "every store stands in a known area",
    );
  const places = [scenario.areaCode, ...city.counties.map((county) => county.code)].filter(
    (code, i, all) => all.indexOf(code) === i,
  );
  await registerWarehouses(ctx, {
    warehouses: places.map((code) => ({
      areaCode: code,
      code: storeOf(code),
      name: `${nameOf(code).name}应急物资库`,
      nameEn: `${nameOf(code).nameEn} emergency store`,
      level: code === scenario.areaCode ? ("city" as const) : ("county" as const),
    })),
  });
  const today = dayOf(world.dayZero, scenario.timeZone);
  for (const code of places) {
    const county = city.counties.find((each) => each.code === code);
    const people =
      code === scenario.areaCode
        ? city.personCount * section.cityShare.value
        : (county?.endPerson ?? 0) - (county?.firstPerson ?? 0);
    await countStock(ctx, {
      warehouse: storeOf(code),
      lines: section.opening.map(({ item, perThousand, goodForDays }) => ({
        item,
        ...(goodForDays ? { batch: "KC-2022", expiresOn: addDays(today, Math.round(goodForDays.value)) } : {}),
        counted: Math.max(1, Math.round((people * perThousand.value) / 1_000)),
        reason: "期初盘点 / opening count",
      })),
    });
  }
}

/** Stores, their requests and the way to the door. */
export const suppliesSystem = defineSystem({
  name: "supplies",
  title: { "zh-CN": "物资保障", en: "Supplies" },
  section: SuppliesSection,
  setUp,
  actor: suppliesActor,
  ownTasks: ["supplyShort", "supplyDecision", "supplyDispatch", "supplyReceipt", "supplyDiscrepancy", "supplyDelivery"],
  tally: suppliesTally,
});
