import Type, { type Static } from "typebox";
import {
  type CaseState,
  caseStates,
  Moment,
  nullable,
  oneOf,
  type Provenance,
  provenances,
  sorts,
} from "#domain/outbreaks";

const MomentInput = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$" });
const Id = Type.String({ format: "uuid" });
const Reason = Type.String({ minLength: 2, maxLength: 1_000 });
const Facts = Type.Record(Type.String({ maxLength: 60 }), Type.Boolean(), { maxProperties: 100 });
const Area = Type.String({ maxLength: 20 });

/** How a person is kept; isolation and zones report it. */
export const controlStatuses = [
  "none",
  "home",
  "homeMonitor",
  "central",
  "hospital",
  "closedLoop",
  "highZone",
  "mediumZone",
] as const;
export type ControlStatus = (typeof controlStatuses)[number];

export const outcomes = ["inCare", "recovered", "died"] as const;
export type Outcome = (typeof outcomes)[number];

export const caseSources = ["tube", "clinic", "notice", "import"] as const;
export type CaseSource = (typeof caseSources)[number];

/** A case as lists show it; nobody is named here. */
export const CaseRow = Type.Object({
  id: Type.String(),
  /** The published name, such as "Confirmed case 1"; null while the case is only a preliminary positive. */
  number: nullable(Type.String()),
  classNumber: nullable(Type.Integer()),
  areaCode: Type.String(),
  areaName: nullable(Type.String()),
  state: oneOf(caseStates),
  severity: nullable(Type.String()),
  ruleId: nullable(Type.String()),
  provenance: oneOf(provenances),
  inCommunity: Type.Boolean(),
  source: oneOf(caseSources),
  tubeId: nullable(Type.Integer()),
  signalTubeId: nullable(Type.Integer()),
  sampledAt: nullable(Moment),
  signalAt: nullable(Moment),
  positiveAt: Moment,
  onsetAt: nullable(Moment),
  diagnosedAt: nullable(Moment),
  reportDueAt: nullable(Moment),
  reportedAt: nullable(Moment),
  preliminaryDueAt: nullable(Moment),
  preliminaryReportedAt: nullable(Moment),
  controlAt: nullable(Moment),
  outcome: nullable(oneOf(outcomes)),
  outcomeAt: nullable(Moment),
  infectorCaseId: nullable(Type.String()),
  protocolVersion: Type.String(),
});
export type CaseRow = Static<typeof CaseRow>;

export const CasePage = Type.Object({ items: Type.Array(CaseRow), next: nullable(Type.String()) });

export const Reclassification = Type.Object({
  at: Moment,
  from: oneOf(caseStates),
  to: oneOf(caseStates),
  fromNumber: nullable(Type.Integer()),
  toNumber: nullable(Type.Integer()),
  ruleId: Type.String(),
  reason: nullable(Type.String()),
});
export type Reclassification = Static<typeof Reclassification>;

export const CaseDetail = Type.Object({
  ...CaseRow.properties,
  age: nullable(Type.Integer()),
  cluster: nullable(Type.String()),
  facts: Type.Record(Type.String(), Type.Boolean()),
  ctN: nullable(Type.Number()),
  ctOrf: nullable(Type.Number()),
  quarantinedAt: nullable(Moment),
  admittedAt: nullable(Moment),
  excludedReason: nullable(Type.String()),
  reclassifications: Type.Array(Reclassification),
});
export type CaseDetail = Static<typeof CaseDetail>;

export const CaseQuery = Type.Object({
  areaCode: Type.Optional(Area),
  state: Type.Optional(oneOf(caseStates)),
  provenance: Type.Optional(oneOf(provenances)),
  /** By the first positive result; by itself the latest first. */
  sort: sorts("positive"),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type CaseQuery = Static<typeof CaseQuery>;

/** The person behind a case; only with a reason, which the audit keeps. */
export const CasePerson = Type.Object({
  caseId: Type.String(),
  personId: Type.Integer(),
  name: Type.String(),
  sex: Type.String(),
  birthDate: nullable(Type.String()),
  areaCode: Type.String(),
});
export type CasePerson = Static<typeof CasePerson>;

/** A positive found outside the tubes: a patient, or a notice from another region. */
export const RegisterCase = Type.Object({
  personId: Type.Integer({ minimum: 1 }),
  provenance: oneOf(provenances),
  source: oneOf(["clinic", "notice"] as const),
  sampledAt: Type.Optional(MomentInput),
  positiveAt: Type.Optional(MomentInput),
  onsetAt: Type.Optional(MomentInput),
});
export type RegisterCase = Static<typeof RegisterCase>;

export const Diagnose = Type.Object({
  /** Facts by the protocol's own ids; those not named count as absent. */
  facts: Facts,
  onsetAt: Type.Optional(MomentInput),
  severity: Type.Optional(Type.String({ maxLength: 60 })),
  ctN: Type.Optional(Type.Number({ minimum: 0, maximum: 60 })),
  ctOrf: Type.Optional(Type.Number({ minimum: 0, maximum: 60 })),
});
export type Diagnose = Static<typeof Diagnose> & { readonly caseId: string };

export const Reclassify = Type.Object({
  to: oneOf(["suspect", "confirmed", "asymptomatic"] as const),
  facts: Facts,
  reason: Reason,
  onsetAt: Type.Optional(MomentInput),
  severity: Type.Optional(Type.String({ maxLength: 60 })),
});
export type Reclassify = Static<typeof Reclassify> & { readonly caseId: string };

export const ExcludeCase = Type.Object({ reason: Reason });
export type ExcludeCase = Static<typeof ExcludeCase> & { readonly caseId: string };

export const RecordOutcome = Type.Object({
  outcome: oneOf(outcomes),
  at: Type.Optional(MomentInput),
});
export type RecordOutcome = Static<typeof RecordOutcome> & { readonly caseId: string };

export const LinkInfector = Type.Object({ infectorCaseId: nullable(Id) });
export type LinkInfector = Static<typeof LinkInfector> & { readonly caseId: string };

export const CurveDay = Type.Object({
  day: Type.String(),
  byReport: Type.Object({ confirmed: Type.Integer(), asymptomatic: Type.Integer() }),
  bySampling: Type.Object({ confirmed: Type.Integer(), asymptomatic: Type.Integer() }),
  byProvenance: Type.Record(Type.String(), Type.Integer()),
  community: Type.Integer(),
  /** Asymptomatic infections that became confirmed on the day; not new infections. */
  turned: Type.Integer(),
});
export type CurveDay = Static<typeof CurveDay>;
export const Curve = Type.Object({ days: Type.Array(CurveDay) });
export type Curve = Static<typeof Curve>;

export const delayMoments = [
  "onset",
  "sampled",
  "positive",
  "diagnosed",
  "reported",
  "quarantined",
  "admitted",
  "control",
  "outcome",
] as const;
export type DelayMoment = (typeof delayMoments)[number];
export const DelayQuery = Type.Object({
  from: oneOf(delayMoments),
  to: oneOf(delayMoments),
  areaCode: Type.Optional(Area),
});
export type DelayQuery = Static<typeof DelayQuery>;
export const Delay = Type.Object({
  n: Type.Integer(),
  meanDays: nullable(Type.Number()),
  medianDays: nullable(Type.Number()),
  p90Days: nullable(Type.Number()),
  negative: Type.Integer({ description: "how many ended before they began" }),
});
export type Delay = Static<typeof Delay>;

export const CaseTotals = Type.Object({
  confirmed: Type.Integer(),
  asymptomatic: Type.Integer(),
  preliminary: Type.Integer(),
  suspect: Type.Integer(),
  inCare: Type.Integer(),
  recovered: Type.Integer(),
  died: Type.Integer(),
  held: Type.Integer(),
  positiveTubesOpen: Type.Integer(),
});
export type CaseTotals = Static<typeof CaseTotals>;

/** What other modules need to know of a case. */
export interface CaseFacts {
  readonly id: string;
  readonly outbreakId: string;
  readonly personId: number;
  readonly areaCode: string;
  readonly state: CaseState;
  readonly number: number | null;
  readonly titleZh: string | null;
  readonly titleEn: string | null;
  readonly provenance: Provenance;
  readonly inCommunity: boolean;
  readonly source: CaseSource;
  readonly ref: string | null;
  readonly signalTubeId: number | null;
  readonly tubeId: number | null;
  readonly sampledAt: string | null;
  readonly signalAt: string | null;
  readonly positiveAt: string;
  readonly onsetAt: string | null;
  readonly diagnosedAt: string | null;
  readonly quarantinedAt: string | null;
  readonly controlAt: string | null;
  readonly outcome: Outcome | null;
  readonly infectorCaseId: string | null;
}

/** Data of `cases.held` (told again when people must be sampled once more) and `cases.holdLifted`. */
export interface HeldData {
  readonly tubeId: number;
  readonly personIds: readonly number[];
  /** The door-sampling squad must go; false while the laboratory runs the same tube again. */
  readonly resample: boolean;
}
/** Data of `cases.preliminary`. */
export interface PreliminaryData {
  readonly caseId: string;
  readonly personId: number;
  readonly positiveAt: string;
  readonly sampledAt: string | null;
  readonly provenance: Provenance;
  readonly inCommunity: boolean;
}
/** Data of `cases.diagnosed`. */
export interface DiagnosedData {
  readonly caseId: string;
  readonly personId: number;
  readonly state: "suspect" | "confirmed" | "asymptomatic";
  /** What the record was before: preliminary, or suspect. */
  readonly from: CaseState;
  readonly provenance: Provenance;
  readonly inCommunity: boolean;
}
/** Data of `cases.reclassified`. */
export interface ReclassifiedData {
  readonly caseId: string;
  readonly personId: number;
  readonly from: CaseState;
  readonly to: CaseState;
}
/** Data of `cases.excluded`. */
export interface ExcludedData {
  readonly caseId: string;
  readonly personId: number;
  readonly from: CaseState;
}
/** Data of `cases.outcome`. */
export interface OutcomeData {
  readonly caseId: string;
  readonly personId: number;
  readonly outcome: Outcome;
  readonly at: string;
}
/** Data of `cases.imported`: one event for a whole list. */
export interface ImportedData {
  readonly register: string;
  readonly count: number;
}
