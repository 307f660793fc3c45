import Type, { type Static } from "typebox";
import { Inbound } from "./protocol.inbound.model.ts";
import { CommandTimes } from "./protocol.command.model.ts";
import { PublicInformation } from "./protocol.reports.model.ts";
import { IsolationSites } from "./protocol.isolation.model.ts";
import { Sentinel } from "./protocol.sentinel.model.ts";
import { Grid } from "./protocol.grid.model.ts";
import { ForceRules } from "./protocol.teams.model.ts";
import { Rule, byKey, id, list, Text, nullable, oneOf, strict } from "./schema.model.ts";
import {
  caseStates,
  clockIds,
  contactClasses,
  measures,
  phases,
  planClasses,
  provenances,
  roundAreaTypes,
  settings,
  tubeGroups,
  zoneLevels,
  zonePlaces,
  zoneTeams,
} from "./vocabulary.model.ts";

/**
 * A protocol: every number and class the response depends on, as data. A disease that does without
 * a part (pooled testing, rounds, zones) says so with null. Rule ids name rows of the field guide.
 */

const Days = Type.Integer({ minimum: 0, maximum: 365, description: "days" });
const Minutes = Type.Integer({ minimum: 0, maximum: 525_600, description: "minutes" });

/** What makes a person a case of one class: any of the alternatives is enough. */
export const CaseDefinition = strict({
  state: oneOf(["suspect", "confirmed", "asymptomatic"] as const),
  rule: Rule,
  name: Text,
  /** Text with {n}, the running number within the class. */
  number: Text,
  anyOf: list(
    strict({
      /** The person must already meet this class. */
      state: Type.Optional(oneOf(["suspect"] as const)),
      facts: Type.Record(Type.String(), Type.Boolean()),
      atLeast: Type.Optional(list(strict({ group: id, count: Type.Integer({ minimum: 1, maximum: 20 }) }))),
    }),
  ),
});
export type CaseDefinition = Static<typeof CaseDefinition>;

export const Cases = strict({
  epiHistoryDays: Days,
  facts: list(strict({ id, group: id, name: Text })),
  definitions: list(CaseDefinition),
  severities: list(strict({ id, name: Text })),
  /** Classes a record may move between after diagnosis, counted once (domain.md §1.1). */
  reclassify: list(strict({ from: oneOf(caseStates), to: oneOf(caseStates), rule: Rule })),
  provenances: list(strict({ id: oneOf(provenances), name: Text })),
  cluster: strict({ rule: Rule, cases: Type.Integer({ minimum: 2 }), days: Days }),
});

/** A deadline between two moments of the loop. */
export const ClockRule = strict({
  rule: Rule,
  minutes: Minutes,
  /** A goal sharper than the limit, shown but not enforced. */
  aimMinutes: Type.Optional(Minutes),
  name: Text,
});
export type ClockRule = Static<typeof ClockRule>;

/** One criterion; the first that fits an exposure gives its class. */
export const ContactCriterion = strict({
  id,
  rule: Rule,
  class: oneOf(contactClasses),
  settings: list(oneOf(settings)),
  /** Time the two were there together, at least. */
  minOverlapMinutes: Minutes,
  /** Time from the case's leaving to the person's arrival, at most; 0 = they met. */
  maxGapMinutes: Minutes,
  name: Text,
});
export type ContactCriterion = Static<typeof ContactCriterion>;

export const Contacts = strict({
  rule: Rule,
  lookbackDays: Days,
  /** Which moment the look-back counts from, for people with and without symptoms. */
  anchor: strict({
    symptomatic: oneOf(["onset", "sample"] as const),
    asymptomatic: oneOf(["sample"] as const),
  }),
  /** Exposures count until isolation, and at most this long after the anchor; null = until isolation. */
  forwardDays: nullable(Days),
  criteria: list(ContactCriterion),
  /** Contacts of contacts; null = not designated. */
  secondary: nullable(
    strict({
      criteria: list(ContactCriterion),
      escalate: strict({
        rule: Rule,
        linkedPositiveInFirstTests: Type.Integer({ minimum: 1, maximum: 10 }),
        to: oneOf(contactClasses),
      }),
    }),
  ),
});

/** One stretch of a plan: where, how long, counted from what, tested when. */
export const PlanSegment = strict({
  mode: oneOf(["central", "home", "homeMonitor"] as const),
  /** Used when the place is not suitable (no separate room, needs a carer). */
  fallbackMode: Type.Optional(oneOf(["central", "home"] as const)),
  days: Days,
  from: oneOf(["lastExposure", "observationStart", "previousSegment", "leftZone", "entry", "discharge"] as const),
  testDays: Type.Array(Days, { maxItems: 60 }),
  testAnchor: oneOf(["observation", "segment", "lastExposure"] as const),
  dailyChecks: Type.Integer({ minimum: 0, maximum: 4 }),
});
export type PlanSegment = Static<typeof PlanSegment>;

export const Plan = strict({
  rule: Rule,
  name: Text,
  segments: list(PlanSegment),
  release: strict({
    ownTestsNegative: Type.Boolean(),
    /** The linked contact's first n tests must be negative too. */
    linkedFirstNegativeTests: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
    minTestGapHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 240 })),
  }),
});
export type Plan = Static<typeof Plan>;

export const TubeRule = strict({
  rule: Rule,
  kind: oneOf(["pool", "household", "single"] as const),
  /** People in one tube, at most. */
  size: Type.Integer({ minimum: 1, maximum: 20 }),
});
export type TubeRule = Static<typeof TubeRule>;

/** Pooled sampling; null in a protocol without it. */
export const Pooling = strict({
  groups: byKey(tubeGroups, TubeRule),
  /** By the zone a person lives in; a level left out, and no zone at all, take `none`. */
  zones: strict({
    high: Type.Optional(TubeRule),
    medium: Type.Optional(TubeRule),
    low: Type.Optional(TubeRule),
    none: TubeRule,
  }),
  /** A positive tube: hold every member, then take single tubes (domain.md §2.3). */
  positive: strict({
    rule: Rule,
    holdMembers: Type.Boolean(),
    recheckTubes: Type.Integer({ minimum: 1, maximum: 4 }),
    /** Invalid and grey results hold the members as a positive does. */
    holdOnUnclear: Type.Boolean(),
  }),
  supply: strict({
    spoilageShare: Type.Number({ minimum: 0, maximum: 1 }),
    peoplePerSampler: Type.Integer({ minimum: 1 }),
    peoplePerTable: Type.Integer({ minimum: 1 }),
    peoplePerSite: Type.Integer({ minimum: 1 }),
    peoplePerBoothHour: Type.Integer({ minimum: 1 }),
  }),
});

export const Ct = strict({
  /** Ct up to this is positive; above it up to `greyMax` is grey; beyond, negative. */
  positiveMax: Type.Number({ minimum: 1, maximum: 60 }),
  greyMax: Type.Number({ minimum: 1, maximum: 60 }),
  /** Cycles a pool of at least this size adds to a lone positive swab. */
  shift: list(
    strict({
      size: Type.Integer({ minimum: 1, maximum: 20 }),
      cycles: Type.Number({ minimum: 0, maximum: 10 }),
    }),
  ),
});

export const RoundStop = strict({
  rule: Rule,
  cleanRounds: Type.Integer({ minimum: 1, maximum: 20 }),
  pauseDays: Days,
  finalCleanRounds: Type.Integer({ minimum: 0, maximum: 20 }),
});
export type RoundStop = Static<typeof RoundStop>;

/** Area rounds; null in a protocol without mass testing. */
export const Rounds = strict({
  /** The round's own clock: opening to the last result. */
  clock: oneOf(["natRound"] as const),
  everyDays: Type.Integer({ minimum: 1, maximum: 30 }),
  /** When at night the counters of rounds are counted anew, on the outbreak's clock; the system's own hour when absent. */
  reconcileAt: Type.Optional(Type.String({ pattern: "^([01]\\d|2[0-3]):[0-5]\\d$", description: "HH:MM" })),
  counts: oneOf(["community", "all"] as const),
  defaultAreaType: oneOf(roundAreaTypes),
  areaTypes: byKey(roundAreaTypes, strict({ scope: Text, stop: RoundStop })),
});

export const ZoneLift = strict({
  rule: Rule,
  from: oneOf(zoneLevels),
  to: oneOf(zoneLevels),
  /** Applies only to zones that came down from this level. */
  cameFrom: Type.Optional(oneOf(zoneLevels)),
  /** Full days without a new infection. */
  cleanDays: Days,
  /** Everybody in the zone negative in a round on the last of those days. */
  lastDayRoundNegative: Type.Boolean(),
});
export type ZoneLift = Static<typeof ZoneLift>;

/** Risk zones; null in a protocol without them. */
export const Zones = strict({
  unit: oneOf(["village", "venue", "compound"] as const),
  levels: list(strict({ level: oneOf(zoneLevels), rule: Rule, name: Text, control: Text })),
  /** Which place of a case is drawn as what; the first that fits counts. */
  draw: list(
    strict({
      rule: Rule,
      place: oneOf(zonePlaces),
      minStayMinutes: Minutes,
      lookbackDays: Days,
      level: oneOf(zoneLevels),
    }),
  ),
  lift: list(ZoneLift),
  /** New infection inside: the clean days start again. People found in these ways were not inside. */
  extend: strict({ rule: Rule, notInside: Type.Array(oneOf(provenances), { maxItems: 20 }) }),
  /** What the rest of a county is while any zone above it stands, and the rule for a county without cases. */
  rest: strict({ level: oneOf(zoneLevels), rule: Rule, noCaseRule: Rule }),
  /** Tasks a published zone gives to its grid, by level. */
  tasks: list(
    strict({
      level: oneOf(zoneLevels),
      kind: id,
      team: oneOf(zoneTeams),
      dueMinutes: Minutes,
    }),
  ),
});

export const Exit = strict({
  rule: Rule,
  tests: Type.Integer({ minimum: 1, maximum: 10 }),
  gapHours: Type.Integer({ minimum: 1, maximum: 240 }),
  /** Both genes at or above this Ct; null = negative tests only. */
  ctMin: nullable(Type.Number({ minimum: 1, maximum: 60 })),
  symptomatic: strict({
    rule: Rule,
    feverFreeDays: Days,
    requires: Type.Array(id, { maxItems: 20 }),
  }),
  afterwards: nullable(oneOf(planClasses)),
});

export const CommunityZero = strict({
  rule: Rule,
  caseRule: Rule,
  days: Type.Integer({ minimum: 1, maximum: 60 }),
  /** Finds made there do not count as community finds. */
  controlledProvenances: Type.Array(oneOf(provenances), { maxItems: 20 }),
  basic: nullable(strict({ rule: Rule, days: Days, perHundredThousand: Type.Number() })),
});

/** One measured condition: `measure op value`. */
export const Criterion = strict({
  rule: Rule,
  measure: oneOf(measures),
  op: oneOf(["atLeast", "atMost"] as const),
  value: Type.Integer({ minimum: 0 }),
});
export type Criterion = Static<typeof Criterion>;

export const PhaseRule = strict({
  phase: oneOf(phases),
  name: Text,
  /** All must hold to enter; once entered the phase is not left by going backwards on its own. */
  entry: Type.Array(Criterion, { maxItems: 20 }),
});
export type PhaseRule = Static<typeof PhaseRule>;

export const ResponseLevel = strict({
  level: id,
  name: Text,
  measures: list(strict({ id, name: Text })),
});

export const Retention = strict({
  visitDays: Days,
  trackDays: Days,
  /** Days after the all-clear until case and contact records are de-identified. */
  personalDaysAfterAllClear: Days,
});

export const Protocol = strict({
  id: Type.String({ pattern: "^[a-z0-9]+([.-][a-z0-9]+)*$" }),
  version: Type.String({ pattern: "^[0-9]+(\\.[0-9]+)*$" }),
  /** First day the rules are in force. */
  effective: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" }),
  disease: strict({ id, name: Text }),
  title: Text,
  sources: list(Type.String({ minLength: 1 })),
  cases: Cases,
  clocks: byKey(clockIds, ClockRule),
  contacts: Contacts,
  plans: byKey(planClasses, Plan),
  /** Who may stay at home with a carer where the plan says central. */
  homeExceptions: strict({ rule: Rule, ageMax: Type.Integer(), conditions: Type.Array(id) }),
  pooling: nullable(Pooling),
  ct: nullable(Ct),
  rounds: nullable(Rounds),
  zones: nullable(Zones),
  exit: Exit,
  communityZero: CommunityZero,
  phases: list(PhaseRule),
  responseLevels: list(ResponseLevel),
  retention: Retention,
  inbound: Type.Optional(Inbound),
  publicInformation: Type.Optional(PublicInformation),
  isolation: Type.Optional(IsolationSites),
  sentinel: Type.Optional(Sentinel),
  /** Grid work; absent where a protocol leaves it to the area's own rules. */
  grid: Type.Optional(Grid),
  /** Working hours and answer times of the people on the line; without it the module's own defaults hold. */
  teams: Type.Optional(ForceRules),
  command: Type.Optional(CommandTimes),
});
export type Protocol = Static<typeof Protocol>;
