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

/** Kinds of places that a zone over some villages would hold. */
export const insideKinds = ["quarantine", "hospital", "care", "sampling", "laboratory", "checkpoint", "post"] as const;
export type InsideKind = (typeof insideKinds)[number];

export const insideVillagesMax = 200;
const insideTextMax = insideVillagesMax * 21;
export const InsideQuery = Type.Object({
  villages: Type.String({
    minLength: 2,
    maxLength: insideTextMax,
    pattern: "^[0-9A-Za-z]{2,20}(,[0-9A-Za-z]{2,20})*$",
    description: "codes of villages, with commas between them",
  }),
});

export const InsidePlace = Type.Object({
  id: Type.String(),
  areaCode: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  /** True where the village is only that whose point lies nearest to the place's own. */
  byPoint: Type.Boolean(),
});
export type InsidePlace = Static<typeof InsidePlace>;

/** GET /api/v1/board/inside: what stands in some villages. */
export const InsideAnswer = Type.Object({
  groups: Type.Array(
    Type.Object({
      kind: oneOf(insideKinds),
      count: Type.Integer({ minimum: 0 }),
      /** The first of them, by area. */
      items: Type.Array(InsidePlace),
      /** Places of the same towns and counties whose village nobody knows: neither code nor point says it. */
      unknown: Type.Integer({ minimum: 0 }),
    }),
  ),
  venues: Type.Array(Type.Object({ kind: Type.String(), count: Type.Integer({ minimum: 1 }) })),
});
export type InsideAnswer = Static<typeof InsideAnswer>;
