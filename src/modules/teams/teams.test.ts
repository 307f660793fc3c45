import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TestWorld } from "#platform/testing";
import { runDuty } from "#platform/usecase";
import {
  answerCallUp,
  assignByNeed,
  callUp,
  cancelNeed,
  checkIn,
  checkOut,
  followUpExposure,
  listCallUps,
  listExposures,
  listNeeds,
  listShifts,
  mobilisation,
  openNeeds,
  planShifts,
  recordExposure,
  registerMembers,
  registerTeams,
  standDown,
  teamsTally,
  type NewNeed,
} from "./index.ts";
import { closePastNeeds } from "./needs.service.ts";
import { missLateShifts } from "./shifts.service.ts";
import { member, otherCounty, otherVillage, teamsWorld, upMembers, village } from "./teams.fixture.ts";

const county = { areaCode: "371721" };
const need = (code: string, more: Partial<NewNeed> = {}): NewNeed => ({
  areaCode: village,
  code,
  targetType: "checkpoint",
  targetId: "G220",
  people: 2,
  from: "2022-07-25T02:00:00.000Z",
  to: "2022-07-25T10:00:00.000Z",
  ...more,
});

describe("call-ups", () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await teamsWorld();
  });
  afterEach(() => world.close());

  const states = async (): Promise<string[]> =>
    (await world.sql.many<{ s: string }>("select code || ' ' || state as s from team_member order by code")).map(
      (r) => r.s,
    );
  const tasks = async () => world.sql.many("select kind, area_code, state from task order by kind, area_code, state");

  it("TEAM-2: one command reaches everybody of an area; answers and counts are kept, late ones visible", async () => {
    await registerMembers(world.ctx(), {
      members: [member("A"), member("B", otherVillage), member("C", otherCounty, { kind: "volunteer" })],
    });
    const called = await callUp(world.ctx(), { areaCode: "3717", reason: "first positive" });
    expect(called).toMatchObject({ called: 3, answerBy: "2022-07-25T04:00:00.000Z" });
    await expect(callUp(world.ctx(), { areaCode: "3717", reason: "again" })).rejects.toMatchObject({
      params: { rule: "TEAM-2" },
    });
    const first = await answerCallUp(world.ctx({ areaCode: village }), {
      answers: [
        { memberCode: "A", coming: true },
        { memberCode: "C", coming: true },
      ],
    });
    expect(first).toEqual({ answered: 1, absent: 0, late: 0, refused: ["C"] });
    world.clock.forward(5 * 60);
    expect((await listCallUps(world.ctx(county), {})).items[0]).toMatchObject({
      called: 2,
      answered: 1,
      unanswered: 1,
      overdue: true,
    });
    expect((await listCallUps(world.ctx({ areaCode: "371702" }), {})).items[0]).toMatchObject({
      called: 1,
      answered: 0,
    });
    const second = await answerCallUp(world.ctx({ areaCode: otherVillage }), {
      answers: [{ memberCode: "B", coming: false, reason: "ill" }],
    });
    expect(second).toEqual({ answered: 0, absent: 1, late: 1, refused: [] });
    // The last answer of the county closes its task, whoever gave it; the other county's stays.
    expect(await tasks()).toEqual([
      { kind: "callUpAnswers", area_code: "371702", state: "open" },
      { kind: "callUpAnswers", area_code: "371721", state: "closed" },
    ]);
    expect(await states()).toEqual(["A active", "B absent", "C calledUp"]);
    expect(await standDown(world.ctx(), { id: called.id, reason: "community zero" })).toMatchObject({ stoodDown: 3 });
    expect(await states()).toEqual(["A stoodDown", "B stoodDown", "C stoodDown"]);
    expect((await tasks())[0]).toMatchObject({ state: "cancelled" });
    await expect(standDown(world.ctx(), { id: called.id, reason: "x" })).rejects.toMatchObject({
      code: "state.notAllowed",
    });
    let tally = {};
    await runDuty(world.ctx(), async (tx) => void (tally = await teamsTally(tx)));
    expect(tally).toEqual({ in: 3, done: 3, late: 2, open: 0 });
  });

  it("calls only the kinds, teams and skills asked for", async () => {
    await registerTeams(world.ctx(), { teams: [{ areaCode: village, kind: "emergency", code: "T1", name: "应急队" }] });
    await registerMembers(world.ctx(), {
      members: [
        member("A", village, { teamCode: "T1", skills: ["driving"] }),
        member("B", village, { skills: ["driving"] }),
        member("C", village, { kind: "volunteer" }),
      ],
    });
    const emergency = await callUp(world.ctx(), { areaCode: "3717", teamKinds: ["emergency"], reason: "x" });
    const drivers = await callUp(world.ctx(), { areaCode: village, skills: ["driving"], reason: "x" });
    const volunteers = await callUp(world.ctx(), { areaCode: village, kinds: ["volunteer"], reason: "x" });
    expect([emergency.called, drivers.called, volunteers.called]).toEqual([1, 1, 1]);
    expect((await mobilisation(world.ctx(), { areaCode: "3717" })).total.states).toEqual({ calledUp: 3 });
  });

  it("keeps to permission and jurisdiction", async () => {
    await registerMembers(world.ctx(), { members: [member("A"), member("C", otherCounty)] });
    const nobody = world.ctx({ permissions: ["teams.callUp.read"] });
    await expect(callUp(nobody, { areaCode: "3717", reason: "x" })).rejects.toMatchObject({ code: "auth.forbidden" });
    await expect(callUp(world.ctx(county), { areaCode: "3717", reason: "x" })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    const { id } = await callUp(world.ctx(), { areaCode: "3717", reason: "x" });
    await expect(standDown(world.ctx(county), { id, reason: "x" })).rejects.toMatchObject({
      code: "auth.outsideJurisdiction",
    });
    await openNeeds(world.ctx(), { needs: [need("n", { areaCode: otherCounty })] });
    expect((await listNeeds(world.ctx(county), {})).items).toEqual([]);
    await expect(openNeeds(world.ctx(county), { needs: [need("m", { areaCode: otherCounty })] })).rejects.toMatchObject(
      {
        code: "auth.outsideJurisdiction",
      },
    );
  });
});

describe("needs and shifts", () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = await teamsWorld();
  });
  afterEach(() => world.close());

  it("fills a need from the nearest, checks them in and out, and keeps the hours", async () => {
    await upMembers(world, [
      member("A", otherCounty),
      member("B"),
      member("C", otherVillage),
      member("D", otherVillage),
    ]);
    const opened = await openNeeds(world.ctx(), { needs: [need("n1"), need("n2", { areaCode: otherVillage })] });
    expect((await openNeeds(world.ctx(), { needs: [need("n1")] })).items[0]).toEqual(opened.items[0]);
    const assigned = await assignByNeed(world.ctx(), {});
    expect(assigned.needs.map(({ code, found, missing }) => [code, found, missing])).toEqual([
      ["n1", 2, 0],
      ["n2", 2, 0],
    ]);
    const shifts = await listShifts(world.ctx(), {});
    expect(shifts.items.map((s) => `${s.areaCode.slice(-3)} ${s.memberCode} ${s.name}`).toSorted()).toEqual([
      "201 A 张**",
      "201 B 张**",
      "202 C 张**",
      "202 D 张**",
    ]);
    const needIds = opened.items.map((item) => item.id);
    expect(await checkIn(world.ctx(), { needIds })).toEqual({ done: 0, missed: 0 });
    world.clock.set("2022-07-25T02:10:00.000Z");
    // A village's leader calls the roll of people sent from another county.
    expect(await checkIn(world.ctx({ areaCode: "371721" }), { needIds, missing: ["B"] })).toEqual({
      done: 3,
      missed: 1,
    });
    world.clock.set("2022-07-25T10:10:00.000Z");
    expect(await checkOut(world.ctx(county), { needIds })).toEqual({ done: 3, missed: 0 });
    expect(await world.sql.many("select code, state, minutes_worked as m from team_member order by code")).toEqual([
      { code: "A", state: "active", m: 480 },
      { code: "B", state: "active", m: 0 },
      { code: "C", state: "active", m: 480 },
      { code: "D", state: "active", m: 480 },
    ]);
    // TEAM-7: only B has rested; the rest is not broken for a need an hour later.
    const later = need("n3", { from: "2022-07-25T11:00:00.000Z", to: "2022-07-25T15:00:00.000Z", people: 3 });
    await openNeeds(world.ctx(), { needs: [later] });
    expect((await assignByNeed(world.ctx(), {})).needs).toMatchObject([{ code: "n3", found: 1, missing: 2 }]);
    world.clock.set("2022-07-25T16:00:00.000Z");
    await runDuty(world.ctx(), closePastNeeds);
    expect((await listNeeds(world.ctx(), {})).items[0]).toMatchObject({ code: "n3", state: "closed", late: true });
    expect(
      await world.sql.many("select state, count(*)::int as n from task where kind = 'fillNeed' group by 1 order by 1"),
    ).toEqual([
      { state: "cancelled", n: 1 },
      { state: "closed", n: 2 },
    ]);
  });

  it("TEAM-5, 6, 7: a plan refuses who may not work, by name of the rule; the database refuses an overlap", async () => {
    await upMembers(world, [member("A")]);
    await registerMembers(world.ctx(), { members: [member("Z")] });
    const plan = { areaCode: village, targetType: "site" as const, targetId: "S1", memberCodes: ["A", "Z", "X"] };
    const answer = await planShifts(world.ctx(), { ...plan, from: "2022-07-25T02:00:00Z", to: "2022-07-25T10:00:00Z" });
    expect(answer).toEqual({
      planned: 1,
      refused: [
        { memberCode: "Z", rule: "TEAM-5" },
        { memberCode: "X", rule: "TEAM-5" },
      ],
    });
    const soon = await planShifts(world.ctx(), {
      ...plan,
      memberCodes: ["A"],
      from: "2022-07-25T12:00:00Z",
      to: "2022-07-25T14:00:00Z",
    });
    expect(soon.refused).toEqual([{ memberCode: "A", rule: "TEAM-7" }]);
    await expect(
      world.sql.run(
        `insert into team_shift (id, area_code, member_id, target_type, target_id, period, state, planned_at)
         select gen_random_uuid(), area_code, member_id, 'site', 'S2', period, 'planned', planned_at from team_shift`,
      ),
    ).rejects.toThrow("team_shift_member_id_period_excl");
    await expect(
      openNeeds(world.ctx(), { needs: [need("n", { to: "2022-07-26T02:00:00.000Z" })] }),
    ).rejects.toMatchObject({
      params: { rule: "TEAM-6" },
    });
    world.clock.set("2022-07-25T03:30:00.000Z");
    await runDuty(world.ctx(), missLateShifts);
    expect((await listShifts(world.ctx(), { state: "missed" })).items).toHaveLength(1);
  });

  it("a stand-down takes back what is planned; who is on duty stands down at the end of the shift", async () => {
    const id = await upMembers(world, [member("A"), member("B")]);
    const { items } = await openNeeds(world.ctx(), {
      needs: [
        need("n1", { people: 1 }),
        need("n2", { people: 1, from: "2022-07-26T02:00:00.000Z", to: "2022-07-26T10:00:00.000Z" }),
      ],
    });
    const needIds = items.map((item) => item.id);
    await assignByNeed(world.ctx(), { needIds });
    world.clock.set("2022-07-25T02:00:00.000Z");
    await checkIn(world.ctx(), { needIds: needIds.slice(0, 1) });
    await standDown(world.ctx(), { id, reason: "all-clear" });
    expect((await listNeeds(world.ctx(), {})).items.map((n) => [n.code, n.state, n.filled])).toEqual([
      ["n2", "open", 0],
      ["n1", "filled", 1],
    ]);
    await cancelNeed(world.ctx(), { id: needIds[1] ?? "" });
    await checkOut(world.ctx(), { needIds });
    expect((await mobilisation(world.ctx(), { areaCode: village })).total.states).toEqual({ stoodDown: 2 });
  });

  it("TEAM-11: an exposure is followed up in time, and known when it is sent twice", async () => {
    await upMembers(world, [member("A")]);
    const exposure = { memberCode: "A", at: "2022-07-24T23:30:00Z", kind: "suitTorn", protection: "two" } as const;
    const { id, followUpBy } = await recordExposure(world.ctx(), exposure);
    expect(followUpBy).toBe("2022-07-25T01:30:00.000Z");
    expect((await recordExposure(world.ctx(), exposure)).id).toBeNull();
    world.clock.forward(120);
    expect((await listExposures(world.ctx(), {})).items).toMatchObject([
      { memberCode: "A", late: true, outcome: null },
    ]);
    await followUpExposure(world.ctx(), { id: id ?? "", outcome: "cleared" });
    await expect(followUpExposure(world.ctx(), { id: id ?? "", outcome: "cleared" })).rejects.toMatchObject({
      code: "state.notAllowed",
    });
    await expect(
      recordExposure(world.ctx({ areaCode: "371702" }), { ...exposure, kind: "splash" }),
    ).rejects.toMatchObject({ code: "record.notFound" });
    expect(await world.sql.many("select state from task where kind = 'exposureFollowUp'")).toEqual([
      { state: "closed" },
    ]);
  });
});
