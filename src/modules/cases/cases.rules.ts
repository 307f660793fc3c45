import { caseNumber, diagnose, isCommunity, type CaseState, type Protocol, type Provenance } from "#domain/outbreaks";
import { ok, refuse, type Result } from "#kernel/result";
import type { ControlStatus, Outcome } from "./cases.model.ts";

/** Decisions about tubes, people and case classes; every number they use stands in the protocol. */

/** What a positive tube causes: its one member is a preliminary positive, several are held first. */
export function onPositive(size: number): "hold" | "preliminary" {
  // spec: CASE-1, CASE-2 (domain.md §2.3)
  return size === 1 ? "preliminary" : "hold";
}

/** What is known of one held member. */
export interface HoldFacts {
  readonly negatives: number;
  readonly outcome: "negative" | "positive" | "knownCase" | null;
}

/** What a single tube's result means for the member it was taken from. */
export function recheckVerdict(
  negativesBefore: number,
  negativesNeeded: number,
  result: "negative" | "positive" | "invalid" | "grey",
): "positive" | "cleared" | "again" {
  // spec: CASE-3 (domain.md §2.3 step 5)
  if (result === "positive") return "positive";
  if (result === "negative" && negativesBefore + 1 >= negativesNeeded) return "cleared";
  // An unclear single tube says nothing, and two tubes may be needed: the person is sampled again.
  return "again";
}

/** Is the tube's re-check over, and with which end? Nobody is let go while one member still waits. */
export function tubeVerdict(holds: readonly HoldFacts[]): "open" | "cleared" | "confirmed" {
  // spec: CASE-4 (I3)
  if (holds.some((hold) => hold.outcome === null)) return "open";
  // A known case in the tube explains its result as a newly proved one does.
  return holds.some((hold) => hold.outcome !== "negative") ? "confirmed" : "cleared";
}

/** Where a person was when the sample that found them was taken. */
export interface FoundFacts {
  readonly purpose: "area" | "quarantine" | "recheck" | "sentinel" | "keyGroup";
  readonly control: ControlStatus;
  /** The level of the village the person lives in. */
  readonly zone: ControlStatus;
}

const byControl: Readonly<Partial<Record<ControlStatus, Provenance>>> = {
  central: "centralQuarantine",
  hospital: "centralQuarantine",
  home: "homeQuarantine",
  homeMonitor: "homeMonitor",
  closedLoop: "closedLoop",
  highZone: "highZone",
  mediumZone: "mediumZone",
};

const byPurpose: Readonly<Record<FoundFacts["purpose"], Provenance>> = {
  // Sampled as a person in quarantine but not yet moved: they wait at home.
  quarantine: "homeQuarantine",
  keyGroup: "keyGroup",
  sentinel: "clinic",
  area: "community",
  recheck: "community",
};

/** Where the infection was found: the person's own control first, then the zone, then why they were sampled. */
export function provenanceOf(found: FoundFacts): Provenance {
  // spec: CASE-5 (domain.md §1.1)
  return byControl[found.control] ?? byControl[found.zone] ?? byPurpose[found.purpose];
}

/** Does the find count as a community find under this protocol? */
export function inCommunity(protocol: Protocol, provenance: Provenance): boolean {
  // spec: CASE-6 (SOC-CASE, domain.md §1.8)
  return isCommunity(protocol, provenance);
}

export type Classified = { readonly state: "suspect" | "confirmed" | "asymptomatic"; readonly rule: string };

/** The class the facts give a preliminary positive or a suspect, or why none fits. */
export function classify(
  protocol: Protocol,
  from: CaseState,
  facts: Readonly<Record<string, boolean>>,
): Result<Classified> {
  // spec: CASE-8 (CASE-SUSP, CASE-CONF, CASE-ASX, domain.md §1.1)
  if (from !== "preliminary" && from !== "suspect") return refuse("state.notAllowed", { state: from });
  const unknown = unknownFact(protocol, facts);
  if (unknown !== undefined) return refuse("rule.refused", { rule: "CASE-8", why: `unknown fact ${unknown}` });
  const found = diagnose(protocol, facts);
  if (!found)
    return refuse("rule.refused", { rule: "CASE-8", why: "the facts meet no case definition / 不符合任何病例定义" });
  if (found.state === from) return refuse("rule.refused", { rule: "CASE-8", why: `already ${from}` });
  return ok(found);
}

/** May a diagnosed case change to this class under the protocol, and do the facts bear it out? */
export function reclassifyTo(
  protocol: Protocol,
  from: CaseState,
  to: Classified["state"],
  facts: Readonly<Record<string, boolean>>,
): Result<string> {
  // spec: CASE-11 (domain.md §1.1, ASX → CONF)
  const step = protocol.cases.reclassify.find((row) => row.from === from && row.to === to);
  if (!step || from === "preliminary") return refuse("state.notAllowed", { state: from });
  const unknown = unknownFact(protocol, facts);
  if (unknown !== undefined) return refuse("rule.refused", { rule: "CASE-11", why: `unknown fact ${unknown}` });
  const found = diagnose(protocol, facts);
  if (found?.state !== to)
    return refuse("rule.refused", { rule: "CASE-11", why: `the facts give ${found?.state ?? "no class"}, not ${to}` });
  return ok(step.rule);
}

/** May a case be taken off the list; it needs a step of the protocol and, always, a reason. */
export function excludeFrom(protocol: Protocol, from: CaseState): Result<string> {
  // spec: CASE-12
  const step = protocol.cases.reclassify.find((row) => row.from === from && row.to === "excluded");
  return step ? ok(step.rule) : refuse("state.notAllowed", { state: from });
}

function unknownFact(protocol: Protocol, facts: Readonly<Record<string, boolean>>): string | undefined {
  const known = new Set(protocol.cases.facts.map((fact) => fact.id));
  return Object.keys(facts).find((fact) => !known.has(fact));
}

/** Is the severity one of the protocol's clinical types? */
export function severityOf(protocol: Protocol, severity: string | undefined): Result<string | null> {
  if (severity === undefined) return ok(null);
  return protocol.cases.severities.some((row) => row.id === severity)
    ? ok(severity)
    : refuse("rule.refused", { rule: "CASE-8", why: `unknown severity ${severity}` });
}

/** The published name of the n-th case of a class, in both languages. */
export function caseTitle(protocol: Protocol, state: Classified["state"], n: number): { zh: string; en: string } {
  // spec: CASE-9
  return { zh: caseNumber(protocol, state, n, "zh-CN"), en: caseNumber(protocol, state, n, "en") };
}

/** May the outcome be recorded on a case of this state with this outcome so far? */
export function outcomeAfter(state: CaseState, before: Outcome | null, outcome: Outcome): Result<Outcome> {
  // spec: CASE-13
  if (state !== "confirmed" && state !== "asymptomatic") return refuse("state.notAllowed", { state });
  if (before === "died") return refuse("state.notAllowed", { state: "died" });
  if (before === outcome) return refuse("rule.refused", { rule: "CASE-13", why: `already ${outcome}` });
  return ok(outcome);
}

/** A case as the choice of an infector sees it. */
export interface LinkCase {
  readonly id: string;
  /** Onset, or the diagnosis when there was none. */
  readonly reference: string;
}

/** Whether making `infector` the infector of `infectee` would close a circle. */
export function closesCircle(infectee: string, infector: string, infectorOf: (id: string) => string | null): boolean {
  // spec: CASE-14
  const seen = new Set<string>();
  for (let at: string | null = infector; at !== null && !seen.has(at); at = infectorOf(at)) {
    if (at === infectee) return true;
    seen.add(at);
  }
  return false;
}
