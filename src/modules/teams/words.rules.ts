import type { Both } from "#kernel/sheet";
import type { MemberKind, MemberState, PostKind, Skill, TeamKind } from "./teams.model.ts";

/** The words of spreadsheets and public pages, which know no locale files. */
export const teamKindWords: Readonly<Record<TeamKind, Both>> = {
  branch: { "zh-CN": "临时党支部", en: "temporary branch" },
  group: { "zh-CN": "党小组", en: "group" },
  service: { "zh-CN": "服务队", en: "service team" },
  emergency: { "zh-CN": "应急队", en: "emergency team" },
  task: { "zh-CN": "突击队", en: "task team" },
};
export const memberKindWords: Readonly<Record<MemberKind, Both>> = {
  staff: { "zh-CN": "干部职工", en: "staff" },
  volunteer: { "zh-CN": "志愿者", en: "volunteer" },
  partyMember: { "zh-CN": "党员", en: "party member" },
};
export const memberStateWords: Readonly<Record<MemberState, Both>> = {
  registered: { "zh-CN": "已登记", en: "registered" },
  calledUp: { "zh-CN": "已召集待应答", en: "called, no answer yet" },
  active: { "zh-CN": "已到位", en: "up" },
  absent: { "zh-CN": "不能到位", en: "cannot come" },
  onDuty: { "zh-CN": "在岗", en: "on duty" },
  stoodDown: { "zh-CN": "已解除", en: "stood down" },
};
export const postKindWords: Readonly<Record<PostKind, Both>> = {
  pioneerPost: { "zh-CN": "先锋岗", en: "pioneer post" },
  dutyArea: { "zh-CN": "责任区", en: "duty area" },
};
export const skillWords: Readonly<Record<Skill, Both>> = {
  sampling: { "zh-CN": "核酸采样", en: "sampling" },
  nursing: { "zh-CN": "护理", en: "nursing" },
  driving: { "zh-CN": "驾驶", en: "driving" },
  disinfection: { "zh-CN": "消毒", en: "disinfection" },
  security: { "zh-CN": "秩序维护", en: "keeping order" },
  logistics: { "zh-CN": "物资搬运配送", en: "carrying and delivering" },
  registration: { "zh-CN": "信息登记", en: "registration" },
  counselling: { "zh-CN": "心理疏导", en: "counselling" },
};
