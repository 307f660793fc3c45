import { Type, type Static } from "typebox";
import { oneOf } from "#domain/outbreaks";
import { need } from "#kernel/assert";
import { protectionLevels, skills, targetTypes } from "#domain/teams";
import {
  answerCallUp,
  assignByNeed,
  callUp,
  checkIn,
  checkOut,
  decideVolunteer,
  followUpExposure,
  listVolunteers,
  openNeeds,
  recordExposure,
  registerMembersBulk,
  registerPostsBulk,
  registerTeamsBulk,
  registerVolunteer,
  standDown,
  teamsTally,
  type NewNeed,
} from "#modules/teams";
import { runDuty } from "#platform/usecase";
import type { City } from "#sim/city";
import type { DrillActor, Hand } from "../hand.ts";
import type { DrillItem } from "../queue.rules.ts";
import { Delay, Figure } from "../scenario.model.ts";
import { forceOf, type Force, type ForceFigures } from "./teams.force.ts";
import { defineSystem, memoryFor } from "./system.ts";

const Time = Type.String({ pattern: "^[0-2][0-9]:[0-5][0-9]$" });
const strict = { additionalProperties: false };

const Section = Type.Object(
  {
    force: Type.Object(
      {
        branches: Figure,
        groups: Figure,
        serviceTeams: Figure,
        emergencyTeams: Figure,
        taskTeams: Figure,
        members: Figure,
        reportingHome: Figure,
        volunteers: Figure,
        posts: Figure,
      },
      strict,
    ),
    callUp: Type.Object({ after: Delay, answer: Delay, absent: Figure, silent: Figure }, strict),
    duty: Type.Object(
      {
        planAt: Time,
        needs: Type.Array(
          Type.Object(
            {
              target: oneOf(targetTypes),
              skill: Type.Optional(oneOf(skills)),
              perThousand: Type.Number({ exclusiveMinimum: 0 }),
              from: Time,
              to: Time,
            },
            strict,
          ),
          { minItems: 1, maxItems: 10 },
        ),
        why: Type.String({ minLength: 8 }),
        missing: Figure,
        exposure: Figure,
        exposureReport: Delay,
        exposureFollowUp: Delay,
      },
      strict,
    ),
    volunteers: Type.Object({ perCountyDay: Figure, decision: Delay, refused: Figure }, strict),
    standDown: Type.Object({ after: Delay }, strict),
  },
  strict,
);
type Section = Static<typeof Section>;

/** What the system remembers between steps. */
interface Memory {
  called: boolean;
  callUpId: string | null;
  stoodDown: boolean;
}

const memoryOf = (hand: Hand): Memory =>
  memoryFor(hand, "teams", () => ({ called: false, callUpId: null, stoodDown: false }));

function figuresAt({ force }: Section, scale: number): ForceFigures {
  const of = (figure: Figure): number => Math.max(1, Math.round(figure.value * scale));
  return {
    teams: {
      branch: of(force.branches),
      group: of(force.groups),
      service: of(force.serviceTeams),
      emergency: of(force.emergencyTeams),
      task: of(force.taskTeams),
    },
    members: of(force.members),
    reportingHome: of(force.reportingHome),
    volunteers: of(force.volunteers),
    posts: of(force.posts),
  };
}

function cityForce(city: City, section: Section, scale: number, seed: number): Force {
  const villages = city.villages.map((v) => ({ code: v.code, people: v.endPerson - v.firstPerson }));
  return forceOf(villages, figuresAt(section, scale), seed);
}

/** Member codes by county: a pure function of the city, kept so that it is made once a run. */
const rosters = new WeakMap<City, Map<string, string[]>>();

function rosterOf(hand: Hand, section: Section): Map<string, string[]> {
  const known = rosters.get(hand.city);
  if (known) return known;
  const countyOf = new Map(hand.city.villages.map((village) => [village.code, village.countyCode]));
  const roster = new Map<string, string[]>();
  for (const { code, areaCode } of cityForce(hand.city, section, hand.scale, hand.seed).members()) {
    const county = need(countyOf.get(areaCode), "a member serves in a village of the city");
    const codes = roster.get(county) ?? [];
    codes.push(code);
    roster.set(county, codes);
  }
  rosters.set(hand.city, roster);
  return roster;
}

/** Answers come in batches of an hour and a county. */
const slotMin = 60;

function slotOf(hand: Hand, section: Section, code: string): number | null {
  if (hand.chance(section.callUp.silent.value, "callUpSilent", code)) return null;
  return Math.ceil(hand.delay(section.callUp.answer, "callUpAnswer", code) / slotMin);
}

async function call(hand: Hand, section: Section): Promise<void> {
  const memory = memoryOf(hand);
  const done = await callUp(hand.ctx("commander", hand.scenario.areaCode, "teams call-up"), {
    areaCode: hand.scenario.areaCode,
    reason: "首例阳性 / first positive",
  });
  memory.callUpId = done.id;
  hand.count("membersCalled", done.called);
  for (const [county, codes] of rosterOf(hand, section)) {
    const slots = new Set(codes.flatMap((code) => slotOf(hand, section, code) ?? []));
    for (const slot of [...slots].toSorted((a, b) => a - b))
      hand.after(slot * slotMin, "teams.answer", `${county} ${slot}`, { county, slot });
    hand.at(hand.nextClock(section.duty.planAt), "teams.plan", county);
  }
}

async function answer(hand: Hand, section: Section, item: DrillItem): Promise<void> {
  if (memoryOf(hand).stoodDown) return;
  const { county, slot } = item.data as { county: string; slot: number };
  const codes = (rosterOf(hand, section).get(county) ?? []).filter((code) => slotOf(hand, section, code) === slot);
  const answers = codes.map((memberCode) => {
    const coming = !hand.chance(section.callUp.absent.value, "callUpAbsent", memberCode);
    return { memberCode, coming, ...(coming ? {} : { reason: "不能到位 / cannot come" }) };
  });
  const done = await answerCallUp(hand.ctx("teamManager", county, `answer ${item.key}`), { answers });
  hand.count("membersAnswered", done.answered);
  hand.count("membersAbsent", done.absent);
}

/** What one county needs on the next day: each kind of duty in each of its towns. */
function needsOf(hand: Hand, section: Section, county: string): NewNeed[] {
  const from = (time: string): string => hand.instantAt(hand.clockMinute(time, 1));
  const day = hand.dayAt(hand.clockMinute("12:00", 1));
  return hand.city.towns
    .filter((town) => town.code.startsWith(county))
    .flatMap((town) =>
      section.duty.needs.map((duty) => ({
        areaCode: town.code,
        code: `${town.code}-${duty.target}-${day}`,
        targetType: duty.target,
        targetId: town.code,
        people: Math.max(1, Math.round(((town.endPerson - town.firstPerson) / 1_000) * duty.perThousand)),
        from: from(duty.from),
        to: from(duty.to),
        ...(duty.skill === undefined ? {} : { skill: duty.skill }),
      })),
    );
}

/** Every evening a county says what tomorrow needs, and its people are assigned; the roll is called at the towns' points. */
async function plan(hand: Hand, section: Section, item: DrillItem): Promise<void> {
  if (memoryOf(hand).stoodDown) return;
  const county = item.key;
  const ctx = (what: string) => hand.ctx("teamManager", county, `teams ${what} ${county}`);
  const needs = needsOf(hand, section, county);
  const { items } = await openNeeds(ctx("needs"), { needs });
  const { needs: assigned } = await assignByNeed(ctx("assign"), { areaCode: county });
  hand.count(
    "shiftsPlanned",
    assigned.reduce((sum, one) => sum + one.found, 0),
  );
  const ids = new Map(items.map((one) => [one.code, one.id]));
  for (const duty of section.duty.needs) {
    const needIds = needs.flatMap((one) => (one.targetType === duty.target ? (ids.get(one.code) ?? []) : []));
    hand.at(hand.clockMinute(duty.from, 1), "teams.in", `${county} ${duty.target}`, { county, needIds });
    hand.at(hand.clockMinute(duty.to, 1), "teams.out", `${county} ${duty.target}`, { county, needIds });
  }
  const day = hand.dayAt(hand.minute);
  if (hand.chance(section.duty.exposure.value, "teamExposure", `${county} ${day}`)) {
    const delay = hand.delay(section.duty.exposureReport, "exposureReport", `${county} ${day}`);
    hand.after(delay, "teams.exposure", `${county} ${day}`, county);
  }
  await volunteer(hand, section, county, day);
  hand.at(hand.clockMinute(section.duty.planAt, 1), "teams.plan", county);
}

async function volunteer(hand: Hand, section: Section, county: string, day: string): Promise<void> {
  const villages = hand.city.villages.filter((village) => village.countyCode === county);
  const count = Math.max(1, Math.round(section.volunteers.perCountyDay.value * hand.scale));
  for (let i = 0; i < count; i++) {
    const key = `${county} ${day} ${i}`;
    const place = need(
      villages[hand.delay(section.volunteers.decision, "volunteerVillage", key) % villages.length],
      "a village",
    );
    await registerVolunteer(hand.ctx("resident", "", `volunteer ${key}`), {
      areaCode: place.code,
      name: "志愿者",
      phone: `11${county.slice(2)}${day.slice(5).replace("-", "")}${i}`,
      skill: need(skills[i % skills.length], "a skill"),
    });
  }
  const delay = hand.delay(section.volunteers.decision, "volunteerDecision", `${county} ${day}`);
  hand.after(delay, "teams.decide", `${county} ${day}`, county);
}

const applicationsPerVisit = 200;

/** A county goes through the applications that wait. */
async function decideAll(hand: Hand, section: Section, item: DrillItem): Promise<void> {
  const county = item.data as string;
  const ctx = (what: string) => hand.ctx("teamManager", county, `teams ${what} ${item.key}`);
  const { items } = await listVolunteers(ctx("volunteers"), { state: "applied", limit: applicationsPerVisit });
  const waiting = items.toSorted((a, b) => (`${a.areaCode}${a.appliedAt}` < `${b.areaCode}${b.appliedAt}` ? -1 : 1));
  for (const [i, one] of waiting.entries()) {
    const refused = hand.chance(section.volunteers.refused.value, "volunteerRefused", `${item.key} ${i}`);
    const decision = refused ? { accept: false, reason: "不符合条件 / does not qualify" } : { accept: true };
    await decideVolunteer(ctx(`decide ${i}`), { id: one.id, ...decision });
    hand.count(refused ? "volunteersRefused" : "volunteersAccepted");
  }
}

async function rollIn(hand: Hand, section: Section, item: DrillItem): Promise<void> {
  const { county, needIds } = item.data as { county: string; needIds: string[] };
  const day = hand.dayAt(hand.minute);
  const roster = rosterOf(hand, section).get(county) ?? [];
  const missing = roster.filter((code) => hand.chance(section.duty.missing.value, "shiftMissing", `${code} ${day}`));
  const done = await checkIn(hand.ctx("teamManager", county, `in ${item.key}`), { needIds, missing });
  hand.count("shiftsMissed", done.missed);
}

async function rollOut(hand: Hand, item: DrillItem): Promise<void> {
  const { county, needIds } = item.data as { county: string; needIds: string[] };
  const done = await checkOut(hand.ctx("teamManager", county, `out ${item.key}`), { needIds });
  hand.count("shiftsDone", done.done);
}

async function exposure(hand: Hand, section: Section, item: DrillItem): Promise<void> {
  const county = item.data as string;
  const roster = rosterOf(hand, section).get(county) ?? [];
  const draw = hand.delay(section.duty.exposureFollowUp, "exposedMember", item.key);
  const made = await recordExposure(hand.ctx("teamManager", county, `exposure ${item.key}`), {
    memberCode: need(roster[draw % roster.length], "a county has members"),
    at: hand.now,
    kind: "suitTorn",
    protection: need(protectionLevels[2], "a level of protection"),
  });
  hand.count("exposures");
  const delay = hand.delay(section.duty.exposureFollowUp, "exposureFollowUp", item.key);
  if (made.id !== null) hand.after(delay, "teams.followUp", item.key, { county, id: made.id });
}

async function followUp(hand: Hand, item: DrillItem): Promise<void> {
  const { county, id } = item.data as { county: string; id: string };
  await followUpExposure(hand.ctx("teamManager", county, `followUp ${item.key}`), { id, outcome: "cleared" });
}

async function endCallUp(hand: Hand): Promise<void> {
  const memory = memoryOf(hand);
  if (memory.callUpId === null || memory.stoodDown) return;
  memory.stoodDown = true;
  await standDown(hand.ctx("commander", hand.scenario.areaCode, "teams stand-down"), {
    id: memory.callUpId,
    reason: "社会面清零 / community zero",
  });
}

function actor(section: Section): DrillActor {
  return {
    name: "teams.force",
    items: {
      "teams.call": (hand) => call(hand, section),
      "teams.answer": (hand, item) => answer(hand, section, item),
      "teams.plan": (hand, item) => plan(hand, section, item),
      "teams.in": (hand, item) => rollIn(hand, section, item),
      "teams.out": (hand, item) => rollOut(hand, item),
      "teams.decide": (hand, item) => decideAll(hand, section, item),
      "teams.exposure": (hand, item) => exposure(hand, section, item),
      "teams.followUp": (hand, item) => followUp(hand, item),
      "teams.end": (hand) => endCallUp(hand),
    },
    events: {
      "cases.preliminary": (hand) => {
        const memory = memoryOf(hand);
        if (memory.called) return;
        memory.called = true;
        hand.after(hand.delay(section.callUp.after, "callUp", "first"), "teams.call", "first");
      },
      "outbreaks.phaseChanged": (hand, event) => {
        const { to } = event.data as { to: string };
        if (to !== "communityZero" && to !== "allClear") return;
        hand.after(hand.delay(section.standDown.after, "standDown", to), "teams.end", to);
      },
    },
  };
}

/** The people on the line: called up by one command, assigned to what the towns need each day, stood down at the end. */
export const teamsSystem = defineSystem({
  name: "teams",
  title: { "zh-CN": "队伍与志愿者", en: "Teams and volunteers" },
  section: Section,
  ownTasks: ["callUpAnswers", "fillNeed", "decideVolunteer", "exposureFollowUp"],
  async setUp(ctx, world, section) {
    const force = cityForce(world.city, section, world.scale, world.seed);
    await runDuty(ctx, async (tx) => {
      await registerTeamsBulk(tx, force.teams());
      await registerMembersBulk(tx, force.members());
      await registerPostsBulk(tx, force.posts());
    });
  },
  actor,
  tally: teamsTally,
});
