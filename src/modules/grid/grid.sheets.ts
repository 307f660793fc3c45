import {
  areaColumn,
  choiceColumn,
  numberColumn,
  optional,
  rowFault,
  textColumn,
  type Both,
  type ReadRow,
  type RowFault,
  type Sheet,
} from "#kernel/sheet";
import { areaNames } from "#modules/areas";
import type { Tx } from "#platform/context";
import type { Page } from "#platform/paging";
import { defineSheet, type ExportQuery, type SheetDef, type Taken } from "#platform/sheets";
import { useCase } from "#platform/usecase";
import { namedDoors, type NamedDoor } from "./doors.service.ts";
import {
  needStates,
  reachKinds,
  rowsPerCallMax,
  type workerRoles,
  type Need,
  type Reachable,
  type TakenAnswer,
  type WorkerRow,
} from "./grid.model.ts";
import { listWorkers, takeWorkers } from "./grids.service.ts";
import { takeNeeds } from "./needs.service.ts";
import { pageNeeds } from "./needs.store.ts";
import { takeReachable } from "./reach.service.ts";
import { pageReachable } from "./reach.store.ts";
import { needWords } from "./words.ts";

const tag = "grid";
const both = (zh: string, en: string): Both => ({ "zh-CN": zh, en });
const village = areaColumn(both("村（社区）代码", "village code"));

const roleWords: Readonly<Record<(typeof workerRoles)[number], Both>> = {
  gridWorker: both("网格员", "grid worker"),
  cadre: both("村（社区）干部", "village cadre"),
  volunteer: both("志愿者", "volunteer"),
};
const reachWords: Readonly<Record<(typeof reachKinds)[number], Both>> = {
  roughSleeper: both("流浪露宿", "rough sleeper"),
  wastePicker: both("拾荒", "waste picker"),
  boatDweller: both("船上居住", "boat dweller"),
  seasonalWorker: both("季节务工", "seasonal worker"),
  other: both("其他", "other"),
};
/** Takes read rows in parts and gives each refusal back on its line. */
async function takeRows<S extends Sheet>(
  tx: Tx,
  input: { rows: readonly ReadRow<S>[] },
  take: (rows: readonly ReadRow<S>["row"][]) => Promise<TakenAnswer>,
): Promise<Taken> {
  const faults: RowFault[] = [];
  let taken = 0;
  let known = 0;
  for (let from = 0; from < input.rows.length; from += rowsPerCallMax) {
    const part = input.rows.slice(from, from + rowsPerCallMax);
    const answer = await take(part.map(({ row }) => row));
    taken += answer.taken;
    known += answer.known;
    for (const refusal of answer.refused)
      faults.push(rowFault(village, part[refusal.row]?.line ?? 0, both(refusal.why, refusal.why), tx.lang));
  }
  return { taken, known, faults };
}

const workerColumns = {
  areaCode: village,
  gridCode: optional(textColumn(both("网格编码", "grid code"), { max: 24, example: "371721123201G01" })),
  no: textColumn(both("编号", "number"), { max: 40, example: "W001" }),
  name: textColumn(both("姓名", "name"), { max: 80, example: "张三" }),
  role: choiceColumn(both("身份", "role"), roleWords),
  account: optional(textColumn(both("账号", "account"), { max: 80 })),
  phone: optional(textColumn(both("电话", "phone"), { max: 30, example: "13800000000" })),
};

const importWorkers = useCase(
  { name: "grid.importWorkers", permission: "grid.grid.write", kind: "write" },
  (tx, input: { rows: readonly ReadRow<typeof workerColumns>[] }) =>
    takeRows(tx, input, (rows) => takeWorkers(tx, rows)),
);

const reachColumns = {
  areaCode: village,
  kind: choiceColumn(both("类别", "kind"), reachWords),
  called: textColumn(both("姓名或称呼", "name or what they are called"), { max: 80, example: "老李" }),
  usualPlace: textColumn(both("常在地点", "usual place"), { max: 200, example: "汽车站桥下" }),
  personId: optional(numberColumn(both("人员编号", "person number"))),
};

const importReachable = useCase(
  { name: "grid.importReachable", permission: "grid.reach.write", kind: "write" },
  (tx, input: { rows: readonly ReadRow<typeof reachColumns>[] }) =>
    takeRows(tx, input, (rows) =>
      takeReachable(
        tx,
        rows.map(({ personId, ...row }) => ({ ...row, ...(personId === undefined ? {} : { personId }) })),
      ),
    ),
);
const exportReachable = useCase(
  { name: "grid.exportReachable", permission: "grid.reach.read", kind: "read", personal: true },
  (tx, { state, ...query }: ExportQuery): Promise<Page<Reachable>> => {
    const kind = reachKinds.find((word) => word === state);
    return pageReachable(tx, { ...query, ...(kind ? { state: kind } : {}) });
  },
);

const needColumns = {
  areaCode: village,
  kind: choiceColumn(both("需求", "need"), needWords),
  householdId: optional(numberColumn(both("户编号", "household number"))),
  place: optional(textColumn(both("门牌", "door"), { max: 200, example: "东街12号" })),
  note: optional(textColumn(both("说明", "note"), { max: 400 })),
  ref: optional(textColumn(both("登记号", "request number"), { max: 80 })),
};

const importNeeds = useCase(
  { name: "grid.importNeeds", permission: "grid.need.write", kind: "write" },
  (tx, input: { rows: readonly ReadRow<typeof needColumns>[] }) =>
    takeRows(tx, input, (rows) =>
      takeNeeds(
        tx,
        rows.map(({ areaCode, kind, householdId, place, note, ref }) => ({
          areaCode,
          kind,
          ...(householdId === undefined ? {} : { householdId }),
          ...(place === undefined ? {} : { place }),
          ...(note === undefined ? {} : { note }),
          ...(ref === undefined ? {} : { ref }),
        })),
      ),
    ),
);
const exportNeeds = useCase(
  { name: "grid.exportNeeds", permission: "grid.need.read", kind: "read" },
  async (tx, { state, ...query }: ExportQuery): Promise<Page<Need>> => {
    const known = needStates.find((word) => word === state);
    const page = await pageNeeds(tx, { ...query, ...(known ? { state: known } : {}) });
    const names = await areaNames(
      tx,
      page.items.map((row) => row.areaCode),
    );
    return { next: page.next, items: page.items.map((row) => ({ ...row, areaName: names.get(row.areaCode) ?? "" })) };
  },
);

/** The spreadsheets of grid work: workers, people without a door, needs, and the doors to walk. */
export const sheets: readonly SheetDef[] = [
  defineSheet<typeof workerColumns, WorkerRow>({
    name: "grid-workers",
    title: both("网格人员", "Grid workers"),
    tag,
    columns: workerColumns,
    take: importWorkers,
    out: [
      { heading: workerColumns.areaCode.heading, value: (row) => row.areaCode },
      { heading: workerColumns.gridCode.heading, value: (row) => row.gridCode },
      { heading: workerColumns.no.heading, value: (row) => row.no },
      { heading: workerColumns.name.heading, value: (row) => row.name },
      { heading: workerColumns.role.heading, value: (row, lang) => roleWords[row.role][lang] },
      { heading: both("电话尾号", "phone ends in"), value: (row) => row.phoneEnd },
    ],
    list: listWorkers,
  }),
  defineSheet<typeof reachColumns, Reachable>({
    name: "grid-hard-to-reach",
    title: both("难触达人员", "People without a door"),
    tag,
    columns: reachColumns,
    take: importReachable,
    out: [
      { heading: reachColumns.areaCode.heading, value: (row) => row.areaCode },
      { heading: reachColumns.kind.heading, value: (row, lang) => reachWords[row.kind][lang] },
      { heading: reachColumns.called.heading, value: (row) => row.called },
      { heading: reachColumns.usualPlace.heading, value: (row) => row.usualPlace },
      { heading: both("最近见到", "last met"), value: (row) => row.lastMetAt },
      { heading: both("最近采样", "last tested"), value: (row) => row.lastTestedAt },
    ],
    list: exportReachable,
  }),
  defineSheet<typeof needColumns, Need>({
    name: "grid-needs",
    title: both("住户需求", "Household needs"),
    tag,
    columns: needColumns,
    take: importNeeds,
    out: [
      { heading: needColumns.areaCode.heading, value: (row) => row.areaCode },
      { heading: needColumns.kind.heading, value: (row, lang) => needWords[row.kind][lang] },
      { heading: needColumns.householdId.heading, value: (row) => row.householdId },
      { heading: needColumns.place.heading, value: (row) => row.place },
      { heading: both("提出时间", "asked"), value: (row) => row.askedAt },
      { heading: both("时限", "due"), value: (row) => row.dueAt },
      { heading: both("状态", "state"), value: (row) => row.state },
    ],
    list: exportNeeds,
  }),
  defineSheet<Sheet, NamedDoor>({
    name: "grid-door-items",
    title: both("入户清单", "Door list"),
    tag,
    out: [
      { heading: village.heading, value: (row) => row.areaCode },
      { heading: both("网格", "grid"), value: (row) => row.gridCode },
      { heading: both("顺序", "order"), value: (row) => row.no },
      { heading: both("户编号", "household number"), value: (row) => row.householdId },
      { heading: both("姓名", "name"), value: (row) => row.personName },
      { heading: both("时限", "due"), value: (row) => row.dueAt },
      { heading: both("状态", "state"), value: (row) => row.state },
    ],
    list: namedDoors,
  }),
];
