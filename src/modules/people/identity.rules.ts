import type { IdKind, Sex } from "./people.model.ts";

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checkCharacters = "10X98765432";

/** The check character of the first seventeen digits (GB 11643-1999: ISO 7064, MOD 11-2). */
export function checkCharacter(digits: string): string {
  const sum = weights.reduce((n, weight, i) => n + weight * Number(digits[i]), 0);
  return checkCharacters.charAt(sum % 11);
}

/** The normal form of a number: upper case without blanks and dashes; a 15-digit resident number gets its century and check. */
export function normalId(kind: IdKind, text: string): string {
  const number = text.toUpperCase().replace(/[\s-]/g, "");
  if (kind !== "residentId" || !/^\d{15}$/.test(number)) return number;
  const digits = `${number.slice(0, 6)}19${number.slice(6)}`;
  return digits + checkCharacter(digits);
}

/** The day of birth that a resident number holds. */
export function birthDateOf(residentId: string): string {
  return `${residentId.slice(6, 10)}-${residentId.slice(10, 12)}-${residentId.slice(12, 14)}`;
}

/** The sex that a resident number holds: an odd order number is a man's. */
export function sexOf(residentId: string): Sex {
  return Number(residentId[16]) % 2 === 1 ? "male" : "female";
}

/** Is it a day of the calendar? */
export function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return date >= 1 && date <= (lengths[month - 1] ?? 0);
}

const patterns: Readonly<Record<Exclude<IdKind, "residentId">, RegExp>> = {
  passport: /^[A-Z0-9]{5,17}$/,
  hkMacaoPermit: /^[HM]\d{8}(\d{2})?$/,
  taiwanPermit: /^\d{8}(\d{2})?$/,
  foreignPermit: /^([A-Z]{3}\d{12}|9\d{16}[0-9X])$/,
  other: /^.{3,40}$/,
};

/** What is wrong with an identity number in normal form; null when nothing is. */
export function idFault(
  kind: IdKind,
  number: string,
  facts: { readonly today: string; readonly birthDate?: string; readonly sex?: Sex },
): string | null {
  if (kind !== "residentId") return patterns[kind].test(number) ? null : `is not a number of the kind ${kind}`;
  // spec: PEOPLE-2 (GB 11643-1999)
  if (!/^[1-9]\d{16}[0-9X]$/.test(number)) return "is not 17 digits and a check character";
  if (checkCharacter(number) !== number[17]) return "has a wrong check character";
  const birth = birthDateOf(number);
  if (!isDay(birth)) return "holds a day of birth that does not exist";
  if (birth > facts.today || birth < "1880-01-01") return "holds a day of birth out of range";
  // spec: PEOPLE-3
  if (facts.birthDate !== undefined && facts.birthDate !== birth) return "does not agree with the day of birth";
  if (facts.sex !== undefined && facts.sex !== "unknown" && facts.sex !== sexOf(number))
    return "does not agree with the sex";
  return null;
}

const inventedPerPlace = 500;
const inventedPlaces = 100_000;

/**
 * An identity number for an invented person: valid by its check, different for each index below 50 million.
 * Its place begins with 9, which no resident number does, so no real person can own it.
 */
export function inventedId(index: number, birthDate: string, sex: Sex): string {
  const place = String(Math.floor(index / inventedPerPlace) % inventedPlaces).padStart(5, "0");
  const order = (index % inventedPerPlace) * 2 + (sex === "male" ? 1 : 0);
  const digits = `9${place}${birthDate.replaceAll("-", "")}${String(order).padStart(3, "0")}`;
  return digits + checkCharacter(digits);
}

const phonePattern = /^\+?\d{5,15}$/;

/** The normal form of a phone number, or null when it is none; China's own prefix is dropped. */
export function normalPhone(text: string): string | null {
  const number = text.replace(/[\s()-]/g, "");
  if (!phonePattern.test(number)) return null;
  return number.replace(/^(\+86|0086)(?=1\d{10}$)/, "");
}

/** A name with all but its first character covered, for lists: 张三丰 → 张**. */
export function maskedName(name: string): string {
  return name.length <= 1 ? name : name.charAt(0) + "*".repeat(Math.min(name.length - 1, 2));
}
