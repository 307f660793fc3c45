import { describe, expect, it, test } from "vitest";
import {
  decide,
  defaultForceRules,
  fillNeeds,
  restFault,
  ringsOf,
  spanOf,
  type Candidate,
  type OpenNeed,
  type Span,
} from "./domain.ts";

const shift = (day: number, from: number, hours: number): Span => {
  const at = Date.UTC(2022, 6, day, from);
  return { from: at, to: at + hours * 3_600_000 };
};

describe("rest limits", () => {
  test.each<[rule: string | null, what: string, wanted: Span, has: Span[]]>([
    [null, "a first shift of twelve hours", shift(25, 0, 12), []],
    ["TEAM-6", "a shift of thirteen hours", shift(25, 0, 13), []],
    ["TEAM-4", "two shifts at once", shift(25, 6, 8), [shift(25, 0, 8)]],
    ["TEAM-7", "seven hours after the shift before", shift(25, 15, 6), [shift(25, 0, 8)]],
    [null, "eight hours after the shift before", shift(25, 16, 6), [shift(25, 0, 8)]],
    ["TEAM-7", "seven hours before the shift after", shift(25, 0, 8), [shift(25, 15, 6)]],
    [null, "sixty hours in seven days", shift(29, 0, 12), [25, 26, 27, 28].map((day) => shift(day, 0, 12))],
    [
      "TEAM-8",
      "seventy-two hours in seven days",
      shift(30, 0, 12),
      [25, 26, 27, 28, 29].map((day) => shift(day, 0, 12)),
    ],
    [
      "TEAM-8",
      "the week of a later shift overflows",
      shift(25, 0, 12),
      [26, 27, 28, 29, 30].map((d) => shift(d, 0, 12)),
    ],
    [
      null,
      "a shift of the week before does not count",
      shift(30, 0, 12),
      [22, 26, 27, 28, 29].map((d) => shift(d, 0, 12)),
    ],
  ])("%s: %s", (rule, _what, wanted, has) => {
    expect(restFault(wanted, has, defaultForceRules)).toBe(rule);
  });

  it("reads instants", () => {
    expect(spanOf("2022-07-25T00:00:00.000Z", "2022-07-25T12:00:00.000Z")).toEqual(shift(25, 0, 12));
  });
});

describe("TEAM-9: filling needs", () => {
  const candidate = (memberId: number, areaCode: string, more: Partial<Candidate> = {}): Candidate => ({
    memberId,
    code: `M${memberId}`,
    areaCode,
    skills: [],
    minutesWorked: 0,
    ...more,
  });
  const need = (id: string, more: Partial<OpenNeed> = {}): OpenNeed => ({
    id,
    areaCode: "371721100201",
    skill: null,
    missing: 1,
    span: shift(25, 0, 8),
    ...more,
  });
  const chosen = (needs: OpenNeed[], candidates: Candidate[], shifts = new Map<number, Span[]>()) =>
    fillNeeds(needs, candidates, shifts, defaultForceRules).map((a) => `${a.needId}:${a.memberId}`);

  it("takes the nearest, then the least worked", () => {
    const people = [
      candidate(1, "371702001001"),
      candidate(2, "371721100202", { minutesWorked: 60 }),
      candidate(3, "371721100203"),
      candidate(4, "371721100201", { minutesWorked: 600 }),
    ];
    expect(chosen([need("a", { missing: 3 })], people)).toEqual(["a:4", "a:3", "a:2"]);
  });

  it("takes only those who have the skill", () => {
    const people = [candidate(1, "371721100201"), candidate(2, "371702001001", { skills: ["driving"] })];
    expect(chosen([need("a", { skill: "driving", missing: 2 })], people)).toEqual(["a:2"]);
  });

  it("puts nobody on two shifts at once, nor on one without rest", () => {
    const people = [candidate(1, "371721100201"), candidate(2, "371721100201")];
    const shifts = new Map([[2, [shift(24, 20, 3)]]]);
    expect(chosen([need("a"), need("b"), need("c", { span: shift(25, 8, 8) })], people, shifts)).toEqual([
      "a:1",
      "c:2",
    ]);
  });

  it("looks in the place, its town, its county and its city, not beyond the reader's area", () => {
    expect(ringsOf("371721100201", "3717")).toEqual(["371721100201", "371721100", "371721", "3717"]);
    expect(ringsOf("371721100201", "371721")).toEqual(["371721100201", "371721100", "371721"]);
    expect(ringsOf("3717", "")).toEqual(["3717", "37"]);
  });
});

describe("TEAM-1: volunteers", () => {
  it("a refusal says why; a decision is made once", () => {
    expect(decide("applied", { accept: true })).toEqual({ ok: true, value: "accepted" });
    expect(decide("applied", { accept: false })).toMatchObject({ refusal: { params: { rule: "TEAM-1" } } });
    expect(decide("applied", { accept: false, reason: "under age" })).toEqual({ ok: true, value: "refused" });
    expect(decide("refused", { accept: true })).toMatchObject({ refusal: { code: "state.notAllowed" } });
  });
});
