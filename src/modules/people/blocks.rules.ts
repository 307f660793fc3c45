/**
 * Which people an entry is compared with: those of its identity number, of its phone, of its day of birth (as it stands, and
 * with month and day swapped) in its county, and of its name in its county and about its year. One entry's people are found
 * by statements, a county's by an index in memory; what both must agree on stands here. spec: PEOPLE-12
 */

/** A block of one day or one name shows no more people than this, the nearest first. */
export const perBlockMax = 60;

/** A phone with more owners is a switchboard's or a stop-gap: it says nothing about who somebody is. spec: PEOPLE-11 */
export const phoneOwnersMax = 60;

/** Two years and some days: a namesake born longer before or after cannot reach a review by name and day. */
export const nameDaysMax = 739;

/** The digits of a county's code; an entry is compared within its county. */
export const countyDigits = 6;
export const townDigits = 9;

/** The first character of a name, which in a Chinese name is nearly always the whole surname. */
export function surnameOf(name: string): string {
  const point = name.codePointAt(0);
  return point === undefined ? "" : String.fromCodePoint(point);
}

const surnameRank = 3;

/** Orders a block that is too large: the same surname first, then the same village, then the same town. */
export function blockRank(same: {
  readonly surname: boolean;
  readonly village: boolean;
  readonly town: boolean;
}): number {
  return (same.surname ? 0 : surnameRank) + (same.village ? 0 : same.town ? 1 : 2);
}
