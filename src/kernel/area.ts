import { assert } from "./assert.ts";

/**
 * A hierarchical area code: every area's code begins with its parent's code, so
 * an area and all below it are one range of codes (GB/T 2260 and GB/T 10114 for China).
 */
export type AreaCode = string;

/** Every code of the area and below it is in [lo, hi). */
export interface AreaRange {
  readonly lo: string;
  readonly hi: string;
}

/** The range that holds every code there is. */
export const everywhere: AreaRange = { lo: "", hi: "\uffff" };

/** The range of an area: `3717` → ["3717", "3718"). The empty code is everywhere. */
export function areaRange(code: AreaCode): AreaRange {
  if (code === "") return everywhere;
  const last = code.charCodeAt(code.length - 1);
  assert(last < 0xfffe, "area code ends in a character with no successor");
  return { lo: code, hi: code.slice(0, -1) + String.fromCharCode(last + 1) };
}

/** Is `code` the area `within` or below it? */
export function isWithin(code: AreaCode, within: AreaCode): boolean {
  return code.startsWith(within);
}

/** Lengths of the codes of province, city, county, town and village (GB/T 2260, GB/T 10114). */
const codeLengths = [12, 9, 6, 4, 2];

/** The smallest area that holds all the codes; the empty code (everywhere) when they share none. */
export function commonArea(codes: readonly AreaCode[]): AreaCode {
  const first = codes[0];
  if (first === undefined) return "";
  if (codes.every((code) => code === first)) return first;
  const length = codeLengths.find(
    (n) => n <= first.length && codes.every((code) => code.slice(0, n) === first.slice(0, n)),
  );
  return length === undefined ? "" : first.slice(0, length);
}
