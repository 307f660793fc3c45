import Type, { type Static } from "typebox";
import { doorKinds, halves, needKinds, streetKinds, nullable, oneOf, page, sorts } from "#domain/outbreaks";

/** Shapes of grid work: grids and workers, door lists, needs, street rounds, people without a door. */

const Id = Type.String({ format: "uuid" });
const Area = Type.String({ minLength: 4, maxLength: 20 });
const Moment = Type.String({ format: "date-time" });
const paging = {
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
};

export const rowsPerCallMax = 2_000;
const rows = <T extends Type.TSchema>(row: T) => Type.Array(row, { minItems: 1, maxItems: rowsPerCallMax });

export const workerRoles = ["gridWorker", "cadre", "volunteer"] as const;
export const listStates = ["open", "closed"] as const;
export const itemStates = ["open", "done", "notHome", "refused", "moved", "lapsed"] as const;
/** What a visit may come to. */
export const visitOutcomes = ["done", "notHome", "refused", "moved"] as const;
export const proofMethods = ["qr", "photo", "signature", "location", "swab"] as const;
export const reachKinds = ["roughSleeper", "wastePicker", "boatDweller", "seasonalWorker", "other"] as const;
export const reachOutcomes = ["met", "tested", "refused", "notFound"] as const;
export const needStates = ["asked", "accepted", "delivered", "confirmed", "refused"] as const;
export const needCauses = ["zone", "home", "request"] as const;
export const streetStates = ["open", "partial", "done"] as const;

/** The words a page shows for values, checked against the locales. */
export const vocabulary = {
  "grid.values.workerRole": workerRoles,
  "grid.values.doorKind": doorKinds,
  "grid.values.listState": listStates,
  "grid.values.itemState": itemStates,
  "grid.values.proof": proofMethods,
  "grid.values.reachKind": reachKinds,
  "grid.values.reachOutcome": reachOutcomes,
  "grid.values.needKind": needKinds,
  "grid.values.needState": needStates,
  "grid.values.needCause": needCauses,
  "grid.values.streetKind": streetKinds,
  "grid.values.streetState": streetStates,
  "grid.values.half": halves,
} as const;

export const GridRow = Type.Object({
  code: Type.String(),
  areaCode: Type.String(),
  name: Type.String(),
  households: Type.Integer(),
  workers: Type.Integer(),
});
export type GridRow = Static<typeof GridRow>;
export const GridPage = page(GridRow);
export const GridQuery = Type.Object(paging);
export type GridQuery = Static<typeof GridQuery>;

export const CutGrids = Type.Object({ areaCode: Area });
export const CutAnswer = Type.Object({ villages: Type.Integer(), grids: Type.Integer(), households: Type.Integer() });
export type CutAnswer = Static<typeof CutAnswer>;

export const WorkerRow = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  gridCode: nullable(Type.String()),
  no: Type.String(),
  name: Type.String(),
  role: oneOf(workerRoles),
  account: nullable(Type.String()),
  /** The last four figures. */
  phoneEnd: nullable(Type.String()),
  active: Type.Boolean(),
});
export type WorkerRow = Static<typeof WorkerRow>;
export const WorkerPage = page(WorkerRow);

/** A worker as a town's list brings them. */
export interface NewWorker {
  readonly areaCode: string;
  readonly gridCode?: string | undefined;
  readonly no: string;
  readonly name: string;
  readonly role: (typeof workerRoles)[number];
  readonly account?: string | undefined;
  readonly phone?: string | undefined;
}

export const RegisterWorkers = Type.Object({
  workers: rows(
    Type.Object({
      areaCode: Area,
      gridCode: Type.Optional(Type.String({ maxLength: 24 })),
      no: Type.String({ minLength: 1, maxLength: 40 }),
      name: Type.String({ minLength: 1, maxLength: 80 }),
      role: oneOf(workerRoles),
      account: Type.Optional(Type.String({ maxLength: 80 })),
      phone: Type.Optional(Type.String({ maxLength: 30 })),
    }),
  ),
});

/** What was wrong with a row of a call: its place in the call and the rule that refused it. */
export const RowRefusal = Type.Object({ row: Type.Integer(), rule: Type.String(), why: Type.String() });
export type RowRefusal = Static<typeof RowRefusal>;
export const TakenAnswer = Type.Object({
  taken: Type.Integer(),
  known: Type.Integer(),
  refused: Type.Array(RowRefusal),
});
export type TakenAnswer = Static<typeof TakenAnswer>;

export const DoorList = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  areaName: Type.String(),
  kind: oneOf(doorKinds),
  key: Type.String(),
  roundId: nullable(Type.String()),
  madeAt: Type.String(),
  dueAt: Type.String(),
  state: oneOf(listStates),
  total: Type.Integer(),
  done: Type.Integer(),
  notHome: Type.Integer(),
  refused: Type.Integer(),
  moved: Type.Integer(),
  lapsed: Type.Integer(),
});
export type DoorList = Static<typeof DoorList>;
export const DoorListPage = page(DoorList);
export const DoorListQuery = Type.Object({
  ...paging,
  state: Type.Optional(oneOf(listStates)),
  kind: Type.Optional(oneOf(doorKinds)),
  sort: sorts("due", "done"),
});
export type DoorListQuery = Static<typeof DoorListQuery>;

export const MakeDoorList = Type.Object({
  kind: oneOf(doorKinds),
  areaCode: Area,
  /** The round whose untested are wanted. */
  roundId: Type.Optional(Id),
  /** Names the list among its kind; the same name again adds nothing twice. */
  key: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
  /** Who is to be visited, for returnees known elsewhere. */
  personIds: Type.Optional(Type.Array(Type.Integer(), { maxItems: rowsPerCallMax })),
});
export type MakeDoorList = Static<typeof MakeDoorList>;
export const MadeLists = Type.Object({ lists: Type.Integer(), items: Type.Integer() });
export type MadeLists = Static<typeof MadeLists>;

export const DoorItem = Type.Object({
  id: Type.String(),
  listId: Type.String(),
  areaCode: Type.String(),
  gridCode: nullable(Type.String()),
  no: Type.Integer(),
  householdId: nullable(Type.Integer()),
  personId: nullable(Type.Integer()),
  dueAt: Type.String(),
  state: oneOf(itemStates),
  attempts: Type.Integer(),
  visitedAt: nullable(Type.String()),
  method: nullable(Type.String()),
  counted: Type.Boolean(),
});
export type DoorItem = Static<typeof DoorItem>;
export const DoorItemPage = page(DoorItem);
export const DoorItemQuery = Type.Object({
  ...paging,
  listId: Type.Optional(Id),
  state: Type.Optional(oneOf(itemStates)),
  sort: sorts("walk", "due"),
});
export type DoorItemQuery = Static<typeof DoorItemQuery>;

export const Visit = Type.Object({
  itemId: Id,
  outcome: oneOf(visitOutcomes),
  at: Moment,
  /** The worker's number in the village, when the list is written in by somebody else. */
  workerNo: Type.Optional(Type.String({ maxLength: 40 })),
  proof: Type.Optional(
    Type.Object({ method: oneOf(proofMethods), ref: Type.Optional(Type.String({ maxLength: 200 })) }),
  ),
});
export type Visit = Static<typeof Visit>;
export const RecordVisits = Type.Object({ visits: rows(Visit) });
export const VisitAnswer = Type.Object({
  recorded: Type.Integer(),
  counted: Type.Integer(),
  escalated: Type.Integer(),
  refused: Type.Array(RowRefusal),
});
export type VisitAnswer = Static<typeof VisitAnswer>;
/** Data of `grid.visited`. */
export interface Visited {
  readonly listIds: readonly string[];
  readonly visits: number;
}

export const Reachable = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  kind: oneOf(reachKinds),
  called: Type.String(),
  usualPlace: Type.String(),
  personId: nullable(Type.Integer()),
  registeredAt: Type.String(),
  lastMetAt: nullable(Type.String()),
  lastTestedAt: nullable(Type.String()),
  lastOutcome: nullable(oneOf(reachOutcomes)),
});
export type Reachable = Static<typeof Reachable>;
export const ReachPage = page(Reachable);
export const ReachQuery = Type.Object({
  ...paging,
  state: Type.Optional(oneOf(reachKinds)),
  sort: sorts("registered", "met", "tested"),
});
export type ReachQuery = Static<typeof ReachQuery>;
export const DueReachQuery = Type.Object({ areaCode: Type.Optional(Area), roundId: Type.Optional(Id) });
export type DueReachQuery = Static<typeof DueReachQuery>;
export const DueReach = Type.Object({
  items: Type.Array(Type.Object({ ...Reachable.properties, why: oneOf(["notTested", "notMet"] as const) })),
});
export type DueReach = Static<typeof DueReach>;

const NewReachable = Type.Object({
  areaCode: Area,
  kind: oneOf(reachKinds),
  called: Type.String({ minLength: 1, maxLength: 80 }),
  usualPlace: Type.String({ minLength: 1, maxLength: 200 }),
  personId: Type.Optional(Type.Integer()),
});
export const RegisterReachable = Type.Object({ people: rows(NewReachable) });
export type RegisterReachable = Static<typeof RegisterReachable>;
export const Meeting = Type.Object({
  id: Id,
  outcome: oneOf(reachOutcomes),
  at: Moment,
  note: Type.Optional(Type.String({ maxLength: 400 })),
});
export const RecordOutreach = Type.Object({ meetings: rows(Meeting) });
export type RecordOutreach = Static<typeof RecordOutreach>;

export const Need = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  areaName: Type.String(),
  householdId: nullable(Type.Integer()),
  place: Type.String(),
  kind: oneOf(needKinds),
  note: Type.String(),
  cause: oneOf(needCauses),
  askedAt: Type.String(),
  dueAt: Type.String(),
  state: oneOf(needStates),
  deliveredAt: nullable(Type.String()),
  late: Type.Boolean(),
});
export type Need = Static<typeof Need>;
export const NeedPage = page(Need);
export const NeedQuery = Type.Object({
  ...paging,
  state: Type.Optional(oneOf(needStates)),
  kind: Type.Optional(oneOf(needKinds)),
  sort: sorts("due", "asked"),
});
export type NeedQuery = Static<typeof NeedQuery>;
const NewNeed = Type.Object({
  areaCode: Area,
  kind: oneOf(needKinds),
  householdId: Type.Optional(Type.Integer()),
  place: Type.Optional(Type.String({ maxLength: 200 })),
  note: Type.Optional(Type.String({ maxLength: 400 })),
  /** The request's own number, so that it is written down once. */
  ref: Type.Optional(Type.String({ maxLength: 80 })),
});
export type NewNeed = Static<typeof NewNeed>;
export const AskNeeds = Type.Object({ needs: rows(NewNeed) });
/** What a household asks for without an account. */
export const PublicNeed = Type.Object({
  areaCode: Area,
  place: Type.String({ minLength: 1, maxLength: 200 }),
  kind: oneOf(needKinds),
  note: Type.Optional(Type.String({ maxLength: 400 })),
});
export type PublicNeed = Static<typeof PublicNeed>;
/** The number is null when the village is not known. */
export const PublicReceipt = Type.Object({ number: nullable(Type.String()), next: Type.String() });
export type PublicReceipt = Static<typeof PublicReceipt>;
export const MoveNeeds = Type.Object({
  ids: rows(Id),
  to: oneOf(["accepted", "delivered", "confirmed", "refused"] as const),
  /** Who of the household confirms, and how. */
  confirmedBy: Type.Optional(Type.String({ maxLength: 80 })),
});
export type MoveNeeds = Static<typeof MoveNeeds>;
export const MovedNeeds = Type.Object({ moved: Type.Integer(), refused: Type.Array(RowRefusal) });
export type MovedNeeds = Static<typeof MovedNeeds>;

export const StreetRound = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  areaName: Type.String(),
  kind: oneOf(streetKinds),
  day: Type.String(),
  half: oneOf(halves),
  dueAt: Type.String(),
  state: oneOf(streetStates),
  lanesDone: Type.Array(Type.String()),
  lanesMissing: Type.Array(Type.String()),
  doneAt: nullable(Type.String()),
  late: Type.Boolean(),
});
export type StreetRound = Static<typeof StreetRound>;
export const StreetPage = page(StreetRound);
export const StreetQuery = Type.Object({
  ...paging,
  state: Type.Optional(oneOf(streetStates)),
  kind: Type.Optional(oneOf(streetKinds)),
});
export type StreetQuery = Static<typeof StreetQuery>;
export const RecordStreets = Type.Object({
  rounds: rows(
    Type.Object({
      id: Id,
      /** The lanes that were walked; absent means every lane. */
      lanes: Type.Optional(Type.Array(Type.String({ maxLength: 80 }), { maxItems: 400 })),
    }),
  ),
});
export type RecordStreets = Static<typeof RecordStreets>;
export const StreetsAnswer = Type.Object({
  done: Type.Integer(),
  partial: Type.Integer(),
  refused: Type.Array(RowRefusal),
});
export type StreetsAnswer = Static<typeof StreetsAnswer>;
export const SetLanes = Type.Object({
  areaCode: Area,
  lanes: Type.Array(Type.String({ minLength: 1, maxLength: 80 }), { minItems: 1, maxItems: 400 }),
});
export type SetLanes = Static<typeof SetLanes>;

export const TextQuery = Type.Object({
  template: Type.String({ maxLength: 60 }),
  areaCode: Area,
  roundId: Type.Optional(Id),
  /** Printable page, or plain words for a loudspeaker. */
  format: Type.Optional(oneOf(["html", "text"] as const)),
});
export type TextQuery = Static<typeof TextQuery>;
export const TextTemplates = Type.Object({
  items: Type.Array(
    Type.Object({ id: Type.String(), kind: oneOf(["leaflet", "loudspeaker"] as const), title: Type.String() }),
  ),
});
export type TextTemplates = Static<typeof TextTemplates>;
