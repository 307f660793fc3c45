import { assert } from "#kernel/assert";

/** How much of everything a round takes (domain.md §2.4); every rate is an argument, from the protocol or the scenario. */

/** Samplers for a 24 h round. spec: NAT-SAMPLER (domain.md §2.1) */
export function samplersNeeded(people: number, peoplePerSampler: number): number {
  return share(people, peoplePerSampler);
}

/** Samplers for one shift of `hours` at `perHour` people an hour, busy for `utilisation` (0–1) of it. spec: NAT-RATE (domain.md §2.4) */
export function samplersPerShift(
  people: number,
  shift: { readonly hours: number; readonly perHour: number; readonly utilisation: number },
): number {
  assert(shift.utilisation > 0 && shift.utilisation <= 1, "utilisation is a share");
  return share(people, shift.perHour * shift.hours * shift.utilisation);
}

/** Sampling tables. spec: NAT-SITE (domain.md §2.1) */
export function tablesNeeded(people: number, peoplePerTable: number): number {
  return share(people, peoplePerTable);
}

/** Sampling sites. spec: NAT-SITE (domain.md §2.1) */
export function sitesNeeded(people: number, peoplePerSite: number): number {
  return share(people, peoplePerSite);
}

/** Tubes for groups of people pooled by `size`, with spoilage (0.05 = one in twenty more). spec: NAT-TUBES (domain.md §2.4) */
export function tubesNeeded(
  groups: readonly { readonly people: number; readonly size: number }[],
  spoilageShare: number,
): number {
  const whole = groups.reduce((sum, group) => sum + share(group.people, group.size), 0);
  return withSpoilage(whole, spoilageShare);
}

/** Swabs, one a person, with spoilage. spec: NAT-SWABS (domain.md §2.4) */
export function swabsNeeded(people: number, spoilageShare: number): number {
  return withSpoilage(people, spoilageShare);
}

/** Expected positive pools of `size` at prevalence `p` (0–1). spec: NAT-POOLS-POS (domain.md §2.4) */
export function expectedPositivePools(tubes: number, size: number, prevalence: number): number {
  assert(prevalence >= 0 && prevalence <= 1, "prevalence is a share");
  return tubes * (1 - (1 - prevalence) ** size);
}

/** Vehicles that make `trips` of `cycleHours` each within `hours`. spec: NAT-VEHICLES (domain.md §2.4) */
export function vehiclesNeeded(trips: number, cycleHours: number, hours: number): number {
  return share(trips * cycleHours, hours);
}

/** Tubes a laboratory finishes in a day. spec: NAT-LAB-DAY (domain.md §2.4) */
export function labTubesPerDay(lab: {
  readonly machines: number;
  readonly platesPerDay: number;
  readonly wells: number;
}): number {
  return Math.floor(lab.machines * lab.platesPerDay * lab.wells);
}

/** Hours until a backlog is done: the slowest stage (tubes an hour) decides. spec: NAT-LAB-LOAD (domain.md §2.4) */
export function labHoursLeft(backlogTubes: number, tubesPerHourByStage: readonly number[]): number {
  const slowest = Math.min(...tubesPerHourByStage);
  assert(slowest > 0 && Number.isFinite(slowest), "a laboratory has at least one stage and every stage moves");
  return backlogTubes / slowest;
}

/** The protocol's rates a round's needs are worked out with. */
export interface SupplyRates {
  readonly spoilageShare: number;
  readonly peoplePerSampler: number;
  readonly peoplePerTable: number;
  readonly peoplePerSite: number;
}

/** Everything one round over `people` takes at one pool size. */
export function roundNeeds(people: number, poolSize: number, rates: SupplyRates) {
  return {
    people,
    samplers: samplersNeeded(people, rates.peoplePerSampler),
    tables: tablesNeeded(people, rates.peoplePerTable),
    sites: sitesNeeded(people, rates.peoplePerSite),
    tubes: tubesNeeded([{ people, size: poolSize }], rates.spoilageShare),
    swabs: swabsNeeded(people, rates.spoilageShare),
  };
}

function share(people: number, each: number): number {
  assert(people >= 0 && each > 0, "a need is a count over a positive rate");
  return Math.ceil(people / each);
}

function withSpoilage(count: number, spoilageShare: number): number {
  // 20 × 1.05 is 21.000000000000004 in floating point, which must not become 22.
  return Math.ceil(Number((count * (1 + spoilageShare)).toFixed(6)));
}
