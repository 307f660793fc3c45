import { isWithin } from "#kernel/area";
import { areaLevels, type AreaLevel, type AreaRow, type RowError } from "./areas.model.ts";
import { splitName } from "./names.rules.ts";

/** A row of the file with the line it stands on. */
export interface ImportRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface ReadAreas {
  readonly good: readonly AreaRow[];
  readonly errors: readonly RowError[];
}

/** English and Chinese headings of the same column. */
const headings = {
  code: ["code", "代码", "区划代码"],
  parent: ["parent_code", "parent", "上级代码"],
  level: ["level", "级别"],
  kind: ["kind", "类别"],
  name: ["name", "名称"],
  nameEn: ["name_en", "nameEn", "英文名称"],
  population: ["population", "人口", "常住人口"],
  lat: ["lat", "latitude", "纬度"],
  lon: ["lon", "lng", "longitude", "经度"],
} as const;

type Column = keyof typeof headings;

function cell(row: ImportRow, column: Column): string {
  for (const heading of headings[column]) {
    const text = row.cells[heading];
    if (text !== undefined && text !== "") return text;
  }
  return "";
}

const levelByDigits: ReadonlyMap<number, AreaLevel> = new Map([
  [2, "province"],
  [4, "city"],
  [6, "county"],
  [9, "town"],
  [12, "village"],
]);

/** Reads the rows of an area file; a bad row is left out and each of its faults is named. */
export function readAreaRows(rows: readonly ImportRow[], known: ReadonlySet<string>, within: string): ReadAreas {
  const good: AreaRow[] = [];
  const errors: RowError[] = [];
  const codes = new Set(known);
  // Parents first, so that a file may hold a whole tree in any order.
  const ordered = rows.toSorted((a, b) => cell(a, "code").length - cell(b, "code").length || a.line - b.line);
  const seen = new Set<string>();
  for (const row of ordered) {
    const faults: RowError[] = [];
    const area = readRow(row, codes, within, seen, faults);
    if (area) {
      good.push(area);
      codes.add(area.code);
      seen.add(area.code);
    } else errors.push(...faults);
  }
  return { good, errors: errors.toSorted((a, b) => a.row - b.row) };
}

function readRow(
  row: ImportRow,
  codes: ReadonlySet<string>,
  within: string,
  seen: ReadonlySet<string>,
  faults: RowError[],
): AreaRow | null {
  const bad = (field: Column, message: string): void => {
    faults.push({ row: row.line, field, message });
  };
  const code = cell(row, "code");
  const name = cell(row, "name");
  // spec: AREA-1
  if (!/^[0-9A-Za-z]{1,20}$/.test(code)) bad("code", "a code is 1 to 20 digits or letters");
  else if (!isWithin(code, within)) bad("code", "lies outside the area of this import");
  else if (seen.has(code)) bad("code", "stands twice in this file");
  if (name === "") bad("name", "is empty");
  const level = cell(row, "level") || levelByDigits.get(code.length);
  if (!isLevel(level)) bad("level", `is one of ${areaLevels.join(", ")}`);
  const parentCode = cell(row, "parent") || nearestParent(code, codes);
  if (parentCode !== null && !codes.has(parentCode)) bad("parent", "is not an area of this file or of the system");
  else if (parentCode !== null && (!code.startsWith(parentCode) || code === parentCode)) {
    bad("parent", "the code does not begin with its parent's code");
  }
  const population = number(cell(row, "population"), 0, 2_000_000_000);
  if (population === undefined || !Number.isInteger(population ?? 0)) bad("population", "is not a whole number");
  const lat = number(cell(row, "lat"), -90, 90);
  if (lat === undefined) bad("lat", "is not a latitude in degrees");
  const lon = number(cell(row, "lon"), -180, 180);
  if (lon === undefined) bad("lon", "is not a longitude in degrees");
  if ((lat === null) !== (lon === null)) bad("lat", "latitude and longitude come together");
  if (faults.length > 0 || !isLevel(level)) return null;
  return {
    code,
    parentCode,
    level,
    kind: cell(row, "kind") || level,
    name: splitName(name).short,
    nameEn: cell(row, "nameEn") || name,
    population: population ?? 0,
    lat: lat ?? null,
    lon: lon ?? null,
    position: lat === null ? "approximate" : "exact",
    boundary: null,
  };
}

/** The longest known code that the code begins with; null makes it a root. */
function nearestParent(code: string, codes: ReadonlySet<string>): string | null {
  for (let length = code.length - 1; length > 0; length--) {
    const parent = code.slice(0, length);
    if (codes.has(parent)) return parent;
  }
  return null;
}

function isLevel(level: string | undefined): level is AreaLevel {
  return areaLevels.some((known) => known === level);
}

/** Null when empty, undefined when it is no number in the range. */
function number(text: string, min: number, max: number): number | null | undefined {
  if (text === "") return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= min && value <= max ? value : undefined;
}
