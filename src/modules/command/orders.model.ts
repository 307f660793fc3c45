import Type, { type Static } from "typebox";
import { Moment, nullable, oneOf } from "#domain/outbreaks";

/** Directives, their relays to the counties, and the minutes of the briefings. */

export const directiveKinds = ["above", "level", "own"] as const;
export type DirectiveKind = (typeof directiveKinds)[number];
export const relayStates = ["relayed", "received", "reported", "accepted", "sentBack"] as const;
export type RelayState = (typeof relayStates)[number];

const titleCharsMax = 200;
const bodyCharsMax = 5_000;
export const photosMax = 20;

const bothOf = (maxLength: number) =>
  Type.Object({
    "zh-CN": Type.String({ minLength: 1, maxLength }),
    en: Type.String({ minLength: 1, maxLength }),
  });

/** A directive as the command post passes it on. */
export const NewDirective = Type.Object(
  {
    kind: oneOf(["above", "own"] as const),
    issuedBy: Type.String({ minLength: 1, maxLength: 100 }),
    /** The issuer's number of the document; relaying it again gives the directive that is there. */
    documentNo: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
    title: bothOf(titleCharsMax),
    body: bothOf(bodyCharsMax),
    /** When it reached the command post; now when absent. */
    receivedAt: Type.Optional(Moment),
    /** When the counties must have reported; the protocol's hours when absent. */
    reportDueAt: Type.Optional(Moment),
  },
  { additionalProperties: false },
);
export type NewDirective = Static<typeof NewDirective>;

/** A directive with how far its counties are, as far as the reader sees them. */
export const DirectiveCard = Type.Object({
  id: Type.String(),
  no: Type.Integer(),
  kind: oneOf(directiveKinds),
  areaCode: Type.String(),
  issuedBy: Type.String(),
  documentNo: nullable(Type.String()),
  title: bothOf(titleCharsMax),
  body: bothOf(bodyCharsMax),
  receivedAt: Moment,
  relayDueAt: Moment,
  relayedAt: Moment,
  receiptDueAt: Moment,
  reportDueAt: Moment,
  counties: Type.Integer(),
  received: Type.Integer(),
  reported: Type.Integer(),
  accepted: Type.Integer(),
  late: Type.Integer(),
});
export type DirectiveCard = Static<typeof DirectiveCard>;

/** What one county did with a directive. */
export const Relay = Type.Object({
  id: Type.String(),
  directiveId: Type.String(),
  no: Type.Integer(),
  title: bothOf(titleCharsMax),
  areaCode: Type.String(),
  state: oneOf(relayStates),
  receiptDueAt: Moment,
  receivedAt: nullable(Moment),
  receivedBy: nullable(Type.String()),
  reportDueAt: Moment,
  reportedAt: nullable(Moment),
  reportedBy: nullable(Type.String()),
  report: nullable(Type.String()),
  photos: Type.Array(Type.String()),
  acceptedAt: nullable(Moment),
  acceptedBy: nullable(Type.String()),
  sentBack: Type.Integer(),
  sentBackReason: nullable(Type.String()),
  receiptLate: Type.Boolean(),
  reportLate: Type.Boolean(),
});
export type Relay = Static<typeof Relay>;

export const DirectiveDetail = Type.Object({ ...DirectiveCard.properties, relays: Type.Array(Relay) });
export type DirectiveDetail = Static<typeof DirectiveDetail>;

export const RelayReport = Type.Object(
  {
    report: Type.String({ minLength: 2, maxLength: bodyCharsMax }),
    photos: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: photosMax })),
  },
  { additionalProperties: false },
);
export type RelayReport = Static<typeof RelayReport>;

export const RelayQuery = Type.Object({
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
  state: Type.Optional(Type.String({ maxLength: 20 })),
  /** Only those past the deadline of their receipt or report. */
  late: Type.Optional(Type.Boolean()),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type RelayQuery = Static<typeof RelayQuery>;

/** The minutes of a briefing as somebody wrote or corrected them. */
export const WriteMinutes = Type.Object(
  {
    /** Offices and posts that were there. */
    present: Type.String({ minLength: 2, maxLength: 2_000 }),
    text: Type.String({ minLength: 2, maxLength: 20_000 }),
  },
  { additionalProperties: false },
);
export type WriteMinutes = Static<typeof WriteMinutes>;

export const Minutes = Type.Object({
  version: Type.Integer(),
  present: Type.String(),
  text: Type.String(),
  dueAt: Moment,
  writtenAt: Moment,
  writtenBy: Type.String(),
});
export type Minutes = Static<typeof Minutes>;

/** Data of `command.directiveRelayed`; told in the chronicle. */
export interface DirectiveRelayed {
  readonly no: number;
  readonly kind: DirectiveKind;
  readonly counties: number;
  readonly titleZh: string;
  readonly titleEn: string;
}
