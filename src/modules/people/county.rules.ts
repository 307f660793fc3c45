import { blockRank, nameDaysMax, perBlockMax, surnameOf, townDigits } from "./blocks.rules.ts";
import {
  birthAgreement,
  defaultWeights,
  diceOfPairs,
  pairsOf,
  plainText,
  type AreaAgreement,
  type LinkageWeights,
  type NameAgreement,
} from "./linkage.rules.ts";

/** The people of a county in typed arrays, and whom of them an entry must be compared with. */

/** No day of birth is known. */
export const noDay = -2_147_483_648;
export const noHome = -1;

const sexes = ["male", "female", "unknown"] as const;
const unknownSex = 2;
export type SexWord = (typeof sexes)[number];

/** A county's people, column by column; names, areas and homes are numbered. */
export interface CountyPeople {
  readonly count: number;
  readonly ids: Float64Array;
  /** Days since 2000-01-01, or `noDay`. */
  readonly days: Int32Array;
  readonly sexes: Uint8Array;
  readonly areas: Int32Array;
  readonly names: Int32Array;
  readonly homes: Int32Array;
  /** Bit 0: has an identity number, bit 1: has a phone. */
  readonly flags: Uint8Array;
  readonly nameTexts: readonly string[];
  readonly areaTexts: readonly string[];
  readonly homeTexts: readonly (string | null)[];
}

export const hasId = 1;
export const hasPhone = 2;

/** What of an entry the county's people are found by. */
export interface CountyEntry {
  readonly name: string;
  readonly day: number;
  readonly swapped: number;
  readonly birthDate: string | null;
  readonly sex: SexWord;
  readonly address: string | null;
  readonly areaCode: string;
  readonly flags: number;
}

const dayMs = 86_400_000;
const epochMs2000 = 946_684_800_000;
/** A hundred and fifty years. */
const dayTextsMax = 54_787;

const dayTexts = new Map<number, string>();

/** A day written YYYY-MM-DD, of its number. The days of a few generations are few, and asked for by the million. */
export function dayText(day: number): string | null {
  if (day === noDay) return null;
  let text = dayTexts.get(day);
  if (text === undefined) {
    text = new Date(epochMs2000 + day * dayMs).toISOString().slice(0, 10);
    if (dayTexts.size < dayTextsMax) dayTexts.set(day, text);
  }
  return text;
}

interface PlainName {
  readonly plain: string;
  readonly pairs: readonly number[];
  readonly surname: string;
}

function plainName(name: string): PlainName {
  const plain = plainText(name);
  return { plain, pairs: pairsOf(plain), surname: surnameOf(name) };
}

/** People ordered by a number each has, and where those of a number begin. */
interface Grouped {
  readonly order: Int32Array;
  readonly from: Int32Array;
}

function grouped(keys: Int32Array, count: number, keyCount: number, keyOf: (key: number) => number): Grouped {
  const from = new Int32Array(keyCount + 1);
  for (let i = 0; i < count; i++) {
    const key = keyOf(keys[i] ?? 0) + 1;
    from[key] = (from[key] ?? 0) + 1;
  }
  for (let key = 1; key <= keyCount; key++) from[key] = (from[key] ?? 0) + (from[key - 1] ?? 0);
  const next = from.slice();
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const key = keyOf(keys[i] ?? 0);
    const at = next[key] ?? 0;
    order[at] = i;
    next[key] = at + 1;
  }
  return { order, from };
}

const tableSize = 65_536;

/**
 * Estimates from above how alike an entry's address is to others: pairs are counted by a hash of sixteen bits, which may
 * take two for one, never one for none.
 */
class AddressBound {
  readonly #table = new Uint8Array(tableSize);
  readonly #taken: number[] = [];
  #pairs: readonly number[] = [];

  set(pairs: readonly number[]): void {
    for (const pair of this.#pairs) this.#table[slot(pair)] = 0;
    this.#pairs = pairs;
    for (const pair of pairs) this.#table[slot(pair)] = Math.min(255, (this.#table[slot(pair)] ?? 0) + 1);
  }

  dice(pairs: readonly number[]): number {
    const taken = this.#taken;
    taken.length = 0;
    for (const pair of pairs) {
      const at = slot(pair);
      const left = this.#table[at] ?? 0;
      if (left === 0) continue;
      this.#table[at] = left - 1;
      taken.push(at);
    }
    for (const at of taken) this.#table[at] = (this.#table[at] ?? 0) + 1;
    return (2 * taken.length) / (pairs.length + this.#pairs.length);
  }
}

function slot(pair: number): number {
  return (pair ^ (pair / tableSize)) & (tableSize - 1);
}

/** An entry as it is compared with a county's people. */
interface Asked extends CountyEntry {
  readonly plain: PlainName;
  /** Its village and its town as numbers of the county's, or -1. */
  readonly village: number;
  readonly town: number;
  readonly sexNumber: number;
  readonly hasAddress: boolean;
}

type Block = readonly number[] | Int32Array;
const nobody: Block = [];

/** The people of one county, indexed by day of birth and by name. */
export class County {
  readonly people: CountyPeople;
  readonly #weights: LinkageWeights;
  readonly #addressMost: number;
  readonly #firstDay: number;
  readonly #dayCount: number;
  readonly #byDay: Grouped;
  readonly #byName: Grouped;
  readonly #nameIds = new Map<string, number>();
  readonly #areaIds = new Map<string, number>();
  readonly #townIds = new Map<string, number>();
  readonly #townOfArea: Int32Array;
  readonly #plainNames: (PlainName | undefined)[] = [];
  readonly #homePairs: (readonly number[] | null | undefined)[] = [];
  readonly #address = new AddressBound();
  /** The last question in which each person was seen, so that two blocks show nobody twice. */
  readonly #seenIn: Int32Array;
  #question = 0;

  constructor(people: CountyPeople, weights: LinkageWeights = defaultWeights) {
    this.people = people;
    this.#weights = weights;
    this.#addressMost = Math.max(...Object.values(weights.address));
    const [first, last] = daySpan(people);
    this.#firstDay = first;
    this.#dayCount = last - first + 1;
    // Those of no known day stand behind the last one.
    const keyOf = (day: number): number => (day === noDay ? this.#dayCount : day - first);
    this.#byDay = grouped(people.days, people.count, this.#dayCount + 1, keyOf);
    this.#byName = grouped(people.names, people.count, people.nameTexts.length, (name) => name);
    people.nameTexts.forEach((name, id) => this.#nameIds.set(name, id));
    people.areaTexts.forEach((code, id) => this.#areaIds.set(code, id));
    this.#townOfArea = Int32Array.from(people.areaTexts, (code) => {
      const town = code.slice(0, townDigits);
      const id = this.#townIds.get(town) ?? this.#townIds.size;
      this.#townIds.set(town, id);
      return id;
    });
    this.#seenIn = new Int32Array(people.count);
  }

  /** The people who may decide what becomes of the entry, as places in the arrays; ids in `known` are left out. */
  compared(entry: CountyEntry, known: ReadonlySet<number>): number[] {
    const address = pairsOfAddress(entry.address);
    const asked: Asked = {
      ...entry,
      plain: plainName(entry.name),
      village: this.#areaIds.get(entry.areaCode) ?? -1,
      town: this.#townIds.get(entry.areaCode.slice(0, townDigits)) ?? -1,
      sexNumber: sexNumber(entry.sex),
      hasAddress: address !== null,
    };
    this.#address.set(address ?? []);
    this.#question += 1;
    const found: number[] = [];
    for (const block of [
      this.#dayBlock(asked, asked.day),
      this.#dayBlock(asked, asked.swapped),
      this.#nameBlock(asked),
    ])
      for (const place of block) {
        if (this.#seenIn[place] === this.#question) continue;
        this.#seenIn[place] = this.#question;
        if (known.size > 0 && known.has(this.people.ids[place] ?? 0)) continue;
        if (this.#atMost(asked, place) >= this.#weights.reviewFrom) found.push(place);
      }
    return found;
  }

  #dayBlock(asked: Asked, day: number): Block {
    const at = day - this.#firstDay;
    if (day === noDay || at < 0 || at >= this.#dayCount) return nobody;
    const { order, from } = this.#byDay;
    return this.#nearest(asked, order.subarray(from[at], from[at + 1]));
  }

  #nameBlock(asked: Asked): Block {
    const name = this.#nameIds.get(asked.name);
    if (name === undefined) return nobody;
    const { order, from } = this.#byName;
    const about = order.subarray(from[name], from[name + 1]).filter((place) => {
      const day = this.people.days[place] ?? noDay;
      return day === noDay || asked.day === noDay || Math.abs(day - asked.day) <= nameDaysMax;
    });
    return this.#nearest(asked, about);
  }

  /** All of a block, or the nearest of one that is too large. */
  #nearest(asked: Asked, block: Int32Array): Block {
    if (block.length <= perBlockMax) return block;
    const ranked = Array.from(block, (place) => {
      const area = this.people.areas[place] ?? 0;
      const rank = blockRank({
        surname: this.#nameAt(place).surname === asked.plain.surname,
        village: area === asked.village,
        town: this.#townOfArea[area] === asked.town,
      });
      return { place, rank, id: this.people.ids[place] ?? 0 };
    });
    return ranked
      .toSorted((a, b) => a.rank - b.rank || a.id - b.id)
      .slice(0, perBlockMax)
      .map(({ place }) => place);
  }

  #nameAt(place: number): PlainName {
    const name = this.people.names[place] ?? 0;
    return (this.#plainNames[name] ??= plainName(this.people.nameTexts[name] ?? ""));
  }

  /** The score two records cannot exceed: exact but for the address, which is estimated from above. */
  #atMost(asked: Asked, place: number): number {
    const { people } = this;
    const weights = this.#weights;
    const flags = asked.flags & (people.flags[place] ?? 0);
    const sex = people.sexes[place] ?? unknownSex;
    const score =
      weights.name[this.#names(asked.plain, this.#nameAt(place))] +
      this.#births(asked, people.days[place] ?? noDay) +
      (sex === unknownSex || asked.sexNumber === unknownSex
        ? weights.sex.unknown
        : weights.sex[sex === asked.sexNumber ? "equal" : "different"]) +
      // Who has the entry's own number or phone is known already, so that these are other numbers and phones.
      (flags & hasPhone ? weights.phone.different : weights.phone.unknown) +
      (flags & hasId ? weights.otherIdentity : 0) +
      weights.area[this.#areas(asked, people.areas[place] ?? 0)];
    if (!asked.hasAddress) return score + weights.address.unknown;
    if (score + this.#addressMost < weights.reviewFrom) return score + this.#addressMost;
    return score + this.#addressAtMost(people.homes[place] ?? noHome);
  }

  #names(a: PlainName, b: PlainName): NameAgreement {
    if (a.plain === b.plain) return "equal";
    return diceOfPairs(a.pairs, b.pairs) >= this.#weights.nameSimilarFrom ? "similar" : "different";
  }

  #areas(asked: Asked, area: number): AreaAgreement {
    if (area === asked.village) return "village";
    return this.#townOfArea[area] === asked.town ? "town" : "county";
  }

  #births(asked: Asked, day: number): number {
    const { birth } = this.#weights;
    if (day === noDay || asked.day === noDay) return birth.unknown;
    if (day === asked.day) return birth.equal;
    return day === asked.swapped ? birth.swapped : birth[birthAgreement(asked.birthDate, dayText(day))];
  }

  #addressAtMost(home: number): number {
    const { address, addressEqualFrom, addressSimilarFrom } = this.#weights;
    if (home === noHome) return address.unknown;
    let pairs = this.#homePairs[home];
    if (pairs === undefined) this.#homePairs[home] = pairs = pairsOfAddress(this.people.homeTexts[home] ?? null);
    if (pairs === null) return address.unknown;
    const dice = this.#address.dice(pairs);
    if (dice >= addressEqualFrom) return this.#addressMost;
    return dice >= addressSimilarFrom ? Math.max(address.similar, address.different) : address.different;
  }
}

/** The first and the last day of birth; nobody's is an empty span. */
function daySpan({ days, count }: CountyPeople): readonly [number, number] {
  let first = 0;
  let last = -1;
  for (let i = 0; i < count; i++) {
    const day = days[i] ?? noDay;
    if (day === noDay) continue;
    if (last < first) first = last = day;
    else if (day < first) first = day;
    else if (day > last) last = day;
  }
  return [first, last];
}

function pairsOfAddress(address: string | null): readonly number[] | null {
  const plain = plainText(address ?? "");
  return plain === "" ? null : pairsOf(plain);
}

export function sexNumber(sex: string): number {
  const at = sexes.indexOf(sex as SexWord);
  return at < 0 ? unknownSex : at;
}

export function sexWord(sex: number): SexWord {
  return sexes[sex] ?? "unknown";
}
