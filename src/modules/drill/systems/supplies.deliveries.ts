import { need } from "#kernel/assert";
import { askDelivery, confirmDelivery, returnDelivery, sendDeliveries } from "#modules/supplies";
import type { DrillActor, Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";
import { memoryOf, storeOf, type SuppliesSection } from "./supplies.section.ts";

interface AtDoor {
  readonly id: string;
  readonly village: string;
}

const vanLoadMax = 200;

/** Households of the villages under control ask their grid worker for what they lack. */
async function villages(hand: Hand, section: SuppliesSection): Promise<void> {
  const memory = memoryOf(hand);
  const day = hand.dayAt(hand.minute);
  for (const village of hand.city.villages) {
    const level = hand.memory.zoneLevels[village.code];
    if (level === undefined || level === "low") continue;
    const key = `${village.code}-${day}`;
    if (!hand.chance(section.villageAsks.value, "villageAsks", key)) continue;
    const kinds = section.villageNeeds.length;
    // Each list in its turn, so that a village that asks often asks for everything.
    const turn = (Number(village.code.slice(-3)) + hand.minute / (24 * 60)) % kinds;
    const wanted = need(section.villageNeeds[Math.floor(turn) % kinds], "the list is not empty");
    const no = `PS-${key}`;
    const asked = await askDelivery(hand.ctx("gridWorker", village.code, `supplies need ${no}`), {
      areaCode: village.code,
      no,
      grid: village.code,
      household: no,
      need: "封控户生活与防护物资 / food and protection at home",
      lines: Object.entries(wanted).map(([item, quantity]) => ({ item, quantity })),
    });
    const waiting = (memory.waiting[village.countyCode] ??= []);
    waiting.push({ no, id: asked.id, village: village.code });
    hand.count("householdNeeds");
  }
}

/** Each county's store loads what it has; what it lacks waits for the next day's van. */
async function vans(hand: Hand, section: SuppliesSection): Promise<void> {
  const memory = memoryOf(hand);
  for (const county of Object.keys(memory.waiting).toSorted()) {
    const load = (memory.waiting[county] ?? []).slice(0, vanLoadMax);
    if (load.length === 0) continue;
    const { short } = await sendDeliveries(hand.ctx("suppliesManager", county, `supplies van ${county}`), {
      warehouse: storeOf(county),
      ids: load.map((row) => row.id),
    });
    const left = new Set(short);
    for (const { no, id, village } of load)
      if (!left.has(id))
        hand.after(hand.delay(section.toTheDoor, "toTheDoor", no), "supplies.door", no, {
          id,
          village,
        } satisfies AtDoor);
    const gone = new Set(load.map((row) => row.id).filter((id) => !left.has(id)));
    memory.waiting[county] = (memory.waiting[county] ?? []).filter((row) => !gone.has(row.id));
    hand.count("householdNeedsShort", short.length);
  }
}

async function door(hand: Hand, item: DrillItem, section: SuppliesSection): Promise<void> {
  const { id, village } = item.data as AtDoor;
  const ctx = hand.ctx("gridWorker", village, `supplies door ${item.key}`);
  if (hand.chance(section.notAtHome.value, "notAtHome", item.key))
    await returnDelivery(ctx, { id, note: "户内无人 / nobody at home" });
  else await confirmDelivery(ctx, { id, signed: true });
  hand.count("doorsteps");
}

/** What happens between a household and its county's store. */
export function deliveryItems(section: SuppliesSection): {
  readonly villages: (hand: Hand) => Promise<void>;
  readonly vans: (hand: Hand) => Promise<void>;
  readonly "supplies.door": DrillActor["items"][string];
} {
  return {
    villages: (hand) => villages(hand, section),
    vans: (hand) => vans(hand, section),
    "supplies.door": (hand, item) => door(hand, item, section),
  };
}
