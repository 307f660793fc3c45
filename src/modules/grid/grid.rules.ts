import { assert } from "#kernel/assert";
import { wallClock, type Day, type Instant } from "#kernel/time";
import type { Grid, halves } from "#domain/outbreaks";
import type { itemStates, needStates, proofMethods, visitOutcomes } from "./grid.model.ts";

/** How many grids a village of so many households gets, none much larger than the size. spec: GRID-1 */
export function gridCount(households: number, size: number): number {
  assert(households >= 0 && size > 0, "a village has no negative households");
  return Math.max(1, Math.round(households / size));
}

/** The grid (from 1) of the household at an index: neighbours stay together, grids differ by one household at most. spec: GRID-1 */
export function gridNoOf(index: number, households: number, grids: number): number {
  assert(index >= 0 && index < households, "the household is one of the village's");
  return Math.floor((index * grids) / households) + 1;
}

/** A grid's code continues its village's. */
export function gridCode(villageCode: string, no: number): string {
  return `${villageCode}G${String(no).padStart(2, "0")}`;
}

export interface VisitFacts {
  readonly item: {
    readonly state: (typeof itemStates)[number];
    readonly areaCode: string;
    readonly gridCode: string | null;
    readonly dueAt: Instant;
    readonly attempts: number;
  } | null;
  readonly worker: { readonly areaCode: string; readonly gridCode: string | null; readonly active: boolean } | null;
  readonly outcome: (typeof visitOutcomes)[number];
  readonly method: (typeof proofMethods)[number] | null;
  readonly at: Instant;
  readonly now: Instant;
  readonly notHomeMax: number;
}

export type VisitVerdict =
  | { readonly ok: false; readonly rule: string; readonly why: string }
  | { readonly ok: true; readonly counted: boolean; readonly escalate: boolean };

const no = (rule: string, why: string) => ({ ok: false, rule, why }) as const;

/** Whether a visit is taken, whether it counts, and whether somebody else must look for the person. spec: GRID-3 */
export function visitVerdict(facts: VisitFacts): VisitVerdict {
  const { item, worker, outcome, at } = facts;
  if (item === null) return no("record.notFound", "no such door in this area / 本辖区没有这一户");
  if (item.state !== "open" && item.state !== "notHome") return no("state.notAllowed", item.state);
  if (at > facts.now) return no("GRID-3", "a visit lies in the past / 入户时间不能晚于现在");
  if (worker === null || !worker.active || worker.areaCode !== item.areaCode)
    return no("GRID-3", "by a worker of the grid only / 须由本网格人员入户");
  if (worker.gridCode !== null && item.gridCode !== null && worker.gridCode !== item.gridCode)
    return no("GRID-3", "by a worker of the grid only / 须由本网格人员入户");
  if (outcome === "done" && (facts.method === null || facts.method === "swab"))
    return no("GRID-3", "a visit needs its proof / 须有入户凭证");
  return {
    ok: true,
    counted: outcome === "done" && at <= item.dueAt,
    escalate: outcome === "notHome" && item.attempts + 1 === facts.notHomeMax,
  };
}

type NeedState = (typeof needStates)[number];
const needMoves: Readonly<Record<NeedState, readonly NeedState[]>> = {
  asked: ["accepted", "delivered", "refused"],
  accepted: ["delivered", "refused"],
  delivered: ["confirmed"],
  confirmed: [],
  refused: [],
};

/** Why a need does not move to a state; null when it does. What one delivered, the household confirms. spec: GRID-6 */
export function needRefusal(
  need: { readonly state: NeedState; readonly deliveredBy: string | null } | null,
  to: NeedState,
  confirmedBy: string | null,
): { readonly rule: string; readonly why: string } | null {
  if (need === null) return { rule: "record.notFound", why: "no such need in this area / 本辖区没有这一需求" };
  if (!needMoves[need.state].includes(to)) return { rule: "state.notAllowed", why: need.state };
  if (to === "confirmed" && (confirmedBy === null || confirmedBy === need.deliveredBy))
    return { rule: "GRID-6", why: "the household confirms, not who delivered / 须由住户确认" };
  return null;
}

/** Why somebody without a door must be looked for now; null when they need not. spec: GRID-8 */
export function outreachDue(
  person: { readonly lastMetAt: Instant | null; readonly lastTestedAt: Instant | null; readonly sampled: boolean },
  facts: { readonly roundOpenedAt: Instant | null; readonly metSince: Instant },
): "notTested" | "notMet" | null {
  const { roundOpenedAt } = facts;
  const tested = person.sampled || (person.lastTestedAt !== null && person.lastTestedAt >= (roundOpenedAt ?? ""));
  if (roundOpenedAt !== null && !tested) return "notTested";
  return person.lastMetAt === null || person.lastMetAt < facts.metSince ? "notMet" : null;
}

/** The half-day that an instant lies in by its windows, with the day and the time it ends; null between them. spec: GRID-4, GRID-7 */
export function halfAt(
  windows: Pick<Grid["streets"], "morning" | "evening">,
  at: Instant,
  timeZone: string,
): { readonly day: Day; readonly half: (typeof halves)[number]; readonly until: string } | null {
  const { day, time } = wallClock(at, timeZone);
  for (const half of ["morning", "evening"] as const) {
    const { from, until } = windows[half];
    if (time >= from && time < until) return { day, half, until };
  }
  return null;
}

/** The lanes of a village that were not walked, in their order. spec: GRID-7 */
export function lanesMissing(all: readonly string[], walked: readonly string[]): string[] {
  return all.filter((lane) => !walked.includes(lane));
}

/** Fills the {blanks} of a text; a blank without a fact stays visible as a dash. spec: GRID-9 */
export function fillText(text: string, facts: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? "–");
}
