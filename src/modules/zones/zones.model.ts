import Type, { type Static } from "typebox";
import { positionFields } from "#domain/areas";
import { provenances, zoneLevels, zonePlaces, type ZoneLevel, Moment, nullable, oneOf, sorts } from "#domain/outbreaks";

const AreaCodeText = Type.String({ minLength: 1, maxLength: 20 });
const ReasonText = Type.String({ minLength: 1, maxLength: 1_000 });

export const zoneUnits = ["village", "venue", "compound"] as const;
export type ZoneUnit = (typeof zoneUnits)[number];
export const zoneStates = ["proposed", "published", "lifted", "dropped"] as const;
export type ZoneState = (typeof zoneStates)[number];
const Level = oneOf(zoneLevels);

export const LiftReason = Type.Object({
  id: Type.String(),
  rule: Type.String(),
  met: Type.Boolean(),
  value: nullable(Type.Union([Type.String(), Type.Number()])),
  target: nullable(Type.Union([Type.String(), Type.Number()])),
});

export const LiftCheck = Type.Object({
  allowed: Type.Boolean(),
  to: nullable(Level),
  rule: nullable(Type.String()),
  cleanDays: Type.Integer(),
  earliest: nullable(Type.String()),
  reasons: Type.Array(LiftReason),
});

/** A zone as lists and the map show it. */
export const ZoneRow = Type.Object({
  id: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  areaCode: Type.String(),
  /** In the reader's language. */
  areaName: Type.String(),
  unit: oneOf(zoneUnits),
  unitCode: Type.String(),
  state: oneOf(zoneStates),
  /** The level in force, or the one proposed. */
  level: Level,
  /** When the level came into force; null for a proposal. */
  since: nullable(Moment),
  cleanDays: nullable(Type.Integer()),
  nextLift: nullable(Moment),
  caseId: nullable(Type.String()),
  lat: nullable(Type.Number()),
  lon: nullable(Type.Number()),
  drawnAt: Moment,
  liftedAt: nullable(Moment),
});
export type ZoneRow = Static<typeof ZoneRow>;

export const ZonePage = Type.Object({ items: Type.Array(ZoneRow), next: nullable(Type.String()) });

export const ZoneStep = Type.Object({
  level: Level,
  from: Moment,
  to: nullable(Moment),
  rule: Type.String(),
  reason: Type.String(),
  protocolVersion: Type.String(),
  setBy: Type.String(),
});
export type ZoneStep = Static<typeof ZoneStep>;

export const ZoneDetail = Type.Object({
  ...ZoneRow.properties,
  caseIds: Type.Array(Type.String()),
  levels: Type.Array(ZoneStep),
  liftCheck: nullable(LiftCheck),
});
export type ZoneDetail = Static<typeof ZoneDetail>;

export const ZoneQuery = Type.Object({
  areaCode: Type.Optional(AreaCodeText),
  state: Type.Optional(oneOf(zoneStates)),
  level: Type.Optional(Level),
  sort: sorts("drawn", "since", "level"),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type ZoneQuery = Static<typeof ZoneQuery>;

export const ZoneCount = Type.Object({
  countyCode: Type.String(),
  high: Type.Integer(),
  medium: Type.Integer(),
  /** The level of the rest of the county; null = routine. */
  rest: nullable(Level),
});
export type ZoneCount = Static<typeof ZoneCount>;

export const DrawZone = Type.Object(
  {
    areaCode: AreaCodeText,
    unit: oneOf(zoneUnits),
    unitCode: Type.String({ minLength: 1, maxLength: 40 }),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    nameEn: Type.Optional(Type.String({ maxLength: 200 })),
    level: Level,
    caseId: Type.Optional(Type.String({ format: "uuid" })),
    ...positionFields,
    reason: ReasonText,
  },
  { additionalProperties: false },
);
export type DrawZone = Static<typeof DrawZone>;

export const villagesMax = 200;

/** Zones over several villages at once, as chosen on the map. */
export const DrawVillages = Type.Object(
  {
    villages: Type.Array(AreaCodeText, { minItems: 1, maxItems: villagesMax }),
    level: Level,
    caseId: Type.Optional(Type.String({ format: "uuid" })),
    reason: ReasonText,
    /** Put in force at once; without it they wait as proposals. */
    publish: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type DrawVillages = Static<typeof DrawVillages>;

/**
 * What a zone that is there already means for a new one: it stands at this level; it can be raised; its stricter level stays;
 * it waits to be decided; or it is a venue or compound inside, which keeps its own level.
 */
export const overlapMeanings = ["same", "raise", "stays", "proposed", "unitInside"] as const;
export type OverlapMeaning = (typeof overlapMeanings)[number];

export const ZoneOverlap = Type.Object({
  id: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  areaCode: Type.String(),
  unit: oneOf(zoneUnits),
  unitCode: Type.String(),
  state: oneOf(["proposed", "published"] as const),
  level: Level,
  meaning: oneOf(overlapMeanings),
});
export type ZoneOverlap = Static<typeof ZoneOverlap>;

/** Who lives inside, and the tasks that it makes. */
export const ZoneEffect = Type.Object({
  zones: Type.Array(ZoneRow),
  /** Zones that the choice meets; a village that has its own is not drawn again. */
  overlaps: Type.Array(ZoneOverlap),
  inside: Type.Object({
    people: Type.Integer(),
    households: Type.Integer(),
    /** From 60 years on. */
    elderly: Type.Integer(),
    cases: Type.Integer(),
  }),
  /** How many more open tasks of each kind there are than before. */
  tasks: Type.Array(Type.Object({ kind: Type.String(), team: Type.String(), count: Type.Integer() })),
});
export type ZoneEffect = Static<typeof ZoneEffect>;

export const ProposeForCase = Type.Object(
  {
    caseId: Type.String({ format: "uuid" }),
    provenance: oneOf(provenances),
    /** Onset or first positive sample. */
    anchorAt: Moment,
    positiveAt: Moment,
    places: Type.Array(
      Type.Object({
        unit: oneOf(zoneUnits),
        unitCode: Type.String({ minLength: 1, maxLength: 40 }),
        areaCode: AreaCodeText,
        name: Type.Optional(Type.String({ maxLength: 200 })),
        nameEn: Type.Optional(Type.String({ maxLength: 200 })),
        lat: Type.Optional(Type.Number()),
        lon: Type.Optional(Type.Number()),
        place: oneOf(zonePlaces),
        stayMinutes: Type.Integer({ minimum: 0 }),
        lastAt: Moment,
      }),
      { minItems: 1, maxItems: 200 },
    ),
  },
  { additionalProperties: false },
);
export type ProposeForCase = Static<typeof ProposeForCase>;

export const PublishZone = Type.Object(
  {
    /** From when the level holds; now when absent. */
    effectiveAt: Type.Optional(Moment),
    /** Another level than the proposed one. */
    level: Type.Optional(Level),
    reason: Type.Optional(ReasonText),
  },
  { additionalProperties: false },
);
export const WithReason = Type.Object({ reason: ReasonText }, { additionalProperties: false });
export const RaiseZone = Type.Object({ level: Level, reason: ReasonText }, { additionalProperties: false });
export const ExtendZone = Type.Object(
  {
    /** The new day 0; today when absent. */
    from: Type.Optional(Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" })),
    reason: ReasonText,
  },
  { additionalProperties: false },
);
export const ZoneParams = Type.Object({ id: Type.String({ format: "uuid" }) });

/** Data of `zones.proposed`. */
export interface ZoneProposed {
  readonly zoneId: string;
  readonly unit: (typeof zoneUnits)[number];
  readonly unitCode: string;
  readonly level: ZoneLevel;
  readonly caseId: string | null;
}

/** Data of `zones.published`. */
export interface ZonePublished {
  readonly zoneId: string;
  readonly unit: (typeof zoneUnits)[number];
  readonly unitCode: string;
  readonly level: ZoneLevel;
  readonly effectiveAt: string;
  readonly caseId: string | null;
}

/** Data of `zones.levelChanged`; `to` is low when the zone is lifted. */
export interface ZoneLevelChanged {
  readonly zoneId: string;
  readonly unit: (typeof zoneUnits)[number];
  readonly unitCode: string;
  readonly from: ZoneLevel;
  readonly to: ZoneLevel;
  readonly rule: string;
}

/** Data of `zones.extended`. */
export interface ZoneExtended {
  readonly zoneId: string;
  readonly unitCode: string;
  readonly from: string;
}

/** Data of `zones.countyRoutine`: no zone above the rest's level stands in the county any more. */
export interface CountyRoutine {
  readonly countyCode: string;
}
