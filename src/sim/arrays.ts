import { assert } from "#kernel/assert";

/** Reads a typed array and stops when the index is outside it, so that a fractional index cannot pass silently. */
export function at(array: { readonly [index: number]: number }, index: number): number {
  const value = array[index];
  assert(value !== undefined, "index outside the array");
  return value;
}

/** The number of entries of a sorted array that are ≤ the value. */
export function countUpTo(
  sorted: { readonly length: number; readonly [index: number]: number },
  value: number,
): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(sorted, middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
