import { addHours, dayOf } from "#kernel/time";
import { findCurrentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import {
  beginSeal,
  breathe,
  closeDay,
  dayColumns,
  endSeal,
  loadPersonSegments,
  loadVenueSegments,
  unsealedDays,
} from "./seals.store.ts";
import { byPerson, byVenue } from "./sort.rules.ts";

/** What a packed day holds and takes. */
export interface Sealed {
  readonly day: string;
  readonly visits: number;
  /** With the indexes, in both directions. */
  readonly bytes: number;
}

/** One day a duty: a day is packed in well under the hour until the next one. */
const daysPerDuty = 1;
/** Yesterday is packed when phones that were offline overnight have sent what they had (assumed). */
const openHours = 6;

/** Packs a day that is over, with what came late to it if it was packed before. spec: VEN-8 */
export async function sealDay(tx: Tx, day: string): Promise<Sealed> {
  await closeDay(tx, day);
  const sorted = await byVenue(await dayColumns(tx, day), breathe);
  await beginSeal(tx, day);
  await loadVenueSegments(tx, day, sorted);
  await loadPersonSegments(tx, day, await byPerson(sorted, breathe));
  return { day, visits: sorted.count, bytes: await endSeal(tx, day, sorted.count) };
}

/** Packs the oldest day that is over and not yet packed. spec: VEN-8 */
export async function sealClosedDays(tx: Tx): Promise<void> {
  const outbreak = await findCurrentOutbreak(tx);
  const zone = outbreak?.timeZone ?? "UTC";
  const open = dayOf(addHours(tx.now, -openHours), zone);
  for (const day of await unsealedDays(tx, open, daysPerDuty)) await sealDay(tx, day);
}
