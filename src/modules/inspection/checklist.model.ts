import Type, { type Static } from "typebox";
import { oneOf, strict } from "#domain/outbreaks";
import { ownerTeams } from "#domain/tasks";

/** What is inspected; each kind of place has its own checklist. */
export const placeTypes = [
  "supermarket",
  "market",
  "publicPlace",
  "pharmacy",
  "clinic",
  "school",
  "workplace",
  "quarantineSite",
  "fangcang",
  "testingSite",
  "checkpoint",
] as const;
export type PlaceType = (typeof placeTypes)[number];

/** How grave a finding is, gravest first. */
export const severities = ["severe", "serious", "minor"] as const;
export type Severity = (typeof severities)[number];

const itemsMax = 100;
const hoursMax = 720;
const repeatDaysMax = 90;

const Word = Type.String({ pattern: "^[a-z][a-zA-Z0-9]*$", maxLength: 60 });
const Hours = Type.Number({ exclusiveMinimum: 0, maximum: hoursMax });
const Text = strict({
  "zh-CN": Type.String({ minLength: 1, maxLength: 200 }),
  en: Type.String({ minLength: 1, maxLength: 200 }),
});

export const ChecklistItem = strict({
  id: Word,
  text: Text,
  weight: Type.Integer({ minimum: 1, maximum: 10 }),
  severity: oneOf(severities),
  /** Put right on the spot, within `fixNowMinutes`. */
  fixNow: Type.Boolean(),
  /** The team that must put it right. */
  owner: oneOf(ownerTeams),
  /** Where the rule stands, or that it is assumed. */
  rule: Type.String({ minLength: 1, maxLength: 200 }),
});
export type ChecklistItem = Static<typeof ChecklistItem>;

/** One version of the list by which a kind of place is inspected. */
export const Checklist = strict({
  id: Word,
  version: Type.String({ pattern: "^[0-9]+\\.[0-9]+$", maxLength: 10 }),
  placeType: oneOf(placeTypes),
  title: Text,
  deadlines: strict({ severe: Hours, serious: Hours, minor: Hours }),
  fixNowMinutes: Type.Integer({ minimum: 1, maximum: 1_440 }),
  deadlinesWhy: Type.String({ minLength: 8, maxLength: 400 }),
  repeatDays: Type.Integer({ minimum: 1, maximum: repeatDaysMax }),
  venueCodeItem: Type.Union([Word, Type.Null()]),
  items: Type.Array(ChecklistItem, { minItems: 1, maxItems: itemsMax }),
});
export type Checklist = Static<typeof Checklist>;
