import { breathe } from "#platform/turns";
import { addHours, dayOf } from "#kernel/time";
import { findCurrentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import {
  beginSeal,
  closeDay,
  closedDays,
  dayColumns,
  endSeal,
  loadPersonSegments,
  loadVenueSegments,
  openDays,
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
const daysClosedMax = 40;
/** Yesterday is packed when phones that were offline overnight have sent what they had (assumed). */
const openHours = 6;

/** The first day that visits may still arrive in as a matter of course. */
async function firstOpenDay(tx: Tx): Promise<string> {
  const outbreak = await findCurrentOutbreak(tx);
  return dayOf(addHours(tx.now, -openHours), outbreak?.timeZone ?? "UTC");
}

/** How the steps of packing are done: inside the transaction, or each in one of its own. */
type Step = <T>(tx: Tx, work: (tx: Tx) => Promise<T>) => Promise<T>;

const inside: Step = (tx, work) => work(tx);

/**
 * Where Citus spreads the visits, tables that the database's owner makes can be filled by the application only once they
 * are committed, and put in their place only once they are filled (citusdata/citus#1898).
 */
const apart: Step = (tx, work) => tx.db.transaction((sql) => work({ ...tx, sql }));

/** Packs a closed day, with what came late to it if it was packed before. */
async function pack(tx: Tx, day: string, step: Step): Promise<Sealed> {
  await step(tx, (own) => beginSeal(own, day));
  const visits = await step(tx, async (own) => {
    const sorted = await byVenue(await dayColumns(own, day), breathe);
    await loadVenueSegments(own, day, sorted);
    await loadPersonSegments(own, day, await byPerson(sorted, breathe));
    return sorted.count;
  });
  return { day, visits, bytes: await endSeal(tx, day, visits) };
}

/** Closes a day that is over and packs it, in one transaction: for tools; the duties do it in several. spec: VEN-8 */
export async function sealDay(tx: Tx, day: string): Promise<Sealed> {
  await closeDay(tx, day);
  return pack(tx, day, inside);
}

/**
 * Closes the days that are over. A transaction of its own, because nobody can send or read visits until it ends.
 * spec: VEN-8
 */
export async function closeOverDays(tx: Tx): Promise<void> {
  for (const day of await openDays(tx, await firstOpenDay(tx), daysClosedMax)) await closeDay(tx, day);
}

/** Packs the oldest day that is closed. spec: VEN-8 */
export async function sealClosedDays(tx: Tx): Promise<void> {
  for (const day of await closedDays(tx, await firstOpenDay(tx), daysPerDuty)) await pack(tx, day, apart);
}
