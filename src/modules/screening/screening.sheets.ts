import {
  areaColumn,
  numberColumn,
  optional,
  rowFault,
  textColumn,
  type Both,
  type ReadRow,
  type RowFault,
} from "#kernel/sheet";
import { givenPosition, placedRows, positionColumns } from "#domain/areas";
import { areasByCode } from "#modules/areas";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { defineSheet, type ExportQuery, type OutColumn, type SheetDef, type Taken } from "#platform/sheets";
import { useCase, type UseCase } from "#platform/usecase";
import type { Lab, Site } from "./boxes.model.ts";
import { listLabs, listSites } from "./boxes.service.ts";
import { knownPlaces, upsertLabs, upsertSites } from "./boxes.store.ts";
import { enterBulk } from "./rounds.store.ts";

/** Sampling sites and laboratories as spreadsheets. spec: SCR-18 */

const both = (zh: string, en: string): Both => ({ "zh-CN": zh, en });
const unknownArea = both("没有这个区划", "no such area");
const twice = both("文件中重复", "stands twice in the file");
const elsewhere = both("该编号已用于其他区划的点位", "the code belongs to a place of another area");

const placeColumns = {
  code: textColumn(both("编号", "Code"), { max: 60, example: "CY-001" }),
  areaCode: areaColumn(both("区划代码", "Area code"), { also: ["村居代码", "area_code"] }),
  name: textColumn(both("名称", "Name"), { max: 200, example: "楼庄村采样点" }),
  nameEn: optional(textColumn(both("英文名称", "English name"), { max: 200 })),
  ...positionColumns,
};
const siteColumns = {
  ...placeColumns,
  tables: optional(numberColumn(both("采样台数", "Tables"), { min: 1, max: 200, example: "2" })),
};
const labColumns = {
  ...placeColumns,
  capacityTubesDay: numberColumn(both("日检测管数", "Tubes a day"), { max: 10_000_000, example: "12000" }),
};

type PlaceRow = ReadRow<typeof placeColumns>;

interface Checked<R> {
  readonly good: readonly R[];
  readonly faults: readonly RowFault[];
  /** How many of the good rows have a code that is registered already. */
  readonly known: number;
}

/** Splits rows into good ones and faults: areas that do not exist, bad positions, a code that stands twice or is somebody else's. */
async function checked<R extends PlaceRow>(tx: Tx, table: "site" | "lab", rows: readonly R[]): Promise<Checked<R>> {
  const areas = await areasByCode(
    tx,
    rows.map(({ row }) => row.areaCode),
  );
  // A code may belong to a place that the reader does not see; every row's own area was checked as it was read.
  await enterBulk(tx, "anew");
  const there = await knownPlaces(
    tx,
    table,
    rows.map(({ row }) => row.code),
  );
  const { good: placed, faults } = placedRows(rows, tx.lang);
  const seen = new Set<string>();
  const good = placed.filter(({ line, row }) => {
    const { code, areaCode } = row;
    const fault = (of: (typeof placeColumns)["code" | "areaCode"], text: Both): boolean => {
      faults.push(rowFault(of, line, text, tx.lang));
      return false;
    };
    if (!areas.has(areaCode)) return fault(placeColumns.areaCode, unknownArea);
    if (seen.has(code)) return fault(placeColumns.code, twice);
    seen.add(code);
    return (there.get(code) ?? areaCode) === areaCode || fault(placeColumns.code, elsewhere);
  });
  return { good, faults, known: good.filter(({ row }) => there.has(row.code)).length };
}

const placeDef = { permission: "screening.place.write", kind: "write" } as const;

/** The facts that both kinds of places have, without those that were left empty. */
function placeOf({ code, areaCode, name, nameEn, ...row }: PlaceRow["row"]) {
  return { code, areaCode, name, ...(nameEn === undefined ? {} : { nameEn }), ...givenPosition(row) };
}

const importSites = useCase(
  { name: "screening.importSites", ...placeDef },
  async (tx, input: { rows: readonly ReadRow<typeof siteColumns>[] }): Promise<Taken> => {
    const { good, faults, known } = await checked(tx, "site", input.rows);
    const sites = good.map(({ row }) => ({
      ...placeOf(row),
      ...(row.tables === undefined ? {} : { tables: row.tables }),
    }));
    if (sites.length > 0) await upsertSites(tx, sites);
    return { taken: good.length - known, known, faults };
  },
);

const importLabs = useCase(
  { name: "screening.importLabs", ...placeDef },
  async (tx, input: { rows: readonly ReadRow<typeof labColumns>[] }): Promise<Taken> => {
    const { good, faults, known } = await checked(tx, "lab", input.rows);
    const labs = good.map(({ row }) => ({ ...placeOf(row), capacityTubesDay: row.capacityTubesDay }));
    if (labs.length > 0) await upsertLabs(tx, labs);
    return { taken: good.length - known, known, faults };
  },
);

/** A list as an export asks for it: a filter whose word the list does not know simply finds nothing. */
function exported<Q, R>(list: UseCase<Q, Page<R>>): UseCase<ExportQuery, Page<R>> {
  return list as unknown as UseCase<ExportQuery, Page<R>>;
}

const placeOut: readonly OutColumn<Pick<Site, "code" | "areaCode" | "name" | "nameEn" | "lat" | "lon">>[] = [
  { heading: placeColumns.code.heading, value: (row) => row.code },
  { heading: placeColumns.areaCode.heading, value: (row) => row.areaCode },
  { heading: placeColumns.name.heading, value: (row) => row.name },
  { heading: placeColumns.nameEn.heading, value: (row) => row.nameEn },
  { heading: positionColumns.lat.heading, value: (row) => row.lat },
  { heading: positionColumns.lon.heading, value: (row) => row.lon },
];
const sitesOut: readonly OutColumn<Site>[] = [
  ...placeOut,
  { heading: siteColumns.tables.heading, value: (row) => row.tables },
];
const labsOut: readonly OutColumn<Lab>[] = [
  ...placeOut,
  { heading: labColumns.capacityTubesDay.heading, value: (row) => row.capacityTubesDay },
];

export const sheets: readonly SheetDef[] = [
  defineSheet({
    name: "screening-sites",
    title: both("采样点", "Sampling sites"),
    tag: "screening",
    columns: siteColumns,
    take: importSites,
    out: sitesOut,
    list: exported(listSites),
  }),
  defineSheet({
    name: "screening-labs",
    title: both("检测机构", "Laboratories"),
    tag: "screening",
    columns: labColumns,
    take: importLabs,
    out: labsOut,
    list: exported(listLabs),
  }),
];
