import { Type, type Static } from "typebox";

/** A text in both languages. */
export const BothLanguages = Type.Object(
  { "zh-CN": Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) },
  { additionalProperties: false },
);

/** Where a figure comes from: a named source of this file, or an assumption with its reason. */
const sourced = { source: Type.String({ minLength: 1 }) };
const assumed = {
  assumed: Type.Literal(true),
  why: Type.String({ minLength: 8 }),
};

/** A number that says where it comes from. */
export const Figure = Type.Union([
  Type.Object({ value: Type.Number(), ...sourced }, { additionalProperties: false }),
  Type.Object({ value: Type.Number(), ...assumed }, { additionalProperties: false }),
]);
export type Figure = Static<typeof Figure>;

const minutes = Type.Number({ exclusiveMinimum: 0, maximum: 14 * 24 * 60 });

/** A delay in minutes, log-normal, given by its median and its 90th percentile. */
export const Delay = Type.Union([
  Type.Object({ medianMin: minutes, p90Min: minutes, ...sourced }, { additionalProperties: false }),
  Type.Object({ medianMin: minutes, p90Min: minutes, ...assumed }, { additionalProperties: false }),
]);
export type Delay = Static<typeof Delay>;

const AreaCodeText = Type.String({ pattern: "^[0-9]{4,12}$" });
const InstantText = Type.String({
  pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?([+-][0-9]{2}:[0-9]{2}|Z)$",
});
const DayText = Type.String({ pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" });
const TimeText = Type.String({ pattern: "^[0-2][0-9]:[0-5][0-9]$" });
const Share = Type.Number({ minimum: 0, maximum: 1 });

/** The age bands of `ages`: 0, 1–4, then five years each, the last one 85 and over. */
export const ageBandStarts = [0, 1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85] as const;

/** One unit of the census: a county, a district or a town, with its people. */
export const PopulationUnit = Type.Object(
  {
    code: AreaCodeText,
    name: BothLanguages,
    population: Type.Integer({ minimum: 1 }),
    /** The middle of a unit that has no boundary of its own (a development zone), WGS 84. */
    position: Type.Optional(
      Type.Object({ lat: Type.Number(), lon: Type.Number(), ...sourced }, { additionalProperties: false }),
    ),
    menPer100Women: Type.Number({ minimum: 50, maximum: 200 }),
    urbanShare: Share,
    /** Shares of households with 1, 2, … 8 people; they add to 1. */
    householdSizes: Type.Array(Share, { minItems: 8, maxItems: 8 }),
    /** Shares of people by `ageBandStarts`; they add to 1 within rounding. */
    ages: Type.Array(Share, { minItems: 19, maxItems: 19 }),
  },
  { additionalProperties: false },
);
export type PopulationUnit = Static<typeof PopulationUnit>;

const Population = Type.Object(
  {
    ...sourced,
    householdSource: Type.String({ minLength: 1 }),
    total: Type.Integer({ minimum: 1 }),
    units: Type.Array(PopulationUnit, { minItems: 1, maxItems: 200 }),
  },
  { additionalProperties: false },
);

const Reach = Type.Union([Type.Literal("village"), Type.Literal("town"), Type.Literal("county")]);
const MinuteOfDay = Type.Integer({ minimum: 0, maximum: 24 * 60 });

/** A kind of school class or work team; a person joins the first kind that takes them. */
const TeamKind = Type.Object(
  {
    kind: Type.String({ minLength: 1 }),
    school: Type.Boolean(),
    ageFrom: Type.Integer({ minimum: 0, maximum: 120 }),
    ageTo: Type.Integer({ minimum: 0, maximum: 120 }),
    share: Share,
    size: Type.Number({ exclusiveMinimum: 1, maximum: 1_000 }),
    reach: Reach,
    sameAge: Type.Boolean(),
  },
  { additionalProperties: false },
);

/** A kind of venue; each person has one regular venue for each reach. */
const VenueKind = Type.Object(
  {
    kind: Type.String({ minLength: 1 }),
    name: BothLanguages,
    reach: Reach,
    perTenThousand: Type.Number({ exclusiveMinimum: 0, maximum: 1_000 }),
    visitsPerDay: Share,
    stayMinutesMin: Type.Integer({ minimum: 1, maximum: 24 * 60 }),
    stayMinutesMax: Type.Integer({ minimum: 1, maximum: 24 * 60 }),
    opensAt: MinuteOfDay,
    closesAt: MinuteOfDay,
  },
  { additionalProperties: false },
);

/** Where people meet besides their homes. */
const DailyLife = Type.Object(
  {
    assumed: Type.Literal(true),
    why: Type.String({ minLength: 8 }),
    teams: Type.Array(TeamKind, { maxItems: 40 }),
    venues: Type.Array(VenueKind, { maxItems: 40 }),
  },
  { additionalProperties: false },
);

/** Where and when the infection comes in, before anybody knows. */
const Seed = Type.Object(
  {
    areaCode: AreaCodeText,
    place: BothLanguages,
    infections: Figure,
    daysBeforeFirstPositive: Figure,
  },
  { additionalProperties: false },
);

const FirstPositive = Type.Object(
  {
    by: Type.Union([Type.Literal("feverClinic"), Type.Literal("hospital"), Type.Literal("screening")]),
    areaCode: AreaCodeText,
    place: BothLanguages,
    /** When the test turned positive in the real outbreak (or in the story). */
    observedAt: InstantText,
    /** How many were infected by then; the drill begins with a chain of that age. */
    infectedMin: Figure,
    infectedMax: Figure,
    ...sourced,
  },
  { additionalProperties: false },
);

const FangcangPhase = Type.Object(
  {
    no: Type.Integer({ minimum: 1 }),
    areaCode: AreaCodeText,
    beds: Figure,
    /** Hours from the order to the first admission. */
    buildHours: Figure,
  },
  { additionalProperties: false },
);

const Isolation = Type.Object(
  {
    sites: Figure,
    rooms: Figure,
    emergencySites: Figure,
    emergencyRooms: Figure,
    /** Hours from the order until an emergency site takes its first guest. */
    emergencyOpenHours: Figure,
    /** Shares of rooms by kind; they add to 1. */
    roomKinds: Type.Object({ single: Share, family: Share, accessible: Share }, { additionalProperties: false }),
    hospitalBeds: Figure,
    fangcang: Type.Array(FangcangPhase, { maxItems: 20 }),
  },
  { additionalProperties: false },
);

const Hours = Type.Object({ from: TimeText, to: TimeText }, { additionalProperties: false });

const Sampling = Type.Object(
  {
    peoplePerSampler: Figure,
    peoplePerTable: Figure,
    peoplePerSite: Figure,
    samplersPerTable: Figure,
    personsPerTableHour: Figure,
    setUp: Delay,
    hours: Hours,
    /** Shares of those due who are not sampled in a round, by reason. */
    away: Figure,
    refused: Figure,
    infantsUnderMonths: Figure,
    doorTeams: Figure,
    doorVisit: Delay,
  },
  { additionalProperties: false },
);

const Courier = Type.Object(
  {
    vehicles: Figure,
    tubesPerBox: Figure,
    pickUpEveryMin: Figure,
    drive: Delay,
  },
  { additionalProperties: false },
);

const Lab = Type.Object(
  {
    areaCode: AreaCodeText,
    name: BothLanguages,
    tubesPerDay: Figure,
    opensAfterHours: Figure,
  },
  { additionalProperties: false },
);

const Labs = Type.Object(
  {
    list: Type.Array(Lab, { minItems: 1, maxItems: 200 }),
    /** Receipt to result of a batch that does not wait. */
    run: Delay,
    urgentRun: Delay,
    reportAfterRun: Delay,
  },
  { additionalProperties: false },
);

const Tracing = Type.Object(
  {
    teams: Figure,
    coreTrack: Delay,
    contactIdentified: Delay,
    secondaryIdentified: Delay,
    /** Share of true near contacts of a kind that the tracers find. */
    foundHousehold: Figure,
    foundWorkOrSchool: Figure,
    foundVenue: Figure,
    handOverAnswer: Delay,
  },
  { additionalProperties: false },
);

const Transport = Type.Object(
  {
    vehicles: Figure,
    seats: Figure,
    dispatch: Delay,
    drive: Delay,
    hospitalDispatch: Delay,
  },
  { additionalProperties: false },
);

const Clinic = Type.Object(
  {
    visitToResult: Delay,
    diagnosis: Delay,
    report: Delay,
  },
  { additionalProperties: false },
);

const Command = Type.Object(
  {
    briefings: Type.Array(TimeText, { minItems: 1, maxItems: 6 }),
    briefingsSource: Type.String({ minLength: 1 }),
    /** First positive to the order of the first round. */
    firstRound: Delay,
    roundEveryHours: Figure,
    /** First positive to people of the first unit staying at home. */
    homeConfinement: Delay,
    zoneDecision: Delay,
    inspectionTeams: Figure,
    gridVisit: Delay,
  },
  { additionalProperties: false },
);

/** Rates of the mistakes that people and machines make; each is a share of its events. */
const Mistakes = Type.Object(
  {
    wrongTube: Figure,
    missedSample: Figure,
    tubeLeaks: Figure,
    tubeLost: Figure,
    invalidResult: Figure,
    duplicateUpload: Figure,
    lateUpload: Figure,
    lateUploadDelay: Delay,
    wrongIdentity: Figure,
    contactWrongCounty: Figure,
    taskForgotten: Figure,
  },
  { additionalProperties: false },
);

const Quality = Type.Union([
  Type.Literal("reported_city"),
  Type.Literal("reported_province"),
  Type.Literal("derived"),
  Type.Literal("inferred"),
  Type.Literal("imputed"),
]);

/** One real day by report date: a null says that the split of that day was not published. */
export const RealDay = Type.Object(
  {
    day: DayText,
    confirmed: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    asymptomatic: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    /** The total to draw: confirmed and asymptomatic, missing splits imputed. */
    total: Type.Integer({ minimum: 0 }),
    confirmedQuality: Quality,
    asymptomaticQuality: Quality,
    sources: Type.Array(Type.String(), { minItems: 1 }),
  },
  { additionalProperties: false },
);
export type RealDay = Static<typeof RealDay>;

const RealEvent = Type.Object({ at: InstantText, text: BothLanguages, ...sourced }, { additionalProperties: false });

const RealCounty = Type.Object(
  {
    code: AreaCodeText,
    confirmed: Type.Integer({ minimum: 0 }),
    asymptomatic: Type.Integer({ minimum: 0 }),
    ...sourced,
  },
  { additionalProperties: false },
);

const Real = Type.Object(
  {
    days: Type.Array(RealDay, { maxItems: 400 }),
    counties: Type.Array(RealCounty, { maxItems: 200 }),
    events: Type.Array(RealEvent, { maxItems: 200 }),
    firstPositive: InstantText,
    communityZero: Type.Union([DayText, Type.Null()]),
    zeroNew: Type.Union([DayText, Type.Null()]),
    zonesLifted: Type.Union([InstantText, Type.Null()]),
    ...sourced,
  },
  { additionalProperties: false },
);

const SourceText = Type.Object(
  { title: Type.String({ minLength: 1 }), url: Type.Optional(Type.String()) },
  { additionalProperties: false },
);

const Kilometres = Type.Number({ exclusiveMinimum: 0, maximum: 50 });

/** How far invented points may lie from the point of their area; without this, places stand where their area does. */
const Positions = Type.Object(
  {
    assumed: Type.Literal(true),
    why: Type.String({ minLength: 8 }),
    /** Sampling sites from the town's point. */
    siteKm: Kilometres,
    /** Laboratories and clinics from the county's seat. */
    seatKm: Kilometres,
  },
  { additionalProperties: false },
);

/** A drill as data: who lives there, what comes in, with what the city answers, and what really happened. */
export const Scenario = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z0-9]+(-[a-z0-9]+)*$" }),
    name: BothLanguages,
    summary: BothLanguages,
    timeZone: Type.String({ minLength: 1 }),
    /** A protocol file's name without `.yaml`. */
    protocol: Type.String({ minLength: 1 }),
    /** Natural history of the disease, a file beside this one. */
    disease: Type.String({ pattern: "^[a-z0-9.-]+\\.yaml$" }),
    /** The area whose command post runs the drill: a city (4 digits) or a county (6 digits). */
    areaCode: AreaCodeText,
    sources: Type.Record(Type.String(), SourceText),
    population: Population,
    dailyLife: DailyLife,
    seeds: Type.Array(Seed, { minItems: 1, maxItems: 50 }),
    firstPositive: FirstPositive,
    isolation: Isolation,
    sampling: Sampling,
    courier: Courier,
    labs: Labs,
    positions: Type.Optional(Positions),
    tracing: Tracing,
    transport: Transport,
    clinic: Clinic,
    command: Command,
    /** Head counts of those who were called up; for the page and the report, not used by the model. */
    mobilised: Type.Record(Type.String(), Figure),
    mistakes: Mistakes,
    /** What happened; null when the story is invented. */
    real: Type.Union([Real, Type.Null()]),
  },
  { additionalProperties: false },
);
export type Scenario = Static<typeof Scenario>;
