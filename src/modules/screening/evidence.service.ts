import type { Tx } from "#platform/context";
import {
  absentSampled,
  accountedFor,
  lostTraces,
  movedPeople,
  oddTubes,
  registeredUncounted,
  strayedSwabs,
  toldResults,
} from "./evidence.store.ts";
import type { StoredCounter } from "./reconcile.model.ts";
import {
  noCounts,
  noEvidence,
  withoutAccounted,
  type Evidence,
  type VillageCounts,
  type VillageEvidence,
} from "./reconcile.rules.ts";
import type { RoundRow } from "./rounds.store.ts";

/** Villages in which one of the counters differs. */
function withDifference(villages: readonly VillageCounts[], ...counters: readonly StoredCounter[]): string[] {
  return villages
    .filter(({ counted, kept }) => counters.some((counter) => counted[counter] !== (kept ?? noCounts)[counter]))
    .map((village) => village.areaCode);
}

/** Asks the rows for what may explain the counters that differ, and for nothing else. spec: SCR-20 */
export async function evidenceOf(tx: Tx, round: RoundRow, differing: readonly VillageCounts[]): Promise<Evidence> {
  const byVillage = new Map<string, VillageEvidence>();
  const add = ({ areaCode, ...more }: { readonly areaCode: string } & Partial<VillageEvidence>): void =>
    void byVillage.set(areaCode, { ...(byVillage.get(areaCode) ?? noEvidence), ...more });
  const due = withDifference(differing, "due");
  if (due.length > 0) {
    for (const row of await registeredUncounted(tx, round, due)) add(row);
    for (const row of await movedPeople(tx, round.id, due)) add(row);
  }
  const excused = withDifference(differing, "excused");
  if (excused.length > 0) for (const row of await absentSampled(tx, round.id, excused)) add(row);
  let missing = 0;
  if (withDifference(differing, "atSite", "inTransit", "received", "resulted").length > 0) {
    for (const row of await strayedSwabs(tx, round.id)) add(row);
    for (const { areaCode, stage, short, over } of await oddTubes(tx, round.id)) {
      if (areaCode === null) missing = short;
      else {
        const own = byVillage.get(areaCode) ?? noEvidence;
        add({ areaCode, short: { ...own.short, [stage]: short }, over: { ...own.over, [stage]: over } });
      }
    }
  }
  if (withDifference(differing, "positive").length > 0) for (const row of await toldResults(tx, round)) add(row);
  const traces =
    withDifference(differing, "lost").length > 0 ? await lostTraces(tx, round.id) : { tracesGone: 0, tracesAdded: 0 };
  return withoutAccounted({ byVillage, round: { missing, ...traces } }, await accountedFor(tx, round.id));
}
