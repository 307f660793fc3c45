import { findsByDay, patientFacts } from "#modules/cases";
import { currentOutbreak, findCurrentOutbreak, setPhase, type Outbreak } from "#modules/outbreaks";
import { openContacts } from "#modules/tracing";
import { zonesAboveLow } from "#modules/zones";
import type { Measured } from "#domain/outbreaks";
import { isWithin } from "#kernel/area";
import { dayOf } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { BoardPhase } from "./board.model.ts";
import type { PhaseReached } from "./command.model.ts";
import { criteriaOf, measure, phasesToEnter } from "./command.rules.ts";
import { insertPhaseEntry, lastMeasured, phaseEntries, upsertMeasured } from "./command.store.ts";

/** What the phases ask about, measured now, over all the reader may see. */
export async function measurePhases(tx: Tx, outbreak: Outbreak): Promise<Measured> {
  const scope = { outbreakId: outbreak.id, timeZone: outbreak.timeZone };
  const patients = await patientFacts(tx, scope);
  return measure(outbreak.protocol, {
    today: dayOf(tx.now, outbreak.timeZone),
    finds: await findsByDay(tx, scope),
    lastCaseDay: patients.lastCaseDay,
    zonesAboveLow: await zonesAboveLow(tx, outbreak.id),
    openContacts: await openContacts(tx, outbreak.id),
    patientsInCare: patients.inCare,
  });
}

/** Counts made now by who sees the whole outbreak; a county is given what was last counted for all. */
export async function measuredFor(tx: Tx, outbreak: Outbreak): Promise<Measured> {
  const seesAll = isWithin(outbreak.areaCode, tx.actor.areaCode);
  const kept = seesAll ? undefined : await lastMeasured(tx, outbreak.id);
  return kept ?? measurePhases(tx, outbreak);
}

/** The protocol's ladder: each phase with the moment it was entered and its conditions as they stand. */
export async function phaseLadder(tx: Tx, outbreak: Outbreak): Promise<BoardPhase[]> {
  const measured = await measuredFor(tx, outbreak);
  const entries = new Map((await phaseEntries(tx, outbreak.id)).map((row) => [row.phase, row]));
  return outbreak.protocol.phases.map(({ phase }, i) => {
    const entry = entries.get(phase);
    // What let a phase in stays on record; only the phases to come are measured now.
    const criteria = entry?.criteria ?? criteriaOf(outbreak.protocol, phase, measured);
    return {
      phase,
      enteredAt: entry?.enteredAt ?? (i === 0 ? outbreak.openedAt : null),
      criteria: criteria.map(({ id, met, value, target }) => ({ id, met, value, target })),
    };
  });
}

/**
 * Enters every phase whose conditions hold now, one after the other, and emits `command.phaseReached`
 * for each. Needs to see the whole outbreak; run by the clock. spec: CMD-1, CMD-2, SOC-ZERO
 */
export async function checkPhase(tx: Tx): Promise<string[]> {
  const outbreak = await findCurrentOutbreak(tx);
  if (outbreak === undefined) return [];
  const measured = await measurePhases(tx, outbreak);
  await upsertMeasured(tx, outbreak.id, measured);
  const phases = phasesToEnter(outbreak.protocol, outbreak.phase, measured);
  for (const phase of phases) {
    const criteria = criteriaOf(outbreak.protocol, phase, measured);
    await insertPhaseEntry(tx, { outbreakId: outbreak.id, phase, criteria, protocolVersion: outbreak.protocolVersion });
    await setPhase(tx, { outbreakId: outbreak.id, phase });
    const data: PhaseReached = { phase, at: tx.now };
    await tx.emit({
      name: "command.phaseReached",
      outbreakId: outbreak.id,
      areaCode: outbreak.areaCode,
      subjectType: "outbreak",
      subjectId: outbreak.id,
      data,
    });
  }
  return phases;
}

/** The ladder of the running outbreak. */
export async function currentLadder(tx: Tx): Promise<BoardPhase[]> {
  return phaseLadder(tx, await currentOutbreak(tx));
}
