import { isWithin } from "#kernel/area";
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
  type ReadRow,
  type RowFault,
} from "#kernel/sheet";
import { instantAt, wallClock } from "#kernel/time";
import { areasByCode } from "#modules/areas";
import { currentOutbreak, findCurrentOutbreak } from "#modules/outbreaks";
import { venueAreas } from "#modules/venues";
import { defineSheet, type ExportQuery, type SheetDef, type Taken } from "#platform/sheets";
import type { Page } from "#platform/paging";
import { useCase } from "#platform/usecase";
import {
  findingStates,
  type Finding,
  type InspectionTeam,
  type Place,
  type PlaceType,
  type RouteRow,
  type Severity,
} from "./domain.ts";
import { pageFindings, type StoredFinding } from "./findings.store.ts";
import {
  pagePlaces,
  pageRoutes,
  pageTeams,
  placesByCode,
  teamAreas,
  upsertPlaces,
  upsertRoutes,
  upsertTeams,
} from "./inspection.store.ts";
import { useChecklist } from "./inspection.service.ts";
import { findingOf, raiseFindings } from "./raise.service.ts";

const tag = "inspection";
const read = "inspection.finding.read";

const placeWords: Readonly<Record<PlaceType, Both>> = {
  supermarket: { "zh-CN": "超市", en: "supermarket" },
  market: { "zh-CN": "农贸市场", en: "market" },
  publicPlace: { "zh-CN": "公共场所", en: "public place" },
  pharmacy: { "zh-CN": "药店", en: "pharmacy" },
  clinic: { "zh-CN": "诊所", en: "clinic" },
  school: { "zh-CN": "学校", en: "school" },
  workplace: { "zh-CN": "单位", en: "workplace" },
  quarantineSite: { "zh-CN": "集中隔离点", en: "quarantine site" },
  fangcang: { "zh-CN": "方舱医院", en: "fangcang" },
  testingSite: { "zh-CN": "采样点", en: "testing site" },
  checkpoint: { "zh-CN": "检查点", en: "checkpoint" },
};
const severityWords: Readonly<Record<Severity, Both>> = {
  severe: { "zh-CN": "严重", en: "severe" },
  serious: { "zh-CN": "较重", en: "serious" },
  minor: { "zh-CN": "一般", en: "minor" },
};
const stateWords: Readonly<Record<Finding["state"], Both>> = {
  open: { "zh-CN": "待整改", en: "open" },
  rectified: { "zh-CN": "待复查", en: "rectified" },
  closed: { "zh-CN": "已销号", en: "closed" },
  sentBack: { "zh-CN": "退回", en: "sent back" },
  escalated: { "zh-CN": "超期升级", en: "escalated" },
};
const faults = {
  unknownArea: { "zh-CN": "没有这个区划", en: "there is no such area" },
  unknownVenue: { "zh-CN": "没有这个场所码，或不在该辖区", en: "there is no such venue code, or it lies elsewhere" },
  otherArea: { "zh-CN": "该编号已登记在其他辖区", en: "this code is registered in another area" },
  unknownTeam: { "zh-CN": "没有这个督导组", en: "there is no such inspection team" },
  unknownPlace: { "zh-CN": "没有登记这个地点", en: "there is no such place" },
  unknownItem: { "zh-CN": "检查表没有这一项", en: "the checklist has no such item" },
  inFuture: { "zh-CN": "时间在将来", en: "lies in the future" },
  twice: { "zh-CN": "同一顺序出现两次", en: "two places have the same number" },
} as const;

const placeColumns = {
  code: textColumn({ "zh-CN": "地点编号", en: "place code" }, { max: 60, example: "P-001" }),
  areaCode: areaColumn({ "zh-CN": "区划代码", en: "area code" }),
  placeType: choiceColumn({ "zh-CN": "类型", en: "type" }, placeWords),
  name: textColumn({ "zh-CN": "名称", en: "name" }, { example: "中心超市" }),
  nameEn: optional(textColumn({ "zh-CN": "英文名称", en: "English name" })),
  venueCode: optional(textColumn({ "zh-CN": "场所码", en: "venue code" }, { max: 60 })),
};

/** Takes places; a row of an unknown area, or of a venue code that is not there, comes back. spec: INS-15 */
const takePlaces = useCase(
  { name: "inspection.importPlaces", permission: "inspection.plan.write", kind: "write" },
  async (tx, { rows }: { rows: readonly ReadRow<typeof placeColumns>[] }): Promise<Taken> => {
    const areas = await areasByCode(tx, [...new Set(rows.map(({ row }) => row.areaCode))]);
    const venues = await venueAreas(tx, [...new Set(rows.flatMap(({ row }) => row.venueCode ?? []))]);
    const before = await placesByCode(
      tx,
      rows.map(({ row }) => row.code),
    );
    const bad: RowFault[] = [];
    const good = new Map<string, Place>();
    for (const { line, row } of rows) {
      const known = before.get(row.code);
      if (!areas.has(row.areaCode)) bad.push(rowFault(placeColumns.areaCode, line, faults.unknownArea, tx.lang));
      else if (row.venueCode !== undefined && !isWithin(venues.get(row.venueCode) ?? "", row.areaCode))
        bad.push(rowFault(placeColumns.venueCode, line, faults.unknownVenue, tx.lang));
      else if (known && known.areaCode !== row.areaCode)
        bad.push(rowFault(placeColumns.code, line, faults.otherArea, tx.lang));
      else good.set(row.code, { ...row, nameEn: row.nameEn ?? row.name, venueCode: row.venueCode ?? null });
    }
    await upsertPlaces(tx, [...good.values()]);
    const known = [...good.keys()].filter((code) => before.has(code)).length;
    return { taken: rows.length - bad.length - known, known, faults: bad };
  },
);

const givePlaces = useCase(
  { name: "inspection.exportPlaces", permission: read, kind: "read" },
  (tx, query: ExportQuery): Promise<Page<Place>> => pagePlaces(tx, query),
);

const teamColumns = {
  code: textColumn({ "zh-CN": "督导组编号", en: "team code" }, { max: 60, example: "G-001" }),
  areaCode: areaColumn({ "zh-CN": "区划代码", en: "area code" }),
  name: textColumn({ "zh-CN": "名称", en: "name" }, { example: "第一督导组" }),
  nameEn: optional(textColumn({ "zh-CN": "英文名称", en: "English name" })),
  headcount: numberColumn({ "zh-CN": "人数", en: "headcount" }, { min: 1, max: 1_000 }),
  members: optional(textColumn({ "zh-CN": "成员账号", en: "members' accounts" }, { max: 2_000 })),
};

/** Takes teams; a row of an unknown area, or of a code that is another area's, comes back. spec: INS-15 */
const takeTeams = useCase(
  { name: "inspection.importTeams", permission: "inspection.plan.write", kind: "write" },
  async (tx, { rows }: { rows: readonly ReadRow<typeof teamColumns>[] }): Promise<Taken> => {
    const areas = await areasByCode(tx, [...new Set(rows.map(({ row }) => row.areaCode))]);
    const before = await teamAreas(
      tx,
      rows.map(({ row }) => row.code),
    );
    const bad: RowFault[] = [];
    const good = new Map<string, InspectionTeam>();
    for (const { line, row } of rows) {
      const known = before.get(row.code);
      if (!areas.has(row.areaCode)) bad.push(rowFault(teamColumns.areaCode, line, faults.unknownArea, tx.lang));
      else if (known !== undefined && known !== row.areaCode)
        bad.push(rowFault(teamColumns.code, line, faults.otherArea, tx.lang));
      else {
        const members = (row.members ?? "").split(/[\s,，、;；]+/).filter((account) => account !== "");
        good.set(row.code, { ...row, nameEn: row.nameEn ?? row.name, members });
      }
    }
    await upsertTeams(tx, [...good.values()]);
    const known = [...good.keys()].filter((code) => before.has(code)).length;
    return { taken: rows.length - bad.length - known, known, faults: bad };
  },
);

const giveTeams = useCase(
  { name: "inspection.exportTeams", permission: read, kind: "read" },
  (tx, query: ExportQuery): Promise<Page<InspectionTeam>> => pageTeams(tx, query),
);

const routeColumns = {
  teamCode: textColumn({ "zh-CN": "督导组编号", en: "team code" }, { max: 60, example: "G-001" }),
  day: dayColumn({ "zh-CN": "日期", en: "day" }),
  order: numberColumn({ "zh-CN": "顺序", en: "order" }, { min: 1, max: 200 }),
  placeCode: textColumn({ "zh-CN": "地点编号", en: "place code" }, { max: 60, example: "P-001" }),
};

/** Takes routes, one stop a row; a team's day is replaced as a whole by its good rows. spec: INS-15 */
const takeRoutes = useCase(
  { name: "inspection.importRoutes", permission: "inspection.plan.write", kind: "write" },
  async (tx, { rows }: { rows: readonly ReadRow<typeof routeColumns>[] }): Promise<Taken> => {
    const teams = await teamAreas(tx, [...new Set(rows.map(({ row }) => row.teamCode))]);
    const places = await placesByCode(tx, [...new Set(rows.map(({ row }) => row.placeCode))]);
    const bad: RowFault[] = [];
    const routes = new Map<string, { teamCode: string; day: string; areaCode: string; stops: Map<number, string> }>();
    for (const { line, row } of rows) {
      const areaCode = teams.get(row.teamCode);
      const key = `${row.teamCode} ${row.day}`;
      const route = routes.get(key) ?? {
        teamCode: row.teamCode,
        day: row.day,
        areaCode: areaCode ?? "",
        stops: new Map(),
      };
      if (areaCode === undefined) bad.push(rowFault(routeColumns.teamCode, line, faults.unknownTeam, tx.lang));
      else if (!places.has(row.placeCode))
        bad.push(rowFault(routeColumns.placeCode, line, faults.unknownPlace, tx.lang));
      else if (route.stops.has(row.order)) bad.push(rowFault(routeColumns.order, line, faults.twice, tx.lang));
      else {
        route.stops.set(row.order, row.placeCode);
        routes.set(key, route);
      }
    }
    await upsertRoutes(
      tx,
      [...routes.values()].map(({ stops, ...route }) => ({
        ...route,
        places: [...stops].toSorted(([a], [b]) => a - b).map(([, code]) => code),
      })),
    );
    return { taken: rows.length - bad.length, known: 0, faults: bad };
  },
);

const giveRoutes = useCase(
  { name: "inspection.exportRoutes", permission: read, kind: "read" },
  async (tx, query: ExportQuery): Promise<Page<RouteRow>> =>
    pageRoutes(tx, query, (await findCurrentOutbreak(tx))?.timeZone ?? "UTC"),
);

const findingColumns = {
  teamCode: textColumn({ "zh-CN": "督导组编号", en: "team code" }, { max: 60, example: "G-001" }),
  placeCode: textColumn({ "zh-CN": "地点编号", en: "place code" }, { max: 60, example: "P-001" }),
  item: textColumn({ "zh-CN": "检查项", en: "item" }, { max: 60, example: "venueCodePosted" }),
  note: optional(textColumn({ "zh-CN": "情况", en: "note" }, { max: 1_000 })),
  severity: optional(choiceColumn({ "zh-CN": "程度", en: "grade" }, severityWords)),
  fixNow: optional(yesNoColumn({ "zh-CN": "立行立改", en: "fix now" })),
  foundAt: momentColumn({ "zh-CN": "发现时间", en: "found at" }),
};

/** Takes findings noted elsewhere; grade and fix-now are the list's unless the row says otherwise. spec: INS-15 */
const takeFindings = useCase(
  { name: "inspection.importFindings", permission: "inspection.visit.write", kind: "write" },
  async (tx, { rows }: { rows: readonly ReadRow<typeof findingColumns>[] }): Promise<Taken> => {
    const outbreak = await currentOutbreak(tx);
    const teams = await teamAreas(tx, [...new Set(rows.map(({ row }) => row.teamCode))]);
    const places = await placesByCode(tx, [...new Set(rows.map(({ row }) => row.placeCode))]);
    const bad: RowFault[] = [];
    const good: StoredFinding[] = [];
    for (const { line, row } of rows) {
      const place = places.get(row.placeCode);
      const list = place && (await useChecklist(tx, place.placeType));
      const item = list?.items.find((one) => one.id === row.item || one.text["zh-CN"] === row.item);
      const [day = "", time = ""] = row.foundAt.split(" ");
      const at = instantAt(day, time, outbreak.timeZone);
      if (!teams.has(row.teamCode)) bad.push(rowFault(findingColumns.teamCode, line, faults.unknownTeam, tx.lang));
      else if (!place || !list) bad.push(rowFault(findingColumns.placeCode, line, faults.unknownPlace, tx.lang));
      else if (!item) bad.push(rowFault(findingColumns.item, line, faults.unknownItem, tx.lang));
      else if (at > tx.now) bad.push(rowFault(findingColumns.foundAt, line, faults.inFuture, tx.lang));
      else
        good.push(
          findingOf(tx, { visitId: null, teamCode: row.teamCode, place, at }, list, {
            item,
            note: row.note ?? null,
            severity: row.severity ?? item.severity,
            fixNow: row.fixNow ?? item.fixNow,
          }),
        );
    }
    const raised = await raiseFindings(tx, outbreak.id, good);
    return { taken: raised.length, known: good.length - raised.length, faults: bad };
  },
);

/** A finding with its moments on the outbreak's wall clock. */
const giveFindings = useCase(
  { name: "inspection.exportFindings", permission: read, kind: "read" },
  async (tx, query: ExportQuery): Promise<Page<Finding & { readonly zone: string }>> => {
    const state = [...findingStates, "unresolved" as const].find((known) => known === query.state);
    const { state: _spelled, ...rest } = query;
    const zone = (await findCurrentOutbreak(tx))?.timeZone ?? "UTC";
    const page = await pageFindings(tx, { ...rest, ...(state ? { state } : {}) });
    return { items: page.items.map((row) => ({ ...row, zone })), next: page.next };
  },
);

function clockOf(at: string | null, zone: string): string | null {
  if (at === null) return null;
  const { day, time } = wallClock(at, zone);
  return `${day} ${time}`;
}

/** What inspection takes in and gives out as spreadsheets. */
export const sheets: readonly SheetDef[] = [
  defineSheet({
    name: "inspection-places",
    title: { "zh-CN": "督导地点", en: "Places to inspect" },
    tag,
    columns: placeColumns,
    take: takePlaces,
    list: givePlaces,
    out: [
      { heading: placeColumns.code.heading, value: (row) => row.code },
      { heading: placeColumns.areaCode.heading, value: (row) => row.areaCode },
      { heading: placeColumns.placeType.heading, value: (row, lang) => placeWords[row.placeType][lang] },
      { heading: placeColumns.name.heading, value: (row) => row.name },
      { heading: placeColumns.nameEn.heading, value: (row) => row.nameEn },
      { heading: placeColumns.venueCode.heading, value: (row) => row.venueCode },
    ],
  }),
  defineSheet({
    name: "inspection-teams",
    title: { "zh-CN": "督导组", en: "Inspection teams" },
    tag,
    columns: teamColumns,
    take: takeTeams,
    list: giveTeams,
    out: [
      { heading: teamColumns.code.heading, value: (row) => row.code },
      { heading: teamColumns.areaCode.heading, value: (row) => row.areaCode },
      { heading: teamColumns.name.heading, value: (row) => row.name },
      { heading: teamColumns.nameEn.heading, value: (row) => row.nameEn },
      { heading: teamColumns.headcount.heading, value: (row) => row.headcount },
      { heading: teamColumns.members.heading, value: (row) => row.members.join(" ") },
    ],
  }),
  defineSheet({
    name: "inspection-routes",
    title: { "zh-CN": "督导路线", en: "Routes of inspection" },
    tag,
    columns: routeColumns,
    take: takeRoutes,
    list: giveRoutes,
    out: [
      { heading: routeColumns.teamCode.heading, value: (row) => row.teamCode },
      { heading: routeColumns.day.heading, value: (row) => row.day },
      { heading: { "zh-CN": "地点", en: "places" }, value: (row) => row.places.join(" ") },
      { heading: { "zh-CN": "应查", en: "planned" }, value: (row) => row.places.length },
      { heading: { "zh-CN": "已查", en: "visited" }, value: (row) => row.visited },
    ],
  }),
  defineSheet({
    name: "inspection-findings",
    title: { "zh-CN": "问题清单", en: "Problem list" },
    tag,
    columns: findingColumns,
    take: takeFindings,
    list: giveFindings,
    out: [
      { heading: placeColumns.areaCode.heading, value: (row) => row.areaCode },
      { heading: findingColumns.teamCode.heading, value: (row) => row.teamCode },
      { heading: findingColumns.placeCode.heading, value: (row) => row.placeId },
      { heading: placeColumns.name.heading, value: (row) => row.placeName },
      { heading: findingColumns.item.heading, value: (row, lang) => (lang === "en" ? row.textEn : row.text) },
      { heading: findingColumns.note.heading, value: (row) => row.note },
      { heading: findingColumns.severity.heading, value: (row, lang) => severityWords[row.severity][lang] },
      { heading: findingColumns.fixNow.heading, value: (row, lang) => findingColumns.fixNow.show(row.fixNow, lang) },
      { heading: { "zh-CN": "责任专班", en: "owner" }, value: (row) => row.ownerTeam },
      { heading: findingColumns.foundAt.heading, value: (row) => clockOf(row.foundAt, row.zone) },
      { heading: { "zh-CN": "期限", en: "due at" }, value: (row) => clockOf(row.dueAt, row.zone) },
      { heading: { "zh-CN": "状态", en: "state" }, value: (row, lang) => stateWords[row.state][lang] },
      { heading: { "zh-CN": "整改时间", en: "put right at" }, value: (row) => clockOf(row.fixedAt, row.zone) },
      { heading: { "zh-CN": "销号时间", en: "closed at" }, value: (row) => clockOf(row.closedAt, row.zone) },
      { heading: { "zh-CN": "退回次数", en: "sent back" }, value: (row) => row.sentBackCount },
      { heading: { "zh-CN": "此前重复", en: "repeats" }, value: (row) => row.repeats },
    ],
  }),
];
