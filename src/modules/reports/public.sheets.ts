import { areaColumn, textColumn, type ReadRow } from "#kernel/sheet";
import { addHours } from "#kernel/time";
import { rowsInAreas } from "#modules/areas";
import { currentOutbreak } from "#modules/outbreaks";
import { createTasks } from "#modules/tasks";
import { defineSheet, type SheetDef, type Taken } from "#platform/sheets";
import { useCase } from "#platform/usecase";
import type { RequestRow, Rumour } from "./public.model.ts";
import { publicDefaults } from "./public.rules.ts";
import { insertRumour } from "./public.store.ts";
import { listRequests } from "./requests.service.ts";
import { listRumours } from "./rumours.service.ts";

const rumourColumns = {
  areaCode: areaColumn({ "zh-CN": "区划代码", en: "area code" }),
  claim: textColumn({ "zh-CN": "传言内容", en: "claim" }, { max: 1_000, example: "超市明天关门" }),
  seenWhere: textColumn({ "zh-CN": "出现场合", en: "where it was seen" }, { max: 200, example: "村民群" }),
};

/** Records a list of rumours, as a hotline sends them once a day. */
const takeRumours = useCase(
  { name: "reports.importRumours", permission: "reports.rumour.write", kind: "write" },
  async (tx, { rows }: { rows: readonly ReadRow<typeof rumourColumns>[] }): Promise<Taken> => {
    const outbreak = await currentOutbreak(tx);
    const dueAt = addHours(tx.now, (outbreak.protocol.publicInformation ?? publicDefaults).rumourHours);
    const { good, faults } = await rowsInAreas(tx, rows, rumourColumns.areaCode);
    const tasks = [];
    for (const { row } of good) {
      const id = tx.newId();
      await insertRumour(tx, { id, outbreakId: outbreak.id, ...row, dueAt });
      tasks.push({
        outbreakId: outbreak.id,
        kind: "answerRumour",
        areaCode: row.areaCode,
        ownerTeam: "publicInfo" as const,
        subjectType: "rumour",
        subjectId: id,
        dueAt,
      });
    }
    await createTasks(tx, tasks);
    return { taken: good.length, known: 0, faults };
  },
);

export const sheets: readonly SheetDef[] = [
  defineSheet({
    name: "reports-rumours",
    title: { "zh-CN": "传言核查", en: "Rumours" },
    tag: "reports",
    columns: rumourColumns,
    take: takeRumours,
    out: [
      { heading: rumourColumns.areaCode.heading, value: (row: Rumour) => row.areaCode },
      { heading: rumourColumns.claim.heading, value: (row: Rumour) => row.claim },
      { heading: rumourColumns.seenWhere.heading, value: (row: Rumour) => row.seenWhere },
      { heading: { "zh-CN": "记录时间", en: "recorded" }, value: (row: Rumour) => row.recordedAt },
      { heading: { "zh-CN": "结论", en: "verdict" }, value: (row: Rumour) => row.verdict },
      { heading: { "zh-CN": "事实", en: "fact" }, value: (row: Rumour, lang) => row.fact?.[lang] },
      { heading: { "zh-CN": "发布时间", en: "published" }, value: (row: Rumour) => row.signedAt },
    ],
    list: listRumours,
  }),
  defineSheet({
    name: "reports-requests",
    title: { "zh-CN": "居民求助", en: "Residents' requests" },
    tag: "reports",
    out: [
      { heading: { "zh-CN": "回执号", en: "receipt" }, value: (row: RequestRow) => row.receipt },
      { heading: { "zh-CN": "区划代码", en: "area code" }, value: (row: RequestRow) => row.areaCode },
      { heading: { "zh-CN": "类别", en: "kind" }, value: (row: RequestRow) => row.kind },
      { heading: { "zh-CN": "提出时间", en: "asked" }, value: (row: RequestRow) => row.askedAt },
      { heading: { "zh-CN": "期限", en: "due" }, value: (row: RequestRow) => row.dueAt },
      { heading: { "zh-CN": "状态", en: "state" }, value: (row: RequestRow) => row.state },
      { heading: { "zh-CN": "答复时间", en: "answered" }, value: (row: RequestRow) => row.answeredAt },
    ],
    list: listRequests,
  }),
];
