import { caseDelays } from "#modules/cases";
import type { DelayRow, DelayScope, Outbreak } from "#modules/outbreaks";
import { screeningDelays } from "#modules/screening";
import { tracingDelays } from "#modules/tracing";
import { zoneDelays } from "#modules/zones";
import type { Instant } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { LoopClock } from "./board.model.ts";
import { arrowTargets, loopClock } from "./command.rules.ts";

/**
 * Every clock of the loop in an area, on what started since a moment (null = since the first
 * positive): number finished, median and 90th percentile in minutes, share in time, late and open. spec: CMD-6
 */
export async function loopClocks(
  tx: Tx,
  outbreak: Outbreak,
  input: { readonly areaCode: string; readonly since: Instant | null },
): Promise<LoopClock[]> {
  const targets = arrowTargets(outbreak.protocol);
  const scope: DelayScope = {
    outbreakId: outbreak.id,
    areaCode: input.areaCode,
    since: input.since,
    targets: Object.fromEntries(targets.flatMap((row) => (row.targetMin === null ? [] : [[row.arrow, row.targetMin]]))),
  };
  const rows = new Map<string, DelayRow>();
  for (const measured of [screeningDelays, caseDelays, tracingDelays, zoneDelays])
    for (const row of await measured(tx, scope)) rows.set(row.arrow, row);
  return targets.map((target) => loopClock(target, rows.get(target.arrow)));
}
