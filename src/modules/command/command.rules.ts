import {
  criterionHolds,
  nextPhase,
  type ClockId,
  type Measured,
  type Phase,
  type Protocol,
  type Provenance,
} from "#domain/outbreaks";
import { addDays, addMinutes, daysBetween, instantAt, wallClock, type Day, type Instant } from "#kernel/time";
import type { LoopClock, PhaseCriterion } from "./board.model.ts";

/** The infections of one day that were found in one way. */
export interface DayFinds {
  readonly day: Day;
  readonly provenance: string;
  readonly count: number;
}

/** What the phases are decided on. */
export interface PhaseFacts {
  readonly today: Day;
  /** By the day the test turned positive, excluded cases left out, in any order. */
  readonly finds: readonly DayFinds[];
  /** The last day somebody fell ill or turned positive. */
  readonly lastCaseDay: Day | null;
  readonly zonesAboveLow: number;
  readonly openContacts: number;
  readonly patientsInCare: number;
}

/** Whole days that have ended since `last`: the day itself and the running one do not count. */
function fullDaysSince(last: Day | null, today: Day): number {
  return last === null ? 0 : Math.max(0, daysBetween(last, today) - 1);
}

function lastDay(finds: readonly DayFinds[]): Day | null {
  return finds.reduce<Day | null>(
    (last, find) => (find.count > 0 && (last === null || find.day > last) ? find.day : last),
    null,
  );
}

function firstDay(finds: readonly DayFinds[]): Day | null {
  return finds.reduce<Day | null>(
    (first, find) => (find.count > 0 && (first === null || find.day < first) ? find.day : first),
    null,
  );
}

/**
 * Full days in a row without a community find. A find counts as community unless it was made among
 * people whom the protocol lists as already controlled. Without any community find the days count
 * from the first find; without any find nothing has been shown. spec: SOC-CASE, SOC-ZERO (domain.md §1.8)
 */
export function communityCleanDays(protocol: Protocol, finds: readonly DayFinds[], today: Day): number {
  const controlled = protocol.communityZero.controlledProvenances;
  const community = finds.filter((find) => !controlled.includes(find.provenance as Provenance));
  return fullDaysSince(lastDay(community) ?? firstDay(finds), today);
}

/** Full days in a row without any find. spec: PHASE-ZERO (domain.md §1.8) */
export function cleanDays(finds: readonly DayFinds[], today: Day): number {
  return fullDaysSince(lastDay(finds), today);
}

/** May community zero be declared today? spec: SOC-ZERO (domain.md §1.8) */
export function isCommunityZero(protocol: Protocol, finds: readonly DayFinds[], today: Day): boolean {
  return firstDay(finds) !== null && communityCleanDays(protocol, finds, today) >= protocol.communityZero.days;
}

/** Everything a phase's entry can ask about. */
export function measure(protocol: Protocol, facts: PhaseFacts): Measured {
  return {
    positives: facts.finds.reduce((sum, find) => sum + find.count, 0),
    communityCleanDays: communityCleanDays(protocol, facts.finds, facts.today),
    cleanDays: cleanDays(facts.finds, facts.today),
    daysSinceLastCase: facts.lastCaseDay === null ? 0 : Math.max(0, daysBetween(facts.lastCaseDay, facts.today)),
    zonesAboveLow: facts.zonesAboveLow,
    openContacts: facts.openContacts,
    patientsInCare: facts.patientsInCare,
  };
}

export interface RuledCriterion extends PhaseCriterion {
  readonly rule: string;
}

/** The entry conditions of a phase with what they measure now. spec: CMD-1 */
export function criteriaOf(protocol: Protocol, phase: Phase, measured: Measured): RuledCriterion[] {
  const rule = protocol.phases.find((row) => row.phase === phase);
  return (rule?.entry ?? []).map((criterion) => ({
    id: criterion.measure,
    rule: criterion.rule,
    met: criterionHolds(criterion, measured),
    value: measured[criterion.measure],
    target: criterion.value,
  }));
}

/** The phases an outbreak may enter now, one after the other; none is skipped. spec: CMD-1, CMD-2 */
export function phasesToEnter(protocol: Protocol, current: Phase, measured: Measured): Phase[] {
  const entered: Phase[] = [];
  for (
    let phase = nextPhase(protocol, current, measured);
    phase !== undefined;
    phase = nextPhase(protocol, phase, measured)
  )
    entered.push(phase);
  return entered;
}

/** When the command post meets, by the wall clock of the outbreak's zone (Heze 2022: 08:30 and 19:30). */
export const briefingSlots = ["08:30", "19:30"] as const;
export type BriefingSlot = (typeof briefingSlots)[number];
/** A briefing that nobody held is held by the clock up to this long after its time. */
export const briefingLateMinutesMax = 120;

export interface SlotDue {
  readonly day: Day;
  readonly slot: BriefingSlot;
  readonly at: Instant;
}

/** The briefing whose time has come within the last minutes, or undefined. spec: CMD-4 */
export function slotDue(now: Instant, timeZone: string): SlotDue | undefined {
  const { day } = wallClock(now, timeZone);
  return briefingSlots
    .map((slot) => ({ day, slot, at: instantAt(day, slot, timeZone) }))
    .findLast(({ at }) => at <= now && now <= addMinutes(at, briefingLateMinutesMax));
}

/** The time of the briefing after `now`. */
export function nextBriefing(now: Instant, timeZone: string): Instant {
  const { day } = wallClock(now, timeZone);
  const times = [day, addDays(day, 1)].flatMap((date) => briefingSlots.map((slot) => instantAt(date, slot, timeZone)));
  return times.find((at) => at > now) ?? addMinutes(now, 24 * 60);
}

/** The board and the briefings show the clocks of what started within this window: yesterday's work, not the outbreak's mean. */
export const clockWindowHours = 24;

/** An arrow of the loop and the protocol's clocks whose minutes make its target. */
const arrowClocks: readonly { readonly arrow: string; readonly clocks: readonly ClockId[] }[] = [
  { arrow: "collectToReceive", clocks: ["natTransit"] },
  { arrow: "receiveToResult", clocks: ["labArea"] },
  { arrow: "collectToResult", clocks: ["natTransit", "labArea"] },
  { arrow: "resultToHold", clocks: [] },
  { arrow: "positiveToRecheck", clocks: ["recheck"] },
  { arrow: "preliminaryToReport", clocks: ["reportStatutory"] },
  { arrow: "positiveToCore", clocks: ["coreTrack"] },
  { arrow: "contactToPlaced", clocks: ["placeClose"] },
  { arrow: "secondaryToPlaced", clocks: ["placeSecondary"] },
  { arrow: "positiveToControl", clocks: ["positiveToControl"] },
  { arrow: "roundOpenToResulted", clocks: ["natRound"] },
  { arrow: "positiveToZone", clocks: ["positiveToZone"] },
];

export interface ArrowTarget {
  readonly arrow: string;
  /** The protocol's rules, joined by "+"; empty when it sets none. */
  readonly ruleId: string;
  readonly targetMin: number | null;
}

/** Every arrow of the loop with the protocol's target. A hold must stand in the result's own transaction. spec: CMD-6 */
export function arrowTargets(protocol: Protocol): ArrowTarget[] {
  return arrowClocks.map(({ arrow, clocks }) => {
    if (arrow === "resultToHold") {
      const rule = protocol.pooling?.positive.rule;
      return { arrow, ruleId: rule ?? "", targetMin: rule === undefined ? null : 0 };
    }
    const rules = clocks.map((clock) => protocol.clocks[clock]).filter((rule) => rule !== undefined);
    if (rules.length < clocks.length) return { arrow, ruleId: "", targetMin: null };
    return {
      arrow,
      ruleId: rules.map((rule) => rule.rule).join("+"),
      targetMin: rules.reduce((sum, rule) => sum + rule.minutes, 0),
    };
  });
}

/** What was measured of one arrow. */
export interface ArrowDelay {
  readonly n: number;
  readonly medianMin: number | null;
  readonly p90Min: number | null;
  readonly inTime: number;
  readonly lateOpen: number;
}

/** One clock: the share in time is of those finished and those that can no longer be in time. spec: CMD-6 */
export function loopClock(target: ArrowTarget, delay: ArrowDelay | undefined): LoopClock {
  const n = delay?.n ?? 0;
  const lateOpen = delay?.lateOpen ?? 0;
  const judged = n + lateOpen;
  return {
    ...target,
    n,
    medianMin: delay?.medianMin ?? null,
    p90Min: delay?.p90Min ?? null,
    inTimeShare: target.targetMin === null || judged === 0 ? null : (delay?.inTime ?? 0) / judged,
    lateOpen,
  };
}
