import type { Outbreak } from "#modules/outbreaks";
import { completeTasks } from "#modules/tasks";
import { minutesBetween } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { HeldData } from "./cases.model.ts";
import { tubeVerdict } from "./cases.rules.ts";
import { holdsOfTube, liftHolds, type StoredTube } from "./tubes.store.ts";

/** The end of a positive tube: when its members may go, and who is told. */

/** Ends the holds of a tube once every member has an answer. spec: CASE-4 (I3) */
export async function settleTube(tx: Tx, outbreak: Outbreak, tube: StoredTube): Promise<void> {
  const verdict = tubeVerdict(await holdsOfTube(tx, tube.tubeId));
  if (verdict !== "open") await closeTube(tx, outbreak, tube, verdict);
}

/** Ends every hold of a tube, closes its tasks and says who is free. */
export async function closeTube(
  tx: Tx,
  outbreak: Outbreak,
  tube: StoredTube,
  verdict: "cleared" | "confirmed",
): Promise<void> {
  const holds = await holdsOfTube(tx, tube.tubeId);
  await liftHolds(tx, tube.tubeId, verdict);
  const minutes = Math.round(minutesBetween(tube.resultedAt, tx.now));
  await completeTasks(tx, {
    subjectType: "tube",
    subjectIds: [String(tube.tubeId)],
    evidence: { note: `re-check ${verdict} after ${minutes} min / 复核完成` },
  });
  const freed = holds
    .filter((hold) => hold.outcome !== "positive" && hold.outcome !== "knownCase")
    .map((hold) => hold.personId);
  // Told even when nobody is freed: the tube itself is settled, and figures follow it.
  const data: HeldData = { tubeId: tube.tubeId, personIds: freed, resample: false };
  await tx.emit({
    name: "cases.holdLifted",
    outbreakId: outbreak.id,
    areaCode: tube.areaCode,
    subjectType: "tube",
    subjectId: String(tube.tubeId),
    data,
  });
}
