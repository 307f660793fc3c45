import { currentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import { insertExposures, type NewExposure } from "./contacts.store.ts";
import {
  insertManyContacts,
  insertManyInvestigations,
  type BulkContact,
  type BulkInvestigation,
} from "./loads.store.ts";

/** Stores many invented contacts of the current outbreak with the meetings that made them contacts; it tells nobody. */
export async function registerContactsBulk(
  tx: Tx,
  input: { readonly contacts: readonly BulkContact[]; readonly exposures: readonly NewExposure[] },
): Promise<void> {
  const { id, protocolVersion } = await currentOutbreak(tx);
  await insertExposures(tx, id, protocolVersion, input.exposures);
  await insertManyContacts(tx, id, input.contacts);
}

/** Stores the investigations of many invented cases, each as far as it has come; it starts no task. */
export async function registerInvestigationsBulk(tx: Tx, rows: readonly BulkInvestigation[]): Promise<void> {
  await insertManyInvestigations(tx, (await currentOutbreak(tx)).id, rows);
}
