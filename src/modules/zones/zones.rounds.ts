import type { Day } from "#kernel/time";
import { addMinutes, dayOf, instantAt } from "#kernel/time";
import type { Outbreak } from "#modules/outbreaks";
import { villageRounds } from "#modules/screening";
import type { Tx } from "#platform/context";
import type { ZoneRound } from "./zones.rules.ts";

/** The area rounds over a zone's village since a day, as the lifting rule reads them; a venue takes its village's. */
export async function roundsInZone(tx: Tx, outbreak: Outbreak, areaCode: string, since: Day): Promise<ZoneRound[]> {
  const from = instantAt(since, "00:00", outbreak.timeZone);
  const rounds = await villageRounds(tx, [areaCode], from, addMinutes(tx.now, 1));
  return rounds.map((round) => ({
    day: dayOf(round.openedAt, outbreak.timeZone),
    due: round.due,
    complete: round.complete,
    positive: round.positive,
  }));
}
