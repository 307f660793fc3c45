import {
  areaColumn,
  choiceColumn,
  numberColumn,
  optional,
  rowFault,
  textColumn,
  yesNoColumn,
  type Both,
  type Column,
  type ReadRow,
  type RowFault,
  type SheetLanguage,
} from "#kernel/sheet";
import { normalPhone } from "#domain/people";
import { areasByCode } from "#modules/areas";
import type { Tx } from "#platform/context";
import { defineSheet, type SheetDef, type Taken } from "#platform/sheets";
import { useCase } from "#platform/usecase";
import {
  exportMembers,
  listPosts,
  listTeams,
  registerMembersBulk,
  registerPostsBulk,
  registerTeamsBulk,
  type ExportedMember,
} from "./register.service.ts";
import { skills, type PostRow, type Registered, type Skill, type TeamRow } from "./teams.model.ts";
import { memberKindWords, memberStateWords, postKindWords, skillWords, teamKindWords } from "./words.rules.ts";

const tag = "teams";
const headings = {
  code: { "zh-CN": "编号", en: "Code" },
  area: { "zh-CN": "服务地区划代码", en: "Area of service" },
  kind: { "zh-CN": "类别", en: "Kind" },
  name: { "zh-CN": "名称", en: "Name" },
  person: { "zh-CN": "姓名", en: "Full name" },
  phone: { "zh-CN": "手机号", en: "Phone" },
  skills: { "zh-CN": "技能", en: "Skills" },
  home: { "zh-CN": "居住社区代码", en: "Home community" },
  vaccinated: { "zh-CN": "是否接种", en: "Vaccinated" },
  team: { "zh-CN": "队伍编号", en: "Team code" },
  state: { "zh-CN": "状态", en: "State" },
  hours: { "zh-CN": "累计工时（小时）", en: "Hours worked" },
  parent: { "zh-CN": "上级队伍编号", en: "Parent team" },
  leader: { "zh-CN": "负责人编号", en: "Leader's code" },
  place: { "zh-CN": "地点", en: "Place" },
  people: { "zh-CN": "所需人数", en: "People needed" },
  holder: { "zh-CN": "在岗人员编号", en: "Holder's code" },
} as const satisfies Readonly<Record<string, Both>>;

const code = textColumn(headings.code, { max: 40, example: "T-0001" });
const area = areaColumn(headings.area, { also: ["区划代码", "areaCode"] });

const teamColumns = {
  code,
  areaCode: area,
  kind: choiceColumn(headings.kind, teamKindWords),
  name: textColumn(headings.name, { example: "北关村服务队" }),
  parentCode: optional(textColumn(headings.parent, { max: 40 })),
  leaderCode: optional(textColumn(headings.leader, { max: 40 })),
};
const memberColumns = {
  code,
  areaCode: area,
  name: textColumn(headings.person, { max: 100, example: "张某" }),
  kind: choiceColumn(headings.kind, memberKindWords),
  phone: optional(textColumn(headings.phone, { max: 24, example: "10000000000" })),
  skills: optional(textColumn(headings.skills, { example: "核酸采样、驾驶" })),
  homeAreaCode: optional(textColumn(headings.home, { max: 20 })),
  vaccinated: optional(yesNoColumn(headings.vaccinated)),
  teamCode: optional(textColumn(headings.team, { max: 40 })),
};
const postColumns = {
  code,
  areaCode: area,
  kind: choiceColumn(headings.kind, postKindWords),
  name: textColumn(headings.name, { example: "北关村东口先锋岗" }),
  place: optional(textColumn(headings.place)),
  peopleNeeded: optional(numberColumn(headings.people, { min: 1, max: 10_000 })),
  holderCode: optional(textColumn(headings.holder, { max: 40 })),
};

const noArea: Both = { "zh-CN": "没有这个区划", en: "there is no such area" };
const elsewhere: Both = { "zh-CN": "该编号已属于其他辖区", en: "the code belongs to another area" };
const twice: Both = { "zh-CN": "编号在表中重复", en: "the code stands twice in the table" };
const badPhone: Both = { "zh-CN": "手机号有误", en: "is not a phone number" };
const badSkill: Both = { "zh-CN": "不认识的技能", en: "an unknown skill" };

/** Skills as somebody writes them: words of either language or values, parted by commas or 、. */
function skillsOf(text: string | undefined): Skill[] | null {
  if (text === undefined) return [];
  const found = text
    .split(/[、,，;；\s]+/)
    .filter((word) => word !== "")
    .map((word) => skills.find((skill) => [skill, ...Object.values(skillWords[skill])].includes(word.toLowerCase())));
  return found.every((skill) => skill !== undefined) ? [...new Set(found)] : null;
}

interface Coded {
  readonly code: string;
  readonly areaCode: string;
}
interface Line<R> {
  readonly line: number;
  readonly row: R;
}

/** Takes the rows whose area exists and whose code is neither twice in the table nor another area's. */
async function takeRows<R extends Coded>(
  tx: Tx,
  rows: readonly Line<R>[],
  fault: (row: R) => { readonly of: Column<unknown>; readonly why: Both } | null,
  register: (good: readonly R[]) => Promise<Registered>,
): Promise<Taken> {
  const areas = await areasByCode(tx, [...new Set(rows.map(({ row }) => row.areaCode))]);
  const seen = new Set<string>();
  const faults: RowFault[] = [];
  const good: Line<R>[] = [];
  const say = (of: Column<unknown>, line: number, why: Both): void =>
    void faults.push(rowFault(of, line, why, tx.lang as SheetLanguage));
  for (const { line, row } of rows) {
    const own = fault(row);
    if (!areas.has(row.areaCode)) say(area, line, noArea);
    else if (seen.has(row.code)) say(code, line, twice);
    else if (own) say(own.of, line, own.why);
    else good.push({ line, row });
    seen.add(row.code);
  }
  const answer = await register(good.map(({ row }) => row));
  const others = new Set(answer.elsewhere);
  for (const { line, row } of good) if (others.has(row.code)) say(code, line, elsewhere);
  return { taken: answer.added, known: answer.known, faults };
}

const takeTeams = useCase(
  { name: "teams.importTeams", permission: "teams.team.write", kind: "write" },
  (tx, input: { rows: readonly ReadRow<typeof teamColumns>[] }): Promise<Taken> =>
    takeRows(
      tx,
      input.rows,
      () => null,
      (good) => registerTeamsBulk(tx, good.map(withoutGaps)),
    ),
);

/** The row without its empty cells: a field that is not there is not undefined. */
function withoutGaps<R extends object>(row: R): { [K in keyof R]: Exclude<R[K], undefined> } {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as {
    [K in keyof R]: Exclude<R[K], undefined>;
  };
}

const takeMembers = useCase(
  { name: "teams.importMembers", permission: "teams.member.write", kind: "write" },
  (tx, input: { rows: readonly ReadRow<typeof memberColumns>[] }): Promise<Taken> =>
    takeRows(
      tx,
      input.rows,
      (row) => {
        if (row.phone !== undefined && normalPhone(row.phone) === null)
          return { of: memberColumns.phone, why: badPhone };
        return skillsOf(row.skills) === null ? { of: memberColumns.skills, why: badSkill } : null;
      },
      (good) =>
        registerMembersBulk(
          tx,
          good.map(({ skills: text, ...row }) => ({ ...withoutGaps(row), skills: skillsOf(text) ?? [] })),
        ),
    ),
);

const takePosts = useCase(
  { name: "teams.importPosts", permission: "teams.team.write", kind: "write" },
  (tx, input: { rows: readonly ReadRow<typeof postColumns>[] }): Promise<Taken> =>
    takeRows(
      tx,
      input.rows,
      () => null,
      (good) => registerPostsBulk(tx, good.map(withoutGaps)),
    ),
);

const minutesPerHour = 60;

export const sheets: readonly SheetDef[] = [
  defineSheet<typeof teamColumns, TeamRow>({
    name: "teams-teams",
    title: { "zh-CN": "队伍", en: "Teams" },
    tag,
    columns: teamColumns,
    take: takeTeams,
    list: listTeams,
    out: [
      { heading: headings.code, value: (row) => row.code },
      { heading: headings.area, value: (row) => row.areaCode },
      { heading: headings.kind, value: (row, lang) => teamKindWords[row.kind][lang] },
      { heading: headings.name, value: (row) => row.name },
      { heading: headings.parent, value: (row) => row.parentCode },
      { heading: headings.leader, value: (row) => row.leaderCode },
      { heading: { "zh-CN": "人数", en: "Members" }, value: (row) => row.members },
    ],
  }),
  defineSheet<typeof memberColumns, ExportedMember>({
    name: "teams-members",
    title: { "zh-CN": "队员与志愿者", en: "Team members" },
    tag,
    columns: memberColumns,
    take: takeMembers,
    list: exportMembers,
    out: [
      { heading: headings.code, value: (row) => row.code },
      { heading: headings.area, value: (row) => row.areaCode },
      { heading: headings.person, value: (row) => row.name },
      { heading: headings.kind, value: (row, lang) => memberKindWords[row.kind][lang] },
      { heading: headings.phone, value: (row) => row.phone },
      {
        heading: headings.skills,
        value: (row, lang) => row.skills.map((s) => skillWords[s as Skill][lang]).join("、"),
      },
      { heading: headings.home, value: (row) => row.homeAreaCode },
      { heading: headings.team, value: (row) => row.teamCode },
      { heading: headings.state, value: (row, lang) => memberStateWords[row.state][lang] },
      { heading: headings.hours, value: (row) => Math.round(row.minutesWorked / minutesPerHour) },
    ],
  }),
  defineSheet<typeof postColumns, PostRow>({
    name: "teams-posts",
    title: { "zh-CN": "先锋岗与责任区", en: "Posts" },
    tag,
    columns: postColumns,
    take: takePosts,
    list: listPosts,
    out: [
      { heading: headings.code, value: (row) => row.code },
      { heading: headings.area, value: (row) => row.areaCode },
      { heading: headings.kind, value: (row, lang) => postKindWords[row.kind][lang] },
      { heading: headings.name, value: (row) => row.name },
      { heading: headings.place, value: (row) => row.place },
      { heading: headings.people, value: (row) => row.peopleNeeded },
      { heading: headings.holder, value: (row) => row.holderCode },
    ],
  }),
];
