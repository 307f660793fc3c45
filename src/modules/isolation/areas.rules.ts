/** Lengths of the codes of province, city, county, town and village (GB/T 2260, GB/T 10114). */
const codeLengths = [12, 9, 6, 4, 2];
const countyLength = 6;

/** The smallest area that holds all the codes; the empty code (everywhere) when they share none. */
export function commonArea(codes: readonly string[]): string {
  const first = codes[0];
  if (first === undefined) return "";
  if (codes.every((code) => code === first)) return first;
  const length = codeLengths.find(
    (n) => n <= first.length && codes.every((code) => code.slice(0, n) === first.slice(0, n)),
  );
  return length === undefined ? "" : first.slice(0, length);
}

/** The county of a code, or the code itself when it is above a county. */
export function countyOf(code: string): string {
  return code.slice(0, countyLength);
}
