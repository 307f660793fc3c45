import { ok, refuse, type Result } from "#kernel/result";
import { epochMs, hourMs, type Instant } from "#kernel/time";
import type { ForceRules } from "#domain/outbreaks";
import type { MemberState, VolunteerState } from "./teams.model.ts";

/** Where a protocol says nothing of working hours, these hold: assumptions of this system, named in its rules page. */
export const defaultForceRules: ForceRules = {
  shiftHoursMax: 12,
  restHoursMin: 8,
  weekHoursMax: 60,
  answerHours: 4,
  volunteerHours: 24,
  exposureHours: 2,
  missedAfterHours: 1,
};

/** Whom a call-up reaches: everybody who is not up already. */
// spec: TEAM-2
export const callable: readonly MemberState[] = ["registered", "absent", "stoodDown"];

/** Who may be put on a shift. */
// spec: TEAM-5
export const assignable: readonly MemberState[] = ["active", "onDuty"];

/** Decides on a volunteer; a refusal says why. */
export function decide(
  state: VolunteerState,
  decision: { readonly accept: boolean; readonly reason?: string },
): Result<VolunteerState> {
  if (state !== "applied") return refuse("state.notAllowed", { state });
  // spec: TEAM-1
  if (!decision.accept && !decision.reason)
    return refuse("rule.refused", { rule: "TEAM-1", why: "a refusal needs its reason / 拒绝须说明理由" });
  return ok(decision.accept ? "accepted" : "refused");
}

/** A span of work in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export function spanOf(from: Instant, to: Instant): Span {
  return { from: epochMs(from), to: epochMs(to) };
}

const weekMs = 7 * 24 * hourMs;

/** The rule that a further shift would break for somebody with these shifts, or null. */
export function restFault(span: Span, shifts: readonly Span[], rules: ForceRules): string | null {
  // spec: TEAM-6
  if (span.to - span.from > rules.shiftHoursMax * hourMs) return "TEAM-6";
  const rest = rules.restHoursMin * hourMs;
  // spec: TEAM-4 (the database refuses an overlap as well) and TEAM-7
  for (const shift of shifts) {
    if (shift.from < span.to && span.from < shift.to) return "TEAM-4";
    if (shift.from < span.to + rest && span.from < shift.to + rest) return "TEAM-7";
  }
  // spec: TEAM-8: every seven days that end with a shift which the new one could overfill.
  const all = [...shifts, span];
  for (const { to } of all) {
    if (to < span.to || to - weekMs > span.to) continue;
    const worked = all.reduce((sum, s) => sum + Math.max(0, Math.min(s.to, to) - Math.max(s.from, to - weekMs)), 0);
    if (worked > rules.weekHoursMax * hourMs) return "TEAM-8";
  }
  return null;
}

/** A need as the rule sees it. */
export interface OpenNeed {
  readonly id: string;
  readonly areaCode: string;
  readonly skill: string | null;
  readonly missing: number;
  readonly span: Span;
}

/** Somebody who could be sent; the shifts around the time in question stand with them. */
export interface Candidate {
  readonly memberId: number;
  readonly code: string;
  readonly areaCode: string;
  readonly skills: readonly string[];
  readonly minutesWorked: number;
}

export interface Assignment {
  readonly needId: string;
  readonly memberId: number;
}

function sharedLength(a: string, b: string): number {
  let n = 0;
  while (n < a.length && a[n] === b[n]) n += 1;
  return n;
}

/**
 * Fills needs from candidates: the skill asked for, the nearest area first (by the common beginning of the codes), then who
 * has worked least; nobody beyond the rest limits. `shifts` is what each candidate has already and grows with each choice.
 */
export function fillNeeds(
  needs: readonly OpenNeed[],
  candidates: readonly Candidate[],
  shifts: Map<number, Span[]>,
  rules: ForceRules,
): Assignment[] {
  const chosen: Assignment[] = [];
  for (const need of needs) {
    let missing = need.missing;
    const { skill } = need;
    // spec: TEAM-9
    const ordered = candidates
      .filter((c) => skill === null || c.skills.includes(skill))
      .map((c) => ({ c, near: sharedLength(c.areaCode, need.areaCode) }))
      .toSorted((a, b) => b.near - a.near || a.c.minutesWorked - b.c.minutesWorked || (a.c.code < b.c.code ? -1 : 1));
    for (const { c } of ordered) {
      if (missing === 0) break;
      const own = shifts.get(c.memberId) ?? [];
      if (restFault(need.span, own, rules) !== null) continue;
      shifts.set(c.memberId, [...own, need.span]);
      chosen.push({ needId: need.id, memberId: c.memberId });
      missing -= 1;
    }
  }
  return chosen;
}

const ringLengths = [12, 9, 6, 4, 2] as const;

/** The areas in which people for a place are looked for, the place itself first and then wider and wider. */
export function ringsOf(areaCode: string, within: string): string[] {
  const rings = [areaCode, ...ringLengths.filter((n) => n < areaCode.length).map((n) => areaCode.slice(0, n))];
  return rings.filter((code) => code.startsWith(within));
}
