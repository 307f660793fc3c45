import Type, { type Static } from "typebox";
import { listStock, type StockRow } from "#modules/supplies";
import type { Hand } from "../hand.ts";
import { Delay, Figure } from "../scenario.model.ts";
import { memoryFor } from "./system.ts";

/** What a scenario says about its supplies. */
export const SuppliesSection = Type.Object(
  {
    opening: Type.Array(
      Type.Object(
        {
          item: Type.String({ minLength: 1 }),
          perThousand: Figure,
          /** Days from the first day of the drill until the opening stock has expired; none where it does not spoil. */
          goodForDays: Type.Optional(Figure),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 100 },
    ),
    cityShare: Figure,
    purchase: Delay,
    answer: Delay,
    loading: Delay,
    road: Delay,
    unloading: Delay,
    settling: Delay,
    loadDiffers: Figure,
    countDiffers: Figure,
    notAtHome: Figure,
    donationsPerDay: Figure,
    /** Pieces of one gift, for the whole city. */
    donationSize: Figure,
    /** What gifts are made of, in turn. */
    donated: Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 20 }),
    villageAsks: Figure,
    /** What one household asks for, one of these lists. */
    villageNeeds: Type.Array(Type.Record(Type.String(), Type.Integer({ minimum: 1 })), { minItems: 1, maxItems: 20 }),
    villageNeedsWhy: Type.String({ minLength: 8 }),
    toTheDoor: Delay,
  },
  { additionalProperties: false },
);
export type SuppliesSection = Static<typeof SuppliesSection>;

/** The code of an area's store. */
export function storeOf(areaCode: string): string {
  return `CK-${areaCode}`;
}

/** What the stores remember between steps. */
interface SuppliesMemory {
  /** People sampled up to the last evening, by county. */
  sampled: Record<string, number>;
  /** What is asked for and not there yet, as "county item". */
  onOrder: string[];
  /** What the city's store has sent for. */
  bought: string[];
  gifts: number;
  /** Deliveries asked and not sent yet, by county. */
  waiting: Record<string, { readonly no: string; readonly id: string; readonly village: string }[]>;
}

/** The stores' part of the drill's memory, made at its first use. */
export function memoryOf(hand: Hand): SuppliesMemory {
  return memoryFor(hand, "supplies", () => ({ sampled: {}, onOrder: [], bought: [], gifts: 0, waiting: {} }));
}

const pageMax = 200;

/** What every store holds, sorted by store and item. */
export async function stockOf(hand: Hand, command: string): Promise<StockRow[]> {
  const rows: StockRow[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listStock>> = await listStock(
      hand.ctx("suppliesManager", hand.scenario.areaCode, `supplies stock ${command} ${rows.length}`),
      { limit: pageMax, ...(cursor ? { cursor } : {}) },
    );
    rows.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  const key = (row: StockRow) => `${row.warehouse} ${row.item}`;
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
