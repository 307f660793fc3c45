import { addMinutes, type Instant } from "#kernel/time";
import type { CaseDefinition, ContactCriterion, Criterion, Plan, Protocol, TubeRule } from "./protocol.model.ts";
import type {
  ClockId,
  Measure,
  Phase,
  PlanClass,
  Provenance,
  Setting,
  TubeGroup,
  ZoneLevel,
} from "./vocabulary.model.ts";

/** Questions other modules ask a protocol. */

/** The deadline of a clock started at `start`; undefined when the protocol has no such clock. */
export function dueAt(protocol: Protocol, clock: ClockId, start: Instant): Instant | undefined {
  const rule = protocol.clocks[clock];
  return rule === undefined ? undefined : addMinutes(start, rule.minutes);
}

/** The plan of a class of people; undefined when the protocol does not manage them. */
export function planOf(protocol: Protocol, planClass: PlanClass): Plan | undefined {
  return protocol.plans[planClass];
}

/** A meeting to be judged; a protected one (full protective equipment) never makes a contact. */
export interface Meeting {
  readonly setting: Setting;
  readonly overlapMinutes: number;
  /** From the case's leaving to the person's arrival; 0 when they met. */
  readonly gapMinutes: number;
  readonly protected?: boolean;
}

/** The first criterion that fits the meeting with a case; undefined = no contact. spec: CC (domain.md §1.3) */
export function criterionFor(protocol: Protocol, meeting: Meeting): ContactCriterion | undefined {
  return firstFit(protocol.contacts.criteria, meeting);
}

/** The first criterion that fits a meeting with a close contact. spec: SC (domain.md §1.3) */
export function secondaryCriterionFor(protocol: Protocol, meeting: Meeting): ContactCriterion | undefined {
  return firstFit(protocol.contacts.secondary?.criteria ?? [], meeting);
}

function firstFit(criteria: readonly ContactCriterion[], meeting: Meeting): ContactCriterion | undefined {
  if (meeting.protected) return undefined;
  return criteria.find(
    (criterion) =>
      criterion.settings.includes(meeting.setting) &&
      meeting.overlapMinutes >= criterion.minOverlapMinutes &&
      meeting.gapMinutes <= criterion.maxGapMinutes,
  );
}

/** The tube a person's sample goes into: the group decides, else the zone they live in. */
export function tubeRuleFor(
  protocol: Protocol,
  person: { readonly group?: TubeGroup; readonly zone?: ZoneLevel },
): TubeRule | undefined {
  const pooling = protocol.pooling;
  if (pooling === null) return undefined;
  const byGroup = person.group === undefined ? undefined : pooling.groups[person.group];
  return byGroup ?? pooling.zones[person.zone ?? "none"] ?? pooling.zones.none;
}

/** Cycles that a pool of `size` people adds to the Ct of a lone positive among them. */
export function ctShift(protocol: Protocol, size: number): number {
  const rows = (protocol.ct?.shift ?? []).filter((row) => row.size <= size);
  return rows.reduce((most, row) => Math.max(most, row.cycles), 0);
}

/** What a Ct means; null is "no curve". The lower of the two genes decides. */
export function readCt(protocol: Protocol, ctN: number | null, ctOrf: number | null): "negative" | "positive" | "grey" {
  const ct = protocol.ct;
  const lowest = Math.min(ctN ?? Infinity, ctOrf ?? Infinity);
  if (ct === null) return lowest === Infinity ? "negative" : "positive";
  if (lowest <= ct.positiveMax) return "positive";
  return lowest <= ct.greyMax ? "grey" : "negative";
}

/** Does a find there count as found in the community? spec: SOC-CASE (domain.md §1.8) */
export function isCommunity(protocol: Protocol, provenance: Provenance): boolean {
  return !protocol.communityZero.controlledProvenances.includes(provenance);
}

export type Diagnosis = CaseDefinition["state"];

/** The strictest class the facts meet, in the protocol's order; undefined = none. spec: CASE-SUSP, CASE-CONF, CASE-ASX */
export function diagnose(
  protocol: Protocol,
  facts: Readonly<Record<string, boolean>>,
): { readonly state: Diagnosis; readonly rule: string } | undefined {
  const { definitions } = protocol.cases;
  const met = definitions.find((row) => meets(protocol, row, facts));
  return met && { state: met.state, rule: met.rule };
}

function meets(protocol: Protocol, definition: CaseDefinition, facts: Readonly<Record<string, boolean>>): boolean {
  return definition.anyOf.some((alternative) => {
    const required = Object.entries(alternative.facts).every(([fact, value]) => (facts[fact] ?? false) === value);
    const enough = (alternative.atLeast ?? []).every((need) => {
      const inGroup = protocol.cases.facts.filter((fact) => fact.group === need.group);
      return inGroup.filter((fact) => facts[fact.id]).length >= need.count;
    });
    const before = protocol.cases.definitions.filter(
      (row) => row.state === alternative.state && row.state !== definition.state,
    );
    const prior = alternative.state === undefined || before.some((row) => meets(protocol, row, facts));
    return required && enough && prior;
  });
}

/** The name under which a case is published: its class and its running number in the class. */
export function caseNumber(protocol: Protocol, state: Diagnosis, n: number, lang: "zh-CN" | "en"): string {
  const definition = protocol.cases.definitions.find((row) => row.state === state);
  return (definition?.number[lang] ?? "{n}").replace("{n}", String(n));
}

export type Measured = Readonly<Record<Measure, number>>;

/** Does one entry condition hold? */
export function criterionHolds(criterion: Criterion, measured: Measured): boolean {
  const value = measured[criterion.measure];
  return criterion.op === "atLeast" ? value >= criterion.value : value <= criterion.value;
}

/** The phase after `current` when all its entry conditions hold, else undefined; phases are never skipped. */
export function nextPhase(protocol: Protocol, current: Phase, measured: Measured): Phase | undefined {
  const index = protocol.phases.findIndex((row) => row.phase === current);
  const next = protocol.phases[index + 1];
  if (next === undefined) return undefined;
  return next.entry.every((criterion) => criterionHolds(criterion, measured)) ? next.phase : undefined;
}
