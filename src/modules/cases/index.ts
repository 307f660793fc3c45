import type { Tx } from "#platform/context";
import type { CaseFacts } from "./cases.model.ts";
import { casesByRef, casesById, casesOfOutbreak, casesOfPersons, chainFacts, type ChainFacts } from "./cases.store.ts";
import { findTube, holdsOfTube, type StoredTube } from "./tubes.store.ts";

export type { ChainFacts };
export { module } from "./cases.module.ts";
export {
  caseDelays,
  caseFigures,
  caseIdsOf,
  caseSpan,
  casesByCounty,
  findsByDay,
  patientFacts,
  tubeFigures,
} from "./cases.figures.ts";
export type {
  CaseDetail,
  CaseFacts,
  CaseRow,
  CaseTotals,
  Curve,
  DiagnosedData,
  ExcludedData,
  HeldData,
  ImportedData,
  Outcome,
  OutcomeData,
  PreliminaryData,
  ReclassifiedData,
  ControlStatus,
} from "./cases.model.ts";
export {
  casePerson,
  diagnoseCase,
  excludeCase,
  getCase,
  linkInfector,
  reclassifyCase,
  recordOutcome,
  registerCase,
  reportPreliminary,
  reportStatutory,
  setInfector,
  setOutcome,
} from "./cases.service.ts";
export { personControls, setAreaControl, setPersonControl } from "./control.service.ts";
export {
  caseCurve,
  caseTotals,
  curve,
  delays,
  listCases,
  listPositiveTubes,
  maskedName,
  positiveTube,
} from "./figures.service.ts";
export { readImportFiles, type ImportFiles } from "./imports.files.ts";
export { importCases, importCasesFromFile } from "./imports.service.ts";
export { firstRowLine, readMapping, readRows, reportOf } from "./imports.source.ts";
export { registerCasesBulk } from "./loads.service.ts";
export type { BulkCase } from "./loads.store.ts";
export { casesNumbered } from "./lookup.store.ts";
export { linkMany } from "./imports.store.ts";
export { heldAmong } from "./tubes.store.ts";
export { foundPositive } from "./positives.service.ts";

/** What is known of these cases, in the order of their ids. */
export async function caseFacts(tx: Tx, ids: readonly string[]): Promise<CaseFacts[]> {
  return casesById(tx, ids);
}

/** The cases among these people in an outbreak, excluded ones left out. */
export async function casesAmong(tx: Tx, outbreakId: string, personIds: readonly number[]): Promise<CaseFacts[]> {
  return casesOfPersons(tx, outbreakId, personIds);
}

/** The cases that came in under these names of another register. */
export async function casesNamed(tx: Tx, outbreakId: string, refs: readonly string[]): Promise<CaseFacts[]> {
  return casesByRef(tx, outbreakId, refs);
}

const casesMax = 50_000;

/** Every case of an outbreak in an area by the moment it was found, excluded ones left out. */
export async function allCases(tx: Tx, outbreakId: string, areaCode: string): Promise<CaseFacts[]> {
  return casesOfOutbreak(tx, outbreakId, areaCode, casesMax);
}

/** The cases of an area as the picture of chains needs them, by the moment they were found. */
export async function chainCases(tx: Tx, outbreakId: string, areaCode: string): Promise<ChainFacts[]> {
  return chainFacts(tx, outbreakId, areaCode, casesMax);
}

/** Everybody whose sample was in a positive tube, ascending. */
export async function tubeMates(tx: Tx, tubeId: number): Promise<number[]> {
  return (await holdsOfTube(tx, tubeId)).map((hold) => hold.personId);
}

/** A positive tube with the members whom no re-check has cleared. */
export interface SuspectTube extends StoredTube {
  readonly suspects: readonly number[];
}

/** A positive tube of the reader's area and who of it may still be infected; undefined where there is none. */
export async function suspectTube(tx: Tx, tubeId: number): Promise<SuspectTube | undefined> {
  const tube = await findTube(tx, tubeId);
  if (!tube) return undefined;
  const holds = await holdsOfTube(tx, tubeId);
  const suspects = holds.filter((hold) => hold.outcome !== "negative").map((hold) => hold.personId);
  return { ...tube, suspects: tube.state === "cleared" ? [] : suspects };
}
