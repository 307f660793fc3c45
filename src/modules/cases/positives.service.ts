import { currentOutbreak, notePositive, type Outbreak } from "#modules/outbreaks";
import { personCards } from "#modules/people";
import { completeTasks, createTasks, type NewTask } from "#modules/tasks";
import { dueAt, type Provenance } from "#domain/outbreaks";
import type { ResultedTube, TubePositive } from "#domain/screening";
import { need } from "#kernel/assert";
import { minutesBetween } from "#kernel/time";
import type { Tx } from "#platform/context";
import type { CaseSource, ControlStatus, HeldData, PreliminaryData } from "./cases.model.ts";
import { inCommunity, onPositive, provenanceOf, recheckVerdict, tubeVerdict, type FoundFacts } from "./cases.rules.ts";
import { areaControlAt, casesOfPersons, controlAt, insertPreliminary, type NewCase } from "./cases.store.ts";
import {
  holdsOfTube,
  insertHolds,
  insertTube,
  liftHolds,
  lockTube,
  markPositive,
  recordRecheck,
  undecidedTubesOf,
  type StoredTube,
} from "./tubes.store.ts";

/** From a tube's result to holds, re-checks and preliminary positives; runs in the laboratory's transaction. */

/** The area of a tube as its members give it: the village where most of them live. */
function mainArea(codes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  const sorted = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return need(sorted[0], "a positive tube has a member")[0];
}

async function areasOf(tx: Tx, personIds: readonly number[]): Promise<Map<number, string>> {
  const cards = await personCards(tx, personIds);
  return new Map(cards.map((card) => [card.id, card.areaCode]));
}

/** Reaction to `screening.tubePositive`. spec: CASE-1, CASE-2 */
export async function onTubePositive(tx: Tx, tube: TubePositive): Promise<void> {
  // A re-check's meaning for its hold is settled with the batch of results; see onResults.
  if (tube.recheckOf !== null) return;
  const outbreak = await currentOutbreak(tx);
  const single = onPositive(tube.personIds.length) === "preliminary";
  if (!(await holdMembers(tx, outbreak, { ...tube, cause: "positive", resample: !single }))) return;
  // The one member of a tube is a preliminary positive at once.
  if (single)
    await foundPositive(tx, outbreak, {
      personIds: tube.personIds,
      purpose: tube.purpose,
      signalTubeId: tube.tubeId,
      tubeId: tube.tubeId,
      ctN: tube.ctN,
      ctOrf: tube.ctOrf,
      sampledAt: tube.collectedAt,
      signalAt: tube.resultedAt,
      positiveAt: tube.resultedAt,
    });
  await settleTube(tx, outbreak, need(await lockTube(tx, tube.tubeId), "the tube was stored above"));
}

type HeldTube = Pick<
  TubePositive,
  "tubeId" | "barcode" | "kind" | "purpose" | "roundId" | "personIds" | "ctN" | "ctOrf" | "collectedAt" | "resultedAt"
> & {
  readonly labId?: string;
  readonly cause: "positive" | "unclear";
  /** False while the laboratory tests the same tube again, and for a tube of one. */
  readonly resample: boolean;
};

/** Holds every member of a tube at once; false when that was done before. spec: CASE-1 (I3) */
async function holdMembers(tx: Tx, outbreak: Outbreak, tube: HeldTube): Promise<boolean> {
  const areas = await areasOf(tx, tube.personIds);
  const members = tube.personIds.filter((id) => areas.has(id));
  if (members.length === 0) return false;
  const areaOf = (id: number): string => need(areas.get(id), "members without an area were left out");
  const areaCode = mainArea(members.map(areaOf));
  const known = new Set((await casesOfPersons(tx, outbreak.id, members)).map((row) => row.personId));
  const inserted = await insertTube(tx, {
    tubeId: tube.tubeId,
    outbreakId: outbreak.id,
    areaCode,
    barcode: tube.barcode,
    kind: tube.kind,
    purpose: tube.purpose,
    roundId: tube.roundId,
    cause: tube.cause,
    size: tube.personIds.length,
    ctN: tube.ctN,
    ctOrf: tube.ctOrf,
    labId: tube.labId ?? null,
    collectedAt: tube.collectedAt,
    resultedAt: tube.resultedAt,
    recheckDueAt: dueAt(outbreak.protocol, "recheck", tube.resultedAt) ?? null,
  });
  if (!inserted) return false;
  await insertHolds(
    tx,
    { tubeId: tube.tubeId, outbreakId: outbreak.id, collectedAt: tube.collectedAt },
    members.map((personId) => ({ personId, areaCode: areaOf(personId), knownCase: known.has(personId) })),
  );
  if (tube.cause === "positive") await notePositive(tx, { outbreakId: outbreak.id, at: tube.resultedAt });
  // Known cases are cared for already: nobody comes to sample them again.
  const waiting = members.filter((id) => !known.has(id));
  if (waiting.length === 0) return true;
  if (tube.resample) await createTasks(tx, recheckTasks(outbreak, tube, areaCode, waiting, areas));
  const data: HeldData = { tubeId: tube.tubeId, personIds: waiting };
  await tx.emit({
    name: "cases.held",
    outbreakId: outbreak.id,
    areaCode,
    subjectType: "tube",
    subjectId: String(tube.tubeId),
    data,
  });
  return true;
}

/** The emergency sampling squad, each community and each county's police are told at the same moment. spec: CASE-1 */
function recheckTasks(
  outbreak: Outbreak,
  tube: HeldTube,
  areaCode: string,
  members: readonly number[],
  areas: ReadonlyMap<number, string>,
): NewTask[] {
  const due = dueAt(outbreak.protocol, "recheck", tube.resultedAt) ?? tube.resultedAt;
  const told = dueAt(outbreak.protocol, "reportPreliminary", tube.resultedAt) ?? due;
  const count = (length: number): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const id of members) {
      const code = need(areas.get(id), "members have an area").slice(0, length);
      counts.set(code, (counts.get(code) ?? 0) + 1);
    }
    return new Map([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  };
  const task = (kind: string, team: NewTask["ownerTeam"], area: string, dueTime: string, people: number): NewTask => ({
    outbreakId: outbreak.id,
    kind,
    ownerTeam: team,
    areaCode: area,
    subjectType: "tube",
    subjectId: String(tube.tubeId),
    params: { barcode: tube.barcode, count: people },
    dueAt: dueTime,
  });
  return [
    task("doorSampling", "doorSampling", areaCode, due, members.length),
    ...[...count(villageDigits)].map(([code, people]) => task("notifyGrid", "grid", code, told, people)),
    ...[...count(countyDigits)].map(([code, people]) => task("notifyPolice", "police", code, told, people)),
  ];
}

const villageDigits = 12;
const countyDigits = 6;

/** Reaction to `screening.resultsRecorded`: re-checks, and tubes whose result is unclear. */
export async function onResults(tx: Tx, tubes: readonly ResultedTube[]): Promise<void> {
  const outbreak = await currentOutbreak(tx);
  const touched = new Set<number>();
  for (const tube of tubes) {
    if (tube.recheckOf === null) await onOwnResult(tx, outbreak, tube);
    else {
      await onRecheck(tx, outbreak, tube, tube.recheckOf);
      touched.add(tube.recheckOf);
    }
  }
  // Tubes are settled once, after all answers of the batch are in.
  for (const tubeId of touched) {
    const stored = await lockTube(tx, tubeId);
    if (stored?.state === "open") await settleTube(tx, outbreak, stored);
  }
}

async function onOwnResult(tx: Tx, outbreak: Outbreak, tube: ResultedTube): Promise<void> {
  if (tube.result === "positive") return;
  const stored = await lockTube(tx, tube.tubeId);
  if (tube.result === "negative") {
    // The laboratory's second run of an unclear tube cleared everybody in it.
    if (stored?.state === "open") await closeTube(tx, outbreak, stored, "cleared");
    return;
  }
  if (!outbreak.protocol.pooling?.positive.holdOnUnclear) return;
  // spec: CASE-10 (domain.md §2.3): unclear counts as positive while people wait.
  if (stored === undefined) {
    if (await holdMembers(tx, outbreak, { ...tube, cause: "unclear", resample: tube.step === "resample" }))
      await settleTube(tx, outbreak, need(await lockTube(tx, tube.tubeId), "the tube was stored above"));
  } else if (tube.step === "resample" && stored.state === "open")
    await askAgain(tx, outbreak, stored, tube.personIds.length);
}

async function askAgain(tx: Tx, outbreak: Outbreak, tube: StoredTube, count: number): Promise<void> {
  await createTasks(tx, [
    {
      outbreakId: outbreak.id,
      kind: "doorSampling",
      ownerTeam: "doorSampling",
      areaCode: tube.areaCode,
      subjectType: "tube",
      subjectId: String(tube.tubeId),
      params: { barcode: tube.barcode, count },
      dueAt: dueAt(outbreak.protocol, "recheck", tx.now) ?? tx.now,
    },
  ]);
}

async function onRecheck(tx: Tx, outbreak: Outbreak, tube: ResultedTube, original: number): Promise<void> {
  const stored = await lockTube(tx, original);
  const needed = outbreak.protocol.pooling?.positive.recheckTubes ?? 1;
  const holds = new Map((await holdsOfTube(tx, original)).map((hold) => [hold.personId, hold]));
  for (const personId of tube.personIds) {
    const verdict = recheckVerdict(holds.get(personId)?.negatives ?? 0, needed, tube.result);
    await recordRecheck(tx, {
      tubeId: original,
      personId,
      recheckTubeId: tube.tubeId,
      result: tube.result,
      at: tube.resultedAt,
      outcome: verdict === "positive" ? "positive" : verdict === "cleared" ? "negative" : null,
    });
    if (verdict === "positive") await foundByRecheck(tx, outbreak, tube, stored, personId);
    else if (verdict === "again" && stored?.state === "open" && tube.step !== "retest" && tube.result !== "negative")
      await askAgain(tx, outbreak, stored, 1);
  }
}

async function foundByRecheck(
  tx: Tx,
  outbreak: Outbreak,
  tube: ResultedTube,
  original: StoredTube | undefined,
  personId: number,
): Promise<void> {
  await foundPositive(tx, outbreak, {
    personIds: [personId],
    purpose: (original?.purpose ?? tube.purpose) as FoundFacts["purpose"],
    signalTubeId: original?.tubeId ?? tube.tubeId,
    tubeId: tube.tubeId,
    ctN: tube.ctN,
    ctOrf: tube.ctOrf,
    // The infection was caught when the first tube was taken; the re-check proves whose it was.
    sampledAt: original?.collectedAt ?? tube.collectedAt,
    signalAt: original?.resultedAt ?? tube.resultedAt,
    positiveAt: tube.resultedAt,
  });
}

/** Ends the holds of a tube once every member has an answer. spec: CASE-4 (I3) */
async function settleTube(tx: Tx, outbreak: Outbreak, tube: StoredTube): Promise<void> {
  const verdict = tubeVerdict(await holdsOfTube(tx, tube.tubeId));
  if (verdict !== "open") await closeTube(tx, outbreak, tube, verdict);
}

async function closeTube(
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
  const data: HeldData = { tubeId: tube.tubeId, personIds: freed };
  await tx.emit({
    name: "cases.holdLifted",
    outbreakId: outbreak.id,
    areaCode: tube.areaCode,
    subjectType: "tube",
    subjectId: String(tube.tubeId),
    data,
  });
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
