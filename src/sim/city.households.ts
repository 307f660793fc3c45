import { assert, need } from "#kernel/assert";
import { hashText, uniform } from "#kernel/prng";
import { at } from "./arrays.ts";
import type { CountySpec, VillageSpec } from "./city.model.ts";
import { purpose } from "./purposes.ts";

const ageCount = 100;
const adultFrom = 18;
const ageTableSize = 4096;
/** A couple's ages stay this near in the distribution of their group. */
const coupleSpread = 0.12;
const womanBit = 128;

/** What a county's households are drawn from. */
interface CountyTables {
  readonly sizeUpTo: Float64Array;
  /** Probability that the second member is a child (single parents). */
  readonly secondIsChild: number;
  /** Probability that a third or later member is a child. */
  readonly laterIsChild: number;
  readonly childAge: Uint8Array;
  readonly parentAge: Uint8Array;
  readonly otherAge: Uint8Array;
  readonly maleShare: number;
}

export interface PeopleArrays {
  /** First person of each household, and one more entry at the end. */
  readonly householdFirst: Int32Array;
  readonly householdOfPerson: Int32Array;
  /** Age in the low seven bits, the high bit for women. */
  readonly ageSex: Uint8Array;
  readonly villageFirstPerson: Int32Array;
  readonly villageFirstHousehold: Int32Array;
}

function singleYears(county: CountySpec): Float64Array {
  const shares = new Float64Array(ageCount);
  let total = 0;
  for (const band of county.ageBands) {
    const years = Math.min(band.to, ageCount - 1) - band.from + 1;
    assert(years > 0, "an age band is empty or beyond 99");
    for (let age = band.from; age < band.from + years; age++) shares[age] = band.share / years;
    total += band.share;
  }
  assert(total > 0, "age bands have no people");
  return shares.map((share) => share / total);
}

/** Ages at even steps of the cumulative share, so that one draw gives an age. */
function quantileAges(weights: Float64Array): Uint8Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const table = new Uint8Array(ageTableSize);
  if (total <= 0) return table;
  let age = 0;
  let sum = at(weights, 0);
  for (let i = 0; i < ageTableSize; i++) {
    const goal = ((i + 0.5) / ageTableSize) * total;
    while (sum < goal && age < ageCount - 1) {
      age += 1;
      sum += at(weights, age);
    }
    table[i] = age;
  }
  return table;
}

/** How likely an adult of this age is to head a home with children, before the census bounds it. */
function parentWeight(age: number): number {
  if (age < 22) return 0.1;
  if (age <= 45) return 1;
  // Grandparents bring up the children of parents who work elsewhere.
  return age <= 68 ? 0.35 : 0.05;
}

/** The parents' share of each age: the weights, scaled so that they never take over nine tenths of an age. */
function parentShares(shares: Float64Array, parents: number): Float64Array {
  const adults = shares.map((share, age) => (age < adultFrom ? 0 : share));
  const adultShare = adults.reduce((sum, share) => sum + share, 0);
  const goal = Math.min(parents, 0.9 * adultShare);
  let low = 0;
  let high = 1_000;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    const taken = adults.reduce((sum, share, age) => sum + share * Math.min(0.9, middle * parentWeight(age)), 0);
    if (taken < goal) low = middle;
    else high = middle;
  }
  return adults.map((share, age) => share * Math.min(0.9, low * parentWeight(age)));
}

function tablesOf(county: CountySpec): CountyTables {
  const shares = singleYears(county);
  const sizeTotal = county.householdShares.reduce((sum, share) => sum + share, 0);
  assert(sizeTotal > 0, "household shares have no households");
  const sizes = county.householdShares.map((share) => share / sizeTotal);
  const meanSize = sizes.reduce((sum, share, i) => sum + share * (i + 1), 0);
  const laterSlots = sizes.reduce((sum, share, i) => sum + share * Math.max(0, i - 1), 0);
  const secondSlots = 1 - (sizes[0] ?? 0);
  const children = shares.slice(0, adultFrom).reduce((sum, share) => sum + share, 0) * meanSize;
  const laterIsChild = laterSlots > 0 ? Math.min(1, children / laterSlots) : 0;
  const left = children - laterIsChild * laterSlots;
  const secondIsChild = secondSlots > 0 ? Math.min(0.9, Math.max(0, left / secondSlots)) : 0;
  const parentsOf = (size: number): number => {
    const some = 1 - (1 - laterIsChild) ** Math.max(0, size - 2);
    return size < 2 ? 0 : secondIsChild + (1 - secondIsChild) * 2 * some;
  };
  const parents = sizes.reduce((sum, share, i) => sum + share * parentsOf(i + 1), 0) / meanSize;
  const parent = parentShares(shares, parents);
  let sum = 0;
  return {
    sizeUpTo: Float64Array.from(sizes, (share) => (sum += share)),
    secondIsChild,
    laterIsChild,
    childAge: quantileAges(shares.map((share, age) => (age < adultFrom ? share : 0))),
    parentAge: quantileAges(parent),
    otherAge: quantileAges(shares.map((share, age) => (age < adultFrom ? 0 : share - at(parent, age)))),
    maleShare: county.maleShare,
  };
}

function sizeOf(tables: CountyTables, u: number): number {
  let size = 1;
  while (size < tables.sizeUpTo.length && u > at(tables.sizeUpTo, size - 1)) size += 1;
  return size;
}

/** Keeps a number in (0, 1) by folding it back at the ends, which leaves a uniform uniform. */
function fold(u: number): number {
  const positive = Math.abs(u);
  return positive > 1 ? 2 - positive : positive;
}

function ageAt(table: Uint8Array, u: number): number {
  return at(table, Math.min(ageTableSize - 1, Math.floor(u * ageTableSize)));
}

/** Fills the ages and sexes of one household's members. */
function fillHousehold(
  out: Uint8Array,
  first: number,
  size: number,
  tables: CountyTables,
  draw: (purposeCode: number, slot: number) => number,
): void {
  let children = 0;
  const isChild: boolean[] = [];
  for (let slot = 0; slot < size; slot++) {
    const chance = slot === 0 ? 0 : slot === 1 ? tables.secondIsChild : tables.laterIsChild;
    isChild[slot] = draw(purpose.childSlot, slot) < chance;
    if (isChild[slot]) children += 1;
  }
  const headAge = draw(purpose.age, 0);
  const headMale = draw(purpose.sex, 0) < tables.maleShare;
  for (let slot = 0; slot < size; slot++) {
    const spouse = slot === 1 && !isChild[1];
    const u = spouse ? fold(headAge + coupleSpread * (draw(purpose.couple, 0) - 0.5)) : draw(purpose.age, slot);
    const couple = slot < 2 && !isChild[slot];
    const table = isChild[slot] ? tables.childAge : couple && children > 0 ? tables.parentAge : tables.otherAge;
    const male = spouse ? !headMale : slot === 0 ? headMale : draw(purpose.sex, slot) < tables.maleShare;
    out[first + slot] = ageAt(table, u) | (male ? 0 : womanBit);
  }
}

/**
 * Fills every village with households until its population is reached. Draws are keyed by the
 * village's code and the household's place in it, so a village is the same at every scale.
 */
export function buildPeople(
  villages: readonly VillageSpec[],
  counties: readonly CountySpec[],
  seed: number,
): PeopleArrays {
  const tables = new Map(counties.map((county) => [county.code, tablesOf(county)]));
  const personCount = villages.reduce((sum, village) => sum + village.population, 0);
  const householdOfPerson = new Int32Array(personCount);
  const ageSex = new Uint8Array(personCount);
  const householdFirst = new Int32Array(personCount + 1);
  const villageFirstPerson = new Int32Array(villages.length + 1);
  const villageFirstHousehold = new Int32Array(villages.length + 1);
  let person = 0;
  let household = 0;
  villages.forEach((village, index) => {
    const table = need(tables.get(village.countyCode), "a village's county is not described");
    const key = hashText(village.code);
    villageFirstPerson[index] = person;
    villageFirstHousehold[index] = household;
    const end = person + village.population;
    for (let local = 0; person < end; local++) {
      const size = Math.min(end - person, sizeOf(table, uniform(seed, purpose.householdSize, key, local)));
      householdFirst[household] = person;
      householdOfPerson.fill(household, person, person + size);
      fillHousehold(ageSex, person, size, table, (code, slot) => uniform(seed, code, key, local, slot));
      household += 1;
      person += size;
    }
  });
  householdFirst[household] = person;
  villageFirstPerson[villages.length] = person;
  villageFirstHousehold[villages.length] = household;
  return {
    householdFirst: householdFirst.slice(0, household + 1),
    householdOfPerson,
    ageSex,
    villageFirstPerson,
    villageFirstHousehold,
  };
}

/** The age in whole years of an age-and-sex byte. */
export function ageOf(ageSex: number): number {
  return ageSex & ~womanBit;
}

/** Is an age-and-sex byte a woman's? */
export function isWoman(ageSex: number): boolean {
  return (ageSex & womanBit) !== 0;
}
