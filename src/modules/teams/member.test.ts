import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TestWorld } from "#platform/testing";
import {
  answerCallUp,
  callUp,
  followUpExposure,
  getMember,
  holdPost,
  listExposures,
  listMembers,
  memberPerson,
  planShifts,
  recordExposure,
  registerMembers,
  registerPosts,
  registerTeams,
} from "./index.ts";
import { member, otherCounty, teamsWorld, village } from "./teams.fixture.ts";

describe("a member's page", () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await teamsWorld();
    await registerTeams(world.ctx(), {
      teams: [{ code: "T1", areaCode: village, kind: "service", name: "北关服务队" }],
    });
    await registerMembers(world.ctx(), {
      members: [
        member("A", village, { teamCode: "T1", phone: "13800000000", vaccinated: true, skills: ["driving"] }),
        member("B", otherCounty),
      ],
    });
  });
  afterEach(() => world.close());

  const idOf = async (code: string): Promise<string> =>
    (await listMembers(world.ctx(), {})).items.find((row) => row.code === code)?.id ?? "";

  it("shows team, posts, the last call-up, shifts and exposures of this member alone", async () => {
    const id = await idOf("A");
    expect(await getMember(world.ctx(), { id })).toMatchObject({
      code: "A",
      name: "张**",
      teamCode: "T1",
      teamName: "北关服务队",
      posts: [],
      callUp: null,
      shifts: [],
      exposures: [],
    });
    await registerPosts(world.ctx(), { posts: [{ code: "P1", areaCode: village, kind: "pioneerPost", name: "东口" }] });
    await holdPost(world.ctx(), { code: "P1", memberCode: "A" });
    await callUp(world.ctx(), { areaCode: "3717", reason: "first positive" });
    await answerCallUp(world.ctx(), {
      answers: [
        { memberCode: "A", coming: true },
        { memberCode: "B", coming: false, reason: "ill" },
      ],
    });
    const now = world.clock.now();
    await planShifts(world.ctx(), {
      areaCode: village,
      targetType: "grid",
      targetId: "G1",
      memberCodes: ["A"],
      from: "2022-07-25T02:00:00.000Z",
      to: "2022-07-25T08:00:00.000Z",
    });
    const exposed = { at: now, kind: "needle", protection: "two" } as const;
    const { id: exposureId } = await recordExposure(world.ctx(), { ...exposed, memberCode: "A" });
    await recordExposure(world.ctx(), { ...exposed, memberCode: "B" });
    await followUpExposure(world.ctx(), { id: exposureId ?? "", outcome: "observed" });
    const shown = await getMember(world.ctx(), { id });
    expect(shown.posts.map((row) => row.code)).toEqual(["P1"]);
    expect(shown.callUp).toMatchObject({ reason: "first positive", state: "running", answeredAt: now });
    expect(shown.shifts).toMatchObject([{ targetId: "G1", state: "planned", memberId: id }]);
    expect(shown.exposures).toMatchObject([{ id: exposureId, outcome: "observed", late: false }]);
    expect((await listExposures(world.ctx(), {})).items.map((row) => row.memberId)).toContain(id);
    expect((await getMember(world.ctx(), { id: await idOf("B") })).absentReason).toBe("ill");
  });

  it("tells who came to a post and who left it, once each", async () => {
    const told = () =>
      world.sql.many(
        "select name, subject_id as id from event where subject_type = 'member' and name like '%post%' order by seq",
      );
    await registerPosts(world.ctx(), { posts: [{ code: "P1", areaCode: village, kind: "dutyArea", name: "一巷" }] });
    await holdPost(world.ctx(), { code: "P1", memberCode: "A" });
    await holdPost(world.ctx(), { code: "P1", memberCode: "A" });
    await holdPost(world.ctx(), { code: "P1", memberCode: "B" });
    const [a, b] = [await idOf("A"), await idOf("B")];
    expect(await told()).toEqual([
      { name: "teams.postTaken", id: a },
      { name: "teams.postLeft", id: a },
      { name: "teams.postTaken", id: b },
    ]);
    await expect(holdPost(world.ctx(), { code: "P1", memberCode: "X" })).rejects.toMatchObject({
      code: "record.notFound",
    });
  });

  it("keeps to permission and jurisdiction, part by part", async () => {
    const id = await idOf("A");
    const outside = world.ctx({ areaCode: "371702" });
    await expect(getMember(outside, { id })).rejects.toMatchObject({ code: "record.notFound" });
    await expect(memberPerson(world.ctx({ areaCode: "371702", reason: "call" }), { id })).rejects.toMatchObject({
      code: "record.notFound",
    });
    await expect(getMember(world.ctx({ permissions: ["teams.team.read"] }), { id })).rejects.toMatchObject({
      code: "auth.forbidden",
    });
    const only = await getMember(world.ctx({ permissions: ["teams.member.read"] }), { id });
    expect(only).toMatchObject({ posts: [], callUp: null, shifts: null, exposures: null });
  });

  it("TEAM-3: name, phone and vaccination leave for a reason, and the audit says about whom", async () => {
    const id = await idOf("A");
    expect(JSON.stringify(await getMember(world.ctx({ reason: "call" }), { id }))).not.toMatch(/张三丰|138|vaccinated/);
    await expect(memberPerson(world.ctx(), { id })).rejects.toMatchObject({ code: "auth.reasonRequired" });
    expect(await memberPerson(world.ctx({ reason: "roll call" }), { id })).toEqual({
      name: "张三丰",
      phone: "13800000000",
      vaccinated: true,
    });
    expect(
      await world.sql.many(
        "select subject_id as id, area_code as area, reason from audit where action = 'teams.person.read'",
      ),
    ).toEqual([{ id, area: village, reason: "roll call" }]);
  });
});
