import Type, { type Static } from "typebox";
import { nullable, sorts } from "#domain/outbreaks";
import type { IdKind } from "./people.model.ts";

const words = <const V extends readonly string[]>(values: V) =>
  Type.Unsafe<V[number]>({ type: "string", enum: [...values] });
const Day = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });
const Code = Type.String({ pattern: "^[0-9A-Za-z_-]{1,60}$" });

export const registerKinds = ["population", "coInvestigation", "trade"] as const;
export type RegisterKind = (typeof registerKinds)[number];
export const entryStates = ["new", "review", "linked", "rejected"] as const;
export type EntryState = (typeof entryStates)[number];
export const linkHows = ["exactId", "exactPhoneName", "byHand", "newPerson"] as const;
export const linkAnswers = ["same", "other", "newPerson"] as const;
export const idStates = ["valid", "invalid", "missing"] as const;
export const agreements = [
  "equal",
  "similar",
  "swapped",
  "yearOff",
  "partOff",
  "different",
  "unknown",
  "village",
  "town",
  "county",
  "elsewhere",
] as const;

export const NewRegister = Type.Object(
  {
    code: Code,
    kind: words(registerKinds),
    owner: Type.String({ minLength: 1, maxLength: 200 }),
    areaCode: Type.String({ pattern: "^[0-9A-Za-z]{2,20}$" }),
    askedOn: Type.Optional(Day),
    electronicSince: Type.Optional(Day),
  },
  { additionalProperties: false },
);
export type NewRegister = Static<typeof NewRegister>;

/** A register with what it is worth. */
export const Source = Type.Object({
  code: Type.String(),
  areaCode: Type.String(),
  kind: words(registerKinds),
  owner: Type.String(),
  askedOn: Type.String(),
  electronicSince: nullable(Type.String()),
  entries: Type.Integer(),
  withId: Type.Integer(),
  validId: Type.Integer(),
  linked: Type.Integer(),
  review: Type.Integer(),
  duplicates: Type.Integer(),
  quality: nullable(Type.Number()),
});
export type Source = Static<typeof Source>;
export const SourcePage = Type.Object({ items: Type.Array(Source), next: nullable(Type.String()) });

/** A row of a register as it comes in. */
export interface NewEntry {
  readonly register: string;
  readonly ref: string;
  readonly areaCode: string;
  readonly name: string;
  readonly birthDate?: string;
  readonly sex?: "male" | "female" | "unknown";
  readonly address?: string;
  /** A resident number unless it says otherwise. */
  readonly idKind?: IdKind;
  readonly idNumber?: string;
  readonly phone?: string;
}

/** An entry in a list: the name covered but for its first character. */
export const Entry = Type.Object({
  id: Type.Integer(),
  register: Type.String(),
  ref: Type.String(),
  areaCode: Type.String(),
  maskedName: Type.String(),
  idState: words(idStates),
  state: words(entryStates),
  personId: nullable(Type.Integer()),
  receivedAt: Type.String(),
});
export type Entry = Static<typeof Entry>;
export const EntryPage = Type.Object({ items: Type.Array(Entry), next: nullable(Type.String()) });

const Side = {
  name: Type.String(),
  birthDate: nullable(Type.String()),
  sex: Type.String(),
  address: nullable(Type.String()),
  areaCode: Type.String(),
};
/** An entry beside the people it may be. */
export const Review = Type.Object({
  id: Type.Integer(),
  register: Type.String(),
  ref: Type.String(),
  ...Side,
  receivedAt: Type.String(),
  candidates: Type.Array(
    Type.Object({
      personId: Type.Integer(),
      ...Side,
      score: Type.Number(),
      likely: Type.Boolean(),
      parts: Type.Record(Type.String(), Type.String()),
    }),
  ),
});
export type Review = Static<typeof Review>;
export const ReviewPage = Type.Object({ items: Type.Array(Review), next: nullable(Type.String()) });

export const LinkAnswer = Type.Object(
  {
    answer: words(linkAnswers),
    /** The candidate who is the person; needed for `same`. */
    personId: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
);
export type LinkAnswer = Static<typeof LinkAnswer>;

/** What a comparison found. */
export interface LinkTally {
  readonly compared: number;
  readonly linked: number;
  readonly review: number;
  readonly unmatched: number;
}

export const linkageStates = ["running", "done", "cancelled"] as const;

/** A run over the waiting entries of a register. */
export const LinkageRun = Type.Object({
  no: Type.Integer(),
  register: Type.String(),
  areaCode: Type.String(),
  state: words(linkageStates),
  startedName: Type.String(),
  startedAt: Type.String(),
  /** When the last batch was stored. */
  touchedAt: Type.String(),
  endedAt: nullable(Type.String()),
  workedMs: Type.Integer(),
  total: Type.Integer(),
  done: Type.Integer(),
  linked: Type.Integer(),
  review: Type.Integer(),
  unmatched: Type.Integer(),
});
export type LinkageRun = Static<typeof LinkageRun>;

/** A run with its pace. */
export const LinkageProgress = Type.Object({
  ...LinkageRun.properties,
  /** Entries a second while it was worked; null before the first batch. */
  perSecond: nullable(Type.Number()),
  secondsLeft: nullable(Type.Number()),
});
export type LinkageProgress = Static<typeof LinkageProgress>;
export const LinkagePage = Type.Object({ items: Type.Array(LinkageProgress), next: nullable(Type.String()) });

/** How many reporters were electronic on a day, of those asked by then. */
export const ProgressDay = Type.Object({
  day: Type.String(),
  asked: Type.Integer(),
  electronic: Type.Integer(),
  share: Type.Number(),
  /** Asked a week ago and not electronic yet. */
  late: Type.Integer(),
});
export type ProgressDay = Static<typeof ProgressDay>;

export const EntriesTaken = Type.Object({
  taken: Type.Integer(),
  known: Type.Integer(),
  bad: Type.Array(Type.Object({ index: Type.Integer(), field: Type.String(), message: Type.String() })),
});
export type EntriesTaken = Static<typeof EntriesTaken>;

const common = {
  areaCode: Type.Optional(Type.String({ maxLength: 20 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
};
export const SourceQuery = Type.Object(common);
export type SourceQuery = Static<typeof SourceQuery>;
export const EntryQuery = Type.Object({ ...common, state: Type.Optional(words(entryStates)) });
export type EntryQuery = Static<typeof EntryQuery>;
export const ReviewQuery = Type.Object({ ...common, sort: sorts("area", "received") });
export type ReviewQuery = Static<typeof ReviewQuery>;
