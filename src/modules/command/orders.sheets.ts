import { areaColumn, choiceColumn, momentColumn, numberColumn, textColumn, type ReadRow } from "#kernel/sheet";
import { instantAt } from "#kernel/time";
import { rowsInAreas } from "#modules/areas";
import { currentOutbreak } from "#modules/outbreaks";
import { defineSheet, type SheetDef, type Taken } from "#platform/sheets";
import { useCase } from "#platform/usecase";
import { listRelays } from "./directives.service.ts";
import type { Relay } from "./orders.model.ts";
import { batchMax, type ReopeningStep } from "./reopening.model.ts";
import { listReopening, storeSteps } from "./reopening.service.ts";

const stepColumns = {
  code: textColumn({ "zh-CN": "编号", en: "code" }, { max: 40, example: "R1-牡丹" }),
  name: textColumn({ "zh-CN": "名称", en: "name in Chinese" }, { max: 100, example: "牡丹区有序恢复" }),
  nameEn: textColumn({ "zh-CN": "英文名称", en: "name in English" }, { max: 100, example: "Mudan reopens in stages" }),
  areaCode: areaColumn({ "zh-CN": "区划代码", en: "area code" }, { example: "371702" }),
  batch: numberColumn({ "zh-CN": "批次", en: "batch" }, { min: 1, max: batchMax }),
  kind: choiceColumn(
    { "zh-CN": "类别", en: "kind" },
    {
      area: { "zh-CN": "区域", en: "area" },
      trade: { "zh-CN": "行业", en: "trade" },
      busLine: { "zh-CN": "公交线路", en: "bus line" },
      school: { "zh-CN": "学校", en: "school" },
      other: { "zh-CN": "其他", en: "other" },
    },
  ),
  plannedAt: momentColumn({ "zh-CN": "计划时间", en: "planned at" }, { example: "2022-08-13 12:00" }),
};

/** Takes the plan of the reopening from a table; a code that is planned already is changed. */
const takeSteps = useCase(
  { name: "command.importReopening", permission: "command.reopening.write", kind: "write" },
  async (tx, { rows }: { rows: readonly ReadRow<typeof stepColumns>[] }): Promise<Taken> => {
    const outbreak = await currentOutbreak(tx);
    const { good, faults } = await rowsInAreas(tx, rows, stepColumns.areaCode);
    const { added, changed } = await storeSteps(
      tx,
      outbreak,
      good.map(({ row: { name, nameEn, plannedAt, ...step } }) => ({
        ...step,
        name: { "zh-CN": name, en: nameEn },
        plannedAt: instantAt(plannedAt.slice(0, 10), plannedAt.slice(11), outbreak.timeZone),
      })),
    );
    return { taken: added + changed, known: good.length - added - changed, faults };
  },
);

export const sheets: readonly SheetDef[] = [
  defineSheet({
    name: "command-directives",
    title: { "zh-CN": "部署落实台账", en: "Directives by county" },
    tag: "command orders",
    out: [
      { heading: { "zh-CN": "编号", en: "no." }, value: (row: Relay) => row.no },
      { heading: { "zh-CN": "标题", en: "title" }, value: (row: Relay, lang) => row.title[lang] },
      { heading: { "zh-CN": "县区", en: "county" }, value: (row: Relay) => row.areaCode },
      { heading: { "zh-CN": "状态", en: "state" }, value: (row: Relay) => row.state },
      { heading: { "zh-CN": "签收期限", en: "receipt due" }, value: (row: Relay) => row.receiptDueAt },
      { heading: { "zh-CN": "签收", en: "received" }, value: (row: Relay) => row.receivedAt },
      { heading: { "zh-CN": "报告期限", en: "report due" }, value: (row: Relay) => row.reportDueAt },
      { heading: { "zh-CN": "报告", en: "reported" }, value: (row: Relay) => row.reportedAt },
      { heading: { "zh-CN": "落实情况", en: "report" }, value: (row: Relay) => row.report },
      { heading: { "zh-CN": "审核通过", en: "accepted" }, value: (row: Relay) => row.acceptedAt },
    ],
    list: listRelays,
  }),
  defineSheet({
    name: "command-reopening",
    title: { "zh-CN": "有序恢复计划", en: "Reopening plan" },
    tag: "command orders",
    columns: stepColumns,
    take: takeSteps,
    out: [
      { heading: stepColumns.code.heading, value: (row: ReopeningStep) => row.code },
      { heading: stepColumns.name.heading, value: (row: ReopeningStep) => row.name["zh-CN"] },
      { heading: stepColumns.nameEn.heading, value: (row: ReopeningStep) => row.name.en },
      { heading: stepColumns.areaCode.heading, value: (row: ReopeningStep) => row.areaCode },
      { heading: stepColumns.batch.heading, value: (row: ReopeningStep) => row.batch },
      { heading: stepColumns.kind.heading, value: (row: ReopeningStep, lang) => stepColumns.kind.show(row.kind, lang) },
      { heading: stepColumns.plannedAt.heading, value: (row: ReopeningStep) => row.plannedAt },
      { heading: { "zh-CN": "状态", en: "state" }, value: (row: ReopeningStep) => row.state },
      { heading: { "zh-CN": "恢复时间", en: "reopened" }, value: (row: ReopeningStep) => row.reopenedAt },
    ],
    list: listReopening,
  }),
];
