import { uniform } from "#kernel/prng";
import { inventedId } from "#domain/people";
import type { NewEntry } from "#modules/people";
import { givenNameOf, misheard, surnameOf } from "./register.names.ts";

/**
 * A city's people in households, and three registers that know most of them, each with its own mistakes. Every row's
 * number in its register begins with the person it is of (0 for somebody whom the city does not know), which the linkage never reads.
 */

export interface RegisterCity {
  readonly seed: number;
  readonly people: number;
  readonly villages: readonly string[];
  readonly village: Int32Array;
  readonly household: Int32Array;
  readonly households: number;
  /** Days before the last day. */
  readonly ageDays: Int32Array;
  /** 1 for a woman. */
  readonly woman: Uint8Array;
  /** Whose phone the person gives, or -1; -2 for the workplace's. */
  readonly phone: Int32Array;
}

const lastDayMs = Date.parse("2022-07-24T00:00:00.000Z");
const dayMs = 86_400_000;
const daysPerYear = 365.25;

/** Shares of the ages by five years, after the census of 2020. */
const pyramid = [5.5, 6.4, 6.0, 5.2, 5.3, 6.5, 8.8, 7.0, 6.6, 8.1, 8.6, 7.2, 5.2, 5.2, 3.5, 2.2, 1.4, 0.9, 0.4];
const pyramidSum = pyramid.reduce((sum, share) => sum + share, 0);
/** Households of one to six. */
const householdSizes = [0.2, 0.28, 0.22, 0.15, 0.1, 0.05];

function ageOf(share: number, within: number): number {
  let left = share * pyramidSum;
  for (const [band, width] of pyramid.entries()) {
    if (left < width) return (band * 5 + within * 5) * daysPerYear;
    left -= width;
  }
  return 90 * daysPerYear;
}

function sizeOf(share: number): number {
  let left = share;
  for (const [i, width] of householdSizes.entries()) {
    if (left < width) return i + 1;
    left -= width;
  }
  return householdSizes.length;
}

const adultDays = 16 * daysPerYear;
const oldDays = 70 * daysPerYear;
/** Who has a phone of their own, and who gives that of somebody at home. */
const ownPhone = { child: 0.1, adult: 0.94, old: 0.55 } as const;
const homePhone = 0.7;
/** Who gives the workplace's phone, which hundreds of the villages around give. */
const workPhoneShare = 0.03;

/** Makes a city of so many people in villages of equal size. */
export function registerCity(seed: number, people: number, villages: readonly string[]): RegisterCity {
  const city: RegisterCity & { households: number } = {
    seed,
    people,
    villages,
    village: new Int32Array(people),
    household: new Int32Array(people),
    households: 0,
    ageDays: new Int32Array(people),
    woman: new Uint8Array(people),
    phone: new Int32Array(people),
  };
  const perVillage = Math.ceil(people / villages.length);
  for (let person = 0; person < people;) {
    const household = city.households++;
    const village = Math.floor(person / perVillage);
    const end = Math.min(people, (village + 1) * perVillage, person + sizeOf(uniform(seed, household, 1)));
    addHousehold(city, household, village, person, end);
    person = end;
  }
  return city;
}

function addHousehold(city: RegisterCity, household: number, village: number, from: number, to: number): void {
  const { seed } = city;
  let shared = -1;
  for (let person = from; person < to; person++) {
    city.village[person] = village;
    city.household[person] = household;
    city.ageDays[person] = Math.floor(ageOf(uniform(seed, person, 2), uniform(seed, person, 3)));
    city.woman[person] = uniform(seed, person, 4) < 0.49 ? 1 : 0;
    const age = city.ageDays[person] ?? 0;
    const own = age < adultDays ? ownPhone.child : age < oldDays ? ownPhone.adult : ownPhone.old;
    city.phone[person] = uniform(seed, person, 5) < own ? person : -1;
    if (age >= adultDays && uniform(seed, person, 9) < workPhoneShare) city.phone[person] = -2;
    if (city.phone[person] === person && shared < 0) shared = person;
  }
  for (let person = from; person < to; person++)
    if (city.phone[person] === -1 && shared >= 0 && uniform(seed, person, 6) < homePhone) city.phone[person] = shared;
}

/** What the city knows of a person. */
export interface CityPerson {
  readonly name: string;
  readonly sex: "male" | "female";
  readonly birthDate: string;
  readonly idNumber: string;
  readonly phone: string | null;
  readonly areaCode: string;
  readonly address: string;
}

const dayText = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const phoneOf = (person: number): string => `1${3_000_000_000 + person}`;
const workPhoneOf = (village: number): string => `0530${5_000_000 + (village >> 2)}`;
/** A wife keeps her own surname. */
const ownSurname = 0.9;

export function personOf(city: RegisterCity, person: number): CityPerson {
  const { seed } = city;
  const household = city.household[person] ?? 0;
  const sex = city.woman[person] ? "female" : "male";
  const isWife = sex === "female" && (city.ageDays[person] ?? 0) > adultDays && uniform(seed, person, 7) < ownSurname;
  const surname = isWife ? surnameOf(seed, 1_000_000_000 + person) : surnameOf(seed, household);
  const birthDate = dayText(lastDayMs - (city.ageDays[person] ?? 0) * dayMs);
  const phone = city.phone[person] ?? -1;
  return {
    name: surname + givenNameOf(seed, person, sex),
    sex,
    birthDate,
    idNumber: inventedId(person, birthDate, sex),
    phone: phone === -2 ? workPhoneOf(city.village[person] ?? 0) : phone < 0 ? null : phoneOf(phone),
    areaCode: city.villages[city.village[person] ?? 0] ?? "",
    address: addressOf(city, household, city.village[person] ?? 0),
  };
}

const villageNames = "前后东西南北大小韩孙马李王张赵周刘陈高杨";

function addressOf(city: RegisterCity, household: number, village: number): string {
  const first = villageNames[Math.floor(uniform(city.seed, village, 21) * 8)] ?? "";
  const second = villageNames[8 + Math.floor(uniform(city.seed, village, 22) * 12)] ?? "";
  return `${first}${second}村${1 + (household % 700)}号`;
}

/** People of whom the city has no number. */
const noNumberShare = 0.03;

export function hasNumber(city: RegisterCity, person: number): boolean {
  return uniform(city.seed, person, 8) >= noNumberShare;
}

/** What a register lacks and gets wrong, as shares of its rows. */
export interface RegisterKind {
  readonly code: string;
  readonly kind: "population" | "coInvestigation" | "trade";
  /** Of the city's people. */
  readonly share: number;
  /** Where the numbers of people whom the city does not know begin. */
  readonly strangersFrom: number;
  /** In the order of the villages, or in none. */
  readonly isSorted: boolean;
  readonly stranger: number;
  readonly number: number;
  /** One digit wrong, which the check character shows. */
  readonly wrongDigit: number;
  /** The number of somebody else at home. */
  readonly wrongOwner: number;
  readonly wrongName: number;
  readonly birth: number;
  readonly swapped: number;
  readonly yearOff: number;
  readonly phone: number;
  /** The phone of the workplace, which hundreds give. */
  readonly workPhone: number;
  readonly address: number;
  readonly otherVillage: number;
  readonly twice: number;
}

export const registerKinds: readonly RegisterKind[] = [
  {
    code: "POPULATION",
    kind: "population",
    share: 0.95,
    strangersFrom: 20_000_000,
    isSorted: true,
    stranger: 0.01,
    number: 0.99,
    wrongDigit: 0.001,
    wrongOwner: 0.0005,
    wrongName: 0.005,
    birth: 1,
    swapped: 0.001,
    yearOff: 0.001,
    phone: 0.6,
    workPhone: 0,
    address: 0.9,
    otherVillage: 0.02,
    twice: 0.001,
  },
  {
    code: "HEALTH",
    kind: "coInvestigation",
    share: 0.7,
    strangersFrom: 30_000_000,
    isSorted: false,
    stranger: 0.02,
    number: 0.6,
    wrongDigit: 0.005,
    wrongOwner: 0.002,
    wrongName: 0.02,
    birth: 0.97,
    swapped: 0.005,
    yearOff: 0.005,
    phone: 0.75,
    workPhone: 0.01,
    address: 0.6,
    otherVillage: 0.05,
    twice: 0.01,
  },
  {
    code: "TRADE",
    kind: "trade",
    share: 0.3,
    strangersFrom: 40_000_000,
    isSorted: false,
    stranger: 0.03,
    number: 0.4,
    wrongDigit: 0.03,
    wrongOwner: 0.01,
    wrongName: 0.08,
    birth: 0.9,
    swapped: 0.03,
    yearOff: 0.02,
    phone: 0.7,
    workPhone: 0.15,
    address: 0.4,
    otherVillage: 0.2,
    twice: 0.02,
  },
];

export function rowsOf(city: RegisterCity, kind: RegisterKind): number {
  return Math.round(city.people * kind.share);
}

const stepPrime = 7_368_787;

/** The person of a row: every one in turn, or in an order that jumps all over the city; some come twice. */
function rowPerson(city: RegisterCity, kind: RegisterKind, row: number, chance: (of: number) => number): number {
  const at = chance(1) < kind.twice && row > 0 ? row - 1 : row;
  if (kind.isSorted) return Math.min(city.people - 1, Math.floor(at / kind.share));
  return Number((BigInt(at) * BigInt(stepPrime)) % BigInt(city.people));
}

/** A row of a register as its keeper wrote it. */
export function entryOf(city: RegisterCity, kind: RegisterKind, row: number): NewEntry {
  const code = kind.code.charCodeAt(0);
  const chance = (of: number): number => uniform(city.seed, row, code, of);
  if (chance(2) < kind.stranger) return strangerOf(city, kind, row, chance);
  const person = rowPerson(city, kind, row, chance);
  const of = personOf(city, person);
  const birthDate = chance(3) < kind.birth ? writtenBirth(of.birthDate, kind, chance) : undefined;
  const number = chance(4) < kind.number ? writtenNumber(city, person, of, kind, chance) : undefined;
  const phone = writtenPhone(of, kind, city.village[person] ?? 0, chance);
  const away = chance(5) < kind.otherVillage;
  return {
    register: kind.code,
    ref: `${person + 1}-${row}`,
    areaCode: away ? otherVillage(city, of.areaCode, chance(6)) : of.areaCode,
    name: chance(7) < kind.wrongName ? misheard(of.name, chance(8)) : of.name,
    sex: of.sex,
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(chance(9) < kind.address ? { address: chance(10) < 0.3 ? of.address.replace("号", "") : of.address } : {}),
    ...(number === undefined ? {} : { idNumber: number }),
    ...(phone === null ? {} : { phone }),
  };
}

function writtenBirth(birth: string, kind: RegisterKind, chance: (of: number) => number): string {
  const [year = "", month = "", day = ""] = birth.split("-");
  const slip = chance(11);
  if (slip < kind.swapped && Number(day) <= 12) return `${year}-${day}-${month}`;
  if (slip < kind.swapped + kind.yearOff && birth < "2021" && `${month}-${day}` !== "02-29")
    return `${Number(year) + 1}-${month}-${day}`;
  return birth;
}

function writtenNumber(
  city: RegisterCity,
  person: number,
  of: CityPerson,
  kind: RegisterKind,
  chance: (of: number) => number,
): string {
  const slip = chance(12);
  if (slip < kind.wrongDigit) {
    const at = 6 + Math.floor(chance(13) * 11);
    return of.idNumber.slice(0, at) + String((Number(of.idNumber[at]) + 1) % 10) + of.idNumber.slice(at + 1);
  }
  const other = person > 0 && city.household[person - 1] === city.household[person] ? person - 1 : person + 1;
  if (
    slip < kind.wrongDigit + kind.wrongOwner &&
    other < city.people &&
    city.household[other] === city.household[person]
  )
    return personOf(city, other).idNumber;
  return of.idNumber;
}

function writtenPhone(
  of: CityPerson,
  kind: RegisterKind,
  village: number,
  chance: (of: number) => number,
): string | null {
  if (chance(14) >= kind.phone) return null;
  return chance(15) < kind.workPhone ? workPhoneOf(village) : of.phone;
}

function otherVillage(city: RegisterCity, home: string, share: number): string {
  const county = home.slice(0, 6);
  const from = city.villages.findIndex((code) => code.startsWith(county));
  const count = countOf(city, county);
  return city.villages[from + Math.floor(share * count)] ?? home;
}

const counts = new WeakMap<readonly string[], Map<string, number>>();

function countOf(city: RegisterCity, county: string): number {
  let known = counts.get(city.villages);
  if (!known) {
    known = new Map();
    for (const code of city.villages) known.set(code.slice(0, 6), (known.get(code.slice(0, 6)) ?? 0) + 1);
    counts.set(city.villages, known);
  }
  return known.get(county) ?? 1;
}

/** Somebody from elsewhere, whom the city does not know. */
function strangerOf(city: RegisterCity, kind: RegisterKind, row: number, chance: (of: number) => number): NewEntry {
  const sex = chance(21) < 0.5 ? "male" : "female";
  const birthDate = dayText(lastDayMs - Math.floor(ageOf(chance(22), chance(23))) * dayMs);
  const index = kind.strangersFrom + row;
  return {
    register: kind.code,
    ref: `0-${row}`,
    areaCode: city.villages[Math.floor(chance(24) * city.villages.length)] ?? "",
    name: surnameOf(city.seed, 2_000_000_000 + index) + givenNameOf(city.seed, 100_000_000 + index, sex),
    sex,
    birthDate,
    ...(chance(25) < kind.number ? { idNumber: inventedId(index, birthDate, sex) } : {}),
    ...(chance(26) < kind.phone ? { phone: `1${8_000_000_000 + index}` } : {}),
  };
}
