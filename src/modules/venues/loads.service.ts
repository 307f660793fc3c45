import type { Tx } from "#platform/context";
import { beginVisitLoad, copyVenues, endVisitLoad, loadVisitRows } from "./loads.store.ts";
import { breathe } from "#platform/turns";
import { beginSeal, endSeal, loadPersonSegments, loadVenueSegments } from "./seals.store.ts";
import type { VisitColumns } from "./segment.rules.ts";
import { byPerson, byVenue } from "./sort.rules.ts";
import type { BulkVenue } from "./venues.model.ts";

/** A whole city at once, for tools: nobody else writes to these days meanwhile. */

/** Loads many invented venues with numbers of the caller's choosing; returns how many. */
export async function registerVenuesBulk(tx: Tx, venues: Iterable<BulkVenue>): Promise<number> {
  return copyVenues(tx, venues);
}

/** How a day is loaded: as the rows of a day that goes on, or packed at once as a day that is over. */
export type DayForm = "rows" | "packed";

/** Begins a day; what an earlier beginning loaded is dropped. */
export async function beginDay(tx: Tx, day: string, form: DayForm): Promise<void> {
  await (form === "rows" ? beginVisitLoad(tx, day) : beginSeal(tx, day));
}

/**
 * Adds visits of a day in order of nothing; returns how many they are, each counted once. All visits of a person and all
 * of a venue on a day come in one call. spec: VEN-2, VEN-8
 */
export async function addToDay(tx: Tx, day: string, form: DayForm, visits: VisitColumns): Promise<number> {
  const sorted = await byVenue(visits, breathe);
  if (form === "rows") await loadVisitRows(tx, day, sorted);
  else {
    await loadVenueSegments(tx, day, sorted);
    await loadPersonSegments(tx, day, await byPerson(sorted, breathe));
  }
  return sorted.count;
}

/** Ends a day of so many visits: from now on it is read; returns its bytes. */
export async function endDay(tx: Tx, day: string, form: DayForm, visits: number): Promise<number> {
  return form === "rows" ? endVisitLoad(tx, day) : endSeal(tx, day, visits);
}
