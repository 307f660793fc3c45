import type { Tx } from "#platform/context";
import {
  controlAt,
  markControlled,
  upsertAreaControl,
  upsertControl,
  type AreaControlRow,
  type ControlRow,
} from "./cases.store.ts";

/** Reports from later modules on how people and villages are kept; they decide where an infection was found. */

const designated: ReadonlySet<string> = new Set(["central", "hospital"]);

/** Notes how people are kept from a moment on (isolation calls it); a case that reaches a designated place is under control. */
export async function setPersonControl(tx: Tx, rows: readonly ControlRow[]): Promise<void> {
  if (rows.length === 0) return;
  await upsertControl(tx, rows);
  const arrived = rows.filter((row) => designated.has(row.status));
  if (arrived.length > 0) await markControlled(tx, arrived);
}

/** Notes the level of whole units from a moment on (zones calls it). */
export async function setAreaControl(tx: Tx, rows: readonly AreaControlRow[]): Promise<void> {
  if (rows.length > 0) await upsertAreaControl(tx, rows);
}

/** How each person is kept now; those never reported are not in the map. */
export async function personControls(tx: Tx, personIds: readonly number[]) {
  return controlAt(tx, personIds, tx.now);
}
