import { Type, type Static } from "typebox";
import { nullable } from "#domain/outbreaks";

/**
 * The live board: everything the command post's first page shows, in one answer, read from kept
 * counters and frozen figures so that it costs the same for a county and for the whole city.
 * Times are instants (UTC); the page shows them in `outbreak.timeZone`. Nobody is named here.
 */

const Instant = Type.String({ description: "ISO 8601, UTC, milliseconds" });
const Day = Type.String({ description: "YYYY-MM-DD in the outbreak's zone" });
const Count = Type.Integer({ minimum: 0 });
const Minutes = Type.Number({ description: "minutes" });

export const phaseNames = ["activation", "containment", "communityZero", "lifting", "allClear"] as const;
export type PhaseName = (typeof phaseNames)[number];

export const BoardOutbreak = Type.Object({
  id: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  areaCode: Type.String(),
  /** True in a drill: every page and export must say so. */
  drill: Type.Boolean(),
  phase: Type.String({ description: "one of phaseNames" }),
  responseLevel: Type.String({ description: "I, II, III or IV" }),
  timeZone: Type.String({ description: "IANA zone, such as Asia/Shanghai" }),
  protocolId: Type.String(),
  protocolVersion: Type.String(),
  firstPositiveAt: nullable(Instant),
  now: Instant,
  /** Minutes since the first positive; null before it. */
  clockMinutes: nullable(Minutes),
  /** Virtual minutes a real minute; 1 when the clock is the wall clock, 0 when it stands still. */
  speed: Type.Number({ minimum: 0 }),
});
export type BoardOutbreak = Static<typeof BoardOutbreak>;

export const BoardTotals = Type.Object({
  confirmed: Count,
  asymptomatic: Count,
  preliminary: Count,
  inCare: Count,
  recovered: Count,
  held: Count,
  positiveTubesOpen: Count,
  closeContacts: Count,
  secondaryContacts: Count,
  inCentral: Count,
  inHome: Count,
});
export type BoardTotals = Static<typeof BoardTotals>;

export const ClassCounts = Type.Object({ confirmed: Count, asymptomatic: Count });
export type ClassCounts = Static<typeof ClassCounts>;

export const CurveDay = Type.Object({
  day: Day,
  byReport: ClassCounts,
  bySampling: ClassCounts,
  /** New infections by where they were found: community, quarantine, highRiskZone, … */
  byProvenance: Type.Record(Type.String(), Count),
  /** What really happened on that day, where the scenario has it. */
  real: Type.Optional(ClassCounts),
});
export type CurveDay = Static<typeof CurveDay>;

export const LoopClock = Type.Object({
  arrow: Type.String({ description: "collectToReceive, receiveToResult, …" }),
  ruleId: Type.String({ description: "the protocol's rule that sets the target, or empty" }),
  n: Count,
  medianMin: nullable(Minutes),
  p90Min: nullable(Minutes),
  targetMin: nullable(Minutes),
  inTimeShare: nullable(Type.Number({ minimum: 0, maximum: 1 })),
  /** Still open and past the target now. */
  lateOpen: Count,
});
export type LoopClock = Static<typeof LoopClock>;

const progress = {
  due: Count,
  sampled: Count,
  excused: Count,
  inTransit: Count,
  received: Count,
  resulted: Count,
  positive: Count,
};

export const RoundCounty = Type.Object({
  areaCode: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  ...progress,
});
export type RoundCounty = Static<typeof RoundCounty>;

export const BoardRound = Type.Object({
  id: Type.String(),
  no: Type.Integer({ minimum: 1 }),
  areaCode: Type.String(),
  openedAt: Instant,
  dueAt: Instant,
  state: Type.String(),
  ...progress,
  byCounty: Type.Array(RoundCounty),
});
export type BoardRound = Static<typeof BoardRound>;

export const FangcangPhase = Type.Object({
  siteId: Type.String(),
  phase: Type.Integer({ minimum: 1 }),
  state: Type.String({ description: "planned, open or closed" }),
  beds: Count,
  inUse: Count,
});

export const BoardRooms = Type.Object({
  central: Type.Object({ sites: Count, rooms: Count, beds: Count, inUse: Count, free: Count }),
  fangcang: Type.Object({
    beds: Count,
    inUse: Count,
    free: Count,
    phases: Type.Array(FangcangPhase),
  }),
  hospital: Type.Object({ sites: Count, beds: Count, inUse: Count, free: Count }),
});
export type BoardRooms = Static<typeof BoardRooms>;

export const BoardZone = Type.Object({
  id: Type.String(),
  name: Type.String(),
  areaCode: Type.String(),
  unitCode: Type.String(),
  level: Type.Union([Type.Literal("high"), Type.Literal("medium"), Type.Literal("low")]),
  lat: nullable(Type.Number()),
  lon: nullable(Type.Number()),
  since: Instant,
  /** Whole days without a new infection. */
  cleanDays: Count,
  /** The first instant at which the level may fall if nothing new is found. */
  nextLift: nullable(Instant),
});
export type BoardZone = Static<typeof BoardZone>;

export const BoardSite = Type.Object({
  id: Type.String(),
  kind: Type.Union([Type.Literal("central"), Type.Literal("fangcang"), Type.Literal("hospital")]),
  name: Type.String(),
  lat: nullable(Type.Number()),
  lon: nullable(Type.Number()),
  capacity: Count,
  inUse: Count,
});
export type BoardSite = Static<typeof BoardSite>;

export const OverdueOwner = Type.Object({
  team: Type.String(),
  areaCode: Type.String(),
  areaName: Type.String(),
  count: Count,
  oldestDueAt: Instant,
});

export const BoardOverdue = Type.Object({ total: Count, byOwner: Type.Array(OverdueOwner) });
export type BoardOverdue = Static<typeof BoardOverdue>;

export const PhaseCriterion = Type.Object({
  id: Type.String({ description: "shown by the key phase.criterion.<id>" }),
  met: Type.Boolean(),
  value: Type.Union([Type.Number(), Type.String(), Type.Null()]),
  target: Type.Union([Type.Number(), Type.String(), Type.Null()]),
});
export type PhaseCriterion = Static<typeof PhaseCriterion>;

export const BoardPhase = Type.Object({
  phase: Type.String({ description: "one of phaseNames, in order" }),
  enteredAt: nullable(Instant),
  criteria: Type.Array(PhaseCriterion),
});
export type BoardPhase = Static<typeof BoardPhase>;

export const BoardCounty = Type.Object({
  code: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  lat: nullable(Type.Number()),
  lon: nullable(Type.Number()),
  cases: Count,
  newToday: Count,
  zonesHigh: Count,
  zonesMedium: Count,
  overdue: Count,
});
export type BoardCounty = Static<typeof BoardCounty>;

/** GET /api/v1/board. A person with a narrower area sees only the rows of that area. */
export const Board = Type.Object({
  outbreak: BoardOutbreak,
  totals: BoardTotals,
  curve: Type.Object({ days: Type.Array(CurveDay) }),
  loop: Type.Array(LoopClock),
  /** The newest area round, or null before the first. */
  round: nullable(BoardRound),
  rooms: BoardRooms,
  zones: Type.Array(BoardZone),
  sites: Type.Array(BoardSite),
  overdue: BoardOverdue,
  phases: Type.Array(BoardPhase),
  counties: Type.Array(BoardCounty),
});
export type Board = Static<typeof Board>;
