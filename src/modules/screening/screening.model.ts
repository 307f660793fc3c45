import Type, { type Static } from "typebox";
import { Moment, nullable, oneOf, page, sorts } from "#domain/outbreaks";
import { Reconciliation } from "./reconcile.model.ts";
import { AreaCode, Code, Count, Id, Note } from "./shapes.model.ts";

/** The shapes of the screening API; one source for types, validation, forms and the reference. */

export const purposes = ["area", "quarantine", "recheck", "sentinel", "keyGroup"] as const;
export type Purpose = (typeof purposes)[number];
export const tubeKinds = ["pool", "household", "single"] as const;
export type TubeKind = (typeof tubeKinds)[number];
export const tubeStates = ["open", "closed", "in_transit", "received", "resulted", "rejected", "lost"] as const;
export type TubeState = (typeof tubeStates)[number];
export const tubeResults = ["negative", "positive", "invalid", "grey"] as const;
export type TubeResult = (typeof tubeResults)[number];
export const absenceReasons = ["away", "infant", "quarantined", "refused"] as const;
export type AbsenceReason = (typeof absenceReasons)[number];
export const tubeSizes = [1, 5, 10, 20] as const;

/** At most this many people, tubes or results in one call: one site's evening, one lab's plate run. */
export const uploadPeopleMax = 5_000;
export const resultTubesMax = 5_000;
export const villagesMax = 6_000;
/** How far a device's clock may run ahead before its times are refused. */
export const clockSkewMinutesMax = 10;

export const OpenRound = Type.Object({
  areaCode: AreaCode,
  villages: Type.Optional(Type.Array(AreaCode, { minItems: 1, maxItems: villagesMax })),
  areaType: Type.Optional(Type.String({ maxLength: 40 })),
  /** People in one pool; the protocol's size for an area without zones when absent. */
  poolSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
  stage: Type.Optional(oneOf(["regular", "final"] as const)),
});
export type OpenRound = Static<typeof OpenRound>;

const standingPurposes = ["quarantine", "recheck", "sentinel", "keyGroup"] as const;
export type StandingPurpose = (typeof standingPurposes)[number];

/** The day's round of a purpose other than testing everybody, such as the re-checks at the door. */
export const StandingRound = Type.Object({ purpose: oneOf(standingPurposes), areaCode: AreaCode });
export type StandingRound = Static<typeof StandingRound>;

const counters = {
  due: Count,
  sampled: Count,
  excused: Count,
  atSite: Count,
  inTransit: Count,
  received: Count,
  resulted: Count,
  positive: Count,
  lost: Count,
};
const CountersShape = Type.Object(counters);
/** People of a round by stage; `positive` counts those whose tube is positive. */
export type Counters = Static<typeof CountersShape>;

export const Round = Type.Object({
  id: Type.String(),
  no: Type.Integer(),
  kind: oneOf(purposes),
  areaCode: Type.String(),
  areaName: nullable(Type.String()),
  areaType: Type.String(),
  stage: Type.String(),
  day: Type.String(),
  poolSize: Type.Integer(),
  state: oneOf(["open", "closed"] as const),
  openedAt: Moment,
  dueAt: nullable(Moment),
  closedAt: nullable(Moment),
  communityPositives: Count,
  ...counters,
});
export type Round = Static<typeof Round>;
export const RoundPage = page(Round);
export const RoundQuery = Type.Object({
  areaCode: Type.Optional(AreaCode),
  kind: Type.Optional(oneOf([...purposes, "all"] as const)),
  state: Type.Optional(oneOf(["open", "closed"] as const)),
  sort: sorts("opened", "due"),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type RoundQuery = Static<typeof RoundQuery>;

export const CoverageRow = Type.Object({
  areaCode: Type.String(),
  areaName: nullable(Type.String()),
  ...counters,
  /** Due, not sampled and without a reason: the list the grids work through. */
  notSampled: Count,
});
export type CoverageRow = Static<typeof CoverageRow>;
export const CoveragePage = page(CoverageRow);
export const CoverageQuery = Type.Object({
  areaCode: Type.Optional(AreaCode),
  level: Type.Optional(oneOf(["county", "town", "village"] as const)),
  /** By area, by how many are missing, or by the share of those due who are sampled or excused. */
  sort: sorts("area", "notSampled", "coverage"),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type CoverageQuery = Static<typeof CoverageQuery> & { readonly roundId: string };

export const RoundProgress = Type.Object({
  ...Round.properties,
  clock: Type.Object({
    rule: Type.String(),
    openedAt: Moment,
    dueAt: nullable(Moment),
    minutesLeft: nullable(Type.Number()),
    late: Type.Boolean(),
  }),
  positiveTubes: Count,
  /** The newest recount of its counters; null before the first night. */
  reconciliation: nullable(Reconciliation),
  byCounty: Type.Array(CoverageRow),
});
export type RoundProgress = Static<typeof RoundProgress>;

export const NotSampledRow = Type.Object({
  personId: Type.Integer(),
  personName: nullable(Type.String()),
  areaCode: Type.String(),
  householdId: nullable(Type.Integer()),
  reason: nullable(oneOf(absenceReasons)),
});
export type NotSampledRow = Static<typeof NotSampledRow>;
export const NotSampledPage = page(NotSampledRow);
export const NotSampledQuery = Type.Object({
  areaCode: Type.Optional(AreaCode),
  reason: Type.Optional(oneOf([...absenceReasons, "none"] as const)),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type NotSampledQuery = Static<typeof NotSampledQuery> & { readonly roundId: string };

export const TubeUpload = Type.Object({
  barcode: Code,
  kind: oneOf(tubeKinds),
  /** 1, 5, 10 or 20; the round's pool size (or household size) when absent. */
  size: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
  personIds: Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 40 }),
  at: Moment,
  /** The tube whose members this single tube re-checks. */
  recheckOf: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type TubeUpload = Static<typeof TubeUpload>;
/** The round is named, or its purpose: then the tubes go into the county's standing round of their day. */
export const UploadTubes = Type.Object({
  roundId: Type.Optional(Id),
  purpose: Type.Optional(oneOf(standingPurposes)),
  siteId: Id,
  box: Code,
  tubes: Type.Array(TubeUpload, { minItems: 1, maxItems: uploadPeopleMax }),
});
export type UploadTubes = Static<typeof UploadTubes>;

export const badCodes = [
  "unknownPerson",
  "duplicatePerson",
  "duplicateTube",
  "overCapacity",
  "poolTooLarge",
  "barcodeElsewhere",
  "barcodeDiffers",
  "tubeState",
  "inFuture",
  "notATime",
  "noPeople",
  "unknownTube",
  "otherLab",
  "ctMissing",
  "recheckUnknown",
] as const;
/** A row that was not taken: which tube, which field, why; the person only by their number. */
export const BadRow = Type.Object({
  barcode: Type.String(),
  field: Type.String(),
  code: oneOf(badCodes),
  personId: Type.Optional(Type.Integer()),
});
export type BadRow = Static<typeof BadRow>;
export const UploadAnswer = Type.Object({
  boxId: Type.String(),
  tubes: Count,
  people: Count,
  /** People of this upload who were in these very tubes already. */
  already: Count,
  bad: Type.Array(BadRow),
});
export type UploadAnswer = Static<typeof UploadAnswer>;

export const MoveSample = Type.Object({
  roundId: Id,
  personId: Type.Integer({ minimum: 1 }),
  toBarcode: Code,
  note: Note,
});
export type MoveSample = Static<typeof MoveSample>;
export const EndTubes = Type.Object({ barcodes: Type.Array(Code, { minItems: 1, maxItems: 200 }), note: Note });
export type EndTubes = Static<typeof EndTubes>;
export const EndAnswer = Type.Object({ tubes: Count, people: Count, bad: Type.Array(BadRow) });
export type EndAnswer = Static<typeof EndAnswer>;

export const TubeReport = Type.Object({
  barcode: Code,
  result: oneOf(tubeResults),
  ctN: Type.Optional(nullable(Type.Number({ minimum: 0, maximum: 60 }))),
  ctOrf: Type.Optional(nullable(Type.Number({ minimum: 0, maximum: 60 }))),
});
export type TubeReport = Static<typeof TubeReport>;
export const ReportResults = Type.Object({
  labId: Id,
  results: Type.Array(TubeReport, { minItems: 1, maxItems: resultTubesMax }),
});
export type ReportResults = Static<typeof ReportResults>;
export const ReportAnswer = Type.Object({
  negative: Count,
  positive: Count,
  retest: Count,
  resample: Count,
  already: Count,
  bad: Type.Array(BadRow),
});
export type ReportAnswer = Static<typeof ReportAnswer>;

export const RecordAbsences = Type.Object({
  roundId: Id,
  people: Type.Array(Type.Object({ personId: Type.Integer({ minimum: 1 }), reason: oneOf(absenceReasons) }), {
    minItems: 1,
    maxItems: uploadPeopleMax,
  }),
});
export type RecordAbsences = Static<typeof RecordAbsences>;
export const AbsenceAnswer = Type.Object({ recorded: Count, unknown: Count, sampled: Count });
export type AbsenceAnswer = Static<typeof AbsenceAnswer>;

export const Tube = Type.Object({
  id: Type.Integer(),
  barcode: Type.String(),
  roundId: Type.String(),
  roundNo: Type.Integer(),
  areaCode: Type.String(),
  areaName: nullable(Type.String()),
  siteId: Type.String(),
  box: Type.String(),
  labId: nullable(Type.String()),
  kind: oneOf(tubeKinds),
  capacity: Type.Integer(),
  size: Type.Integer(),
  purpose: oneOf(purposes),
  recheckOf: nullable(Type.Integer()),
  state: oneOf(tubeStates),
  result: nullable(oneOf(tubeResults)),
  unclear: nullable(oneOf(tubeResults)),
  retests: Type.Integer(),
  ctN: nullable(Type.Number()),
  ctOrf: nullable(Type.Number()),
  collectedAt: Moment,
  handedOverAt: nullable(Moment),
  receivedAt: nullable(Moment),
  resultedAt: nullable(Moment),
  endedReason: nullable(Type.String()),
});
export type Tube = Static<typeof Tube>;
export const TubePage = page(Tube);
export const TubeQuery = Type.Object({
  areaCode: Type.Optional(AreaCode),
  roundId: Type.Optional(Id),
  state: Type.Optional(oneOf(tubeStates)),
  result: Type.Optional(oneOf(tubeResults)),
  barcode: Type.Optional(Code),
  /** `entered` is the order in which the tubes came into the system. */
  sort: sorts("entered", "collected", "barcode"),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type TubeQuery = Static<typeof TubeQuery>;
export const TubeDetail = Type.Object({
  tube: Tube,
  members: Type.Array(
    Type.Object({ personId: Type.Integer(), personName: nullable(Type.String()), areaCode: Type.String(), at: Moment }),
  ),
  trace: Type.Array(
    Type.Object({
      personId: Type.Integer(),
      why: oneOf(["moved", "rejected", "lost"] as const),
      fromTubeId: Type.Integer(),
      toTubeId: nullable(Type.Integer()),
      note: Type.String(),
      at: Moment,
      actorId: Type.String(),
    }),
  ),
});
export type TubeDetail = Static<typeof TubeDetail>;

export const RoundAdvice = Type.Object({
  action: oneOf(["open", "pause", "openFinal", "stop"] as const),
  /** The first day on which the next round may open; null after the stop. */
  nextDay: nullable(Type.String()),
  cleanRounds: Count,
  reasons: Type.Array(
    Type.Object({
      rule: Type.String(),
      key: Type.String(),
      params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
    }),
  ),
});
export type RoundAdvice = Static<typeof RoundAdvice>;

export const ScreeningNeeds = Type.Object({
  areaCode: Type.String(),
  people: Count,
  samplers: Count,
  tables: Count,
  sites: Count,
  tubes: Count,
  swabs: Count,
});
export type ScreeningNeeds = Static<typeof ScreeningNeeds>;
