import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadProtocol } from "#modules/outbreaks";
import type { Setting } from "#domain/outbreaks";
import { infectorsOf } from "./imports.rules.ts";
import type { Candidate } from "./tracing.model.ts";
import {
  answerDue,
  escalates,
  exposureWindow,
  isHigherRisk,
  judge,
  mayChange,
  mergeFound,
  placeDue,
  rosterOverlap,
  settingOfVenue,
  strongestOf,
  teamSizeMax,
  venueGapMinutes,
  type CaseMoments,
} from "./tracing.rules.ts";
import { chainShape } from "./chain.shape.rules.ts";

const protocol = await loadProtocol(join(import.meta.dirname, "../../../protocols/covid-19.cn-9.yaml"));
const mers = await loadProtocol(join(import.meta.dirname, "../../../protocols/mers.who.yaml"));
const now = "2022-07-30T04:00:00.000Z";
const meeting = (
  setting: Setting,
  overlapMinutes: number,
  gapMinutes: number,
  more: Partial<Candidate> = {},
): Candidate => ({
  personId: 1,
  setting,
  overlapMinutes,
  gapMinutes,
  lastAt: now,
  source: "interview",
  ...more,
});

describe("the exposure window (domain.md §1.3)", () => {
  const base: CaseMoments = {
    state: "preliminary",
    onsetAt: null,
    sampledAt: "2022-07-28T12:00:00.000Z",
    positiveAt: "2022-07-28T20:00:00.000Z",
    controlAt: null,
  };
  const midnight = (day: string): string => new Date(`${day}T00:00:00.000+08:00`).toISOString();
  it.each([
    ["TRACE-1 CC", "two days before sampling, until now", base, midnight("2022-07-26"), now],
    [
      "TRACE-1 CC",
      "two days before onset for the symptomatic",
      { ...base, state: "confirmed", onsetAt: "2022-07-25T01:00:00.000Z" },
      midnight("2022-07-23"),
      now,
    ],
    [
      "TRACE-1 CC",
      "sampling for the asymptomatic, whatever is noted as onset",
      { ...base, state: "asymptomatic", onsetAt: "2022-07-25T01:00:00.000Z" },
      midnight("2022-07-26"),
      now,
    ],
    [
      "TRACE-1 CC",
      "until isolation",
      { ...base, controlAt: "2022-07-29T00:00:00.000Z" },
      midnight("2022-07-26"),
      "2022-07-29T00:00:00.000Z",
    ],
    [
      "TRACE-1 CC",
      "nothing once isolated before",
      { ...base, controlAt: "2022-07-20T00:00:00.000Z" },
      midnight("2022-07-26"),
      midnight("2022-07-26"),
    ],
  ] as const)("%s: %s", (_rule, _what, record, from, to) => {
    expect(exposureWindow(protocol, record, "Asia/Shanghai", now)).toMatchObject({ from, to });
  });
});

describe("contact classes (domain.md §1.3)", () => {
  it.each([
    ["CC", "same home", meeting("household", 0, 0), "close", "sameHome"],
    ["CC", "care", meeting("care", 1, 0), "close", "careOrAerosol"],
    ["CC", "aerosol procedure", meeting("aerosol", 0, 30), "close", "careOrAerosol"],
    ["CC", "shared meal", meeting("meal", 20, 0), "close", "mealOrLeisure"],
    ["CC", "entertainment in a closed space", meeting("entertainment", 10, 0), "close", "mealOrLeisure"],
    ["CC", "same office", meeting("work", 15, 0), "close", "workOrSchool"],
    ["CC", "same class", meeting("school", 240, 0), "close", "workOrSchool"],
    ["CC", "same lift, minutes apart", meeting("lift", 0, 5), "close", "sameLift"],
    ["CC vehicles", "same vehicle", meeting("vehicle", 5, 0), "close", "sameVehicle"],
    ["CC", "near contact in a shop", meeting("shop", 15, 0), "close", "closedShop"],
    ["CC", "contaminated environment", meeting("contaminated", 0, 200), "close", "contaminated"],
    ["CC", "investigator's judgement", meeting("other", 0, 0), "close", "investigator"],
    ["GC", "a short meeting in a shop", meeting("shop", 14, 0), "general", "samePlace"],
    ["GC", "a meal after the case had left", meeting("meal", 0, 50), "general", "samePlace"],
    ["GC", "same workplace without near contact", meeting("work", 0, 0), "general", "samePlace"],
    ["GC", "the same square", meeting("publicPlace", 60, 0), "general", "samePlace"],
    ["GC", "too long after", meeting("shop", 0, 61), null, null],
    ["CC", "full protection", meeting("household", 600, 0, { protected: true }), null, null],
    ["SC", "lives with a close contact", meeting("household", 0, 0, { viaPersonId: 9 }), "secondary", "contactHome"],
    ["SC", "long contact with a close contact", meeting("work", 60, 0, { viaPersonId: 9 }), "secondary", "contactLong"],
    ["SC", "a short meeting with a close contact", meeting("meal", 59, 0, { viaPersonId: 9 }), null, null],
  ] as const)("%s: %s → %s", (_rule, _what, candidate, kind, criterion) => {
    expect(judge(protocol, candidate)).toMatchObject({ class: kind, criterionId: criterion });
  });

  it("WHO-CONTACT: the same engine under another protocol has no secondary contacts", () => {
    expect(judge(mers, meeting("household", 0, 0)).ruleId).toBe("WHO-CONTACT");
    expect(judge(mers, meeting("household", 0, 0, { viaPersonId: 9 })).class).toBeNull();
  });

  it("TRACE-3: a person's strictest and nearest meeting counts, with the last moment of its class", () => {
    const early = "2022-07-28T00:00:00.000Z";
    const rows = [
      meeting("publicPlace", 90, 0),
      meeting("meal", 30, 0, { lastAt: early }),
      meeting("work", 30, 0),
      meeting("shop", 5, 0),
    ].map((row) => judge(protocol, row));
    expect(strongestOf(rows).get(1)).toMatchObject({ class: "close", criterionId: "mealOrLeisure", lastAt: now });
  });

  it.each([
    ["household", true],
    ["work", true],
    ["lift", false],
    ["vehicle", false],
    ["contaminated", false],
  ] as const)("TRACE-6 SC: a close contact by %s is at higher risk: %s", (setting, higher) => {
    expect(isHigherRisk({ class: "close", setting })).toBe(higher);
  });
});

describe("clocks and escalation (domain.md §1.2, §1.4)", () => {
  it.each([
    ["TRF-CC", "close", "2022-07-30T12:00:00.000Z"],
    ["TRF-SC", "secondary", "2022-07-30T16:00:00.000Z"],
    ["GC", "general", null],
  ] as const)("%s: a %s contact is placed by %s", (_rule, kind, due) => {
    expect(placeDue(protocol, kind, now)).toBe(due);
  });
  it.each([
    [0, { rule: "SC-ESC", to: "close" }],
    [1, { rule: "SC-ESC", to: "close" }],
    [2, null],
  ] as const)("SC→CC: after %i negative tests → %j", (before, step) => {
    expect(escalates(protocol, before)).toEqual(step);
  });
  it("SC→CC: a protocol without secondary contacts escalates nobody", () => {
    expect(escalates(mers, 0)).toBeNull();
  });
  it.each([
    ["general", "close", "stronger"],
    ["secondary", "close", "stronger"],
    ["general", "secondary", "stronger"],
    ["close", "secondary", "nothing"],
    ["close", "close", "later"],
  ] as const)("TRACE-9: a %s contact found as %s → %s", (kind, found, what) => {
    expect(mergeFound({ kind, lastExposureAt: "2022-07-29T00:00:00.000Z" }, { class: found, lastAt: now })).toBe(what);
  });
  it("TRACE-9: an earlier meeting of the same class changes nothing", () => {
    expect(
      mergeFound({ kind: "close", lastExposureAt: now }, { class: "close", lastAt: "2022-07-29T00:00:00.000Z" }),
    ).toBe("nothing");
  });
  it.each([
    ["identified", true],
    ["ordered", true],
    ["placed", true],
    ["converted", false],
    ["excluded", false],
    ["released", false],
    ["handedOver", false],
  ] as const)("TRACE-10: a contact that is %s may be changed: %s", (state, may) => {
    expect(mayChange(state).ok).toBe(may);
  });
  it("TRACE-11: the other county answers within the verification clock, and not after the contact's own deadline", () => {
    expect(answerDue(protocol, now, null)).toBe("2022-07-30T06:00:00.000Z");
    expect(answerDue(protocol, now, "2022-07-30T05:00:00.000Z")).toBe("2022-07-30T05:00:00.000Z");
  });
});

describe("places (TRACE-4)", () => {
  it.each([
    ["restaurant", "meal"],
    ["shop", "shop"],
    ["hospital", "clinic"],
    ["school", "school"],
    ["workplace", "work"],
    ["square", "publicPlace"],
    ["unheardOf", "publicPlace"],
  ])("%s → %s", (kind, setting) => {
    expect(settingOfVenue(kind)).toBe(setting);
  });
  it("team-mates spend the day together, a large roster only shares the place", () => {
    expect(judge(protocol, meeting("work", rosterOverlap(teamSizeMax), 0)).class).toBe("close");
    expect(judge(protocol, meeting("work", rosterOverlap(teamSizeMax + 1), 0)).class).toBe("general");
  });
  it("asks the venues for as long after the case as a criterion can count", () => {
    expect(venueGapMinutes(protocol)).toBe(60);
  });
});

describe("chains (TRACE-12)", () => {
  const record = (id: string, infectorCaseId: string | null, day: number) => ({
    id,
    infectorCaseId,
    onsetAt: `2020-01-${String(day).padStart(2, "0")}T00:00:00.000Z`,
  });
  it("counts generations along infectors and clusters along every link", () => {
    const shape = chainShape(
      [record("c", "b", 9), record("b", "a", 5), record("a", null, 1), record("d", null, 2), record("e", null, 3)],
      [
        { a: "d", b: "c" },
        { a: "e", b: "gone" },
      ],
    );
    expect([...shape.generation]).toEqual([2, 1, 0, 0, 0]);
    expect(shape.cluster).toEqual(["a", "a", "a", "a", "e"]);
    expect(shape.clusters).toEqual([
      { id: "a", size: 4, generations: 3 },
      { id: "e", size: 1, generations: 1 },
    ]);
    expect(shape.edges).toEqual([
      { from: "b", to: "c", serialDays: 4 },
      { from: "a", to: "b", serialDays: 4 },
    ]);
  });
  it("ends where the infectors go round in a circle, which only a fault of the data makes", () => {
    const shape = chainShape([record("a", "c", 1), record("b", "a", 2), record("c", "b", 3), record("d", "b", 4)], []);
    expect([...shape.generation]).toEqual([2, 0, 1, 1]);
    expect(shape.clusters).toEqual([{ id: "a", size: 4, generations: 3 }]);
  });
  it("takes no link that closes a circle", () => {
    const cases = new Map(["a", "b", "c"].map((id, i) => [id, { id, reference: "2020-01-01", order: i }]));
    const chosen = infectorsOf(
      [
        { from: "c", to: "a" },
        { from: "a", to: "b" },
        { from: "b", to: "c" },
      ],
      cases,
    );
    expect([...chosen.keys()].toSorted()).toHaveLength(2);
  });
});
