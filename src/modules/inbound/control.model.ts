import Type, { type Static, type TSchema } from "typebox";
import { positionFields } from "#domain/areas";
import { passOutcomes, Moment, nullable, oneOf, sorts } from "#domain/outbreaks";
import { arrivalLevels } from "./inbound.model.ts";

const DayText = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });
const AreaCodeText = Type.String({ minLength: 2, maxLength: 20 });
const Short = Type.String({ minLength: 1, maxLength: 100 });
const Place = Type.String({ minLength: 2, maxLength: 80 });
const Uuid = Type.String({ format: "uuid" });
const PersonId = Type.Integer({ minimum: 1 });

export const checkpointKinds = ["road", "station", "airport"] as const;
export const passKinds = ["person", "vehicle", "goods"] as const;
export const passReasons = [
  "clear",
  "fever",
  "noProof",
  "fromKeyRegion",
  "notDisinfected",
  "testDeclined",
  "vehicleOfKeyRegion",
] as const;
export type PassReason = (typeof passReasons)[number];
export const letterDirections = ["in", "out"] as const;
export const letterStates = ["open", "receipted", "answered"] as const;
export const letterOutcomes = ["found", "notHere", "unreachable"] as const;
export const escortStates = ["planned", "met", "delivered", "cancelled"] as const;
export const escortReasons = ["arrival", "quarantineOver"] as const;
export const workerStates = ["in", "out"] as const;
export const goodsKinds = ["coldChain", "import", "parcel", "other"] as const;
export const goodsStates = ["held", "released", "sealed"] as const;

const listQuery = {
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
};
const pageOfRows = <T extends TSchema>(row: T) =>
  Type.Object({ items: Type.Array(row), next: nullable(Type.String()) });
export const AreaListQuery = Type.Object(listQuery);
export type AreaListQuery = Static<typeof AreaListQuery>;
export const CheckpointQuery = Type.Object({ ...listQuery, sort: sorts("area", "name", "opened") });
export type CheckpointQuery = Static<typeof CheckpointQuery>;

export const OpenCheckpoint = Type.Object(
  {
    areaCode: AreaCodeText,
    code: Short,
    name: Short,
    road: Short,
    kind: oneOf(checkpointKinds),
    ...positionFields,
  },
  { additionalProperties: false },
);
export type OpenCheckpoint = Static<typeof OpenCheckpoint>;
export const Checkpoint = Type.Object({
  id: Type.String(),
  ...OpenCheckpoint.properties,
  lat: nullable(Type.Number()),
  lon: nullable(Type.Number()),
  state: oneOf(["open", "closed"] as const),
  openedAt: Moment,
  /** Who leads the shift on duty now; null = nobody is on the list. */
  lead: nullable(Type.String()),
});
export type Checkpoint = Static<typeof Checkpoint>;
export const CheckpointPage = pageOfRows(Checkpoint);
/** Where a checkpoint or a post stands; without either field its place is taken away. */
export const NewPosition = Type.Object(positionFields, { additionalProperties: false });
export const NewShift = Type.Object(
  { startsAt: Moment, endsAt: Moment, lead: Short, staff: Type.Integer({ minimum: 1, maximum: 500 }) },
  { additionalProperties: false },
);
export type NewShift = Static<typeof NewShift>;

/** What the officer sees: the traveller by number, by the code on the telephone, or only the load. */
export const SeenPass = Type.Object(
  {
    kind: oneOf(passKinds),
    at: Type.Optional(Moment),
    /** The number in the traveller's code. */
    receipt: Type.Optional(Type.String({ maxLength: 40 })),
    idKind: Type.Optional(oneOf(["residentId", "passport", "other"] as const)),
    idNumber: Type.Optional(Type.String({ maxLength: 40 })),
    origin: Type.Optional(Place),
    leftOn: Type.Optional(DayText),
    temperature: Type.Optional(Type.Number({ minimum: 34, maximum: 43 })),
    /** Hours since the negative test that is shown; absent = none. */
    proofHours: Type.Optional(Type.Number({ minimum: 0, maximum: 10_000 })),
    testDeclined: Type.Optional(Type.Boolean()),
    plate: Type.Optional(Type.String({ maxLength: 20 })),
    disinfected: Type.Optional(Type.Boolean()),
    /** Who it is and where to, when the traveller did not declare and comes from a listed place. */
    traveller: Type.Optional(Type.Object({ name: Short, areaCode: AreaCodeText }, { additionalProperties: false })),
  },
  { additionalProperties: false },
);
export type SeenPass = Static<typeof SeenPass>;
export const RecordPasses = Type.Object(
  { passes: Type.Array(SeenPass, { minItems: 1, maxItems: 5_000 }) },
  { additionalProperties: false },
);
export const PassesRecorded = Type.Object({
  outcomes: Type.Array(Type.Object({ outcome: oneOf(passOutcomes), reason: oneOf(passReasons) })),
});
export type PassesRecorded = Static<typeof PassesRecorded>;
export const Pass = Type.Object({
  id: Type.String(),
  checkpointId: Type.String(),
  areaCode: Type.String(),
  at: Moment,
  kind: oneOf(passKinds),
  outcome: oneOf(passOutcomes),
  reason: oneOf(passReasons),
  level: oneOf(arrivalLevels),
  temperature: nullable(Type.Number()),
  disinfected: Type.Boolean(),
});
export type Pass = Static<typeof Pass>;
export const PassPage = pageOfRows(Pass);
export const PassQuery = Type.Object({ ...listQuery, state: Type.Optional(oneOf(passOutcomes)) });
export type PassQuery = Static<typeof PassQuery>;

const LetterPersonIn = Type.Object(
  {
    areaCode: AreaCodeText,
    name: Short,
    idKind: Type.Optional(oneOf(["residentId", "passport", "other"] as const)),
    idNumber: Type.Optional(Type.String({ maxLength: 40 })),
    phone: Type.Optional(Type.String({ maxLength: 20 })),
    origin: Place,
    leftOn: DayText,
  },
  { additionalProperties: false },
);
export type LetterPersonIn = Static<typeof LetterPersonIn>;
export const NewLetter = Type.Object(
  {
    direction: oneOf(letterDirections),
    areaCode: AreaCodeText,
    counterpart: Short,
    reference: Short,
    people: Type.Array(LetterPersonIn, { minItems: 1, maxItems: 2_000 }),
  },
  { additionalProperties: false },
);
export type NewLetter = Static<typeof NewLetter>;
export const Letter = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  direction: oneOf(letterDirections),
  counterpart: Type.String(),
  reference: Type.String(),
  state: oneOf(letterStates),
  at: Moment,
  dueAt: Moment,
  receiptAt: nullable(Moment),
  answeredAt: nullable(Moment),
  people: Type.Integer(),
  pending: Type.Integer(),
  late: Type.Boolean(),
});
export type Letter = Static<typeof Letter>;
export const LetterPage = pageOfRows(Letter);
export const LetterQuery = Type.Object({ ...listQuery, state: Type.Optional(oneOf(letterStates)) });
export type LetterQuery = Static<typeof LetterQuery>;
export const LetterPerson = Type.Object({
  id: Type.String(),
  letterId: Type.String(),
  reference: Type.String(),
  line: Type.Integer(),
  areaCode: Type.String(),
  name: Type.String(),
  idLast4: nullable(Type.String()),
  origin: Type.String(),
  leftOn: Type.String(),
  outcome: nullable(oneOf(letterOutcomes)),
});
export type LetterPerson = Static<typeof LetterPerson>;
export const LetterPersonPage = pageOfRows(LetterPerson);
export const LetterPersonQuery = Type.Object({ ...listQuery, letterId: Type.Optional(Uuid) });
export type LetterPersonQuery = Static<typeof LetterPersonQuery>;
/** What was found of one person of a letter, named by the line. */
export const SetOutcome = Type.Object(
  { line: Type.Integer({ minimum: 1 }), outcome: oneOf(letterOutcomes) },
  { additionalProperties: false },
);
export const SetOutcomes = Type.Object(
  { outcomes: Type.Array(SetOutcome, { minItems: 1, maxItems: 2_000 }) },
  { additionalProperties: false },
);
export type SetOutcomes = Static<typeof SetOutcomes>;

export const PlanEscort = Type.Object(
  {
    areaCode: AreaCodeText,
    declarationId: Type.Optional(Uuid),
    personId: Type.Optional(PersonId),
    reason: oneOf(escortReasons),
    place: Short,
    /** When the person will stand there; now when absent. */
    meetAt: Type.Optional(Moment),
  },
  { additionalProperties: false },
);
export type PlanEscort = Static<typeof PlanEscort>;
export const PlanEscorts = Type.Object(
  { escorts: Type.Array(PlanEscort, { minItems: 1, maxItems: 1_000 }) },
  { additionalProperties: false },
);
export const Escort = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  declarationId: nullable(Type.String()),
  reason: oneOf(escortReasons),
  place: Type.String(),
  vehicle: nullable(Type.String()),
  state: oneOf(escortStates),
  dueAt: Moment,
  metAt: nullable(Moment),
  deliveredAt: nullable(Moment),
  late: Type.Boolean(),
});
export type Escort = Static<typeof Escort>;
export const EscortPage = pageOfRows(Escort);
export const EscortQuery = Type.Object({ ...listQuery, state: Type.Optional(oneOf(escortStates)) });
export type EscortQuery = Static<typeof EscortQuery>;
export const MeetEscorts = Type.Object(
  { ids: Type.Array(Uuid, { minItems: 1, maxItems: 1_000 }), vehicle: Type.String({ minLength: 1, maxLength: 20 }) },
  { additionalProperties: false },
);

export const NewPost = Type.Object(
  { areaCode: AreaCodeText, code: Short, name: Short, trade: Short, ...positionFields },
  { additionalProperties: false },
);
export type NewPost = Static<typeof NewPost>;
export const Post = Type.Object({
  id: Type.String(),
  ...NewPost.properties,
  lat: nullable(Type.Number()),
  lon: nullable(Type.Number()),
  testEveryDays: Type.Integer(),
  loopDaysMax: nullable(Type.Integer()),
  workers: Type.Integer(),
  /** Whose test is due today or was. */
  due: Type.Integer(),
  /** Who has been in the loop for longer than the shift may last. */
  rotate: Type.Integer(),
});
export type Post = Static<typeof Post>;
export const PostPage = pageOfRows(Post);
export const PostPeople = Type.Object(
  { personIds: Type.Array(PersonId, { minItems: 1, maxItems: 2_000 }) },
  { additionalProperties: false },
);
export type PostPeople = Static<typeof PostPeople>;
export const RecordWorkerTests = Type.Object(
  {
    tests: Type.Array(
      Type.Object(
        { personId: PersonId, result: oneOf(["negative", "positive"] as const) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 2_000 },
    ),
  },
  { additionalProperties: false },
);
export type RecordWorkerTests = Static<typeof RecordWorkerTests>;
export const Worker = Type.Object({
  postId: Type.String(),
  post: Type.String(),
  trade: Type.String(),
  areaCode: Type.String(),
  personId: Type.Integer(),
  state: oneOf(workerStates),
  since: Type.String(),
  lastTestOn: nullable(Type.String()),
  nextTestOn: Type.String(),
});
export type Worker = Static<typeof Worker>;
export const WorkerPage = pageOfRows(Worker);

export const NewGoods = Type.Object(
  { areaCode: AreaCodeText, batch: Short, kind: oneOf(goodsKinds), origin: Place },
  { additionalProperties: false },
);
export type NewGoods = Static<typeof NewGoods>;
export const Goods = Type.Object({
  id: Type.String(),
  ...NewGoods.properties,
  level: oneOf(arrivalLevels),
  state: oneOf(goodsStates),
  arrivedAt: Moment,
  dueAt: Moment,
  samples: Type.Integer(),
  positives: nullable(Type.Integer()),
  disinfectedAt: nullable(Moment),
  late: Type.Boolean(),
});
export type Goods = Static<typeof Goods>;
export const GoodsPage = pageOfRows(Goods);
export const GoodsQuery = Type.Object({ ...listQuery, state: Type.Optional(oneOf(goodsStates)) });
export type GoodsQuery = Static<typeof GoodsQuery>;
export const GoodsResult = Type.Object(
  { samples: Type.Integer({ minimum: 1, maximum: 1_000 }), positives: Type.Integer({ minimum: 0, maximum: 1_000 }) },
  { additionalProperties: false },
);
