/**
 * Whether two records are of one person, after Fellegi and Sunter (A theory for record linkage, JASA 1969; 64: 1183–1210):
 * each field adds log2(m/u), the odds that it agrees like that in one person rather than in two.
 */

/** What is compared; an unknown part is null and adds nothing. */
export interface LinkageRecord {
  readonly name: string;
  readonly birthDate: string | null;
  readonly sex: "male" | "female" | "unknown";
  readonly address: string | null;
  readonly areaCode: string;
  readonly idHash: string | null;
  readonly phoneHash: string | null;
}

export type NameAgreement = "equal" | "similar" | "different";
export type BirthAgreement = "equal" | "swapped" | "yearOff" | "partOff" | "different" | "unknown";
export type AreaAgreement = "village" | "town" | "county" | "elsewhere";
export type Agreement = "equal" | "similar" | "different" | "unknown";

/** The weight of each agreement, in bits; data, so that a city can set its own from reviewed pairs. */
export interface LinkageWeights {
  readonly name: Readonly<Record<NameAgreement, number>>;
  readonly birth: Readonly<Record<BirthAgreement, number>>;
  readonly sex: Readonly<Record<Agreement, number>>;
  readonly phone: Readonly<Record<Agreement, number>>;
  readonly address: Readonly<Record<Agreement, number>>;
  readonly area: Readonly<Record<AreaAgreement, number>>;
  /** Two identity numbers, both valid, that differ. */
  readonly otherIdentity: number;
  readonly nameSimilarFrom: number;
  readonly addressSimilarFrom: number;
  readonly addressEqualFrom: number;
  /** A candidate with this score is shown for review; from `likelyFrom` on it is shown as likely. */
  readonly reviewFrom: number;
  readonly likelyFrom: number;
}

/**
 * This system's defaults. u of a day of birth is 1 in 25,000 (14 bits, less for errors), of a full name in a county about 1 in
 * 600, of a village about 1 in 60 within a county; the m of each is between 0.9 and 0.98. The rest are judgements.
 */
export const defaultWeights: LinkageWeights = {
  name: { equal: 9, similar: 3, different: -6 },
  birth: { equal: 12, swapped: 7, yearOff: 5, partOff: 3, different: -8, unknown: 0 },
  sex: { equal: 1, similar: 0, different: -3, unknown: 0 },
  phone: { equal: 10, similar: 0, different: -1, unknown: 0 },
  address: { equal: 4, similar: 2, different: -1, unknown: 0 },
  area: { village: 5, town: 3, county: 1, elsewhere: -3 },
  otherIdentity: -20,
  nameSimilarFrom: 0.5,
  addressSimilarFrom: 0.5,
  addressEqualFrom: 0.9,
  reviewFrom: 12,
  likelyFrom: 20,
};

const plains = new Map<string, string>();
const plainsMax = 100_000;

/** Letters and characters only, so that blanks and dots between the parts of a text do not matter. The last ones are kept: each is asked for again and again. */
export function plainText(text: string): string {
  let plain = plains.get(text);
  if (plain === undefined) {
    plain = text
      .normalize("NFKC")
      .toUpperCase()
      .replace(/[\s·•.,，。()（）-]/g, "");
    if (plains.size >= plainsMax) plains.clear();
    plains.set(text, plain);
  }
  return plain;
}

const unitBits = 65_536;
const startUnit = 94;
const endUnit = 36;

/** The neighbouring pairs of characters of a plain text, its ends (`^`, `$`) included, each as one number. */
export function pairsOf(plain: string): number[] {
  const pairs: number[] = [];
  let before = startUnit;
  for (let i = 0; i < plain.length; i++) {
    const unit = plain.charCodeAt(i);
    pairs.push(before * unitBits + unit);
    before = unit;
  }
  pairs.push(before * unitBits + endUnit);
  return pairs;
}

const maskBits = 31;

/** Dice's coefficient of two lists of pairs: 1 equal, 0 nothing in common. */
export function diceOfPairs(left: readonly number[], right: readonly number[]): number {
  const shared = right.length <= maskBits ? sharedByMask(left, right) : sharedByCopy(left, right);
  return (2 * shared) / (left.length + right.length);
}

/** How many pairs of a short list the other has, each counted once: names are compared by the hundred million. */
function sharedByMask(left: readonly number[], right: readonly number[]): number {
  let taken = 0;
  let shared = 0;
  for (const pair of left)
    for (let i = 0; i < right.length; i++)
      if (right[i] === pair && (taken & (1 << i)) === 0) {
        taken |= 1 << i;
        shared += 1;
        break;
      }
  return shared;
}

function sharedByCopy(left: readonly number[], right: readonly number[]): number {
  const free = [...right];
  let shared = 0;
  for (const pair of left) {
    const at = free.indexOf(pair);
    if (at < 0) continue;
    shared += 1;
    free[at] = -1;
  }
  return shared;
}

/** Dice's coefficient of the two texts' character pairs. */
export function diceOf(a: string, b: string): number {
  return diceOfPairs(pairsOf(plainText(a)), pairsOf(plainText(b)));
}

/** How two days of birth agree. */
export function birthAgreement(a: string | null, b: string | null): BirthAgreement {
  if (a === null || b === null) return "unknown";
  if (a === b) return "equal";
  const [yearA, monthA, dayA] = a.split("-");
  const [yearB, monthB, dayB] = b.split("-");
  if (yearA === yearB && monthA === dayB && dayA === monthB) return "swapped";
  if (monthA === monthB && dayA === dayB) return Math.abs(Number(yearA) - Number(yearB)) === 1 ? "yearOff" : "partOff";
  return yearA === yearB && (monthA === monthB || dayA === dayB) ? "partOff" : "different";
}

/** Names agree when their plain letters do, or when enough of their pairs do. */
export function nameAgreement(a: string, b: string, weights: LinkageWeights = defaultWeights): NameAgreement {
  const left = plainText(a);
  const right = plainText(b);
  if (left === right) return "equal";
  return diceOfPairs(pairsOf(left), pairsOf(right)) >= weights.nameSimilarFrom ? "similar" : "different";
}

function areaAgreement(a: string, b: string): AreaAgreement {
  if (a === b) return "village";
  if (a.slice(0, 9) === b.slice(0, 9)) return "town";
  return a.slice(0, 6) === b.slice(0, 6) ? "county" : "elsewhere";
}

function same(a: string | null, b: string | null): Agreement {
  if (a === null || b === null) return "unknown";
  return a === b ? "equal" : "different";
}

function addressAgreement(a: string | null, b: string | null, weights: LinkageWeights): Agreement {
  const left = plainText(a ?? "");
  const right = plainText(b ?? "");
  if (left === "" || right === "") return "unknown";
  const dice = diceOfPairs(pairsOf(left), pairsOf(right));
  if (dice >= weights.addressEqualFrom) return "equal";
  return dice >= weights.addressSimilarFrom ? "similar" : "different";
}

/** The parts of a score, in the order in which they are kept. */
export const scoreParts = ["name", "birth", "sex", "phone", "address", "area", "identity"] as const;

/** How two records agree, and what each agreement adds. */
export interface LinkageScore {
  readonly score: number;
  readonly parts: Readonly<Record<(typeof scoreParts)[number], string>>;
}

/** The parts of a score as they are kept: their words in order. */
export function partsText(parts: LinkageScore["parts"]): string {
  return scoreParts.map((part) => parts[part]).join(",");
}

export function partsOf(text: string): Record<string, string> {
  const words = text.split(",");
  return Object.fromEntries(scoreParts.map((part, i) => [part, words[i] ?? "unknown"]));
}

/** The score of two records and its parts, for the reviewer. spec: PEOPLE-12 */
export function scoreOf(a: LinkageRecord, b: LinkageRecord, weights: LinkageWeights = defaultWeights): LinkageScore {
  const name = nameAgreement(a.name, b.name, weights);
  const birth = birthAgreement(a.birthDate, b.birthDate);
  const sex = a.sex === "unknown" || b.sex === "unknown" ? "unknown" : same(a.sex, b.sex);
  const phone = same(a.phoneHash, b.phoneHash);
  const address = addressAgreement(a.address, b.address, weights);
  const area = areaAgreement(a.areaCode, b.areaCode);
  const identity = same(a.idHash, b.idHash);
  const score =
    weights.name[name] +
    weights.birth[birth] +
    weights.sex[sex] +
    weights.phone[phone] +
    weights.address[address] +
    weights.area[area] +
    (identity === "different" ? weights.otherIdentity : 0);
  return { score, parts: { name, birth, sex, phone, address, area, identity } };
}

/** A person an entry may be. */
export interface Candidate extends LinkageRecord {
  readonly id: number;
}

export type LinkDecision =
  | { readonly state: "linked"; readonly personId: number; readonly how: "exactId" | "exactPhoneName" }
  | { readonly state: "review"; readonly candidates: readonly (LinkageScore & { readonly personId: number })[] }
  | { readonly state: "new" };

const candidatesShownMax = 5;

/** Days of birth that an identity number is not copied with: with a name that is only alike they are two, such as brothers. */
const otherBirths: ReadonlySet<string> = new Set<BirthAgreement>(["partOff", "different"]);

/** Whether name and day of birth both say that an identity number is another's. */
function isWronglyCopied({ name, birth }: LinkageScore["parts"]): boolean {
  return (name === "different" && birth !== "equal") || (name === "similar" && otherBirths.has(birth));
}

/**
 * What becomes of an entry: an exact key links it, a score only ever asks for a review, and never is anybody merged silently.
 * An identity number whose owner has quite another name and day of birth was copied wrongly: that too is reviewed.
 */
export function decideLink(
  entry: LinkageRecord,
  candidates: readonly Candidate[],
  weights: LinkageWeights = defaultWeights,
): LinkDecision {
  const scored = candidates.map((person) => ({ personId: person.id, person, ...scoreOf(entry, person, weights) }));
  // spec: PEOPLE-10
  const byId = scored.find(({ parts }) => parts.identity === "equal");
  if (byId && !isWronglyCopied(byId.parts)) return { state: "linked", personId: byId.personId, how: "exactId" };
  // spec: PEOPLE-11: one phone is often a whole family's, so the name must be the same, and nobody else's.
  const byPhone = scored.filter(({ parts }) => parts.phone === "equal" && parts.name === "equal");
  const [only] = byPhone;
  if (only && byPhone.length === 1 && only.parts.identity !== "different" && only.parts.birth !== "different")
    return { state: "linked", personId: only.personId, how: "exactPhoneName" };
  const shown = scored
    .filter((row) => row.score >= weights.reviewFrom || row === byId)
    .toSorted((a, b) => b.score - a.score || a.personId - b.personId)
    .slice(0, candidatesShownMax)
    .map(({ personId, score, parts }) => ({ personId, score, parts }));
  return shown.length === 0 ? { state: "new" } : { state: "review", candidates: shown };
}

/** What a source is worth: its counts, and a score between 0 and 100. */
export interface SourceCounts {
  readonly entries: number;
  readonly withId: number;
  readonly validId: number;
  readonly linked: number;
  readonly duplicates: number;
}

const qualityWeights = { complete: 25, valid: 25, linked: 35, unique: 15 } as const;

/** The quality of a source in percent; null while it has no entry. spec: PEOPLE-15 */
export function qualityOf(counts: SourceCounts): number | null {
  const { entries } = counts;
  if (entries === 0) return null;
  const parts =
    (qualityWeights.complete * counts.withId +
      qualityWeights.valid * counts.validId +
      qualityWeights.linked * counts.linked +
      qualityWeights.unique * (entries - counts.duplicates)) /
    entries;
  return Math.round(parts * 10) / 10;
}
