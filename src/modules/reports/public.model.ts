import Type, { type Static } from "typebox";
import { nullable, oneOf } from "#domain/outbreaks";

const Area = Type.String({ pattern: "^[0-9A-Za-z]{2,20}$" });
const textCharsMax = 20_000;

export const publicationKinds = ["bulletin", "notice"] as const;
export const publicationStates = ["draft", "submitted", "published", "withdrawn"] as const;
export const requestKinds = [
  "medicalCare",
  "medicine",
  "dialysis",
  "food",
  "mask",
  "transport",
  "testing",
  "travel",
  "other",
] as const;
export type RequestKind = (typeof requestKinds)[number];
export const requestStates = ["asked", "referred", "answered", "confirmed"] as const;
export const rumourStates = ["recorded", "checked", "published", "closed"] as const;
export const verdicts = ["true", "partly", "false", "unknown"] as const;

export const BothTexts = Type.Object({
  "zh-CN": Type.String({ minLength: 1, maxLength: textCharsMax }),
  en: Type.String({ minLength: 1, maxLength: textCharsMax }),
});
export type BothTexts = Static<typeof BothTexts>;

export const Publication = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  kind: oneOf(publicationKinds),
  no: nullable(Type.Integer()),
  title: BothTexts,
  body: BothTexts,
  state: oneOf(publicationStates),
  writtenBy: Type.String(),
  writtenAt: Type.String(),
  dueAt: Type.String(),
  signedBy: nullable(Type.String()),
  signedAt: nullable(Type.String()),
  validTo: nullable(Type.String()),
  reason: nullable(Type.String()),
  sentBack: Type.Integer(),
});
export type Publication = Static<typeof Publication>;

export const DraftNotice = Type.Object({
  areaCode: Area,
  title: BothTexts,
  body: BothTexts,
  validTo: Type.Optional(Type.String({ format: "date-time" })),
});
export type DraftNotice = Static<typeof DraftNotice>;

export const EditPublication = Type.Object({ title: BothTexts, body: BothTexts });

/** A resident's request as the lists show it: without what was written and without the number. */
export const RequestRow = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  receipt: Type.String(),
  kind: oneOf(requestKinds),
  askedAt: Type.String(),
  dueAt: Type.String(),
  state: oneOf(requestStates),
  answeredAt: nullable(Type.String()),
  late: Type.Boolean(),
});
export type RequestRow = Static<typeof RequestRow>;

/** The whole request; opened for a purpose only. */
export const RequestDetail = Type.Object({
  ...RequestRow.properties,
  text: Type.String(),
  phone: nullable(Type.String()),
  answer: nullable(Type.String()),
  answeredBy: nullable(Type.String()),
});
export type RequestDetail = Static<typeof RequestDetail>;

export const AskForHelp = Type.Object({
  areaCode: Area,
  kind: oneOf(requestKinds),
  text: Type.String({ minLength: 2, maxLength: 1_000 }),
  phone: Type.Optional(Type.String({ minLength: 5, maxLength: 20 })),
});
export type AskForHelp = Static<typeof AskForHelp>;

/** What a resident sees of their own request, by its receipt. */
export const RequestStatus = Type.Object({
  receipt: Type.String(),
  kind: oneOf(requestKinds),
  state: oneOf(requestStates),
  askedAt: Type.String(),
  dueAt: Type.String(),
  answer: nullable(Type.String()),
});
export type RequestStatus = Static<typeof RequestStatus>;

export const AnswerRequest = Type.Object({
  answer: Type.String({ minLength: 2, maxLength: 1_000 }),
  /** True when somebody else must still act; the request then stays open. */
  referred: Type.Optional(Type.Boolean()),
});

export const Rumour = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  claim: Type.String(),
  seenWhere: Type.String(),
  recordedAt: Type.String(),
  dueAt: Type.String(),
  state: oneOf(rumourStates),
  verdict: nullable(oneOf(verdicts)),
  fact: nullable(BothTexts),
  source: nullable(Type.String()),
  checkedBy: nullable(Type.String()),
  signedBy: nullable(Type.String()),
  signedAt: nullable(Type.String()),
  late: Type.Boolean(),
});
export type Rumour = Static<typeof Rumour>;

export const RecordRumour = Type.Object({
  areaCode: Area,
  claim: Type.String({ minLength: 4, maxLength: 1_000 }),
  seenWhere: Type.String({ minLength: 1, maxLength: 200, description: "a group, a market; never who said it" }),
});
export type RecordRumour = Static<typeof RecordRumour>;

export const CheckRumour = Type.Object({
  verdict: oneOf(verdicts),
  fact: BothTexts,
  source: Type.String({ minLength: 2, maxLength: 400 }),
});

export const PublicQuery = Type.Object({
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
  state: Type.Optional(Type.String({ maxLength: 20 })),
  kind: Type.Optional(Type.String({ maxLength: 20 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type PublicQuery = Static<typeof PublicQuery>;

/** A place a case was at, as it may be published: a public place, a day and a band of hours. */
export interface PublicPlace {
  readonly name: string;
  readonly nameEn: string;
  readonly day: string;
  readonly band: TimeBand;
}

export const timeBands = ["night", "morning", "noon", "afternoon", "evening"] as const;
export type TimeBand = (typeof timeBands)[number];

export const vocabulary = {
  "publicinfo.values.kind": publicationKinds,
  "publicinfo.values.state": publicationStates,
  "publicinfo.values.requestKind": requestKinds,
  "publicinfo.values.requestState": requestStates,
  "publicinfo.values.rumourState": rumourStates,
  "publicinfo.values.verdict": verdicts,
} as const;
