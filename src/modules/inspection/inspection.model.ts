import Type, { type Static } from "typebox";
import { nullable, oneOf, sorts } from "#domain/outbreaks";
import { Checklist, placeTypes, severities } from "./checklist.model.ts";

export const findingStates = ["open", "rectified", "closed", "sentBack", "escalated"] as const;
export type FindingState = (typeof findingStates)[number];
export const answerWords = ["yes", "no", "notApplicable"] as const;
export const photoStages = ["found", "rectified", "checked"] as const;
export type PhotoStage = (typeof photoStages)[number];
export const photoTypes = ["image/jpeg", "image/png", "image/webp"] as const;
/** Penalties, gravest last but one; the last is praise. */
export const sanctionKinds = [
  "warning",
  "notice",
  "interview",
  "suspension",
  "fine",
  "accountability",
  "commendation",
] as const;
export type SanctionKind = (typeof sanctionKinds)[number];

/** Words that the screens show, by the group under which the locales hold them. */
export const vocabulary = {
  "inspection.values.state": findingStates,
  "inspection.values.severity": severities,
  "inspection.values.placeType": placeTypes,
  "inspection.values.sanction": sanctionKinds,
} as const;

/** The kind of the task that a finding gives its owner. */
export const findingTaskKind = "inspectionFinding";

export const visitsPerCallMax = 200;
export const photoBytesMax = 1_048_576;
const photoTextMax = 1_400_000;

const Moment = Type.String({ format: "date-time", maxLength: 30 });
const DayText = Type.String({ format: "date" });
const Area = Type.String({ minLength: 2, maxLength: 20 });
const Code = Type.String({ minLength: 1, maxLength: 60 });
const Name = Type.String({ minLength: 1, maxLength: 200 });
const Note = Type.String({ minLength: 1, maxLength: 1_000 });
const Limit = Type.Optional(Type.Integer({ minimum: 1 }));
const Cursor = Type.Optional(Type.String({ maxLength: 400 }));
const pageOfItems = <T extends Type.TSchema>(items: T) =>
  Type.Object({ items: Type.Array(items), next: nullable(Type.String()) });

export const InspectionTeam = Type.Object({
  code: Code,
  areaCode: Area,
  name: Name,
  nameEn: Name,
  headcount: Type.Integer({ minimum: 1, maximum: 1_000 }),
  /** Accounts of the members. */
  members: Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 }),
});
export type InspectionTeam = Static<typeof InspectionTeam>;
export const TeamPage = pageOfItems(InspectionTeam);
export const RegisterTeams = Type.Object({
  areaCode: Area,
  teams: Type.Array(InspectionTeam, { minItems: 1, maxItems: 2_000 }),
});
export type RegisterTeams = Static<typeof RegisterTeams>;

export const Place = Type.Object({
  code: Code,
  areaCode: Area,
  placeType: oneOf(placeTypes),
  name: Name,
  nameEn: Name,
  /** The venue's code where the place has one. */
  venueCode: nullable(Code),
});
export type Place = Static<typeof Place>;
export const PlacePage = pageOfItems(Place);
export const RegisterPlaces = Type.Object({
  areaCode: Area,
  places: Type.Array(Place, { minItems: 1, maxItems: 10_000 }),
});
export type RegisterPlaces = Static<typeof RegisterPlaces>;

export const NewRoute = Type.Object({
  teamCode: Code,
  day: DayText,
  places: Type.Array(Code, { minItems: 1, maxItems: 200 }),
});
export type NewRoute = Static<typeof NewRoute>;
export const PlanRoutes = Type.Object({
  areaCode: Area,
  routes: Type.Array(NewRoute, { minItems: 1, maxItems: 2_000 }),
});
export type PlanRoutes = Static<typeof PlanRoutes>;
export const RouteRow = Type.Object({
  /** The team and the day, for lists that need one key. */
  id: Type.String(),
  teamCode: Type.String(),
  teamName: Type.String(),
  teamNameEn: Type.String(),
  areaCode: Type.String(),
  day: Type.String(),
  places: Type.Array(Type.String()),
  /** How many of them the team has visited on that day. */
  visited: Type.Integer(),
});
export type RouteRow = Static<typeof RouteRow>;
export const RoutePage = pageOfItems(RouteRow);

export const Answer = Type.Object({
  item: Type.String({ maxLength: 60 }),
  answer: oneOf(answerWords),
  note: Type.Optional(Note),
});
export type Answer = Static<typeof Answer>;

export const NewVisit = Type.Object({
  teamCode: Code,
  placeId: Code,
  at: Moment,
  answers: Type.Array(Answer, { minItems: 1, maxItems: 100 }),
});
export type NewVisit = Static<typeof NewVisit>;
export const RecordInspections = Type.Object({
  areaCode: Area,
  visits: Type.Array(NewVisit, { minItems: 1, maxItems: visitsPerCallMax }),
});
export type RecordInspections = Static<typeof RecordInspections>;

export const VisitRow = Type.Object({
  id: Type.String(),
  teamCode: Type.String(),
  placeType: Type.String(),
  placeId: Type.String(),
  placeName: Type.String(),
  areaCode: Type.String(),
  at: Type.String(),
  checklistId: Type.String(),
  checklistVersion: Type.String(),
  score: nullable(Type.Integer()),
  codePosted: nullable(Type.Boolean()),
  findings: Type.Integer(),
});
export type VisitRow = Static<typeof VisitRow>;
export const VisitPage = pageOfItems(VisitRow);

export const RaisedFinding = Type.Object({
  id: Type.String(),
  placeId: Type.String(),
  item: Type.String(),
  severity: oneOf(severities),
  fixNow: Type.Boolean(),
  ownerTeam: Type.String(),
  areaCode: Type.String(),
  dueAt: Type.String(),
  repeats: Type.Integer(),
});
export type RaisedFinding = Static<typeof RaisedFinding>;
export const InspectionsRecorded = Type.Object({
  recorded: Type.Integer(),
  /** Visits that were here already: a device sent them again. */
  already: Type.Integer(),
  findings: Type.Array(RaisedFinding),
});
export type InspectionsRecorded = Static<typeof InspectionsRecorded>;

export const Finding = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  visitId: nullable(Type.String()),
  teamCode: Type.String(),
  placeType: Type.String(),
  placeId: Type.String(),
  placeName: Type.String(),
  checklistVersion: Type.String(),
  item: Type.String(),
  text: Type.String(),
  textEn: Type.String(),
  note: nullable(Type.String()),
  severity: oneOf(severities),
  fixNow: Type.Boolean(),
  ownerTeam: Type.String(),
  foundAt: Type.String(),
  foundBy: Type.String(),
  dueAt: Type.String(),
  repeats: Type.Integer(),
  state: oneOf(findingStates),
  taskId: nullable(Type.String()),
  fixedBy: nullable(Type.String()),
  fixedAt: nullable(Type.String()),
  fixedNote: nullable(Type.String()),
  checkedBy: nullable(Type.String()),
  checkedAt: nullable(Type.String()),
  checkedNote: nullable(Type.String()),
  closedBy: nullable(Type.String()),
  closedAt: nullable(Type.String()),
  sentBackCount: Type.Integer(),
  escalatedLevel: Type.Integer(),
  escalatedTo: nullable(Type.String()),
});
export type Finding = Static<typeof Finding>;
export const FindingPage = pageOfItems(Finding);

export const Photo = Type.Object({
  id: Type.String(),
  stage: oneOf(photoStages),
  name: Type.String(),
  contentType: Type.String(),
  sha256: Type.String(),
  takenAt: Type.String(),
});
export type Photo = Static<typeof Photo>;
export const FindingDetail = Type.Object({ ...Finding.properties, photos: Type.Array(Photo) });
export type FindingDetail = Static<typeof FindingDetail>;

export const NewPhoto = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 120 }),
  contentType: oneOf(photoTypes),
  takenAt: Moment,
  /** The picture as base64. */
  content: Type.String({ minLength: 1, maxLength: photoTextMax, pattern: "^[A-Za-z0-9+/]+={0,2}$" }),
});
export type NewPhoto = Static<typeof NewPhoto>;

export const Rectify = Type.Object({
  note: Note,
  photos: Type.Array(NewPhoto, { minItems: 1, maxItems: 6 }),
});
export type Rectify = Static<typeof Rectify>;
export const Recheck = Type.Object({
  passed: Type.Boolean(),
  note: Note,
  photos: Type.Optional(Type.Array(NewPhoto, { maxItems: 6 })),
});
export type Recheck = Static<typeof Recheck>;
export const AddPhoto = Type.Object({ stage: oneOf(photoStages), photo: NewPhoto });
export type AddPhoto = Static<typeof AddPhoto>;

export const NewSanction = Type.Object({
  areaCode: Area,
  kind: oneOf(sanctionKinds),
  /** The place or the unit; never a person's name. */
  subject: Name,
  placeId: Type.Optional(Code),
  findingId: Type.Optional(Type.String({ format: "uuid" })),
  reason: Note,
});
export type NewSanction = Static<typeof NewSanction>;
export const Sanction = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  kind: oneOf(sanctionKinds),
  subject: Type.String(),
  placeId: nullable(Type.String()),
  findingId: nullable(Type.String()),
  reason: Type.String(),
  decidedBy: Type.String(),
  decidedAt: Type.String(),
});
export type Sanction = Static<typeof Sanction>;
export const SanctionPage = pageOfItems(Sanction);

export const Repeat = Type.Object({
  placeId: Type.String(),
  placeName: Type.String(),
  areaCode: Type.String(),
  item: Type.String(),
  text: Type.String(),
  textEn: Type.String(),
  times: Type.Integer(),
  lastAt: Type.String(),
  open: Type.Integer(),
  penalties: Type.Integer(),
});
export type Repeat = Static<typeof Repeat>;

export const AccountRow = Type.Object({
  areaCode: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  visits: Type.Integer(),
  findings: Type.Integer(),
  closed: Type.Integer(),
  closedInTime: Type.Integer(),
  /** Of the findings whose deadline has passed or which are closed, the share closed in time. */
  inTimeShare: nullable(Type.Number()),
  late: Type.Integer(),
  sentBack: Type.Integer(),
  penalties: Type.Integer(),
  commendations: Type.Integer(),
});
export type AccountRow = Static<typeof AccountRow>;

export const CoverageRow = Type.Object({
  areaCode: Type.String(),
  kind: Type.String(),
  /** Places that must have a code, registered ones and venues alike. */
  expected: Type.Integer(),
  withCode: Type.Integer(),
  /** Venues whose code was scanned in the days looked at. */
  scanned: Type.Integer(),
  /** Places at whose door somebody looked for the code, at the last visit. */
  visited: Type.Integer(),
  posted: Type.Integer(),
  /** The share of the places visited at which the code hung. */
  postedShare: nullable(Type.Number()),
  codeShare: nullable(Type.Number()),
});
export type CoverageRow = Static<typeof CoverageRow>;

export const FindingQuery = Type.Object({
  areaCode: Type.Optional(Area),
  /** A state, or `unresolved` for everything that is not closed. */
  state: Type.Optional(oneOf([...findingStates, "unresolved"] as const)),
  placeType: Type.Optional(oneOf(placeTypes)),
  overdue: Type.Optional(Type.Boolean()),
  sort: sorts("due", "found", "repeats"),
  limit: Limit,
  cursor: Cursor,
});
export type FindingQuery = Static<typeof FindingQuery>;
export const AreaQuery = Type.Object({ areaCode: Type.Optional(Area), limit: Limit, cursor: Cursor });
export type AreaQuery = Static<typeof AreaQuery>;
export const RouteQuery = Type.Object({ ...AreaQuery.properties, day: Type.Optional(DayText) });
export type RouteQuery = Static<typeof RouteQuery>;
export const FiguresQuery = Type.Object({
  areaCode: Type.Optional(Area),
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 90 })),
});
export type FiguresQuery = Static<typeof FiguresQuery>;
export const ProblemsQuery = Type.Object({ areaCode: Type.Optional(Area), day: Type.Optional(DayText) });
export type ProblemsQuery = Static<typeof ProblemsQuery>;
export const ChecklistList = Type.Object({ items: Type.Array(Checklist) });

/** How inspection stands, for a drill and for the board. */
export interface InspectionTally {
  readonly in: number;
  readonly done: number;
  readonly late: number;
  readonly open: number;
}
