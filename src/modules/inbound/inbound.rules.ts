import { ok, refuse, type Result } from "#kernel/result";
import { addDays, addMinutes, daysBetween, type Day, type Instant } from "#kernel/time";
import { originLevels, type Inbound, type OriginLevel, type PassOutcome, type PlanClass } from "#domain/outbreaks";
import type { PassReason, SeenPass } from "./control.model.ts";
import type { ArrivalLevel, DeclarationSource, KeyRegion } from "./inbound.model.ts";

/** A place of ours is a code; any other text is a country's name. */
export function isAbroad(place: string): boolean {
  return !/^\d{2,12}$/.test(place);
}

/** The stricter of two levels. */
export function stricter(a: ArrivalLevel, b: ArrivalLevel): ArrivalLevel {
  const rank = (level: ArrivalLevel): number => (level === "none" ? originLevels.length : originLevels.indexOf(level));
  return rank(a) <= rank(b) ? a : b;
}

type Listed = Pick<KeyRegion, "place" | "level" | "fromDay" | "toDay">;

/** Who names a whole city may come from its listed district, so either may hold the other. */
function touches(region: string, origin: string): boolean {
  if (isAbroad(region) || isAbroad(origin)) return region.toLowerCase() === origin.toLowerCase();
  return origin.startsWith(region) || region.startsWith(origin);
}

/** The level of a place for somebody who left it on a day, as it stands on another day. spec: INB-1 (domain.md §1.4) */
export function levelOf(
  rules: Inbound,
  regions: readonly Listed[],
  stay: { readonly origin: string; readonly leftOn: Day; readonly today: Day },
): ArrivalLevel {
  if (daysBetween(stay.leftOn, stay.today) > rules.lookbackDays) return "none";
  const base: ArrivalLevel = isAbroad(stay.origin) ? "abroad" : "none";
  return regions
    .filter(
      (region) =>
        touches(region.place, stay.origin) &&
        addDays(region.fromDay, -rules.lookbackDays) <= stay.leftOn &&
        (region.toDay === null || region.toDay >= stay.leftOn),
    )
    .reduce<ArrivalLevel>((found, region) => stricter(found, region.level), base);
}

/** The plan of a level and the rule it comes from. spec: INB-2 */
export function planFor(
  rules: Inbound,
  level: ArrivalLevel,
): { readonly plan: PlanClass | null; readonly rule: string } {
  const found = level === "none" ? undefined : rules.levels[level];
  return found ? { plan: found.plan, rule: found.rule } : { plan: null, rule: "INB-2" };
}

/** Until when an arrival is visited: a declared one after it comes, another after it is known of. spec: INB-4 */
export function visitDue(rules: Inbound, source: DeclarationSource, arrivesAt: Instant, now: Instant): Instant {
  if (source === "public") return addMinutes(arrivesAt > now ? arrivesAt : now, rules.visit.declaredMinutes);
  return addMinutes(now, rules.visit.undeclaredMinutes);
}

export interface Decision {
  readonly outcome: PassOutcome;
  readonly reason: PassReason;
}

/** What happens to a person, a vehicle or a load on the road. spec: INB-5 (domain.md §1.4, §4) */
export function decidePass(rules: Inbound, seen: SeenPass, level: ArrivalLevel): Decision {
  const listed = level === "none" ? undefined : rules.levels[level as OriginLevel];
  if (seen.kind !== "person") {
    if (listed === undefined || seen.disinfected) return { outcome: "passed", reason: "clear" };
    return seen.kind === "goods"
      ? { outcome: "refused", reason: "notDisinfected" }
      : { outcome: "tested", reason: "vehicleOfKeyRegion" };
  }
  const fever = (seen.temperature ?? 0) >= rules.road.feverCelsius;
  const proof = seen.proofHours !== undefined && seen.proofHours <= rules.road.proofHours;
  // A fever is never sent back to the road: it goes to a fever clinic, by our hand when he comes from a listed place.
  if (fever) return { outcome: listed?.road === "escorted" ? "escorted" : "tested", reason: "fever" };
  if (listed?.road === "escorted") return { outcome: "escorted", reason: "fromKeyRegion" };
  if (seen.testDeclined && !proof) return { outcome: "refused", reason: "testDeclined" };
  if (listed?.road === "tested") return { outcome: "tested", reason: "fromKeyRegion" };
  return proof ? { outcome: "passed", reason: "clear" } : { outcome: "tested", reason: "noProof" };
}

/** Must the traveller be registered though he did not declare? spec: INB-6 */
export function mustRegister(decision: Decision, level: ArrivalLevel, declared: boolean): boolean {
  return !declared && decision.outcome !== "refused" && level !== "none";
}

/** May a letter be answered? Only once everybody in it has an outcome. spec: INB-8 */
export function mayAnswer(letter: { readonly receipted: boolean; readonly pending: number }): Result<true> {
  if (!letter.receipted) return refuse("rule.refused", { rule: "INB-8", why: "give the receipt first / 须先回执" });
  if (letter.pending > 0)
    return refuse("rule.refused", {
      rule: "INB-8",
      why: `${letter.pending} people have no outcome / 尚有 ${letter.pending} 人未核查`,
    });
  return ok(true);
}

/** The day of a worker's next test; who has just come is tested on the first day. spec: INB-10 (domain.md §1.10) */
export function nextTestOn(everyDays: number, lastTestOn: Day | null, since: Day): Day {
  return lastTestOn === null ? since : addDays(lastTestOn, everyDays);
}

/** Has a worker been in the loop for as long as a shift may last? spec: INB-10 */
export function mustRotate(loopDaysMax: number | null, since: Day, today: Day): boolean {
  return loopDaysMax !== null && daysBetween(since, today) >= loopDaysMax;
}

export interface GoodsFacts {
  readonly samples: number;
  readonly positives: number | null;
  readonly disinfected: boolean;
}

/** May a batch be released? Only sampled enough, all negative, and disinfected. spec: INB-11 */
export function mayRelease(rules: Inbound, goods: GoodsFacts): Result<true> {
  const no = (why: string): Result<true> => refuse("rule.refused", { rule: rules.goods.rule, why });
  if (goods.samples < rules.goods.samplesMin)
    return no(`at least ${rules.goods.samplesMin} samples are needed / 至少采样 ${rules.goods.samplesMin} 份`);
  if (goods.positives === null) return no("the results are not in / 结果未出");
  if (goods.positives > 0) return no("a sample is positive: seal the batch / 检出阳性，须封存");
  if (!goods.disinfected) return no("the batch is not disinfected / 尚未消毒");
  return ok(true);
}
