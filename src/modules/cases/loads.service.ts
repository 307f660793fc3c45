import { currentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import { caseTitle, inCommunity } from "./cases.rules.ts";
import { takeNumbers } from "./cases.store.ts";
import { insertCases, type BulkCase } from "./loads.store.ts";

/**
 * Stores many invented cases of the current outbreak at once, as they stand after diagnosis and report; it starts no
 * clock and tells nobody. Their numbers are the caller's, from 1 on in each class without a gap.
 */
export async function registerCasesBulk(tx: Tx, cases: readonly BulkCase[]): Promise<void> {
  const { id, protocol } = await currentOutbreak(tx);
  const rows = cases.map((record) => {
    const title = caseTitle(protocol, record.state, record.number);
    return {
      ...record,
      titleZh: title.zh,
      titleEn: title.en,
      inCommunity: inCommunity(protocol, record.provenance),
    };
  });
  await insertCases(tx, id, protocol.version, rows);
  for (const state of ["confirmed", "asymptomatic"] as const) {
    const count = cases.filter((record) => record.state === state).length;
    if (count > 0) await takeNumbers(tx, id, state, count);
  }
}
