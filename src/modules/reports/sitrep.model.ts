import type { Day, Instant } from "#kernel/time";
import type { FrozenFigure } from "./figures.model.ts";

/**
 * A situation report as data, frozen with its briefing: both languages are rendered from it, now
 * and years later. It holds counts and places, never a person.
 */

/** A text in both languages. */
export interface Both {
  readonly "zh-CN": string;
  readonly en: string;
}
export type ReportLanguage = keyof Both;

export interface SitrepCount {
  readonly confirmed: number;
  readonly asymptomatic: number;
}

export interface SitrepDay {
  readonly day: Day;
  readonly byReport: SitrepCount;
  readonly bySampling: SitrepCount;
  /** New infections by where they were found. */
  readonly byProvenance: Readonly<Record<string, number>>;
  /** What really happened, in a drill of a real outbreak. */
  readonly real?: SitrepCount;
}

/** A measure or turning point drawn on the curve. */
export interface SitrepMark {
  readonly day: Day;
  readonly label: Both;
}

export interface SitrepClock {
  readonly arrow: string;
  readonly ruleId: string;
  readonly n: number;
  readonly medianMin: number | null;
  readonly p90Min: number | null;
  readonly targetMin: number | null;
  readonly inTimeShare: number | null;
  readonly lateOpen: number;
}

export interface SitrepRound {
  readonly no: number;
  readonly areaName: Both;
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
  readonly due: number;
  readonly sampled: number;
  readonly excused: number;
  readonly resulted: number;
  readonly positive: number;
}

export interface SitrepZone {
  readonly name: string;
  readonly areaName: Both;
  readonly level: string;
  readonly since: Instant;
  readonly cleanDays: number;
}

export interface SitrepPlaces {
  readonly sites: number;
  readonly beds: number;
  readonly inUse: number;
  readonly free: number;
}

export interface SitrepLate {
  readonly team: string;
  readonly areaName: Both;
  readonly count: number;
  readonly oldestDueAt: Instant;
}

/** What was decided, who does it and until when. */
export interface SitrepStep {
  readonly text: Both;
  readonly team: string;
  readonly dueAt: Instant;
}

export interface SitrepDocument {
  readonly number: number;
  readonly slot: string;
  readonly issuedAt: Instant;
  readonly cutoffAt: Instant;
  readonly reconciled: boolean;
  readonly outbreak: {
    readonly name: Both;
    readonly areaName: Both;
    readonly drill: boolean;
    readonly phase: Both;
    readonly responseLevel: string;
    readonly timeZone: string;
    readonly protocol: Both;
    readonly protocolVersion: string;
    readonly firstPositiveAt: Instant | null;
    /** Names of where infections are found, from the protocol. */
    readonly provenances: Readonly<Record<string, Both>>;
    readonly controlledProvenances: readonly string[];
  };
  readonly counties: readonly { readonly code: string; readonly name: Both }[];
  readonly figures: readonly FrozenFigure[];
  readonly curve: readonly SitrepDay[];
  readonly marks: readonly SitrepMark[];
  readonly measures: readonly Both[];
  readonly tests: { readonly sampled: number; readonly resulted: number };
  readonly rounds: readonly SitrepRound[];
  readonly clocks: readonly SitrepClock[];
  readonly central: SitrepPlaces;
  readonly fangcang: SitrepPlaces;
  readonly hospital: SitrepPlaces;
  readonly zones: readonly SitrepZone[];
  readonly late: { readonly total: number; readonly rows: readonly SitrepLate[] };
  readonly steps: readonly SitrepStep[];
}
