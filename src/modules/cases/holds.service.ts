import { currentOutbreak, findCurrentOutbreak, notePositive, type Outbreak } from "#modules/outbreaks";
import { createTasks, type NewTask } from "#modules/tasks";
import { dueAt } from "#domain/outbreaks";
import type { ResultedTube, TubePositive } from "#domain/screening";
import { need } from "#kernel/assert";
import type { Tx } from "#platform/context";
import type { HeldData } from "./cases.model.ts";
import { onPositive, recheckVerdict, type FoundFacts } from "./cases.rules.ts";
import { casesOfPersons } from "./cases.store.ts";
import { areasOf, foundPositive } from "./positives.service.ts";
import { closeTube, settleTube } from "./settle.service.ts";
import {
  clearedSince,
  holdsOfTube,
  holdsTakenBefore,
  insertHolds,
  insertTube,
  lateTubes,
  lockTube,
  recordRecheck,
  setAskAgain,
  type StoredTube,
} from "./tubes.store.ts";

/** From a tube's result to holds and re-checks; runs in the laboratory's transaction. */

/** The area of a tube as its members give it: the village where most of them live. */
function mainArea(codes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  const sorted = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return need(sorted[0], "a positive tube has a member")[0];
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
  const answered = tube.personIds.length === 1 ? new Set<number>() : await clearedSince(tx, members, tube.collectedAt);
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
    members.map((personId) => ({
      personId,
      areaCode: areaOf(personId),
      outcome: known.has(personId) ? "knownCase" : answered.has(personId) ? "negative" : null,
    })),
  );
  if (tube.cause === "positive") await notePositive(tx, { outbreakId: outbreak.id, at: tube.resultedAt });
  // Known cases are cared for already, and a single tube taken since has answered: nobody comes to sample them again.
  const waiting = members.filter((id) => !known.has(id) && !answered.has(id));
  if (waiting.length === 0) return true;
  if (tube.resample) await createTasks(tx, recheckTasks(outbreak, tube, areaCode, waiting, areas));
  // The one member of a positive tube goes straight to a case; nobody waits for a re-check.
  if (tube.cause === "positive" && tube.personIds.length === 1) return true;
  const data: HeldData = { tubeId: tube.tubeId, personIds: waiting, resample: tube.resample };
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
      for (const tubeId of await onRecheck(tx, outbreak, tube, tube.recheckOf)) touched.add(tubeId);
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
  } else if (tube.step === "resample" && stored.state === "open") await askAgain(tx, outbreak, stored, tube.personIds);
}

/** The squad comes once more: after a second unclear run, or when a single tube was unclear, lost or never taken. */
async function askAgain(tx: Tx, outbreak: Outbreak, tube: StoredTube, personIds: readonly number[]): Promise<void> {
  const due = dueAt(outbreak.protocol, "recheck", tx.now) ?? null;
  await setAskAgain(tx, tube.tubeId, due);
  const data: HeldData = { tubeId: tube.tubeId, personIds, resample: true };
  await tx.emit({
    name: "cases.held",
    outbreakId: outbreak.id,
    areaCode: tube.areaCode,
    subjectType: "tube",
    subjectId: String(tube.tubeId),
    data,
  });
  await createTasks(tx, [
    {
      outbreakId: outbreak.id,
      kind: "doorSampling",
      ownerTeam: "doorSampling",
      areaCode: tube.areaCode,
      subjectType: "tube",
      subjectId: String(tube.tubeId),
      params: { barcode: tube.barcode, count: personIds.length },
      dueAt: due ?? tx.now,
    },
  ]);
}

const lateTubesMax = 500;

/** Duty: people whose re-check is late and who still have no answer are sampled again; nobody is forgotten in a hold. */
export async function askLate(tx: Tx): Promise<void> {
  // spec: CASE-16
  const outbreak = await findCurrentOutbreak(tx);
  if (!outbreak) return;
  for (const tube of await lateTubes(tx, lateTubesMax)) {
    if (tube.outbreakId !== outbreak.id) continue;
    if (tube.waiting.length > 0) await askAgain(tx, outbreak, tube, tube.waiting);
    else await settleTube(tx, outbreak, tube);
  }
}

/** Notes the answers of one single tube; returns the positive tubes they count for. */
async function onRecheck(tx: Tx, outbreak: Outbreak, tube: ResultedTube, original: number): Promise<Set<number>> {
  const needed = outbreak.protocol.pooling?.positive.recheckTubes ?? 1;
  const touched = new Set([original]);
  for (const personId of tube.personIds) {
    // spec: CASE-3: a negative single tube answers for every pool that was taken before it.
    const others = tube.result === "negative" ? await holdsTakenBefore(tx, personId, tube.collectedAt) : [];
    for (const other of others) touched.add(other);
    for (const tubeId of new Set([original, ...others])) await note(tx, outbreak, tube, tubeId, personId, needed);
  }
  return touched;
}

async function note(
  tx: Tx,
  outbreak: Outbreak,
  tube: ResultedTube,
  tubeId: number,
  personId: number,
  needed: number,
): Promise<void> {
  const stored = await lockTube(tx, tubeId);
  const hold = (await holdsOfTube(tx, tubeId)).find((row) => row.personId === personId);
  const verdict = recheckVerdict(hold?.negatives ?? 0, needed, tube.result);
  const outcome = verdict === "positive" ? "positive" : verdict === "cleared" ? "negative" : null;
  await recordRecheck(tx, {
    tubeId,
    personId,
    recheckTubeId: tube.tubeId,
    result: tube.result,
    sampledAt: tube.collectedAt,
    at: tube.resultedAt,
    outcome,
  });
  if (verdict === "positive") await foundByRecheck(tx, outbreak, tube, stored, personId);
  else if (stored?.state === "open" && tube.step === "resample") await askAgain(tx, outbreak, stored, [personId]);
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
