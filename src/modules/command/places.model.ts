import Type, { type Static } from "typebox";
import { nullable, oneOf, zoneLevels } from "#domain/outbreaks";
import { LiftReason } from "#domain/zones";

/** What the board's map shows beside zones and isolation sites, asked for only when somebody wants to see it. */
export const placeKinds = ["sampling", "laboratory", "checkpoint"] as const;
export type PlaceKind = (typeof placeKinds)[number];

export const BoardPlace = Type.Object({
  id: Type.String({ description: "the place's own id, or the area's code of several together" }),
  areaCode: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  lat: Type.Number(),
  lon: Type.Number(),
  /** How many places the mark stands for: more than one only where a county's are shown together. */
  count: Type.Integer({ minimum: 1 }),
  /** False where only the area is known: the mark then stands at the area's middle. */
  exact: Type.Boolean(),
  /** Tables of a sampling site, tubes a day of a laboratory. */
  capacity: nullable(Type.Integer()),
});
export type BoardPlace = Static<typeof BoardPlace>;

export const PlacesQuery = Type.Object({
  kind: oneOf(placeKinds),
  areaCode: Type.Optional(Type.String({ minLength: 1, maxLength: 20 })),
});
export type PlacesQuery = Static<typeof PlacesQuery>;

/** GET /api/v1/board/places. `more` says that the bound cut some off. */
export const PlacesAnswer = Type.Object({ items: Type.Array(BoardPlace), more: Type.Boolean() });
export type PlacesAnswer = Static<typeof PlacesAnswer>;

/** A zone above low on its way down. */
export const LiftRow = Type.Object({
  id: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  areaCode: Type.String(),
  level: oneOf(zoneLevels),
  to: nullable(oneOf(zoneLevels)),
  cleanDays: Type.Integer({ minimum: 0 }),
  daysNeeded: nullable(Type.Integer({ minimum: 0 })),
  /** The first day on which the level can fall if nothing new is found; null where no rule lifts it. */
  expected: nullable(Type.String({ description: "YYYY-MM-DD in the outbreak's zone" })),
  allowed: Type.Boolean(),
  missing: Type.Array(LiftReason),
});
export type LiftRow = Static<typeof LiftRow>;

/** GET /api/v1/board/lifting: the zones nearest to their lifting, and how many there are in all. */
export const LiftingAnswer = Type.Object({ items: Type.Array(LiftRow), total: Type.Integer({ minimum: 0 }) });
export type LiftingAnswer = Static<typeof LiftingAnswer>;
