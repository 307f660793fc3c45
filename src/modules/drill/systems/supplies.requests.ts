import { addHours } from "#kernel/time";
import {
  allocateRequest,
  askSupplies,
  decideRequest,
  dispatchRequest,
  getRequest,
  receiveRequest,
  settleRequest,
} from "#modules/supplies";
import type { DrillActor, Hand } from "../hand.ts";
import { memoryOf, stockOf, storeOf, type SuppliesSection } from "./supplies.section.ts";

/** A request on its way through the hands of both ends. */
interface Asked {
  readonly id: string;
  readonly county: string;
  readonly source: string;
  readonly lines: readonly { readonly item: string; readonly quantity: number }[];
}

type Buy = (hand: Hand, item: string, quantity: number) => void;

const neighbourHours = 24;
/** A box of a load is a twentieth of it. */
const boxShare = 20;

const manager = (hand: Hand, areaCode: string, command: string) => hand.ctx("suppliesManager", areaCode, command);

function orderOver(hand: Hand, asked: Asked): void {
  const memory = memoryOf(hand);
  const over = new Set(asked.lines.map((line) => `${asked.county} ${line.item}`));
  memory.onOrder = memory.onOrder.filter((key) => !over.has(key));
}

/** Grants what the source has free; the city sends for the rest, and with nothing at all a neighbour is asked. */
async function answer(hand: Hand, no: string, asked: Asked, section: SuppliesSection, buy: Buy): Promise<void> {
  const stock = (await stockOf(hand, `answer ${no}`)).filter((row) => row.warehouse === storeOf(asked.source));
  const granted = asked.lines.map((line) => {
    const row = stock.find((each) => each.item === line.item);
    return { item: line.item, quantity: Math.min(line.quantity, row ? row.free : 0) };
  });
  const whole = granted.every((line, i) => line.quantity === asked.lines[i]?.quantity);
  const none = granted.every((line) => line.quantity === 0);
  if (asked.source === hand.scenario.areaCode)
    asked.lines.forEach((line, i) => buy(hand, line.item, line.quantity - (granted[i]?.quantity ?? 0)));
  await decideRequest(manager(hand, asked.source, `supplies decide ${no}`), {
    id: asked.id,
    lines: granted,
    ...(whole ? {} : { decision: none ? "无库存 / none free" : "按现有库存核减 / what there is" }),
  });
  hand.count(none ? "supplyRequestsRefused" : whole ? "supplyRequestsGranted" : "supplyRequestsCut");
  if (none) {
    orderOver(hand, asked);
    if (asked.source === hand.scenario.areaCode) await askNeighbour(hand, no, asked, section);
    return;
  }
  await allocateRequest(manager(hand, asked.source, `supplies allocate ${no}`), {
    id: asked.id,
    warehouse: storeOf(asked.source),
  });
  hand.after(hand.delay(section.loading, "supplyLoading", no), "supplies.leave", no, asked);
}

/** A mutual transfer: the county with the longest stock of the first thing wanted is asked for a share of it. */
async function askNeighbour(hand: Hand, no: string, asked: Asked, section: SuppliesSection): Promise<void> {
  const [first] = asked.lines;
  if (!first) return;
  const helpers = (await stockOf(hand, `neighbour ${no}`))
    .filter(
      (row) => row.item === first.item && row.areaCode !== asked.county && row.areaCode !== hand.scenario.areaCode,
    )
    .filter((row) => row.state !== "short" && row.free > 1)
    .toSorted((a, b) => b.free - a.free || (a.warehouse < b.warehouse ? -1 : 1));
  const [helper] = helpers;
  if (!helper) return;
  const quantity = Math.min(first.quantity, Math.floor(helper.free / 2));
  const lines = [{ item: first.item, quantity }];
  const number = `${no}-HZ`;
  const request = await askSupplies(manager(hand, asked.county, `supplies ask ${number}`), {
    warehouse: storeOf(asked.county),
    sourceAreaCode: helper.areaCode,
    no: number,
    neededBy: addHours(hand.now, neighbourHours),
    reason: "兄弟县区互助 / mutual transfer",
    lines,
  });
  memoryOf(hand).onOrder.push(`${asked.county} ${first.item}`);
  hand.count("supplyRequests");
  hand.count("mutualTransfers");
  const next: Asked = { id: request.id, county: asked.county, source: helper.areaCode, lines };
  hand.after(hand.delay(section.answer, "supplyAnswer", number), "supplies.answer", number, next);
}

async function leave(hand: Hand, no: string, asked: Asked, section: SuppliesSection): Promise<void> {
  await dispatchRequest(manager(hand, asked.source, `supplies dispatch ${no}`), { id: asked.id, vehicle: `车-${no}` });
  const onRoad = hand.delay(section.road, "supplyRoad", no) + hand.delay(section.unloading, "supplyUnloading", no);
  hand.after(onRoad, "supplies.arrive", no, asked);
}

async function arrive(hand: Hand, no: string, asked: Asked, section: SuppliesSection): Promise<void> {
  const differs = hand.chance(section.loadDiffers.value, "loadDiffers", no);
  const { allocations } = await getRequest(manager(hand, asked.county, `supplies load ${no}`), { id: asked.id });
  const first = allocations[0];
  const differences =
    differs && first
      ? [
          {
            allocationId: first.id,
            received: first.quantity - Math.ceil(first.quantity / boxShare),
            reason: "一箱受潮 / one box wet",
          },
        ]
      : [];
  await receiveRequest(manager(hand, asked.county, `supplies receive ${no}`), { id: asked.id, differences });
  orderOver(hand, asked);
  hand.count("loadsReceived");
  if (differences.length === 0) return;
  hand.count("loadsDiffering");
  hand.after(hand.delay(section.settling, "supplySettling", no), "supplies.settle", no, asked);
}

/** What happens to a request from its answer to its end. */
export function requestItems(section: SuppliesSection, buy: Buy): DrillActor["items"] {
  return {
    "supplies.answer": (hand, item) => answer(hand, item.key, item.data as Asked, section, buy),
    "supplies.leave": (hand, item) => leave(hand, item.key, item.data as Asked, section),
    "supplies.arrive": (hand, item) => arrive(hand, item.key, item.data as Asked, section),
    "supplies.settle": async (hand, item) => {
      const { id, source } = item.data as Asked;
      await settleRequest(manager(hand, source, `supplies settle ${item.key}`), {
        id,
        settlement: "承运方赔付，已补账 / the carrier pays",
      });
    },
  };
}
