const countyLength = 6;

/** The county of a code, or the code itself when it is above a county. */
export function countyOf(code: string): string {
  return code.slice(0, countyLength);
}
