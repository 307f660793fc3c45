import { need } from "#kernel/assert";
import { addHours } from "#kernel/time";
import { demandOf, driversOf, refill } from "#domain/supplies";
import { roundNeeds } from "#domain/screening";
import { peopleByMode } from "#modules/isolation";
import { testedSoFar } from "#modules/screening";
import {
  askSupplies,
  countStock,
  discardExpired,
  donate,
  listExpiry,
  listLots,
  moveStock,
  supplyCatalogue,
  type StockRow,
} from "#modules/supplies";
import type { DrillActor, Hand } from "../hand.ts";
import { requestItems } from "./supplies.requests.ts";
import { deliveryItems } from "./supplies.deliveries.ts";
import { memoryOf, stockOf, storeOf, type SuppliesSection } from "./supplies.section.ts";

/** When the stores work: what spoiled goes first, then gifts and counts; three looks a day; the day's use at night. */
const hours = {
  discard: "00:30",
  gifts: "09:00",
  villages: "10:00",
  vans: "14:00",
  use: "21:00",
  count: "22:00",
} as const;
const lookHours = ["08:00", "13:00", "19:30"] as const;
const countEveryDays = 7;
const neededInHours = 24;
const pageMax = 200;
/** A count that is off misses one part in so many. */
const countOffPart = 200;

function counties(hand: Hand): string[] {
  return hand.city.counties.map((county) => county.code).toSorted();
}

const manager = (hand: Hand, areaCode: string, command: string) => hand.ctx("suppliesManager", areaCode, command);

/** What the day's work took, by the catalogue's norms on what was really done, as far as there was enough of it. */
async function use(hand: Hand): Promise<void> {
  const memory = memoryOf(hand);
  const catalogue = await supplyCatalogue();
  const { pooling } = hand.protocol;
  const places = counties(hand);
  const done = await hand.system(`supplies work ${hand.minute}`, async (tx) => {
    const rows = [];
    for (const code of places) {
      const { sampled } = await testedSoFar(tx, { outbreakId: hand.outbreakId, areaCode: code });
      rows.push({ code, sampled, modes: await peopleByMode(tx, code) });
    }
    return rows;
  });
  const samples = hand.memory.counts["samples"] ?? 0;
  const tubesPerSample = samples === 0 ? 0 : (hand.memory.counts["tubes"] ?? 0) / samples;
  const stock = await stockOf(hand, `use ${hand.minute}`);
  for (const { code, sampled, modes } of done) {
    const people = sampled - (memory.sampled[code] ?? 0);
    memory.sampled[code] = sampled;
    const drivers = driversOf({
      days: 1,
      rounds: 1,
      peopleDue: people,
      poolsDue: Math.round(people * tubesPerSample),
      samplersDue: pooling === null ? 0 : roundNeeds(people, 1, pooling.supply).samplers,
      inCentral: modes["central"] ?? 0,
      atHome: modes["home"] ?? 0,
      // What villages under control take is carried to their doors, one household's request at a time.
      residentsUnderControl: 0,
    });
    const lines = catalogue.items.flatMap((item) => {
      const { demand } = demandOf({ item: item.code, norms: item.norms, onHand: 0, onTheWay: 0 }, drivers);
      const row = stock.find((each) => each.warehouse === storeOf(code) && each.item === item.code);
      const quantity = Math.min(demand, row ? row.free : 0);
      if (quantity < demand) hand.count("suppliesMissing", demand - quantity);
      return quantity > 0 ? [{ item: item.code, quantity }] : [];
    });
    if (lines.length === 0) continue;
    await moveStock(manager(hand, code, `supplies use ${code}`), {
      warehouse: storeOf(code),
      kind: "issued",
      lines,
      note: "当日领用 / used today",
    });
  }
}

/** Stores that run low ask for a week's supply; the city's own store buys. */
async function look(hand: Hand, section: SuppliesSection): Promise<void> {
  const memory = memoryOf(hand);
  const { rules } = await supplyCatalogue();
  const cityStore = storeOf(hand.scenario.areaCode);
  const short = (await stockOf(hand, `look ${hand.minute}`)).filter((row) => row.state === "short");
  const wanted = (row: StockRow) => refill(row.free, row.dailyUse, rules.fillDays.value);
  for (const row of short.filter((each) => each.warehouse === cityStore && !memory.bought.includes(each.item)))
    buy(hand, section, row.item, wanted(row));
  for (const code of counties(hand)) {
    const lines = short
      .filter((row) => row.warehouse === storeOf(code) && !memory.onOrder.includes(`${code} ${row.item}`))
      .map((row) => ({ item: row.item, quantity: wanted(row) }))
      .filter((line) => line.quantity > 0);
    if (lines.length === 0 || storeOf(code) === cityStore) continue;
    const no = `WZ-${code}-${hand.minute}`;
    const request = await askSupplies(manager(hand, code, `supplies ask ${no}`), {
      warehouse: storeOf(code),
      sourceAreaCode: hand.scenario.areaCode,
      no,
      neededBy: addHours(hand.now, neededInHours),
      reason: "库存不足三日 / running low",
      lines,
    });
    memory.onOrder.push(...lines.map((line) => `${code} ${line.item}`));
    hand.count("supplyRequests");
    hand.after(hand.delay(section.answer, "supplyAnswer", no), "supplies.answer", no, {
      id: request.id,
      county: code,
      source: hand.scenario.areaCode,
      lines,
    });
  }
}

/** The city's store sends for more; it is there after the road from wherever it can be had. */
function buy(hand: Hand, section: SuppliesSection, item: string, quantity: number): void {
  const memory = memoryOf(hand);
  if (quantity <= 0 || memory.bought.includes(item)) return;
  memory.bought.push(item);
  const key = `${item} ${hand.minute}`;
  hand.after(hand.delay(section.purchase, "supplyPurchase", key), "supplies.bought", key, { item, quantity });
}

async function bought(hand: Hand, data: { item: string; quantity: number }): Promise<void> {
  const memory = memoryOf(hand);
  memory.bought = memory.bought.filter((item) => item !== data.item);
  await moveStock(manager(hand, hand.scenario.areaCode, `supplies bought ${data.item}`), {
    warehouse: storeOf(hand.scenario.areaCode),
    kind: "received",
    lines: [{ item: data.item, quantity: data.quantity, batch: `CG-${hand.dayAt(hand.minute)}` }],
    note: "省内调入 / from the province",
  });
}

async function discard(hand: Hand): Promise<void> {
  const { items } = await listExpiry(manager(hand, hand.scenario.areaCode, `supplies spoiled ${hand.minute}`), {
    state: "spoiled",
    limit: pageMax,
  });
  for (const warehouse of [...new Set(items.map((lot) => lot.warehouse))].toSorted()) {
    await discardExpired(manager(hand, hand.scenario.areaCode, `supplies discard ${warehouse}`), {
      warehouse,
      note: "过期下架 / expired",
    });
    hand.count("storesCleared");
  }
}

/** Gifts go to the store of the county where it began. */
async function gifts(hand: Hand, section: SuppliesSection): Promise<void> {
  const day = hand.dayAt(hand.minute);
  const county = need(
    counties(hand).find((code) => hand.scenario.firstPositive.areaCode.startsWith(code)),
    "the first positive lies in a county",
  );
  const draws = Math.ceil(section.donationsPerDay.value);
  for (let i = 0; i < draws; i++) {
    if (!hand.chance(section.donationsPerDay.value / draws, "gift", `${day} ${i}`)) continue;
    const memory = memoryOf(hand);
    const item = need(section.donated[memory.gifts % section.donated.length], "the list is not empty");
    memory.gifts += 1;
    const receiptNo = `JZ-${day}-${i}`;
    await donate(manager(hand, county, `supplies gift ${receiptNo}`), {
      warehouse: storeOf(county),
      receiptNo,
      giverKind: "organisation",
      giver: "演练捐赠单位 / drill donor",
      lines: [
        {
          item,
          quantity: Math.max(1, Math.round(section.donationSize.value * hand.scale)),
          batch: receiptNo,
        },
      ],
    });
    hand.count("gifts");
  }
}

/** The weekly count: every lot of every store, a few of them off. */
async function count(hand: Hand, section: SuppliesSection): Promise<void> {
  const city = hand.scenario.areaCode;
  const promised = new Set(
    (await stockOf(hand, `count ${hand.minute}`))
      .filter((row) => row.reserved > 0)
      .map((row) => row.warehouse + row.item),
  );
  const lots: Awaited<ReturnType<typeof listLots>>["items"] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listLots>> = await listLots(
      manager(hand, city, `supplies lots ${hand.minute} ${lots.length}`),
      { limit: pageMax, ...(cursor ? { cursor } : {}) },
    );
    lots.push(...page.items.filter((lot) => lot.onHand > 0 && !promised.has(lot.warehouse + lot.item)));
    cursor = page.next;
  } while (cursor !== null);
  for (const warehouse of [...new Set(lots.map((lot) => lot.warehouse))].toSorted()) {
    await countStock(manager(hand, city, `supplies count ${warehouse}`), {
      warehouse,
      lines: lots
        .filter((lot) => lot.warehouse === warehouse)
        .map((lot) => {
          const off = hand.chance(
            section.countDiffers.value,
            "countDiffers",
            `${warehouse} ${lot.item} ${lot.batch} ${hand.minute}`,
          );
          const counted = lot.onHand - (off ? Math.ceil(lot.onHand / countOffPart) : 0);
          return {
            item: lot.item,
            batch: lot.batch,
            counted,
            ...(off ? { reason: "破损或漏记 / damaged or not booked" } : {}),
          };
        }),
    });
    hand.count("storesCounted");
  }
}

/** The stores and those who carry: they keep their hours from the first positive on. */
export function suppliesActor(section: SuppliesSection): DrillActor {
  /** Work of one hour of the day; before the first positive the stores only stand there. */
  const daily = (kind: string, time: string, work: (hand: Hand) => Promise<void>) =>
    [
      `${kind}.${time}`,
      async (hand: Hand) => {
        hand.at(hand.nextClock(time), `${kind}.${time}`, time);
        if (hand.memory.firstPositiveMinute !== null) await work(hand);
      },
    ] as const;
  const weekly = async (hand: Hand) => {
    const days = Math.floor((hand.minute - (hand.memory.firstPositiveMinute ?? 0)) / (24 * 60));
    if (days % countEveryDays === countEveryDays - 1) await count(hand, section);
  };
  const { villages, vans, ...items } = deliveryItems(section);
  const hourly = [
    daily("supplies.discard", hours.discard, discard),
    daily("supplies.gifts", hours.gifts, (hand) => gifts(hand, section)),
    daily("supplies.villages", hours.villages, villages),
    daily("supplies.vans", hours.vans, vans),
    daily("supplies.use", hours.use, use),
    daily("supplies.count", hours.count, weekly),
    ...lookHours.map((time) => daily("supplies.look", time, (hand) => look(hand, section))),
  ];
  return {
    name: "supplies",
    items: {
      ...Object.fromEntries(hourly),
      "supplies.bought": (hand, item) => bought(hand, item.data as { item: string; quantity: number }),
      ...requestItems(section, (hand, item, quantity) => buy(hand, section, item, quantity)),
      ...items,
    },
    begin(hand) {
      for (const [kind] of hourly) {
        const time = kind.slice(-5);
        hand.at(hand.nextClock(time), kind, time);
      }
    },
  };
}
