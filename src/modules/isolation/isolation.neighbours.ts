import { caseFacts, setOutcome, setPersonControl, type ControlStatus } from "#modules/cases";
import { personCards } from "#modules/people";
import type { Tx } from "#platform/context";
import type { OrderMode } from "./isolation.model.ts";

/** What isolation needs of the modules below it, in one place. */

export interface PersonFacts {
  readonly personId: number;
  readonly areaCode: string;
  readonly householdId: number | null;
  readonly birthDate: string | null;
}

/** Where people live and how old they are; trusts its caller. */
export async function personFacts(tx: Tx, personIds: readonly number[]): Promise<Map<number, PersonFacts>> {
  const cards = await personCards(tx, personIds);
  return new Map(
    cards.map(({ id, areaCode, householdId, birthDate }) => [id, { personId: id, areaCode, householdId, birthDate }]),
  );
}

const controls: Readonly<Record<OrderMode, ControlStatus>> = {
  central: "central",
  home: "home",
  homeMonitor: "homeMonitor",
  fangcang: "hospital",
  hospital: "hospital",
};

/** The word by which the case register knows a mode. */
export function controlOf(mode: OrderMode): ControlStatus {
  return controls[mode];
}

/** Tells the case register how people are kept from now on; it decides where an infection was found. */
export async function reportControl(
  tx: Tx,
  rows: readonly { personId: number; areaCode: string; status: ControlStatus }[],
): Promise<void> {
  if (rows.length > 0)
    await setPersonControl(
      tx,
      rows.map((row) => ({ ...row, since: tx.now })),
    );
}

/** Which of these cases turned out to be none. */
export async function excludedAmong(tx: Tx, caseIds: readonly string[]): Promise<Set<string>> {
  if (caseIds.length === 0) return new Set();
  const facts = await caseFacts(tx, caseIds);
  return new Set(facts.flatMap((fact) => (fact.state === "excluded" ? [fact.id] : [])));
}

/** Writes "recovered" into the records of discharged cases. */
export async function recordRecovered(tx: Tx, caseIds: readonly string[]): Promise<void> {
  if (caseIds.length === 0) return;
  // Who was taken back after a first discharge has recovered already.
  const open = (await caseFacts(tx, caseIds)).filter((fact) => fact.outcome !== "recovered");
  for (const { id } of open) await setOutcome(tx, { caseId: id, outcome: "recovered" });
}
