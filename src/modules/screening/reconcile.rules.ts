import type { AreaRange } from "#kernel/area";
import { need } from "#kernel/assert";
import type { Protocol } from "#domain/outbreaks";
import { addDays, dayOf, instantAt, type Instant } from "#kernel/time";
import {
  type CauseShare,
  type CoverageCounter,
  coverageCounters,
  type DifferenceCause,
  type StoredCounter,
} from "./reconcile.model.ts";

/** What a difference between counters and rows is, and what explains it. spec: SCR-19, SCR-20 */

export type Counts = Readonly<Record<StoredCounter, number>>;

/** One village of a round as its rows count it and as its counters say; no counters are kept where `kept` is null. */
export interface VillageCounts {
  readonly areaCode: string;
  readonly counted: Counts;
  readonly kept: Counts | null;
}

export const noCounts: Counts = {
  due: 0,
  excused: 0,
  atSite: 0,
  inTransit: 0,
  received: 0,
  resulted: 0,
  positive: 0,
  lost: 0,
};

const stages = ["atSite", "inTransit", "received", "resulted"] as const;
type CountedStage = (typeof stages)[number];

/** What the rows of one village tell beside their number. */
export interface VillageEvidence {
  /** Registered since the round opened without having been counted when they were. */
  readonly registered: number;
  /** Who came to live here, less who left: in a tube or excused in another village than the one they live in. */
  readonly moved: number;
  /** In a tube or excused, and in the register no more. */
  readonly gone: number;
  /** Excused and in a tube at once. */
  readonly absentSampled: number;
  /** In a tube that is recorded as rejected or lost. */
  readonly ended: number;
  /** In a tube of another round, or in none that exists. */
  readonly astray: number;
  /** By the stage of the tube: how many fewer, or more, are in tubes of the village than the tubes say. */
  readonly short: ByStage;
  readonly over: ByStage;
  /** In a tube that is positive and was never told to be, or was told and is not positive any more. */
  readonly untold: number;
  readonly told: number;
}

export const noEvidence: VillageEvidence = {
  registered: 0,
  moved: 0,
  gone: 0,
  absentSampled: 0,
  ended: 0,
  astray: 0,
  short: {},
  over: {},
  untold: 0,
  told: 0,
};

/** What the rows tell of the round as a whole, where no village can be named. */
export interface RoundEvidence {
  /** How many fewer the tubes of the round hold than they say, whosever village they were of. */
  readonly missing: number;
  /** Members of lost tubes without a trace of it, and traces beyond the members of their tube. */
  readonly tracesGone: number;
  readonly tracesAdded: number;
}

export interface Evidence {
  readonly byVillage: ReadonlyMap<string, VillageEvidence>;
  readonly round: RoundEvidence;
}

/** A share of a difference that was set right before: the rows that explained it are still there, and explain no other. */
export interface Accounted {
  readonly areaCode: string;
  readonly cause: DifferenceCause;
  readonly people: number;
}

/** The evidence without what earlier corrections have used of it. */
export function withoutAccounted(evidence: Evidence, accounted: readonly Accounted[]): Evidence {
  const byVillage = new Map(evidence.byVillage);
  const round = { ...evidence.round };
  const less = (have: number, used: number): number => Math.max(0, have - Math.abs(used));
  for (const { areaCode, cause, people } of accounted) {
    const own = byVillage.get(areaCode) ?? noEvidence;
    const keep = (more: Partial<VillageEvidence>): void => void byVillage.set(areaCode, { ...own, ...more });
    if (cause === "registeredLater") keep({ registered: less(own.registered, people) });
    else if (cause === "moved") keep({ moved: own.moved - people });
    else if (cause === "personGone") keep({ gone: less(own.gone, people) });
    else if (cause === "absenceOfSampled") keep({ absentSampled: less(own.absentSampled, people) });
    else if (cause === "tubeEnded") keep({ ended: less(own.ended, people) });
    else if (cause === "sampleAdded") keep({ over: lessByStage(own.over, people) });
    else if (cause === "tubeResult") keep({ untold: less(own.untold, people), told: less(own.told, people) });
    else if (cause === "traceGone") round.tracesGone = less(round.tracesGone, people);
    else if (cause === "traceAdded") round.tracesAdded = less(round.tracesAdded, people);
    else if (cause === "sampleGone" || cause === "sampleAstray") {
      const astray = cause === "sampleAstray" ? less(own.astray, people) : own.astray;
      keep({ astray, short: lessByStage(own.short, people) });
      round.missing = less(round.missing, people);
    }
  }
  return { byVillage, round };
}

type ByStage = Readonly<Partial<Record<CountedStage, number>>>;

/** Takes people off the stages in turn: their tubes may have gone on since. */
function lessByStage(have: ByStage, people: number): ByStage {
  let rest = Math.abs(people);
  const left: Partial<Record<CountedStage, number>> = {};
  for (const stage of stages) {
    const part = Math.min(rest, have[stage] ?? 0);
    left[stage] = (have[stage] ?? 0) - part;
    rest -= part;
  }
  return left;
}

/** A counter that differs, with what explains it; the shares add up to counted − kept. */
export interface Difference {
  readonly areaCode: string;
  readonly counter: CoverageCounter;
  readonly counted: number;
  readonly kept: number;
  readonly causes: readonly CauseShare[];
}

/** The two counters that follow from the others, as the table makes them. */
export function allCounts(counts: Counts): Readonly<Record<CoverageCounter, number>> {
  const sampled = stages.reduce((sum, stage) => sum + counts[stage], 0);
  return { ...counts, sampled, collected: sampled + counts.lost };
}

/** The villages in which any counter differs. */
export function differingVillages(villages: readonly VillageCounts[]): VillageCounts[] {
  return villages.filter(({ counted, kept }) =>
    (Object.keys(noCounts) as StoredCounter[]).some((counter) => counted[counter] !== (kept ?? noCounts)[counter]),
  );
}

/** Takes shares of a difference until nothing of it is left. */
class Shares {
  readonly #shares = new Map<DifferenceCause, number>();
  left: number;

  constructor(difference: number) {
    this.left = difference;
  }

  /** Explains up to so many people in the direction of what is left; gives how many it took. */
  take(cause: DifferenceCause, people: number): number {
    const part = Math.min(Math.abs(this.left), Math.max(0, people));
    if (part === 0) return 0;
    const signed = this.left > 0 ? part : -part;
    this.#shares.set(cause, (this.#shares.get(cause) ?? 0) + signed);
    this.left -= signed;
    return part;
  }

  close(): readonly CauseShare[] {
    this.take("unexplained", Math.abs(this.left));
    return [...this.#shares].map(([cause, people]) => ({ cause, people }));
  }
}

/** What is still to be explained in one village. */
interface Case {
  readonly village: VillageCounts;
  readonly evidence: VillageEvidence;
  readonly shares: Readonly<Record<StoredCounter, Shares>>;
}

/** Every counter that differs with its causes, in the order of villages. spec: SCR-20 */
export function explain(villages: readonly VillageCounts[], evidence: Evidence): Difference[] {
  const cases = differingVillages(villages)
    .toSorted((a, b) => (a.areaCode < b.areaCode ? -1 : 1))
    .map((village) => caseOf(village, evidence.byVillage.get(village.areaCode) ?? noEvidence));
  const round = { ...evidence.round };
  for (const one of cases) {
    if (one.village.kept === null) explainMissingRow(one);
    explainDue(one);
    explainExcused(one);
    round.missing -= explainStages(one, round.missing);
    explainPositive(one);
    const lost = one.shares.lost;
    if (lost.left < 0) round.tracesGone -= lost.take("traceGone", round.tracesGone);
    else round.tracesAdded -= lost.take("traceAdded", round.tracesAdded);
  }
  balance(cases.map((one) => one.shares.due));
  return cases.flatMap(differencesOf);
}

function caseOf(village: VillageCounts, evidence: VillageEvidence): Case {
  const kept = village.kept ?? noCounts;
  const of = (counter: StoredCounter): Shares => new Shares(village.counted[counter] - kept[counter]);
  const shares = {
    due: of("due"),
    excused: of("excused"),
    atSite: of("atSite"),
    inTransit: of("inTransit"),
    received: of("received"),
    resulted: of("resulted"),
    positive: of("positive"),
    lost: of("lost"),
  };
  return { village, evidence, shares };
}

/** A village without a row of counters has lost it, unless all it holds is people who came later. */
function explainMissingRow({ village, evidence, shares }: Case): void {
  const { counted } = village;
  const later = evidence.registered + Math.max(0, evidence.moved);
  const onlyLater = Object.entries(counted).every(([counter, n]) => n === 0 || (counter === "due" && n <= later));
  if (onlyLater) return;
  for (const one of Object.values(shares)) one.take("rowMissing", Math.abs(one.left));
}

function explainDue({ evidence, shares: { due } }: Case): void {
  if (due.left > 0) {
    due.take("registeredLater", evidence.registered);
    due.take("moved", evidence.moved);
  } else {
    due.take("moved", -evidence.moved);
    due.take("personGone", evidence.gone);
  }
}

/** Villages that differ as much one way as others do the other way have exchanged people. */
function balance(dues: readonly Shares[]): void {
  const sum = (sign: number): number => dues.reduce((n, due) => n + Math.max(0, sign * due.left), 0);
  const exchanged = Math.min(sum(1), sum(-1));
  for (const sign of [1, -1]) {
    let rest = exchanged;
    for (const due of dues) if (sign * due.left > 0) rest -= due.take("movedLikely", rest);
  }
}

function explainExcused({ evidence, shares: { excused } }: Case): void {
  if (excused.left <= 0) return;
  excused.take("absenceOfSampled", evidence.absentSampled);
  // Rows without a counter: whoever wrote them did not use the use case, which does both.
  excused.take("absenceUncounted", excused.left);
}

/**
 * The stages together say whether swabs came or went; what then remains between them is a tube whose state was changed
 * without its members' counters. Returns how many missing swabs it took.
 */
function explainStages({ evidence, shares }: Case, missing: number): number {
  const total = stages.reduce((sum, stage) => sum + shares[stage].left, 0);
  let rest = Math.abs(total);
  const take = (stage: CountedStage, cause: DifferenceCause, people: number): number => {
    if (Math.sign(shares[stage].left) !== Math.sign(total)) return 0;
    const part = shares[stage].take(cause, Math.min(rest, people));
    rest -= part;
    return part;
  };
  const spread = (cause: DifferenceCause, people: number): number =>
    stages.reduce((taken, stage) => taken + take(stage, cause, people - taken), 0);
  let gone = 0;
  if (total < 0) {
    spread("tubeEnded", evidence.ended);
    // A swab that went astray is missing from its tube as well.
    gone += spread("sampleAstray", evidence.astray);
    for (const stage of stages) gone += take(stage, "sampleGone", Math.min(missing - gone, evidence.short[stage] ?? 0));
    // The others of the tube need not be of the village of the one whose swab is missing.
    gone += spread("sampleGone", missing - gone);
  } else for (const stage of stages) take(stage, "sampleAdded", evidence.over[stage] ?? 0);
  spread("unexplained", rest);
  // What is left of the stages adds up to nothing.
  for (const stage of stages) shares[stage].take("tubeState", Math.abs(shares[stage].left));
  return gone;
}

function explainPositive({ evidence, shares }: Case): void {
  const { positive, resulted } = shares;
  positive.take("tubeResult", positive.left > 0 ? evidence.untold : evidence.told);
  if (positive.left === 0) return;
  // Members of a positive tube are among those of its stage: what moved these moved those.
  for (const { cause, people } of resulted.close())
    if (cause !== "unexplained" && Math.sign(people) === Math.sign(positive.left))
      positive.take(cause, Math.abs(people));
}

function differencesOf({ village, shares }: Case): Difference[] {
  const counted = allCounts(village.counted);
  const kept = allCounts(village.kept ?? noCounts);
  const causes = new Map<CoverageCounter, readonly CauseShare[]>(
    (Object.keys(noCounts) as StoredCounter[]).map((counter) => [counter, shares[counter].close()]),
  );
  const sampled = added(stages.map((stage) => need(causes.get(stage), "every stage was explained")));
  causes.set("sampled", sampled);
  causes.set("collected", added([sampled, causes.get("lost") ?? []]));
  return coverageCounters
    .filter((counter) => counted[counter] !== kept[counter])
    .map((counter) => ({
      areaCode: village.areaCode,
      counter,
      counted: counted[counter],
      kept: kept[counter],
      causes: causes.get(counter) ?? [],
    }));
}

/** Shares of several counters as one; what only went from one to the other is gone from the sum. */
function added(lists: readonly (readonly CauseShare[])[]): readonly CauseShare[] {
  const sums = new Map<DifferenceCause, number>();
  for (const { cause, people } of lists.flat()) sums.set(cause, (sums.get(cause) ?? 0) + people);
  return [...sums].flatMap(([cause, people]) => (people === 0 ? [] : [{ cause, people }]));
}

/** People by cause over a round: for the alert, each person once, so without the counters that follow from others. */
export function peopleByCause(differences: readonly Difference[]): Partial<Record<DifferenceCause, number>> {
  const sums: Partial<Record<DifferenceCause, number>> = {};
  for (const { counter, causes } of differences) {
    if (counter === "collected" || counter === "sampled") continue;
    for (const { cause, people } of causes) sums[cause] = (sums[cause] ?? 0) + Math.abs(people);
  }
  return sums;
}

/** The night's recount begins at this time of the outbreak's day where the protocol names none. */
export const reconcileAtDefault = "03:00";

/** The latest moment at which a night's recount began, by the protocol's hour. */
export function lastNight(
  now: Instant,
  timeZone: string,
  protocol: { readonly rounds: Pick<NonNullable<Protocol["rounds"]>, "reconcileAt"> | null },
): Instant {
  const at = protocol.rounds?.reconcileAt ?? reconcileAtDefault;
  const today = dayOf(now, timeZone);
  const begun = instantAt(today, at, timeZone);
  return begun <= now ? begun : instantAt(addDays(today, -1), at, timeZone);
}

/** Where the tubes of a round stand among all tubes. */
export interface TubeSpan {
  readonly tubes: number;
  readonly first: number;
  readonly last: number;
}

const ownShareMin = 0.25;
const slicesMax = 8;
const tubesPerSliceMin = 5_000;

/**
 * A round whose tubes were made one after another is counted in the order of the index, in slices for several
 * processes; one whose tubes stand scattered among others' is looked up tube by tube.
 */
export function tubeSlices({ tubes, first, last }: TubeSpan): readonly number[] | null {
  const span = last - first + 1;
  if (tubes < ownShareMin * span) return null;
  const slices = Math.max(1, Math.min(slicesMax, Math.floor(tubes / tubesPerSliceMin)));
  return Array.from({ length: slicesMax + 1 }, (_, i) => first + Math.ceil((span * Math.min(i, slices)) / slices));
}

/** Bounds of ranges of area codes with about as many villages in each; the villages are the range's own, in order. */
export function areaSlices(range: AreaRange, villages: readonly string[]): readonly string[] {
  const bounds = Array.from(
    { length: slicesMax - 1 },
    (_, i) => villages[Math.floor((villages.length * (i + 1)) / slicesMax)] ?? range.hi,
  );
  return [range.lo, ...bounds, range.hi];
}
