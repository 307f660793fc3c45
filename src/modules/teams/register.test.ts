import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportSheet, importSheet, templateOf } from "#platform/sheets";
import { readTable } from "#platform/tables";
import type { TestWorld } from "#platform/testing";
import {
  closeTeam,
  decideVolunteer,
  exportMembers,
  holdPost,
  listMembers,
  listPosts,
  listTeams,
  listVolunteers,
  mobilisation,
  module,
  registerMembers,
  registerPosts,
  registerTeams,
  registerVolunteer,
  volunteerStatus,
} from "./index.ts";
import { sendVolunteerForm, volunteerForm } from "./public.page.ts";
import { member, otherCounty, otherVillage, teamsWorld, village } from "./teams.fixture.ts";

describe("the register", () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await teamsWorld();
  });
  afterEach(() => world.close());

  const team = (code: string, areaCode = village) => ({ code, areaCode, kind: "service", name: "服务队" }) as const;
  const sheet = (name: string) => {
    const found = module.sheets?.find((one) => one.name === name);
    if (!found) throw new Error(`no sheet ${name}`);
    return found;
  };

  it("registers teams, members and posts once, and counts them by area", async () => {
    expect(await registerTeams(world.ctx(), { teams: [team("T1"), team("T2", otherCounty)] })).toMatchObject({
      added: 2,
    });
    expect(await registerTeams(world.ctx(), { teams: [team("T1")] })).toEqual({ added: 0, known: 1, elsewhere: [] });
    await registerMembers(world.ctx(), {
      members: [
        member("A", village, { teamCode: "T1", homeAreaCode: village, phone: "13800000000" }),
        member("B", otherVillage, { kind: "staff" }),
        member("C", otherCounty, { kind: "volunteer" }),
      ],
    });
    const posts = [
      { code: "P1", areaCode: village, kind: "pioneerPost", name: "东口", holderCode: "A" },
      { code: "P2", areaCode: village, kind: "dutyArea", name: "一巷" },
    ] as const;
    await registerPosts(world.ctx(), { posts });
    const { total, areas } = await mobilisation(world.ctx(), { areaCode: "3717" });
    expect(total).toMatchObject({
      members: { partyMember: 1, staff: 1, volunteer: 1 },
      states: { registered: 3 },
      teams: { service: 2 },
      posts: { pioneerPost: 1, dutyArea: 1 },
      reportingHome: 1,
      postsHeld: 1,
    });
    expect(areas.map((area) => [area.areaCode, area.areaName])).toEqual([
      ["371702", "Mudan"],
      ["371721", "Cao County"],
    ]);
    expect((await listTeams(world.ctx(), {})).items.map((row) => [row.code, row.members])).toEqual([
      ["T2", 0],
      ["T1", 1],
    ]);
    await holdPost(world.ctx(), { code: "P2", memberCode: "B" });
    await holdPost(world.ctx(), { code: "P1", memberCode: null });
    expect((await listPosts(world.ctx(), {})).items.map((row) => row.holderCode)).toEqual([null, "B"]);
    await closeTeam(world.ctx(), { code: "T1", reason: "over" });
    await expect(closeTeam(world.ctx(), { code: "T1", reason: "over" })).rejects.toMatchObject({
      code: "state.notAllowed",
    });
    expect((await mobilisation(world.ctx(), { areaCode: "371721" })).total).toMatchObject({ teams: {}, postsHeld: 1 });
    const scanned = await world.sql.many("select area_code, kind, count(*)::int as n from team_member group by 1, 2");
    const kept = await world.sql.many("select 1 from team_count where what like 'member.%' and n > 0");
    expect(kept).toHaveLength(scanned.length);
  });

  it("TEAM-3: lists cover names without a reason; phones are sealed and leave only by an export with a reason", async () => {
    await registerMembers(world.ctx(), { members: [member("A", village, { phone: "+86 13800000000" })] });
    expect((await listMembers(world.ctx(), {})).items[0]?.name).toBe("张**");
    expect((await listMembers(world.ctx({ reason: "roll call" }), {})).items[0]?.name).toBe("张三丰");
    expect(await world.sql.many("select count from audit where action = 'teams.names'")).toEqual([{ count: 1 }]);
    await expect(exportMembers(world.ctx(), {})).rejects.toMatchObject({ code: "auth.reasonRequired" });
    expect((await exportMembers(world.ctx({ reason: "roll call" }), {})).items[0]?.phone).toBe("13800000000");
    const stored = await world.sql.one<{ text: string }>("select team_member::text as text from team_member");
    expect(stored.text).not.toContain("13800000000");
  });

  it("keeps to permission and jurisdiction", async () => {
    await registerMembers(world.ctx(), { members: [member("A"), member("C", otherCounty)] });
    await registerTeams(world.ctx(), { teams: [team("T2", otherCounty)] });
    const county = world.ctx({ areaCode: "371721" });
    expect((await listMembers(county, {})).items.map((row) => row.code)).toEqual(["A"]);
    expect((await listTeams(county, {})).items).toEqual([]);
    expect((await mobilisation(county, {})).total.members).toEqual({ partyMember: 1 });
    await expect(mobilisation(county, { areaCode: "371702" })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    await expect(registerMembers(county, { members: [member("D", otherCounty)] })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    // A code of another county stays that county's.
    expect(await registerMembers(county, { members: [member("C")] })).toEqual({ added: 0, known: 0, elsewhere: ["C"] });
    await expect(closeTeam(county, { code: "T2", reason: "x" })).rejects.toMatchObject({ code: "record.notFound" });
    const reader = world.ctx({ permissions: ["teams.team.read"] });
    await expect(listMembers(reader, {})).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(registerTeams(reader, { teams: [team("T3")] })).rejects.toMatchObject({ code: "auth.forbidden" });
  });

  it("takes the good rows of a sheet and gives the bad ones back, row by row", async () => {
    const csv = `编号,服务地区划代码,姓名,类别,手机号,技能
A,${village},张一,党员,13800000000,核酸采样、driving
B,${village},张二,工人,,
C,371721100999,张三,志愿者,,
A,${village},张四,志愿者,,
D,${village},张五,志愿者,12,
E,${village},张六,志愿者,,飞行
F,${otherCounty},张七,志愿者,,
`;
    const ctx = world.ctx({ areaCode: "371721", reason: "import" });
    await registerMembers(world.ctx(), { members: [member("Z", otherCounty)] });
    const table = await readTable(Buffer.from(`${csv}Z,${village},张八,志愿者,,\n`), "csv");
    const dry = await importSheet(ctx, sheet("teams-members"), table, true);
    expect(dry).toMatchObject({ rows: 8, taken: 1, bad: 7 });
    expect(await world.sql.many("select 1 from team_member")).toHaveLength(1);
    const outcome = await importSheet(ctx, sheet("teams-members"), table, false);
    expect(outcome.faults.map((fault) => fault.row)).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(JSON.stringify(outcome.faults)).not.toMatch(/张/);
    expect((await importSheet(ctx, sheet("teams-members"), table, false)).known).toBe(1);
    const file = await exportSheet(ctx, sheet("teams-members"), {}, "csv");
    expect(String(file.text)).toContain("A,371721100201,张一,party member,13800000000,sampling、driving");
    const teams = `编号,服务地区划代码,类别,名称\nT1,${village},应急队,应急一队\n`;
    await importSheet(ctx, sheet("teams-teams"), await readTable(Buffer.from(teams), "csv"), false);
    const posts = `编号,服务地区划代码,类别,名称,在岗人员编号\nP1,${village},先锋岗,东口,A\n`;
    await importSheet(ctx, sheet("teams-posts"), await readTable(Buffer.from(posts), "csv"), false);
    expect((await listPosts(ctx, {})).items).toMatchObject([{ code: "P1", holderCode: "A" }]);
    expect(String((await exportSheet(ctx, sheet("teams-teams"), {}, "csv")).text)).toContain("应急一队");
    expect((await templateOf(sheet("teams-teams"), "zh-CN", "csv")).fileName).toContain("队伍");
  });

  it("TEAM-1: takes a volunteer by the public form, decides once, and tells how it stands by the receipt", async () => {
    const resident = world.ctx({ permissions: ["teams.public.write", "teams.public.read"] });
    const form = { areaCode: village, name: "李四", phone: "13900000000", skill: "driving" };
    const sent = await registerVolunteer(resident, form);
    expect(await registerVolunteer(resident, { ...form, phone: "139 0000 0000" })).toEqual(sent);
    expect(await volunteerStatus(resident, { receipt: sent.receipt })).toEqual(sent);
    const [row] = (await listVolunteers(world.ctx({ areaCode: "371721" }), {})).items;
    expect(row).toMatchObject({ name: "李*", state: "applied", late: false });
    expect((await listVolunteers(world.ctx({ areaCode: "371702" }), {})).items).toEqual([]);
    const id = row?.id ?? "";
    await expect(decideVolunteer(world.ctx(), { id, accept: false })).rejects.toMatchObject({
      params: { rule: "TEAM-1" },
    });
    await expect(decideVolunteer(world.ctx({ areaCode: "371702" }), { id, accept: true })).rejects.toMatchObject({
      code: "record.notFound",
    });
    expect(await decideVolunteer(world.ctx(), { id, accept: true })).toMatchObject({ memberCode: sent.receipt });
    expect((await listMembers(world.ctx(), {})).items).toMatchObject([{ code: sent.receipt, skills: ["driving"] }]);
    expect(await world.sql.many("select kind, state from task")).toEqual([
      { kind: "decideVolunteer", state: "closed" },
    ]);
    expect(await volunteerStatus(resident, { receipt: sent.receipt })).toMatchObject({ state: "accepted" });
  });

  it("the public page shows what is wrong beside its field, and a receipt when nothing is", async () => {
    const resident = world.ctx({ permissions: ["teams.public.write", "teams.public.read"] });
    expect(String((await volunteerForm(resident)).text)).toContain('action="/public/volunteer');
    const bad = await sendVolunteerForm(resident, { areaCode: village, name: "李四", phone: "x" });
    expect(String(bad.text)).toContain("is not a phone number");
    const good = await sendVolunteerForm(resident, { areaCode: village, name: "李四", phone: "13900000000" });
    expect(String(good.text)).toMatch(/receipt is <strong>V[0-9A-F]{10}</);
  });
});
