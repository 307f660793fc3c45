import { areaRange } from "#kernel/area";
import { rowFault, type Both, type Column, type RowFault } from "#kernel/sheet";
import { ProblemError } from "#kernel/errors";
import type { Ctx, Tx } from "#platform/context";
import { cursorKey, pageOf, pageSize, type Page } from "#platform/paging";
import { readTableFile, type Table } from "#platform/tables";
import { useCase } from "#platform/usecase";
import type { Area, AreaLevel, AreaQuery, AreaRow, AreaSearch, CensusUnit, ImportAreasResult } from "./areas.model.ts";
import {
  areaVersion,
  existingCodes,
  pageAreas,
  searchByName,
  selectArea,
  selectAreas,
  selectBelow,
  selectBoundaries,
  upsertAreas,
} from "./areas.store.ts";
import { buildAreas } from "./areas.tree.ts";
import { readAreaRows } from "./import.rules.ts";
import { positionFaults, type GivenPosition } from "./position.rules.ts";

const searchResultsDefault = 20;
const errorsShownMax = 1_000;

/** Pages the areas below a parent (or of a level) by code; without either, the roots. */
export const listAreas = useCase(
  { name: "areas.list", permission: "areas.area.read", kind: "read" },
  async (tx, query: AreaQuery): Promise<Page<Area>> => {
    const limit = pageSize(query.limit);
    const after = cursorKey(query.cursor, 1);
    const rows = await pageAreas(tx, query, after === null ? null : String(after[0]), limit + 1);
    return pageOf(rows, limit, (row) => [row.code]);
  },
);

/** One area by its code. */
export const getArea = useCase(
  { name: "areas.get", permission: "areas.area.read", kind: "read" },
  async (tx, input: { code: string }): Promise<Area> => {
    const area = await selectArea(tx, input.code);
    if (!area) throw new ProblemError("record.notFound", { what: "area" });
    return area;
  },
);

/** Areas by a part of their Chinese or English name, or by code. */
export const searchAreas = useCase(
  { name: "areas.search", permission: "areas.area.read", kind: "read" },
  (tx, input: AreaSearch): Promise<Area[]> => searchByName(tx, input.text, input.limit ?? searchResultsDefault),
);

const boundaryCacheMax = 8;
const boundaryCache = new Map<string, string>();

/** The boundaries of a level as GeoJSON text (WGS 84); made again only after an import. */
export const areaBoundaries = useCase(
  { name: "areas.boundaries", permission: "areas.area.read", kind: "read" },
  async (tx, input: { level: AreaLevel }): Promise<string> => {
    const key = `${await databaseName(tx)} ${input.level} ${await areaVersion(tx)}`;
    const cached = boundaryCache.get(key);
    if (cached !== undefined) return cached;
    const features = (await selectBoundaries(tx, input.level)).map((row) => ({
      type: "Feature",
      id: row.code,
      properties: { code: row.code, name: row.name, nameEn: row.nameEn, population: row.population },
      geometry: { type: "MultiPolygon", coordinates: row.boundary },
    }));
    const text = JSON.stringify({ type: "FeatureCollection", features });
    if (boundaryCache.size >= boundaryCacheMax) boundaryCache.clear();
    boundaryCache.set(key, text);
    return text;
  },
);

/** A process may serve a drill's database beside the real one; their caches must not mix. */
async function databaseName(tx: Tx): Promise<string> {
  return (await tx.sql.one<{ name: string }>("select current_database()::text as name")).name;
}

/** What an import is given: the table, and the jurisdiction in which every row must lie. */
export interface ImportAreas {
  readonly table: Table;
  readonly dryRun: boolean;
  readonly areaCode: string;
}

/** Imports areas from a table; with a dry run it only tells what it would do. Good rows are stored, bad ones are named. */
export const importAreas = useCase(
  {
    name: "areas.import",
    permission: "areas.area.write",
    kind: "write",
    area: (input: ImportAreas) => input.areaCode,
  },
  async (tx, input: ImportAreas): Promise<ImportAreasResult> => {
    const prefixes = input.table.rows.flatMap(({ cells }) => prefixesOf(cells["code"] ?? cells["代码"] ?? ""));
    const known = await existingCodes(tx, [...new Set(prefixes)]);
    const { good, errors } = readAreaRows(input.table.rows, known, input.areaCode);
    if (!input.dryRun && good.length > 0) await upsertAreas(tx, good);
    return {
      total: input.table.rows.length,
      good: good.length,
      bad: input.table.rows.length - good.length,
      stored: input.dryRun ? 0 : good.length,
      errors: errors.slice(0, errorsShownMax),
    };
  },
);

function prefixesOf(code: string): string[] {
  return Array.from({ length: code.length }, (_, i) => code.slice(0, i + 1));
}

/** The command line's import: reads a CSV or XLSX file and stores (or with `dryRun` only checks) its areas. */
export async function importAreasFromFile(
  ctx: Ctx,
  file: string,
  options: { readonly dryRun: boolean; readonly areaCode?: string },
): Promise<ImportAreasResult> {
  const table = await readTableFile(file);
  return importAreas(ctx, { table, dryRun: options.dryRun, areaCode: options.areaCode ?? ctx.actor.areaCode });
}

/** Builds and stores the official tree of a Chinese city (4 digits) or county (6 digits); returns how many areas. */
export const importOfficialAreas = useCase(
  {
    name: "areas.importOfficial",
    permission: "areas.area.write",
    kind: "write",
    area: (input: { code: string; units?: readonly CensusUnit[] }) => input.code,
  },
  async (tx, input: { code: string; units?: readonly CensusUnit[] }): Promise<number> =>
    loadAreas(tx, await buildAreas(input.code, input.units)),
);

/** Stores area rows inside a caller's transaction; returns how many. */
export async function loadAreas(tx: Tx, rows: readonly AreaRow[]): Promise<number> {
  await upsertAreas(tx, rows);
  return rows.length;
}

/** Refuses places whose position is half of one or lies outside the country, each at its own field. spec: AREA-8 */
export function checkPositions(tx: Tx, places: readonly GivenPosition[], pointerOf: (index: number) => string): void {
  const faults = positionFaults(places, pointerOf, tx.lang);
  if (faults.length > 0) throw new ProblemError("request.invalid", {}, faults);
}

/** One area, or undefined; for other modules. */
export async function areaByCode(tx: Tx, code: string): Promise<Area | undefined> {
  return selectArea(tx, code);
}

/** Areas by code; unknown codes are left out. */
export async function areasByCode(tx: Tx, codes: readonly string[]): Promise<Map<string, Area>> {
  const rows = await selectAreas(tx, [...new Set(codes)]);
  return new Map(rows.map((row) => [row.code, row]));
}

const unknownArea: Both = { "zh-CN": "没有这个区划", en: "is no area of this system" };

/** The rows of an import whose area there is, and a fault for each of the others. */
export async function rowsInAreas<R extends { readonly line: number; readonly row: { readonly areaCode: string } }>(
  tx: Tx,
  rows: readonly R[],
  column: Column<unknown>,
): Promise<{ readonly good: readonly R[]; readonly faults: readonly RowFault[] }> {
  const known = await areasByCode(
    tx,
    rows.map(({ row }) => row.areaCode),
  );
  return {
    good: rows.filter(({ row }) => known.has(row.areaCode)),
    faults: rows
      .filter(({ row }) => !known.has(row.areaCode))
      .map(({ line }) => rowFault(column, line, unknownArea, tx.lang)),
  };
}

/** The areas of a level inside an area, by code. */
export async function areasBelow(tx: Tx, code: string, level: AreaLevel): Promise<Area[]> {
  const { lo, hi } = areaRange(code);
  return selectBelow(tx, lo, hi, level);
}

/** The area's name in the caller's language; its code when it is unknown. */
export async function areaName(tx: Tx, code: string): Promise<string> {
  const area = await selectArea(tx, code);
  if (!area) return code;
  return tx.lang === "en" ? area.nameEn : area.name;
}

/** Names in the caller's language by code, for lists. */
export async function areaNames(tx: Tx, codes: readonly string[]): Promise<Map<string, string>> {
  const areas = await areasByCode(tx, codes);
  return new Map(
    codes.map((code) => {
      const area = areas.get(code);
      return [code, area ? (tx.lang === "en" ? area.nameEn : area.name) : code];
    }),
  );
}
