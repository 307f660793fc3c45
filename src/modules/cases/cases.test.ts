import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addMinutes } from "#kernel/time";
import { runDuty } from "#platform/usecase";
import {
  casePerson,
  curve,
  delays,
  diagnoseCase,
  excludeCase,
  getCase,
  linkInfector,
  listCases,
  listPositiveTubes,
  positiveTube,
  reclassifyCase,
  recordOutcome,
  registerCase,
  reportPreliminary,
  reportStatutory,
  setAreaControl,
  setPersonControl,
} from "./index.ts";
import { askLate } from "./holds.service.ts";
import { caseWorld, type CaseWorld } from "./testing.world.ts";

const village = "371721123201";
const neighbour = "371702001001";
const asymptomatic = { natPositive: true, epiHistory: true };
const sick = { natPositive: true, epiHistory: true, feverOrRespiratory: true, imagingFeatures: true };

interface HoldRow {
  person_id: number;
  outcome: string | null;
  lifted_at: string | null;
}

describe("cases", () => {
  let world: CaseWorld;
  let ids: number[];
  let far: number[];
  const holds = (tubeId: number): Promise<HoldRow[]> =>
    world.sql.many("select person_id, outcome, lifted_at from hold where tube_id = $1 order by person_id", [tubeId]);
  const openTasks = (kind: string, subject: string): Promise<{ area_code: string }[]> =>
    world.sql.many(
      "select area_code from task where kind = $1 and subject_id = $2 and state = 'open' order by area_code",
      [kind, subject],
    );
  const caseOf = async (
    personId: number,
  ): Promise<{ id: string; state: string; number: number | null; provenance: string; in_community: boolean }> =>
    world.sql.one(
      "select id, state, number, provenance, in_community from case_record where person_id = $1 and state <> 'excluded'",
      [personId],
    );
  beforeAll(async () => {
    world = await caseWorld();
    ids = await world.people(
      village,
      Array.from({ length: 30 }, (_, i) => `张${i}`),
    );
    far = await world.people(neighbour, ["李远"]);
  });
  afterAll(() => world.close());
  const person = (i: number): number => ids[i] as number;

  it("CASE-1, I3: a positive pool holds every member and tasks everybody in the same transaction", async () => {
    const members = [person(0), person(1), person(2), far[0] as number];
    await world.positive(1, members);
    expect((await holds(1)).map((hold) => hold.person_id)).toEqual(members.toSorted((a, b) => a - b));
    expect((await holds(1)).every((hold) => hold.lifted_at === null)).toBe(true);
    expect(await openTasks("doorSampling", "1")).toEqual([{ area_code: village }]);
    expect(await openTasks("notifyGrid", "1")).toEqual([{ area_code: neighbour }, { area_code: village }]);
    expect(await openTasks("notifyPolice", "1")).toEqual([{ area_code: "371702" }, { area_code: "371721" }]);
    const task = await world.sql.one<{ params: object; due_at: string }>(
      "select params, due_at from task where kind = 'doorSampling' and subject_id = '1'",
    );
    expect(task).toEqual({ params: { barcode: "T1", count: 4 }, due_at: addMinutes(world.clock.now(), 480) });
    expect(await world.sql.many("select 1 from case_record")).toHaveLength(0);
    expect(await world.sql.one("select first_positive_at from outbreak")).toEqual({
      first_positive_at: world.clock.now(),
    });
  });

  it("CASE-3, CASE-4: nobody is let go before the last answer; all negative lifts the hold and closes its tasks", async () => {
    world.clock.forward(120);
    await world.results(
      [person(0), person(1), person(2)].map((id, i) => ({
        tubeId: 101 + i,
        personIds: [id],
        result: "negative" as const,
        recheckOf: 1,
      })),
    );
    expect((await holds(1)).every((hold) => hold.lifted_at === null)).toBe(true);
    await world.results([{ tubeId: 104, personIds: [far[0] as number], result: "negative", recheckOf: 1 }]);
    expect((await holds(1)).every((hold) => hold.lifted_at === world.clock.now() && hold.outcome === "negative")).toBe(
      true,
    );
    expect(await world.sql.many("select 1 from task where subject_id = '1' and state = 'open'")).toHaveLength(0);
    expect(await world.sql.one("select state from positive_tube where tube_id = 1")).toEqual({ state: "cleared" });
    expect(await world.sql.one("select count(*)::int as n from event where name = 'cases.holdLifted'")).toEqual({
      n: 1,
    });
  });

  it("CASE-2, CASE-4: a positive member becomes a preliminary positive, the others go once all are known", async () => {
    const sampled = world.clock.now();
    await world.positive(2, [person(3), person(4)]);
    world.clock.forward(60);
    await world.results([{ tubeId: 110, personIds: [person(3)], result: "positive", recheckOf: 2 }]);
    expect(await caseOf(person(3))).toMatchObject({
      state: "preliminary",
      number: null,
      provenance: "community",
      in_community: true,
    });
    expect(
      await world.sql.one("select sampled_at, signal_tube_id, tube_id from case_record where person_id = $1", [
        person(3),
      ]),
    ).toEqual({
      sampled_at: sampled,
      signal_tube_id: 2,
      tube_id: 110,
    });
    expect((await holds(2)).map((hold) => hold.lifted_at)).toEqual([null, null]);
    await world.results([{ tubeId: 111, personIds: [person(4)], result: "negative", recheckOf: 2 }]);
    expect((await holds(2)).map((hold) => hold.outcome)).toEqual(["positive", "negative"]);
    const lifted = await world.sql.one<{ data: { personIds: number[] } }>(
      "select data from event where name = 'cases.holdLifted' and subject_id = '2'",
    );
    expect(lifted.data.personIds).toEqual([person(4)]);
    expect(await openTasks("reportPreliminary", (await caseOf(person(3))).id)).toHaveLength(1);
  });

  it("CASE-2: the member of a tube of one is a preliminary positive at once; CASE-5: found where they are kept", async () => {
    await runDuty(world.ctx(), (tx) =>
      setPersonControl(tx, [{ personId: person(5), areaCode: village, status: "central", since: world.clock.now() }]),
    );
    world.clock.forward(30);
    await world.positive(3, [person(5)], { kind: "single", purpose: "quarantine" });
    expect(await caseOf(person(5))).toMatchObject({
      state: "preliminary",
      provenance: "centralQuarantine",
      in_community: false,
    });
    expect(await holds(3)).toMatchObject([{ outcome: "positive" }]);
    expect(await world.sql.many("select 1 from task where subject_id = '3'")).toHaveLength(0);
    expect(await world.sql.many("select 1 from event where name = 'cases.held' and subject_id = '3'")).toHaveLength(0);
    expect(
      await world.sql.one("select control_at = positive_at as at_once from case_record where person_id = $1", [
        person(5),
      ]),
    ).toEqual({ at_once: true });
  });

  it("CASE-5: a village's level counts for those who live there, from its moment on", async () => {
    await runDuty(world.ctx(), (tx) =>
      setAreaControl(tx, [{ unitCode: neighbour, status: "highZone", since: world.clock.now() }]),
    );
    const before = addMinutes(world.clock.now(), -60);
    const [early, late] = await world.people(neighbour, ["王早", "王晚"]);
    await world.positive(4, [early as number], { kind: "single", collectedAt: before });
    await world.positive(5, [late as number], { kind: "single" });
    expect(await caseOf(early as number)).toMatchObject({ provenance: "community" });
    expect(await caseOf(late as number)).toMatchObject({ provenance: "highZone", in_community: false });
  });

  it("CASE-7: nobody is made a case twice, and a known case settles every tube that waits for them", async () => {
    await world.positive(6, [person(6), person(7)]);
    await world.positive(7, [person(6), person(8)]);
    await world.results([{ tubeId: 120, personIds: [person(6)], result: "positive", recheckOf: 6 }]);
    await world.positive(8, [person(6)], { kind: "single" });
    expect(await world.sql.many("select 1 from case_record where person_id = $1", [person(6)])).toHaveLength(1);
    await world.results([{ tubeId: 121, personIds: [person(8)], result: "negative", recheckOf: 7 }]);
    expect((await holds(7)).map((hold) => hold.outcome)).toEqual(["positive", "negative"]);
    expect((await holds(6)).map((hold) => hold.lifted_at)).toEqual([null, null]);
    await expect(
      registerCase(world.ctx(), { personId: person(6), provenance: "clinic", source: "clinic" }),
    ).rejects.toMatchObject({ code: "record.duplicate" });
  });

  it("CASE-3: a single tube answers for every pool taken before it, also for one that turns positive later", async () => {
    const early = world.clock.now();
    await world.positive(21, [person(21), person(22)]);
    world.clock.forward(30);
    const sampled = world.clock.now();
    world.clock.forward(30);
    await world.results(
      [21, 22].map((i) => ({
        tubeId: 200 + i,
        personIds: [person(i)],
        result: "negative" as const,
        recheckOf: 21,
        collectedAt: sampled,
      })),
    );
    await world.positive(22, [person(21), person(23)], { collectedAt: early });
    expect(await world.sql.one("select params from task where kind = 'doorSampling' and subject_id = '22'")).toEqual({
      params: { barcode: "T22", count: 1 },
    });
    await world.positive(23, [person(22), person(23)], { collectedAt: world.clock.now() });
    await world.results([{ tubeId: 223, personIds: [person(23)], result: "negative", recheckOf: 23 }]);
    expect((await holds(22)).map((hold) => hold.outcome)).toEqual(["negative", "negative"]);
    expect((await holds(23)).map((hold) => hold.outcome)).toEqual([null, "negative"]);
    await world.results([{ tubeId: 222, personIds: [person(22)], result: "negative", recheckOf: 23 }]);
  });

  it("CASE-16: who has no answer when the re-check is due is sampled again", async () => {
    await world.positive(24, [person(24), person(25)]);
    await world.results([{ tubeId: 224, personIds: [person(24)], result: "negative", recheckOf: 24 }]);
    const asked = (): Promise<{ data: { personIds: number[] } }[]> =>
      world.sql.many("select data from event where name = 'cases.held' and subject_id = '24' order by seq");
    await runDuty(world.ctx(), askLate);
    expect(await asked()).toHaveLength(1);
    world.clock.forward(8 * 60);
    await runDuty(world.ctx(), askLate);
    await runDuty(world.ctx(), askLate);
    expect((await asked()).map((event) => event.data.personIds)).toEqual([[person(24), person(25)], [person(25)]]);
    await world.results([{ tubeId: 225, personIds: [person(25)], result: "negative", recheckOf: 24 }]);
    expect(await openTasks("doorSampling", "24")).toHaveLength(0);
  });

  it("CASE-10: an unclear tube holds its members until the laboratory knows", async () => {
    const tube = { tubeId: 9, personIds: [person(9), person(10)], kind: "pool" as const, purpose: "area" as const };
    await world.results([{ ...tube, result: "grey", step: "retest" }]);
    expect(await holds(9)).toHaveLength(2);
    expect(await openTasks("doorSampling", "9")).toHaveLength(0);
    await world.results([{ ...tube, result: "negative" }]);
    expect((await holds(9)).every((hold) => hold.lifted_at !== null)).toBe(true);
    const second = { ...tube, tubeId: 10 };
    await world.results([{ ...second, result: "invalid", step: "retest" }]);
    await world.results([{ ...second, result: "invalid", step: "resample" }]);
    expect(await openTasks("doorSampling", "10")).toHaveLength(1);
    const told = await world.sql.many<{ data: { resample: boolean } }>(
      "select data from event where name = 'cases.held' and subject_id = '10' order by seq",
    );
    expect(told.map((event) => event.data.resample)).toEqual([false, true]);
    const third = { ...tube, tubeId: 11 };
    await world.results([{ ...third, result: "grey", step: "retest" }]);
    await world.positive(11, third.personIds);
    expect(await openTasks("doorSampling", "11")).toHaveLength(1);
    expect(await world.sql.one("select cause, state from positive_tube where tube_id = 11")).toEqual({
      cause: "positive",
      state: "open",
    });
  });

  it("CASE-8, CASE-9, RPT-2H: diagnosis numbers within the class, starts the clock, and the report ends it", async () => {
    const first = await caseOf(person(3));
    const second = await caseOf(person(5));
    expect(await diagnoseCase(world.ctx(), { caseId: first.id, facts: asymptomatic })).toEqual({
      state: "asymptomatic",
      number: 1,
      reportDueAt: addMinutes(world.clock.now(), 120),
    });
    expect(
      await diagnoseCase(world.ctx(), {
        caseId: second.id,
        facts: sick,
        severity: "moderate",
        onsetAt: world.clock.now(),
      }),
    ).toMatchObject({ state: "confirmed", number: 1 });
    expect(await openTasks("reportStatutory", first.id)).toHaveLength(1);
    world.clock.forward(90);
    expect(await reportPreliminary(world.ctx(), { caseId: first.id })).toEqual({ first: true });
    expect(await reportStatutory(world.ctx(), { caseId: first.id })).toEqual({ inTime: true });
    world.clock.forward(60);
    expect(await reportStatutory(world.ctx(), { caseId: second.id })).toEqual({ inTime: false });
    expect(
      await world.sql.many("select 1 from task where kind like 'report%' and subject_id = any($1) and state = 'open'", [
        [first.id, second.id],
      ]),
    ).toHaveLength(0);
    await expect(diagnoseCase(world.ctx(), { caseId: first.id, facts: sick })).rejects.toMatchObject({
      code: "state.notAllowed",
    });
    expect(await getCase(world.ctx(), { caseId: first.id })).toMatchObject({
      number: "Asymptomatic infection 1",
      ruleId: "CASE-ASX",
      outcome: "inCare",
    });
  });

  it("CASE-11: turning confirmed is counted once: a log entry, a number in the new class, the curve unchanged", async () => {
    const record = await caseOf(person(3));
    world.clock.forward(24 * 60);
    expect(
      await reclassifyCase(world.ctx(), { caseId: record.id, to: "confirmed", facts: sick, reason: "发热、肺炎" }),
    ).toEqual({ number: 2 });
    const detail = await getCase(world.ctx(), { caseId: record.id });
    expect(detail.reclassifications).toMatchObject([
      { from: "asymptomatic", to: "confirmed", fromNumber: 1, toNumber: 2, ruleId: "CASE-TURN" },
    ]);
    expect(await openTasks("correctRecord", record.id)).toHaveLength(1);
    const { days } = await curve(world.ctx(), {});
    const sum = (pick: (day: (typeof days)[number]) => number): number =>
      days.reduce((total, day) => total + pick(day), 0);
    expect([sum((d) => d.byReport.asymptomatic), sum((d) => d.byReport.confirmed), sum((d) => d.turned)]).toEqual([
      1, 1, 1,
    ]);
    expect(sum((d) => d.bySampling.asymptomatic + d.bySampling.confirmed)).toBe(2);
    expect(days.find((d) => d.turned === 1)?.byReport).toEqual({ confirmed: 0, asymptomatic: 0 });
    expect(await delays(world.ctx(), { from: "positive", to: "diagnosed" })).toMatchObject({ n: 2, negative: 0 });
  });

  it("CASE-12, CASE-13, CASE-14: exclusion with a reason, outcomes, and links without circles", async () => {
    const a = await caseOf(person(3));
    const b = await caseOf(person(5));
    await linkInfector(world.ctx(), { caseId: b.id, infectorCaseId: a.id });
    await expect(linkInfector(world.ctx(), { caseId: a.id, infectorCaseId: b.id })).rejects.toMatchObject({
      params: { rule: "CASE-14" },
    });
    await recordOutcome(world.ctx(), { caseId: a.id, outcome: "recovered" });
    await expect(recordOutcome(world.ctx(), { caseId: a.id, outcome: "recovered" })).rejects.toMatchObject({
      params: { rule: "CASE-13" },
    });
    const { caseId } = await registerCase(world.ctx(), {
      personId: person(20),
      provenance: "crossRegion",
      source: "notice",
    });
    await excludeCase(world.ctx(), { caseId, reason: "复核阴性" });
    expect(await getCase(world.ctx(), { caseId })).toMatchObject({
      state: "excluded",
      excludedReason: "复核阴性",
      outcome: null,
    });
    expect(await openTasks("reportPreliminary", caseId)).toHaveLength(0);
    await registerCase(world.ctx(), { personId: person(20), provenance: "clinic", source: "clinic" });
  });

  it("shows a tube with masked members and its clocks, and keeps who looked", async () => {
    const shown = await positiveTube(world.ctx(), { tubeId: 2 });
    expect(shown.members.map((member) => [member.personName, member.outcome, member.caseId !== null])).toEqual([
      ["张**", "positive", true],
      ["张**", "negative", false],
    ]);
    expect(shown.clocks).toMatchObject([
      { arrow: "resultToHold", minutes: 0, done: true },
      { arrow: "positiveToRecheck", minutes: 60, targetMin: 480, done: true },
      { arrow: "resultToLift", minutes: 60 },
    ]);
    expect(await world.sql.one("select count from audit where action = 'cases.positiveTube.read'")).toEqual({
      count: 2,
    });
    expect(
      (await listPositiveTubes(world.ctx(), { state: "open" })).items.map((tube) => tube.barcode).toSorted(),
    ).toEqual(["T10", "T11", "T6"]);
  });

  it("I10: a county sees its own cases, pages them, and a name only with a reason that is kept", async () => {
    const county = world.ctx({ areaCode: "371721" });
    const first = await listCases(county, { limit: 2 });
    expect(first.items).toHaveLength(2);
    const rest = await listCases(county, { limit: 50, cursor: first.next ?? "" });
    const all = [...first.items, ...rest.items];
    expect(new Set(all.map((row) => row.id)).size).toBe(all.length);
    expect(all.every((row) => row.areaCode.startsWith("371721"))).toBe(true);
    await expect(listCases(county, { areaCode: "371702" })).rejects.toMatchObject({ code: "auth.outsideJurisdiction" });
    const there = (await listCases(world.ctx({ areaCode: "371702" }), {})).items[0];
    await expect(getCase(county, { caseId: there?.id ?? "" })).rejects.toMatchObject({ code: "record.notFound" });
    const own = all[0]?.id ?? "";
    await expect(casePerson(county, { caseId: own })).rejects.toMatchObject({ code: "auth.reasonRequired" });
    expect((await casePerson(world.ctx({ areaCode: "371721", reason: "流调" }), { caseId: own })).name).toMatch(/^张/);
    expect(await world.sql.one("select reason, subject_id from audit where action = 'cases.person.read'")).toEqual({
      reason: "流调",
      subject_id: own,
    });
  });
});
