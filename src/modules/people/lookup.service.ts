import type { Tx } from "#platform/context";
import { normalId } from "./identity.rules.ts";
import { idKinds, type PersonCard } from "./people.model.ts";
import { idsByHashes } from "./lookup.store.ts";
import { personCards } from "./people.service.ts";

const foundMax = 20;

/**
 * The people of a full identity number or phone, each look audited; trusts its caller to have asked for the
 * permission and the purpose. A part of a number finds nobody.
 */
export async function peopleByKey(tx: Tx, key: string): Promise<PersonCard[]> {
  const { secrets } = tx.services;
  const identities = idKinds.map((kind) => secrets.lookupHash(`${kind}:${normalId(kind, key)}`));
  const ids = await idsByHashes(tx, identities, secrets.lookupHash(key), foundMax);
  const cards = await personCards(tx, ids);
  for (const { id, areaCode } of cards)
    await tx.audit({ action: "people.read", subjectType: "person", subjectId: String(id), areaCode });
  return cards;
}
