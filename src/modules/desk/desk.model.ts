import Type, { type Static } from "typebox";
import { Moment, nullable, oneOf, strict } from "#domain/outbreaks";

/** So many views may an account keep. */
export const viewsPerAccountMax = 50;
const nameCharsMax = 60;
const pagePath = Type.String({ pattern: "^/[a-z0-9/-]{0,99}$" });
const areaText = Type.String();

/** A list as somebody keeps it: its filters and its columns, under a name. */
export const SavedView = Type.Object({
  id: Type.String(),
  page: Type.String(),
  name: Type.String(),
  search: Type.Record(Type.String(), Type.String()),
  columns: Type.Array(Type.String()),
  shared: Type.Boolean(),
  own: Type.Boolean(),
});
export type SavedView = Static<typeof SavedView>;

export const SaveView = strict({
  page: pagePath,
  name: Type.String({ minLength: 1, maxLength: nameCharsMax }),
  search: Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 200 }), { maxProperties: 30 }),
  columns: Type.Array(Type.String({ maxLength: 60 }), { maxItems: 60 }),
  shared: Type.Boolean(),
});
export type SaveView = Static<typeof SaveView>;

export const ViewQuery = Type.Object({ page: pagePath });

/** So many records may one timeline be about. */
export const timelineSubjectsMax = 20;
const subjectText = "^[a-zA-Z]{2,40}:[A-Za-z0-9._-]{1,100}$";

export const TimelineQuery = Type.Object({
  subject: Type.Array(Type.String({ pattern: subjectText, maxLength: 141 }), {
    minItems: 1,
    maxItems: timelineSubjectsMax,
    description: "type:id, once for each record",
  }),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type TimelineQuery = Static<typeof TimelineQuery>;

/** Who did it, as far as a reader of the record may know: role and area, never a person's name. */
export const Doer = Type.Object({
  roles: Type.Array(Type.String()),
  areaCode: nullable(areaText),
  own: Type.Boolean(),
});
export type Doer = Static<typeof Doer>;

export const TimelineItem = Type.Object({
  id: Type.String(),
  at: Moment,
  /** The event, or `desk.looked` for a look at personal data. */
  name: Type.String(),
  subjectType: Type.String(),
  subjectId: Type.String(),
  areaCode: areaText,
  by: Doer,
  /** The event whose reaction it was. */
  cause: nullable(Type.String()),
  /** The kind of a task, the levels of a zone: words of the system, nothing anybody typed. */
  detail: Type.Record(Type.String(), Type.String()),
});
export type TimelineItem = Static<typeof TimelineItem>;

/** Work that is still open on the record. */
export const NextStep = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  ownerTeam: Type.String(),
  areaCode: areaText,
  state: Type.String(),
  dueAt: Moment,
});
export type NextStep = Static<typeof NextStep>;

export const Timeline = Type.Object({
  items: Type.Array(TimelineItem),
  next: nullable(Type.String()),
  /** What happens next, due first; with the first page only. */
  open: Type.Array(NextStep),
});
export type Timeline = Static<typeof Timeline>;

/** What one search finds, by kind. */
export const foundKinds = ["tube", "case", "zone", "site", "area", "venue", "team", "checkpoint", "task"] as const;

export const SearchQuery = Type.Object({
  q: Type.String({ minLength: 1, maxLength: 60 }),
  /** Kinds of task whose words, in the reader's language, hold the text. */
  taskKind: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 20 })),
});
export type SearchQuery = Static<typeof SearchQuery>;

/** A record by its own name; a person is never among them. */
export const Found = Type.Object({
  kind: oneOf(foundKinds),
  id: Type.String(),
  name: Type.String(),
  areaCode: areaText,
  /** The record's own kind, state or level. */
  detail: Type.String(),
});
export type Found = Static<typeof Found>;

export const FindPerson = strict({ key: Type.String({ minLength: 5, maxLength: 40 }) });

/** A person found by a full number, with the records that stand behind. */
export const FoundPerson = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  areaCode: areaText,
  caseIds: Type.Array(Type.String()),
  contactIds: Type.Array(Type.String()),
});
export type FoundPerson = Static<typeof FoundPerson>;

/** What calls for attention. */
export const noticeKinds = [
  "task",
  "soon",
  "late",
  "escalated",
  "sentBack",
  "directive",
  "handOver",
  "tubePositive",
  "zonePublished",
  "zoneLevel",
  "briefing",
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export const Notice = Type.Object({
  id: Type.String(),
  at: Moment,
  kind: oneOf(noticeKinds),
  areaCode: areaText,
  subjectType: Type.String(),
  subjectId: Type.String(),
  /** The task, where it is about one. */
  taskId: nullable(Type.String()),
  taskKind: nullable(Type.String()),
  /** The level a zone came to. */
  level: nullable(Type.String()),
  dueAt: nullable(Moment),
  read: Type.Boolean(),
});
export type Notice = Static<typeof Notice>;

export const NoticeQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type NoticeQuery = Static<typeof NoticeQuery>;

/** More than this many unread ones are shown as this many and more. */
export const unreadMax = 99;

export const NoticePage = Type.Object({
  items: Type.Array(Notice),
  next: nullable(Type.String()),
  unread: Type.Integer(),
  /** The outbreak's present, for a desk that has heard no other clock yet. */
  now: Moment,
});
export type NoticePage = Static<typeof NoticePage>;

export const MarkRead = strict({
  /** Everything that came in up to this moment. */
  until: Type.Optional(Type.String({ format: "date-time", maxLength: 30 })),
  notices: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 120 }), { maxItems: 200 })),
});
export type MarkRead = Static<typeof MarkRead>;
