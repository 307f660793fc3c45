import Type, { type Static } from "typebox";
import { positionFields } from "#domain/areas";
import { nullable } from "#domain/outbreaks";

const Moment = Type.String({ format: "date-time", maxLength: 30 });
const Code = Type.String({ minLength: 1, maxLength: 60 });
const AreaCode = Type.String({ minLength: 2, maxLength: 20 });

export const visitsPerBatchMax = 10_000;

export const NewVenue = Type.Object({
  code: Code,
  areaCode: AreaCode,
  kind: Type.String({ minLength: 1, maxLength: 40 }),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  nameEn: Type.Optional(Type.String({ maxLength: 200 })),
  ...positionFields,
  capacity: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type NewVenue = Static<typeof NewVenue>;

/** A venue with a number of the caller's choosing. */
export interface BulkVenue extends NewVenue {
  readonly no: number;
}

export const RegisterVenues = Type.Object({
  areaCode: AreaCode,
  venues: Type.Array(NewVenue, { minItems: 1, maxItems: 10_000 }),
});
export type RegisterVenues = Static<typeof RegisterVenues>;

export const Venue = Type.Object({
  id: Type.String(),
  code: Type.String(),
  areaCode: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  lat: nullable(Type.Number()),
  lon: nullable(Type.Number()),
  capacity: nullable(Type.Integer()),
});
export type Venue = Static<typeof Venue>;
export const VenuePage = Type.Object({ items: Type.Array(Venue), next: nullable(Type.String()) });

export const VenueQuery = Type.Object({
  areaCode: Type.Optional(AreaCode),
  kind: Type.Optional(Type.String({ maxLength: 40 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 400 })),
});
export type VenueQuery = Static<typeof VenueQuery>;

/** Person numbers of visits are four bytes; the largest country has fewer people. */
export const personIdMax = 2 ** 31 - 1;

/** One scan of a venue's code; `until` where the venue also records leaving. */
export const Scan = Type.Object({
  venueCode: Code,
  personId: Type.Integer({ minimum: 1, maximum: personIdMax }),
  at: Moment,
  until: Type.Optional(Moment),
});
export type Scan = Static<typeof Scan>;
export const RecordVisits = Type.Object({ visits: Type.Array(Scan, { minItems: 1, maxItems: visitsPerBatchMax }) });
export type RecordVisits = Static<typeof RecordVisits>;

export const visitFaults = ["unknownVenue", "notATime", "inFuture", "leftBeforeCame", "notAScan"] as const;
export const RecordAnswer = Type.Object({
  recorded: Type.Integer(),
  /** Scans that were here already: a device sent them again. */
  already: Type.Integer(),
  bad: Type.Array(
    Type.Object({
      row: Type.Integer(),
      field: Type.String(),
      code: Type.Unsafe<(typeof visitFaults)[number]>({ type: "string", enum: [...visitFaults] }),
    }),
  ),
});
export type RecordAnswer = Static<typeof RecordAnswer>;

export const scanOutcomes = ["recorded", "already"] as const;
/** What became of one scan: new, or here already because it was sent again. */
export const ScanAnswer = Type.Object({
  outcome: Type.Unsafe<(typeof scanOutcomes)[number]>({ type: "string", enum: [...scanOutcomes] }),
});
export type ScanAnswer = Static<typeof ScanAnswer>;

export const VisitRow = Type.Object({
  personId: Type.Integer(),
  venueId: Type.String(),
  venueCode: Type.String(),
  venueName: Type.String(),
  venueNameEn: Type.String(),
  venueKind: Type.String(),
  areaCode: Type.String(),
  at: Type.String(),
  until: Type.String(),
  /** True when nobody recorded the leaving and the usual stay was assumed. */
  assumed: Type.Boolean(),
});
export type VisitRow = Static<typeof VisitRow>;

/** Who else was at a venue around a stay. */
export const CoPresence = Type.Object({
  personId: Type.Integer(),
  otherPersonId: Type.Integer(),
  venueId: Type.String(),
  venueName: Type.String(),
  venueKind: Type.String(),
  areaCode: Type.String(),
  /** When both were there, or the moment the later one came. */
  fromAt: Type.String(),
  toAt: Type.String(),
  overlapMinutes: Type.Number(),
  /** From the first one's leaving to the other's coming; 0 when they met. */
  gapMinutes: Type.Number(),
});
export type CoPresence = Static<typeof CoPresence>;

export const WhereQuery = Type.Object({ from: Moment, to: Moment });
export type WhereQuery = Static<typeof WhereQuery>;
