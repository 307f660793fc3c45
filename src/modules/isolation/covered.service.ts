import { personCards } from "#modules/people";
import { maskedName } from "#domain/people";
import type { Tx } from "#platform/context";

/** Names of people, covered but for their first character; who lives where the reader may not look has a star. */
export async function coveredNames(tx: Tx, personIds: readonly number[]): Promise<(personId: number) => string> {
  const cards = await personCards(tx, personIds);
  const names = new Map(cards.map((card) => [card.id, maskedName(card.name)]));
  return (personId) => names.get(personId) ?? "*";
}
