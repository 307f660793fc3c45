import Type, { type Static } from "typebox";

/**
 * The figures a briefing publishes. Each is a count of records that rises and falls only through
 * events, so that yesterday's figure plus the listed changes is today's (I7).
 */
export const figureNames = [
  /** Infections in the class, by provenance; a reclassified one moves, it is not counted anew. */
  "confirmed",
  "asymptomatic",
  "suspect",
  "preliminary",
  "excluded",
  /** Diagnosed infections by outcome. */
  "inCare",
  "recovered",
  "died",
  /** People held because a tube they are in is positive. */
  "held",
  /** Tubes with a positive result, by purpose. */
  "positiveTubes",
  /** Contacts identified and not excluded, by class. */
  "contacts",
  "contactsExcluded",
  "contactsConverted",
  /** Isolation orders of people who are in their place, by mode. */
  "placed",
  "released",
  /** Zone units in force, by level. */
  "zones",
] as const;
export type FigureName = (typeof figureNames)[number];

/** A kind of record that figures are counted from. */
export type FigureSubject = "case" | "tube" | "contact" | "order" | "zone";

/** One count: how many of `figure` in a county, split by `detail` (empty when it is not split). */
export interface FigureValue {
  readonly figure: FigureName;
  readonly areaCode: string;
  readonly detail: string;
  readonly value: number;
}

/** What one record adds to a figure now. */
export interface Contribution extends FigureValue {
  readonly subjectId: string;
}

export const FrozenFigure = Type.Object({
  figure: Type.String(),
  areaCode: Type.String({ description: "county" }),
  detail: Type.String({ description: "provenance, class, mode or level; empty when not split" }),
  value: Type.Integer(),
  previous: Type.Integer({ description: "value at the freeze before" }),
  change: Type.Integer({ description: "sum of the listed changes since then" }),
});
export type FrozenFigure = Static<typeof FrozenFigure>;

export const Freeze = Type.Object({
  id: Type.String(),
  no: Type.Integer({ minimum: 1 }),
  slot: Type.String(),
  cutoffAt: Type.String(),
  /** False when previous + changes is not what the records say; the report then says so. */
  reconciled: Type.Boolean(),
  figures: Type.Array(FrozenFigure),
});
export type Freeze = Static<typeof Freeze>;

/** One signed change and the event that made it. */
export const FigureChange = Type.Object({
  at: Type.String(),
  figure: Type.String(),
  areaCode: Type.String(),
  detail: Type.String(),
  change: Type.Integer(),
  subjectType: Type.String(),
  subjectId: Type.String(),
  event: Type.String({ description: "name of the event" }),
  eventId: Type.String(),
});
export type FigureChange = Static<typeof FigureChange>;

/** How the auditor sees I7. */
export interface Reconciliation {
  readonly checked: number;
  readonly broken: readonly FrozenFigure[];
}
