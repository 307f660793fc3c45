import { areaColumn, choiceColumn, numberColumn, optional, textColumn, yesNoColumn, type Both } from "#kernel/sheet";
import type { SiteKind } from "./isolation.model.ts";
import type { CareKind, CareState, DutyRole, SiteLife, WorkZone } from "./life.model.ts";

/** The columns of the sheets of sites, and the words of their values. */

const area = { "zh-CN": "区划代码", en: "area code" };
const site = { "zh-CN": "隔离点名称", en: "site" };
const nameMax = 200;

export const siteKindText: Readonly<Record<SiteKind, Both>> = {
  central: { "zh-CN": "集中隔离点", en: "quarantine site" },
  fangcang: { "zh-CN": "方舱医院", en: "fangcang" },
  hospital: { "zh-CN": "定点医院", en: "hospital" },
};
export const siteLifeText: Readonly<Record<SiteLife, Both>> = {
  selected: { "zh-CN": "已选定", en: "selected" },
  converting: { "zh-CN": "改造中", en: "being converted" },
  converted: { "zh-CN": "改造完成", en: "converted" },
  checked: { "zh-CN": "核验通过", en: "checked" },
  opened: { "zh-CN": "启用", en: "open" },
  cleaning: { "zh-CN": "终末消毒", en: "being cleaned" },
  stoodDown: { "zh-CN": "停用", en: "stood down" },
};
export const dutyRoleText: Readonly<Record<DutyRole, Both>> = {
  countyLeader: { "zh-CN": "县级负责领导", en: "county leader" },
  disciplineOfficer: { "zh-CN": "驻点纪检干部", en: "discipline officer" },
  disinfection: { "zh-CN": "消毒组", en: "disinfection" },
  healthObservation: { "zh-CN": "健康观察组", en: "health observation" },
  informationLiaison: { "zh-CN": "信息联络组", en: "information liaison" },
  security: { "zh-CN": "安全保障组", en: "security" },
  logistics: { "zh-CN": "后勤保障组", en: "logistics" },
  caseTransfer: { "zh-CN": "病例转运组", en: "case transfer" },
  humanisticCare: { "zh-CN": "人文关怀组", en: "humanistic care" },
};
export const workZoneText: Readonly<Record<WorkZone, Both>> = {
  isolation: { "zh-CN": "隔离观察区", en: "quarantine area" },
  buffer: { "zh-CN": "卫生通过区", en: "sanitary pass" },
  clean: { "zh-CN": "工作服务区", en: "work service area" },
};
export const careKindText: Readonly<Record<CareKind, Both>> = {
  medicine: { "zh-CN": "用药", en: "medicine" },
  diet: { "zh-CN": "饮食", en: "diet" },
  infant: { "zh-CN": "婴幼儿", en: "infant" },
  elderly: { "zh-CN": "老年人", en: "elderly" },
  psychological: { "zh-CN": "心理", en: "psychological" },
  pet: { "zh-CN": "宠物", en: "pet" },
  other: { "zh-CN": "其他", en: "other" },
};
export const careStateText: Readonly<Record<CareState, Both>> = {
  asked: { "zh-CN": "待答复", en: "asked" },
  answered: { "zh-CN": "已答复", en: "answered" },
  confirmed: { "zh-CN": "已确认", en: "confirmed" },
  cancelled: { "zh-CN": "已撤销", en: "called off" },
};

const rooms = (heading: Both) => optional(numberColumn(heading, { max: 20_000, example: "100" }));

export const siteColumnsIn = {
  areaCode: areaColumn(area, { example: "371721101" }),
  kind: choiceColumn({ "zh-CN": "类别", en: "kind" }, siteKindText),
  name: textColumn(site, { max: nameMax, example: "示例宾馆" }),
  nameEn: optional(textColumn({ "zh-CN": "英文名称", en: "English name" }, { max: nameMax })),
  planned: optional(yesNoColumn({ "zh-CN": "备用（尚未启用）", en: "planned (not open yet)" })),
  emergency: optional(yesNoColumn({ "zh-CN": "应急改造", en: "emergency conversion" })),
  phase: optional(numberColumn({ "zh-CN": "方舱期数", en: "fangcang phase" }, { min: 1, max: 99 })),
  single: rooms({ "zh-CN": "单人间", en: "single rooms" }),
  family: rooms({ "zh-CN": "家庭间", en: "family rooms" }),
  accessible: rooms({ "zh-CN": "无障碍间", en: "accessible rooms" }),
  ward: rooms({ "zh-CN": "护理单元", en: "nursing units" }),
};

export const dutyColumns = {
  areaCode: areaColumn(area, { example: "371721101" }),
  site: textColumn(site, { max: nameMax, example: "示例宾馆" }),
  role: choiceColumn({ "zh-CN": "岗位", en: "post" }, dutyRoleText),
  name: textColumn({ "zh-CN": "姓名", en: "name" }, { max: 60, example: "示例" }),
  phone: optional(textColumn({ "zh-CN": "电话", en: "telephone" }, { max: 40, example: "10000000000" })),
};

export const staffColumns = {
  areaCode: areaColumn(area, { example: "371721101" }),
  site: textColumn(site, { max: nameMax, example: "示例宾馆" }),
  code: textColumn({ "zh-CN": "人员编号", en: "member code" }, { max: 60, example: "T001-07" }),
  zone: choiceColumn({ "zh-CN": "工作区域", en: "zone of work" }, workZoneText),
};
