import {
  criterionFor,
  dueAt,
  secondaryCriterionFor,
  type ContactClass,
  type ContactCriterion,
  type Protocol,
  type Setting,
} from "#domain/outbreaks";
import { need } from "#kernel/assert";
import { ok, refuse, type Result } from "#kernel/result";
import { addDays, addHours, dayOf, instantAt, type Instant } from "#kernel/time";
import type { Candidate, ContactState, Judged } from "./tracing.model.ts";

/** Who is a contact, of which class, until when; every number stands in the protocol. */

/** What the look-back of a case depends on. */
export interface CaseMoments {
  readonly state: string;
  readonly onsetAt: Instant | null;
  readonly sampledAt: Instant | null;
  readonly positiveAt: Instant;
  /** When the case was isolated. */
  readonly controlAt: Instant | null;
}

export interface ExposureWindow {
  readonly anchorAt: Instant;
  readonly from: Instant;
  /** Exposures before this moment count. */
  readonly to: Instant;
}

/** The stretch of time in which meetings with a case count: whole days back from onset or sampling, until isolation. */
export function exposureWindow(
  protocol: Protocol,
  record: CaseMoments,
  timeZone: string,
  now: Instant,
): ExposureWindow {
  // spec: TRACE-1 (CC, domain.md §1.3)
  const { lookbackDays, anchor, forwardDays } = protocol.contacts;
  const symptomatic = record.state !== "asymptomatic" && record.onsetAt !== null;
  const sampled = record.sampledAt ?? record.positiveAt;
  const anchorAt = symptomatic && anchor.symptomatic === "onset" ? (record.onsetAt ?? sampled) : sampled;
  const from = instantAt(addDays(dayOf(anchorAt, timeZone), -lookbackDays), "00:00", timeZone);
  const ends = [now, ...(record.controlAt === null ? [] : [record.controlAt])];
  if (forwardDays !== null)
    ends.push(instantAt(addDays(dayOf(anchorAt, timeZone), forwardDays + 1), "00:00", timeZone));
  const to = need(ends.toSorted()[0], "there is always the present");
  return { anchorAt, from, to: to < from ? from : to };
}

const unjudged = { class: null, criterionId: null, ruleId: null, order: Number.MAX_SAFE_INTEGER } as const;

/** What the protocol makes of a meeting; the first criterion that fits counts. */
export function judge<C extends Candidate>(protocol: Protocol, candidate: C): C & Judged {
  // spec: TRACE-2 (CC, GC), TRACE-6 (SC)
  const secondary = candidate.viaPersonId !== undefined;
  const criterion = secondary ? secondaryCriterionFor(protocol, candidate) : criterionFor(protocol, candidate);
  if (!criterion) return { ...candidate, ...unjudged };
  const list: readonly ContactCriterion[] = secondary
    ? (protocol.contacts.secondary?.criteria ?? [])
    : protocol.contacts.criteria;
  return {
    ...candidate,
    class: criterion.class,
    criterionId: criterion.id,
    ruleId: criterion.rule,
    order: list.indexOf(criterion),
  };
}

const strength: Readonly<Record<ContactClass, number>> = { close: 3, secondary: 2, general: 1 };

/** Is class `a` managed more strictly than `b`? */
export function isStronger(a: ContactClass, b: ContactClass): boolean {
  return strength[a] > strength[b];
}

/** Orders meetings: the stricter class, then the nearer criterion, the longer, the closer in time, the later. */
export function compareJudged(a: Judged, b: Judged): number {
  // spec: TRACE-3
  const rank = (row: Judged): number => (row.class === null ? 0 : strength[row.class]);
  return (
    rank(b) - rank(a) ||
    a.order - b.order ||
    b.overlapMinutes - a.overlapMinutes ||
    a.gapMinutes - b.gapMinutes ||
    (a.lastAt > b.lastAt ? -1 : a.lastAt < b.lastAt ? 1 : a.personId - b.personId)
  );
}

/** The strongest meeting of each person that makes them a contact, with the last moment a meeting of that class took place. */
export function strongestOf<J extends Judged>(judged: readonly J[]): Map<number, J> {
  const best = new Map<number, J>();
  for (const row of judged) {
    if (row.class === null) continue;
    const before = best.get(row.personId);
    best.set(row.personId, before === undefined || compareJudged(row, before) < 0 ? row : before);
  }
  for (const row of judged) {
    const top = best.get(row.personId);
    if (top && row.class === top.class && row.lastAt > top.lastAt)
      best.set(row.personId, { ...top, lastAt: row.lastAt });
  }
  return best;
}

const higherRiskSettings: ReadonlySet<Setting> = new Set([
  "household",
  "care",
  "aerosol",
  "meal",
  "entertainment",
  "gathering",
  "work",
  "school",
]);

/** Is this close contact at the higher risk that makes their own near contacts secondary ones? */
export function isHigherRisk(row: Pick<Judged, "class" | "setting">): boolean {
  // spec: TRACE-6 (SC, domain.md §1.3): long or repeated contact, not a passing one.
  return row.class === "close" && higherRiskSettings.has(row.setting);
}

/** When a contact must be in the designated place; null where the class is not placed. */
export function placeDue(protocol: Protocol, kind: ContactClass, identifiedAt: Instant): Instant | null {
  // spec: TRACE-5 (TRF-CC, TRF-SC, domain.md §1.2)
  if (kind === "general") return null;
  return dueAt(protocol, kind === "close" ? "placeClose" : "placeSecondary", identifiedAt) ?? null;
}

/** What finding a person means for the contact record that is open for them. */
export function mergeFound(
  open: { readonly kind: ContactClass; readonly lastExposureAt: Instant },
  found: { readonly class: ContactClass; readonly lastAt: Instant },
): "stronger" | "later" | "nothing" {
  // spec: TRACE-9
  if (isStronger(found.class, open.kind)) return "stronger";
  return found.class === open.kind && found.lastAt > open.lastExposureAt ? "later" : "nothing";
}

/** A positive within a contact's first tests makes those linked to it close contacts. */
export function escalates(
  protocol: Protocol,
  negativeTestsBefore: number,
): { readonly rule: string; readonly to: ContactClass } | null {
  // spec: TRACE-7 (SC→CC, domain.md §1.4)
  const escalate = protocol.contacts.secondary?.escalate;
  if (!escalate || negativeTestsBefore >= escalate.linkedPositiveInFirstTests) return null;
  return { rule: escalate.rule, to: escalate.to };
}

const openStates: readonly ContactState[] = ["identified", "ordered", "placed"];

/** May a contact in this state be excluded or handed over? */
export function mayChange(state: ContactState): Result<true> {
  // spec: TRACE-10, TRACE-11
  return openStates.includes(state) ? ok(true) : refuse("state.notAllowed", { state });
}

/** Hours a county has to answer when the protocol names no clock for verification. */
const answerHoursDefault = 2;

/** When the other county must have answered: soon, and never after the contact's own deadline. */
export function answerDue(protocol: Protocol, offeredAt: Instant, contactDue: Instant | null): Instant {
  // spec: TRACE-11 (RPT-CDC)
  const due = dueAt(protocol, "verifyReport", offeredAt) ?? addHours(offeredAt, answerHoursDefault);
  return contactDue !== null && contactDue > offeredAt && contactDue < due ? contactDue : due;
}

/** Members of one workplace or class up to this many are one team; a larger roster is only the same place. */
export const teamSizeMax = 60;
/** Minutes a working or school day brings team-mates together (assumed; the roster does not say). */
export const teamMinutes = 240;

/** The meeting a roster stands for: team-mates spend the day together, others only share the place. */
export function rosterOverlap(members: number): number {
  // spec: TRACE-4
  return members <= teamSizeMax ? teamMinutes : 0;
}

const settingByKind: Readonly<Record<string, Setting>> = {
  restaurant: "meal",
  canteen: "meal",
  teahouse: "meal",
  banquet: "gathering",
  wedding: "gathering",
  church: "gathering",
  temple: "gathering",
  ktv: "entertainment",
  bar: "entertainment",
  cinema: "entertainment",
  gym: "entertainment",
  cardRoom: "entertainment",
  bathhouse: "entertainment",
  shop: "shop",
  pharmacy: "shop",
  barber: "shop",
  supermarket: "publicPlace",
  market: "publicPlace",
  mall: "publicPlace",
  square: "publicPlace",
  clinic: "clinic",
  hospital: "clinic",
  school: "school",
  kindergarten: "school",
  trainingClass: "school",
  office: "work",
  factory: "work",
  workplace: "work",
  site: "work",
  bus: "vehicle",
  coach: "vehicle",
  taxi: "vehicle",
  train: "vehicle",
  plane: "vehicle",
  ship: "vehicle",
};

/** The circumstances a kind of venue brings people together in; large halls are public places. */
export function settingOfVenue(kind: string): Setting {
  // spec: TRACE-4
  return settingByKind[kind] ?? "publicPlace";
}

/** How long after the case left a visit can still count, by the protocol's criteria for venues. */
export function venueGapMinutes(protocol: Protocol): number {
  const atVenues = new Set<Setting>([...Object.values(settingByKind), "publicPlace"]);
  return protocol.contacts.criteria
    .filter((row) => row.settings.some((setting) => atVenues.has(setting)))
    .reduce((most, row) => Math.max(most, row.maxGapMinutes), 0);
}
