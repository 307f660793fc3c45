import { areaNames } from "#modules/areas";
import { personCards } from "#modules/people";
import type { Tx } from "#platform/context";

/** Names for the rows of a page, from the modules that own them. */

/** Area names by code, in the reader's language. */
export async function areaNamesOf(tx: Tx, codes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return codes.length === 0 ? new Map() : areaNames(tx, [...new Set(codes)]);
}

/** People's names by id; the use case that asks is audited as a personal read. */
export async function personNamesOf(tx: Tx, ids: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map();
  return new Map((await personCards(tx, ids)).map((card) => [card.id, card.name]));
}
