import { notePositive, type Outbreak } from "#modules/outbreaks";
import { personCards } from "#modules/people";
import { createTasks, type NewTask } from "#modules/tasks";
import { dueAt, type Provenance } from "#domain/outbreaks";
import { need } from "#kernel/assert";
import type { Tx } from "#platform/context";
import type { CaseSource, ControlStatus, PreliminaryData } from "./cases.model.ts";
import { inCommunity, provenanceOf, type FoundFacts } from "./cases.rules.ts";
import { areaControlAt, controlAt, insertPreliminary, type NewCase } from "./cases.store.ts";
import { settleTube } from "./settle.service.ts";
import { lockTube, markPositive, undecidedTubesOf } from "./tubes.store.ts";

/** From a positive person to a preliminary positive, whatever the source. */

/** Where people live; those who are not registered are left out. */
export async function areasOf(tx: Tx, personIds: readonly number[]): Promise<Map<number, string>> {
  const cards = await personCards(tx, personIds);
  return new Map(cards.map((card) => [card.id, card.areaCode]));
}

/** A positive person, from whatever source. */
export interface Found {
  readonly personIds: readonly number[];
  readonly purpose: FoundFacts["purpose"];
  readonly signalTubeId: number | null;
  readonly tubeId: number | null;
  readonly ctN: number | null;
  readonly ctOrf: number | null;
  readonly sampledAt: string;
  readonly signalAt: string | null;
  readonly positiveAt: string;
  readonly onsetAt?: string;
  /** Set when a person decided it; else computed from purpose and control. */
  readonly provenance?: Provenance;
  readonly source?: CaseSource;
}

const controlledPlaces: ReadonlySet<ControlStatus> = new Set(["central", "hospital"]);

/** Makes people preliminary positives; those who are cases already are left alone. Returns the new case ids. spec: CASE-2, CASE-7 */
export async function foundPositive(tx: Tx, outbreak: Outbreak, found: Found): Promise<string[]> {
  const areas = await areasOf(tx, found.personIds);
  const people = found.personIds.filter((id) => areas.has(id)).toSorted((a, b) => a - b);
  const controls = await controlAt(tx, people, found.sampledAt);
  const zones = await areaControlAt(tx, [...new Set(areas.values())], found.sampledAt);
  const { protocol } = outbreak;
  const rows = people.map((personId): NewCase => {
    const areaCode = need(areas.get(personId), "people without an area were left out");
    const control = controls.get(personId) ?? "none";
    const provenance =
      found.provenance ?? provenanceOf({ purpose: found.purpose, control, zone: zones.get(areaCode) ?? "none" });
    return {
      id: tx.newId(),
      outbreakId: outbreak.id,
      personId,
      areaCode,
      provenance,
      inCommunity: inCommunity(protocol, provenance),
      source: found.source ?? "tube",
      signalTubeId: found.signalTubeId,
      tubeId: found.tubeId,
      ctN: found.ctN,
      ctOrf: found.ctOrf,
      sampledAt: found.sampledAt,
      signalAt: found.signalAt,
      positiveAt: found.positiveAt,
      onsetAt: found.onsetAt ?? null,
      preliminaryDueAt: dueAt(protocol, "reportPreliminary", found.positiveAt) ?? null,
      controlAt: controlledPlaces.has(control) ? found.positiveAt : null,
      protocolVersion: protocol.version,
    };
  });
  const stored = await insertPreliminary(tx, rows);
  const fresh = rows.filter((row) => stored.has(row.id));
  await notePositive(tx, { outbreakId: outbreak.id, at: found.signalAt ?? found.positiveAt });
  await createTasks(
    tx,
    fresh
      .filter((row) => row.preliminaryDueAt !== null)
      .map((row) => reportTask("reportPreliminary", row, row.preliminaryDueAt ?? tx.now)),
  );
  for (const row of fresh) {
    const data: PreliminaryData = {
      caseId: row.id,
      personId: row.personId,
      positiveAt: row.positiveAt,
      sampledAt: row.sampledAt,
      provenance: row.provenance,
      inCommunity: row.inCommunity,
    };
    await tx.emit({
      name: "cases.preliminary",
      outbreakId: outbreak.id,
      areaCode: row.areaCode,
      subjectType: "case",
      subjectId: row.id,
      data,
    });
  }
  await settleOthers(tx, outbreak, people, found.signalTubeId);
  return fresh.map((row) => row.id);
}

/** The task of a deadline that a case starts. */
export function reportTask(
  kind: "reportPreliminary" | "reportStatutory" | "correctRecord",
  row: { id: string; outbreakId: string; areaCode: string },
  due: string,
): NewTask {
  return {
    outbreakId: row.outbreakId,
    kind,
    ownerTeam: "cdc",
    areaCode: row.areaCode,
    subjectType: "case",
    subjectId: row.id,
    dueAt: due,
  };
}

/** A proved infection answers for its person in every other tube that still waited for them. */
async function settleOthers(
  tx: Tx,
  outbreak: Outbreak,
  people: readonly number[],
  signalTubeId: number | null,
): Promise<void> {
  const tubes = await undecidedTubesOf(tx, people);
  await markPositive(tx, people);
  for (const tubeId of tubes) {
    if (tubeId === signalTubeId) continue;
    const stored = await lockTube(tx, tubeId);
    if (stored?.state === "open") await settleTube(tx, outbreak, stored);
  }
}
