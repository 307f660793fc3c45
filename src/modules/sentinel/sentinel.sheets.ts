import {
  areaColumn,
  choiceColumn,
  dayColumn,
  momentColumn,
  numberColumn,
  optional,
  rowFault,
  textColumn,
  yesNoColumn,
  type Both,
  type Column,
  type ReadRow,
  type SheetLanguage,
} from "#kernel/sheet";
import { instantAt } from "#kernel/time";
import { currentOutbreak } from "#modules/outbreaks";
import type { Tx } from "#platform/context";
import { defineSheet, type ExportQuery, type SheetDef, type Taken } from "#platform/sheets";
import { useCase } from "#platform/usecase";
import {
  symptomKinds,
  type Count,
  type RowsTaken,
  type Signal,
  type Symptom,
  type Unit,
  type UnitKind,
} from "./sentinel.model.ts";
import { takeSignals } from "./signals.service.ts";
import { pageSignals } from "./signals.store.ts";
import { takeCounts, takeUnits } from "./units.service.ts";
import { pageCounts, pageUnits } from "./units.store.ts";

const tag = "sentinel";
const h = (zh: string, en: string): Both => ({ "zh-CN": zh, en });

const kindWords: Readonly<Record<UnitKind, Both>> = {
  feverClinic: h("发热门诊", "fever clinic"),
  villageClinic: h("村卫生室", "village clinic"),
  pharmacy: h("药店", "pharmacy"),
};

const unitColumns = {
  areaCode: areaColumn(h("村居代码", "area_code"), { also: ["区划代码"] }),
  code: textColumn(h("单位编码", "unit_code"), { max: 60, example: "YD-0001" }),
  kind: choiceColumn(h("类别", "kind"), kindWords),
  name: textColumn(h("名称", "name"), { max: 200, example: "便民药店" }),
  reportsBy: optional(textColumn(h("每日上报时限", "reports_by"), { max: 5, example: "18:00" })),
  closed: optional(yesNoColumn(h("已停用", "closed"), { example: "否" })),
};

const countColumns = {
  unit: textColumn(h("单位编码", "unit_code"), { max: 60, example: "YD-0001" }),
  day: dayColumn(h("日期", "day")),
  fever: numberColumn(h("发热人数", "fever"), { max: 100_000 }),
  respiratory: numberColumn(h("呼吸道症状人数", "respiratory"), { max: 100_000 }),
  drugs: numberColumn(h("四类药购买人数", "drugs"), { max: 100_000 }),
};

const signalColumns = {
  unit: textColumn(h("单位编码", "unit_code"), { max: 60, example: "YD-0001" }),
  ref: textColumn(h("登记号", "ref"), { max: 60, example: "20220724-003" }),
  areaCode: areaColumn(h("现住村居代码", "area_code")),
  name: textColumn(h("姓名", "name"), { max: 100, example: "张三丰" }),
  idNumber: optional(textColumn(h("身份证号", "id_number"), { max: 40 })),
  phone: optional(textColumn(h("联系电话", "phone"), { max: 40 })),
  at: optional(momentColumn(h("时间", "at"))),
  temperature: optional(numberColumn(h("体温", "temperature"), { min: 34, max: 43, decimals: true, example: "37.8" })),
  drugs: optional(textColumn(h("药品类别", "drug_classes"), { max: 200, example: "antipyretic" })),
  symptoms: optional(textColumn(h("症状", "symptoms"), { max: 200, example: "cough" })),
};

/** Names the bad rows by their line in the file. */
function taken(
  outcome: RowsTaken,
  lines: readonly number[],
  columns: Readonly<Record<string, Column<unknown>>>,
  lang: SheetLanguage,
): Taken {
  const faults = outcome.bad.map(({ index, field, message }) => {
    const [en = message, zh = message] = message.split(" / ");
    return rowFault(columns[field] ?? null, lines[index] ?? 0, { "zh-CN": zh, en }, lang);
  });
  return { taken: outcome.taken, known: outcome.known, faults };
}

type Rows<S> = { readonly rows: readonly ReadRow<S>[] };
const linesOf = (rows: readonly { readonly line: number }[]): number[] => rows.map((row) => row.line);

const importUnits = useCase(
  { name: "sentinel.importUnits", permission: "sentinel.unit.write", kind: "write" },
  async (tx, { rows }: Rows<typeof unitColumns>): Promise<Taken> => {
    const badTime = rows.filter(
      ({ row }) => row.reportsBy !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(row.reportsBy),
    );
    const good = rows.filter((row) => !badTime.includes(row));
    const units = good.map(({ row: { reportsBy, closed, ...row } }) => ({
      ...row,
      ...(reportsBy === undefined ? {} : { reportsBy }),
      ...(closed === undefined ? {} : { closed }),
    }));
    const outcome = taken(await takeUnits(tx, units), linesOf(good), unitColumns, tx.lang);
    const wrong = h("时限应为 HH:MM", "is not HH:MM");
    const faults = badTime.map(({ line }) => rowFault(unitColumns.reportsBy, line, wrong, tx.lang));
    return { ...outcome, faults: [...faults, ...outcome.faults] };
  },
);

const importCounts = useCase(
  { name: "sentinel.importCounts", permission: "sentinel.count.write", kind: "write" },
  async (tx, { rows }: Rows<typeof countColumns>): Promise<Taken> =>
    taken(
      await takeCounts(
        tx,
        rows.map(({ row }) => row),
      ),
      linesOf(rows),
      countColumns,
      tx.lang,
    ),
);

/** A cell that names several values; unknown symptoms fault the row. */
function partsOf(text: string | undefined): string[] {
  return (text ?? "").split(/[,，、;；\s]+/).filter((part) => part !== "");
}

const importSignals = useCase(
  { name: "sentinel.importSignals", permission: "sentinel.signal.write", kind: "write" },
  async (tx, { rows }: Rows<typeof signalColumns>): Promise<Taken> => {
    const { timeZone } = await currentOutbreak(tx);
    const known = new Set<string>(symptomKinds);
    const odd = rows.filter(({ row }) => partsOf(row.symptoms).some((part) => !known.has(part)));
    const good = rows.filter((row) => !odd.includes(row));
    const signals = good.map(({ row: { at, drugs, symptoms, idNumber, phone, temperature, ...row } }) => {
      const [day = "", time = ""] = (at ?? "").split(" ");
      return {
        ...row,
        ...(at === undefined ? {} : { at: instantAt(day, time, timeZone) }),
        ...(idNumber === undefined ? {} : { idNumber }),
        ...(phone === undefined ? {} : { phone }),
        ...(temperature === undefined ? {} : { temperature }),
        drugClasses: partsOf(drugs),
        symptoms: partsOf(symptoms) as Symptom[],
      };
    });
    const outcome = taken(await takeSignals(tx, signals), linesOf(good), signalColumns, tx.lang);
    const wrong = { "zh-CN": `可填 ${symptomKinds.join("、")}`, en: `is some of ${symptomKinds.join(", ")}` };
    return {
      ...outcome,
      faults: [...odd.map(({ line }) => rowFault(signalColumns.symptoms, line, wrong, tx.lang)), ...outcome.faults],
    };
  },
);

function exportOf<R>(
  name: string,
  permission: string,
  page: (tx: Tx, query: ExportQuery) => Promise<{ items: R[]; next: string | null }>,
) {
  return useCase({ name, permission, kind: "read" }, (tx, query: ExportQuery) => page(tx, query));
}

const exportUnits = exportOf<Unit>("sentinel.exportUnits", "sentinel.unit.read", (tx, { state: _none, ...query }) =>
  pageUnits(tx, query),
);
const exportCounts = exportOf<Count>("sentinel.exportCounts", "sentinel.count.read", (tx, { state: _none, ...query }) =>
  pageCounts(tx, query),
);
const exportSignals = exportOf<Signal>("sentinel.exportSignals", "sentinel.signal.read", (tx, { state, ...query }) =>
  pageSignals(tx, { ...query, ...(state === undefined ? {} : { state: state as Signal["state"] }) }),
);

/** The probes, their daily counts and their signals as spreadsheets; signals go out without a name. */
export const sheets: readonly SheetDef[] = [
  defineSheet({
    name: "sentinel-units",
    title: h("探头单位", "Probes"),
    tag,
    columns: unitColumns,
    take: importUnits,
    list: exportUnits,
    out: [
      { heading: h("村居代码", "area_code"), value: (row: Unit) => row.areaCode },
      { heading: h("单位编码", "unit_code"), value: (row) => row.code },
      { heading: h("类别", "kind"), value: (row, lang) => kindWords[row.kind][lang] },
      { heading: h("名称", "name"), value: (row) => row.name },
      { heading: h("每日上报时限", "reports_by"), value: (row) => row.reportsBy },
      { heading: h("状态", "state"), value: (row) => row.state },
    ],
  }),
  defineSheet({
    name: "sentinel-counts",
    title: h("探头日报", "Daily counts of the probes"),
    tag,
    columns: countColumns,
    take: importCounts,
    list: exportCounts,
    out: [
      { heading: h("单位编码", "unit_code"), value: (row: Count) => row.unitCode },
      { heading: h("名称", "name"), value: (row) => row.unitName },
      { heading: h("日期", "day"), value: (row) => row.day },
      { heading: h("发热人数", "fever"), value: (row) => row.fever },
      { heading: h("呼吸道症状人数", "respiratory"), value: (row) => row.respiratory },
      { heading: h("四类药购买人数", "drugs"), value: (row) => row.drugs },
      { heading: h("迟报", "late"), value: (row) => (row.late ? 1 : 0) },
    ],
  }),
  defineSheet({
    name: "sentinel-signals",
    title: h("探头信号", "Signals of the probes"),
    tag,
    columns: signalColumns,
    take: importSignals,
    list: exportSignals,
    out: [
      { heading: h("村居代码", "area_code"), value: (row: Signal) => row.areaCode },
      { heading: h("单位编码", "unit_code"), value: (row) => row.unitCode },
      { heading: h("类别", "kind"), value: (row, lang) => kindWords[row.unitKind][lang] },
      { heading: h("时间", "at"), value: (row) => row.at },
      { heading: h("体温", "temperature"), value: (row) => row.temperature },
      { heading: h("药品类别", "drug_classes"), value: (row) => row.drugClasses.join(",") },
      { heading: h("症状", "symptoms"), value: (row) => row.symptoms.join(",") },
      { heading: h("状态", "state"), value: (row) => row.state },
      { heading: h("入户时限", "visit_due_at"), value: (row) => row.visitDueAt },
      { heading: h("入户时间", "visited_at"), value: (row) => row.visitedAt },
      { heading: h("办结时间", "ended_at"), value: (row) => row.endedAt },
    ],
  }),
];
