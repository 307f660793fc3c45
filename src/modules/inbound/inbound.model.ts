import Type, { type Static } from "typebox";
import { originLevels, planClasses, Moment, nullable, oneOf, sorts } from "#domain/outbreaks";

const DayText = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });
const AreaCodeText = Type.String({ minLength: 2, maxLength: 20 });
const Short = Type.String({ minLength: 1, maxLength: 100 });
const Place = Type.String({ minLength: 2, maxLength: 80, description: "an area code, or a country's name" });
const IdKindText = oneOf([
  "residentId",
  "passport",
  "hkMacaoPermit",
  "taiwanPermit",
  "foreignPermit",
  "other",
] as const);

/** A level of origin, or `none` when no list names the place. */
export const arrivalLevels = [...originLevels, "none"] as const;
export type ArrivalLevel = (typeof arrivalLevels)[number];
export const declarationStates = ["declared", "arrived", "classified", "closed", "cancelled"] as const;
export const declarationSources = ["public", "list", "letter", "road"] as const;
export type DeclarationSource = (typeof declarationSources)[number];

export const KeyRegion = Type.Object({
  id: Type.String(),
  place: Type.String(),
  name: Type.String(),
  level: oneOf(originLevels),
  fromDay: Type.String(),
  toDay: nullable(Type.String()),
  source: Type.String(),
});
export type KeyRegion = Static<typeof KeyRegion>;
export const KeyRegionPage = Type.Object({ items: Type.Array(KeyRegion), next: nullable(Type.String()) });

export const SetKeyRegion = Type.Object(
  {
    place: Place,
    name: Short,
    level: oneOf(originLevels),
    fromDay: DayText,
    toDay: Type.Optional(nullable(DayText)),
    source: Type.String({ minLength: 1, maxLength: 200 }),
  },
  { additionalProperties: false },
);
export type SetKeyRegion = Static<typeof SetKeyRegion>;
export const SetKeyRegions = Type.Object(
  { regions: Type.Array(SetKeyRegion, { minItems: 1, maxItems: 2_000 }) },
  { additionalProperties: false },
);
export const RegionsSet = Type.Object({
  stored: Type.Integer(),
  /** Arrivals whose level rose by it. */
  regraded: Type.Integer(),
});

/** Somebody who is on the way here, or has come; an identity or a person of the register. */
export const Traveller = Type.Object(
  {
    areaCode: AreaCodeText,
    name: Short,
    idKind: Type.Optional(IdKindText),
    idNumber: Type.Optional(Type.String({ minLength: 3, maxLength: 40 })),
    phone: Type.Optional(Type.String({ pattern: "^\\+?[0-9 -]{5,20}$" })),
    origin: Place,
    via: Type.Optional(Type.String({ maxLength: 200 })),
    leftOn: DayText,
    /** When it is known; now when the person is here already. */
    arrivesAt: Type.Optional(Moment),
    vehicle: Type.Optional(Type.String({ maxLength: 40 })),
  },
  { additionalProperties: false },
);
export type Traveller = Static<typeof Traveller>;

/** A traveller as the public page and its twin take one: an identity is needed. */
export const Declare = Type.Object(
  {
    ...Traveller.properties,
    idKind: IdKindText,
    idNumber: Type.String({ minLength: 3, maxLength: 40 }),
    arrivesAt: Moment,
  },
  { additionalProperties: false },
);
export type Declare = Static<typeof Declare>;

/** What a traveller is told: a number, and what happens next; nothing of anybody. */
export const Declared = Type.Object({
  receipt: Type.String(),
  level: oneOf(arrivalLevels),
  next: Type.Array(Type.String()),
});
export type Declared = Static<typeof Declared>;

export const ListArrivals = Type.Object(
  {
    source: oneOf(["list", "road"] as const),
    travellers: Type.Array(Traveller, { minItems: 1, maxItems: 5_000 }),
  },
  { additionalProperties: false },
);
export type ListArrivals = Static<typeof ListArrivals>;
export const Listed = Type.Object({ added: Type.Integer(), known: Type.Integer(), ids: Type.Array(Type.String()) });
export type Listed = Static<typeof Listed>;

/** An arrival as lists show it: no name. */
export const Arrival = Type.Object({
  id: Type.String(),
  receipt: Type.String(),
  areaCode: Type.String(),
  source: oneOf(declarationSources),
  origin: Type.String(),
  leftOn: Type.String(),
  arrivesAt: Moment,
  state: oneOf(declarationStates),
  level: oneOf(arrivalLevels),
  plan: nullable(oneOf(planClasses)),
  ruleId: Type.String(),
  dueAt: Moment,
  classifiedAt: nullable(Moment),
  late: Type.Boolean(),
});
export type Arrival = Static<typeof Arrival>;
export const ArrivalPage = Type.Object({ items: Type.Array(Arrival), next: nullable(Type.String()) });

/** An arrival with who it is; the number by its last four. */
export const ArrivalDetail = Type.Object({
  ...Arrival.properties,
  name: Type.String(),
  idLast4: nullable(Type.String()),
  phone: nullable(Type.String()),
  via: Type.String(),
  vehicle: nullable(Type.String()),
  personId: nullable(Type.Integer()),
  declaredAt: Moment,
  arrivedAt: nullable(Moment),
  closedAt: nullable(Moment),
  closeReason: nullable(Type.String()),
});
export type ArrivalDetail = Static<typeof ArrivalDetail>;

export const ArrivalQuery = Type.Object({
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
  state: Type.Optional(oneOf(declarationStates)),
  level: Type.Optional(oneOf(arrivalLevels)),
  overdue: Type.Optional(Type.Boolean()),
  sort: sorts("due", "arrives"),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type ArrivalQuery = Static<typeof ArrivalQuery>;

export const Ids = Type.Object(
  { ids: Type.Array(Type.String({ format: "uuid" }), { minItems: 1, maxItems: 2_000 }) },
  { additionalProperties: false },
);
export const Classified = Type.Object({
  classified: Type.Integer(),
  /** How many got a plan, by plan class. */
  plans: Type.Record(Type.String(), Type.Integer()),
});
export type Classified = Static<typeof Classified>;
export const CloseArrival = Type.Object(
  { reason: Type.String({ minLength: 1, maxLength: 500 }) },
  { additionalProperties: false },
);
export const IdParams = Type.Object({ id: Type.String({ format: "uuid" }) });

/** Data of `inbound.classified`: who is under which plan from now on. */
export interface ArrivalsClassified {
  readonly arrivals: readonly {
    readonly declarationId: string;
    readonly personId: number;
    readonly areaCode: string;
    readonly plan: (typeof planClasses)[number];
    /** The day the traveller left the place; the plan's days count from it. */
    readonly anchorAt: string;
  }[];
}
