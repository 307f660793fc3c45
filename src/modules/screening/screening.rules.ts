import type { Protocol, RoundAreaType, RoundStop, TubeGroup, ZoneLevel } from "#domain/outbreaks";
import { tubeRuleFor } from "#domain/outbreaks";
import { addDays, addMinutes, type Day, dayOf, daysBetween, type Instant } from "#kernel/time";
import { refuse, ok, type Result } from "#kernel/result";
import {
  type BadRow,
  clockSkewMinutesMax,
  type Purpose,
  type RoundAdvice,
  type TubeKind,
  type TubeReport,
  type TubeResult,
  type TubeState,
  type TubeUpload,
} from "./screening.model.ts";

/** One finished area round as the stop rule sees it. */
export interface PastRound {
  readonly no: number;
  /** The day it opened. */
  readonly day: Day;
  readonly closedDay: Day;
  /** Infections found in the community and attributed to this round: by it, or after it and before the next. */
  readonly communityPositives: number;
}

export interface RoundFacts {
  readonly stop: RoundStop;
  readonly everyDays: number;
  /** In the order they opened. */
  readonly rounds: readonly PastRound[];
  readonly today: Day;
}

interface Run {
  clean: number;
  finals: number;
  /** The day the last needed clean round closed. */
  pausedFrom: Day | null;
}

/**
 * Whether rounds go on, pause or stop: so many clean rounds in a row, then a pause, then more clean
 * rounds; a community find at any time starts the count again. spec: NAT-STOP (domain.md §1.7)
 */
export function roundDecision(facts: RoundFacts): RoundAdvice {
  const { stop, today } = facts;
  const run = replay(facts);
  const params = {
    clean: run.clean,
    needed: stop.cleanRounds,
    finals: run.finals,
    finalsNeeded: stop.finalCleanRounds,
  };
  const answer = (
    action: RoundAdvice["action"],
    nextDay: Day | null,
    key: string,
    more: Record<string, string | number> = {},
  ): RoundAdvice => ({
    action,
    nextDay,
    cleanRounds: run.clean,
    reasons: [{ rule: stop.rule, key, params: { ...params, ...more } }],
  });
  if (run.pausedFrom === null) {
    const last = facts.rounds.at(-1);
    const next = last === undefined ? today : later(addDays(last.day, facts.everyDays), today);
    const found = last !== undefined && last.communityPositives > 0;
    return answer(
      "open",
      next,
      found ? "screening.stop.found" : "screening.stop.notYet",
      found ? { finds: last.communityPositives } : {},
    );
  }
  if (run.finals >= stop.finalCleanRounds) return answer("stop", null, "screening.stop.reached");
  const opens = addDays(run.pausedFrom, stop.pauseDays);
  if (daysBetween(today, opens) > 0) return answer("pause", opens, "screening.stop.pause", { until: opens });
  return answer("openFinal", later(opens, today), "screening.stop.final");
}

function replay(facts: RoundFacts): Run {
  const { stop } = facts;
  const run: Run = { clean: 0, finals: 0, pausedFrom: null };
  for (const round of facts.rounds) {
    if (round.communityPositives > 0) {
      run.clean = 0;
      run.finals = 0;
      run.pausedFrom = null;
      continue;
    }
    run.clean += 1;
    if (run.pausedFrom === null) {
      if (run.clean >= stop.cleanRounds) run.pausedFrom = round.closedDay;
    } else if (daysBetween(run.pausedFrom, round.day) >= stop.pauseDays) {
      // A round inside the pause is clean but is not the one the rule asks for after it.
      run.finals += 1;
    }
  }
  return run;
}

function later(a: Day, b: Day): Day {
  return a > b ? a : b;
}

/** The stop rule of an area type; refuses types the protocol does not name. spec: NAT-STOP (domain.md §1.7) */
export function stopRuleOf(protocol: Protocol, areaType: string): Result<RoundStop> {
  const found = protocol.rounds?.areaTypes[areaType as RoundAreaType];
  return found
    ? ok(found.stop)
    : refuse("rule.refused", { rule: "NAT-STOP", why: `the protocol has no rounds of area type ${areaType}` });
}

/** Sizes of tubes in a round of a purpose for people living in a zone of a level. spec: NAT-POOL (domain.md §2.2) */
export function roundSizes(
  protocol: Protocol,
  purpose: Purpose,
  zone: ZoneLevel | "none" = "none",
): { readonly pool: number; readonly household: number } {
  if (purpose === "area") {
    const rule = tubeRuleFor(protocol, zone === "none" ? {} : { zone });
    const households = protocol.pooling?.zones.high;
    return { pool: rule?.size ?? 1, household: households?.kind === "household" ? households.size : (rule?.size ?? 1) };
  }
  const size = tubeRuleFor(protocol, { group: purpose satisfies TubeGroup })?.size ?? 1;
  return { pool: size, household: size };
}

/** The sizes a round allows. */
export interface RoundSizes {
  readonly pool: number;
  readonly household: number;
}

/** A tube of an upload whose own fields are good. */
export interface PlannedTube {
  readonly barcode: string;
  readonly kind: TubeKind;
  readonly capacity: number;
  readonly personIds: readonly number[];
  readonly at: Instant;
  readonly recheckOf: number | null;
}

export interface UploadPlan {
  readonly tubes: PlannedTube[];
  readonly bad: BadRow[];
}

/** Checks an upload against itself: sizes, times, tubes and people named twice. spec: SCR-3, SCR-4, SCR-5 */
export function planUpload(tubes: readonly TubeUpload[], sizes: RoundSizes, now: Instant): UploadPlan {
  const latest = addMinutes(now, clockSkewMinutesMax);
  const barcodes = new Set<string>();
  const people = new Set<number>();
  const plan: UploadPlan = { tubes: [], bad: [] };
  for (const tube of tubes) {
    const capacity = capacityOf(tube, sizes);
    const fault = barcodes.has(tube.barcode)
      ? (["barcode", "duplicateTube"] as const)
      : faultOf(tube, capacity, sizes, latest);
    if (fault) {
      plan.bad.push({ barcode: tube.barcode, field: fault[0], code: fault[1] });
      continue;
    }
    barcodes.add(tube.barcode);
    const personIds = tube.personIds.filter((personId) => {
      if (!people.has(personId)) return people.add(personId);
      plan.bad.push({ barcode: tube.barcode, field: "personIds", code: "duplicatePerson", personId });
      return false;
    });
    plan.tubes.push({
      barcode: tube.barcode,
      kind: tube.kind,
      capacity,
      personIds,
      at: tube.at,
      recheckOf: tube.recheckOf ?? null,
    });
  }
  return plan;
}

/** The day of the earliest tube that has a good time, so that the same tubes sent again meet the same standing round. spec: SCR-13 */
export function standingDay(tubes: readonly TubeUpload[], now: Instant, timeZone: string): Day {
  const good = tubes.map(({ at }) => at).filter((at) => instantPattern.test(at) && at <= now);
  return dayOf(good.toSorted()[0] ?? now, timeZone);
}

function capacityOf(tube: TubeUpload, sizes: RoundSizes): number {
  if (tube.kind === "single") return 1;
  return tube.size ?? (tube.kind === "household" ? sizes.household : sizes.pool);
}

const instantPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function faultOf(
  tube: TubeUpload,
  capacity: number,
  sizes: RoundSizes,
  latest: Instant,
): readonly [string, BadRow["code"]] | null {
  if (!instantPattern.test(tube.at)) return ["at", "notATime"];
  if (tube.at > latest) return ["at", "inFuture"];
  if (tube.personIds.length === 0) return ["personIds", "noPeople"];
  const largest = tube.kind === "household" ? sizes.household : sizes.pool;
  return tube.kind !== "single" && capacity > largest ? ["size", "poolTooLarge"] : null;
}

/** A tube with one of the upload's barcodes that the system knows already. */
export interface KnownTube {
  readonly id: number;
  readonly barcode: string;
  readonly roundId: string;
  readonly siteId: string;
  readonly kind: TubeKind;
  readonly capacity: number;
  readonly size: number;
  readonly state: TubeState;
}

/** A person of the upload who is unknown (no tube) or already in a tube of the round. */
export interface PersonFault {
  readonly personId: number;
  readonly tubeId: number | null;
}

export interface Admission {
  /** Tubes to make. */
  readonly fresh: PlannedTube[];
  /** People to add to tubes that stand at the site already. */
  readonly topUps: {
    readonly tubeId: number;
    readonly at: Instant;
    readonly personIds: readonly number[];
    readonly full: boolean;
  }[];
  readonly already: number;
  readonly bad: BadRow[];
}

/** Checks a planned upload against what is stored; what is good is admitted, the rest is told. spec: SCR-4, SCR-5, SCR-6, SCR-7 */
export function admitUpload(
  plan: readonly PlannedTube[],
  where: { readonly roundId: string; readonly siteId: string },
  known: ReadonlyMap<string, KnownTube>,
  faults: readonly PersonFault[],
): Admission {
  const faultByPerson = new Map(faults.map((fault) => [fault.personId, fault]));
  const out = { fresh: [] as PlannedTube[], topUps: [] as Admission["topUps"], already: 0, bad: [] as BadRow[] };
  for (const tube of plan) {
    const old = known.get(tube.barcode);
    const refusal = old && mismatch(tube, old, where);
    if (refusal) {
      out.bad.push({ barcode: tube.barcode, ...refusal });
      continue;
    }
    const fit: number[] = [];
    for (const personId of tube.personIds) {
      const fault = faultByPerson.get(personId);
      const code = memberFault(fault, old, fit.length, tube.capacity);
      if (code === "already") out.already += 1;
      else if (code) out.bad.push({ barcode: tube.barcode, field: "personIds", code, personId });
      else fit.push(personId);
    }
    if (fit.length === 0) continue;
    if (old)
      out.topUps.push({ tubeId: old.id, at: tube.at, personIds: fit, full: old.size + fit.length === old.capacity });
    else out.fresh.push({ ...tube, personIds: fit });
  }
  return out;
}

function mismatch(
  tube: PlannedTube,
  old: KnownTube,
  where: { roundId: string; siteId: string },
): { field: string; code: BadRow["code"] } | null {
  if (old.siteId !== where.siteId || old.roundId !== where.roundId)
    return { field: "barcode", code: "barcodeElsewhere" };
  return old.kind !== tube.kind || old.capacity !== tube.capacity ? { field: "kind", code: "barcodeDiffers" } : null;
}

function memberFault(
  fault: PersonFault | undefined,
  old: KnownTube | undefined,
  fit: number,
  capacity: number,
): BadRow["code"] | "already" | null {
  if (fault) {
    if (fault.tubeId === null) return "unknownPerson";
    return old && fault.tubeId === old.id ? "already" : "duplicatePerson";
  }
  // A tube that has left the site is sealed: whoever is registered late for it must be looked at by a person.
  if (old && old.state !== "open" && old.state !== "closed") return "tubeState";
  return (old?.size ?? 0) + fit >= capacity ? "overCapacity" : null;
}

/** A tube as a laboratory's report finds it. */
export interface ReportedTube {
  readonly state: TubeState;
  readonly result: TubeResult | null;
  readonly unclear: TubeResult | null;
  readonly labId: string | null;
}

export type ResultStep =
  | { readonly step: "final" | "retest" | "resample" | "already" }
  | { readonly step: "bad"; readonly code: BadRow["code"]; readonly field: string };

/**
 * What a report does to its tube: a clear result ends it; an unclear one is run again from the same
 * tube, and when it is unclear again its members are sampled anew. spec: NAT-UNCLEAR (domain.md §2.3), SCR-12
 */
export function resultStep(tube: ReportedTube, report: Pick<TubeReport, "result">, labId: string): ResultStep {
  if (tube.labId !== null && tube.labId !== labId) return { step: "bad", code: "otherLab", field: "barcode" };
  if (tube.state === "resulted" && tube.result === report.result) return { step: "already" };
  if (tube.state === "rejected" && tube.unclear !== null && isUnclear(report.result)) return { step: "already" };
  if (tube.state === "resulted" || tube.state === "rejected" || tube.state === "lost")
    return { step: "bad", code: "tubeState", field: "barcode" };
  if (!isUnclear(report.result)) return { step: "final" };
  return { step: tube.unclear === null ? "retest" : "resample" };
}

export function isUnclear(result: TubeResult): result is "invalid" | "grey" {
  return result === "invalid" || result === "grey";
}

/** May a swab's registration move between the two tubes? spec: SCR-8 */
export function moveRefusal(
  from: { readonly id: number; readonly state: TubeState; readonly unclear: TubeResult | null },
  to: {
    readonly id: number;
    readonly state: TubeState;
    readonly size: number;
    readonly capacity: number;
    readonly unclear: TubeResult | null;
  },
): Result<true> {
  const why = (text: string) => refuse("rule.refused", { rule: "SCR-8", why: text });
  if (from.id === to.id) return why("the person is in that tube already");
  if (stageOf(from.state) === null || stageOf(to.state) === null || from.unclear !== null || to.unclear !== null)
    return why("a tube with a result, or one that was rejected or lost, keeps its members");
  return to.size >= to.capacity ? why("the other tube is full") : ok(true);
}

export type Stage = "at_site" | "in_transit" | "received";

/** The counter a tube without a result stands in; null when it has left the way to a result. */
export function stageOf(state: TubeState): Stage | null {
  if (state === "open" || state === "closed") return "at_site";
  return state === "in_transit" || state === "received" ? state : null;
}
