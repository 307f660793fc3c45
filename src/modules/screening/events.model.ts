import type { DifferenceCause } from "./reconcile.model.ts";
import type { Purpose, TubeKind, TubeResult } from "./screening.model.ts";

/** The data of this module's events, for the modules that react to them. */

export interface RoundOpened {
  readonly roundId: string;
  readonly no: number;
  readonly kind: Purpose;
  readonly due: number;
}

export interface RoundClosed {
  readonly roundId: string;
  readonly no: number;
  readonly kind: Purpose;
  readonly communityPositives: number;
}

/** `screening.tubePositive`: once a positive tube of any purpose. */
export interface TubePositive {
  readonly tubeId: number;
  readonly barcode: string;
  readonly kind: TubeKind;
  readonly purpose: Purpose;
  readonly recheckOf: number | null;
  readonly roundId: string;
  readonly size: number;
  /** Ascending. */
  readonly personIds: readonly number[];
  readonly ctN: number | null;
  readonly ctOrf: number | null;
  readonly collectedAt: string;
  readonly resultedAt: string;
  readonly labId: string;
}

/**
 * What the laboratory said. An unclear tube is `retest` the first time and `resample` the second, when its
 * members stop being sampled; until a clear result they count as positive.
 */
export interface ResultedTube {
  readonly tubeId: number;
  readonly barcode: string;
  readonly kind: TubeKind;
  readonly purpose: Purpose;
  readonly recheckOf: number | null;
  readonly roundId: string;
  readonly result: TubeResult;
  readonly step: "final" | "retest" | "resample";
  readonly personIds: readonly number[];
  readonly ctN: number | null;
  readonly ctOrf: number | null;
  readonly collectedAt: string;
  readonly resultedAt: string;
}

/** `screening.resultsRecorded`: every tube that is not an area negative, in the order of barcodes. */
export interface ResultsRecorded {
  readonly tubes: readonly ResultedTube[];
}

export interface SampleMoved {
  readonly fromTubeId: number;
  readonly toTubeId: number;
}

export interface TubesEnded {
  readonly tubeIds: readonly number[];
  readonly people: number;
}

export interface BoxesMoved {
  readonly boxes: number;
  readonly tubes: number;
  readonly people: number;
}

/** `screening.coverageDiffers`: a recount found counters that are not what the rows count. */
export interface CoverageDiffers {
  readonly roundId: string;
  readonly no: number;
  /** Villages compared, those that differ, and the counters that do. */
  readonly villages: number;
  readonly differing: number;
  readonly differences: number;
  readonly causes: Readonly<Partial<Record<DifferenceCause, number>>>;
}

/** `screening.coverageSetRight`: counters were set to what the rows count. */
export interface CoverageSetRight {
  readonly roundId: string;
  readonly villages: number;
  readonly differences: number;
  readonly causes: Readonly<Partial<Record<DifferenceCause, number>>>;
}
