import { addDays, addHours, dayOf, instantAt, type Day, type Instant } from "#kernel/time";
import type { IsolationSites } from "#domain/outbreaks";
import type { SiteKind } from "./isolation.model.ts";
import type { CheckAnswer, CareKind, DutyRole, SiteLife, Standard, StandardItem, WorkZone } from "./life.model.ts";

/** What a site may do next, what stands in the way of its opening, and by when things are due. */

const next: Readonly<Record<SiteLife, readonly SiteLife[]>> = {
  selected: ["converting"],
  converting: ["converted"],
  // A site that failed its check goes back to the builders.
  converted: ["checked", "converting"],
  checked: ["opened", "converted"],
  opened: ["cleaning"],
  cleaning: ["stoodDown"],
  stoodDown: ["converting"],
};

/** May a site go from one step of its life to another? spec: ISO-22 (domain.md §3.1) */
export function mayBecome(from: SiteLife, to: SiteLife): boolean {
  return next[from].includes(to);
}

/** The state of a site, as beds and allocation know it, that goes with a step of its life. */
export function stateOf(life: SiteLife): "planned" | "open" | "closed" {
  if (life === "opened") return "open";
  return life === "cleaning" || life === "stoodDown" ? "closed" : "planned";
}

/** By when the step that begins now must be over; null without a time for it. spec: ISO-23 (protocol, isolation) */
export function stepDue(times: IsolationSites | null, kind: SiteKind, life: SiteLife, now: Instant): Instant | null {
  if (times === null) return null;
  const hours: Readonly<Record<SiteLife, number | null>> = {
    selected: null,
    converting: kind === "fangcang" ? times.buildHours : times.convertHours,
    converted: times.checkHours,
    checked: times.openHours,
    opened: null,
    cleaning: times.cleaningHours,
    stoodDown: null,
  };
  const own = hours[life];
  return own === null ? null : addHours(now, own);
}

/** The items of the list that hold for a kind of site. */
export function itemsFor(standard: Standard, kind: SiteKind): StandardItem[] {
  return standard.items.filter((item) => item.kinds === undefined || item.kinds.includes(kind));
}

/** Mandatory items that nobody has found to be met. spec: ISO-24 (domain.md §3.1, §3.2) */
export function itemsMissing(
  standard: Standard,
  kind: SiteKind,
  answers: readonly Pick<CheckAnswer, "item" | "met">[],
): string[] {
  const met = new Set(answers.filter((answer) => answer.met).map((answer) => answer.item));
  return itemsFor(standard, kind)
    .filter((item) => item.mandatory && !met.has(item.id))
    .map((item) => item.id);
}

/** Posts without which no site opens. spec: ISO-25 (account of Heze) */
export const postsToOpen = ["countyLeader", "disciplineOfficer"] as const satisfies readonly DutyRole[];

export interface Refusal {
  readonly rule: string;
  readonly why: string;
}

/** The first thing that keeps a planned site from opening, or null. */
export function openingRefusal(facts: {
  readonly life: SiteLife;
  readonly missing: readonly string[];
  readonly posts: readonly DutyRole[];
}): Refusal | null {
  if (facts.life === "selected" || facts.life === "converting")
    return { rule: "ISO-22", why: "its conversion is not finished / 改造尚未完成" };
  if (facts.missing.length > 0 || facts.life !== "checked")
    return {
      rule: "ISO-24",
      why: `${facts.missing.length} mandatory items of the list are not checked / ${facts.missing.length} 项必备条件未核验`,
    };
  const without = postsToOpen.filter((post) => !facts.posts.includes(post));
  if (without.length > 0)
    return { rule: "ISO-25", why: `no ${without.join(", ")} named / 未明确县级领导或驻点纪检干部` };
  return null;
}

/** What is wrong with a day's numbers, or null. spec: ISO-27 */
export function logRefusal(
  log: { readonly cameIn: number; readonly wentOut: number; readonly present: number },
  before: number | null,
): Refusal | null {
  if (before === null || before + log.cameIn - log.wentOut === log.present) return null;
  return {
    rule: "ISO-27",
    why: `${before} + ${log.cameIn} − ${log.wentOut} is not ${log.present} / 昨日在住加入住减离开不等于今日在住`,
  };
}

/** By when a day's log must be entered: the next morning. */
export function logDue(times: IsolationSites | null, day: Day, timeZone: string): Instant | null {
  return times === null ? null : instantAt(addDays(day, 1), times.logBy, timeZone);
}

/** When a member of staff is due for the next test: the end of the last day of the interval. spec: ISO-28 (domain.md §3.1) */
export function staffTestDue(
  times: IsolationSites | null,
  zone: WorkZone,
  last: Instant,
  timeZone: string,
): Instant | null {
  const every = times?.staffTestDays[zone] ?? null;
  return every === null ? null : instantAt(addDays(dayOf(last, timeZone), every + 1), "00:00", timeZone);
}

/** By when a request of a guest is answered. spec: ISO-29 (protocol, isolation) */
export function careDue(times: IsolationSites, kind: CareKind, asked: Instant): Instant {
  return addHours(asked, times.careHours[kind]);
}
