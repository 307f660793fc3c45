import { addDays, dayOf, daysBetween, instantAt, minutesBetween, type Day, type Instant } from "#kernel/time";
import type { OverlapMeaning, ZoneUnit } from "./zones.model.ts";
import type { Protocol, Provenance, ZoneLevel, ZoneLift, ZonePlace } from "#domain/outbreaks";

/** Why a decision came out as it did; the rule id names the row of the protocol it rests on. */
export interface Reason {
  readonly id:
    | "place"
    | "cleanDays"
    | "lastDayRound"
    | "newInfection"
    | "extended"
    | "noRule"
    | "alreadyDrawn"
    | "outside";
  readonly rule: string;
  readonly met: boolean;
  readonly value: string | number | null;
  readonly target: string | number | null;
}

/** A place of a case: a unit that can become a zone. */
export interface CasePlace {
  readonly unit: "village" | "venue" | "compound";
  readonly unitCode: string;
  readonly areaCode: string;
  readonly place: ZonePlace;
  readonly stayMinutes: number;
  /** When the case was there last. */
  readonly lastAt: Instant;
}

export interface Proposal {
  readonly unit: CasePlace["unit"];
  readonly unitCode: string;
  readonly areaCode: string;
  readonly level: ZoneLevel;
  /** `draw` a new zone, `raise` one that stands lower, `review` one whose clean days start again. */
  readonly action: "draw" | "raise" | "review";
  readonly reasons: readonly Reason[];
}

export interface ProposalFacts {
  readonly provenance: Provenance;
  /** Onset or first positive sample: the look-back counts from here. */
  readonly anchorAt: Instant;
  readonly places: readonly CasePlace[];
  /** The level each unit has now; units without a zone are absent. */
  readonly levels: ReadonlyMap<string, ZoneLevel>;
}

const strictness: Readonly<Record<ZoneLevel, number>> = { high: 2, medium: 1, low: 0 };

/** Is `a` stricter than `b`? */
export function isStricter(a: ZoneLevel, b: ZoneLevel): boolean {
  return strictness[a] > strictness[b];
}

/** A zone that is there already, as a choice of villages meets it. */
export interface ZoneThere {
  readonly unit: ZoneUnit;
  readonly state: "proposed" | "published";
  readonly level: ZoneLevel;
}

/** What a zone that is there means for a wish to draw its village at a level: its single level is not drawn over. spec: ZONE-7, I6 */
export function overlapMeaning(there: ZoneThere, wanted: ZoneLevel): OverlapMeaning {
  if (there.unit !== "village") return "unitInside";
  if (there.state === "proposed") return "proposed";
  if (there.level === wanted) return "same";
  return isStricter(wanted, there.level) ? "raise" : "stays";
}

/** The zones a case's places ask for, one a unit, the strictest first. spec: ZONE-H, ZONE-M, ZONE-EXT (domain.md §1.6) */
export function proposeZones(protocol: Protocol, facts: ProposalFacts): Proposal[] {
  const zones = protocol.zones;
  // Somebody found in quarantine was not in the community's places when found: no zone by rule, only by hand.
  if (zones === null || zones.extend.notInside.includes(facts.provenance)) return [];
  const byUnit = new Map<string, Proposal>();
  for (const place of facts.places) {
    const proposal = proposalFor(protocol, facts, place);
    const known = byUnit.get(place.unitCode);
    if (proposal && (!known || isStricter(proposal.level, known.level))) byUnit.set(place.unitCode, proposal);
  }
  return [...byUnit.values()].toSorted(
    (a, b) => strictness[b.level] - strictness[a.level] || (a.unitCode < b.unitCode ? -1 : 1),
  );
}

const minutesPerDay = 1440;

function proposalFor(protocol: Protocol, facts: ProposalFacts, place: CasePlace): Proposal | undefined {
  const row = protocol.zones?.draw.find(
    (rule) =>
      rule.place === place.place &&
      place.stayMinutes >= rule.minStayMinutes &&
      minutesBetween(place.lastAt, facts.anchorAt) <= rule.lookbackDays * minutesPerDay,
  );
  if (row === undefined) return undefined;
  const reason: Reason = {
    id: "place",
    rule: row.rule,
    met: true,
    value: place.stayMinutes,
    target: row.minStayMinutes,
  };
  const now = facts.levels.get(place.unitCode);
  const unit = { unit: place.unit, unitCode: place.unitCode, areaCode: place.areaCode };
  if (now === undefined || now === "low") return { ...unit, level: row.level, action: "draw", reasons: [reason] };
  const again: Reason = {
    id: "newInfection",
    rule: protocol.zones?.extend.rule ?? row.rule,
    met: true,
    value: now,
    target: row.level,
  };
  const raise = isStricter(row.level, now);
  return {
    ...unit,
    level: raise ? row.level : now,
    action: raise ? "raise" : "review",
    reasons: [reason, again],
  };
}

/** Does an infection found this way count as one inside the zone? spec: ZONE-EXT */
export function isInside(protocol: Protocol, provenance: Provenance): boolean {
  return protocol.zones !== null && !protocol.zones.extend.notInside.includes(provenance);
}

/** A round's result in one zone, in people. */
export interface ZoneRound {
  readonly day: Day;
  readonly due: number;
  /** Everybody due is sampled or excused, and every swab has its result. */
  readonly complete: boolean;
  readonly positive: number;
}

export interface LiftFacts {
  readonly level: ZoneLevel;
  /** The level the zone came down from; null when it was drawn at this one. */
  readonly cameFrom: ZoneLevel | null;
  /** The day the level came into force: day 0. */
  readonly levelSince: Day;
  /** Day 0 set again by headquarters' extension. */
  readonly extendedFrom: Day | null;
  readonly lastInfection: Day | null;
  readonly rounds: readonly ZoneRound[];
  readonly today: Day;
}

export interface LiftDecision {
  readonly allowed: boolean;
  readonly to: ZoneLevel | null;
  readonly rule: string | null;
  /** Whole days since day 0. */
  readonly cleanDays: number;
  /** The first day on which the clean days suffice, if nothing new is found. */
  readonly earliest: Day | null;
  readonly reasons: readonly Reason[];
}

/** May the zone's level fall today? spec: ZONE-H-LIFT, ZONE-HM-LIFT, ZONE-M-LIFT, ZONE-EXT (domain.md §1.6) */
export function liftCheck(protocol: Protocol, facts: LiftFacts): LiftDecision {
  const dayZero = dayZeroOf(facts);
  const cleanDays = Math.max(0, daysBetween(dayZero, facts.today));
  const rule = liftRule(protocol, facts);
  if (rule === undefined) {
    const none: Reason = { id: "noRule", rule: "ZONE-L", met: false, value: facts.level, target: null };
    return { allowed: false, to: null, rule: null, cleanDays, earliest: null, reasons: [none] };
  }
  const reasons = [cleanReason(rule, cleanDays), ...roundReason(rule, facts, dayZero), ...resets(protocol, facts)];
  return {
    allowed: reasons.every((reason) => reason.met),
    to: rule.to,
    rule: rule.rule,
    cleanDays,
    earliest: addDays(dayZero, rule.cleanDays),
    reasons,
  };
}

/** The clean days count from the latest of: the level's first day, the last infection, an extension. */
export function dayZeroOf(facts: Pick<LiftFacts, "levelSince" | "extendedFrom" | "lastInfection">): Day {
  const days = [facts.levelSince, facts.extendedFrom, facts.lastInfection].filter((day) => day !== null);
  return days.toSorted().at(-1) ?? facts.levelSince;
}

/** A zone that came down takes the shorter way of its former level where the protocol has one. */
export function liftRule(protocol: Protocol, zone: Pick<LiftFacts, "level" | "cameFrom">): ZoneLift | undefined {
  const rows = (protocol.zones?.lift ?? []).filter((row) => row.from === zone.level);
  const special = rows.find((row) => row.cameFrom !== undefined && row.cameFrom === zone.cameFrom);
  return special ?? rows.find((row) => row.cameFrom === undefined);
}

function cleanReason(rule: ZoneLift, cleanDays: number): Reason {
  return {
    id: "cleanDays",
    rule: rule.rule,
    met: cleanDays >= rule.cleanDays,
    value: cleanDays,
    target: rule.cleanDays,
  };
}

function roundReason(rule: ZoneLift, facts: LiftFacts, dayZero: Day): Reason[] {
  if (!rule.lastDayRoundNegative) return [];
  const last = addDays(dayZero, rule.cleanDays);
  const round = facts.rounds
    .filter((row) => row.day >= last)
    .toSorted((a, b) => (a.day < b.day ? -1 : 1))
    .find(isAllNegative);
  return [{ id: "lastDayRound", rule: rule.rule, met: round !== undefined, value: round?.day ?? null, target: last }];
}

/** A whole round without a positive; a round in which nobody was due shows nothing. */
export function isAllNegative(round: ZoneRound): boolean {
  return round.due > 0 && round.complete && round.positive === 0;
}

/** What set the clean days back; shown, so that nobody wonders why day 7 came later. */
function resets(protocol: Protocol, facts: LiftFacts): Reason[] {
  const rule = protocol.zones?.extend.rule ?? "";
  const rows: Reason[] = [];
  if (facts.lastInfection !== null && facts.lastInfection > facts.levelSince) {
    rows.push({ id: "newInfection", rule, met: true, value: facts.lastInfection, target: null });
  }
  if (facts.extendedFrom !== null && facts.extendedFrom > facts.levelSince) {
    rows.push({ id: "extended", rule, met: true, value: facts.extendedFrom, target: null });
  }
  return rows;
}

/** The instant from which the level may fall, if nothing new is found; null when nothing lifts it. */
export function nextLift(
  protocol: Protocol,
  zone: Pick<LiftFacts, "level" | "cameFrom" | "levelSince" | "extendedFrom" | "lastInfection">,
  timeZone: string,
): Instant | null {
  const rule = liftRule(protocol, zone);
  return rule === undefined ? null : instantAt(addDays(dayZeroOf(zone), rule.cleanDays), "00:00", timeZone);
}

/** What a county is as a whole: nothing without a zone, else the rest's level. spec: ZONE-L, ZONE-NONE (domain.md §1.6) */
export function countyLevel(
  protocol: Protocol,
  zonesAbove: number,
): { readonly level: ZoneLevel | null; readonly rule: string } | null {
  const rest = protocol.zones?.rest;
  if (rest === undefined) return null;
  return zonesAbove > 0 ? { level: rest.level, rule: rest.rule } : { level: null, rule: rest.noCaseRule };
}

/** The outbreak's day of an instant that may be absent. */
export function dayOrNull(at: Instant | null, timeZone: string): Day | null {
  return at === null ? null : dayOf(at, timeZone);
}
