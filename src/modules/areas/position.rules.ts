import Type from "typebox";
import {
  numberColumn,
  optional,
  rowFault,
  type Both,
  type ReadRow,
  type RowFault,
  type SheetLanguage,
} from "#kernel/sheet";
import type { Box } from "./placement.rules.ts";

/** The two fields of a place that may be on the map: latitude and longitude in degrees, WGS 84. */
export const positionFields = {
  lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  lon: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
};

/** A position as somebody gave it; both parts, or neither. */
export interface GivenPosition {
  readonly lat?: number | null | undefined;
  readonly lon?: number | null | undefined;
}

/** China's outermost points on land and islands, rounded outwards to a tenth of a degree: official areas are of no other country. */
export const countryBox: Box = { west: 73.4, south: 3.4, east: 135.1, north: 53.6 };

export interface PositionFault {
  readonly field: "lat" | "lon";
  readonly why: Both;
}

const texts = {
  half: { "zh-CN": "经纬度须同时填写或都不填", en: "latitude and longitude are given together or not at all" },
  swapped: { "zh-CN": "纬度与经度似乎填反了", en: "latitude and longitude seem to be exchanged" },
  outside: { "zh-CN": "不在本国范围内", en: "lies outside the country" },
} as const satisfies Record<string, Both>;

/** What is wrong with a position: half of one, or one outside the country. spec: AREA-8 */
export function positionFault({ lat, lon }: GivenPosition): PositionFault | null {
  const noLat = lat === undefined || lat === null;
  const noLon = lon === undefined || lon === null;
  if (noLat && noLon) return null;
  if (noLat) return { field: "lat", why: texts.half };
  if (noLon) return { field: "lon", why: texts.half };
  const goodLat = lat >= countryBox.south && lat <= countryBox.north;
  const goodLon = lon >= countryBox.west && lon <= countryBox.east;
  if (goodLat && goodLon) return null;
  const exchanged =
    lon >= countryBox.south && lon <= countryBox.north && lat >= countryBox.west && lat <= countryBox.east;
  return { field: goodLat ? "lon" : "lat", why: exchanged ? texts.swapped : texts.outside };
}

/** The faults of several places as a form shows them, each at its own field. */
export function positionFaults(
  places: readonly GivenPosition[],
  pointerOf: (index: number) => string,
  lang: SheetLanguage,
): { readonly pointer: string; readonly detail: string }[] {
  return places.flatMap((place, index) => {
    const fault = positionFault(place);
    return fault === null ? [] : [{ pointer: `${pointerOf(index)}/${fault.field}`, detail: fault.why[lang] }];
  });
}

const degrees = (heading: Both, also: string, max: number, example: string) =>
  optional(numberColumn(heading, { also: [also], min: -max, max, decimals: true, example }));

/** Latitude and longitude as columns of a spreadsheet; a cell may be left empty. */
export const positionColumns = {
  lat: degrees({ "zh-CN": "纬度", en: "Latitude" }, "lat", 90, "34.82415"),
  lon: degrees({ "zh-CN": "经度", en: "Longitude" }, "lon", 180, "115.54318"),
};

/** Splits the rows of a sheet into those whose position is good, or not given, and the faults of the others. spec: AREA-8 */
export function placedRows<R extends ReadRow<typeof positionColumns>>(
  rows: readonly R[],
  lang: SheetLanguage,
): { readonly good: R[]; readonly faults: RowFault[] } {
  const faults: RowFault[] = [];
  const good = rows.filter(({ line, row }) => {
    const fault = positionFault(row);
    if (fault !== null) faults.push(rowFault(positionColumns[fault.field], line, fault.why, lang));
    return fault === null;
  });
  return { good, faults };
}

/** The position as the record takes it: left out where it is not given. */
export function givenPosition({ lat, lon }: GivenPosition): { lat?: number; lon?: number } {
  return lat === undefined || lat === null || lon === undefined || lon === null ? {} : { lat, lon };
}
