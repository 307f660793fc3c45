import type { Plan, PlanSegment } from "#domain/outbreaks";
import { addDays, type Day } from "#kernel/time";

/** The calendar of one stretch of a plan: two anchors, one for the duration and one for the tests (domain.md §1.4, CC clock). */

export interface SegmentFacts {
  readonly segment: PlanSegment;
  /** The day of last exposure, of leaving the zone, of entry or of discharge. */
  readonly anchorDay: Day;
  /** The first day of observation; it is day 1. */
  readonly observationDay: Day;
  /** The day on which this stretch really begins. */
  readonly beginDay: Day;
  /** The planned last day of the stretch before. */
  readonly previousEndDay: Day | null;
}

export interface SegmentWindow {
  readonly startDay: Day;
  readonly endDay: Day;
}

const later = (a: Day, b: Day): Day => (a > b ? a : b);
const earlier = (a: Day, b: Day): Day => (a < b ? a : b);

/** The first and last day of a stretch. spec: ISO-2 */
export function segmentWindow(facts: SegmentFacts): SegmentWindow {
  const { segment, anchorDay, observationDay, beginDay, previousEndDay } = facts;
  const base =
    segment.from === "previousSegment"
      ? (previousEndDay ?? addDays(beginDay, -1))
      : segment.from === "observationStart"
        ? addDays(observationDay, -1)
        : anchorDay;
  // Someone found late is observed for at least the day on which he was placed.
  const endDay = later(addDays(base, segment.days), beginDay);
  return { startDay: addDays(base, 1), endDay };
}

export interface PlannedTest {
  readonly dayNo: number;
  readonly dueDay: Day;
}

/**
 * The tests of a stretch. A test whose day lies before the beginning is taken on the first day, one
 * whose day lies after the end on the last; of several on one day the last one stays. spec: ISO-3
 */
export function testCalendar(facts: SegmentFacts): PlannedTest[] {
  const { segment, anchorDay, observationDay, beginDay } = facts;
  const { startDay, endDay } = segmentWindow(facts);
  const dayOne =
    segment.testAnchor === "observation"
      ? observationDay
      : segment.testAnchor === "segment"
        ? startDay
        : addDays(anchorDay, 1);
  const byDay = new Map<Day, number>();
  for (const dayNo of segment.testDays) {
    const planned = addDays(dayOne, dayNo - 1);
    byDay.set(earlier(later(planned, beginDay), endDay), dayNo);
  }
  return [...byDay].map(([dueDay, dayNo]) => ({ dayNo, dueDay }));
}

/** Is a stretch spent in a place of ours rather than at home? */
export function isAway(mode: string): boolean {
  return mode === "central" || mode === "fangcang" || mode === "hospital";
}

/** Classes from the strictest down; an order takes the stricter of two. */
const strictness = [
  "close",
  "inbound",
  "highZone",
  "secondary",
  "mediumZone",
  "highRiskPost",
  "general",
  "exposed",
  "lowZone",
  "discharged",
];

/** Is plan class `a` stricter than `b`? spec: ISO-5 */
export function isStricter(a: string, b: string): boolean {
  return strictness.indexOf(a) < strictness.indexOf(b);
}

/** A plan whose first stretch is self-monitoring starts by being told, without a visit. spec: ISO-4 */
export function startsAtOnce(plan: Plan): boolean {
  return plan.segments[0]?.mode === "homeMonitor";
}
