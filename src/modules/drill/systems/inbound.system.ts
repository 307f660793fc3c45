import { addDays, dayOf } from "#kernel/time";
import { inboundTally, joinPost, openCheckpoint, registerPost, setKeyRegions } from "#modules/inbound";
import type { Ctx } from "#platform/context";
import { personIdOf } from "../hand.ts";
import { borderPoint } from "../positions.rules.ts";
import type { CityWorld } from "../world.service.ts";
import { arrivalItems, firstDay } from "./inbound.arrivals.ts";
import { controlItems, firstMorning } from "./inbound.control.ts";
import { InboundSection } from "./inbound.model.ts";
import { defineSystem } from "./system.ts";

/** A road point in each county, the exposed posts with their people, the lists of key regions. */
async function setUp(ctx: Ctx, world: CityWorld, section: InboundSection): Promise<void> {
  const { positions } = world.scenario;
  const firstDayOf = dayOf(world.dayZero, world.scenario.timeZone);
  await setKeyRegions(ctx, {
    regions: section.regions.map(({ place, name, level, daysBefore }) => ({
      place,
      name,
      level,
      fromDay: addDays(firstDayOf, -daysBefore),
      source: "scenario",
    })),
  });
  for (const county of world.city.counties) {
    const code = county.code;
    const area = world.areas.find((row) => row.code === code);
    const point = positions ? borderPoint(area, `RD${code}`, positions.seatKm) : {};
    await openCheckpoint(ctx, {
      areaCode: code,
      code: `RD${code}`,
      name: `${area?.name ?? code}卡口`,
      road: "G",
      kind: "road",
      ...point,
    });
    for (const { trade, posts, workers } of section.postsPerCounty) {
      const count = Math.max(1, Math.round(posts.value * world.scale));
      for (let i = 0; i < count; i++) {
        // The villages of a county in turn, so that each post has people of its own.
        const span = county.endVillage - county.firstVillage;
        const village = world.city.villages[county.firstVillage + ((i * 7 + trade.length) % span)];
        if (village === undefined) continue;
        const post = { areaCode: village.code, code: `${trade} ${code} ${i + 1}`, name: `${trade} ${i + 1}`, trade };
        const { id } = await registerPost(ctx, post);
        const end = Math.min(village.endPerson, village.firstPerson + workers);
        const personIds = Array.from({ length: end - village.firstPerson }, (_, k) =>
          personIdOf(village.firstPerson + k),
        );
        if (personIds.length > 0) await joinPost(ctx, { id, personIds });
      }
    }
  }
}

/** Inbound control: travellers, the road, letters, exposed posts, goods. */
export const inboundSystem = defineSystem({
  name: "inbound",
  title: { "zh-CN": "外防输入", en: "Inbound control" },
  section: InboundSection,
  setUp,
  actor: (section) => {
    const arrivals = arrivalItems(section);
    return {
      name: "inbound",
      items: { ...arrivals.items, ...controlItems(section) },
      events: arrivals.events,
      begin: (hand) => {
        firstDay(hand);
        firstMorning(hand);
      },
    };
  },
  ownTasks: ["arrivalVisit", "letterVisit", "letterAnswer", "escortHome", "postTests", "goodsCheck"],
  tally: inboundTally,
});
