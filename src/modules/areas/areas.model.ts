import Type, { type Static } from "typebox";

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const areaLevels = ["country", "province", "city", "county", "town", "village"] as const;
export const AreaLevel = Type.Union([
  Type.Literal("country"),
  Type.Literal("province"),
  Type.Literal("city"),
  Type.Literal("county"),
  Type.Literal("town"),
  Type.Literal("village"),
]);
export type AreaLevel = Static<typeof AreaLevel>;

/** `approximate` where no openly licensed position exists and one was placed inside the county. */
export type AreaPosition = "exact" | "approximate";

export const Area = Type.Object({
  code: Type.String(),
  parentCode: Nullable(Type.String()),
  level: AreaLevel,
  kind: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  population: Type.Integer(),
  lat: Nullable(Type.Number()),
  lon: Nullable(Type.Number()),
  position: Type.Union([Type.Literal("exact"), Type.Literal("approximate")]),
});
export type Area = Static<typeof Area>;

export const AreaPage = Type.Object({ items: Type.Array(Area), next: Nullable(Type.String()) });

export const AreaQuery = Type.Object({
  parent: Type.Optional(Type.String({ maxLength: 20 })),
  level: Type.Optional(AreaLevel),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
});
export type AreaQuery = Static<typeof AreaQuery>;

export const AreaSearch = Type.Object({
  text: Type.String({ minLength: 1, maxLength: 60 }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
});
export type AreaSearch = Static<typeof AreaSearch>;

/** A longitude and a latitude in degrees, WGS 84. */
export type LonLat = readonly [lon: number, lat: number];

/** A multi-polygon: polygons of rings of points; a polygon's first ring is its outside. */
export type Boundary = readonly (readonly (readonly LonLat[])[])[];

/** An area as it is stored. */
export interface AreaRow extends Area {
  readonly boundary: Boundary | null;
}

/** What a census knows of one area: its people, and its own names or place where those are better. */
export interface CensusUnit {
  readonly code: string;
  readonly population: number;
  readonly name?: { readonly "zh-CN": string; readonly en: string };
  readonly position?: { readonly lat: number; readonly lon: number };
}

/** One bad cell of an imported file; the row is the line of the file, the heading is line 1. */
export const RowError = Type.Object({ row: Type.Integer(), field: Type.String(), message: Type.String() });
export type RowError = Static<typeof RowError>;

export const ImportAreasResult = Type.Object({
  total: Type.Integer(),
  good: Type.Integer(),
  bad: Type.Integer(),
  stored: Type.Integer(),
  errors: Type.Array(RowError),
});
export type ImportAreasResult = Static<typeof ImportAreasResult>;
