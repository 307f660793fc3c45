import { defineSheet, type ExportQuery, type OutColumn, type SheetDef } from "#platform/sheets";
import type { Page } from "#platform/paging";
import type { UseCase } from "#platform/usecase";
import { visitList } from "./arrivals.service.ts";
import type { Checkpoint, LetterPerson, Pass, Worker } from "./control.model.ts";
import type { ArrivalDetail, KeyRegion } from "./inbound.model.ts";
import { listLetterPeople } from "./letters.service.ts";
import { listWorkers } from "./posts.service.ts";
import { listKeyRegions } from "./regions.service.ts";
import { listCheckpoints, listPasses } from "./roads.service.ts";
import {
  both,
  checkpointColumns,
  declarationColumns,
  letterColumns,
  levelWords,
  loopColumns,
  regionColumns,
  takeCheckpoints,
  takeDeclarations,
  takeLetters,
  takeLoop,
  takeRegions,
} from "./sheets.take.ts";

const tag = "inbound";

/** A list as an export asks for it: a filter whose word the list does not know simply finds nothing. */
function exported<Q, R>(list: UseCase<Q, Page<R>>): UseCase<ExportQuery, Page<R>> {
  return list as unknown as UseCase<ExportQuery, Page<R>>;
}

const declarationsOut: readonly OutColumn<ArrivalDetail>[] = [
  { heading: both("登记号", "Number"), value: (row) => row.receipt },
  { heading: both("区划代码", "Area code"), value: (row) => row.areaCode },
  { heading: both("姓名", "Name"), value: (row) => row.name },
  { heading: both("证件后四位", "Last four"), value: (row) => row.idLast4 },
  { heading: both("手机号", "Phone"), value: (row) => row.phone },
  { heading: both("来源地", "Origin"), value: (row) => row.origin },
  { heading: both("离开日期", "Left on"), value: (row) => row.leftOn },
  { heading: both("到达时间", "Arrives at"), value: (row) => row.arrivesAt },
  { heading: both("等级", "Level"), value: (row, lang) => (row.level === "none" ? "" : levelWords[row.level][lang]) },
  { heading: both("管理措施", "Plan"), value: (row) => row.plan },
  { heading: both("状态", "State"), value: (row) => row.state },
  { heading: both("应核查时限", "Due"), value: (row) => row.dueAt },
];
const regionsOut: readonly OutColumn<KeyRegion>[] = [
  { heading: regionColumns.place.heading, value: (row) => row.place },
  { heading: regionColumns.name.heading, value: (row) => row.name },
  { heading: regionColumns.level.heading, value: (row, lang) => levelWords[row.level][lang] },
  { heading: regionColumns.fromDay.heading, value: (row) => row.fromDay },
  { heading: regionColumns.toDay.heading, value: (row) => row.toDay },
  { heading: regionColumns.source.heading, value: (row) => row.source },
];
const lettersOut: readonly OutColumn<LetterPerson>[] = [
  { heading: letterColumns.reference.heading, value: (row) => row.reference },
  { heading: both("序号", "Line"), value: (row) => row.line },
  { heading: both("区划代码", "Area code"), value: (row) => row.areaCode },
  { heading: both("姓名", "Name"), value: (row) => row.name },
  { heading: both("证件后四位", "Last four"), value: (row) => row.idLast4 },
  { heading: both("来源地", "Origin"), value: (row) => row.origin },
  { heading: both("核查结果", "Outcome"), value: (row) => row.outcome },
];
const passesOut: readonly OutColumn<Pass>[] = [
  { heading: both("时间", "At"), value: (row) => row.at },
  { heading: both("区划代码", "Area code"), value: (row) => row.areaCode },
  { heading: both("类别", "Kind"), value: (row) => row.kind },
  { heading: both("处置", "Outcome"), value: (row) => row.outcome },
  { heading: both("原因", "Reason"), value: (row) => row.reason },
  { heading: both("等级", "Level"), value: (row) => row.level },
  { heading: both("体温", "Temperature"), value: (row) => row.temperature },
  { heading: both("已消毒", "Disinfected"), value: (row) => (row.disinfected ? 1 : 0) },
];
const workersOut: readonly OutColumn<Worker>[] = [
  { heading: loopColumns.areaCode.heading, value: (row) => row.areaCode },
  { heading: loopColumns.post.heading, value: (row) => row.post },
  { heading: loopColumns.trade.heading, value: (row) => row.trade },
  { heading: loopColumns.personId.heading, value: (row) => row.personId },
  { heading: both("进入日期", "Since"), value: (row) => row.since },
  { heading: both("最近检测", "Last test"), value: (row) => row.lastTestOn },
  { heading: both("下次检测", "Next test"), value: (row) => row.nextTestOn },
];
const checkpointsOut: readonly OutColumn<Checkpoint>[] = [
  { heading: checkpointColumns.code.heading, value: (row) => row.code },
  { heading: checkpointColumns.areaCode.heading, value: (row) => row.areaCode },
  { heading: checkpointColumns.name.heading, value: (row) => row.name },
  { heading: checkpointColumns.road.heading, value: (row) => row.road },
  { heading: checkpointColumns.kind.heading, value: (row, lang) => checkpointColumns.kind.show(row.kind, lang) },
  { heading: checkpointColumns.lat.heading, value: (row) => row.lat },
  { heading: checkpointColumns.lon.heading, value: (row) => row.lon },
];

/** What comes in and goes out as spreadsheets. */
export const sheets: readonly SheetDef[] = [
  defineSheet({
    name: "inbound-declarations",
    title: both("返（来）人员名单", "Arrivals"),
    tag,
    columns: declarationColumns,
    take: takeDeclarations,
    out: declarationsOut,
    list: exported(visitList),
  }),
  defineSheet({
    name: "inbound-key-regions",
    title: both("重点地区名单", "Key regions"),
    tag,
    columns: regionColumns,
    take: takeRegions,
    out: regionsOut,
    list: exported(listKeyRegions),
  }),
  defineSheet({
    name: "inbound-letters",
    title: both("协查函人员名单", "People of co-investigation letters"),
    tag,
    columns: letterColumns,
    take: takeLetters,
    out: lettersOut,
    list: exported(listLetterPeople),
  }),
  defineSheet({
    name: "inbound-checkpoints",
    title: both("卡口名单", "Checkpoints"),
    tag,
    columns: checkpointColumns,
    take: takeCheckpoints,
    out: checkpointsOut,
    list: exported(listCheckpoints),
  }),
  defineSheet({
    name: "inbound-passes",
    title: both("卡口通行记录", "Passes"),
    tag,
    out: passesOut,
    list: exported(listPasses),
  }),
  defineSheet({
    name: "inbound-closed-loop",
    title: both("闭环及高风险岗位人员", "Closed-loop and high-risk posts"),
    tag,
    columns: loopColumns,
    take: takeLoop,
    out: workersOut,
    list: exported(listWorkers),
  }),
];
