import { ProblemError } from "#kernel/errors";
import type { Tx } from "#platform/context";
import { useCase } from "#platform/usecase";
import { labOrNone } from "./boxes.service.ts";
import type { ResultedTube, ResultsRecorded, TubePositive } from "./events.model.ts";
import { enterBulk } from "./rounds.store.ts";
import {
  type BadRow,
  type ReportAnswer,
  type ReportResults,
  resultTubesMax,
  type TubeReport,
} from "./screening.model.ts";
import { resultStep } from "./screening.rules.ts";
import { stageNeeded } from "./tubes.service.ts";
import {
  endTubes,
  lockTubes,
  membersOf,
  storeResults,
  storeUnclear,
  type StoredResult,
  type TubeRow,
} from "./tubes.store.ts";

/** What a laboratory reports, from counters to the events the modules above act on. */

interface Decided {
  readonly row: TubeRow;
  readonly report: TubeReport;
  readonly step: "final" | "retest" | "resample";
}

/** Stores a laboratory's results, up to 5,000 tubes: area negatives in one statement, each positive with its event. spec: NAT-POS, NAT-UNCLEAR, SCR-12 */
export const reportResults = useCase(
  { name: "screening.reportResults", permission: "screening.lab.write", kind: "write" },
  async (tx, input: ReportResults): Promise<ReportAnswer> => {
    if (input.results.length > resultTubesMax) throw new ProblemError("limit.exceeded", { limit: resultTubesMax });
    const lab = await labOrNone(tx, input.labId);
    await enterBulk(tx, "byKey");
    const tubes = await lockTubes(
      tx,
      input.results.map((row) => row.barcode),
    );
    const { decided, already, bad } = decide(input, tubes);
    const of = (step: Decided["step"]): Decided[] => decided.filter((row) => row.step === step);
    const final = of("final");
    const retest = of("retest");
    const resample = of("resample");
    const telling = decided.filter(isTold).toSorted((a, b) => (a.row.barcode < b.row.barcode ? -1 : 1));
    const members =
      telling.length === 0
        ? new Map<number, number[]>()
        : await membersOf(
            tx,
            telling.map((row) => row.row.id),
          );
    if (final.length > 0) await storeResults(tx, lab.id, final.map(storedOf));
    if (retest.length > 0) await storeUnclear(tx, lab.id, retest.map(storedOf));
    if (resample.length > 0) await resampleTubes(tx, lab.id, resample);
    await tellResults(tx, lab, telling, members);
    const positive = final.filter((row) => row.report.result === "positive").length;
    return {
      negative: final.length - positive,
      positive,
      retest: retest.length,
      resample: resample.length,
      already,
      bad,
    };
  },
);

function decide(
  input: ReportResults,
  tubes: ReadonlyMap<string, TubeRow>,
): { decided: Decided[]; already: number; bad: BadRow[] } {
  const out = { decided: [] as Decided[], already: 0, bad: [] as BadRow[] };
  const seen = new Set<string>();
  for (const report of input.results) {
    const row = tubes.get(report.barcode);
    if (!row || seen.has(report.barcode)) {
      out.bad.push({ barcode: report.barcode, field: "barcode", code: row ? "duplicateTube" : "unknownTube" });
      continue;
    }
    seen.add(report.barcode);
    const step = resultStep(row, report, input.labId);
    if (step.step === "bad") out.bad.push({ barcode: report.barcode, field: step.field, code: step.code });
    else if (step.step === "already") out.already += 1;
    else out.decided.push({ row, report, step: step.step });
  }
  return out;
}

/** Area negatives only move counters; everything else is somebody's business. */
function isTold({ row, report }: Decided): boolean {
  return row.purpose !== "area" || report.result !== "negative" || row.unclear !== null;
}

function storedOf({ row, report }: Decided): StoredResult {
  return {
    id: row.id,
    result: report.result,
    ctN: report.ctN ?? null,
    ctOrf: report.ctOrf ?? null,
    stage: stageNeeded(row),
  };
}

async function resampleTubes(tx: Tx, labId: string, rows: readonly Decided[]): Promise<void> {
  await storeUnclear(tx, labId, rows.map(storedOf));
  await endTubes(
    tx,
    rows.map(({ row }) => ({ id: row.id, boxId: row.boxId, size: row.size, stage: "received" as const })),
    "rejected",
    "unclear twice",
  );
}

async function tellResults(
  tx: Tx,
  lab: { id: string; areaCode: string },
  rows: readonly Decided[],
  members: ReadonlyMap<number, readonly number[]>,
): Promise<void> {
  for (const { row, report, step } of rows) {
    if (step !== "final" || report.result !== "positive") continue;
    const data: TubePositive = {
      tubeId: row.id,
      barcode: row.barcode,
      kind: row.kind,
      purpose: row.purpose,
      recheckOf: row.recheckOf,
      roundId: row.roundId,
      size: row.size,
      personIds: members.get(row.id) ?? [],
      ctN: report.ctN ?? null,
      ctOrf: report.ctOrf ?? null,
      collectedAt: row.collectedAt,
      resultedAt: tx.now,
      labId: lab.id,
    };
    await tx.emit({
      name: "screening.tubePositive",
      outbreakId: row.outbreakId,
      areaCode: row.areaCode,
      subjectType: "tube",
      subjectId: String(row.id),
      data,
    });
  }
  const first = rows[0];
  if (!first) return;
  const tubes = rows.map(({ row, report, step }): ResultedTube => ({
    tubeId: row.id,
    barcode: row.barcode,
    kind: row.kind,
    purpose: row.purpose,
    recheckOf: row.recheckOf,
    roundId: row.roundId,
    result: report.result,
    step,
    personIds: members.get(row.id) ?? [],
    ctN: report.ctN ?? null,
    ctOrf: report.ctOrf ?? null,
    collectedAt: row.collectedAt,
    resultedAt: tx.now,
  }));
  const data: ResultsRecorded = { tubes };
  await tx.emit({
    name: "screening.resultsRecorded",
    outbreakId: first.row.outbreakId,
    areaCode: lab.areaCode,
    subjectType: "lab",
    subjectId: lab.id,
    data,
  });
}
