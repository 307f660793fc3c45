import { rowFault, type ReadRow } from "#kernel/sheet";
import { defineSheet, type ExportQuery, type SheetDef, type Taken } from "#platform/sheets";
import { useCase } from "#platform/usecase";
import { pageCare } from "./care.store.ts";
import { listDuties, importDuties } from "./duty.service.ts";
import type { NewSite } from "./isolation.model.ts";
import { careStates, siteLives, type CareRow, type DutyRow, type SiteCard, type StaffRow } from "./life.model.ts";
import { pageSiteCards, siteIdsByName } from "./life.store.ts";
import { storeSites } from "./places.service.ts";
import {
  careKindText,
  careStateText,
  dutyColumns,
  dutyRoleText,
  siteColumnsIn,
  siteKindText,
  siteLifeText,
  staffColumns,
  workZoneText,
} from "./sheet.columns.ts";
import { importStaff, listStaff } from "./staff.service.ts";

/** Sites, their posts and staff, and the requests of their guests as spreadsheets. */

const tag = "isolation";
const noRooms = { "zh-CN": "没有房间", en: "has no rooms" };
const twice = { "zh-CN": "文件中重复", en: "stands twice in the file" };

type SiteRow = ReadRow<typeof siteColumnsIn>["row"];

function siteOf({ planned, single, family, accessible, ward, nameEn, phase, emergency, ...row }: SiteRow): NewSite {
  return {
    ...row,
    ...(nameEn === undefined ? {} : { nameEn }),
    ...(phase === undefined ? {} : { phase }),
    ...(emergency === undefined ? {} : { emergency }),
    ...(planned ? { state: "planned" as const } : {}),
    rooms: { single: single ?? 0, family: family ?? 0, accessible: accessible ?? 0, ward: ward ?? 0 },
  };
}

const importSites = useCase(
  { name: "isolation.importSites", permission: "isolation.site.write", kind: "write" },
  async (tx, input: { rows: readonly ReadRow<typeof siteColumnsIn>[] }): Promise<Taken> => {
    const there = await siteIdsByName(
      tx,
      input.rows.map(({ row }) => row),
    );
    const good: NewSite[] = [];
    const faults = [];
    const seen = new Set<string>();
    let known = 0;
    for (const { line, row } of input.rows) {
      const key = `${row.areaCode} ${row.name}`;
      const site = siteOf(row);
      const rooms = Object.values(site.rooms).reduce((sum, n) => sum + n, 0);
      if (seen.has(key)) faults.push(rowFault(siteColumnsIn.name, line, twice, tx.lang));
      else if (there.has(key)) known += 1;
      else if (rooms === 0) faults.push(rowFault(siteColumnsIn.single, line, noRooms, tx.lang));
      else good.push(site);
      seen.add(key);
    }
    if (good.length > 0) await storeSites(tx, good);
    return { taken: good.length, known, faults };
  },
);

const exportSites = useCase(
  { name: "isolation.exportSites", permission: "isolation.read", kind: "read" },
  (tx, { state, ...query }: ExportQuery) => {
    const life = siteLives.find((word) => word === state);
    return pageSiteCards(tx, { ...query, ...(life ? { life } : {}) });
  },
);

const exportCare = useCase(
  { name: "isolation.exportCare", permission: "isolation.read", kind: "read" },
  (tx, { state, ...query }: ExportQuery) => {
    const asked = careStates.find((word) => word === state);
    return pageCare(tx, { ...query, ...(asked ? { state: asked } : {}) });
  },
);

const siteHeading = { "zh-CN": "隔离点名称", en: "site" };
const areaHeading = { "zh-CN": "区划代码", en: "area code" };

export const sheets: readonly SheetDef[] = [
  defineSheet({
    name: "isolation-sites",
    title: { "zh-CN": "隔离点", en: "Quarantine sites" },
    tag,
    columns: siteColumnsIn,
    take: importSites,
    list: exportSites,
    out: [
      { heading: areaHeading, value: (row: SiteCard) => row.areaCode },
      { heading: siteColumnsIn.kind.heading, value: (row, lang) => siteKindText[row.kind][lang] },
      { heading: siteHeading, value: (row) => row.name },
      { heading: { "zh-CN": "英文名称", en: "English name" }, value: (row) => row.nameEn },
      { heading: { "zh-CN": "状态", en: "life" }, value: (row, lang) => siteLifeText[row.life][lang] },
      { heading: { "zh-CN": "本步时限", en: "step due" }, value: (row) => row.lifeDueAt },
      { heading: { "zh-CN": "房间", en: "rooms" }, value: (row) => row.rooms },
      { heading: { "zh-CN": "空房", en: "free rooms" }, value: (row) => row.roomsFree },
      { heading: { "zh-CN": "床位", en: "beds" }, value: (row) => row.beds },
      { heading: { "zh-CN": "在住", en: "in use" }, value: (row) => row.inUse },
      { heading: { "zh-CN": "工作组", en: "work groups" }, value: (row) => row.groups },
    ],
  }),
  defineSheet({
    name: "isolation-duty",
    title: { "zh-CN": "隔离点岗位", en: "Posts at quarantine sites" },
    tag,
    columns: dutyColumns,
    take: importDuties,
    list: listDuties,
    out: [
      { heading: areaHeading, value: (row: DutyRow) => row.areaCode },
      { heading: siteHeading, value: (row) => row.siteName },
      { heading: dutyColumns.role.heading, value: (row, lang) => dutyRoleText[row.role][lang] },
      { heading: dutyColumns.name.heading, value: (row) => row.name },
      { heading: { "zh-CN": "自", en: "from" }, value: (row) => row.fromAt },
    ],
  }),
  defineSheet({
    name: "isolation-site-staff",
    title: { "zh-CN": "隔离点工作人员", en: "Staff of quarantine sites" },
    tag,
    columns: staffColumns,
    take: importStaff,
    list: listStaff,
    out: [
      { heading: areaHeading, value: (row: StaffRow) => row.areaCode },
      { heading: siteHeading, value: (row) => row.siteName },
      { heading: staffColumns.code.heading, value: (row) => row.code },
      { heading: staffColumns.zone.heading, value: (row, lang) => workZoneText[row.zone][lang] },
      { heading: { "zh-CN": "上次检测", en: "last test" }, value: (row) => row.lastTestedAt },
      { heading: { "zh-CN": "结果", en: "result" }, value: (row) => row.lastResult },
      { heading: { "zh-CN": "下次检测时限", en: "next test due" }, value: (row) => row.dueAt },
    ],
  }),
  defineSheet({
    name: "isolation-care",
    title: { "zh-CN": "隔离人员诉求", en: "Requests of guests" },
    tag,
    list: exportCare,
    out: [
      { heading: areaHeading, value: (row: CareRow) => row.areaCode },
      { heading: siteHeading, value: (row) => row.siteName },
      { heading: { "zh-CN": "类别", en: "kind" }, value: (row, lang) => careKindText[row.kind][lang] },
      { heading: { "zh-CN": "状态", en: "state" }, value: (row, lang) => careStateText[row.state][lang] },
      { heading: { "zh-CN": "提出时间", en: "asked at" }, value: (row) => row.askedAt },
      { heading: { "zh-CN": "时限", en: "due at" }, value: (row) => row.dueAt },
      { heading: { "zh-CN": "答复时间", en: "answered at" }, value: (row) => row.answeredAt },
      { heading: { "zh-CN": "退回次数", en: "sent back" }, value: (row) => row.sentBack },
    ],
  }),
];
